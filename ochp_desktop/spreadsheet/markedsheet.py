"""Rewrites a sheet's part with other styles on some cells; every other byte of it stays where it was.

The part is walked by a parser that tells where in the bytes each element begins, and only the tags of the cells
concerned are replaced. Cells and rows that are not in the file, because they are empty, are put in their place.
"""

from __future__ import annotations

import bisect
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from ochp_desktop.records.parted import Parted
from ochp_desktop.spreadsheet.cells import cell_name, column_number
from ochp_desktop.spreadsheet.package import UnusualPackage

# (row, column), both from 0.
Place = tuple[int, int]
# (the style a cell has, its place) -> the style it gets.
Restyle = Callable[[int, Place], int]

_BLOCK_BYTES = 1 << 18
_OVERLAP_BYTES = 512
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]+\d+):([A-Z]+\d+)["']""")
_NOTES_DRAWING = re.compile(rb"""<(?:\w+:)?legacyDrawing\s[^>]*?:id\s*=\s*["']([^"']*)["']""")
_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
# What the schema puts behind the drawing of the notes.
_BEHIND_DRAWING = frozenset(
    {
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
        "AlternateContent",
    }
)  # fmt: skip


def place_of(reference: str) -> Place | None:
    """(row, column) of "B17"; None for what is no cell name."""
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]) - 1, column_number(found[1]) - 1) if found else None


@dataclass(slots=True)
class SheetFacts:
    """What must be known of a sheet before it is rewritten.

    Attributes:
        merged: (first row, first column, last row, last column) of merged cells.
        drawing: relation id of the drawing that holds the boxes of its notes, "" without one.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    drawing: str = ""


def sheet_facts(stream: IO[bytes]) -> SheetFacts:
    """Search the part's bytes.

    Raises:
        UnusualPackage: the part is not written in UTF-8.
    """
    facts = SheetFacts()
    tail = b""
    while block := stream.read(_BLOCK_BYTES):
        if not tail and block[:4].replace(b"\0", b"") != block[:4]:
            raise UnusualPackage("two-byte encoding")
        text = tail + block
        # What begins in the last bytes may be cut: it is looked at again with the next block.
        for found in _MERGED.finditer(text):
            first, last = place_of(found[1].decode()), place_of(found[2].decode())
            if first and last and (not facts.merged or facts.merged[-1] != (*first, *last)):
                facts.merged.append((*first, *last))
        drawing = _NOTES_DRAWING.search(text)
        if drawing:
            facts.drawing = drawing[1].decode("utf-8", "replace")
        tail = text[-_OVERLAP_BYTES:]
    return facts


def visible_places(places: Collection[Place], facts: SheetFacts) -> dict[Place, Place]:
    """Place -> where people see that cell: the first one of the merged cells that hide it; nothing for all others."""
    if not facts.merged:
        return {}
    rows = sorted({row for row, _column in places})
    columns: dict[int, list[int]] = {}
    for row, column in places:
        columns.setdefault(row, []).append(column)
    seen: dict[Place, Place] = {}
    for top, left, bottom, right in facts.merged:
        for row in rows[bisect.bisect_left(rows, top) : bisect.bisect_right(rows, bottom)]:
            for column in columns[row]:
                if left <= column <= right and (row, column) != (top, left):
                    seen[row, column] = (top, left)
    return seen


class MarkedSheet:
    """One rewriting of a sheet's part."""

    def __init__(self, places: Collection[Place], restyle: Restyle, drawing: str = "", relations: str = "") -> None:
        """Say what is to change.

        Args:
            places: the cells that get another style.
            restyle: gives it.
            drawing: relation id of a drawing of notes to be named in the sheet, "" for none.
            relations: namespace of relation ids.
        """
        self._rows: Parted[int, list[int]] = Parted()
        for row, column in places:
            self._rows.setdefault(row, []).append(column)
        for columns in self._rows.values():
            columns.sort()
        self._waiting = deque(sorted(self._rows))
        self._restyle = restyle
        self._drawing = f'<PREFIXlegacyDrawing xmlns:r="{relations}" r:id="{drawing}"/>' if drawing else ""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._on_root
        self._parser.StartDoctypeDeclHandler = self._on_doctype
        self._bytes = bytearray()
        self._offset = 0  # of the first of them in the part
        self._copied = 0
        self._out: list[bytes] = []
        self._prefix = ""
        self._columns: list[tuple[int, int, int]] = []
        self._row = self._column = -1
        self._row_style: int | None = None
        self._missing: deque[int] = deque()
        self._opened = False
        self._depth = 0

    def rewrite(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The new part, block by block.

        Raises:
            UnusualPackage: the part is no well-formed XML, or declares a document type.
        """
        try:
            while block := stream.read(_BLOCK_BYTES):
                self._bytes += block
                self._parser.Parse(block, False)
                yield self._take()
            self._parser.Parse(b"", True)
        except expat.ExpatError as failure:
            raise UnusualPackage(str(failure)) from failure
        self._copy_to(self._offset + len(self._bytes))
        yield b"".join(self._out)

    def _take(self) -> bytes:
        """What is ready; bytes that the parser still has to report on are kept."""
        self._copy_to(max(self._copied, self._parser.CurrentByteIndex))
        ready = b"".join(self._out)
        self._out.clear()
        del self._bytes[: self._copied - self._offset]
        self._offset = self._copied
        return ready

    def _copy_to(self, position: int) -> None:
        self._out.append(bytes(self._bytes[self._copied - self._offset : position - self._offset]))
        self._copied = position

    def _tag(self, position: int) -> bytes:
        found = _TAG.match(self._bytes, position - self._offset)
        if found is None:
            raise UnusualPackage("a tag that is none")
        return found[0]

    def _put_tag(self, position: int, old: bytes, new: bytes) -> None:
        self._copy_to(position)
        self._out.append(new)
        self._copied = position + len(old)

    def _put(self, position: int, text: str) -> None:
        self._copy_to(position)
        self._out.append(text.replace("PREFIX", self._prefix).encode("ascii"))

    def _on_doctype(self, *_: object) -> None:
        raise UnusualPackage("document type declaration")

    def _on_root(self, name: str, _attributes: dict[str, str]) -> None:
        prefix, colon, _local = name.rpartition(":")
        self._prefix = prefix + colon
        self._cell, self._row_name, self._data, self._col = (
            self._prefix + local for local in ("c", "row", "sheetData", "col")
        )
        self._parser.StartElementHandler = self._on_head

    def _on_head(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._col:
            first, last, style = (_number(attributes.get(key)) for key in ("min", "max", "style"))
            self._columns.append((first - 1, last - 1, style))
        elif name == self._data:
            position = self._parser.CurrentByteIndex
            tag = self._tag(position)
            if tag.endswith(b"/>"):
                if self._waiting:
                    self._put_tag(position, tag, tag[:-2].rstrip() + b">")
                    self._put(self._copied, self._absent_rows() + f"</{self._data}>")
                self._parser.StartElementHandler = None
                self._parser.EndElementHandler = self._on_empty_data_end
            else:
                self._parser.StartElementHandler = self._on_start
                self._parser.EndElementHandler = self._on_end

    def _on_empty_data_end(self, _name: str) -> None:
        self._go_behind_data()

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._row_name:
            number = attributes.get("r")
            self._row = _number(number) - 1 if number is not None else self._row + 1
            self._column = -1
            if self._waiting and self._waiting[0] <= self._row:
                self._on_marked_row(self._parser.CurrentByteIndex, attributes)
        elif self._opened and name == self._cell:
            found = place_of(attributes.get("r", ""))
            self._column = found[1] if found is not None else self._column + 1
            position = self._parser.CurrentByteIndex
            if self._missing and self._missing[0] < self._column:
                self._put(position, self._absent_cells(self._column))
            if self._missing and self._missing[0] == self._column:
                self._missing.popleft()
                tag = self._tag(position)
                style = self._restyle(_number(attributes.get("s")), (self._row, self._column))
                self._put_tag(position, tag, _with_attribute(tag, b"s", str(style)))

    def _on_marked_row(self, position: int, attributes: Mapping[str, str]) -> None:
        """This row has marked cells, or absent rows that have some belong before it."""
        absent = self._absent_rows(self._row)
        if absent:
            self._put(position, absent)
        if not self._waiting or self._waiting[0] != self._row:
            return
        self._waiting.popleft()
        self._missing = deque(self._rows[self._row])
        own_style = attributes.get("customFormat") in {"1", "true"}
        self._row_style = _number(attributes.get("s")) if own_style else None
        tag = new = self._tag(position)
        spans = attributes.get("spans")
        if spans is not None and not _spans(spans, self._missing):
            new = _with_attribute(new, b"spans", None)  # it may be left out, but not be wrong
        if tag.endswith(b"/>"):
            new = new[:-2].rstrip() + b">" + self._filled(f"{self._absent_cells()}</{self._row_name}>")
        else:
            self._opened = True
        if new != tag:
            self._put_tag(position, tag, new)

    def _on_end(self, name: str) -> None:
        if name == self._row_name:
            if self._opened:
                self._opened = False
                absent = self._absent_cells()
                if absent:
                    self._put(self._parser.CurrentByteIndex, absent)
            self._missing.clear()
        elif name == self._data:
            absent = self._absent_rows()
            if absent:
                self._put(self._parser.CurrentByteIndex, absent)
            self._go_behind_data()

    def _go_behind_data(self) -> None:
        self._depth = 1
        self._parser.StartElementHandler = self._on_start_behind if self._drawing else None
        self._parser.EndElementHandler = self._on_end_behind if self._drawing else None

    def _on_start_behind(self, name: str, _attributes: dict[str, str]) -> None:
        if self._depth == 1 and name.rpartition(":")[2] in _BEHIND_DRAWING:
            self._put_drawing()
        self._depth += 1

    def _on_end_behind(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._put_drawing()

    def _put_drawing(self) -> None:
        self._put(self._parser.CurrentByteIndex, self._drawing)
        self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def _filled(self, text: str) -> bytes:
        return text.replace("PREFIX", self._prefix).encode("ascii")

    def _absent_rows(self, before: int | None = None) -> str:
        texts: list[str] = []
        while self._waiting and (before is None or self._waiting[0] < before):
            row = self._waiting.popleft()
            cells = "".join(self._absent_cell(row, column, None) for column in self._rows[row])
            texts.append(f'<PREFIXrow r="{row + 1}">{cells}</PREFIXrow>')
        return "".join(texts)

    def _absent_cells(self, before: int | None = None) -> str:
        texts: list[str] = []
        while self._missing and (before is None or self._missing[0] < before):
            texts.append(self._absent_cell(self._row, self._missing.popleft(), self._row_style))
        return "".join(texts)

    def _absent_cell(self, row: int, column: int, style: int | None) -> str:
        """An empty cell: it looked as its row does, else as its column."""
        if style is None:
            style = next((number for first, last, number in self._columns if first <= column <= last), 0)
        return f'<PREFIXc r="{cell_name(row + 1, column)}" s="{self._restyle(style, (row, column))}"/>'


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def _spans(spans: str, columns: Collection[int]) -> bool:
    """Whether all columns are within the row's spans ("1:4")."""
    pairs = [span.split(":") for span in spans.split()]
    bounds = [(_number(pair[0]), _number(pair[-1])) for pair in pairs]
    return all(any(first <= column + 1 <= last for first, last in bounds) for column in columns)


def _with_attribute(tag: bytes, name: bytes, value: str | None) -> bytes:
    """The tag with the attribute set, or without it."""
    new = b"" if value is None else b' %s="%s"' % (name, value.encode("ascii"))
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name:
            return tag[: found.start()] + new + tag[found.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + new + tag[end:]
