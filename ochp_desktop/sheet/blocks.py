"""Edits of whole blocks of cells, built in slices so that a window goes on while millions of cells are pasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress, repeat, zip_longest
from operator import eq, ne

from ochp_desktop.records.pieces import WORTH_POOLING
from ochp_desktop.sheet.edit import ColumnChange, Edit, run_of
from ochp_desktop.sheet.even_lines import EvenLines
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import SLICE, Slices, at_once
from ochp_desktop.sheet.variety import mostly_different

# Rows that are worth being told as a stretch.
_FEW = 16
# Texts that are looked at to see whether they are repeated.
_LOOK_AT = 512


def pasted(
    sheet: Sheet,
    name: str,
    top: int,
    left: int,
    block: Sequence[Sequence[str]],
    order: Sequence[int] | None = None,
    columns: Sequence[int] | None = None,
) -> Edit:
    """The edit that `pasting` builds, without pauses."""
    return at_once(pasting(sheet, name, top, left, block, order, columns))


def pasting(
    sheet: Sheet,
    name: str,
    top: int,
    left: int,
    block: Sequence[Sequence[str]],
    order: Sequence[int] | None = None,
    columns: Sequence[int] | None = None,
) -> Slices[Edit]:
    """An edit that writes a block of texts over cells; what reaches below the last row becomes new rows.

    To be begun anew when the sheet changes meanwhile.

    Args:
        sheet: whose cells.
        name: for the undo menu.
        top: position in `order` where the block begins.
        left: position in `columns` where it begins; what reaches past the last column is left out.
        block: lines of texts; lines may differ in length.
        order: the row ids as shown, or None for the sheet's own order.
        columns: the field indexes as shown, or None for all in wire order.
    """
    shown = sheet.order if order is None else order
    targets = list(range(len(sheet.columns)) if columns is None else columns)[left:]
    inside = max(0, min(len(shown) - top, len(block)))
    fresh = range(sheet.slots, sheet.slots + len(block) - inside)
    rows = run_of([*shown[top : top + inside], *fresh])
    pooling = len(block) > WORTH_POOLING
    changes = {target: _Change(target, sheet.columns[target], pooling=pooling) for target in targets}
    for start in range(0, len(block), SLICE):
        part, lines = rows[start : start + SLICE], block[start : start + SLICE]
        if isinstance(lines, EvenLines):
            for target, texts in zip(targets, lines.columns, strict=False):
                changes[target].add(part, texts)
        else:
            for target, some in zip(targets, zip_longest(*lines), strict=False):
                changes[target].add_some(part, some)
        if start + SLICE < len(block):
            yield
    return Edit(name, (yield from _done(changes)), inserted=tuple(enumerate(fresh, len(sheet.order))))


def filling(sheet: Sheet, name: str, cells: Mapping[int, Sequence[int]], text: str) -> Slices[Edit]:
    """An edit that puts one text into many cells: field index -> row ids."""
    changes = {target: _Change(target, sheet.columns[target], pooling=False) for target in cells}
    for target, rows in cells.items():
        for start in range(0, len(rows), SLICE):
            part = run_of(list(rows[start : start + SLICE]))
            changes[target].add(part, [text] * len(part))
            if start + SLICE < len(rows):
                yield
    return Edit(name, (yield from _done(changes)))


class _Change:
    """What is set in one column; cells that have the text already are left out, but not a few of a long stretch."""

    def __init__(self, target: int, column: list[str], *, pooling: bool) -> None:
        self._target = target
        self._column = column
        self._pool: dict[str, str] | None = {} if pooling else None
        # A stretch for as long as the rows follow each other: nobody looks at a million of them then.
        self._rows: list[int] | range = range(0)
        self._old: list[str] = []
        self._new: list[str] = []

    def add_some(self, rows: Sequence[int], texts: Sequence[str | None]) -> None:
        """The same where None leaves a cell as it is."""
        before = self._before(rows)
        self.add(rows, [old if text is None else text for old, text in zip(before, texts, strict=True)])

    def add(self, rows: Sequence[int], wanted: list[str]) -> None:
        """New texts of some rows, of which those at the end may be new rows; the list becomes the change's own."""
        before = self._before(rows)
        if before == wanted:
            return
        # Each time that fifty thousand texts are gone through takes half a millisecond, and a long stretch is quicker
        # with all its rows than without some of them.
        long = isinstance(rows, range) and len(rows) > _LOOK_AT
        if not long or _mostly_equal(before[:_LOOK_AT], wanted[:_LOOK_AT]):
            changed = list(map(ne, before, wanted))
            rows = run_of(list(compress(rows, changed)))
            before, wanted = list(compress(before, changed)), list(compress(wanted, changed))
        self._add_rows(rows)
        wanted = self._pooled(wanted)
        if self._old:
            self._old += before
            self._new += wanted
        else:
            self._old, self._new = before, wanted

    def _before(self, rows: Sequence[int]) -> list[str]:
        known = len(self._column)
        if isinstance(rows, range):
            before = self._column[rows.start : rows.stop]
        else:
            before = [self._column[row] for row in rows if row < known]
        before += repeat("", len(rows) - len(before))
        return before

    def _add_rows(self, rows: Sequence[int]) -> None:
        if isinstance(self._rows, range):
            if not self._rows and isinstance(rows, range):
                self._rows = rows
                return
            if isinstance(rows, range) and rows.start == self._rows.stop:
                self._rows = range(self._rows.start, rows.stop)
                return
            self._rows = list(self._rows)
        self._rows += rows

    def _pooled(self, texts: list[str]) -> list[str]:
        """Of texts that are repeated there is one copy."""
        if self._pool is not None and mostly_different(texts[:_LOOK_AT]):
            self._pool = None
        return texts if self._pool is None else list(map(self._pool.setdefault, texts, texts))

    def done(self) -> ColumnChange | None:
        """The column's part of the edit, None where nothing changes."""
        if not self._rows:
            return None
        rows = self._rows if len(self._rows) > _FEW else list(self._rows)
        return ColumnChange(self._target, rows, self._old, self._new)


def _mostly_equal(texts: Sequence[str], others: Sequence[str]) -> bool:
    return list(map(eq, texts, others)).count(True) * 2 > len(texts)


def _done(changes: Mapping[int, _Change]) -> Slices[tuple[ColumnChange, ...]]:
    found: list[ColumnChange] = []
    for target in sorted(changes):
        part = changes[target].done()
        if part is not None:
            found.append(part)
            if len(part.rows) > SLICE:
                yield
    return tuple(found)
