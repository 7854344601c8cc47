"""Forms whose complaints stand below the field they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _


class PathField(QWidget):
    """A path or address that may be typed or chosen; empty means what its placeholder says."""

    def __init__(self, text: str, empty_means: str, on_choose: Callable[[PathField, str], None], kinds: str) -> None:
        super().__init__()
        self.edit = QLineEdit(text)
        self.edit.setPlaceholderText(empty_means)
        self.choose_button = layout.button(_("Choose…"), lambda: on_choose(self, kinds))
        line = layout.row(self.edit, self.choose_button)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """What was typed or chosen."""
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        """Fill it in."""
        self.edit.setText(text)


class HubField(QLineEdit):
    """A hub number, or nothing when nobody knows it."""

    def __init__(self, hub: int | None = None) -> None:
        super().__init__("" if hub is None else str(hub))
        self.setPlaceholderText(_("not known"))
        self.setValidator(QIntValidator(0, 99, self))

    def hub(self) -> int | None:
        """The number, or None."""
        text = self.text().strip()
        return int(text) if text.isdecimal() else None


class Form(QWidget):
    """Labelled fields below each other, each known by a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(SPACING)
        self._grid.setColumnStretch(1, 1)
        self.setLayout(self._grid)
        self._complaints: dict[str, QLabel] = {}
        self._fields: dict[str, QWidget] = {}

    def heading(self, text: str) -> None:
        """A heading over the fields that follow."""
        row = self._grid.rowCount()
        if row > 1:
            self._grid.setRowMinimumHeight(row, MARGIN)
        self._grid.addWidget(layout.label(text, "strong"), row + 1, 0, 1, 2)

    def add(self, name: str, text: str, field: QWidget, note: QWidget | None = None) -> None:
        """One field with its label, and a note below it."""
        row = self._grid.rowCount()
        caption = QLabel(text)
        caption.setBuddy(field)
        field.setAccessibleName(text.replace("&", ""))
        complaint = layout.label("", "error", wrap=True)
        complaint.hide()
        self._grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(field, row, 1)
        self._grid.addWidget(complaint, row + 1, 1)
        if note is not None:
            self._grid.addWidget(note, row + 2, 1)
        self._complaints[name] = complaint
        self._fields[name] = field

    def complaint(self, name: str) -> str:
        """What stands below a field, "" when nothing does."""
        label = self._complaints[name]
        return label.text() if not label.isHidden() else ""

    def complain(self, complaints: Iterable[tuple[str, str]]) -> None:
        """Show these (field name, sentence) and no others; the keyboard goes to the first."""
        said = dict(reversed(list(complaints)))
        for name, label in self._complaints.items():
            text = said.get(name, "")
            label.setText(text)
            label.setVisible(bool(text))
            field = self._fields[name]
            edit = field.edit if isinstance(field, PathField) else field
            if isinstance(edit, QLineEdit):
                layout.set_look(edit, "wrong" if text else "")
                edit.setAccessibleDescription(text)
        for name, field in self._fields.items():
            if name in said:
                field.setFocus()
                break
