"""Which texts stand in a column, in order and how often; worked out and searched in slices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import picked
from ochp_desktop.sheet.arranging import Conditions, passing
from ochp_desktop.sheet.column_filter import shows_as_stored
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import SLICE, Slices


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """What stands in a column.

    Attributes:
        texts: each text once, in the order of the field's values; the empty one last.
        counts: how often each stands there.
    """

    texts: Sequence[str]
    counts: Mapping[str, int]


def counting(sheet: Sheet, conditions: Conditions, at: int) -> Slices[ColumnValues]:
    """The values in a field of the rows that all filters but its own let through.

    To be begun anew when the sheet changes meanwhile.
    """
    from ochp_desktop.sheet.sort_keys import SortKey
    from ochp_desktop.sheet.sorting import sorted_rows

    rows = yield from passing(sheet, conditions, without=at)
    column = sheet.columns[at]
    counts = Counter[str]()
    for start in range(0, len(rows), SLICE):
        counts.update(picked(column, rows[start : start + SLICE]))
        if start + SLICE < len(rows):
            yield
    values = list(counts)
    order = yield from sorted_rows(range(len(values)), [SortKey(values, sheet.kind.fields[at].type)])
    texts: list[str] = []
    for start in range(0, len(order), SLICE):
        texts += picked(values, order[start : start + SLICE])
        if start + SLICE < len(order):
            yield
    return ColumnValues(texts, counts)


def finding(texts: Sequence[str], wanted: str, field: Field) -> Slices[Sequence[str]]:
    """Those of some texts with another one in them, in any case, as the field shows them; all for ""."""
    if not wanted:
        return texts
    found: list[str] = []
    for start in range(0, len(texts), SLICE):
        part = texts[start : start + SLICE]
        shown = part if shows_as_stored(field) else [field.shown(text) for text in part]
        found += [part[place] for place in holders(shown, wanted)]
        if start + SLICE < len(texts):
            yield
    return found
