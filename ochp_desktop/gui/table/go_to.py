"""Going to a row or cell by its number or name: 17 as shown here, B17 as in the file."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _, number

_PLACE = re.compile(r"\s*\$?([A-Za-z]{0,3})\$?\s*([0-9.,' \u202f]{1,15})\s*")
_WIDTH = 320


def place_named(model: SheetModel, shown: list[int], text: str) -> tuple[int, int | None] | str:
    """(row id, field index or None for the column one stands in), or a sentence that says why there is none.

    Args:
        model: the table's.
        shown: indexes of the fields in the order of their columns.
        text: "17": the row of that number as shown; "B17": the cell of that name in the file, or, for a sheet without
            a file, in the table as shown.
    """
    found = _PLACE.fullmatch(text)
    digits = re.sub(r"[^0-9]", "", found[2]) if found else ""
    if found is None or not digits:
        return _("Type a row number such as 17, or a cell such as B17.")
    letters, row = found[1].upper(), int(digits)
    sheet = model.sheet
    if letters and sheet.origin is not None and sheet.origin.letters:
        return _in_file(model, letters, row)
    if not 1 <= row <= len(model.view.rows):
        return _("There are {count} rows.").format(count=number(len(model.view.rows)))
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    if at > len(shown):
        return _("There are {count} columns.").format(count=number(len(shown)))
    return model.view.rows[row - 1], shown[at - 1] if letters else None


def _in_file(model: SheetModel, letters: str, row: int) -> tuple[int, int | None] | str:
    sheet = model.sheet
    assert sheet.origin is not None
    name = next((name for name, letter in sheet.origin.letters.items() if letter == letters), None)
    if name is None:
        return _("Column {letter} of the file is none of these columns.").format(letter=letters)
    try:
        return sheet.sources.index(row), model.kind.index(name)
    except (ValueError, OverflowError):
        return _("Row {row} of the file is none of these rows.").format(row=number(row))


class GoToPopup(QFrame):
    """A line for the place, with what is wrong said below it.

    Signals:
        chosen: (row id, field index, -1 for the column one stands in).
    """

    chosen = Signal(int, int)

    def __init__(self, model: SheetModel, shown: list[int], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        self._model = model
        self._shown = shown
        self.setAccessibleName(_("Go to row or cell"))
        title = QLabel(_("Go to row or cell"))
        title.setProperty("look", "title")
        self.line = QLineEdit(placeholderText=_("17 or B17"))
        self.line.setAccessibleName(_("Row or cell"))
        self.line.textChanged.connect(lambda _text: self._say(""))
        self.hint = QLabel(wordWrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        for part in (title, self.line, self.hint):
            layout.addWidget(part)
        self.setFixedWidth(_WIDTH)
        self._say("")

    def show_at(self, place: QPoint) -> None:
        """Open at a place on the screen."""
        self.adjustSize()
        self.move(place)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _say(self, fault: str) -> None:
        in_file = self._model.sheet.origin is not None
        plain = _("A row number as shown here, or a cell as in the file.") if in_file else _("A row number or a cell.")
        self.hint.setText(fault or plain)
        self.hint.setProperty("look", "error" if fault else "muted")
        self.hint.style().polish(self.hint)
        self.line.setAccessibleDescription(fault)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go()
        else:
            super().keyPressEvent(event)

    def go(self) -> None:
        """Go there, or say why not."""
        found = place_named(self._model, self._shown, self.line.text())
        if isinstance(found, str):
            self._say(found)
            return
        self.close()
        row, field = found
        self.chosen.emit(row, -1 if field is None else field)
