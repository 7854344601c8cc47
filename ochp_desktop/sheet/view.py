"""Which rows of a sheet are shown and in what order: sorted, filtered, and steady while the user edits."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Container, Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ochp_desktop.sheet.arranging import Conditions, arranged, passing
from ochp_desktop.sheet.column_filter import ColumnFilter
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import SLICE, Slices, at_once

# More separate blocks than this are quicker shown by renewing everything.
_MANY_BLOCKS = 16
# After this many look-ups by search a map of all positions pays.
_FEW_LOOKUPS = 12


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
    (`steps` and `take`) or at once (`follow`). Other conditions are either met at once (`sort_by`, `filter_text` and
    the like), or worked out in slices (`arrange`) and then shown (`show`).

    Attributes:
        sheet: the sheet that is looked at.
        rows: ids of the visible rows, in visible order, as a list or an array. For reading.
        conditions: what decides about them.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: MutableSequence[int] = list(sheet.order)
        self.conditions = Conditions()
        self._places: array[int] | None = None
        self._known: dict[int, int] = {}
        self._lookups = 0
        self._ascending = sheet.is_ascending

    def __len__(self) -> int:
        return len(self.rows)

    # what is shown

    @property
    def sort_keys(self) -> tuple[tuple[int, bool], ...]:
        """(field index, descending) by which the rows are sorted, the most important first; () = sheet order."""
        return self.conditions.keys

    @property
    def filter(self) -> str:
        """The quick filter's text."""
        return self.conditions.text

    @property
    def is_filtered(self) -> bool:
        """Whether rows may be hidden."""
        return self.conditions.is_filtered

    @property
    def column_filters(self) -> Mapping[int, ColumnFilter]:
        """The filters of single columns, by field index."""
        return dict(self.conditions.filters)

    @property
    def is_plain(self) -> bool:
        """Whether all rows are shown in the sheet's own order."""
        return not self.conditions.keys and not self.is_filtered

    @property
    def is_ascending(self) -> bool:
        """Whether the rows follow each other as they lie in memory."""
        return self._ascending

    @property
    def is_whole(self) -> bool:
        """Whether the rows are all row ids that there are, ascending: a column then is the column as shown."""
        return self._ascending and len(self.rows) == self.sheet.slots

    def arrange(self, conditions: Conditions) -> Slices[MutableSequence[int]]:
        """Work out in slices which rows these conditions would show; nothing changes until they are given to `show`.

        The sheet must not change meanwhile.
        """
        return arranged(self.sheet, conditions)

    def show(self, conditions: Conditions, rows: MutableSequence[int]) -> None:
        """Show the rows that `arrange` found for these conditions."""
        self.conditions = conditions
        self.rows = rows
        self._ascending = self.sheet.is_ascending and not conditions.keys
        self._forget_places()

    def refresh(self) -> None:
        """Sort and filter again, from the texts as they are now."""
        self._meet(self.conditions)

    def _meet(self, conditions: Conditions) -> None:
        self.show(conditions, at_once(self.arrange(conditions)))

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """Sort by one field."""
        self.sort_by_columns(((column, descending),))

    def sort_by_columns(self, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort by several (field index, descending), the most important first; () is the sheet's own order.

        Equal rows keep the sheet's order; empty cells come last in both directions.
        """
        self._meet(replace(self.conditions, keys=tuple(keys)))

    def filter_text(self, text: str) -> None:
        """Show only rows with this text in any field, in any case, as stored or as shown; "" shows all.

        Secret fields are not searched: which rows stay would give them away.
        """
        self._meet(replace(self.conditions, text=text.strip().casefold()))

    def only(self, rows: Container[int] | None) -> None:
        """Show only rows whose id is in `rows`, besides the quick filter; None lifts that."""
        self._meet(replace(self.conditions, only=rows))

    def filter_column(self, column: int, keep: ColumnFilter | None) -> None:
        """Show only rows that a filter of one field lets through, besides the other filters; None lifts it."""
        filters = {at: one for at, one in self.conditions.filters.items() if at != column}
        self._meet(replace(self.conditions, filters={**filters, column: keep} if keep else filters))

    def passing(self, *, without: int = -1) -> list[int]:
        """Ids of the rows that the filters let through, in the sheet's order.

        Args:
            without: index of a field whose own filter is left out, to know which values it could let through.
        """
        return at_once(passing(self.sheet, self.conditions, without=without))

    # where things are

    def position_of(self, row: int) -> int:
        """The visible position of a row, -1 when it is not shown."""
        if self._ascending:
            place = bisect_left(self.rows, row)
            return place if place < len(self.rows) and self.rows[place] == row else -1
        if row in self._known:
            return self._known[row]
        if self._places is None:
            self._lookups += 1
            if self._lookups <= _FEW_LOOKUPS:
                self._known[row] = _place_in(self.rows, row)
                return self._known[row]
            self._places = at_once(self._all_places())
        return self._places[row] if 0 <= row < len(self._places) else -1

    def look_up(self, rows: Collection[int]) -> list[int]:
        """The visible positions of those of the rows that are shown, ascending; `position_of` knows all after that."""
        return at_once(self.looking_up(rows))

    def looking_up(self, rows: Collection[int]) -> Slices[list[int]]:
        """The same in slices; to be begun anew when the view changes meanwhile."""
        if not self._ascending and self._places is None and len(rows) > _FEW_LOOKUPS - self._lookups:
            self._places = yield from self._all_places()
        return sorted(place for row in rows if (place := self.position_of(row)) >= 0)

    def _all_places(self) -> Slices[array[int]]:
        """The visible position of every row id, -1 of those that are not shown."""
        import numpy as np  # takes a while to load, and most tables are shown as they are

        places = np.full(self.sheet.slots, -1, np.dtype("l"))
        for start in range(0, len(self.rows), SLICE):
            part = np.array(self.rows[start : start + SLICE], np.dtype("l"))
            places[part] = np.arange(start, start + len(part))
            if start + SLICE < len(self.rows):
                yield
        return array("l", places.tobytes())

    def _forget_places(self) -> None:
        self._places = None
        self._lookups = 0
        self._known.clear()

    # following edits of the sheet

    def steps(self, edit: Edit) -> Iterator[Step] | None:
        """The blocks of rows that an edit, just done to the sheet, takes away and brings, one after the other.

        Take each (`take`) before asking for the next. None when there are so many blocks that `follow` is better.
        """
        goes = self.look_up([row for _, row in edit.removed])
        blocks = runs(goes)
        arrivals = runs([position for position, _ in edit.inserted])
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
            packed = isinstance(self.rows, array)
            self.rows[step.first : step.first] = array("l", step.rows) if packed else step.rows
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


def _place_in(rows: MutableSequence[int], row: int) -> int:
    """Where a number stands, -1 when it is not there; among the bytes of an array it is found ten times as fast."""
    if not isinstance(rows, array):
        try:
            return rows.index(row)
        except ValueError:
            return -1
    together, wanted = rows.tobytes(), array("l", [row]).tobytes()
    at = together.find(wanted)
    while at > 0 and at % rows.itemsize:
        at = together.find(wanted, at + 1)
    return at // rows.itemsize if at >= 0 else -1


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """(first, how many) of each run of consecutive ascending numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][0] + runs[-1][1] == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs
