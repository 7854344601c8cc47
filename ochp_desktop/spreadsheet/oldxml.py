"""Reads workbooks that Excel 2003 and many report programs write as one XML file; runs in the child process only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from ochp_desktop.spreadsheet.cells import FIRST_ROUNDED, cell_text, number_text
from ochp_desktop.spreadsheet.frames import MAX_COLUMNS, Frame
from ochp_desktop.spreadsheet.looks import ERROR_TEXT, Finding
from ochp_desktop.spreadsheet.manytables import ReadTable, table_frames
from ochp_desktop.spreadsheet.numberformat import IdFormat
from ochp_desktop.spreadsheet.recognise import FileKind, damaged

_S = "urn:schemas-microsoft-com:office:spreadsheet}"
_MAX_ROWS = 1_048_576
_MAX_SKIPPED = 2_000_000
_BLOCK_BYTES = 1 << 20
# Times of day and durations count from here.
_DAY_ZERO = dt.datetime.fromisoformat("1899-12-31T00:00:00")
_LAST_DAY_OF_TIMES = dt.datetime.fromisoformat("1910-01-01T00:00:00")


def read_old_xml(path: Path, wanted: str | None) -> Iterator[Frame]:
    """The frames of one sheet: the wanted one, or the first visible one with something in it.

    Raises:
        FileError: broken, hostile, or there is no filled cell.
    """
    walk = _Walk()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                walk.parser.Parse(block, False)
        walk.parser.Parse(b"", True)
    except (expat.ExpatError, OverflowError) as failure:
        raise damaged(path, str(failure)) from failure
    yield from table_frames(path, FileKind.OLD_XML, walk.tables, wanted, [])


class _Walk:
    """The expat handlers of one walk over the file."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._on_doctype
        self.tables: dict[str, ReadTable] = {}
        self._formats: dict[str, IdFormat] = {}
        self._style = ""
        self._table = ReadTable()
        self._at = -1
        self._row: list[str] = []
        self._cell: Mapping[str, str] = {}
        self._kind = ""
        self._value: list[str] = []
        self._skipped = 0
        self._within: set[str] = set()

    def _on_doctype(self, *_: object) -> None:
        raise expat.ExpatError("document type declaration")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.removeprefix(_S)
        if local == "Style":
            self._style = attributes.get(f"{_S}ID", "")
        elif local == "NumberFormat":
            found = IdFormat.parse(attributes.get(f"{_S}Format", ""))
            if found is not None:
                self._formats[self._style] = found
        elif local == "Worksheet":
            self._table = self.tables.setdefault(attributes.get(f"{_S}Name", ""), ReadTable())
            self._at = -1
        elif local == "Column":
            self._table.hidden_columns |= attributes.get(f"{_S}Hidden") == "1"
        elif local == "Row":
            self._table.hidden_rows |= attributes.get(f"{_S}Hidden") == "1"
            self._move(attributes.get(f"{_S}Index"))
            self._row = []
        elif local == "Cell":
            self._begin_cell(attributes)
        elif local == "Data" and self._cell is not None:
            self._kind = attributes.get(f"{_S}Type", "String")
            self._value = []
            self.parser.CharacterDataHandler = self._value.append
        elif local == "Comment":
            self._within.add("Comment")

    def _move(self, index: str | None) -> None:
        """To the next row, or the one that says its number; rows without a text are only counted."""
        self._at = int(index) - 1 if index is not None and index.isdecimal() else self._at + 1
        if self._at >= _MAX_ROWS:
            raise OverflowError("a row far beyond any table")

    def _keep_row(self) -> None:
        if any(self._row):
            missing = self._at - len(self._table.rows)
            self._count(missing)
            self._table.rows.extend([] for _ in range(missing))
            self._table.rows.append(self._row)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell = attributes
        self._kind, self._value = "", []
        index = attributes.get(f"{_S}Index")
        if index is not None and index.isdecimal():
            if int(index) > MAX_COLUMNS:
                raise OverflowError("a column far beyond any table")
            missing = int(index) - 1 - len(self._row)
            self._count(missing)
            self._row.extend([""] * missing)

    def _count(self, missing: int) -> None:
        self._skipped += max(0, missing)
        if self._skipped > _MAX_SKIPPED:
            raise OverflowError("cells far apart")

    def _end(self, name: str) -> None:
        local = name.removeprefix(_S)
        if local == "Data" and "Comment" not in self._within:
            self.parser.CharacterDataHandler = None
        elif local == "Comment":
            self._within.discard("Comment")
        elif local == "Cell":
            self._close()
        elif local == "Row":
            self._keep_row()
        elif name.endswith("}Visible") and self.tables:
            self._table.hidden = True

    def _close(self) -> None:
        row, column = self._at, len(self._row)
        value = "".join(self._value)
        text = value
        if f"{_S}Formula" in self._cell:
            self._table.findings.append(Finding(row, column, "formula", ""))
        if self._kind == "Error" or (f"{_S}Formula" in self._cell and ERROR_TEXT.fullmatch(value)):
            self._table.findings.append(Finding(row, column, "error", ""))
        elif self._kind == "Number":
            text = self._number(row, column, value)
        elif self._kind == "DateTime":
            text = _moment(value)
        self._row.append(text)
        across = self._cell.get(f"{_S}MergeAcross", "0")
        if across.isdecimal() and int(across) < MAX_COLUMNS:
            self._row.extend([""] * int(across))

    def _number(self, row: int, column: int, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        if abs(number) >= FIRST_ROUNDED:
            self._table.findings.append(Finding(row, column, "rounded", ""))
        plain = value if value.isdecimal() else number_text(number)
        style = self._formats.get(self._cell.get(f"{_S}StyleID", ""))
        if style is not None and plain.lstrip("-").isdecimal() and (shown := style.text(plain)) != plain:
            self._table.findings.append(Finding(row, column, "number-format", ""))
            return shown
        return plain


def _moment(value: str) -> str:
    """The text of a DateTime, by the rules of `cells`: a day without a time is a date."""
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is not None:
        return value
    if moment < _LAST_DAY_OF_TIMES:
        return cell_text(moment - _DAY_ZERO)
    return cell_text(moment.date() if moment.time() == dt.time() else moment)
