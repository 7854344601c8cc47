"""Which rows of a sheet are shown and in what order: sorted, filtered, and steady while the user edits."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ochp_desktop.sheet.column_filter import ColumnFilter, shows_as_stored
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.sorting import mostly_different, sorted_rows

# More separate blocks than this are quicker shown by renewing everything.
_MANY_BLOCKS = 16
# After this many look-ups by search a map of all positions pays.
_FEW_LOOKUPS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One block of rows that comes or goes.

    Attributes:
        first: visible position of the block's first row, after coming or before going.
        rows: ids of the rows that come, () when rows go.
        gone: how many rows go.
    """

    first: int
    rows: Sequence[int] = ()
    gone: int = 0

    @property
    def last(self) -> int:
        """Visible position of the block's last row."""
        return self.first + (self.gone or len(self.rows)) - 1


class View:
    """The visible rows of a sheet, as row ids.

    An edited row stays where it is until `refresh`, even when it no longer fits the sort or the filter, so that
    nothing jumps under the hands. New and returning rows appear behind their neighbour in the sheet.

    The view does not listen to the sheet: whoever shows it passes each change on, either block by block
    (`steps` and `take`) or at once (`follow`).

    Attributes:
        sheet: the sheet that is looked at.
        rows: ids of the visible rows, in visible order. For reading.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: list[int] = list(sheet.order)
        self._keys: tuple[tuple[int, bool], ...] = ()
        self._text = ""
        self._only: Container[int] | None = None
        self._filters: dict[int, ColumnFilter] = {}
        self._places: array[int] | None = None
        self._lookups = 0
        self._ascending = sheet.is_ascending

    def __len__(self) -> int:
        return len(self.rows)

    # what is shown

    @property
    def sort_keys(self) -> tuple[tuple[int, bool], ...]:
        """(field index, descending) by which the rows are sorted, the most important first; () = sheet order."""
        return self._keys

    @property
    def filter(self) -> str:
        """The quick filter's text."""
        return self._text

    @property
    def is_filtered(self) -> bool:
        """Whether rows may be hidden."""
        return bool(self._text) or self._only is not None or bool(self._filters)

    @property
    def column_filters(self) -> Mapping[int, ColumnFilter]:
        """The filters of single columns, by field index."""
        return dict(self._filters)

    @property
    def is_plain(self) -> bool:
        """Whether all rows are shown in the sheet's own order."""
        return not self._keys and not self.is_filtered

    @property
    def is_whole(self) -> bool:
        """Whether the rows are all row ids that there are, ascending: a column then is the column as shown."""
        return self._ascending and len(self.rows) == self.sheet.slots

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """Sort by one field."""
        self.sort_by_columns(((column, descending),))

    def sort_by_columns(self, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort by several (field index, descending), the most important first; () is the sheet's own order.

        Equal rows keep the sheet's order; empty cells come last in both directions.
        """
        self._keys = tuple(keys)
        self.refresh()

    def filter_text(self, text: str) -> None:
        """Show only rows with this text in any field, in any case, as stored or as shown; "" shows all.

        Secret fields are not searched: which rows stay would give them away.
        """
        self._text = text.strip().casefold()
        self.refresh()

    def only(self, rows: Container[int] | None) -> None:
        """Show only rows whose id is in `rows`, besides the quick filter; None lifts that."""
        self._only = rows
        self.refresh()

    def filter_column(self, column: int, keep: ColumnFilter | None) -> None:
        """Show only rows that a filter of one field lets through, besides the other filters; None lifts it."""
        self.filter_columns({**self._filters, column: keep or ColumnFilter()})

    def filter_columns(self, filters: Mapping[int, ColumnFilter]) -> None:
        """Put these in place of all filters of single fields."""
        self._filters = {column: keep for column, keep in filters.items() if keep}
        self.refresh()

    def lift_filters(self) -> None:
        """Show all rows: no quick filter, no filters of fields, no chosen rows."""
        self._text, self._only, self._filters = "", None, {}
        self.refresh()

    def passing(self, *, without: int = -1) -> list[int]:
        """Ids of the rows that the filters let through, in the sheet's order.

        Args:
            without: index of a field whose own filter is left out, to know which values it could let through.
        """
        rows = list(self.sheet.order)
        if self._only is not None:
            only = self._only
            rows = [row for row in rows if row in only]
        for column, keep in self._filters.items():
            if column != without:
                rows = keep.passing(rows, self.sheet.columns[column], self.sheet.kind.fields[column])
        return self._with_text(rows) if self._text else rows

    def refresh(self) -> None:
        """Sort and filter again, from the texts as they are now."""
        rows = self.passing()
        for column, descending in reversed(self._keys):
            field_type = self.sheet.kind.fields[column].type
            rows = sorted_rows(rows, self.sheet.columns[column], field_type, descending=descending)
        self.rows = rows
        self._ascending = self.sheet.is_ascending and not self._keys
        self._forget_places()

    def _with_text(self, rows: list[int]) -> list[int]:
        matching: set[int] = set()
        wanted = self._text
        for field, column in zip(self.sheet.kind, self.sheet.columns, strict=True):
            if field.secret:
                continue
            if shows_as_stored(field) and mostly_different(column):
                matching.update(holders(column, wanted))
                continue
            hits = {text for text in set(column) if wanted in text.casefold() or wanted in field.shown(text).casefold()}
            if hits:
                matching.update([row for row in rows if column[row] in hits])
        return [row for row in rows if row in matching] if matching else []

    # where things are

    def position_of(self, row: int) -> int:
        """The visible position of a row, -1 when it is not shown."""
        if self._ascending:
            place = bisect_left(self.rows, row)
            return place if place < len(self.rows) and self.rows[place] == row else -1
        if self._places is None:
            self._lookups += 1
            if self._lookups <= _FEW_LOOKUPS:
                try:
                    return self.rows.index(row)
                except ValueError:
                    return -1
            places = array("l", [-1]) * self.sheet.slots
            for position, shown in enumerate(self.rows):
                places[shown] = position
            self._places = places
        return self._places[row] if 0 <= row < len(self._places) else -1

    def _forget_places(self) -> None:
        self._places = None
        self._lookups = 0

    # following edits of the sheet

    def steps(self, edit: Edit) -> Iterator[Step] | None:
        """The blocks of rows that an edit, just done to the sheet, takes away and brings, one after the other.

        Take each (`take`) before asking for the next. None when there are so many blocks that `follow` is better.
        """
        goes = sorted(place for _, row in edit.removed if (place := self.position_of(row)) >= 0)
        blocks = _runs(goes)
        arrivals = _runs([position for position, _ in edit.inserted])
        if len(blocks) + len(arrivals) > _MANY_BLOCKS:
            return None
        return self._steps(edit, blocks, arrivals)

    def _steps(self, edit: Edit, blocks: list[tuple[int, int]], arrivals: list[tuple[int, int]]) -> Iterator[Step]:
        for first, count in reversed(blocks):
            yield Step(first, gone=count)
        done = 0
        for position, count in arrivals:
            rows = [row for _, row in edit.inserted[done : done + count]]
            done += count
            yield Step(position if self.is_plain else self._place_behind(position), rows)

    def _place_behind(self, position: int) -> int:
        """The visible position behind the row before this one in the sheet, else the end."""
        place = self.position_of(self.sheet.order[position - 1]) if position else -1
        return len(self.rows) if place < 0 else place + 1

    def take(self, step: Step) -> None:
        """Do one step."""
        if step.gone:
            del self.rows[step.first : step.first + step.gone]
        else:
            self.rows[step.first : step.first] = step.rows
            if self._ascending:
                around = self.rows[max(0, step.first - 1) : step.last + 2]
                self._ascending = all(a < b for a, b in pairwise(around))
        self._forget_places()

    def follow(self, edit: Edit) -> None:
        """Take all rows of an edit, just done to the sheet, away and in, at once."""
        if not edit.removed and not edit.inserted:
            return
        if self.is_plain:
            self.rows = list(self.sheet.order)
            self._ascending = self.sheet.is_ascending
            self._forget_places()
            return
        self._ascending = self._ascending and not edit.inserted
        gone = {row for _, row in edit.removed}
        rows = [row for row in self.rows if row not in gone] if gone else list(self.rows)
        shown = set(rows)
        behind: dict[int, list[int]] = {}
        last: list[int] = []
        for position, row in edit.inserted:
            before = self.sheet.order[position - 1] if position else -1
            if before in behind:
                behind[before].append(row)
            elif before in shown:
                behind[before] = [row]
            else:
                last.append(row)
            shown.add(row)
        self.rows = self._woven(rows, behind, last)
        self._forget_places()

    @staticmethod
    def _woven(rows: list[int], behind: dict[int, list[int]], last: list[int]) -> list[int]:
        """The rows with the arrivals behind their neighbours, whatever arrived behind an arrival included."""
        if not behind and not last:
            return rows
        woven: list[int] = []
        for row in [*rows, *last]:
            waiting = [row]
            while waiting:
                place = waiting.pop()
                woven.append(place)
                waiting.extend(reversed(behind.pop(place, ())))
        return woven


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """(first, how many) of each run of consecutive ascending numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][0] + runs[-1][1] == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs
