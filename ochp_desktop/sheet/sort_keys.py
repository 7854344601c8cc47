"""A column's texts as numbers that stand in the same order: numbers side by side are sorted many times as fast.

The order is that of `ValueType.sort_key`; empty texts come last, upwards and downwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ochp_desktop.records.pieces import picked
from ochp_desktop.records.value_time import OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType, trimmed
from ochp_desktop.sheet.slices import SLICE, Slices
from ochp_desktop.sheet.variety import mostly_different

Numbers = NDArray[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = 8
# Bytes of the longest texts that are compared as numbers: so many numbers of a word for each text.
_LONGEST = 6 * _WORD
_BLANKS = "".join(chr(code) for code in range(128) if chr(code).isspace())
# Values that are looked at to choose where slices are cut, and how many shall lie between two cuts.
LOOK_AT = 8_192
_BUCKET = SLICE // 2


@dataclass(frozen=True, slots=True)
class SortKey:
    """One field to sort by.

    Attributes:
        texts: the field's texts by row id.
        type: how they compare (`sort_key`).
        descending: the largest value first.
    """

    texts: Sequence[str]
    type: ValueType
    descending: bool = False


def numbers_of(rows: Sequence[int], key: SortKey) -> Slices[list[Numbers]]:
    """Numbers for each of the rows, in one or several arrays of which the first counts most."""
    found: list[Numbers] | None = None
    if mostly_different(key.texts):
        if type(key.type).sort_key is ValueType.sort_key:
            found = yield from _words(rows, key)
        else:
            found = yield from _values(rows, key)
    return (yield from _ranks(rows, key)) if found is None else found


def _parts(rows: Sequence[int], texts: Sequence[str]) -> Iterator[tuple[slice, Sequence[str]]]:
    """(which of the rows, their texts), slice by slice."""
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        run = range(part[0], part[0] + len(part))
        follow = part[-1] == run[-1] and list(part) == list(run)
        some = texts[run.start : run.stop] if follow else picked(texts, part)
        yield slice(start, start + len(part)), some


# texts, compared character by character


def _words(rows: Sequence[int], key: SortKey) -> Slices[list[Numbers] | None]:
    """Texts as the words that their bytes make; None where some are too long or odd.

    The bytes of UTF-8 stand in the order of the characters.
    """
    parts: list[tuple[slice, bytes | list[bytes], int]] = []
    longest = 0
    for where, texts in _parts(rows, key.texts):
        if where.start:
            yield
        part = _bytes_of(texts)
        if part is None or part[1] > _LONGEST:
            return None
        parts.append((where, *part))
        longest = max(longest, part[1])
    if not longest:
        return []
    count = -(-longest // _WORD)
    words = np.zeros((count, len(rows)), np.uint64)
    wide = f"S{count * _WORD}"
    for where, data, length in parts:
        if where.start:
            yield
        found = np.frombuffer(data, f"S{length}").astype(wide) if isinstance(data, bytes) else np.array(data, wide)
        words[:, where] = found.view(">u8").reshape(-1, count).T
    empty = words[0] == 0
    numbers = []
    for word in words:
        if len(rows) > SLICE:
            yield
        if word.min() != word.max():
            numbers.append(np.invert(word) if key.descending else word)
    return [empty, *numbers] if empty.any() else numbers


def _bytes_of(texts: Sequence[str]) -> tuple[bytes | list[bytes], int] | None:
    """(the folded texts as bytes, the length of the longest): in one piece where all have the same length.

    None where a text has a zero byte, or nothing but blanks, which stands for no value.
    """
    together = "".join(texts)
    lengths = set(map(len, texts))
    if "\0" in together:
        return None
    if together.isascii() and not any(map(together.__contains__, _BLANKS)):
        together = together.lower()
        if len(lengths) == 1 and together:
            return together.encode("ascii"), lengths.pop()
        return [text.lower().encode("ascii") for text in texts], max(lengths)
    keys = [trimmed(text).casefold().encode("utf-8", "surrogatepass") for text in texts]
    if keys.count(b"") != texts.count(""):
        return None
    return keys, max(map(len, keys))


# instants and volumes, compared as numbers


def _values(rows: Sequence[int], key: SortKey) -> Slices[list[Numbers] | None]:
    """The values themselves; None where some text has none, or not in its usual form."""
    read = _reader(key.type)
    if read is None:
        return None
    values = np.zeros(len(rows), np.float64)
    empty = np.zeros(len(rows), np.bool_)
    for where, texts in _parts(rows, key.texts):
        if where.start:
            yield
        filled = [text for text in texts if text]
        found = read(filled)
        if found is None:
            return None
        if len(filled) < len(texts):
            empty[where] = [not text for text in texts]
            values[where][~empty[where]] = found
        else:
            values[where] = found
    numbers = -values if key.descending else values
    return [empty, numbers] if empty.any() else [numbers]


def _reader(value_type: ValueType) -> Callable[[Sequence[str]], Sequence[float] | None] | None:
    """What reads texts that are not empty as numbers that compare as `sort_key` does."""
    if isinstance(value_type, OffsetDateTime):
        return _instants
    if isinstance(value_type, Volume):
        clean = value_type.clean.fullmatch
        return lambda texts: [float(text.replace(",", ".")) for text in texts] if all(map(clean, texts)) else None
    return None


def _instants(texts: Sequence[str]) -> list[float] | None:
    try:
        moments = [datetime.fromisoformat(text) for text in texts]
        return [(moment - _EPOCH).total_seconds() for moment in moments]
    except (ValueError, TypeError):
        return None


# anything, by its place among the different texts


def _ranks(rows: Sequence[int], key: SortKey) -> Slices[list[Numbers]]:
    """The place of each text among the different ones: quick where they are few, right whatever they are."""
    code_of: dict[str, int] = {}
    codes = np.zeros(len(rows), np.int64)
    for where, texts in _parts(rows, key.texts):
        if where.start:
            yield
        for text in set(texts) - code_of.keys():
            code_of[text] = len(code_of)
        codes[where] = np.fromiter(map(code_of.__getitem__, texts), np.int64, len(texts))
    ranks = yield from _ranked(list(code_of), key)
    return [ranks[codes]]


def _ranked(different: Sequence[str], key: SortKey) -> Slices[Numbers]:
    """A rank for each of some different texts; those with the same key share one."""
    filled = [at for at, text in enumerate(different) if text]
    keys: list[Any] = []
    for start in range(0, len(filled), SLICE):
        if start:
            yield
        keys += [key.type.sort_key(different[at]) for at in filled[start : start + SLICE]]
    order = yield from _in_order(range(len(filled)), keys.__getitem__)
    ranks = np.full(len(different), len(different), np.int64)
    rank, before = 0, None
    for start in range(0, len(order), SLICE):
        if start:
            yield
        for place in order[start : start + SLICE]:
            rank += keys[place] != before
            before = keys[place]
            ranks[filled[place]] = -rank if key.descending else rank
    return ranks


def _in_order(items: Sequence[int], value: Callable[[int], Any]) -> Slices[list[int]]:
    """The items in the order of their values.

    Many are sorted slice by slice, each is cut at the same values, and what lies between two cuts is sorted once
    more: these are a few ascending runs, which Python's sort merges with few comparisons.
    """
    size = len(items)
    if size <= SLICE:
        return sorted(items, key=value)
    sample = sorted(map(value, items[:: max(1, size // LOOK_AT)]))
    cuts = [cut for cut, _same in groupby(sample[:: max(1, len(sample) * _BUCKET // size)])]
    parts: list[list[int]] = [[] for _ in range(2 * len(cuts) + 1)]
    for start in range(0, size, SLICE):
        run = sorted(items[start : start + SLICE], key=value)
        begin = 0
        for at, cut in enumerate(cuts):
            same = bisect_left(run, cut, begin, key=value)
            parts[2 * at] += run[begin:same]
            begin = bisect_right(run, cut, same, key=value)
            parts[2 * at + 1] += run[same:begin]
        parts[-1] += run[begin:]
        yield
    ordered: list[int] = []
    paused = 0
    for at, part in enumerate(parts):
        # Every other part has one value only, however often that occurs.
        ordered += part if at % 2 else sorted(part, key=value)
        if len(ordered) - paused >= SLICE // 2:
            paused = len(ordered)
            yield
    return ordered
