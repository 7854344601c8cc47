"""Which rows of a sheet are shown, and in what order, worked out in slices."""

from __future__ import annotations

from collections.abc import Container, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from itertools import compress

from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import picked
from ochp_desktop.sheet.column_filter import ColumnFilter, shows_as_stored
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import SLICE, Slices
from ochp_desktop.sheet.variety import mostly_different


@dataclass(frozen=True, slots=True)
class Conditions:
    """What decides which rows are shown, and in what order.

    Attributes:
        keys: (field index, descending) to sort by, the most important first; () is the sheet's own order.
        text: the quick filter's, folded: only rows with it in any field that is not secret; "" for all.
        only: ids of the rows that may be shown; None for all.
        filters: those of single fields, by field index.
    """

    keys: tuple[tuple[int, bool], ...] = ()
    text: str = ""
    only: Container[int] | None = None
    filters: Mapping[int, ColumnFilter] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        """Whether rows may be hidden."""
        return bool(self.text) or self.only is not None or bool(self.filters)

    def hides_as(self, other: Conditions) -> bool:
        """Whether the same rows are hidden as by other conditions, so that only their order may differ."""
        return self.only is other.only and self.text == other.text and self.filters == other.filters


def arranged(sheet: Sheet, conditions: Conditions) -> Slices[MutableSequence[int]]:
    """Ids of the rows that meet the conditions, in order; to be begun anew when the sheet changes meanwhile."""
    rows = yield from passing(sheet, conditions)
    if not conditions.keys:
        return rows
    from ochp_desktop.sheet.sort_keys import SortKey  # its arrays take a while to load, and few sort at once
    from ochp_desktop.sheet.sorting import sorted_rows

    keys = [SortKey(sheet.columns[at], sheet.kind.fields[at].type, down) for at, down in conditions.keys]
    return (yield from sorted_rows(rows, keys))


def load_sorting() -> None:
    """Load what sorting needs, in a thread while nobody sorts yet: else the first sorting waits 60 ms for it."""
    import ochp_desktop.sheet.sorting  # noqa: F401 - the loading is all that is wanted


def passing(sheet: Sheet, conditions: Conditions, *, without: int = -1) -> Slices[list[int]]:
    """Ids of the rows that the filters let through, in the sheet's order.

    Args:
        sheet: whose rows.
        conditions: the filters.
        without: index of a field whose own filter is left out.
    """
    if not conditions.is_filtered:
        return list(sheet.order)
    only, filters = conditions.only, {at: one for at, one in conditions.filters.items() if at != without}
    search = _TextSearch(sheet, conditions.text) if conditions.text else None
    kept: list[int] = []
    for start in range(0, len(sheet.order), SLICE):
        rows = sheet.order[start : start + SLICE]
        if only is not None:
            rows = [row for row in rows if row in only]
        for at, keep in filters.items():
            rows = keep.passing(rows, sheet.columns[at], sheet.kind.fields[at])
        if search is not None:
            rows = search.matching(rows)
        kept += rows
        if start + SLICE < len(sheet.order):
            yield
    return kept


class _TextSearch:
    """Looks for a text in all fields of some rows, as stored and as shown; secret fields would be given away."""

    def __init__(self, sheet: Sheet, wanted: str) -> None:
        self._sheet = sheet
        self._wanted = wanted
        self._different: list[list[str]] = []
        self._repeating: list[tuple[Field, list[str], dict[str, bool]]] = []
        for one, column in zip(sheet.kind, sheet.columns, strict=True):
            if one.secret:
                continue
            if shows_as_stored(one) and mostly_different(column):
                self._different.append(column)
            else:
                self._repeating.append((one, column, {}))

    def matching(self, rows: list[int]) -> list[int]:
        """Those of the rows that have the text."""
        if not rows:
            return []
        first, last = rows[0], rows[-1]
        # Rows that follow each other are a piece of their column.
        follow = last - first + 1 == len(rows) and (self._sheet.is_ascending or rows == list(range(first, last + 1)))
        piece = slice(first, last + 1) if follow else None
        found: set[int] = set()
        for column in self._different:
            found.update(holders(_texts(column, rows, piece), self._wanted))
        for one, column, known in self._repeating:
            texts = _texts(column, rows, piece)
            for text in _different(texts) - known.keys():
                known[text] = self._wanted in text.casefold() or self._wanted in one.shown(text).casefold()
            if any(known.values()):
                found.update(compress(range(len(rows)), map(known.__getitem__, texts)))
        return [rows[at] for at in sorted(found)]


def _different(texts: Sequence[str]) -> set[str]:
    """The different ones of some texts; many columns say the same in every row."""
    one = texts[0]
    alike = one == texts[-1] == texts[len(texts) // 2] and texts.count(one) == len(texts)
    return {one} if alike else set(texts)


def _texts(column: Sequence[str], rows: Sequence[int], piece: slice | None) -> Sequence[str]:
    return picked(column, rows) if piece is None else column[piece]
