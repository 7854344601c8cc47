"""The box that lists the rows to be taken out of a table, each with its reason, before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.records.removal import Removal
from ochp_desktop.records.rulebook import rule
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_MOST = 500


class RemovalPreview(QDialog):
    """Takes rows out on a deliberate yes; the safe answer is the default one. Opened with `open`, it holds nothing up.

    Args:
        sheet: the sheet that will be changed.
        removed: the rows and why.
        place: (row id, field name) -> what people call the cell.
        do: called when the user agrees.
        parent: over which it opens.
    """

    def __init__(
        self,
        sheet: Sheet,
        removed: Sequence[Removal],
        place: Callable[[int, str], str],
        do: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Take rows out"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = sheet.kind.field(sheet.kind.key[-1])
        key_at = sheet.kind.index(key.name)
        self.table = QTableWidget(min(len(removed), _MOST), 3)
        self.table.setHorizontalHeaderLabels([_("Where"), key.title(), _("Why")])
        dress(self.table, _("Rows that will be taken out"))
        for line, one in enumerate(removed[:_MOST]):
            problem = one.problem
            why = _(rule(problem.code).title)
            if one.stays is not None:
                why = _("{why}; {cell} stays").format(why=why, cell=place(one.stays, problem.field))
            for column, text in enumerate((place(problem.row, problem.field), sheet.text(problem.row, key_at), why)):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tooltip(problem.message()) if column == 2 else "")  # noqa: PLR2004 - the reason
                self.table.setItem(line, column, item)
        header = self.table.horizontalHeader()
        self.table.setColumnWidth(0, 80)
        self.table.setColumnWidth(1, 190)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        more = len(removed) - _MOST
        rest = _("{count} more rows are not listed here.").format(count=number(more)) if more > 0 else ""
        rest_label = layout.label(rest, "muted")
        rest_label.setVisible(bool(rest))
        count = len(removed)
        yes = ngettext("Take {count} row out", "Take {count} rows out", count).format(count=number(count))
        self.yes_button = layout.button(yes, self.accept, look="main")
        self.yes_button.setAutoDefault(False)
        self.no_button = layout.button(_("Keep them"), self.reject)
        self.no_button.setDefault(True)
        lead = _("They leave this table only; nothing is sent. Ctrl+Z brings them back in one step.")
        if sheet.kind is TOKENS:
            lead += " " + _("But a card that is not in the list stops working with the next upload.")
        title = _("Take these rows out?")
        buttons = layout.row(None, self.no_button, self.yes_button)
        layout.dialog_layout(
            self, layout.label(title, "title"), layout.label(lead, wrap=True), self.table, rest_label, buttons
        )
        self.accepted.connect(do)
        layout.open_at_size(self, 680, 420)
