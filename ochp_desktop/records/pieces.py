"""Whole columns piece by piece: one call over a million texts holds the interpreter, and the window with it, too long.

Work beside the window is asked for the interpreter every millisecond, but only between two calls. Copying a million
texts in one takes 15 ms, and where the window has to ask a dozen times to paint a frame, that is felt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, repeat
from operator import itemgetter
from typing import TypeVar

PIECE = 8_192
"""Cells that are worked on in one call: a tenth of a millisecond to copy, one to count."""

WORTH_POOLING = 20_000
"""Rows from which on copies of the same text take more memory than looking for them is worth."""

Item = TypeVar("Item")


def pieces(start: int, stop: int, size: int = PIECE) -> Iterator[slice]:
    """Slices that cover the stretch one after the other."""
    for begin in range(start, stop, size):
        yield slice(begin, min(begin + size, stop))


def copied(items: Sequence[Item], start: int = 0, stop: int | None = None) -> list[Item]:
    """The items, or a stretch of them, as a new list."""
    found: list[Item] = []
    for piece in pieces(start, len(items) if stop is None else min(stop, len(items))):
        found += items[piece]
    return found


def picked(items: Sequence[Item], places: Sequence[int]) -> Sequence[Item]:
    """The items at these places, in their order: a third of the time that asking for each takes.

    For some ten thousand places at most; more go piece by piece.
    """
    if len(places) < 2:  # noqa: PLR2004 - of one place there would be no tuple
        return [items[place] for place in places]
    if isinstance(places, range) and places.step == 1:
        return items[places.start : places.stop]
    found: tuple[Item, ...] = itemgetter(*places)(items)
    return found


def kept(items: Sequence[Item], wanted: Sequence[bool]) -> list[Item]:
    """The items for which the other sequence says so."""
    found: list[Item] = []
    for piece in pieces(0, len(items)):
        found += compress(items[piece], wanted[piece])
    return found


def same(item: Item, count: int) -> list[Item]:
    """One item so many times."""
    found: list[Item] = []
    for piece in pieces(0, count):
        found += repeat(item, piece.stop - piece.start)
    return found


def different(items: Sequence[Item]) -> set[Item]:
    """The different ones among the items."""
    found: set[Item] = set()
    for piece in pieces(0, len(items)):
        found.update(items[piece])
    return found


def counted(items: Sequence[Item]) -> Counter[Item]:
    """How many there are of each, in the order in which they first appear."""
    found: Counter[Item] = Counter()
    for piece in pieces(0, len(items)):
        found.update(items[piece])
    return found


def lengths(texts: Sequence[str]) -> set[int]:
    """How long the texts are."""
    found: set[int] = set()
    for piece in pieces(0, len(texts)):
        found.update(map(len, texts[piece]))
    return found


def has(items: list[Item], item: Item) -> bool:
    """Whether an item is in the list."""
    for piece in pieces(0, len(items)):
        try:
            items.index(item, piece.start, piece.stop)
        except ValueError:
            continue
        return True
    return False


def alike(items: Sequence[Item]) -> bool:
    """Whether all items are equal."""
    return all(items[piece].count(items[0]) == piece.stop - piece.start for piece in pieces(0, len(items)))


def pooled(texts: list[str]) -> None:
    """Of texts that are equal keep one copy, in place."""
    pool: dict[str, str] = {}
    one = pool.setdefault
    for piece in pieces(0, len(texts)):
        part = texts[piece]
        texts[piece] = map(one, part, part)
