"""The card doctor and “will this card work?”: one number in, all its readings and where it stands out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.tools.panel import ToolPanel, fill, make_table
from ochp_desktop.jobs.card_lookup import CardReport, look_up
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

_MARKS = {True: "check", False: "error", None: "warning"}


class CardPanel(ToolPanel):
    """Asks for a number and tells what is known of the card.

    Args:
        session: whose store is looked through.
        sheet: tells the open list of tokens, or None.
        today: tells the day on which the card shall work.
        parent: the window.
    """

    def __init__(
        self,
        session: Session,
        sheet: Callable[[], Sheet | None],
        parent: QWidget | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(_("Card doctor"), parent)
        self._session = session
        self._sheet = sheet
        self._today = today
        self.report: CardReport | None = None
        self.number_edit = QLineEdit()
        self.number_edit.setPlaceholderText(_("Token id, contract id or printed number, however it is written"))
        self.number_edit.setClearButtonEnabled(True)
        self.number_edit.setAccessibleName(_("Number of the card"))
        self.look_button = layout.button(_("&Look it up"), self.look, look="main")
        self.look_button.setDefault(True)
        self.verdict = layout.label("", "strong", wrap=True)
        self.answers = make_table(
            (_("Will it work?"), _("What was found")), (210, 0), _("Whether the card will work, step by step")
        )
        self.readings = make_table(
            (_("Token id"), _("How the number is read"), _("Bytes"), _("As a decimal number"), _("Found in")),
            (150, 270, 60, 150, 0),
            _("All readings of the number"),
        )
        answers_title = layout.label(_("Will this card work?"), "title")
        readings_title = layout.label(_("What the number may mean"), "title")
        layout.dialog_layout(
            self,
            layout.row(self.number_edit, self.look_button),
            self.verdict,
            answers_title,
            self.answers,
            readings_title,
            self.readings,
        )
        self.number_edit.setFocus()
        layout.open_at_size(self, 980, 600)
        self._say(_("Paste any number from a card, a reader, a mail or a spreadsheet."))

    def look(self) -> None:
        """Look the number up in all lists."""
        asked = self.number_edit.text().strip()
        workplace, sheet = self._session.workplace, self._sheet()
        if not asked or workplace is None:
            self._say(_("Paste any number from a card, a reader, a mail or a spreadsheet."))
            return
        rows = None if sheet is None else _rows(sheet)
        today = self._today()
        self._session.runner.start(
            _("Looking the card up"),
            lambda cancel: look_up(workplace, rows, asked, today, cancel),
            on_result=self.show_report,
            on_error=self._on_error,
        )

    def show_report(self, report: CardReport) -> None:
        """Show what was found."""
        self.report = report
        if report.ruined and not report.readings:
            self._say(_("A spreadsheet has made a number of this id; the id itself is lost. Read the card again."))
        else:
            self._say(report.verdict)
        fill(
            self.answers,
            [(answer.title, answer.text) for answer in report.answers],
            [icons.icon(_MARKS[answer.ok]) for answer in report.answers],
        )
        found = {place.name: {row[3].upper() for row in place.rows} for place in report.places}
        fill(
            self.readings,
            [
                (
                    reading.token_id,
                    _(reading.how),
                    str(reading.bytes or "–"),
                    reading.decimal,
                    ", ".join(_(name) for name, tokens in found.items() if reading.token_id in tokens) or "–",
                )
                for reading in report.readings
            ],
        )

    def _say(self, text: str) -> None:
        self.verdict.setText(text)

    def _on_error(self, error: OchpError) -> None:
        self._say(f"{error.title}. {error.text}")


def _rows(sheet: Sheet) -> Iterator[Sequence[str]]:
    """The sheet's rows, read one by one by whoever looks through them beside the window."""
    yield from map(sheet.row_texts, list(sheet.order))
