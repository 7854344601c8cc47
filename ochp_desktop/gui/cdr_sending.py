"""What the CDR tab does with the clearing house: upload, find the record at fault, settle; and what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError, Unconfirmed
from ochp_desktop.gui import ask
from ochp_desktop.gui.ask import AskDialog
from ochp_desktop.gui.moments import short_time
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.session import HOUSE
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.columns_left_out import columns_left_out, left_out_text
from ochp_desktop.jobs.find_culprit import explanation, find_culprit
from ochp_desktop.jobs.job import Progress
from ochp_desktop.jobs.settle import Settled, settle
from ochp_desktop.jobs.upload_cdrs import CdrUpload, RecordState, StateKind, upload_cdrs
from ochp_desktop.jobs.upload_details import held_records, upload_details
from ochp_desktop.jobs.workplace import Profile
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number


class CdrSending(QObject):
    """Runs the jobs of one tab. Whatever comes of one is said in the tab's notice, with the next step as a button.

    Attributes:
        asked: the question that was asked last, before anything was sent.

    Signals:
        states_known: (row id -> `RecordState`) rows of the shown sheet have these states now.
        ended: a job is over: the journal may know more of every row.
        upload_wanted: the user wants to upload what was not sent.
        only_wanted: (StateKind) the user wants to see the rows in this state alone.
        history_wanted: (upload) the user wants to see an upload in the history; "" for the one that is not settled.
    """

    states_known = Signal(object)
    ended = Signal()
    upload_wanted = Signal()
    only_wanted = Signal(object)
    history_wanted = Signal(str)

    def __init__(self, tab: SheetTab, states: Mapping[int, RecordState]) -> None:
        """Set up.

        Args:
            tab: whose shown sheet is sent.
            states: row id -> what is known of it; the tab's own, which changes.
        """
        super().__init__(tab)
        self._tab = tab
        self._states = states
        self._running: Running | None = None
        self.asked: AskDialog

    @property
    def busy(self) -> bool:
        """Whether records are on their way, so that their states are known better here than in the journal."""
        return self._running is not None

    # uploading

    def ask_upload(self, rows: Sequence[int], held: int) -> None:
        """Say what goes and what stays, and send after a yes."""
        tab = self._tab
        sheet, profile, workplace = tab.area.sheet, tab.session.profile, tab.session.workplace
        assert sheet is not None
        assert profile is not None
        assert workplace is not None
        connection = workplace.connected()
        if connection.contract is None:
            # Not signed in yet: what the house has a place for must be known before.
            tab.session.runner.call(
                connection.client,
                lane=HOUSE,
                on_result=lambda _client: self.upload_wanted.emit(),
                on_error=self._on_failed,
            )
            return
        count = len(rows)
        title = ngettext("Upload {count} record?", "Upload {count} records?", count).format(count=number(count))
        requests = -(-count // max(1, profile.batch_size))
        text = ngettext(
            "Sent to “{house}” in {requests} request.", "Sent to “{house}” in {requests} requests.", requests
        ).format(house=profile.name, requests=number(requests))
        if held:
            text += " " + ngettext(
                "{count} record with errors is held back.", "{count} records with errors are held back.", held
            ).format(count=number(held))
        left_out = left_out_text(
            columns_left_out(workplace, sheet.kind, lambda column: (sheet.columns[column][row] for row in rows))
        )
        if left_out:
            text += f"\n\n{left_out}"
        yes = ngettext("&Upload {count} record", "&Upload {count} records", count).format(count=number(count))
        self.asked = ask.confirm(
            tab, title, text, yes=yes, no=_("Cancel"), on_yes=lambda: self._if_still(sheet, profile, self._upload, rows)
        )

    def _if_still(
        self, sheet: Sheet | None, profile: Profile | None, do: Callable[[Sequence[int]], object], rows: Sequence[int]
    ) -> None:
        """Send what was agreed to, unless another sheet or connection has come to the front meanwhile."""
        tab = self._tab
        if tab.area.sheet is sheet and tab.session.profile == profile:
            do(rows)
        else:
            tab.notice.warn(
                _("Another list or connection came to the front meanwhile; nothing was sent."),
                Step(_("Upload…"), self.upload_wanted.emit),
            )

    def _upload(self, rows: Sequence[int]) -> None:
        tab = self._tab
        sheet, workplace = tab.area.sheet, tab.session.workplace
        if sheet is None or workplace is None:
            return
        records = list(zip(rows, sheet.rows_texts(rows), strict=True))
        checker = tab.area.checker
        held: list[tuple[tuple[str, ...], str]] = []
        details: dict[str, object] = {}
        if checker is not None:
            held = held_records(sheet, checker, set(tab.error_rows()) - self._states.keys())
            details = upload_details(sheet, checker, rows, tab.title_of_sheet.split(", "))
        tab.notice.clear()

        def on_result(done: CdrUpload) -> None:
            if tab.area.sheet is sheet:
                self.states_known.emit(done.states)
            self._tell_uploaded(done)

        self._running = tab.session.house_job(
            _("Uploading records"),
            lambda cancel: upload_cdrs(workplace, records, cancel, held=held, details=details),
            sends=True,
            on_result=on_result,
            on_error=self._on_failed,
            on_progress=lambda progress: self._on_progress(progress, sheet),
            on_end=self._on_ended,
        )

    def _on_progress(self, progress: Progress, sheet: Sheet) -> None:
        if progress.states and self._tab.area.sheet is sheet:
            self.states_known.emit(progress.states)

    def _on_ended(self) -> None:
        # Not checked again: "already sent" is of use for a file that is opened later, not for the one just sent.
        self._running = None
        self.ended.emit()

    def _on_failed(self, error: OchpError) -> None:
        if isinstance(error, Unconfirmed):
            self._tab.notice.error(error, Step(_("Settle…"), self.settle))
        else:
            self._tab.notice.error(error, Step(_("Try again"), self.upload_wanted.emit))

    def _tell_uploaded(self, done: CdrUpload) -> None:
        counts = done.counts
        confirmed, refused = counts[StateKind.CONFIRMED], counts[StateKind.REFUSED]
        if counts[StateKind.UNCONFIRMED]:
            self.tell_unconfirmed(counts[StateKind.UNCONFIRMED], done.stopped)
        elif refused:
            self._tell_refused(confirmed, refused, list(dict.fromkeys(reason for reason, _count in done.reasons)))
        elif done.stopped:
            text = _("{reason} {confirmed} confirmed, the others were not sent.")
            self._tab.notice.warn(
                text.format(reason=done.stopped, confirmed=number(confirmed)),
                Step(_("Upload the rest…"), self.upload_wanted.emit),
            )
        else:
            text = ngettext("{count} record confirmed {time}", "{count} records confirmed {time}", confirmed)
            last = max(state.when for state in done.states.values())
            receipt = Step(_("Show receipt"), lambda: self.history_wanted.emit(done.upload))
            self._tab.notice.done(text.format(count=number(confirmed), time=short_time(last)), receipt)

    def tell_unconfirmed(self, count: int, why: str = "") -> None:
        """Say that records left without an answer, and offer to settle them."""
        text = ngettext(
            "{count} record left this computer and no answer came: the house may have it or not. Settling finds out, "
            "and nothing is stored twice.",
            "{count} records left this computer and no answer came: the house may have them or not. Settling finds "
            "out, and nothing is stored twice.",
            count,
        ).format(count=number(count))
        self._tab.notice.warn(f"{why} {text}".strip(), Step(_("Settle…"), self.settle))

    def _tell_refused(self, confirmed: int, refused: int, reasons: Sequence[str]) -> None:
        words = "; ".join(reasons) or _("no reason given")
        text = ngettext(
            "The house refused {count} record and stored nothing of it. Its reason: “{reason}”.",
            "The house refused {count} records together and stored none of them. Its reason: “{reason}”.",
            refused,
        ).format(count=number(refused), reason=words)
        if confirmed:
            others = ngettext("{count} other is confirmed.", "{count} others are confirmed.", confirmed)
            text = f"{text} {others.format(count=number(confirmed))}"
        steps = [Step(_("Show the refused"), lambda: self.only_wanted.emit(StateKind.REFUSED))]
        if refused > 1:
            steps.insert(0, Step(_("Find the record at fault…"), self.find_culprit))
        self._tab.notice.warn(text, *steps)

    # the record at fault in a refused batch

    def find_culprit(self) -> None:
        """Explain how records at fault are found, and look for them after a yes."""
        tab = self._tab
        if tab.in_the_way():
            return
        rows = [row for row, state in self._states.items() if state.kind is StateKind.REFUSED]
        if not rows:
            tab.notice.tell(_("No record of this sheet is refused."))
            return
        sheet, profile = tab.area.sheet, tab.session.profile
        self.asked = ask.confirm(
            tab,
            _("Find the record at fault?"),
            explanation(len(rows)),
            yes=_("&Send by halves"),
            no=_("Cancel"),
            on_yes=lambda: self._if_still(sheet, profile, self._search, rows),
        )

    def _search(self, rows: Sequence[int]) -> None:
        tab = self._tab
        sheet, workplace = tab.area.sheet, tab.session.workplace
        if sheet is None or workplace is None:
            return
        records = list(zip(rows, sheet.rows_texts(rows), strict=True))
        tab.notice.clear()

        def on_result(done: CdrUpload) -> None:
            if tab.area.sheet is sheet:
                self.states_known.emit(done.states)
                self._tell_found(done)

        self._running = tab.session.house_job(
            _("Looking for the records at fault"),
            lambda cancel: find_culprit(workplace, records, cancel),
            sends=True,
            on_result=on_result,
            on_error=self._on_failed,
            on_progress=lambda progress: self._on_progress(progress, sheet),
            on_end=self._on_ended,
        )

    def _tell_found(self, done: CdrUpload) -> None:
        counts = done.counts
        if counts[StateKind.UNCONFIRMED]:
            self.tell_unconfirmed(counts[StateKind.UNCONFIRMED], done.stopped)
            return
        found = len(done.culprits)
        text = ngettext(
            "{count} record is at fault and held back, {confirmed} others are confirmed now. Correct it and upload "
            "it again; unchanged, it stays here.",
            "{count} records are at fault and held back, {confirmed} others are confirmed now. Correct them and "
            "upload them again; unchanged, they stay here.",
            found,
        ).format(count=number(found), confirmed=number(counts[StateKind.CONFIRMED]))
        step = Step(_("Show the held back"), lambda: self.only_wanted.emit(StateKind.HELD_BACK))
        self._tab.notice.warn(f"{done.stopped} {text}".strip(), step)

    # settling

    def settle(self, *, by_halves: bool = False) -> None:
        """Find out what became of unconfirmed records."""
        tab = self._tab
        workplace = tab.session.workplace
        if workplace is None or not tab.session.connected:
            tab.notice.warn(
                _("Connect to the clearing house first."), Step(_("New connection…"), tab.wants_connection.emit)
            )
            return
        tab.notice.clear()
        tab.session.house_job(
            _("Settling records"),
            lambda cancel: settle(workplace, cancel, by_halves=by_halves),
            sends=True,
            on_result=self._on_settled,
            on_error=lambda error: tab.notice.error(error, Step(_("Try again"), self.settle)),
            on_end=self.ended.emit,
        )

    def _on_settled(self, result: Settled) -> None:
        notice = self._tab.notice
        if result.open and result.unread:
            notice.warn(
                result.story(),
                Step(_("Ask by halves"), lambda: self.settle(by_halves=True)),
                Step(_("Note the house's answer…"), lambda: self.history_wanted.emit("")),
            )
        elif result.open:
            text = _("{done} settled, {open} still unconfirmed. {why}").format(
                done=number(result.confirmed + result.refused), open=number(result.open), why=result.stopped
            )
            notice.warn(text.rstrip(), Step(_("Settle…"), self.settle))
        elif result.refused:
            self._tell_refused(result.confirmed, result.refused, result.reasons)
        elif result.confirmed:
            text = ngettext(
                "Settled: the house has {count} record, once.",
                "Settled: the house has all {count} records, each once.",
                result.confirmed,
            )
            notice.done(
                text.format(count=number(result.confirmed)), Step(_("Go on uploading…"), self.upload_wanted.emit)
            )
        else:
            notice.tell(_("There is nothing to settle: every answer is known."))
