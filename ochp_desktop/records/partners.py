"""Roaming partners: whose token is this, whose CDR is that, and do we know them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ochp_desktop.records.identity import normalised_contract_id, normalised_provider
from ochp_desktop.records.value_enumeration import INFRASTRUCTURE_PROVIDER
from ochp_desktop.records.values import trimmed

_SHORTEST_CONTRACT_ID = 11  # DIN SPEC 91286 without its check digit
_PREFIX = re.compile(r"[A-Za-z]{2}[\s*-]?[0-9A-Za-z]{3}")


@dataclass(frozen=True, slots=True)
class Partner:
    """A provider whose data we accept.

    Attributes:
        provider_id: its id as written in CDRs.
        name: what people call it; may be empty.
        hub: its hub number, or None when nobody knows.
        prefixes: how the contract ids that it issues begin: country and provider code ("NL-ESS").
    """

    provider_id: str
    name: str = ""
    hub: int | None = None
    prefixes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name, or the id of a partner without one."""
        return self.name or self.provider_id

    def completed(self) -> Partner:
        """The partner with what its id alone says: the hub of that name, and the prefix that the id looks like."""
        hub = hub_named(self.provider_id) if self.hub is None else self.hub
        prefixes = self.prefixes
        if not prefixes and _PREFIX.fullmatch(trimmed(self.provider_id)) and hub_named(self.provider_id) is None:
            prefixes = (trimmed(self.provider_id),)
        return replace(self, hub=hub, prefixes=prefixes)


def hub_named(provider_id: str) -> int | None:
    """The hub number of a provider id that is one of the protocol's infrastructure providers, or None."""
    wanted = normalised_provider(provider_id)
    for number, name in INFRASTRUCTURE_PROVIDER.names.items():
        if normalised_provider(name) == wanted:
            return number
    return None


def contract_prefix(contract_id: str) -> str:
    """Country and provider code of a contract id ("NL-ESS"), or "" of an external id that has none."""
    plain = normalised_contract_id(contract_id)
    if len(plain) < _SHORTEST_CONTRACT_ID or not _PREFIX.fullmatch(plain[:5]):
        return ""
    return f"{plain[:2]}-{plain[2:5]}"


class PartnerBook:
    """The partners we know, our own provider among them.

    Args:
        own: our own provider, always known; None when nobody has said who we are.
        partners: the others. Each is completed with what its id alone says.
    """

    def __init__(self, own: Partner | None, partners: Iterable[Partner] = ()) -> None:
        self.own = None if own is None else own.completed()
        by_id: dict[str, Partner] = {}
        for partner in (*((own,) if own else ()), *partners):
            by_id.setdefault(normalised_provider(partner.provider_id), partner.completed())
        self._by_id = by_id
        self._by_prefix: dict[str, Partner] = {}
        self._by_hub: dict[int, list[Partner]] = {}
        for partner in by_id.values():
            for prefix in partner.prefixes:
                if plain := normalised_contract_id(prefix):
                    self._by_prefix.setdefault(plain, partner)
            if partner.hub is not None:
                self._by_hub.setdefault(partner.hub, []).append(partner)
        # The longest prefix that fits is the most exact one.
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix}, reverse=True)

    @property
    def partners(self) -> tuple[Partner, ...]:
        """All known providers but our own, in the order in which they were given."""
        return tuple(partner for partner in self._by_id.values() if partner != self.own)

    def owner_of_token(self, contract_id: str, hub: str) -> Partner | None:
        """Who issued a token: by the prefix of its contract id, else the only partner with its hub, else nobody."""
        plain = normalised_contract_id(contract_id)
        for length in self._lengths:
            if (partner := self._by_prefix.get(plain[:length])) is not None:
                return partner
        number = INFRASTRUCTURE_PROVIDER.parse(hub)
        sharing = self._by_hub.get(number, []) if number is not None else []
        return sharing[0] if len(sharing) == 1 else None

    def owner_of_cdr(self, provider: str) -> Partner | None:
        """The provider that a CDR's infraProviderId (received) or serviceProviderId (sent) names, or None."""
        return self._by_id.get(normalised_provider(provider))

    def is_own(self, partner: Partner | None) -> bool:
        """Whether that is our own provider."""
        return partner is not None and partner == self.own
