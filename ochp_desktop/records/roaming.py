"""The downloaded roaming list by contract: which tokens a contract has, until when, and whether they are active."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class RoamingIndex:
    """The tokens of a roaming list by their contract, compared as contract ids are."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        """Take in rows of texts in the order of the token's fields."""
        self._tokens: dict[str, tuple[RoamingToken, ...]] = {}
        days: dict[str, int] = {}
        for row in rows:
            expiry = days.get(row[_EXPIRY])
            if expiry is None:
                day = _EXPIRES.parse(row[_EXPIRY])
                expiry = days[row[_EXPIRY]] = day.toordinal() if day else 0
            token = RoamingToken(normalised_token_id(row[_TOKEN]), expiry, ACTIVATED.parse(row[_ACTIVE]) == 1)
            contract = normalised_contract_id(row[_CONTRACT])
            self._tokens[contract] = (*self._tokens.get(contract, ()), token)

    def __len__(self) -> int:
        return len(self._tokens)

    def tokens(self, contract_id: str) -> tuple[RoamingToken, ...]:
        """The tokens of a contract, however its id is written; () when the list does not have it."""
        return self._tokens.get(normalised_contract_id(contract_id), ())

    def token(self, contract_id: str, token_id: str) -> RoamingToken | None:
        """The token that was used: that of the given id, else the contract's only one, else None."""
        tokens = self.tokens(contract_id)
        wanted = normalised_token_id(token_id)
        for token in tokens:
            if token.token_id == wanted:
                return token
        return tokens[0] if len(tokens) == 1 else None
