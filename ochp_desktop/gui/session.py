"""Where the window is working: the store that is open, the clearing house it is connected to, signed in or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError, SignInFailed, UsageError
from ochp_desktop.gui.worker import JobRunner, MakeJob, Running
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


class SignIn(Enum):
    """How far the sign-in is."""

    NO_CONNECTION = "no connection"
    NO_PASSWORD = "no password"  # noqa: S105 - a state, not a password
    SIGNING_IN = "signing in"
    SIGNED_IN = "signed in"
    FAILED = "failed"


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


class Session(QObject):
    """The open store and the current connection; everything slow happens in workers.

    Signals:
        opened: another store is open, or the first one; its sheets are still being read.
        drafts_opened: the sheets that were open when the program ended are in `reopened`, and in `unfinished` those
            that were not on disk yet.
        changed: the connection, the profiles or the sign-in state changed.
        partners_changed: the list of partners changed.
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
    changed = Signal()
    partners_changed = Signal()
    failed = Signal(object)

    def __init__(self, data_dir: Path, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data_dir = data_dir
        self.runner = runner
        self.workplace: Workplace | None = None
        self.profiles: list[Profile] = []
        self.partners: list[Partner] = []
        self.profile: Profile | None = None
        self.state = SignIn.NO_CONNECTION
        self.error: OchpError | None = None
        self.practice_run: PracticeRun | None = None
        self.keeper: DraftKeeper | None = None
        self.reopened: list[Reopened] = []
        self.unfinished: list[Unfinished] = []
        self._attempt = 0
        self._starting_practice = False

    # what is open

    @property
    def practising(self) -> bool:
        """Whether the practice clearing house is in use."""
        return self.profile is not None and self.profile.practice

    @property
    def connected(self) -> bool:
        """Whether there is a connection to work with, signed in or not."""
        return self.workplace is not None and self.profile is not None

    def open(self, profile: str | None = None) -> None:
        """Open the user's own store and connect as this profile, or as the one used last, if any."""

        def work(_cancel: Cancel) -> Job[Opened]:
            yield Progress(_("Opening"))
            workplace = Workplace.open(self.data_dir)
            try:
                chosen = _chosen(workplace, profile)
                return Opened(workplace, workplace.profiles(), workplace.partners(), chosen)
            except BaseException:
                workplace.close()
                raise

        self.runner.start(_("Opening"), work, lane=STORE, on_result=self._on_own_opened, on_error=self.failed.emit)

    def _on_own_opened(self, found: Opened) -> None:
        self._move_to(found)
        if found.chosen is not None:
            self.use(found.chosen)
        else:
            self.changed.emit()

    def _move_to(self, found: Opened) -> None:
        self._leave()
        self.workplace = found.workplace
        self.profiles = list(found.profiles)
        self.partners = list(found.partners)
        self.keeper = DraftKeeper(
            found.workplace, self.saved.emit, self.save_failed.emit, on_made_anew=self.saved_anew.emit
        )
        self.reopened, self.unfinished = [], []
        if found.run is not None:
            self.practice_run = found.run
            self.profile = found.chosen
            self.state = SignIn.SIGNED_IN
        self.opened.emit()
        self._reopen_drafts(found.workplace)

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
        self._attempt += 1
        workplace, self.workplace = self.workplace, None
        run, self.practice_run = self.practice_run, None
        keeper, self.keeper = self.keeper, None
        self.profile = None
        self.state = SignIn.NO_CONNECTION
        self.error = None

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
            on_result=self._on_practising,
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

    def _on_practising(self, found: Opened) -> None:
        self._move_to(found)
        self.changed.emit()

    def practise_as(self, role: str) -> None:
        """Sign in at the running practice house as its "provider" or as its "admin"."""
        if self.practice_run is not None:
            profile, password = practice_profile(self.practice_run, role)
            self.use(profile, password)

    # connections

    def use(self, profile: Profile, password: str | None = None) -> None:
        """Connect as this profile and sign in; without a password the kept one is used, if there is one."""
        if self.practising and not profile.practice:
            self.open(profile.name)
            return
        self._connect(profile, password, anew=True)

    def use_named(self, name: str) -> None:
        """Connect as the user's own profile of that name; where the store is open already, it stays so."""
        known = next((one for one in self.profiles if one.name == name), None)
        if known is None or self.workplace is None:
            self.open(name)
        else:
            self.use(known)

    def sign_in_again(self) -> None:
        """Try to sign in once more as the current profile."""
        if self.profile is not None and self.workplace is not None:
            self._connect(self.profile, None, anew=False)

    def _connect(self, profile: Profile, password: str | None, *, anew: bool) -> None:
        """Sign in as this profile; a connection that there is already is only made `anew` when it is another's."""
        workplace = self.workplace
        assert workplace is not None
        if password is None and profile.practice and self.practice_run is not None:
            password = self.practice_run.password_of(profile.user)
        self.profile = profile
        self.state, self.error = SignIn.SIGNING_IN, None
        self._attempt += 1
        attempt = self._attempt
        self.changed.emit()

        def work(cancel: Cancel) -> Job[bool]:
            if anew or not _connected_as(workplace, profile):
                known = password if password is not None else workplace.credentials.get(profile.name, profile.user)
                workplace.connect(profile, known)
                if known is None:
                    return False
            yield from sign_in(workplace, cancel)
            return True

        def on_result(had_password: bool) -> None:  # noqa: FBT001 - what the job returns
            if attempt == self._attempt:
                self._set_state(SignIn.SIGNED_IN if had_password else SignIn.NO_PASSWORD)

        def on_error(error: OchpError) -> None:
            if attempt == self._attempt:
                self._set_state(SignIn.FAILED, error)

        title = _("Signing in as {user}").format(user=profile.user)
        running = self.runner.start(title, work, lane=HOUSE, on_result=on_result, on_error=on_error)
        running.cancelled.connect(lambda: self._set_state(SignIn.FAILED) if attempt == self._attempt else None)

    def _set_state(self, state: SignIn, error: OchpError | None = None) -> None:
        self.state, self.error = state, error
        self.changed.emit()

    def house_job(
        self,
        title: str,
        make: MakeJob,
        *,
        sends: bool = False,
        on_result: Callable[[Any], None],
        on_error: Callable[[OchpError], None],
        on_progress: Callable[[Progress], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Running:
        """Run a job that talks to the clearing house, one at a time; a refused sign-in shows in the state.

        It talks to the house that is shown now, or to none.
        """
        place, profile = self.workplace, self.profile

        def held(cancel: Cancel) -> Job[Any]:
            # A sign-in that was stopped while it waited for its turn leaves the connection of before.
            if place is not None and profile is not None and not _connected_as(place, profile):
                text = _("There is no connection as “{name}” yet. Choose “Sign in again” in the menu Connection.")
                raise UsageError(_("Not connected"), text.format(name=profile.name))
            return make(cancel)

        # What comes back after the user went to another house must not be shown there.
        def succeeded(value: Any) -> None:
            if self.workplace is place:
                self._note_signed_in()
                on_result(value)

        def failed(error: OchpError) -> None:
            if self.workplace is place:
                if isinstance(error, SignInFailed):
                    self._set_state(SignIn.FAILED, error)
                on_error(error)

        return self.runner.start(
            title,
            held,
            lane=HOUSE,
            sends=sends,
            on_result=succeeded,
            on_error=failed,
            on_progress=on_progress,
            on_end=on_end,
        )

    def _note_signed_in(self) -> None:
        connection = self.workplace.connection if self.workplace is not None else None
        if connection is not None and connection.signed_in and self.state is not SignIn.SIGNED_IN:
            self._set_state(SignIn.SIGNED_IN)

    # profiles and partners

    def save_profile(
        self,
        profile: Profile,
        password: str | None,
        old_name: str | None,
        on_saved: Callable[[bool], None],
        on_error: Callable[[OchpError], None],
    ) -> None:
        """Keep a profile, then use it; `on_saved` hears whether the password is in the system's key store."""
        if self.practising or self.workplace is None:
            self.runner.start(
                _("Saving the connection"),
                lambda _cancel: self._save_beside_practice(profile, password, old_name),
                lane=STORE,
                quiet=True,
                on_result=on_saved,
                on_error=on_error,
            ).succeeded.connect(lambda _kept: self.open(profile.name))
            return
        workplace = self.workplace

        def work() -> tuple[bool, list[Profile]]:
            kept = workplace.save_profile(profile, password, old_name)
            return kept, workplace.profiles()

        def on_result(found: tuple[bool, list[Profile]]) -> None:
            kept, self.profiles = found
            on_saved(kept)
            self.use(profile, password)

        self.runner.call(work, lane=STORE, on_result=on_result, on_error=on_error)

    def _save_beside_practice(self, profile: Profile, password: str | None, old_name: str | None) -> Job[bool]:
        yield Progress("")
        own = Workplace.open(self.data_dir)
        try:
            return own.save_profile(profile, password, old_name)
        finally:
            own.close()

    def remove_profile(self, name: str) -> None:
        """Forget a connection and its password."""
        workplace = self.workplace
        if workplace is None:
            return

        def work() -> list[Profile]:
            workplace.remove_profile(name)
            return workplace.profiles()

        def on_result(profiles: list[Profile]) -> None:
            self.profiles = profiles
            if self.profile is not None and self.profile.name == name:
                self.profile = None
                self.state = SignIn.NO_CONNECTION
            self.changed.emit()

        self.runner.call(work, lane=STORE, on_result=on_result, on_error=self.failed.emit)

    def change_partners(self, add: Sequence[Partner] = (), remove: Sequence[str] = ()) -> None:
        """Know these partners from now on, and those no longer."""
        workplace = self.workplace
        if workplace is None:
            return

        def work() -> list[Partner]:
            for provider_id in remove:
                workplace.remove_partner(provider_id)
            for partner in add:
                workplace.add_partner(partner)
            return workplace.partners()

        def on_result(partners: list[Partner]) -> None:
            self.partners = partners
            self.partners_changed.emit()

        self.runner.call(work, lane=STORE, on_result=on_result, on_error=self.failed.emit)

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


def _connected_as(workplace: Workplace, profile: Profile) -> bool:
    """Whether the store's connection is this profile's."""
    return workplace.connection is not None and workplace.connection.profile == profile


def _chosen(workplace: Workplace, name: str | None) -> Profile | None:
    """The connection of that name, or the one used last, or None."""
    if name is not None:
        return workplace.profile(name)
    last = workplace.last_profile()
    return next((one for one in workplace.profiles() if one.name == last), None)
