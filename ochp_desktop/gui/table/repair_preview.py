"""The box that shows repairs before they are done: each change once, old and new, with how many cells it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.records.repair import Repair
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_MOST = 500
_LONG = 30

Change = tuple[str, str, str]


class RepairPreview(QDialog):
    """Shows what repairs will change and does them on a yes; opened with `open`, it holds nothing up.

    Args:
        sheet: the sheet that will be changed.
        repairs: what to put where.
        do: called with the changes that were left out (field, old and new text as shown) when the user agrees.
        question: the box's first line.
        advice: what to think of before agreeing; then each change can be left out.
        parent: over which it opens.
    """

    def __init__(
        self,
        sheet: Sheet,
        repairs: Sequence[Repair],
        do: Callable[[frozenset[Change]], object],
        *,
        question: str,
        advice: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Repairs"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        counts = Counter(change_of(sheet, repair) for repair in repairs)
        self._counts = counts
        self._choices: list[QTableWidgetItem] = []
        self._listed = counts.most_common(_MOST)
        self._choosable = bool(advice)
        self._make_table()
        more = len(counts) - _MOST
        rest = _("{count} more kinds of change are not listed here.").format(count=number(more)) if more > 0 else ""
        rest_label = layout.label(rest, "muted")
        rest_label.setVisible(bool(rest))
        advice_label = layout.label(advice, wrap=True)
        advice_label.setVisible(bool(advice))
        self.count_label = layout.label(wrap=True)
        self.yes_button = layout.button("", self.accept, look="main")
        self.yes_button.setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(question, "title"),
            advice_label,
            self.count_label,
            self.table,
            rest_label,
            layout.row(None, layout.button(_("Leave them"), self.reject), self.yes_button),
        )
        self.table.itemChanged.connect(lambda _item: self._renew())
        self._renew()
        self.accepted.connect(lambda: do(self.left_out()))
        layout.open_at_size(self, 680, 420)

    def _make_table(self) -> None:
        self.table = QTableWidget(len(self._listed), 4)
        self.table.setHorizontalHeaderLabels([_("Field"), _("Now"), _("Afterwards"), _("Cells")])
        dress(self.table, _("What will change"))
        counts = self.table.horizontalHeaderItem(3)
        if counts is not None:
            counts.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for line, ((title, old, new), count) in enumerate(self._listed):
            for column, text in enumerate((title, old, new, number(count))):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tooltip(text) if len(text) > _LONG else "")
                if column == 0 and self._choosable:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    item.setCheckState(Qt.CheckState.Checked)
                    self._choices.append(item)
                if column == 3:  # noqa: PLR2004 - the count
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(line, column, item)
        header = self.table.horizontalHeader()
        for column, width in enumerate((150, 190, 190, 70)):
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def left_out(self) -> frozenset[Change]:
        """The changes that the user does not want."""
        pairs = zip(self._choices, self._listed, strict=False)
        return frozenset(change for item, (change, _count) in pairs if item.checkState() is Qt.CheckState.Unchecked)

    def _renew(self) -> None:
        count = self._counts.total() - sum(self._counts[change] for change in self.left_out())
        text = ngettext("{count} cell will be changed.", "{count} cells will be changed.", count)
        self.count_label.setText(text.format(count=number(count)) + " " + _("Ctrl+Z takes it back in one step."))
        yes = ngettext("Repair {count} cell", "Repair {count} cells", count).format(count=number(count))
        self.yes_button.setText(yes)
        self.yes_button.setEnabled(count > 0)


def change_of(sheet: Sheet, repair: Repair) -> Change:
    """What a repair changes, as people see it: field, old and new text."""
    field = sheet.kind.field(repair.field)
    old = field.shown(sheet.text(repair.row, sheet.kind.index(repair.field)))
    return field.title(), old or _("(empty)"), field.shown(repair.text) or _("(empty)")
