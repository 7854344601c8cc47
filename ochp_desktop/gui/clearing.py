"""What the tab Cleared CDRs asks of the clearing house: the statement of the last clearing, and a new clearing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import ask
from ochp_desktop.gui.ask import AskDialog
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.tab import Tab
from ochp_desktop.jobs.clear import clear
from ochp_desktop.jobs.fetch_statement import fetch_statement
from ochp_desktop.jobs.statements import Statement
from ochp_desktop.jobs.workplace import Profile
from ochp_desktop.texts import _, ngettext, number


class Clearing(QObject):
    """Runs the jobs; what comes of one is said in the tab's notice, with the next step as a button.

    Attributes:
        asked: the question that was asked last.

    Signals:
        fetched: (statement id) it is in the archive now.
        pdf_wanted: the user wants to see the PDF of the statement that is shown.
    """

    fetched = Signal(object)
    pdf_wanted = Signal()

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._tab = tab
        self.asked: AskDialog

    def fetch(self) -> None:
        """Fetch the CDRs of the last clearing and their PDF."""
        session = self._tab.session
        workplace = session.workplace
        if workplace is None or not session.connected:
            self._tab.notice.warn(
                _("There is no clearing house to fetch from yet."),
                Step(_("New connection…"), self._tab.wants_connection.emit),
            )
            return
        session.house_job(
            _("Fetching the cleared CDRs"),
            lambda cancel: fetch_statement(workplace, cancel),
            on_result=self._on_fetched,
            on_error=lambda error: self._tab.notice.error(error, Step(_("Try again"), self.fetch)),
        )

    def _on_fetched(self, statement: Statement) -> None:
        self.fetched.emit(statement.id)
        count = len(statement.rows)
        if statement.trouble:
            self._tab.notice.warn(
                _("The records are archived, their PDF is not: {why}").format(why=statement.trouble),
                Step(_("Try the PDF again"), self.pdf_wanted.emit),
            )
        elif not count:
            self._tab.notice.tell(_("The last clearing has no records that concern you."))
        elif statement.new:
            text = ngettext(
                "{count} cleared record fetched and archived", "{count} cleared records fetched and archived", count
            )
            self._tab.notice.done(text.format(count=number(count)), Step(_("Open the PDF"), self.pdf_wanted.emit))
        else:
            self._tab.notice.tell(_("There was no new clearing: this statement was in the archive already."))

    def clear(self) -> None:
        """Ask the house to clear every pending record, after a deliberate yes."""
        session = self._tab.session
        workplace = session.workplace
        if workplace is None or not session.connected:
            self._tab.notice.warn(
                _("There is no clearing house yet."), Step(_("New connection…"), self._tab.wants_connection.emit)
            )
            return
        profile = session.profile
        self.asked = ask.ask(
            self._tab,
            _("Start a clearing?"),
            _(
                "“{house}” moves every pending record of all providers to cleared and writes new statements. "
                "The statements of the clearing before can then no longer be fetched from the house. "
                "Only administrators of the house may do this."
            ).format(house=profile.name if profile is not None else ""),
            yes=_("Start the clearing"),
            no=_("Do not clear"),
            on_yes=lambda: self._clear(profile),
        )

    def _clear(self, agreed: Profile | None) -> None:
        session = self._tab.session
        workplace = session.workplace
        if workplace is None or session.profile != agreed:
            self._tab.notice.warn(_("The connection changed meanwhile; no clearing was started."))
            return
        session.house_job(
            _("Clearing all pending CDRs"),
            lambda cancel: clear(workplace, cancel),
            sends=True,
            on_result=self._on_cleared,
            on_error=self._on_clear_failed,
        )

    def _on_cleared(self, description: str) -> None:
        self._tab.notice.done(
            _("The clearing is done. {answer}").format(answer=description).rstrip(),
            Step(_("Fetch the cleared CDRs"), self.fetch),
        )

    def _on_clear_failed(self, error: OchpError) -> None:
        self._tab.notice.error(error)
