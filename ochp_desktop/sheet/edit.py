"""One change of a sheet: the undo step and the autosave record in one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from ochp_desktop.records.pieces import pieces
from ochp_desktop.records.release import release_with
from ochp_desktop.records.turns import Turns
from ochp_desktop.sheet.slices import SLICE


class Direction(Enum):
    """How an edit came about."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """New texts in one column.

    Attributes:
        column: index of the field.
        rows: row ids, each once; a `range` where many follow each other, which is written and looked at in no time.
        old: their texts before, in the same order.
        new: their texts after, in the same order; of a long stretch some may be as they were.
    """

    column: int
    rows: Sequence[int]
    old: Sequence[str]
    new: Sequence[str]

    def different(self) -> Iterator[tuple[int, str]]:
        """(row id, text before) of the cells whose text is another one after."""
        return ((row, old) for row, old, new in zip(self.rows, self.old, self.new, strict=True) if old != new)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Edit:
    """One change of a sheet, of any size: rows taken out, then rows put in, then texts changed.

    The lists in it are its own and those of its inverse, for nobody else to keep: see `release_slowly`.

    Attributes:
        name: what the user did, in the user's language ("Paste"), for the undo menu.
        cells: texts that are set, at most one entry per column.
        inserted: (position, row id), ascending, positions as they are after the edit.
        removed: (position, row id), ascending, positions as they were before the edit.
        taken_back: the edit of which it is the inverse, None when it is none.
    """

    name: str
    cells: tuple[ColumnChange, ...] = ()
    inserted: tuple[tuple[int, int], ...] = ()
    removed: tuple[tuple[int, int], ...] = ()
    taken_back: Edit | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.cells or self.inserted or self.removed)

    @property
    def cell_count(self) -> int:
        """How many cells are set."""
        return sum(len(change.rows) for change in self.cells)

    def is_larger_than(self, rows: int) -> bool:
        """Whether so many rows change, come or go, of those that can be counted without looking at each."""
        return max(len(self.inserted), len(self.removed), *(len(change.rows) for change in self.cells), 0) > rows

    def touches_more_than(self, rows: int) -> bool:
        """Whether so many different rows change, come or go; they are looked at only where that cannot be told else."""
        if self.is_larger_than(rows):
            return True
        stretches = [change.rows for change in self.cells]
        # A pasted block has the same rows in each column.
        apart = [own for own, before in zip(stretches, [(), *stretches], strict=False) if own != before]
        if len(self.inserted) + len(self.removed) + sum(map(len, apart)) <= rows:
            return False
        return len(self.touched()) + len(self.gone()) > rows

    def touched(self) -> set[int]:
        """Ids of the rows that are in the sheet after the edit and are new or have a cell that was set."""
        rows = {row for _, row in self.inserted}
        before: Sequence[int] = ()
        for change in self.cells:
            # A pasted block has the same rows in each column.
            if change.rows != before:
                rows.update(change.rows)
                before = change.rows
        return rows - self.gone() if self.removed else rows

    def gone(self) -> set[int]:
        """Ids of the rows that are no longer in the sheet after the edit."""
        return {row for _, row in self.removed} - {row for _, row in self.inserted}

    def changes(self) -> dict[int, set[int]]:
        """Row id -> indexes of the fields whose text is set."""
        changes: dict[int, set[int]] = {}
        for change in self.cells:
            for row in change.rows:
                changes.setdefault(row, set()).add(change.column)
        return changes

    def inverse(self) -> Edit:
        """The edit that takes this one back."""
        cells = tuple(ColumnChange(change.column, change.rows, change.new, change.old) for change in self.cells)
        return Edit(self.name, cells, inserted=self.removed, removed=self.inserted, taken_back=self)

    def release_slowly(self) -> None:
        """When it is forgotten with its inverse, have its texts let go of in slices: millions at once are felt."""
        if self.is_larger_than(_MANY):
            release_with(self, *(texts for change in self.cells for texts in (change.old, change.new)))

    def to_json(self) -> str:
        """The edit as one line of JSON."""
        cells = (f"[{c.column},{_listed(c.rows)},{_listed(c.old)},{_listed(c.new)}]" for c in self.cells)
        return (
            f'{_BEGINNING}{_json(self.name)},"cells":[{",".join(cells)}],'
            f'"inserted":{_listed(self.inserted)},"removed":{_listed(self.removed)}}}'
        )

    @classmethod
    def from_json(cls, text: str) -> Edit:
        """The edit that `to_json` wrote.

        Raises:
            ValueError: the text is not such an edit.
        """
        try:
            data = json.loads(text) if len(text) < _LONG else _read_in_parts(text)
            cells = tuple(_column_change(entry) for entry in data["cells"])
            return cls(_text(data["name"]), cells, _places(data["inserted"]), _places(data["removed"]))
        except (KeyError, TypeError, RecursionError) as fault:
            raise ValueError("not an edit") from fault


class Written(Protocol):
    """What `Edit.to_json` wrote, wherever it is kept."""

    def text(self) -> str:
        """All of it.

        Raises:
            ValueError: it is damaged.
        """

    def beginning(self, size: int) -> str:
        """About so many characters of it, from the first one.

        Raises:
            ValueError: it is damaged.
        """


class PackedEdit:
    """An edit in its written form, unpacked when it is wanted: a long undo history costs nothing to open.

    Attributes:
        name: the edit's name.
    """

    __slots__ = ("_written", "name")

    def __init__(self, written: Written) -> None:
        """Take what `Edit.to_json` wrote.

        Raises:
            ValueError: it does not begin like an edit.
        """
        self._written = written
        try:
            self.name = _name(written.beginning(_USUAL_NAME))
        except ValueError:
            self.name = _name(written.text())

    def to_json(self) -> str:
        """What it was made from.

        Raises:
            ValueError: it is damaged.
        """
        return self._written.text()

    def unpacked(self) -> Edit:
        """The edit.

        Raises:
            ValueError: it is damaged.
        """
        return Edit.from_json(self._written.text())


# Rows whose texts are let go of in slices.
_MANY = 1_000
_BEGINNING = '{"name":'
# Characters that nearly every beginning with a name has room in.
_USUAL_NAME = 256
# Written as JSON in one call: a fifth of a millisecond.
_AT_ONCE = 1_024
# Characters that are read in one call: some milliseconds.
_LONG = 1_000_000


def _name(text: str) -> str:
    if not text.startswith(_BEGINNING):
        raise ValueError("not an edit")
    start = len(_BEGINNING) + 1
    end = text.find('"', start)
    if text.startswith('"', start - 1) and end > 0 and "\\" not in text[start:end]:
        return text[start:end]  # a long history has many of them
    name, _end = json.JSONDecoder().raw_decode(text, len(_BEGINNING))
    return _text(name)


def run_of(rows: list[int]) -> Sequence[int]:
    """The rows as a `range`, where they follow each other: then a stretch of a column can be taken in one piece."""
    run = range(rows[0], rows[0] + len(rows)) if rows else range(0)
    return run if rows and rows[-1] == run[-1] and rows == list(run) else rows


def consecutive(rows: Sequence[int]) -> Sequence[int]:
    """The rows as a `range`, where they are many and follow each other."""
    if len(rows) <= SLICE:
        return rows
    run = range(rows[0], rows[0] + len(rows))
    alike = all(list(rows[piece]) == list(run[piece]) for piece in pieces(0, len(rows)))
    return run if alike else rows


def _listed(items: Sequence[Any]) -> str:
    """A list in JSON, piece by piece: of a million texts nobody else would get the interpreter meanwhile."""
    turns, written = Turns(), []
    for piece in pieces(0, len(items), _AT_ONCE):
        written.append(_json(items[piece])[1:-1])
        turns.rest()
    return f"[{','.join(written)}]"


def _json(value: Any) -> str:
    plain = list(value) if isinstance(value, range) else value
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _read_in_parts(text: str) -> Mapping[str, Any]:
    """What `Edit.to_json` wrote, list by list: of millions of texts nobody else would get the interpreter meanwhile."""
    decoder, at = json.JSONDecoder(), 0

    def expect(mark: str) -> None:
        nonlocal at
        if not text.startswith(mark, at):
            raise ValueError("not an edit")
        at += len(mark)

    def value() -> Any:
        nonlocal at
        found, at = decoder.raw_decode(text, at)
        return found

    expect(_BEGINNING)
    data: dict[str, Any] = {"name": value(), "cells": []}
    expect(',"cells":[')
    while not text.startswith("]", at):
        expect(",[" if data["cells"] else "[")
        entry = [value()]
        for _list in ("rows", "old", "new"):
            expect(",")
            entry.append(value())
        expect("]")
        data["cells"].append(entry)
    expect('],"inserted":')
    data["inserted"] = value()
    expect(',"removed":')
    data["removed"] = value()
    if text[at:] != "}":
        raise ValueError("not an edit")
    return data


def _column_change(entry: Any) -> ColumnChange:
    column, rows, old, new = entry
    change = ColumnChange(_index(column), run_of(_indexes(rows)), _texts(old), _texts(new))
    if not len(change.rows) == len(change.old) == len(change.new):
        raise ValueError("not an edit: rows and texts differ in number")
    return change


def _places(entries: Any) -> tuple[tuple[int, int], ...]:
    return tuple((_index(position), _index(row)) for position, row in entries)


def _indexes(values: Any) -> list[int]:
    if type(values) is not list or not set(map(type, values)) <= {int} or min(values, default=0) < 0:
        raise ValueError("not an edit: indexes are wanted")
    return values


def _texts(values: Any) -> list[str]:
    if type(values) is not list or not set(map(type, values)) <= {str}:
        raise ValueError("not an edit: texts are wanted")
    return values


def _index(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not an edit: an index is wanted")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise ValueError("not an edit: a text is wanted")
    return value
