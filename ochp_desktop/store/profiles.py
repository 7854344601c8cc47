"""Connection profiles: which clearing house, as whom, by which contract and certificates; never the password."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ochp_desktop.errors import UsageError
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import storable
from ochp_desktop.store.settings import Settings
from ochp_desktop.texts import _

MOST_PER_BATCH = 100_000
PRACTICE = "practice"  # what the practice house is known by, which has no address that stays
_LAST_USED = "profile.last-used"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Profile:
    """A connection to one clearing house as one user.

    Attributes:
        name: what people call it; unique.
        endpoint: address of the service, http or https.
        user: user id there.
        wsdl: file or URL of the house's own WSDL, "" for ours.
        ca_file: PEM file of the authority that signed the house's certificate, "" for the system's.
        cert_file: PEM file of our client certificate, "" for none.
        key_file: PEM file of its private key, "" when it is in cert_file.
        provider_id: our own provider id, as written in CDRs.
        provider_name: our own name.
        hub: our own hub number, or None.
        prefixes: prefixes of the contract ids that we issue ("NL-ESS").
        batch_size: CDRs per request.
        practice: whether this is the practice clearing house.
    """

    name: str
    endpoint: str
    user: str
    wsdl: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    provider_id: str = ""
    provider_name: str = ""
    hub: int | None = None
    prefixes: tuple[str, ...] = ()
    batch_size: int = 500
    practice: bool = False

    @property
    def house(self) -> str:
        """What journal, archive and lists know the house by.

        Host, port where it is unusual, and path: a house that moves from http to https stays the same one, and
        so does the practice house, which has another port at each start.
        """
        if self.practice:
            return PRACTICE
        parts = _split(self.endpoint)
        if parts is None or not parts.hostname:
            return self.endpoint.strip()
        port = parts.port if parts.port not in {None, *_PORTS.values()} else None
        host = parts.hostname.lower().rstrip(".")
        return f"{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def house_name(house: str) -> str:
    """The house as people know it, for what `Profile.house` gave."""
    return _("Practice clearing house") if house == PRACTICE else house


class Profiles:
    """The profiles on this computer, in the order of their names."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._settings = Settings(db)

    def all(self) -> list[Profile]:
        """All profiles; one whose data cannot be read keeps its name and is otherwise empty.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            rows = c.execute("SELECT name, data FROM profiles").fetchall()
        return sorted((_profile(name, data) for name, data in rows), key=lambda profile: profile.name.casefold())

    def get(self, name: str) -> Profile | None:
        """The profile of that name, or None.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            row = c.execute("SELECT name, data FROM profiles WHERE name = ?", (storable(name),)).fetchone()
        return None if row is None else _profile(*row)

    def save(self, profile: Profile, old_name: str | None = None) -> None:
        """Keep the profile, under a new name when it had another one before.

        Raises:
            UsageError: another profile has the name.
            StoreError: the store cannot be written.
        """
        name = storable(profile.name)
        data = dataclasses.asdict(profile)
        del data["name"]
        with self._db.write() as c:
            if old_name is not None and old_name != profile.name:
                if c.execute("SELECT 1 FROM profiles WHERE name = ?", (name,)).fetchone() is not None:
                    raise UsageError(
                        _("Name taken"),
                        _("There is a connection named {name} already. Choose another name.").format(name=name),
                    )
                c.execute("DELETE FROM profiles WHERE name = ?", (storable(old_name),))
            c.execute(
                "INSERT INTO profiles (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data",
                (name, json.dumps(data)),
            )
        if old_name is not None and old_name != profile.name and self.last_used() == old_name:
            self.set_last_used(name)

    def remove(self, name: str) -> None:
        """Forget the profile; journal and archive of its house stay.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._db.write() as c:
            c.execute("DELETE FROM profiles WHERE name = ?", (storable(name),))
        if self.last_used() == name:
            self.set_last_used(None)

    def last_used(self) -> str | None:
        """Name of the profile that was connected last, or None.

        Raises:
            StoreError: the store cannot be read.
        """
        name = self._settings.get(_LAST_USED)
        return name if isinstance(name, str) else None

    def set_last_used(self, name: str | None) -> None:
        """Remember which profile to connect at the next start.

        Raises:
            StoreError: the store cannot be written.
        """
        self._settings.set(_LAST_USED, name)


def check_profile(profile: Profile) -> list[tuple[str, str]]:
    """What is wrong with a profile, as (field name, sentence); empty when it can be used."""
    found: list[tuple[str, str]] = []
    if not profile.name.strip():
        found.append(("name", _("Give this connection a name.")))
    problem = _endpoint_problem(profile.endpoint)
    if problem:
        found.append(("endpoint", problem))
    if not profile.user.strip():
        found.append(("user", _("Fill in the user id that the clearing house gave you.")))
    if profile.wsdl and not _is_url(profile.wsdl) and not Path(profile.wsdl).is_file():
        found.append(("wsdl", _("There is no file {path}. Choose the WSDL again.").format(path=profile.wsdl)))
    for field, path in (("ca_file", profile.ca_file), ("cert_file", profile.cert_file), ("key_file", profile.key_file)):
        if path and not Path(path).is_file():
            found.append((field, _("There is no file {path}. Choose it again.").format(path=path)))
    if profile.key_file and not profile.cert_file:
        found.append(("cert_file", _("A key needs its certificate: choose the certificate's file as well.")))
    if not 1 <= profile.batch_size <= MOST_PER_BATCH:
        found.append(
            ("batch_size", _("Records per request: between 1 and {most}.").format(most=MOST_PER_BATCH)),
        )
    return found


def notices_about(profile: Profile) -> list[tuple[str, str]]:
    """What is allowed but ought to be known about a profile, as (field name, sentence)."""
    parts = _split(profile.endpoint)
    if parts is not None and parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        return [
            (
                "endpoint",
                _(
                    "This address is not encrypted: password and records can be read on the way. "
                    "Use https if the clearing house offers it."
                ),
            )
        ]
    return []


def _endpoint_problem(endpoint: str) -> str:
    if not endpoint.strip():
        return _("Fill in the address of the clearing house's service.")
    parts = _split(endpoint)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname or any(mark.isspace() for mark in endpoint):
        return _("This is not a web address. It looks like https://clearing.example.org/service.")
    if parts.username is not None or parts.password is not None:
        return _("Leave user and password out of the address; they have their own fields.")
    return ""


def _split(address: str) -> SplitResult | None:
    """The parts of an address, or None when it has no such parts."""
    try:
        parts = urlsplit(address.strip())
        _port = parts.port  # an impossible port is only noticed here
    except ValueError:
        return None
    return parts


def _is_url(text: str) -> bool:
    parts = _split(text)
    return parts is not None and parts.scheme in _PORTS and bool(parts.hostname)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _profile(name: str, text: str) -> Profile:
    """A profile from its JSON; values that are missing or of a wrong type get their defaults."""
    try:
        data = json.loads(text)
    except (ValueError, TypeError):
        data = {}
    if not isinstance(data, Mapping):
        data = {}

    def words(key: str) -> str:
        value = data.get(key)
        return value if isinstance(value, str) else ""

    def whole(key: str) -> int | None:
        value: Any = data.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    prefixes = data.get("prefixes")
    return Profile(
        name=name,
        endpoint=words("endpoint"),
        user=words("user"),
        wsdl=words("wsdl"),
        ca_file=words("ca_file"),
        cert_file=words("cert_file"),
        key_file=words("key_file"),
        provider_id=words("provider_id"),
        provider_name=words("provider_name"),
        hub=whole("hub"),
        prefixes=tuple(str(prefix) for prefix in prefixes) if isinstance(prefixes, list) else (),
        batch_size=whole("batch_size") or 500,
        practice=data.get("practice") is True,
    )
