"""Opens the editors in the cells, and knows which keys leave them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ochp_desktop.gui.table.editors import ChoiceEditor, Editor, TextEditor, make_editor
from ochp_desktop.gui.table.model import EDIT, SheetModel

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
    """Editors for the cells: a list where there are choices, else a line.

    Signals:
        leave: (columns, rows) to move on by, after an editor was left by a key and its text was taken.
        typing: an editor was opened, its text changed, or it is gone.
    """

    leave = Signal(int, int)
    typing = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.typed_into = False
        """Whether the open editor was opened by typing: then the arrow keys leave it, as in Excel."""

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
        editor = make_editor(field, parent)
        editor.line().textChanged.connect(lambda _text: self.typing.emit())
        editor.destroyed.connect(self._on_editor_gone)
        return editor

    def _on_editor_gone(self) -> None:
        self.typing.emit()

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
            if _opens_list(event):
                editor.open_list()
                return True
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


def _opens_list(event: QKeyEvent) -> bool:
    alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
    return bool(alt_down) or event.key() == Qt.Key.Key_F4
