"""A table that is only read: whole lines are chosen, numbers stand right, nothing is edited."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import ROW_HEIGHT
from ochp_desktop.gui.tooltips import plain_tooltip


class PlainTable(QTableWidget):
    """Shows lines of texts.

    Args:
        titles: of the columns.
        widths: of the columns in characters, more where a title needs more; the last one takes what is left.
        name: for screen readers.
        right: columns whose texts stand right.
    """

    def __init__(
        self,
        titles: Sequence[str],
        widths: Sequence[int],
        name: str,
        right: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(0, len(titles), parent)
        self._right = frozenset(right)
        self.setHorizontalHeaderLabels(list(titles))
        for column in range(len(titles)):
            item = self.horizontalHeaderItem(column)
            if item is not None:
                side = Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        character = self.fontMetrics().averageCharWidth()
        for column, width in enumerate(widths):
            self.setColumnWidth(column, max(width * character + 24, self.horizontalHeader().sectionSizeHint(column)))
        self.setAccessibleName(name)

    def show_lines(self, lines: Sequence[Sequence[str]], marks: Sequence[str] = (), mark_column: int = 0) -> None:
        """Show these lines; `marks` are names of icons for one of the columns."""
        self.setRowCount(0)
        self.setRowCount(len(lines))
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                item = QTableWidgetItem(text)
                if column in self._right:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if column == mark_column and row < len(marks) and marks[row]:
                    item.setIcon(icons.icon(marks[row]))
                item.setToolTip(plain_tooltip(text))
                self.setItem(row, column, item)

    def chosen(self) -> int:
        """The chosen line, or -1."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1
