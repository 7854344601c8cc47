"""Which store is open in the window: the user's own or the practice house's, with the sheets that were open in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.worker import JobRunner
from ochp_desktop.jobs.draft_keeper import DraftKeeper
from ochp_desktop.jobs.drafts import Reopened, Unfinished, reopen_drafts, unfinished_drafts
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.practice import (
    PracticeRun,
    know_practice_partners,
    practice_data_dir,
    practice_profile,
    start_practice,
)
from ochp_desktop.jobs.sign_in import sign_in
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.partners import Partner
from ochp_desktop.texts import _

HOUSE = "house"
"""The lane of everything that talks to the clearing house: one call at a time."""
STORE = "store"
"""The lane of short work on this computer's store."""


@dataclass(frozen=True)
class Opened:
    """What opening a store found.

    Attributes:
        workplace: the open store.
        profiles: the user's own connections.
        partners: the partners known there.
        chosen: the connection to use, or None.
        run: the practice house, when this is its store.
    """

    workplace: Workplace
    profiles: Sequence[Profile]
    partners: Sequence[Partner]
    chosen: Profile | None
    run: PracticeRun | None = None


class OpenStore(QObject):
    """The open store, its profiles, partners and drafts; everything slow happens in workers.

    Signals:
        opened: another store is open, or the first one; its sheets are still being read.
        drafts_opened: the sheets that were open when the program ended are in `reopened`, and in `unfinished` those
            that were not on disk yet.
        failed: an `OchpError` that concerns the whole window.
        saved: the time at which everything typed so far was on disk.
        saved_anew: the file with what is typed was gone; everything that is open was written anew.
        save_failed: an `OchpError`: the disk does not take what is typed; it is tried again.
    """

    opened = Signal()
    drafts_opened = Signal()
    saved = Signal(object)
    saved_anew = Signal()
    save_failed = Signal(object)
    failed = Signal(object)

    def __init__(self, data_dir: Path, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data_dir = data_dir
        self.runner = runner
        self.workplace: Workplace | None = None
        self.profiles: list[Profile] = []
        self.partners: list[Partner] = []
        self.practice_run: PracticeRun | None = None
        self.keeper: DraftKeeper | None = None
        self.reopened: list[Reopened] = []
        self.unfinished: list[Unfinished] = []
        self._starting_practice = False

    @property
    def practising(self) -> bool:
        """Whether the practice clearing house is in use."""
        return self.practice_run is not None

    # what a connection adds

    def on_moved(self, found: Opened) -> None:
        """Another store is open, and nobody has been told yet: the connection of the one before is gone."""
        raise NotImplementedError

    def on_arrived(self, found: Opened) -> None:
        """Everybody knows that another store is open: connect."""
        raise NotImplementedError

    # opening

    def open(self, profile: str | None = None) -> None:
        """Open the user's own store and connect as this profile, or as the one used last, if any."""

        def work(_cancel: Cancel) -> Job[Opened]:
            yield Progress(_("Opening"))
            workplace = Workplace.open(self.data_dir)
            try:
                workplace.claim_drafts()
                chosen = _chosen(workplace, profile)
                return Opened(workplace, workplace.profiles(), workplace.partners(), chosen)
            except BaseException:
                workplace.close()
                raise

        self.runner.start(_("Opening"), work, lane=STORE, on_result=self._move_to, on_error=self.failed.emit)

    def _move_to(self, found: Opened) -> None:
        self._leave()
        self.workplace = found.workplace
        self.profiles = list(found.profiles)
        self.partners = list(found.partners)
        self.keeper = DraftKeeper(
            found.workplace, self.saved.emit, self.save_failed.emit, on_made_anew=self.saved_anew.emit
        )
        self.reopened, self.unfinished = [], []
        self.practice_run = found.run
        self.on_moved(found)
        self.opened.emit()
        self._reopen_drafts(found.workplace)
        self.on_arrived(found)

    def _reopen_drafts(self, workplace: Workplace) -> None:
        """Read the sheets beside the window, which can be used meanwhile: a million rows take seconds."""

        def work(cancel: Cancel) -> Job[tuple[list[Unfinished], list[Reopened]]]:
            unfinished = unfinished_drafts(workplace)
            return unfinished, (yield from reopen_drafts(workplace, cancel))

        def on_result(found: tuple[list[Unfinished], list[Reopened]]) -> None:
            if self.workplace is workplace:
                self.unfinished, self.reopened = found
                self.drafts_opened.emit()

        def on_error(error: OchpError) -> None:
            if self.workplace is workplace:
                self.failed.emit(error)
                self.drafts_opened.emit()

        self.runner.start(
            _("Opening what was open"),
            work,
            lane=STORE,
            on_result=on_result,
            on_error=on_error,
        )

    def _leave(self) -> None:
        """Let go of the open store and of the practice house."""
        workplace, self.workplace = self.workplace, None
        run, self.practice_run = self.practice_run, None
        keeper, self.keeper = self.keeper, None

        def close() -> None:
            if keeper is not None:
                keeper.stop()
            if workplace is not None:
                workplace.close()
            if run is not None:
                run.stop()

        if workplace is not None or run is not None:
            self.runner.call(close, lane=HOUSE)

    # the practice house

    def practise(self) -> None:
        """Start the practice clearing house, with a store of its own, and sign in there."""
        if self.practising or self._starting_practice:
            return
        self._starting_practice = True
        own_profiles = self.profiles

        def work(cancel: Cancel) -> Job[Opened]:
            run = yield from start_practice(self.data_dir, cancel)
            with ExitStack() as undone:
                undone.callback(run.stop)
                workplace = Workplace.open(practice_data_dir(self.data_dir))
                undone.callback(workplace.close)
                workplace.claim_drafts()
                know_practice_partners(workplace, run)
                profile, password = practice_profile(run)
                workplace.connect(profile, password)
                yield from sign_in(workplace, cancel)
                own = own_profiles or self._own_profiles()
                opened = Opened(workplace, own, workplace.partners(), profile, run)
                undone.pop_all()
            return opened

        title = _("Starting the practice clearing house")
        self.runner.start(
            title,
            work,
            lane=HOUSE,
            on_result=self._move_to,
            on_error=self.failed.emit,
            on_end=self._on_practice_start_ended,
        )

    def _on_practice_start_ended(self) -> None:
        self._starting_practice = False

    def _own_profiles(self) -> list[Profile]:
        """The user's own connections, read while the practice house's store is the open one."""
        own = Workplace.open(self.data_dir)
        try:
            return own.profiles()
        finally:
            own.close()

    # closing

    def close(self) -> None:
        """Save the last edits, close store and practice house; called when no job runs any more."""
        if self.keeper is not None:
            self.keeper.stop()
            self.keeper = None
        if self.workplace is not None:
            self.workplace.close()
            self.workplace = None
        if self.practice_run is not None:
            self.practice_run.stop()
            self.practice_run = None


def _chosen(workplace: Workplace, name: str | None) -> Profile | None:
    """The connection of that name, or the one used last, or None."""
    if name is not None:
        return workplace.profile(name)
    last = workplace.last_profile()
    return next((one for one in workplace.profiles() if one.name == last), None)
