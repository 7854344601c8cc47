"""The downloaded roaming list by contract: which tokens a contract has, until when, and whether they are active."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ochp_desktop.records.identity import normalised_contract_id, normalised_token_id
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import ACTIVATED

_CONTRACT, _TOKEN, _EXPIRY, _ACTIVE = map(TOKENS.index, ("evcoId", "tokenId", "expiryDate", "tokenActivated"))
_EXPIRES = TOKENS.field("expiryDate").type


class RoamingToken(NamedTuple):
    """What the list says of one token.

    Attributes:
        token_id: normalised.
        expiry: the day, as a number (`date.toordinal`), or 0 when the list has no readable day.
        active: whether it may charge.
    """

    token_id: str
    expiry: int
    active: bool

    @property
    def expires(self) -> date | None:
        """The last day on which it may charge."""
        return date.fromordinal(self.expiry) if self.expiry else None


Rows = Iterable[Sequence[str]]


class RoamingIndex:
    """The tokens of a roaming list by their contract, compared as contract ids are; read when it is first asked.

    Args:
        rows: gives the list's rows, texts in the order of the token's fields, or None when no list was downloaded.
    """

    def __init__(self, rows: Callable[[], Rows | None]) -> None:
        self._rows = rows
        self._tokens: dict[str, tuple[RoamingToken, ...]] | None = None
        self._is_there = False
        self._lock = threading.Lock()

    @property
    def is_there(self) -> bool:
        """Whether a list was downloaded."""
        self._read()
        return self._is_there

    def tokens(self, contract_id: str) -> tuple[RoamingToken, ...]:
        """The tokens of a contract, however its id is written; () when the list does not have it."""
        return self._read().get(normalised_contract_id(contract_id), ())

    def token(self, contract_id: str, token_id: str) -> RoamingToken | None:
        """The token that was used: that of the given id, else the contract's only one, else None."""
        tokens = self.tokens(contract_id)
        wanted = normalised_token_id(token_id)
        for token in tokens:
            if token.token_id == wanted:
                return token
        return tokens[0] if len(tokens) == 1 else None

    def _read(self) -> dict[str, tuple[RoamingToken, ...]]:
        if self._tokens is not None:
            return self._tokens
        with self._lock:
            if self._tokens is None:
                rows = self._rows()
                self._is_there = rows is not None
                self._tokens = _by_contract(rows or ())
        return self._tokens


def _by_contract(rows: Rows) -> dict[str, tuple[RoamingToken, ...]]:
    found: dict[str, tuple[RoamingToken, ...]] = {}
    days: dict[str, int] = {}
    for row in rows:
        expiry = days.get(row[_EXPIRY])
        if expiry is None:
            day = _EXPIRES.parse(row[_EXPIRY])
            expiry = days[row[_EXPIRY]] = day.toordinal() if day else 0
        token = RoamingToken(normalised_token_id(row[_TOKEN]), expiry, ACTIVATED.parse(row[_ACTIVE]) == 1)
        contract = normalised_contract_id(row[_CONTRACT])
        found[contract] = (*found.get(contract, ()), token)
    return found
