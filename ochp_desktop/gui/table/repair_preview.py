"""The box that shows repairs before they are done: each change once, old and new, with how many cells it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.records.repair import Repair
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_MOST = 500


class RepairPreview(QDialog):
    """Shows what repairs will change and does them on a yes; opened with `open`, it holds nothing up.

    Args:
        sheet: the sheet that will be changed.
        repairs: what to put where.
        do: called when the user agrees.
        parent: over which it opens.
    """

    def __init__(
        self, sheet: Sheet, repairs: Sequence[Repair], do: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Repairs"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        changes: Counter[tuple[str, str, str]] = Counter()
        for row, name, text in repairs:
            field = sheet.kind.field(name)
            old = field.shown(sheet.text(row, sheet.kind.index(name)))
            changes[field.title(), old or _("(empty)"), field.shown(text) or _("(empty)")] += 1
        self.table = QTableWidget(min(len(changes), _MOST), 4)
        self.table.setHorizontalHeaderLabels([_("Field"), _("Now"), _("Afterwards"), _("Cells")])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAccessibleName(_("What will change"))
        for line, ((title, old, new), count) in enumerate(changes.most_common(_MOST)):
            for column, text in enumerate((title, old, new, number(count))):
                item = QTableWidgetItem(text)
                item.setToolTip(text if len(text) > 30 else "")  # noqa: PLR2004 - about what a column shows
                if column == 3:  # noqa: PLR2004 - the count
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(line, column, item)
        header = self.table.horizontalHeader()
        for column, width in enumerate((120, 190, 190, 70)):
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        count = len(repairs)
        text = ngettext("{count} cell will be changed.", "{count} cells will be changed.", count)
        more = len(changes) - _MOST
        rest = _("{count} more kinds of change are not listed here.").format(count=number(more)) if more > 0 else ""
        rest_label = layout.label(rest, "muted")
        rest_label.setVisible(bool(rest))
        yes = ngettext("Repair {count} cell", "Repair {count} cells", count).format(count=number(count))
        self.yes_button = layout.button(yes, self.accept, look="main")
        self.yes_button.setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(_("Repair what is certain?"), "title"),
            layout.label(text.format(count=number(count)) + " " + _("Ctrl+Z takes it back in one step."), wrap=True),
            self.table,
            rest_label,
            layout.row(None, self.yes_button, layout.button(_("Leave them"), self.reject)),
        )
        self.accepted.connect(do)
        self.resize(680, 420)
