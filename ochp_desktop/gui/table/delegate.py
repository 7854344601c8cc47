"""Paints the table's cells, marks first, and opens the editors in them."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.editors import ChoiceEditor, Editor, TextEditor
from ochp_desktop.gui.table.model import EDIT, SheetModel
from ochp_desktop.records.problems import Level

_PAD = 4
_MARK = 14
# More of a huge text is never seen in a cell.
_LONGEST_SHOWN = 300
_LINE_ENDS = str.maketrans({"\n": "↵", "\r": " ", "\t": " ", "\0": " ", "\u2028": "↵", "\u2029": "↵"})

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Return: (0, 1),
    Qt.Key.Key_Enter: (0, 1),
    Qt.Key.Key_Tab: (1, 0),
    Qt.Key.Key_Backtab: (-1, 0),
}
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


class CellDelegate(QStyledItemDelegate):
    """Cells with a ground and a mark for their worst problem; the mark keeps its ground when selected.

    Signals:
        leave: (columns, rows) to move on by, after an editor was left by a key and its text was taken.
    """

    leave = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.use_look()
        self.typed_into = False
        """Whether the open editor was opened by typing: then the arrow keys leave it, as in Excel."""

    def use_look(self) -> None:
        """Take the colours of the theme in use."""
        self._look = theme.theme_of(self._parent.palette())
        self._marks: dict[tuple[str, float], QPixmap] = {}
        self._grounds = {
            Level.ERROR: self._look.error_ground,
            Level.WARNING: self._look.warning_ground,
            Level.HINT: self._look.hint_ground,
        }

    # painting

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002 - Qt's signature
        """All rows are equally high."""
        return QSize(80, theme.ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, mark, grid, text, and a frame around the current cell."""
        model = index.model()
        assert isinstance(model, SheetModel)
        look = self._look
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        text, level, mark = model.painted(index.row(), index.column())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        ground = None if level is None else self._grounds[level]
        if selected:
            painter.fillRect(rect, look.selection)
        elif ground is not None:
            painter.fillRect(rect, ground)
        left = rect.left() + _PAD
        if mark:
            if selected and ground is not None:
                painter.fillRect(QRect(rect.left(), rect.top(), _MARK + 2 * _PAD, rect.height()), ground)
            top = rect.top() + (rect.height() - _MARK) / 2
            painter.drawPixmap(QPointF(left, top), self._mark(mark, painter))
            left += _MARK + _PAD + (_PAD if selected else 2)
        painter.fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), look.border)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.border)
        if text:
            self._paint_text(painter, option, text, QRect(left, rect.top(), rect.right() - left - 2, rect.height()))
        if state & QStyle.StateFlag.State_HasFocus:
            self._paint_frame(painter, rect, look.accent)

    def _mark(self, name: str, painter: QPainter) -> QPixmap:
        """The mark drawn once for each sharpness: drawing it anew is most of the cost of a marked cell."""
        scale = painter.device().devicePixelRatio()
        pixmap = self._marks.get((name, scale))
        if pixmap is None:
            edge = round(_MARK * scale)
            pixmap = QPixmap(edge, edge)
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(QColor(Qt.GlobalColor.transparent))
            brush = QPainter(pixmap)
            icons.paint(brush, name, QRectF(0, 0, _MARK, _MARK), look=self._look)
            brush.end()
            self._marks[name, scale] = pixmap
        return pixmap

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, text: str, room: QRect) -> None:
        line = text[:_LONGEST_SHOWN].translate(_LINE_ENDS)
        metrics = option.fontMetrics
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self._look.text)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)

    @staticmethod
    def _paint_frame(painter: QPainter, rect: QRect, colour: QColor) -> None:
        painter.save()
        painter.setPen(QPen(colour, 2))
        painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    # editing

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002 - Qt's signature
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        """A list where there are choices, else a line."""
        model = index.model()
        assert isinstance(model, SheetModel)
        field = model.field_at(index.column())
        assert field is not None
        return ChoiceEditor(field, parent) if field.type.choices() else TextEditor(field, parent)

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Show the cell's text, once: what is typed meanwhile is never overwritten."""
        assert isinstance(editor, Editor)
        if not editor.filled:
            editor.filled = True
            editor.fill(index.data(EDIT) or "")
            editor.untouched = editor.line().text()
            editor.line().selectAll()

    def setModelData(
        self,
        editor: QWidget,
        model: object,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Take the typed text into the sheet; opening and leaving a cell changes nothing."""
        assert isinstance(editor, Editor)
        assert isinstance(model, SheetModel)
        if editor.line().text() != editor.untouched:
            model.setData(index, editor.cell_text(), EDIT)

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 - Qt's signature
    ) -> None:
        """The editor fills the cell, and a list is wide enough to be read."""
        rect = QRect(option.rect)
        if isinstance(editor, ChoiceEditor):
            rect.setWidth(max(rect.width(), editor.sizeHint().width()))
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys that leave the editor: the text is taken and the view told where to go."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, Editor):
            step = self._step(editor, event)
            if step is not None:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                self.leave.emit(*step)
                return True
        return super().eventFilter(editor, event)

    def _step(self, editor: Editor, event: QKeyEvent) -> tuple[int, int] | None:
        key = event.key()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _STEPS:
            across, down = _STEPS[key]
            return (across, -down) if shift else (across, down)
        if self.typed_into and not shift and isinstance(editor, TextEditor):
            return _ARROWS.get(key)
        return None
