"""A whole sheet in packed blocks, as the drafts keep it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ochp_desktop.sheet.haystack import joined

LEVEL = 1
"""How hard zlib presses: more takes longer than the disk gains."""
_ROWS_PER_BLOCK = 20_000
_IDS_PER_BLOCK = 50_000
_JSON, _TEXTS = "json", "texts"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Snapshot:
    """A whole sheet at one moment, in the sheet's own shape.

    Attributes:
        columns: for each field the texts by row id, those of removed rows included (undo brings them back).
        sources: for each row id the row number in the file it came from, 0 for none.
        order: the row ids in the sheet's order; without the removed ones.
    """

    columns: Sequence[Sequence[str]]
    sources: Sequence[int]
    order: Sequence[int]

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[str]], width: int, sources: Sequence[int] = ()) -> Snapshot:
        """The snapshot of a fresh sheet that holds these rows, each of that width."""
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _column in range(width)]
        count = len(columns[0]) if columns else 0
        return cls(columns, sources or [0] * count, range(count))

    @property
    def count(self) -> int:
        """Number of row ids."""
        return len(self.columns[0]) if self.columns else 0


def blocks_of(snapshot: Snapshot) -> Iterator[tuple[str, int, str, bytes]]:
    """(part, position, form, data) of each block: cells column by column, which halves the time to read them."""
    sources = snapshot.sources or [0] * snapshot.count
    for position, start in enumerate(range(0, max(snapshot.count, 1), _ROWS_PER_BLOCK)):
        end = start + _ROWS_PER_BLOCK
        cells = [list(column[start:end]) for column in snapshot.columns]
        yield "cells", position, *_packed_cells(cells, list(sources[start:end]))
    for position, start in enumerate(range(0, len(snapshot.order), _IDS_PER_BLOCK)):
        yield "order", position, _JSON, _pressed(list(snapshot.order[start : start + _IDS_PER_BLOCK]))


def _packed_cells(cells: list[list[str]], sources: list[int]) -> tuple[str, bytes]:
    """(form, data) of some rows' columns: a long text for each, which takes a third of the time that JSON takes."""
    columns = []
    for column in cells:
        found = joined(column)
        if found is None:
            return _JSON, _pressed([cells, sources])
        together, mark = found
        columns.append(f"{mark}{together}".encode("utf-8", "surrogatepass"))
    head = json.dumps([list(map(len, columns)), sources], separators=(",", ":")).encode("ascii")
    return _TEXTS, zlib.compress(b"".join((head, b"\n", *columns)), LEVEL)


def _unpacked_cells(form: str, data: bytes) -> tuple[list[list[str]], list[int]]:
    raw = zlib.decompress(data)
    if form == _JSON:
        cells, sources = json.loads(raw)
        return cells, sources
    if form != _TEXTS:
        raise ValueError(form)
    start = raw.index(b"\n") + 1
    lengths, sources = json.loads(raw[: start - 1])
    columns = []
    for length in lengths:
        text = raw[start : start + length].decode("utf-8", "surrogatepass")
        columns.append(_taken_apart(text[1:], text[0], len(sources)))
        start += length
    if any(len(column) != len(sources) for column in columns):
        raise ValueError("columns of different lengths")
    return columns, sources


def _taken_apart(together: str, mark: str, count: int) -> list[str]:
    """The texts that were put together with a mark; many columns say the same in every row."""
    first = together[: together.find(mark)] if mark in together else together
    if len(together) == count * (len(first) + 1) - 1 and together == mark.join([first] * count):
        return [first] * count
    return together.split(mark)


def _pressed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), LEVEL)


def snapshot_of(cells: Iterable[tuple[str, bytes]], order: Iterable[tuple[str, bytes]]) -> Snapshot:
    """The snapshot from the (form, data) of its blocks of cells and of its order, each in their order.

    Raises:
        ValueError, TypeError, KeyError, IndexError, zlib.error: they are damaged.
    """
    columns: list[list[str]] = []
    sources: list[int] = []
    for form, data in cells:
        block, numbers = _unpacked_cells(form, data)
        if not columns:
            columns = [[] for _column in block]
        for column, part in zip(columns, block, strict=True):
            column.extend(part)
        sources += numbers
    rows: list[int] = []
    for _form, data in order:
        rows += json.loads(zlib.decompress(data))
    return Snapshot(columns, sources, rows)
