"""The tab CDR upload: charge data records from spreadsheets, checked, sent in batches, each with its state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.cdr_sending import CdrSending
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.session import STORE, Session, SignIn
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.state_counts import StateCounts
from ochp_desktop.gui.state_filter import StateFilter
from ochp_desktop.gui.tab import Menu, action_button
from ochp_desktop.gui.table.state_columns import StateCell, StateColumn
from ochp_desktop.gui.timezone_dialog import TimezoneDialog
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.jobs.held_records import HeldRecords
from ochp_desktop.jobs.upload_cdrs import RecordState, StateKind, known_states
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.problems import Level
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.texts import _, ngettext, number

_ICONS = {
    StateKind.NOT_SENT: "not-sent",
    StateKind.HELD_BACK: "held-back",
    StateKind.SENDING: "sending",
    StateKind.CONFIRMED: "confirmed",
    StateKind.REFUSED: "refused",
    StateKind.UNCONFIRMED: "unconfirmed",
}
_INFRA, _CDR_ID = CDRS.index("infraProviderId"), CDRS.index("cdrId")
_REPAINT_ALL = 5_000  # so many changed rows are dearer to find than to paint everything
_ASK_JOURNAL_DELAY = 300  # milliseconds after the last edit


class CdrsTab(SheetTab):
    """Edits and uploads records; what the journal knows of each row is shown beside it.

    Signals:
        upload_wanted: (upload) the user wants to see this upload in the history, with its receipt.
    """

    chapter = "CDR upload"

    upload_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("CDR upload")
        self.states: dict[int, RecordState] = {}
        self.counts = StateCounts()
        self._edited: set[int] = set()
        self._held = HeldRecords()
        self._asked_for = session.profile
        super().__init__(CDRS, session, parent)
        self.sending = CdrSending(self, self.states)
        self.sending.states_known.connect(self.on_states_known)
        self.sending.ended.connect(self.ask_journal)
        self.sending.upload_wanted.connect(self.upload)
        self.sending.only_wanted.connect(self.show_only_in)
        self.sending.history_wanted.connect(self.upload_wanted)
        self.upload_action = self.action(_("&Upload…"), self.upload, "Ctrl+U", "upload")
        self.settle_action = self.action(_("&Settle unconfirmed records"), self.settle, "Ctrl+Shift+U", "unconfirmed")
        self.timezone_action = self.action(
            _("Time &zone of times without offset…"), self.choose_timezone, "Ctrl+Shift+G", "history"
        )
        self.main_button = action_button(self.upload_action, look="main")
        self.settle_button = action_button(self.settle_action, _("&Settle…"))
        self.settle_button.hide()
        self.held_label = layout.label("", "muted")
        self.state_box = StateFilter(self.rows_in, self.area.show_only)
        self.bar = toolbar(
            action_button(self.open_action),
            layout.gap(),
            *self.undo_buttons(),
            layout.gap(),
            self.filter_edit,
            self.state_box,
            self.problems_box,
            self.show_all_button,
            None,
            self.held_label,
            self.export_button,
            self.settle_button,
            self.main_button,
        )
        self.area.set_state_columns(
            before=[StateColumn(_("State"), self._state_cell, 16, _("What became of this record at the house"))]
        )
        self.area.set_empty_page(
            EmptyState(
                "record",
                _("Charge data records to upload"),
                _(
                    "Open the month's spreadsheets or drop them here. Every record is checked, good ones can go while "
                    "others are held back, and nothing is ever sent twice."
                ),
                Step(_("Open spreadsheets…"), self.choose_files),
                Step(_("Save an empty template…"), self._choose_template),
            )
        )
        self._journal_timer = QTimer(self, singleShot=True)
        self._journal_timer.timeout.connect(self._on_journal_due)
        self.area.edited.connect(self._on_rows_edited)
        session.changed.connect(self._on_session_changed)
        whole = layout.column(self.bar, self.area, self.notice, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.refresh_main_button()

    # what the window asks for

    def file_menu(self) -> Menu:
        """Open, upload, settle, export."""
        common = list(super().file_menu())
        return (*common[:4], None, self.upload_action, self.settle_action, self.timezone_action, *common[4:])

    def search_fields(self) -> Sequence[str]:
        """Record, contract, card, charge point."""
        return "cdrId", "evcoId", "authenticationId", "chargePointId"

    def search_icon(self) -> str:
        """A record."""
        return "record"

    # states

    def state_of(self, row: int) -> StateKind:
        """The state that a row shows."""
        state = self.states.get(row)
        if state is not None and state.kind is not StateKind.NOT_SENT:
            return state.kind
        checker = self.area.checker
        bad = checker is not None and checker.level(row) is Level.ERROR
        return StateKind.HELD_BACK if bad else StateKind.NOT_SENT

    def rows_in(self, kind: StateKind) -> list[int]:
        """Ids of the rows that show a state."""
        sheet = self.area.sheet
        return [] if sheet is None else [row for row in sheet.order if self.state_of(row) is kind]

    def _state_cell(self, row: int) -> StateCell | None:
        state = self.states.get(row)
        if state is None or state.kind is StateKind.NOT_SENT:
            if self.area.model.level_of(row) is Level.ERROR:
                why = _("This record has an error and is not sent.")
                return StateCell(StateKind.HELD_BACK.title(), "held-back", why)
            return StateCell(StateKind.NOT_SENT.title(), "not-sent", state.reason if state else "")
        story = f"{short_moment(state.when)} {state.reason}".rstrip()
        return StateCell(state.kind.title(), _ICONS[state.kind], story)

    def on_sheet_shown(self) -> None:
        """Ask the journal about every row."""
        self.states.clear()
        self._held = HeldRecords()
        self._edited.clear()
        self.ask_journal()

    def ask_journal(self, rows: Collection[int] | None = None) -> None:
        """Renew what the journal knows of these rows, or of all."""
        sheet, workplace = self.area.sheet, self.session.workplace
        if sheet is None or workplace is None or not self.session.connected or self.session.state is SignIn.SIGNING_IN:
            return
        present = list(sheet.order) if rows is None else [row for row, _text in sheet_rows(sheet.order, rows)]
        records = list(zip(present, sheet.rows_texts(present), strict=True))

        def on_result(known: Mapping[int, RecordState]) -> None:
            if self.area.sheet is sheet:
                for row in present:
                    self.states.pop(row, None)
                self.states.update(known)
                self.area.refresh_states(None)
                self.refresh_main_button()

        self.session.runner.call(
            lambda: known_states(workplace, records), on_result=on_result, on_error=self.notice.error
        )

    def on_states_known(self, states: Mapping[int, RecordState]) -> None:
        """Rows of the open sheet have these states now."""
        self.counts.change(self.states, states)
        self.states.update(states)
        self.area.refresh_states(states.keys() if len(states) < _REPAINT_ALL else None)
        self._show_counts()

    def on_counts_changed(self) -> None:
        """The state filter says what is shown."""
        super().on_counts_changed()
        if hasattr(self, "state_box") and not self.area.shows_only:
            self.state_box.forget()

    def _on_rows_edited(self, edit: Edit, direction: Direction) -> None:
        self._follow_held(edit, direction)
        for change in edit.cells:
            self._edited.update(change.rows)
        if self._edited & self.states.keys() or edit.inserted:
            self._journal_timer.start(_ASK_JOURNAL_DELAY)

    def _follow_held(self, edit: Edit, direction: Direction) -> None:
        """What is no longer in the sheet, or now has another id, is not held back any more; until that is undone."""
        sheet, workplace = self.area.sheet, self.session.workplace
        if sheet is None or workplace is None or not self.session.connected:
            return
        before = {
            change.column: dict(change.different()) for change in edit.cells if change.column in {_INFRA, _CDR_ID}
        }
        renamed = set[int]().union(*before.values())
        rows = edit.gone() | renamed
        back = renamed.union(row for _position, row in edit.inserted) if direction is not Direction.DO else set()
        if not rows and not back:
            return

        def text(column: int, row: int) -> str:
            return before.get(column, {}).get(row, sheet.columns[column][row])

        gone_ids = [(text(_INFRA, row), text(_CDR_ID, row)) for row in rows]
        infra, cdr_id = sheet.columns[_INFRA], sheet.columns[_CDR_ID]
        back_ids = [(infra[row], cdr_id[row]) for row in back]
        held = self._held
        self.session.runner.call(
            lambda: held.follow(workplace, gone_ids, back_ids), lane=STORE, on_error=self.notice.error
        )

    def _on_journal_due(self) -> None:
        rows, self._edited = self._edited, set()
        if not self.sending.busy:
            self.ask_journal(rows)

    def _on_session_changed(self) -> None:
        """Another house has other states."""
        if self.session.profile != self._asked_for:
            self._asked_for = self.session.profile
            self.states.clear()
            self.area.refresh_states(None)
        if not self.sending.busy:
            self.ask_journal()

    def sendable(self) -> list[int]:
        """Ids of the rows that an upload would send: without errors, and not sent before."""
        sheet = self.area.sheet
        if sheet is None or self.area.checker is None:
            return []
        bad = set(self.error_rows())
        done = {StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.SENDING, StateKind.HELD_BACK}
        gone = {row for row, state in self.states.items() if state.kind in done}
        return [row for row in sheet.order if row not in bad and row not in gone]

    def held_back(self) -> set[int]:
        """Ids of the rows that are not sent because something is wrong with them."""
        sheet = self.area.sheet
        if sheet is None:
            return set()
        known = {row for row, state in self.states.items() if state.kind is not StateKind.NOT_SENT}
        other = {row for row, state in self.states.items() if state.kind is StateKind.HELD_BACK}
        return (set(self.error_rows()) - known) | (other & set(sheet.order))

    def refresh_main_button(self) -> None:
        """Upload how many, hold back how many."""
        if not hasattr(self, "main_button"):
            return
        sheet = self.area.sheet
        self.counts.count(sheet.order if sheet is not None else (), self.states, self.error_rows())
        self._show_counts()

    def _show_counts(self) -> None:
        count, kinds, held = self.counts.sendable, self.counts.kinds, self.counts.held
        if self.area.checker is None:
            count = 0
        words = ngettext("&Upload {count} record…", "&Upload {count} records…", count).format(count=number(count))
        self.main_button.setText(words if count else _("&Upload records…"))
        parts = [
            _("{count} confirmed").format(count=number(kinds[StateKind.CONFIRMED]))
            if kinds[StateKind.CONFIRMED]
            else "",
            _("{count} held back").format(count=number(held)) if held else "",
        ]
        self.held_label.setText(", ".join(part for part in parts if part))
        self.settle_button.setVisible(bool(kinds[StateKind.UNCONFIRMED]))

    # uploading

    def upload(self) -> None:
        """Say what would go and send it after a yes; or say what is in the way."""
        self.main_button.setFocus()  # ends an editor, so that what is being typed counts
        if self.in_the_way():
            return
        rows = self.sendable()
        held = len(self.held_back())
        unconfirmed = sum(state.kind is StateKind.UNCONFIRMED for state in self.states.values())
        if unconfirmed:
            self.sending.tell_unconfirmed(unconfirmed)
        elif not rows and held:
            self.notice.warn(
                _("Every record that is not sent yet has an error. Correct them first."),
                Step(_("Go to the first"), self.area.next_problem),
            )
        elif not rows:
            self.notice.tell(
                _("All records of this sheet are confirmed: there is nothing left to send."),
                Step(_("Open another file…"), self.choose_files),
            )
        else:
            self.sending.ask_upload(rows, held)

    def settle(self) -> None:
        """Find out what became of unconfirmed records."""
        self.sending.settle()

    def show_only_in(self, kind: StateKind) -> None:
        """Show only the rows in this state."""
        self.state_box.choose(kind)

    # time zone

    def choose_timezone(self) -> None:
        """Ask where times without offset are meant, then check again."""
        dialog = TimezoneDialog(self.session, self)
        dialog.chosen.connect(self.check_again)
        dialog.open()


def sheet_rows(order: Sequence[int], rows: Collection[int]) -> list[tuple[int, int]]:
    """(row id, position) of those rows that are in the sheet."""
    wanted = set(rows)
    return [(row, position) for position, row in enumerate(order) if row in wanted]
