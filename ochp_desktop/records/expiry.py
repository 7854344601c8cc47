"""The expiry radar: which cards of a list have expired or soon will."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import ACTIVATED

_EXPIRY = TOKENS.field("expiryDate").type
_PAUSE_AFTER = 500
SPANS = (30, 60, 90)
"""The radar's spans, in days."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """An active card that the radar has found.

    Attributes:
        row: row id.
        day: its last day.
        left: days until then; negative when it is over.
    """

    row: int
    day: date
    left: int


def expiring(cards: Iterable[tuple[int, str, str]], today: date) -> Iterator[Expiring | None]:
    """The active cards that have expired or will within 90 days; None now and then, so that whoever looks can pause.

    Args:
        cards: (row id, text of the expiry date, text of "active"); texts that mean nothing are left to the rules.
        today: the day to measure from.
    """
    last = today + timedelta(days=SPANS[-1])
    days: dict[str, date | None] = {}
    for count, (row, expiry, active) in enumerate(cards):
        if count % _PAUSE_AFTER == 0:
            yield None
        if expiry not in days:
            days[expiry] = _EXPIRY.parse(expiry)
        day = days[expiry]
        if day is not None and day <= last and ACTIVATED.parse(active) == 1:
            yield Expiring(row, day, (day - today).days)


def most_urgent_first(found: Iterable[Expiring]) -> list[Expiring]:
    """In the order of their last days."""
    return sorted(found, key=lambda one: (one.day, one.row))


def within(found: Iterable[Expiring], span: int | None) -> list[Expiring]:
    """Those that expire within a span of days from today, or, for None, those that have expired already."""
    if span is None:
        return [one for one in found if one.left < 0]
    return [one for one in found if 0 <= one.left <= span]


def written(day: date) -> str:
    """The day as the protocol writes it."""
    return _EXPIRY.format(day)
