"""Where the window is working: the clearing house it is connected to, signed in or not, over the open store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError, SignInFailed, UsageError
from ochp_desktop.gui.open_store import HOUSE, STORE, Opened, OpenStore
from ochp_desktop.gui.worker import JobRunner, MakeJob, Running
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.practice import practice_profile
from ochp_desktop.jobs.sign_in import sign_in
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.partners import Partner
from ochp_desktop.texts import _

__all__ = ["HOUSE", "STORE", "Session", "SignIn"]


class SignIn(Enum):
    """How far the sign-in is."""

    NO_CONNECTION = "no connection"
    NO_PASSWORD = "no password"  # noqa: S105 - a state, not a password
    SIGNING_IN = "signing in"
    SIGNED_IN = "signed in"
    FAILED = "failed"


class Session(OpenStore):
    """The open store and the current connection to a clearing house.

    Signals:
        changed: the connection, the profiles or the sign-in state changed.
        partners_changed: the list of partners changed.
    """

    changed = Signal()
    partners_changed = Signal()

    def __init__(self, data_dir: Path, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(data_dir, runner, parent)
        self.profile: Profile | None = None
        self.state = SignIn.NO_CONNECTION
        self.error: OchpError | None = None
        self._attempt = 0

    @property
    def connected(self) -> bool:
        """Whether there is a connection to work with, signed in or not."""
        return self.workplace is not None and self.profile is not None

    def on_moved(self, found: Opened) -> None:
        """Nothing is known of another store's connection; at the practice house one is signed in already."""
        self._attempt += 1
        self.profile, self.error = None, None
        self.state = SignIn.NO_CONNECTION
        if found.run is not None:
            self.profile, self.state = found.chosen, SignIn.SIGNED_IN

    def on_arrived(self, found: Opened) -> None:
        """Sign in as the connection used last."""
        if found.run is None and found.chosen is not None:
            self.use(found.chosen)
        else:
            self.changed.emit()

    # connections

    def practise_as(self, role: str) -> None:
        """Sign in at the running practice house as its "provider" or as its "admin"."""
        if self.practice_run is not None:
            profile, password = practice_profile(self.practice_run, role)
            self.use(profile, password)

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


def _connected_as(workplace: Workplace, profile: Profile) -> bool:
    """Whether the store's connection is this profile's."""
    return workplace.connection is not None and workplace.connection.profile == profile
