"""A whole sheet in packed blocks, as the drafts keep it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import sub
from typing import Any

from ochp_desktop.sheet.haystack import joined

LEVEL = 1
"""How hard zlib presses: more takes longer than the disk gains."""
_ROWS_PER_BLOCK = 20_000
_IDS_PER_BLOCK = 50_000
# How a block is written: pressed by zlib, or plain behind a checksum of its own. Version 2 of the drafts wrote "json"
# and "texts", whose head had the sources as a list; "json" is still written where no character is free to be a mark.
_JSON, _PRESSED, _PLAIN, _TEXTS = "json", "pressed", "plain", "texts"
# A list of numbers is told in another way where that takes so many times less room.
_SHORTER = 8
# Eight figures and a line end.
_CHECKSUM = 9


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
    small = snapshot.count <= _ROWS_PER_BLOCK
    for position, start in enumerate(range(0, max(snapshot.count, 1), _ROWS_PER_BLOCK)):
        end = start + _ROWS_PER_BLOCK
        cells = [list(column[start:end]) for column in snapshot.columns]
        yield "cells", position, *_packed_cells(cells, list(sources[start:end]), small=small)
    for position, start in enumerate(range(0, len(snapshot.order), _IDS_PER_BLOCK)):
        told = _told(list(snapshot.order[start : start + _IDS_PER_BLOCK]))
        yield "order", position, *(_plain(_json(told)) if isinstance(told, dict) else (_JSON, _pressed(_json(told))))


def _packed_cells(cells: list[list[str]], sources: list[int], *, small: bool) -> tuple[str, bytes]:
    """(form, data) of some rows' columns: a long text for each, which takes a third of the time that JSON takes."""
    columns = []
    for column in cells:
        found = joined(column)
        if found is None:
            return _JSON, _pressed(_json([cells, sources]))
        together, mark = found
        columns.append(f"{mark}{together}".encode("utf-8", "surrogatepass"))
    content = b"".join((_json([list(map(len, columns)), _told(sources)]), b"\n", *columns))
    return _plain(content) if small else (_PRESSED, _pressed(content))


def _unpacked_cells(form: str, data: bytes) -> tuple[list[list[str]], Sequence[int]]:
    raw = _content(form, data)
    if form == _JSON:
        cells, numbers = json.loads(raw)
        return cells, numbers
    if form not in {_PLAIN, _PRESSED, _TEXTS}:
        raise ValueError(form)
    start = raw.index(b"\n") + 1
    lengths, told = json.loads(raw[: start - 1])
    sources = _numbers(told, _ROWS_PER_BLOCK)
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
    if len(together) == count * (len(first) + 1) - 1 and f"{together}{mark}" == f"{first}{mark}" * count:
        return [first] * count
    return together.split(mark)


def _told(numbers: list[int]) -> list[int] | dict[str, list[list[int]]]:
    """For JSON: [first, how many, step] of stretches that count up or are all 0, where that is shorter."""
    runs: list[list[int]] = []
    at = 0
    for _offset, stretch in groupby(map(sub, numbers, range(len(numbers)))):
        first, many = numbers[at], len(list(stretch))
        at += many
        if first == 0 and many == 1 and runs and runs[-1] in ([0, 1, 1], [0, runs[-1][1], 0]):
            runs[-1] = [0, runs[-1][1] + 1, 0]
            continue
        runs.append([first, many, 1])
        if len(runs) * _SHORTER > len(numbers):
            return numbers
    return {"runs": runs}


def _numbers(told: Any, limit: int) -> Sequence[int]:
    """The numbers that `_told` told.

    Raises:
        ValueError, TypeError, KeyError: it is damaged.
    """
    if isinstance(told, list):
        return told
    for run in told["runs"]:
        if set(map(type, run)) != {int} or not (run[0] >= 0 < run[1] <= limit and run[2] in {0, 1}):
            raise ValueError("not a stretch of numbers")
    if sum(many for _first, many, _step in told["runs"]) > limit:
        raise ValueError("more numbers than there can be")
    runs = [(range(first, first + many) if step else [first] * many) for first, many, step in told["runs"]]
    return _together(runs)


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _pressed(content: bytes) -> bytes:
    return zlib.compress(content, LEVEL)


def _plain(content: bytes) -> tuple[str, bytes]:
    return _PLAIN, b"%08x\n%b" % (zlib.crc32(content), content)


def _content(form: str, data: bytes) -> bytes:
    """What a block holds, once it is known to be as it was written."""
    if form != _PLAIN:
        return zlib.decompress(data)
    content = data[_CHECKSUM:]
    if data[:_CHECKSUM] != b"%08x\n" % zlib.crc32(content):
        raise ValueError("a block that was damaged")
    return content


def snapshot_of(cells: Iterable[tuple[str, bytes]], order: Iterable[tuple[str, bytes]]) -> Snapshot:
    """The snapshot from the (form, data) of its blocks of cells and of its order, each in their order.

    Raises:
        ValueError, TypeError, KeyError, IndexError, zlib.error: they are damaged.
    """
    columns: list[list[str]] = []
    sources: list[Sequence[int]] = []
    for form, data in cells:
        block, numbers = _unpacked_cells(form, data)
        sources.append(numbers)
        if not columns:
            columns = block if form != _JSON else [list(column) for column in block]
            continue
        for column, part in zip(columns, block, strict=True):
            column.extend(part)
    rows = [_numbers(json.loads(_content(form, data)), _IDS_PER_BLOCK) for form, data in order]
    return Snapshot(columns, _together(sources), _together(rows))


def _together(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    return parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))
