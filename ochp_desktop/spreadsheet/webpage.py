"""Reads the tables of a web page, as many programs write them under the name .xls; runs in the child process only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.frames import MAX_COLUMNS, Frame
from ochp_desktop.spreadsheet.manytables import ReadTable, table_frames
from ochp_desktop.spreadsheet.recognise import FileKind
from ochp_desktop.texts import _

MAX_BYTES = 200_000_000
MAX_TABLES = 1000
MAX_CELLS = 20_000_000
_MAX_SPAN = 1000

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAKS = {"br", "p", "div", "li"}
_SILENT = {"script", "style", "title"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ROUNDED_SHOWN = re.compile(r"[+-]?\d+(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)


def read_web_page(path: Path, wanted: str | None) -> Iterator[Frame]:
    """The frames of one table of the page: the wanted one ("Table 2"), or the one with the most cells.

    Raises:
        FileError: it has no table with something in it, or far too many cells.
    """
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        raise _too_large(path)
    page = _Page()
    try:
        page.feed(_decoded(content))
        page.close()
    except OverflowError:
        raise _too_large(path) from None
    tables = {_("Table {count}").format(count=number): table for number, table in enumerate(page.tables, 1)}
    yield from table_frames(path, FileKind.HTML, tables, wanted, [])


def _too_large(path: Path) -> FileError:
    return FileError(
        _("The table is too large"),
        _("{name} is a web page with far more cells than a table has. Save it as .xlsx or .csv.").format(
            name=path.name
        ),
    )


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(content[:4096])
        encoding = named[1].decode("ascii") if named else "cp1252"
        try:
            return content.decode("cp1252" if encoding.lower() in {"iso-8859-1", "latin1"} else encoding, "replace")
        except LookupError:
            return content.decode("cp1252", "replace")


class _Page(HTMLParser):
    """Collects tables; one inside another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[ReadTable] = []
        self._open: list[_Grid] = []
        self._silent = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            if len(self.tables) >= MAX_TABLES:
                raise OverflowError
            grid = _Grid()
            self.tables.append(grid.table)
            self._open.append(grid)
        elif self._open:
            self._in_table(tag, attributes)

    def _in_table(self, tag: str, attributes: dict[str, str]) -> None:
        grid = self._open[-1]
        if tag == "tr":
            grid.begin_row()
            grid.table.hidden_rows |= bool(_HIDDEN.search(attributes.get("style", "")))
        elif tag in {"td", "th"}:
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise OverflowError
            grid.begin_cell(attributes)
        elif tag in _BREAKS:
            grid.break_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._open:
            if tag in {"td", "th"}:
                self._open[-1].end_cell()
            elif tag == "tr":
                self._open[-1].end_row()
            elif tag == "table":
                self._open.pop().end_row()

    def handle_data(self, data: str) -> None:
        if self._open and not self._silent:
            self._open[-1].add(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self._open.pop().end_row()


class _Grid:
    """One table on its way: cells that span rows and columns keep their places free."""

    def __init__(self) -> None:
        self.table = ReadTable()
        self._row: list[str] | None = None
        self._taken: dict[int, int] = {}  # column -> for how many more rows a cell above reaches into it
        self._parts: list[str] | None = None
        self._span = 1
        self._exact = ""

    def begin_row(self) -> None:
        self.end_row()
        self._row = []

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.end_cell()
        if self._row is None:
            self._row = []
        self._pass_taken()
        self._parts = []
        self._span = _span(attributes.get("colspan"))
        # Excel keeps the number itself beside what it shows of it.
        self._exact = attributes.get("x:num", "")
        down = _span(attributes.get("rowspan"))
        if down > 1:
            self._taken.update({len(self._row) + at: down for at in range(self._span)})

    def _pass_taken(self) -> None:
        assert self._row is not None
        while self._taken.get(len(self._row), 0) > 0 and len(self._row) < MAX_COLUMNS:
            self._row.append("")

    def break_line(self) -> None:
        if self._parts:
            self._parts.append("\0")

    def add(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def end_cell(self) -> None:
        if self._parts is None or self._row is None:
            return
        lines = _SPACE.sub(" ", "".join(self._parts)).split("\0")
        text = "\n".join(line.strip(" ") for line in lines).strip("\n")
        if self._exact and _ROUNDED_SHOWN.fullmatch(text):
            text = self._exact
        self._row.append(text)
        self._row.extend([""] * (self._span - 1))
        self._parts = None
        if len(self._row) > MAX_COLUMNS:
            raise OverflowError

    def end_row(self) -> None:
        self.end_cell()
        if self._row is not None:
            self.table.rows.append(self._row)
            self._taken = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}
        self._row = None


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MAX_SPAN) if text is not None and text.isdecimal() else 1
