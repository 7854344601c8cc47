"""The column header: shows how the table is sorted and filtered, and takes the clicks that change it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.ground import Lines, own_ground, paint_ground
from ochp_desktop.gui.table.model import SheetModel

BUTTON = 18
"""Width of the place at the right of a title that opens the column's filter."""
ARROW = 14
"""Width of the place for the sort arrow."""
_GRIP = 4
_PAD = 4
_LEAST = 56
# Shortened for as many widths while a column is made wider.
_MANY_TITLES = 1_000
_DOWN = QPolygonF([QPointF(-3.5, -1.5), QPointF(0, 2), QPointF(3.5, -1.5)])


class ColumnHeader(QHeaderView):
    """Titles that sort by a click, add to the sorting by Ctrl or Shift and a click, and filter at their right end.

    Signals:
        sort_wanted: (column, whether the other columns stay part of the sorting).
        filter_wanted: column.
        menu_wanted: (column, place on the screen).
    """

    sort_wanted = Signal(int, bool)
    filter_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, model: SheetModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sheet_model = model
        self._fonts: tuple[QFont, ...] = ()
        self._shortened: dict[tuple[str, int, bool], str] = {}
        self._keys: dict[int, tuple[int, bool]] = {}
        self._filtered: frozenset[int] = frozenset()
        self._pressed: tuple[int, QPoint] | None = None
        self._look_again()
        # Qt would select or sort by itself.
        self.setSectionsClickable(False)
        self.setHighlightSections(True)
        self.setMouseTracking(True)
        own_ground(self)

    def show_state(self, keys: Sequence[tuple[int, bool]], filtered: Collection[int]) -> None:
        """Show sorting by (column, descending), the most important first, and which columns are filtered."""
        self._keys = {column: (rank, descending) for rank, (column, descending) in enumerate(keys, 1)}
        self._filtered = frozenset(filtered)
        self.viewport().update()

    def filter_place(self, column: int) -> QRect:
        """Where a column's filter is opened, in the viewport; an empty rectangle where there is none."""
        width = self.sectionSize(column)
        if self._sheet_model.field_at(column) is None or width < _LEAST:
            return QRect()
        right = self.sectionViewportPosition(column) + width
        return QRect(right - BUTTON - _GRIP, 0, BUTTON, self.height())

    def sizeHint(self) -> QSize:
        """The height that it has: Qt's own answer asks the model for titles, each time that the table is laid out."""
        return QSize(0, self.minimumHeight())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """All sections together; Qt's own painting asks the model nine questions for each title."""
        self._look_again()
        painter = QPainter(self.viewport())
        paint_ground(painter, self, event.rect())
        self._paint(painter, self._sections(event.rect()))
        painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's signature
        """One section, which follows the mouse while it is moved."""
        painter.fillRect(rect, self._look.window)
        self._paint(painter, [(rect, logicalIndex)])

    def _sections(self, part: QRect) -> list[tuple[QRect, int]]:
        """Place and column of the sections in a part of the viewport."""
        found = []
        for column in map(self.logicalIndex, range(self.count())):
            left, width = self.sectionViewportPosition(column), self.sectionSize(column)
            if width and left <= part.right() and left + width > part.left():
                found.append((QRect(left, 0, width, self.viewport().height()), column))
        return found

    def _look_again(self) -> None:
        self._look = theme.theme_of(self.palette())
        model: QItemSelectionModel | None = self.selectionModel()
        parts = [] if model is None else model.selection().toList()
        self._marked = {column for part in parts for column in range(part.left(), part.right() + 1)}
        bold = self.font()
        bold.setBold(True)
        fonts = (self.font(), bold)
        if fonts != self._fonts or len(self._shortened) > _MANY_TITLES:
            self._fonts = fonts
            self._shortened.clear()

    def _paint(self, painter: QPainter, sections: Sequence[tuple[QRect, int]]) -> None:
        """Titles, sort arrows, with their rank where there are several, and the filters' signs."""
        look, lines = self._look, Lines(painter)
        borders: list[QRectF] = []
        painter.save()
        for rect, column in sections:
            if column in self._marked:
                painter.fillRect(rect, look.selection)
            borders.append(lines.below(rect.bottom() + 1, rect.left(), rect.width()))
            borders.append(lines.beside(rect.right() + 1, rect.top(), rect.height()))
        lines.paint(painter, borders, look.border)
        for rect, column in sections:
            self._paint_title(painter, rect, column)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for rect, column in sections:
            has_button = not self.filter_place(column).isEmpty()
            if has_button:
                at = QPointF(rect.right() - _GRIP - BUTTON / 2, rect.center().y())
                self._paint_button(painter, at, look, column)
            key = self._keys.get(column)
            if key:
                right = rect.right() - (BUTTON + _GRIP if has_button else 2)
                self._paint_arrow(painter, QRectF(right - ARROW, rect.top(), ARROW, rect.height()), look, key)
        painter.restore()

    def _paint_title(self, painter: QPainter, rect: QRect, column: int) -> None:
        marked = column in self._marked
        reserved = BUTTON + _GRIP if not self.filter_place(column).isEmpty() else 0
        place = rect.adjusted(_PAD, 0, -reserved - (ARROW if column in self._keys else 0) - 1, -1)
        painter.setFont(self._fonts[marked])
        painter.setPen(self._look.text if marked else self._look.muted)
        title = self._fitting(self._sheet_model.title(column), place.width(), marked)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)

    def _fitting(self, title: str, width: int, marked: bool) -> str:  # noqa: FBT001 - which of two fonts
        """The title, shortened where it must be."""
        found = self._shortened.get((title, width, marked))
        if found is None:
            metrics = QFontMetrics(self._fonts[marked])
            found = metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
            self._shortened[title, width, marked] = found
        return found

    def _paint_button(self, painter: QPainter, at: QPointF, look: theme.Theme, column: int) -> None:
        if column in self._filtered:
            icons.paint(painter, "filter", QRectF(at.x() - 7, at.y() - 7, 14, 14), "accent", look)
            return
        painter.setPen(QPen(look.muted, 1.3))
        painter.drawPolyline(_DOWN.translated(at))

    def _paint_arrow(self, painter: QPainter, place: QRectF, look: theme.Theme, key: tuple[int, bool]) -> None:
        rank, descending = key
        several = len(self._keys) > 1
        at = QPointF(place.left() + 4, place.center().y())
        up = -1.0 if descending else 1.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.accent)
        painter.drawPolygon(
            QPolygonF([at + QPointF(-4, 2.5 * up), at + QPointF(4, 2.5 * up), at + QPointF(0, -3 * up)])
        )
        if several:
            font = QFont(self.font())
            font.setPointSizeF(font.pointSizeF() * 0.78)
            painter.setFont(font)
            painter.setPen(look.text)
            painter.drawText(place.adjusted(9, 0, 3, 0), int(Qt.AlignmentFlag.AlignCenter), str(rank))

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The filter's sign opens the filter; anything else waits for the release."""
        at = event.position().toPoint()
        column = self.logicalIndexAt(at)
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and column >= 0:
            if self.filter_place(column).contains(at):
                self.filter_wanted.emit(column)
                return
            if not self._on_grip(at, column):
                self._pressed = (column, at)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second click is a click like any other."""
        at = event.position().toPoint()
        column = self.logicalIndexAt(at)
        if event.button() == Qt.MouseButton.LeftButton and column >= 0 and not self._on_grip(at, column):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that moved nothing sorts."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        at = event.position().toPoint()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        moved = (at - pressed[1]).manhattanLength() >= QApplication.startDragDistance()
        if not moved and self.logicalIndexAt(at) == pressed[0]:
            adding = bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
            self.sort_wanted.emit(pressed[0], adding)

    def _on_grip(self, at: QPoint, column: int) -> bool:
        left = self.sectionViewportPosition(column)
        near_left = at.x() - left <= _GRIP and self.visualIndex(column) > 0
        return near_left or left + self.sectionSize(column) - at.x() <= _GRIP

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Everything that can be done to a column."""
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.menu_wanted.emit(column, event.globalPos())
