"""Instants and texts in the form in which the store keeps them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import chain


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def stamp(when: datetime | None = None) -> str:
    """The instant as the store keeps it: ISO 8601 in UTC, sorting as text; now when None. A naive one is local time."""
    return (when or now()).astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The instant that `stamp` wrote, in UTC; the beginning of time for a damaged text."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def storable_keys(keys: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of texts, each as `storable` gives it; nearly always as they are."""
    try:
        "".join(chain.from_iterable(keys)).encode()
    except UnicodeEncodeError:
        return [(storable(one), storable(other)) for one, other in keys]
    return list(keys)


def storable(text: str) -> str:
    """The text, with what no database text can hold (lone surrogates, from odd file names) spelled out."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text
