"""What a fast reader of cell values does not tell about an .xlsx sheet: number formats, errors, formulas, hidden parts.

Two looks, both in constant memory. The *glance* searches the sheet's bytes for signs that something of the kind is
there at all; only then the *close look* walks the sheet's elements and reports the cells concerned. Both read the
archive themselves: openpyxl would take ten times as long for the same facts.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from ochp_desktop.spreadsheet.cells import column_number
from ochp_desktop.spreadsheet.looks import Finding, Glance
from ochp_desktop.spreadsheet.numberformat import IdFormat

_BLOCK_BYTES = 1 << 20
# A sign may straddle two blocks; none is longer than this.
_OVERLAP_BYTES = 256
_DIMENSION_BYTES = 8192
# Small parts (workbook, relations, styles) that are larger than this are not looked at.
_MAX_SMALL_PART_BYTES = 64 << 20

# Plain searches: patterns would cost more than reading the values does.
_ERROR = (b't="e"', b"t='e'")
_MAYBE_FORMULA, _MAYBE_PREFIXED_FORMULA = b"<f", b":f"
_FORMULA = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*\bhidden=["'](?:1|true)["']""")
_HIDDEN_COLUMN = re.compile(rb"""<(?:\w+:)?col\s[^>]*\bhidden=["'](?:1|true)["']""")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*\bref=["'][A-Z]+\d+:([A-Z]+)(\d+)["']""")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class SheetPart:
    """Where in the archive a sheet is, and the id formats of its workbook by style number."""

    def __init__(self, archive: Path, part: str, formats: Mapping[str, IdFormat]) -> None:
        self.archive = archive
        self.part = part
        self.formats = formats

    def glance(self) -> Glance:
        """Search the sheet's bytes for signs of what values alone do not tell."""
        wanted = [("errors", _ERROR), ("formulas", _FORMULA)]
        if self.formats:
            styles = [f"s={quote}{style}{quote}".encode() for style in self.formats for quote in "\"'"]
            wanted.append(("id_formats", tuple(styles)))
        found = Glance()
        prefixed = True
        for number, block in enumerate(self._blocks()):
            if number == 0:
                prefixed = b"<worksheet" not in block  # all elements have the root's prefix
            # Most blocks have no apostrophe, which halves the searches.
            both_quotes = b"'" in block
            for sought in wanted[:]:
                rough = (
                    sought[0] != "formulas"
                    or _MAYBE_FORMULA in block
                    or (prefixed and _MAYBE_PREFIXED_FORMULA in block)
                )
                if rough and any(sign in block for sign in sought[1] if both_quotes or b"'" not in sign):
                    setattr(found, sought[0], True)
                    wanted.remove(sought)
            if b"hidden" in block:
                found.hidden_rows = found.hidden_rows or _HIDDEN_ROW.search(block) is not None
                found.hidden_columns = found.hidden_columns or _HIDDEN_COLUMN.search(block) is not None
        return found

    def look(self, large: Collection[tuple[int, int]] = ()) -> Iterator[Finding]:
        """Walk the sheet's cells and report those whose value alone misleads.

        Args:
            large: (row, column) of the numbers beyond 15 digits, whose digits are wanted as the file has them.

        Raises:
            expat.ExpatError: the sheet is no well-formed XML, or declares a document type.
        """
        walk = _Walk(self.formats, large)
        with zipfile.ZipFile(self.archive) as archive, archive.open(self.part) as stream:
            while block := stream.read(_BLOCK_BYTES):
                walk.parser.Parse(block, False)
                yield from walk.take()
        walk.parser.Parse(b"", True)
        yield from walk.take()

    def declared_cells(self) -> int:
        """How many cells the sheet says its area has, filled or not; 0 when it does not say."""
        with zipfile.ZipFile(self.archive) as archive, archive.open(self.part) as stream:
            found = _DIMENSION.search(stream.read(_DIMENSION_BYTES))
        return column_number(found[1].decode()) * int(found[2]) if found else 0

    def extent(self) -> tuple[int, int, str]:
        """(rows, columns, name of the last cell) of the area that holds values, found by walking all cells."""
        walk = _Walk({}, (), measure=True)
        with zipfile.ZipFile(self.archive) as archive, archive.open(self.part) as stream:
            while block := stream.read(_BLOCK_BYTES):
                walk.parser.Parse(block, False)
        return walk.rows, walk.columns, walk.last

    def _blocks(self) -> Iterator[bytes]:
        """The sheet's bytes, and the seams between two blocks once more: copying all of them would cost a search."""
        with zipfile.ZipFile(self.archive) as archive, archive.open(self.part) as stream:
            tail = b""
            while block := stream.read(_BLOCK_BYTES):
                yield block
                yield tail + block[:_OVERLAP_BYTES]
                tail = block[-_OVERLAP_BYTES:]


class _Walk:
    """The expat handlers of one walk over a sheet."""

    def __init__(
        self, formats: Mapping[str, IdFormat], large: Collection[tuple[int, int]], *, measure: bool = False
    ) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._first
        self.parser.StartDoctypeDeclHandler = self._on_doctype
        self.rows = self.columns = 0
        self.last = ""
        self._formats = formats
        self._large = large
        self._measure = measure
        self._found: list[Finding] = []
        self._prefix = ""
        self._row = self._column = -1
        self._cell: Mapping[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] | None = None

    def take(self) -> list[Finding]:
        """What was found since the last call."""
        found, self._found = self._found, []
        return found

    def _on_doctype(self, *_: object) -> None:
        raise expat.ExpatError("document type declaration")

    def _first(self, name: str, _attributes: dict[str, str]) -> None:
        """The root element tells the prefix that all others have."""
        prefix, colon, _ = name.rpartition(":")
        self._prefix = prefix + colon
        self._names = tuple(self._prefix + local for local in ("c", "row", "v", "f"))
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        cell, row, value, formula = self._names
        if name == cell:
            self._cell = attributes
            self._column += 1
            reference = attributes.get("r")
            if reference is not None:
                self._place(reference)
            self._value = []
            self._formula = None
            if (
                attributes.get("t") == "e"
                or attributes.get("s") in self._formats
                or (self._large and (self._row, self._column) in self._large)
            ):
                self.parser.EndElementHandler = self._end
        elif name == value:
            if self._measure:
                self._seen()
            elif self.parser.EndElementHandler is not None:
                self.parser.CharacterDataHandler = self._value.append
        elif name == formula:
            self._formula = []
            self.parser.CharacterDataHandler = self._formula.append
            self.parser.EndElementHandler = self._end
        elif name == row:
            number = attributes.get("r")
            self._row = int(number) - 1 if number is not None and number.isdecimal() else self._row + 1
            self._column = -1
        elif self._measure and name == f"{self._prefix}is":
            self._seen()

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if name == self._names[0]:
            self.parser.EndElementHandler = None
            self._close()

    def _close(self) -> None:
        """One cell that deserves a close look is complete."""
        value = "".join(self._value)
        kind = self._cell.get("t", "n")
        if self._formula is not None:
            # A text formula may well yield an empty text; everything else has a value, or was never calculated.
            if not value and kind != "str":
                formula = "".join(self._formula)
                self._found.append(Finding(self._row, self._column, "formula-without-value", f"={formula}"))
                return
            self._found.append(Finding(self._row, self._column, "formula", ""))
        if kind == "e":
            self._found.append(Finding(self._row, self._column, "error", value or "#ERROR!"))
        elif kind == "n" and value:
            self._number(value)

    def _number(self, value: str) -> None:
        plain = value.removesuffix(".0")
        style = self._formats.get(self._cell.get("s", ""))
        large = (self._row, self._column) in self._large
        if plain.lstrip("-").isdecimal():
            if style is not None:
                self._found.append(Finding(self._row, self._column, "number-format", style.text(plain)))
            elif large:
                self._found.append(Finding(self._row, self._column, "rounded", plain))
        if large and (style is not None or not plain.lstrip("-").isdecimal()):
            self._found.append(Finding(self._row, self._column, "rounded", ""))

    def _seen(self) -> None:
        self.rows = max(self.rows, self._row + 1)
        self.columns = max(self.columns, self._column + 1)
        self.last = self._cell.get("r", self.last)

    def _place(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            return
        self._column = column_number(found[1]) - 1
        self._row = int(found[2]) - 1


def sheet_part(path: Path, sheet: str) -> SheetPart | None:
    """Where the sheet of that name is in the archive, or None when the workbook is laid out in no known way."""
    with zipfile.ZipFile(path) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        workbook = _tree(archive, names, "xl/workbook.xml")
        relations = _tree(archive, names, "xl/_rels/workbook.xml.rels")
        targets = {attributes.get("Id", ""): attributes.get("Target", "") for tag, attributes in relations}
        for tag, attributes in workbook:
            if tag == "sheet" and attributes.get("name") == sheet:
                target = targets.get(next((v for k, v in attributes.items() if k.endswith("}id")), ""), "")
                part = names.get(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower())
                return SheetPart(path, part, _id_formats(_tree(archive, names, "xl/styles.xml"))) if part else None
    return None


def _id_formats(styles: list[tuple[str, dict[str, str]]]) -> dict[str, IdFormat]:
    """Style number -> id format, for the styles that have one."""
    codes = {
        attributes.get("numFmtId", ""): IdFormat.parse(attributes.get("formatCode", ""))
        for tag, attributes in styles
        if tag == "numFmt"
    }
    found: dict[str, IdFormat] = {}
    within = False
    number = 0
    for tag, attributes in styles:
        if tag in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            within = tag == "cellXfs"
        elif tag == "xf" and within:
            style = codes.get(attributes.get("numFmtId", ""))
            if style is not None:
                found[str(number)] = style
            number += 1
    return found


def _tree(archive: zipfile.ZipFile, names: Mapping[str, str], part: str) -> list[tuple[str, dict[str, str]]]:
    """(local name, attributes) of all elements of a small part in document order; nothing when it is absent."""
    name = names.get(part)
    if name is None or archive.getinfo(name).file_size > _MAX_SMALL_PART_BYTES:
        return []
    with archive.open(name) as stream:
        return elements(stream)


def elements(stream: IO[bytes]) -> list[tuple[str, dict[str, str]]]:
    """(local name, attributes) of all elements in document order.

    Raises:
        expat.ExpatError: no well-formed XML, or it declares a document type.
    """
    elements: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator="}")

    def on_doctype(*_: object) -> None:
        raise expat.ExpatError("document type declaration")

    def on_start(name: str, attributes: dict[str, str]) -> None:
        elements.append((name.rpartition("}")[2], attributes))

    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_start
    parser.ParseFile(stream)
    return elements
