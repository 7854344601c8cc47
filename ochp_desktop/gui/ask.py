"""The box for a deliberate yes: verbs on its buttons, the safe one as default, a number to type for grave ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.texts import _


class AskDialog(QDialog):
    """Asks whether to go on; Escape and Return both choose the safe answer, unless `safe` is off.

    The answer that Return gives stands at the right, as the main action does everywhere.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        yes: str,
        no: str,
        *,
        type_number: int | None = None,
        safe: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._number = type_number
        self.text_label = layout.label(text, wrap=True)
        self.text_label.setMinimumWidth(380)
        self.number_edit = QLineEdit()
        self.number_edit.setMaximumWidth(120)
        self.number_edit.textChanged.connect(self._on_number_changed)
        how = layout.label(_("Type the number {number} to go on:").format(number=type_number), "strong")
        how.setBuddy(self.number_edit)
        number_row = QWidget()
        number_row.setLayout(layout.row(how, self.number_edit, None))
        number_row.setVisible(type_number is not None)
        self.yes_button = layout.button(yes, self.accept, look="" if safe else "main")
        self.no_button = layout.button(no, self.reject, look="main" if safe else "")
        first = self.no_button if safe else self.yes_button
        first.setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(title, "title"),
            self.text_label,
            number_row,
            layout.row(None, *((self.yes_button, self.no_button) if safe else (self.no_button, self.yes_button))),
        )
        self._on_number_changed("")
        (self.number_edit if type_number is not None else first).setFocus()

    def _on_number_changed(self, text: str) -> None:
        self.yes_button.setEnabled(self._number is None or text.strip() == str(self._number))


def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    *,
    yes: str,
    no: str,
    on_yes: Callable[[], object],
    type_number: int | None = None,
) -> AskDialog:
    """Open the box without stopping the program; `on_yes` is called on a yes."""
    dialog = AskDialog(parent, title, text, yes, no, type_number=type_number)
    dialog.accepted.connect(on_yes)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def confirm(
    parent: QWidget | None, title: str, text: str, *, yes: str, no: str, on_yes: Callable[[], object]
) -> AskDialog:
    """Show what the main action will do, before it does; Return goes on."""
    dialog = AskDialog(parent, title, text, yes, no, safe=False)
    dialog.accepted.connect(on_yes)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
