"""Row ids in the order of one or several fields' values, in slices."""

from __future__ import annotations

from array import array
from collections.abc import MutableSequence, Sequence

import numpy as np
from numpy.typing import NDArray

from ochp_desktop.sheet.slices import SLICE, Slices
from ochp_desktop.sheet.sort_keys import LOOK_AT, Numbers, SortKey, numbers_of

Places = NDArray[np.int64]

# Rows that are sorted in one go, rows that are looked up in one go, and cuts whose buckets have room in a byte.
_BUCKET = SLICE
_AT_ONCE = 4 * SLICE
_FEW_CUTS = 120


def sorted_rows(rows: Sequence[int], keys: Sequence[SortKey]) -> Slices[MutableSequence[int]]:
    """The rows in the order of their values; equal ones keep their order, empty ones come last in both directions.

    Args:
        rows: row ids.
        keys: what to sort by, the most important first.

    Returns:
        A list, or an array where there are many: to read a million numbers that lie scattered in memory takes a
        quarter of a second, however little is done with each.
    """
    numbers: list[Numbers] = []
    for key in keys:
        numbers += yield from numbers_of(rows, key)
    places = yield from _in_order(np.arange(len(rows)), numbers)
    ids = np.empty(len(rows), np.dtype("l"))
    for start in range(0, len(rows), SLICE):
        if start:
            yield
        ids[start : start + SLICE] = rows[start : start + SLICE]
    ordered = array("l")
    for start in range(0, len(rows), _AT_ONCE):
        if start:
            yield
        ordered.frombytes(ids[places[start : start + _AT_ONCE]].tobytes())
    return list(ordered) if len(ordered) <= SLICE else ordered


def _in_order(places: Places, numbers: Sequence[Numbers]) -> Slices[Places]:
    """The places in the order of their numbers; equal ones keep their order.

    Many are first put into buckets by the first of the numbers: between two cuts, or the same as a cut.
    """
    if not numbers or len(places) <= 1:
        return places
    if len(places) <= _BUCKET:
        return places[np.lexsort([one[places] for one in reversed(numbers)])]
    values = np.empty(len(places), numbers[0].dtype)
    for start in range(0, len(places), _AT_ONCE):
        values[start : start + _AT_ONCE] = numbers[0][places[start : start + _AT_ONCE]]
        yield
    sample = np.sort(values[:: max(1, len(values) // LOOK_AT)])
    cuts = np.unique(sample[:: max(1, len(sample) * _BUCKET // len(values))])
    buckets = np.empty(len(values), np.uint8 if len(cuts) <= _FEW_CUTS else np.uint16)
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE]
        at = np.searchsorted(cuts, part)
        buckets[start : start + _AT_ONCE] = 2 * at + (cuts[np.minimum(at, len(cuts) - 1)] == part)
        yield
    order = np.argsort(buckets, kind="stable")
    yield
    grouped = np.empty_like(places)
    for start in range(0, len(places), _AT_ONCE):
        grouped[start : start + _AT_ONCE] = places[order[start : start + _AT_ONCE]]
        yield
    ends: list[int] = np.cumsum(np.bincount(buckets)).tolist()
    yield
    begin = paused = 0
    for bucket, end in enumerate(ends):
        if begin < end:
            same = bool(bucket % 2)
            found = yield from _in_order(grouped[begin:end], numbers[1:] if same else numbers)
            grouped[begin:end] = found
        if end - paused >= SLICE // 2:
            paused = end
            yield
        begin = end
    return grouped
