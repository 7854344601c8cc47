"""The box that lists the accepted warnings of a sheet, with their reasons, and lets them count again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.records.problems import Accepted
from ochp_desktop.records.rulebook import rule
from ochp_desktop.texts import _

_MOST = 2_000


class AcceptedDialog(QDialog):
    """Where, what and why of each accepted warning.

    Args:
        accepted: what is listed.
        place: (row id, field name) -> what people call the cell.
        take_back: called with those that shall count again.
        parent: over which it opens.
    """

    def __init__(
        self,
        accepted: Sequence[Accepted],
        place: Callable[[int, str], str],
        take_back: Callable[[Sequence[Accepted]], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Accepted warnings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._accepted = accepted
        self._take_back = take_back
        self.table = QTableWidget(min(len(accepted), _MOST), 3)
        self.table.setHorizontalHeaderLabels([_("Where"), _("Warning"), _("Reason")])
        dress(self.table, _("Accepted warnings"))
        for line, one in enumerate(accepted[:_MOST]):
            problem = one.problem
            texts = (place(problem.row, problem.field), _(rule(problem.code).title), one.reason)
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tooltip(problem.message()) if column == 1 else "")
                self.table.setItem(line, column, item)
        header = self.table.horizontalHeader()
        self.table.setColumnWidth(0, 90)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.back_button = layout.button(_("Take back the chosen ones"), self._on_back)
        self.all_button = layout.button(_("Take back all"), self._on_all)
        close = layout.button(_("Close"), self.accept, look="main")
        close.setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(_("Accepted warnings"), "title"),
            layout.label(
                _(
                    "They are not counted and stand in receipts and reports with their reasons. "
                    "When a cell changes that a warning is about, it counts again by itself."
                ),
                wrap=True,
            ),
            self.table,
            layout.row(self.back_button, self.all_button, None, close),
        )
        self.table.itemSelectionChanged.connect(self._on_selection)
        self._on_selection()
        layout.open_at_size(self, 680, 420)

    def _on_selection(self) -> None:
        self.back_button.setEnabled(bool(self.table.selectionModel().selectedRows()))

    def _on_back(self) -> None:
        chosen = [self._accepted[index.row()] for index in self.table.selectionModel().selectedRows()]
        self._take_back(chosen)
        self.accept()

    def _on_all(self) -> None:
        self._take_back(self._accepted)
        self.accept()
