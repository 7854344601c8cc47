"""The row numbers at the left of the table."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.ground import Lines, own_ground, paint_ground
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
        own_ground(self)

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
        painter = QPainter(self.viewport())
        paint_ground(painter, self, event.rect())
        first = self.visualIndexAt(max(0, event.rect().top()))
        if first < 0:
            painter.end()
            return
        look = theme.theme_of(self.palette())
        height, width = self.defaultSectionSize(), self.viewport().width()
        top = self.sectionViewportPosition(first)
        rows = range(first, min(self.count(), first + (event.rect().bottom() - top) // height + 1))
        chosen = [(part.top(), part.bottom()) for part in self.selectionModel().selection().toList()]
        marked = [False] * len(rows)
        painter.fillRect(0, top, width, len(rows) * height, look.window)
        for start, end in chosen:
            here = range(max(start, rows.start) - first, min(end + 1, rows.stop) - first)
            if here:
                painter.fillRect(0, top + here.start * height, width, len(here) * height, look.selection)
                marked[here.start : here.stop] = [True] * len(here)
        usual, bold = self.font(), self.font()
        bold.setBold(True)
        is_bold = None
        for at, row in enumerate(rows):
            if marked[at] is not is_bold:
                is_bold = marked[at]
                painter.setFont(bold if is_bold else usual)
                painter.setPen(look.text if is_bold else look.muted)
            place = QRect(0, top + at * height, width - 1, height - 1)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, number(row + 1))
        lines = Lines(painter)
        below = [lines.below(top + at * height, 0, width) for at in range(1, len(rows) + 1)]
        lines.paint(painter, [*below, lines.beside(width, top, len(rows) * height)], look.border)
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done to rows."""
        row = self.logicalIndexAt(event.pos())
        if row >= 0:
            self.menu_wanted.emit(row, event.globalPos())
