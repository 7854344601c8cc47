"""What the small tools have in common: a panel that stays open beside the window, and simple tables in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.tooltips import plain_tooltip


class ToolPanel(QDialog):
    """A panel that holds nothing up: the window behind it can be used. Escape closes it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)

    def bring_up(self) -> None:
        """Show it, or bring it to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.activateWindow()


def make_table(titles: Sequence[str], widths: Sequence[int], name: str) -> QTableWidget:
    """A table that is read, not edited; a width of 0 takes the rest of the room.

    Args:
        titles: the columns' titles, translated.
        widths: the columns' widths in device-independent pixels.
        name: what a screen reader calls it.
    """
    table = QTableWidget(0, len(titles))
    table.setHorizontalHeaderLabels(list(titles))
    dress(table, name)
    for column, width in enumerate(widths):
        if width:
            table.setColumnWidth(column, width)
        else:
            table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return table


def fill(table: QTableWidget, rows: Sequence[Sequence[str]], marks: Sequence[QIcon | None] = ()) -> None:
    """Put these texts into the table; a mark stands before a row's first text."""
    table.setRowCount(len(rows))
    for line, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(plain_tooltip(text))
            mark = marks[line] if column == 0 and line < len(marks) else None
            if mark is not None:
                item.setIcon(mark)
            table.setItem(line, column, item)
