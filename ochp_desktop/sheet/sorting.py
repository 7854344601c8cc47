"""Row ids in the order of one field's values: quick for a million different texts as well as for a few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain, compress
from typing import Any

from ochp_desktop.records.value_time import OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.haystack import joined

# How many texts are looked at to tell what a column is like.
_SAMPLE = 4_096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sorted_rows(
    rows: Sequence[int], texts: Sequence[str], value_type: ValueType, *, descending: bool = False
) -> list[int]:
    """The rows in the order of their values; equal ones keep their order, empty ones come last in both directions.

    Args:
        rows: row ids.
        texts: the field's texts by row id.
        value_type: how the texts compare (`sort_key`).
        descending: the largest value first.
    """
    if not mostly_different(texts):
        return _by_groups(rows, texts, value_type, descending=descending)
    of_rows = list(map(texts.__getitem__, rows))
    empty: list[int] = []
    if "" in of_rows:
        empty = [row for row in rows if not texts[row]]
        rows = list(compress(rows, of_rows))
        of_rows = list(filter(None, of_rows))
    keys = _keys(of_rows, value_type)
    places = range(len(keys))
    order = sorted(places, key=keys.__getitem__, reverse=descending)
    if len(rows) == len(places) and rows == list(places):
        return order + empty
    return [*map(rows.__getitem__, order), *empty]


def _by_groups(rows: Sequence[int], texts: Sequence[str], value_type: ValueType, *, descending: bool) -> list[int]:
    """Put rows with the same value together; which is quicker than sorting where there are few values."""
    groups: dict[Any, list[int]] = {}
    group_of: dict[str, list[int]] = {"": []}
    for text in set(map(texts.__getitem__, rows)):
        if text:
            group_of[text] = groups.setdefault(value_type.sort_key(text), [])
    for row in rows:
        group_of[texts[row]].append(row)
    ordered = [groups[key] for key in sorted(groups, reverse=descending)]
    return list(chain.from_iterable([*ordered, group_of[""]]))


def _keys(texts: Sequence[str], value_type: ValueType) -> Sequence[Any]:
    """A sort key for each of some texts that are not empty; plain ones where they tell the same as `sort_key`."""
    plain: Sequence[Any] | None = None
    if type(value_type).sort_key is ValueType.sort_key:
        plain = _plain_texts(texts)
    elif isinstance(value_type, OffsetDateTime):
        plain = _instants(texts)
    elif isinstance(value_type, Volume):
        plain = _volumes(texts, value_type)
    return [value_type.sort_key(text) for text in texts] if plain is None else plain


def _plain_texts(texts: Sequence[str]) -> list[str] | None:
    """Texts without blanks around them, folded; None when some are not plain enough for that."""
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


def _volumes(texts: Sequence[str], volume: Volume) -> list[float] | None:
    clean = volume.clean.fullmatch
    return [float(text.replace(",", ".")) for text in texts] if all(map(clean, texts)) else None


def mostly_different(texts: Sequence[str]) -> bool:
    """Whether few texts of a column occur twice, judged by its beginning: then a set of them saves nothing."""
    sample = texts[:_SAMPLE]
    return len(set(sample)) * 2 > len(sample)
