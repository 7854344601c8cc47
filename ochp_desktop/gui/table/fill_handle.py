"""The small square at the corner of the selection: dragged down, the cells above are copied or go on as a series."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from ochp_desktop.gui import theme
from ochp_desktop.gui.table import block_commands
from ochp_desktop.gui.table.cell_grid import CellGrid
from ochp_desktop.gui.table.moves import edge
from ochp_desktop.gui.table.selection import Area

_EDGE = 7  # pixels
_NEAR = 3  # pixels around it that count as the square
_SCROLL = 40  # milliseconds between two rows while the mouse is below the table
# The text of the last cell is told up to this many rows: finding it out must not be felt.
_TOLD = 2_000


class FillHandle(QObject):
    """What the mouse does at the square of one table; a drag, or a double click, is one edit.

    As in Excel: a single number is copied, anything that can go on goes on, and Ctrl does the other of the two. A
    double click fills as far down as the column beside it is filled. Esc ends a drag without a change.
    """

    def __init__(self, table: CellGrid) -> None:
        super().__init__(table)
        self._table = table
        self._model = table.sheet_model
        self._from: Area | None = None
        self._to = -1
        self._mouse, self._ctrl = QPoint(), False
        self._scrolling = QTimer(self, interval=_SCROLL)
        self._scrolling.timeout.connect(self._scroll)
        table.viewport().setMouseTracking(True)

    # where it is

    def _area(self) -> Area | None:
        """The selected block that can be gone on with; None where there is none."""
        if self._model.read_only:
            return None
        selected = self._table.selected()
        if not selected or any(area.rows != selected.areas[0].rows for area in selected.areas):
            return None
        rows = selected.areas[0].rows
        return Area(rows, selected.fields()) if rows.stop < self._model.rowCount() else None

    def rect(self) -> QRect | None:
        """Where the square is, in the viewport; None where there is none to be seen."""
        area = self._area()
        if area is None:
            return None
        cell = self._table.visualRect(self._model.index(area.rows.stop - 1, self._model.first_field + area.fields[-1]))
        corner = cell.bottomRight()
        if not self._table.in_sight(corner, self._model.first_field + area.fields[-1]):
            return None
        return QRect(corner.x() - _EDGE + 2, corner.y() - _EDGE + 2, _EDGE, _EDGE)

    def paint(self, painter: QPainter, look: theme.Theme) -> None:
        """Paint the square, and during a drag a frame around the cells to fill."""
        if self._from is not None and self._to >= self._from.rows.stop:
            first, last = self._from.fields[0], self._from.fields[-1]
            top = self._table.visualRect(self._model.index(self._from.rows.stop, self._model.first_field + first))
            end = self._table.visualRect(self._model.index(self._to, self._model.first_field + last))
            painter.setPen(QPen(look.accent, 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(top.united(end)).adjusted(0.5, 0.5, -1.5, -1.5))
        place = self.rect()
        if place is not None:
            painter.fillRect(place, look.table)
            painter.fillRect(place.adjusted(1, 1, -1, -1), look.accent)

    # the mouse

    def took_key(self, event: QKeyEvent) -> bool:
        """Whether a key meant a drag that is going on: Esc ends it, and the table gets none."""
        if self._from is not None and event.key() == Qt.Key.Key_Escape:
            self._end()
            return True
        return self._from is not None

    def took_mouse(self, event: QMouseEvent) -> bool:
        """Whether what the mouse does concerns the square, so that the table does not hear of it."""
        place, ctrl = event.position().toPoint(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._from is not None:
            return self._on_drag(event, place, ctrl=ctrl)
        at = not (event.buttons() & ~Qt.MouseButton.LeftButton) and self._is_at(place)
        if event.type() == QEvent.Type.MouseMove and not event.buttons():
            self._table.viewport().setCursor(Qt.CursorShape.CrossCursor if at else Qt.CursorShape.ArrowCursor)
        elif at and event.type() == QEvent.Type.MouseButtonDblClick:
            self._fill_beside(ctrl=ctrl)
            return True
        elif at and event.type() == QEvent.Type.MouseButtonPress:
            self._table.end_editing()
            self._from, self._to = self._area(), -1
            return True
        return False

    def _on_drag(self, event: QMouseEvent, place: QPoint, *, ctrl: bool) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            self._drag_to(place, ctrl=ctrl)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            area, to = self._from, self._to
            self._end()
            assert area is not None
            self._fill(area, to, ctrl=ctrl)
        return True

    def _is_at(self, place: QPoint) -> bool:
        rect = self.rect()
        return rect is not None and rect.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(place)

    def _drag_to(self, place: QPoint, *, ctrl: bool) -> None:
        self._mouse, self._ctrl = place, ctrl
        row = self._table.rowAt(min(place.y(), self._table.viewport().height() - 1))
        self._to = self._model.rowCount() - 1 if row < 0 else row
        if place.y() > self._table.viewport().height():
            if not self._scrolling.isActive():
                self._scrolling.start()
        else:
            self._scrolling.stop()
        self._tell()
        self._table.viewport().update()

    def _scroll(self) -> None:
        bar = self._table.verticalScrollBar()
        bar.setValue(bar.value() + 1)
        self._drag_to(self._mouse, ctrl=self._ctrl)

    def _tell(self) -> None:
        """Say what the last cell will hold."""
        area = self._from
        if area is None or not area.rows.stop <= self._to < area.rows.stop + _TOLD:
            QToolTip.hideText()
            return
        field = self._model.kind.fields[area.fields[0]]
        if field.secret:
            return
        texts = block_commands.going_on(self._model, area, area.fields[0], self._to, other=self._ctrl)
        QToolTip.showText(self._table.viewport().mapToGlobal(self._mouse + QPoint(12, 12)), field.shown(texts[-1]))

    def _end(self) -> None:
        self._scrolling.stop()
        self._from, self._to = None, -1
        QToolTip.hideText()
        self._table.viewport().update()

    # what it does

    def _fill(self, area: Area, to: int, *, ctrl: bool) -> None:
        if to >= area.rows.stop:
            block_commands.go_on(self._model, area, to, other=ctrl)
            self._table.select_block(area.rows.start, to + 1 - area.rows.start, area.fields)

    def _fill_beside(self, *, ctrl: bool) -> None:
        """Fill as far down as the column at the left is filled, else the one at the right."""
        self._end()
        area, columns = self._area(), self._table.columns.in_order()
        if area is None:
            return
        first = columns.index(self._model.first_field + area.fields[0])
        last = columns.index(self._model.first_field + area.fields[-1])
        for place in (first - 1, last + 1):
            field = self._model.field_index(columns[place]) if 0 <= place < len(columns) else None
            if field is None:
                continue
            texts, rows = self._model.sheet.columns[field], self._model.view.rows
            if texts[rows[area.rows.stop]]:
                to, _column = edge(self._model, columns, area.rows.stop - 1, columns[place], 0, 1)
                self._fill(area, max(to, area.rows.stop), ctrl=ctrl)
                return
