"""Asks what the clearing house told people about unconfirmed records, and who said so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QDialog, QLineEdit, QRadioButton, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.texts import _, ngettext, number


class AnswerDialog(QDialog):
    """One of two answers, and who gave it; neither is chosen beforehand."""

    def __init__(self, count: int, on_told: Callable[[bool, str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_told = on_told
        self.setWindowTitle(_("What did the clearing house say?"))
        title = ngettext("{count} record is unconfirmed", "{count} records are unconfirmed", count).format(
            count=number(count)
        )
        text = layout.label(
            _(
                "Note this only when the house has told you: a wrong answer bills records twice, or never. "
                "It stands in the history with your words."
            ),
            wrap=True,
        )
        text.setMinimumWidth(420)
        self.there_button = QRadioButton(_("The house &has them: they are confirmed"))
        self.absent_button = QRadioButton(_("The house does &not have them: they may be sent again"))
        self._group = QButtonGroup(self)
        for button in (self.there_button, self.absent_button):
            self._group.addButton(button)
            button.toggled.connect(self._on_changed)
        self.words_edit = QLineEdit()
        self.words_edit.setPlaceholderText(_("Ms Visser, on the phone, 3 December"))
        self.words_edit.textChanged.connect(self._on_changed)
        asked = layout.label(_("&Who said so, and when:"))
        asked.setBuddy(self.words_edit)
        self.words_edit.setAccessibleName(asked.text().replace("&", ""))
        self.note_button = layout.button(_("N&ote the answer"), self._on_note_clicked, look="main")
        self.cancel_button = layout.button(_("Cancel"), self.reject)
        self.cancel_button.setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(title, "title"),
            text,
            self.there_button,
            self.absent_button,
            asked,
            self.words_edit,
            layout.row(None, self.cancel_button, self.note_button),
        )
        self._on_changed()

    def _on_changed(self) -> None:
        chosen = self.there_button.isChecked() or self.absent_button.isChecked()
        self.note_button.setEnabled(chosen and bool(self.words_edit.text().strip()))

    def _on_note_clicked(self) -> None:
        self.accept()
        self._on_told(self.there_button.isChecked(), self.words_edit.text().strip())
