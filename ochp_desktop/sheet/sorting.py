"""Row ids in the order of one or several fields' values: in slices, and quick for many different texts as for few."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress, groupby
from typing import Any

from ochp_desktop.records.value_time import OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.haystack import joined
from ochp_desktop.sheet.slices import SLICE, Slices
from ochp_desktop.sheet.sort_numbers import Numbers, OrderOfTexts, numbers_of

# How many texts are looked at to tell what a column is like.
_SAMPLE = 4_096
# Values that are looked at to choose where slices are cut, and how many rows shall lie between two cuts.
_LOOK_AT = 8_192
_BUCKET = SLICE // 2
_BYTE = 256
_FEW = 64
# Numbers are made where at least one row in so many is shown.
_WORTH = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def sorted_rows(rows: Sequence[int], keys: Sequence[SortKey]) -> Slices[MutableSequence[int]]:
    """The rows in the order of their values; equal ones keep their order, empty ones come last in both directions.

    Args:
        rows: row ids.
        keys: what to sort by, the most important first.

    Returns:
        A list, or an array where there are many: to read a million numbers that lie scattered in memory takes a
        quarter of a second, however little is done with each.
    """
    ordered = array("l")
    for start in range(0, len(rows), SLICE):
        ordered.extend(rows[start : start + SLICE])
        if start + SLICE < len(rows):
            yield
    # The least important first: each sorting keeps the order that equal rows have.
    left = list(keys)
    scattered = False
    while left:
        key = left.pop()
        if left and mostly_different(key.texts) and _few_different(left[-1].texts):
            ordered = yield from _group_by_group(ordered, left.pop(), key, scattered=scattered)
        else:
            ordered = yield from _by_one(ordered, key, scattered=scattered)
        scattered = True
    return list(ordered) if len(ordered) <= SLICE else ordered


def _by_one(rows: array[int], key: SortKey, *, scattered: bool) -> Slices[array[int]]:
    if mostly_different(key.texts):
        numbers = yield from _numbers(rows, key)
        return (yield from _by_keys(rows, key) if numbers is None else _by_numbers(rows, numbers, key))
    ordered = array("l")
    for group in (yield from _groups(rows, key, scattered=scattered)):
        ordered += group
    return ordered


def _group_by_group(rows: array[int], first: SortKey, second: SortKey, *, scattered: bool) -> Slices[array[int]]:
    """Sort by two fields, of which the first has few values: several small sortings cost less than a large one."""
    ordered = array("l")
    paused = 0
    numbers = yield from _numbers(rows, second)
    for group in (yield from _groups(rows, first, scattered=scattered)):
        ordered += yield from _by_keys(group, second) if numbers is None else _by_numbers(group, numbers, second)
        if len(ordered) - paused >= SLICE // 2:
            paused = len(ordered)
            yield
    return ordered


def _groups(rows: Sequence[int], key: SortKey, *, scattered: bool) -> Slices[list[array[int]]]:
    """The rows with each value, in the order of the values: quicker than sorting where there are few of them.

    Args:
        rows: row ids.
        key: the field.
        scattered: whether rows that follow each other are far from each other in the sheet.
    """
    groups: dict[Any, array[int]] = {}
    empty = array("l")
    group_of: dict[str, array[int]] = {"": empty}

    def look_at(texts: Sequence[str]) -> None:
        for text in set(texts) - group_of.keys():
            group_of[text] = groups.setdefault(key.type.sort_key(text), array("l"))

    codes = (yield from _codes(key.texts)) if scattered else None
    if codes is not None:
        look_at(codes[1])
        by_code = [group_of[text] for text in codes[1]]
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        if codes is None:
            texts = list(map(key.texts.__getitem__, part))
            look_at(texts)
            targets = map(group_of.__getitem__, texts)
        else:
            targets = map(by_code.__getitem__, map(codes[0].__getitem__, part))
        _run(map(array.append, targets, part))
        if start + SLICE < len(rows):
            yield
    return [*(groups[value] for value in sorted(groups, reverse=key.descending)), empty]


def _codes(texts: Sequence[str]) -> Slices[tuple[bytearray, list[str]] | None]:
    """(a byte for each text, the text for each byte); None where there are too many different ones.

    A million bytes stay near the processor while they are read in any order, a million texts do not.
    """
    code_of: dict[str, int] = {}
    codes = bytearray()
    for start in range(0, len(texts), SLICE):
        part = texts[start : start + SLICE]
        for text in set(part) - code_of.keys():
            code_of[text] = len(code_of)
        if len(code_of) > _BYTE:
            return None
        codes.extend(map(code_of.__getitem__, part))
        if start + SLICE < len(texts):
            yield
    return codes, list(code_of)


def _numbers(rows: Sequence[int], key: SortKey) -> Slices[Numbers | None]:
    """The column as numbers, where it can be and pays: they are made for all rows, also for those that are hidden."""
    worth = len(rows) > SLICE and len(key.texts) <= len(rows) * _WORTH
    return (yield from numbers_of(key.texts, key.type)) if worth else None


def _by_numbers(rows: array[int], numbers: Numbers, key: SortKey) -> Slices[array[int]]:
    value = numbers.values.__getitem__
    if not numbers.has_empty:
        return (yield from _in_order(rows, value, descending=key.descending))
    filled, empty = array("l"), array("l")
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        found = list(map(value, part))
        filled.extend(compress(part, found))
        if 0.0 in found:
            empty.extend(compress(part, map((0.0).__eq__, found)))
        if start + SLICE < len(rows):
            yield
    return (yield from _in_order(filled, value, descending=key.descending)) + empty


def _by_keys(rows: array[int], key: SortKey) -> Slices[array[int]]:
    """Sort by a key for each row; comparing two costs little where the texts are plain."""
    filled, empty = array("l"), array("l")
    as_they_are = OrderOfTexts(key.type)
    text = key.texts.__getitem__
    for start in range(0, len(rows), SLICE):
        part = rows[start : start + SLICE]
        texts = list(map(text, part))
        if "" in texts:
            empty.extend(row for row in part if not text(row))
            part = array("l", compress(part, texts))
            texts = list(filter(None, texts))
        as_they_are.look_at(texts)
        filled += part
        if start + SLICE < len(rows):
            yield
    if as_they_are.is_right:
        return (yield from _in_order(filled, text, descending=key.descending)) + empty
    keys = yield from _keys(filled, key)
    places = yield from _in_order(range(len(keys)), keys.__getitem__, descending=key.descending)
    ordered = array("l")
    for start in range(0, len(places), SLICE):
        ordered.extend(map(filled.__getitem__, places[start : start + SLICE]))
        if start + SLICE < len(places):
            yield
    return ordered + empty


def _keys(rows: array[int], key: SortKey) -> Slices[Sequence[Any]]:
    """A sort key for each of some rows with a text; plain ones where they tell the same as `sort_key`."""
    plain = _plain_keys(key.type)
    keys: list[Any] = []
    for start in range(0, len(rows), SLICE):
        texts = list(map(key.texts.__getitem__, rows[start : start + SLICE]))
        found = plain(texts) if plain is not None else None
        if found is None and plain is not None:
            # Keys of two kinds cannot be compared: what was plain so far needs the other kind as well.
            plain = None
            keys = [key.type.sort_key(key.texts[row]) for row in rows[:start]]
        keys += map(key.type.sort_key, texts) if found is None else found
        if start + SLICE < len(rows):
            yield
    return keys


def _in_order(items: Sequence[int], value: Callable[[int], Any], *, descending: bool) -> Slices[array[int]]:
    """The items in the order of their values, equal ones in the order they have.

    Many are sorted slice by slice, each is cut at the same values, and what lies between two cuts is sorted once
    more: these are a few ascending runs, which Python's sort merges with few comparisons.
    """
    size = len(items)
    if size <= SLICE:
        return array("l", sorted(items, key=value, reverse=descending))
    # Descending is ascending read from the end, when the items come from the end as well.
    upwards = items[::-1] if descending else items
    sample = sorted(map(value, upwards[:: max(1, size // _LOOK_AT)]))
    chosen = sample[:: max(1, len(sample) * _BUCKET // size)]
    cuts = [cut for cut, _same in groupby(chosen)]
    parts = [array("l") for _ in range(2 * len(cuts) + 1)]
    for start in range(0, size, SLICE):
        run = sorted(upwards[start : start + SLICE], key=value)
        begin = 0
        for at, cut in enumerate(cuts):
            same = bisect_left(run, cut, begin, key=value)
            parts[2 * at].extend(run[begin:same])
            begin = bisect_right(run, cut, same, key=value)
            parts[2 * at + 1].extend(run[same:begin])
        parts[-1].extend(run[begin:])
        yield
    ordered = array("l")
    paused = 0
    for at, part in enumerate(parts):
        # Every other part has one value only, however often that occurs.
        ordered.extend(part if at % 2 else sorted(part, key=value))
        if len(ordered) - paused >= SLICE // 2:
            paused = len(ordered)
            yield
    if descending:
        ordered.reverse()
    return ordered


def _run(calls: Iterable[object]) -> None:
    """Make the calls of a `map` without keeping what they return."""
    deque(calls, maxlen=0)


def _plain_keys(value_type: ValueType) -> Callable[[Sequence[str]], Sequence[Any] | None] | None:
    """What makes plain keys, that compare as `sort_key` does, of texts that are not empty; None when nothing does.

    It gives None for texts that are not plain enough.
    """
    if type(value_type).sort_key is ValueType.sort_key:
        return _plain_texts
    if isinstance(value_type, OffsetDateTime):
        return _instants
    if isinstance(value_type, Volume):
        clean = value_type.clean.fullmatch
        return lambda texts: [float(text.replace(",", ".")) for text in texts] if all(map(clean, texts)) else None
    return None


def _plain_texts(texts: Sequence[str]) -> list[str] | None:
    """Texts without blanks around them, folded; None when some are not plain enough for that."""
    if not texts:
        return []
    found = joined(texts)
    if found is None or not found[0].isascii():
        return None
    keys = list(map(str.strip, found[0].casefold().split(found[1])))
    # A text of nothing but blanks counts as empty, which only `sort_key` knows how to put last.
    return keys if all(keys) else None


def _instants(texts: Sequence[str]) -> list[float] | None:
    try:
        moments = [datetime.fromisoformat(text) for text in texts]
        return [(moment - _EPOCH).total_seconds() for moment in moments]
    except (ValueError, TypeError):
        return None


def _few_different(texts: Sequence[str]) -> bool:
    """Whether a column has few values, judged by its beginning."""
    return len(set(texts[:_SAMPLE])) <= _FEW


def mostly_different(texts: Sequence[str]) -> bool:
    """Whether few texts of a column occur twice, judged by its beginning: then a set of them saves nothing."""
    sample = texts[:_SAMPLE]
    return len(set(sample)) * 2 > len(sample)
