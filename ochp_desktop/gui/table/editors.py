"""The editors that open in a cell: a line, or a line with a list; both say beneath what is wrong while one types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.records.fields import Field
from ochp_desktop.texts import _

_HINT_WIDTH = 340


class TextEditor(QLineEdit):
    """A line for one cell, in the usual colours whatever the cell's problems are."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.filled = False
        self.untouched = ""
        self.setAccessibleName(field.title())
        accent = theme.theme_of(parent.palette()).accent.name()
        self.setStyleSheet(f"QLineEdit {{ border: 2px solid {accent}; padding: 0 1px; }}")
        self.hint = CellHint(self)
        self.textChanged.connect(self.hint.show_for)

    def cell_text(self) -> str:
        """What to put into the cell."""
        return self.text()

    def fill(self, text: str) -> None:
        """Show the cell's text."""
        self.setText(text)

    def line(self) -> QLineEdit:
        """Where the text is typed."""
        return self


class ChoiceEditor(QComboBox):
    """A line with the list of allowed values; anything else may be typed too and stays as typed."""

    def __init__(self, field: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.filled = False
        self.untouched = ""
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setFrame(False)
        self.setAccessibleName(field.title())
        for text, shown in field.type.choices():
            self.addItem(shown, text)
        self.hint = CellHint(self)
        self.editTextChanged.connect(lambda _text: self.hint.show_for(self.cell_text()))

    def cell_text(self) -> str:
        """The number of a choice that was picked or written out, else what was typed."""
        typed = self.currentText().strip()
        for text, shown in self.field.type.choices():
            if typed.casefold() in {text.casefold(), shown.casefold(), _name_of(text, shown).casefold()}:
                return text
        return self.currentText()

    def fill(self, text: str) -> None:
        """Show the cell's text, as its choice where it is one."""
        at = self.findData(text)
        self.setCurrentIndex(at)
        if at < 0:
            self.setEditText(text)

    def line(self) -> QLineEdit:
        """Where the text is typed."""
        line = self.lineEdit()
        assert line is not None
        return line


Editor = TextEditor | ChoiceEditor


def make_editor(field: Field, parent: QWidget) -> Editor:
    """A list where there are choices, else a line."""
    return ChoiceEditor(field, parent) if field.type.choices() else TextEditor(field, parent)


def _name_of(text: str, shown: str) -> str:
    """The name alone in a choice that is shown as number and name."""
    return shown.removeprefix(text).strip() or shown


class CellHint(QLabel):
    """The sentence under an open editor that says what is wrong with what is typed; hidden while nothing is."""

    def __init__(self, editor: TextEditor | ChoiceEditor) -> None:
        viewport = editor.parentWidget()
        assert viewport is not None
        super().__init__(viewport)
        self._editor = editor
        self.setObjectName("cell-hint")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        editor.installEventFilter(self)
        editor.destroyed.connect(self.deleteLater)

    def show_for(self, text: str) -> None:
        """Say what is wrong with the text, if anything."""
        field = self._editor.field
        complaint = field.type.check(text) if text.strip() else None
        if complaint is None:
            self.hide()
            self._editor.setAccessibleDescription("")
            return
        message = _(complaint.text).format_map(complaint.args)
        self.setText(message)
        self._editor.setAccessibleDescription(message)
        look = theme.theme_of(self._editor.palette())
        ground, mark = look.error_ground.name(), look.error_mark.name()
        self.setStyleSheet(
            f"background: {ground}; color: {mark}; border: 1px solid {mark};"
            f" border-radius: {theme.CORNER}px; padding: {theme.SPACING}px;"
        )
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the editor, and go with it."""
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize} and self.isVisible():
            self._place()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        viewport = self.parentWidget()
        assert viewport is not None
        cell = self._editor.geometry()
        width = min(_HINT_WIDTH, viewport.width())
        inside = width - 2 * (theme.SPACING + 2)
        wrapped = self.fontMetrics().boundingRect(
            QRect(0, 0, inside, 10_000), int(Qt.TextFlag.TextWordWrap), self.text()
        )
        size = QRect(0, 0, width, wrapped.height() + 2 * (theme.SPACING + 2))
        size.moveTopLeft(QPoint(max(0, min(cell.left(), viewport.width() - width)), cell.bottom() + 2))
        if size.bottom() > viewport.height() and cell.top() - size.height() > 0:
            size.moveBottom(cell.top() - 2)
        self.setGeometry(size)
