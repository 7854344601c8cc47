"""The workplace: everything on this computer that jobs work with, and the connection to one clearing house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ochp_desktop.errors import SignInFailed, UsageError
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.known_power import KnownPower
from ochp_desktop.jobs.known_sent import KnownSent
from ochp_desktop.jobs.rule_store import RuleStore
from ochp_desktop.paths import APP_NAME
from ochp_desktop.records.partners import Partner, PartnerBook
from ochp_desktop.records.roaming import RoamingIndex
from ochp_desktop.records.rules import Facts
from ochp_desktop.store.actions import Actions
from ochp_desktop.store.archive import Archive
from ochp_desktop.store.claim import Claim
from ochp_desktop.store.credentials import Credentials
from ochp_desktop.store.database import Database
from ochp_desktop.store.drafts import Drafts
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.lists import Lists
from ochp_desktop.store.partners import Partners
from ochp_desktop.store.profiles import Profile, Profiles, check_profile, house_name
from ochp_desktop.store.schema import DRAFTS
from ochp_desktop.store.settings import Settings
from ochp_desktop.texts import _

if TYPE_CHECKING:  # zeep and requests load only when a connection is used
    from ochp_desktop.protocol.client import Client
    from ochp_desktop.protocol.contract import Contract
    from ochp_desktop.protocol.transport import Transport

__all__ = ["TIMEZONE", "Connection", "Profile", "Workplace", "check_profile", "house_name", "profile_transport"]

STORE_NAME = "store.sqlite"
DRAFTS_NAME = "drafts.sqlite"
TIMEZONE = "timezone"
"""The setting that names the zone where times without offset are meant."""


class Connection:
    """The way to one clearing house as one user; builds its SOAP client when it is first needed.

    Attributes:
        profile: endpoint, user id, certificates, own provider.
    """

    def __init__(self, profile: Profile, password: str | None) -> None:
        self.profile = profile
        self._password = password
        self._client: Client | None = None

    @property
    def house(self) -> str:
        """What journal and archive know this house by."""
        return self.profile.house

    @property
    def user(self) -> str:
        """The user id at the house."""
        return self.profile.user

    @property
    def signed_in(self) -> bool:
        """Whether the last sign-in was accepted."""
        return self._client is not None and self._client.signed_in

    @property
    def contract(self) -> Contract | None:
        """What the house's WSDL says, once the client has been made."""
        return None if self._client is None else self._client.contract

    def _credentials(self) -> tuple[str, str]:
        if self._password is None:
            raise SignInFailed(_("No password"), _("There is no password for this connection. Enter it and try again."))
        return self.profile.user, self._password

    def client(self) -> Client:
        """The SOAP client; the first call reads the WSDL, so never from the window's own thread."""
        if self._client is None:
            from ochp_desktop.protocol.client import Client
            from ochp_desktop.protocol.contract import Contract

            transport = profile_transport(self.profile)
            contract = Contract.load(self.profile.wsdl or None, fetch=transport.fetch)
            self._client = Client(self.profile.endpoint, contract, self._credentials, transport)
        return self._client

    @contextmanager
    def stoppable(self, cancel: Cancel) -> Iterator[Client]:
        """The client, woken out of its call when the flag is set; only within the `with` block."""
        client = self.client()
        within = [True]

        def stop() -> None:
            if within:
                client.cancel()

        cancel.check()
        client.stop_asked = cancel.is_set
        cancel.on_set(stop)
        try:
            yield client
        finally:
            within.clear()
            client.stop_asked = lambda: False

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None


def profile_transport(profile: Profile) -> Transport:
    """The way to a profile's clearing house, with its certificates."""
    from ochp_desktop.protocol.transport import Transport

    return Transport(ca_file=profile.ca_file, cert_file=profile.cert_file, key_file=profile.key_file)


class Workplace:
    """Store, partners and connection of one data folder; its methods touch the disk, so call them from a worker."""

    def __init__(self, data_dir: Path, *, credentials: Credentials | None = None) -> None:
        self.data_dir = data_dir
        self.database = Database(data_dir / STORE_NAME)
        self._profiles = Profiles(self.database)
        self._partners = Partners(self.database)
        self._settings = Settings(self.database)
        self.rules = RuleStore(self._settings)
        self.credentials = credentials or Credentials(APP_NAME)
        self.lists = Lists(self.database)
        self.journal = Journal(self.database)
        self._power = KnownPower(self.journal, self._settings)
        self._sent = KnownSent(self.journal)
        self.archive = Archive(self.database)
        self.actions = Actions(self.database)
        self._drafts_database = Database(data_dir / DRAFTS_NAME, DRAFTS)
        self.drafts = Drafts(self._drafts_database)
        self.connection: Connection | None = None
        self._claim: Claim | None = None

    @classmethod
    def open(cls, data_dir: Path) -> Workplace:
        """Open the store in this folder, made when it is not there.

        Raises:
            StoreError: the store cannot be opened; the text says what to do.
        """
        return cls(data_dir)

    def close(self) -> None:
        """Close connection and store."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self._drafts_database.close()
        self.database.close()
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    def claim_drafts(self) -> None:
        """Keep other programs from the drafts until the store is closed: they would write over our edits.

        Raises:
            StoreError: another program has them already.
        """
        self._claim = Claim(self.data_dir)

    @property
    def notices(self) -> list[str]:
        """Sentences about what happened to the files at opening, such as a damaged one that was set aside."""
        return [*self.database.notices, *self._drafts_database.notices]

    # Profiles and connection

    def profiles(self) -> list[Profile]:
        """All connection profiles, by name."""
        return self._profiles.all()

    def profile(self, name: str) -> Profile:
        """The profile of that name.

        Raises:
            UsageError: there is none.
        """
        found = self._profiles.get(name)
        if found is None:
            known = ", ".join(profile.name for profile in self.profiles()) or _("none yet")
            text = _("There is no connection called “{name}”. Known connections: {known}.").format(
                name=name, known=known
            )
            raise UsageError(_("Unknown connection"), text)
        return found

    def save_profile(self, profile: Profile, password: str | None, old_name: str | None = None) -> bool:
        """Keep a profile and, when one is given, its password.

        Returns:
            True when the password is in the system's key store, False when it lasts for this session only.
        """
        old = self._profiles.get(old_name) if old_name else None
        self._profiles.save(profile, old_name)
        if old is not None and (old.name, old.user) != (profile.name, profile.user):
            password = password if password is not None else self.credentials.get(old.name, old.user)
            self.credentials.forget(old.name, old.user)
        if password is None:
            return self.credentials.available()[0]
        return self.credentials.set(profile.name, profile.user, password)

    def remove_profile(self, name: str) -> None:
        """Forget a profile and its password."""
        profile = self._profiles.get(name)
        if profile is not None:
            self.credentials.forget(profile.name, profile.user)
            self._profiles.remove(name)

    def last_profile(self) -> str | None:
        """Name of the profile used last."""
        return self._profiles.last_used()

    def connect(self, profile: Profile, password: str | None = None) -> Connection:
        """Make this profile the current connection; nothing is sent yet. Without a password the kept one is used."""
        if self.connection is not None:
            self.connection.close()
        if password is None and profile.name:
            password = self.credentials.get(profile.name, profile.user)
        self.connection = Connection(profile, password)
        if profile.name:
            self._profiles.set_last_used(profile.name)
        return self.connection

    def choose(self, profile: Profile) -> Connection:
        """Make this profile the current connection for looking at what is known of it: nothing can be sent with it."""
        self.connection = Connection(profile, None)
        return self.connection

    def connected(self) -> Connection:
        """The current connection.

        Raises:
            UsageError: there is none.
        """
        if self.connection is None:
            raise UsageError(
                _("No connection"), _("Choose a connection first: the practice house or a clearing house.")
            )
        return self.connection

    # Partners

    @property
    def own(self) -> Partner | None:
        """Our own provider as the profile describes it."""
        if self.connection is None or not (self.connection.profile.provider_id or self.connection.profile.prefixes):
            return None
        profile = self.connection.profile
        return Partner(profile.provider_id, profile.provider_name or profile.provider_id, profile.hub, profile.prefixes)

    @property
    def book(self) -> PartnerBook:
        """Our own provider and all partners, for finding whose a record is."""
        return PartnerBook(self.own, self.partners())

    def partners(self) -> list[Partner]:
        """The roaming partners we know."""
        return self._partners.all()

    def add_partner(self, partner: Partner) -> None:
        """Know a partner from now on; one with the same id is replaced."""
        self._partners.add(partner)

    def remove_partner(self, provider_id: str) -> bool:
        """Forget a partner; False when there is none with this id."""
        return self._partners.remove(provider_id)

    # Settings and facts

    def setting(self, name: str, default: Any = None) -> Any:
        """A kept setting, or the default."""
        return self._settings.get(name, default)

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting; anything JSON can say."""
        self._settings.set(name, value)

    @property
    def timezone(self) -> ZoneInfo | None:
        """Where times without offset are meant, as the user has said; None when nobody has."""
        name = self.setting(TIMEZONE)
        try:
            return ZoneInfo(name) if isinstance(name, str) and name else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None

    def facts(self, timezone: ZoneInfo | None = None, now: datetime | None = None) -> Facts:
        """What rules may know: the time, who we and our partners are, what was sent before, and what people decided."""
        own, connection = self.own, self.connection
        choices = self.rules.choices(connection.profile.name if connection is not None else "")
        facts = Facts(
            now=now or datetime.now(UTC),
            timezone=timezone,
            own_ids=(own.provider_id,) if own and own.provider_id else (),
            sent=self._sent.at(connection.house) if connection is not None else {},
            partner_ids=tuple(partner.provider_id for partner in self.partners() if partner.provider_id),
            roaming=None if connection is None else RoamingIndex(lambda: self._global_rows(connection)),
            accepted=self.rules.accepted(),
            thresholds=choices.thresholds,
            switched_off=choices.off,
        )
        if connection is None:
            return facts
        return replace(facts, power_before=lambda: self._power.seen(connection.house, facts))

    def _global_rows(self, connection: Connection) -> Iterable[Sequence[str]] | None:
        kept = self.lists.global_list(connection.house, connection.user)
        return None if kept is None else kept[1]
