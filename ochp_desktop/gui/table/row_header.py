"""The row numbers at the left of the table."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.texts import _, number

_ROOM = 16


class RowHeader(QHeaderView):
    """Row numbers, wide enough for the highest one, so that the table does not shift while it is scrolled.

    Signals:
        menu_wanted: (visible position, place on the screen).
    """

    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(_("Row numbers"))

    def fit(self, rows: int) -> None:
        """Have room for the numbers of so many rows."""
        font = self.font()
        font.setBold(True)
        width = QFontMetrics(font).horizontalAdvance(number(max(rows, 99))) + _ROOM
        if width != self.width():
            self.setFixedWidth(width)

    def sizeHint(self) -> QSize:
        """The width that it has: Qt's own answer asks for two hundred titles at every change of the rows."""
        return QSize(self.width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All numbers in one loop; Qt's way asks nine questions for each."""
        first = self.visualIndexAt(max(0, event.rect().top()))
        if first < 0:
            return
        look = theme.theme_of(self.palette())
        height, width = self.defaultSectionSize(), self.viewport().width()
        parts = self.selectionModel().selection()
        chosen = [(part.top(), part.bottom()) for part in map(parts.at, range(parts.count()))]
        bold = self.font()
        bold.setBold(True)
        painter = QPainter(self.viewport())
        y = self.sectionViewportPosition(first)
        for row in range(first, self.count()):
            if y > event.rect().bottom():
                break
            here = any(top <= row <= bottom for top, bottom in chosen)
            painter.fillRect(0, y, width, height, look.selection if here else look.window)
            painter.fillRect(0, y + height - 1, width, 1, look.border)
            painter.setFont(bold if here else self.font())
            painter.setPen(look.text if here else look.muted)
            painter.drawText(QRect(0, y, width - 1, height - 1), Qt.AlignmentFlag.AlignCenter, number(row + 1))
            y += height
        painter.fillRect(
            width - 1, event.rect().top(), 1, min(y, event.rect().bottom() + 1) - event.rect().top(), look.border
        )
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done to rows."""
        row = self.logicalIndexAt(event.pos())
        if row >= 0:
            self.menu_wanted.emit(row, event.globalPos())
