"""What a fast reader of cell values does not tell about an .ods sheet: shown zeros, errors, formulas, hidden parts.

OpenDocument keeps beside each value the text that the program showed for it, so the leading zeros are there to read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from ochp_desktop.spreadsheet.looks import ERROR_TEXT, Finding, Glance

_BLOCK_BYTES = 1 << 20
_OVERLAP_BYTES = 256
_CONTENT = "content.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC_VALUE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
# The number format may be in another part of the archive: what it showed is beside the value.
_ZEROS = re.compile(rb"""value-type=["']float["'][^<]*><text:p>[^<\d]{0,4}0\d""")
_SHOWN_ZEROS = re.compile(r"[^\d.,]*0[\d \-+/():.]*")
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
# A stretch of repeated cells longer than this is empty ground.
_MAX_REPEATS = 20_000
_MAX_HIDDEN_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class OdsPart:
    """One sheet of an OpenDocument archive."""

    archive: Path
    sheet: str

    def glance(self) -> Glance:
        """Search the document's bytes, all sheets together: it only decides whether a closer look is worth it."""
        found = Glance()
        with zipfile.ZipFile(self.archive) as archive, archive.open(_CONTENT) as stream:
            tail = b""
            while block := stream.read(_BLOCK_BYTES):
                sought = tail + block
                found.errors = found.errors or b'"error"' in sought or b"<text:p>#" in sought
                found.formulas = found.formulas or b":formula=" in sought
                found.id_formats = found.id_formats or _ZEROS.search(sought) is not None
                found.hidden_rows = found.hidden_rows or b'visibility="collapse"' in sought
                found.hidden_rows = found.hidden_rows or b'visibility="filter"' in sought
                tail = block[-_OVERLAP_BYTES:]
        if found.hidden_rows:
            walk = self._walked()
            found.hidden_rows, found.hidden_columns = walk.hidden_rows, walk.hidden_columns
        return found

    def look(self, large: Collection[tuple[int, int]] = ()) -> Iterator[Finding]:
        """Walk the sheet's cells and report those whose value alone misleads.

        Raises:
            expat.ExpatError: the document is not well-formed, or declares a document type.
        """
        walk = self._walked()
        yield from walk.found
        yield from (Finding(row, column, "rounded", "") for row, column in sorted(large))

    def _walked(self) -> _Walk:
        walk = _Walk(self.sheet)
        with zipfile.ZipFile(self.archive) as archive, archive.open(_CONTENT) as stream:
            while not walk.over and (block := stream.read(_BLOCK_BYTES)):
                walk.parser.Parse(block, False)
        return walk


class _Walk:
    """The expat handlers of one walk over one sheet."""

    def __init__(self, sheet: str) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._on_doctype
        self.found: list[Finding] = []
        self.hidden_rows = self.hidden_columns = self.over = False
        self._sheet = sheet
        self._depth = 0  # of tables within the sheet; 0 is outside
        self._row = self._column = 0
        self._row_repeats = self._cell_repeats = 1
        self._cell: Mapping[str, str] = {}
        self._shown: list[str] = []
        self._in_annotation = False

    def _on_doctype(self, *_: object) -> None:
        raise expat.ExpatError("document type declaration")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            if self._depth or attributes.get(f"{_TABLE}name") == self._sheet:
                self._depth += 1
            return
        if self._depth != 1:
            return
        if name == f"{_TABLE}table-row":
            self._row_repeats = _count(attributes.get(f"{_TABLE}number-rows-repeated"))
            self._column = 0
            self.hidden_rows |= _is_hidden(attributes) and self._row_repeats < _MAX_REPEATS
        elif name == f"{_TABLE}table-column":
            repeats = _count(attributes.get(f"{_TABLE}number-columns-repeated"))
            self.hidden_columns |= _is_hidden(attributes) and repeats < _MAX_HIDDEN_COLUMNS
        elif name in _CELLS:
            self._cell = attributes
            self._cell_repeats = _count(attributes.get(f"{_TABLE}number-columns-repeated"))
            self._shown = []
        elif name == f"{_OFFICE}annotation":
            self._in_annotation = True
        elif name == f"{_TEXT}p" and not self._in_annotation:
            self.parser.CharacterDataHandler = self._shown.append

    def _end(self, name: str) -> None:
        if name == f"{_TABLE}table" and self._depth:
            self._depth -= 1
            self.over = self._depth == 0
        if self._depth != 1:
            return
        if name == f"{_TEXT}p":
            self.parser.CharacterDataHandler = None
        elif name == f"{_OFFICE}annotation":
            self._in_annotation = False
        elif name in _CELLS:
            self._close()
            self._column += self._cell_repeats
        elif name == f"{_TABLE}table-row":
            self._row += self._row_repeats

    def _close(self) -> None:
        kind = self._cell.get(f"{_OFFICE}value-type", "")
        formula = self._cell.get(f"{_TABLE}formula")
        shown = "".join(self._shown)
        verdicts: list[tuple[str, str]] = []
        if formula is not None:
            if not kind and not shown:
                verdicts.append(("formula-without-value", f"={formula.partition(':')[2].lstrip('=') or formula}"))
            else:
                verdicts.append(("formula", ""))
        if self._cell.get(_CALC_VALUE) == "error" or (formula is not None and ERROR_TEXT.fullmatch(shown)):
            verdicts.append(("error", shown or "#ERROR!"))
        elif kind == "float" and _SHOWN_ZEROS.fullmatch(shown):
            value = self._cell.get(f"{_OFFICE}value", "")
            digits = "".join(letter for letter in shown if letter.isdigit())
            if "." not in value and digits.lstrip("0") == value.lstrip("-0") and digits != value:
                verdicts.append(("number-format", shown.strip()))
        if verdicts and self._row_repeats * self._cell_repeats < _MAX_REPEATS:
            for row in range(self._row, self._row + self._row_repeats):
                for column in range(self._column, self._column + self._cell_repeats):
                    self.found += [Finding(row, column, verdict, text) for verdict, text in verdicts]


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get(f"{_TABLE}visibility", "visible") != "visible"


def _count(text: str | None) -> int:
    return min(int(text), 1 << 21) if text is not None and text.isdecimal() else 1
