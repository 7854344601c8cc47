"""The table being edited: text cells with stable row ids, changed only by edits, with unlimited undo."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, compress, islice, pairwise, repeat
from operator import lt, ne

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import WORTH_POOLING, alike, copied, pieces, pooled
from ochp_desktop.records.release import Columns
from ochp_desktop.records.rules import DamagedCell
from ochp_desktop.sheet.edit import ColumnChange, Direction, Edit, PackedEdit
from ochp_desktop.sheet.origin import Origin

_CHUNK = 10_000
# A column whose texts are mostly different is not worth a pool of known texts.
_POOL_TRIAL = 4_096
# Up to here, looking rows up one by one is quicker than building a map of all positions.
_FEW = 4
# Rows that were made and undone before a draft was saved leave gaps in the ids of this size at most.
_GAP = 10_000_000


class Sheet:
    """Rows of one record kind, as text.

    A row keeps its id for ever; removed rows keep their slot, so that undo brings them back.
    `columns` and `order` are for reading; every change goes through `apply`, `undo` and `redo`.

    Attributes:
        kind: what the rows are.
        columns: one list of texts per field, indexed by row id. These very lists are kept for the sheet's life, once it
            is filled.
        order: ids of the rows that are in the sheet, in the sheet's own order.
        sources: row number in the file by row id, counted from 1; 0 for a row that is not from the file.
        origin: the file, or None.
        damage: field name -> row id -> what a spreadsheet did to the cell before it arrived.
        revision: grows with every change.
        is_changing: whether an edit is being carried out at this moment, for who looks from another thread.
        on_change: called after every change with the edit as it was done (an undo's is already inverted)
            and the direction.
    """

    def __init__(self, kind: RecordKind, origin: Origin | None = None) -> None:
        self.kind = kind
        self.columns = Columns([] for _ in kind)
        self.order: list[int] = []
        self.sources: array[int] = array("L")
        self.origin = origin
        self.damage: dict[str, dict[int, DamagedCell]] = {}
        self.revision = 0
        self.is_changing = False
        self.on_change: list[Callable[[Edit, Direction], None]] = []
        self._ascending = True
        self._done: list[Edit | PackedEdit] = []
        self._undone: list[Edit | PackedEdit] = []

    # reading

    def __len__(self) -> int:
        return len(self.order)

    def __bool__(self) -> bool:
        """A sheet without rows is still a sheet."""
        return True

    @property
    def slots(self) -> int:
        """How many row ids were ever given out; ids are below this."""
        return len(self.sources)

    def text(self, row: int, column: int) -> str:
        """The text of one cell, by row id and field index."""
        return self.columns[column][row]

    def row_texts(self, row: int) -> tuple[str, ...]:
        """The texts of a row in wire order."""
        return tuple(column[row] for column in self.columns)

    def rows_texts(self, rows: Iterable[int] | None = None) -> list[tuple[str, ...]]:
        """The texts of these rows, or of all in the sheet's order."""
        ids = self.order if rows is None else list(rows)
        return list(zip(*([column[row] for row in ids] for column in self.columns), strict=True))

    def cell_name(self, row: int, field: str) -> str:
        """The cell's name as in the file it came from ("B17"), or "" when it is in none."""
        if self.origin is None or not 0 <= row < self.slots or not self.sources[row]:
            return ""
        letter = self.origin.letters.get(field, "")
        return f"{letter}{self.sources[row]}" if letter else ""

    @property
    def is_ascending(self) -> bool:
        """Whether the order is that of the row ids: then a row is found by halving."""
        return self._ascending

    def positions(self, rows: Iterable[int]) -> list[tuple[int, int]]:
        """(position in the sheet's order, row id) of those of the rows that are in the sheet, ascending."""
        wanted = set(rows)
        if self._ascending:
            found = []
            for row in wanted:
                position = bisect_left(self.order, row)
                if position < len(self.order) and self.order[position] == row:
                    found.append((position, row))
            return sorted(found)
        if len(wanted) <= _FEW:
            return sorted((self.order.index(row), row) for row in wanted if row in self.order)
        return [(position, row) for position, row in enumerate(self.order) if row in wanted]

    # filling

    def load(self, rows: Iterable[Sequence[str]], sources: Iterable[int] = ()) -> None:
        """Append many rows at once, outside undo; short rows are filled up with empty texts, long ones cut.

        Args:
            rows: texts in wire order.
            sources: their row numbers in the file; missing ones count as 0.
        """
        width = len(self.columns)
        first = self.slots
        pools: list[dict[str, str] | None] = [{} for _ in self.columns]
        iterator = iter(rows)
        while chunk := list(islice(iterator, _CHUNK)):
            if any(len(row) != width for row in chunk):
                chunk = [[*row[:width], *repeat("", width - len(row))] for row in chunk]
            for index, texts in enumerate(zip(*chunk, strict=True)):
                pool = pools[index]
                column = self.columns[index]
                if pool is None:
                    column.extend(texts)
                    continue
                column.extend(map(pool.setdefault, texts, texts))
                if len(pool) > _POOL_TRIAL and len(pool) * 2 > len(column) - first:
                    pools[index] = None
        slots = len(self.columns[0])
        self.sources.extend(islice(chain(sources, repeat(0)), slots - first))
        self.order.extend(range(first, slots))
        self.revision += 1

    def add_damage(
        self, damage: Mapping[str, Mapping[int, DamagedCell]], place: Callable[[int], int | None] = lambda row: row
    ) -> None:
        """Remember what had happened to cells before they arrived.

        Args:
            damage: field name -> row -> what happened.
            place: that row's id in this sheet, None when it is not in it.
        """
        for name, cells in damage.items():
            known = self.damage.setdefault(name, {})
            known.update((row, cell) for other, cell in cells.items() if (row := place(other)) is not None)

    def restore(self, columns: Sequence[list[str]], sources: Iterable[int], order: Sequence[int]) -> None:
        """Fill an empty sheet with what another one held, removed rows included; the lists become the sheet's own.

        Raises:
            ValueError: the sheet is not empty, or the lists do not make up a sheet of this kind.
        """
        if self.slots or len(columns) != len(self.columns):
            raise ValueError("not the columns of this kind of sheet")
        numbers, rest = array("L"), iter(sources)
        while chunk := list(islice(rest, _CHUNK)):
            numbers.extend(chunk)
        if any(len(column) != len(numbers) for column in columns):
            raise ValueError("columns of different lengths")
        ascending = _ascend(order)
        if not (_begin_and_end(order, len(numbers)) if ascending else _are_different(order, len(numbers))):
            raise ValueError("an order of rows that are not there")
        self.columns = Columns(columns)
        for column in columns:
            trial = column[:_POOL_TRIAL] if len(column) > WORTH_POOLING else ()
            # Of texts that are all the same there is one copy already.
            if len(set(trial)) * 2 < len(trial) and not alike(column):
                pooled(column)
        self.sources = numbers
        self.order = copied(order)
        self._ascending = ascending
        self.revision += 1

    def recall(self, edit: PackedEdit | None, direction: Direction) -> None:
        """Remember a step that was taken before the sheet was filled, for undo and redo only; the sheet stays."""
        if direction is Direction.DO and edit is not None:
            self._done.append(edit)
            self._undone.clear()
        elif direction is Direction.UNDO and self._done:
            self._undone.append(self._done.pop())
        elif direction is Direction.REDO and self._undone:
            self._done.append(self._undone.pop())

    def forget_steps(self) -> None:
        """Forget everything that could be undone or redone."""
        self._done.clear()
        self._undone.clear()

    # building edits

    def set_columns(self, name: str, changes: Mapping[int, Mapping[int, str]]) -> Edit:
        """An edit that sets texts: field index -> row id -> text. Cells that have the text already are left out."""
        parts = []
        for index in sorted(changes):
            rows, new = list(changes[index]), list(changes[index].values())
            old = list(map(self.columns[index].__getitem__, rows))
            changed = list(map(ne, old, new))
            if any(changed):
                kept = list(compress(rows, changed))
                parts.append(ColumnChange(index, kept, list(compress(old, changed)), list(compress(new, changed))))
        return Edit(name, tuple(parts))

    def set_cells(self, name: str, cells: Iterable[tuple[int, int, str]]) -> Edit:
        """An edit that sets texts, from (row id, field index, text); of a cell named twice the last counts."""
        pool: dict[str, str] = {}
        changes: dict[int, dict[int, str]] = {}
        for row, column, text in cells:
            changes.setdefault(column, {})[row] = pool.setdefault(text, text)
        return self.set_columns(name, changes)

    def insert_rows(self, name: str, at: int, rows: Sequence[Sequence[str]]) -> Edit:
        """An edit that puts new rows in before position `at` of the sheet's order; missing texts are empty."""
        at = max(0, min(at, len(self.order)))
        first = self.slots
        cells = self._new_cells(first, rows)
        return Edit(name, cells, inserted=tuple((at + i, first + i) for i in range(len(rows))))

    def remove_rows(self, name: str, rows: Iterable[int]) -> Edit:
        """An edit that takes rows out; ids that are not in the sheet are ignored."""
        return Edit(name, removed=tuple(self.positions(rows)))

    def move_rows(self, name: str, rows: Iterable[int], to: int) -> Edit:
        """An edit that takes rows from their places and puts them, in their order, in before a position of the rest.

        Args:
            name: for the undo menu.
            rows: row ids; those that are not in the sheet are ignored.
            to: position in the sheet's order as it is without these rows.
        """
        taken = self.positions(rows)
        to = max(0, min(to, len(self.order) - len(taken)))
        put = tuple((to + place, row) for place, (_position, row) in enumerate(taken))
        return Edit(name) if put == tuple(taken) else Edit(name, inserted=put, removed=tuple(taken))

    def _new_cells(self, first: int, rows: Sequence[Sequence[str]]) -> tuple[ColumnChange, ...]:
        parts = []
        for index in range(len(self.columns)):
            ids, new = [], []
            for offset, texts in enumerate(rows):
                if index < len(texts) and texts[index]:
                    ids.append(first + offset)
                    new.append(texts[index])
            if ids:
                parts.append(ColumnChange(index, ids, [""] * len(ids), new))
        return tuple(parts)

    # changing

    def apply(self, edit: Edit) -> None:
        """Do an edit that was built for the sheet as it is now; an edit that changes nothing is not recorded.

        Raises:
            ValueError: the edit does not fit this sheet; nothing was changed.
        """
        if not edit:
            return
        self._carry_out(edit)
        edit.release_slowly()
        self._done.append(edit)
        self._undone.clear()
        self._tell(edit, Direction.DO)

    def undo(self) -> Edit | None:
        """Take the last edit back; returns what was done to the sheet (the inverse), or None."""
        edit = self._take_step(self._done, Edit.inverse)
        if edit is None:
            return None
        self._undone.append(edit)
        back = edit.inverse()
        self._tell(back, Direction.UNDO)
        return back

    def redo(self) -> Edit | None:
        """Do the last undone edit again; returns it, or None."""
        edit = self._take_step(self._undone, lambda edit: edit)
        if edit is None:
            return None
        self._done.append(edit)
        self._tell(edit, Direction.REDO)
        return edit

    def _take_step(self, steps: list[Edit | PackedEdit], turned: Callable[[Edit], Edit]) -> Edit | None:
        """Carry the last of the steps out; None when there is none, or none that can be read."""
        if not steps:
            return None
        step = steps[-1]
        try:
            edit = step if isinstance(step, Edit) else step.unpacked()
            self._carry_out(turned(edit))
            if edit is not step:
                edit.release_slowly()
        except ValueError:
            # What lies below a step that cannot be taken cannot be reached any more.
            steps.clear()
            return None
        steps.pop()
        return edit

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone edit to do again."""
        return bool(self._undone)

    @property
    def undo_name(self) -> str:
        """Name of the edit that `undo` takes back, or ""."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """Name of the edit that `redo` does again, or ""."""
        return self._undone[-1].name if self._undone else ""

    def steps(self) -> tuple[list[Edit | PackedEdit], list[Edit | PackedEdit]]:
        """The edits that can be undone and those that can be redone, each the oldest first."""
        return list(self._done), list(self._undone)

    def history(self) -> tuple[list[str], list[str]]:
        """Names of the edits that can be undone and of those that can be redone, each the next one first."""
        return [edit.name for edit in reversed(self._done)], [edit.name for edit in reversed(self._undone)]

    def _tell(self, edit: Edit, direction: Direction) -> None:
        for listener in tuple(self.on_change):
            listener(edit, direction)

    def _carry_out(self, edit: Edit) -> None:
        self._check_fits(edit)
        # Grows before and after, so that who copies the sheet in another thread sees that it is in between.
        self.revision += 1
        self.is_changing = True
        self._make_slots(edit)
        if edit.removed:
            self._take_out(edit.removed)
        if edit.inserted:
            self._put_in(edit.inserted)
        for change in edit.cells:
            _put(self.columns[change.column], change.rows, change.new)
        self.is_changing = False
        self.revision += 1

    def _check_fits(self, edit: Edit) -> None:
        size = len(self.order)
        if any(position >= size or self.order[position] != row for position, row in edit.removed):
            raise ValueError("the edit removes rows that are not there")
        final = size - len(edit.removed) + len(edit.inserted)
        if any(position >= final for position, _ in edit.inserted):
            raise ValueError("the edit inserts rows past the end")
        limit = max((row for _, row in edit.inserted), default=-1)
        if limit > self.slots + len(edit.inserted) + _GAP:
            raise ValueError("the edit makes rows far past the last")
        limit = max(limit + 1, self.slots)
        for change in edit.cells:
            if change.column >= len(self.columns) or _largest(change.rows) >= limit:
                raise ValueError("the edit changes cells that are not there")

    def _make_slots(self, edit: Edit) -> None:
        missing = max((row for _, row in edit.inserted), default=-1) + 1 - self.slots
        if missing > 0:
            for column in self.columns:
                column.extend(repeat("", missing))
            self.sources.extend(repeat(0, missing))

    def _take_out(self, removed: Sequence[tuple[int, int]]) -> None:
        if len(removed) <= _FEW:
            for position, _ in reversed(removed):
                del self.order[position]
            return
        kept: list[int] = []
        start = 0
        for position, _ in removed:
            kept += self.order[start:position]
            start = position + 1
        kept += self.order[start:]
        self.order[:] = kept

    def _put_in(self, inserted: Sequence[tuple[int, int]]) -> None:
        if len(inserted) <= _FEW:
            for position, row in inserted:
                self.order.insert(position, row)
        else:
            merged: list[int] = []
            start = 0
            for position, row in inserted:
                wanted = position - len(merged)
                if wanted > 0:
                    merged += self.order[start : start + wanted]
                    start += wanted
                merged.append(row)
            merged += self.order[start:]
            self.order[:] = merged
        if not self._ascending:
            return
        if len(inserted) <= _FEW:
            self._ascending = all(self._in_sequence(position) for position, _ in inserted)
        else:
            self._ascending = all(map(lt, self.order, islice(self.order, 1, None)))

    def _in_sequence(self, position: int) -> bool:
        around = self.order[max(0, position - 1) : position + 2]
        return all(a < b for a, b in pairwise(around))


def _largest(rows: Sequence[int]) -> int:
    """The largest row id, -1 of none."""
    return rows[-1] if isinstance(rows, range) and rows else max(rows, default=-1)


def _put(column: list[str], rows: Sequence[int], texts: Sequence[str]) -> None:
    """Write texts into a column; rows that follow each other are one piece of it."""
    run = range(rows[0], rows[0] + len(rows)) if rows else range(0)
    if len(rows) > _FEW and rows[-1] == run[-1] and (isinstance(rows, range) or list(rows) == list(run)):
        column[run.start : run.stop] = texts
        return
    for row, text in zip(rows, texts, strict=True):
        column[row] = text


def _ascend(order: Sequence[int]) -> bool:
    """Whether each of the numbers is larger than the one before."""
    if isinstance(order, range):
        return order.step > 0
    # Each piece begins with the last of the piece before.
    parts = (order[max(0, piece.start - 1) : piece.stop] for piece in pieces(0, len(order)))
    return all(all(map(lt, part, islice(part, 1, None))) for part in parts)


def _begin_and_end(order: Sequence[int], limit: int) -> bool:
    """Whether ascending numbers are from 0 to below the limit."""
    return not order or (order[0] >= 0 and order[-1] < limit)


def _are_different(order: Sequence[int], limit: int) -> bool:
    """Whether these are different numbers from 0 to below the limit."""
    seen = bytearray(limit)
    for piece in pieces(0, len(order)):
        part = order[piece]
        if min(part) < 0 or max(part) >= limit:
            return False
        for row in part:
            seen[row] = 1
    return seen.count(1) == len(order)
