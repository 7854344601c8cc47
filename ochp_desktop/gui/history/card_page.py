"""When did a card disappear? The versions of the roaming list in which it appears, changes and vanishes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import LinesModel, LinesTable
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.session import Session
from ochp_desktop.jobs.list_change import TOKEN_ID
from ochp_desktop.jobs.list_versions import CONTRACT, CardHistory, Event, Happened, card_history
from ochp_desktop.texts import _, number

_MARKS = {Happened.APPEARED: "row-add", Happened.CHANGED: "replace", Happened.VANISHED: "row-delete"}


class CardPage(QWidget):
    """Asks for a number and tells its story.

    Signals:
        restore_wanted: (rows) these are to come back into the open list.
    """

    restore_wanted = Signal(object)

    def __init__(self, session: Session, place: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place = place
        self.card_edit = QLineEdit()
        self.card_edit.setPlaceholderText(_("Card number, contract id, or the number printed on the card"))
        self.card_edit.setClearButtonEnabled(True)
        self.card_edit.returnPressed.connect(self.search)
        asked = layout.label(_("Wh&ich card:"))
        asked.setBuddy(self.card_edit)
        self.card_edit.setAccessibleName(asked.text().replace("&", ""))
        self.search_button = layout.button(_("&Look it up"), self.search, look="main")
        self.story_label = layout.label(
            _("Every upload of the list is kept. Type a card to see when it came, changed and went."), wrap=True
        )
        titles = (
            _("What happened"),
            _("With the upload of"),
            _("Version"),
            _("Token id"),
            _("Contract id"),
            _("Details"),
        )
        model = LinesModel(titles, _texts, lambda event: _MARKS[event.what])
        self.table = LinesTable(model, (26, 18, 8, 20, 22, 30), _("The card's history"))
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.restore_button = layout.button(_("&Restore into the open list"), self._on_restore_clicked)
        self._on_chosen()
        whole = layout.column(
            layout.row(asked, self.card_edit, self.search_button),
            self.story_label,
            self.table,
            layout.row(None, self.restore_button),
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def search(self) -> None:
        """Look the card up in all versions."""
        workplace, text = self._session.workplace, self.card_edit.text()
        if workplace is None:
            return
        self.search_button.setEnabled(False)
        house, user = self._place
        self._session.runner.start(
            _("Looking through the versions"),
            lambda cancel: card_history(workplace, text, cancel, house, user),
            on_result=self._on_found,
            on_error=self._on_failed,
            on_end=lambda: self.search_button.setEnabled(True),
        )

    def _on_found(self, found: CardHistory) -> None:
        self.story_label.setText(found.story())
        self.table.lines.show_items(found.events)
        if found.events:
            self.table.selectRow(len(found.events) - 1)
        self._on_chosen()

    def _on_failed(self, error: OchpError) -> None:
        self.story_label.setText(error.text)
        self.table.lines.show_items(())
        self._on_chosen()

    def _on_chosen(self) -> None:
        self.restore_button.setEnabled(bool(self.table.chosen()))

    def _on_restore_clicked(self) -> None:
        self.restore_wanted.emit([event.row for event in self.table.chosen()])


def _texts(event: Event) -> Sequence[str]:
    version = event.version
    return (
        event.what.title(),
        short_moment(version.when),
        number(version.id),
        event.row[TOKEN_ID],
        event.row[CONTRACT],
        event.changes,
    )
