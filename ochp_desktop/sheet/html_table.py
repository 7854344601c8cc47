"""Tables of web pages: read as blocks of cells where a clipboard holds nothing else, and written for spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from ochp_desktop.sheet.slices import Slices, at_once

LONGEST = 100_000_000
"""Characters of HTML that are read, for example two million cells; they take some ten seconds."""
_PIECE = 20_000  # characters that are read in one go: a few milliseconds
# A cell may say that it is this many columns wide or rows high; more is taken for this.
_WIDEST = 1_000
_CELLS = {"td", "th"}
_LINES = {"br", "p", "div", "li"}
_SILENT = {"script", "style", "head", "title"}
# "This is text", for LibreOffice and for Excel: else 0042 would become 42, 12E45678 a number and =1+1 a formula.
_TEXT_CELL = """<td sdnum="1033;0;@" style='mso-number-format:"\\@";white-space:pre'>"""
_SAME_CELL = '<br style="mso-data-placement:same-cell">'
_QUOTED = re.compile(r"""(?:\A|(?<=[\t\n]))"([^"]*(?:""[^"]*)*)"(?=[\t\n])""")


def parse_html(text: str) -> list[list[str]]:
    """The cells that `parsing_html` finds, without pauses."""
    return at_once(parsing_html(text))


def parsing_html(text: str) -> Slices[list[list[str]]]:
    """The cells of the first table; without a table, each line of text as a row of one cell; [] where there is none.

    Cells that span several columns or rows hold their text once and leave the rest empty. Blanks are put together as
    a browser does; line breaks in cells stay.
    """
    reader = _TableReader()
    start, size = 0, min(len(text), LONGEST)
    while start < size:
        # Never within a text: its blanks belong together.
        end = text.find("<", start + _PIECE, size)
        reader.feed(text[start : end if end >= 0 else size])
        start = end if end >= 0 else size
        if start < size:
            yield
    reader.close()
    return reader.block()


def format_html(pieces: Iterable[str]) -> str:
    """A block as a web page whose cells spreadsheet programs take for the texts that they are.

    Args:
        pieces: its text as `sheet.clipboard` writes it, in pieces of whole lines.
    """
    rows = "".join(map(_rows, pieces))
    return f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'


def _rows(text: str) -> str:
    """Some lines of the text as rows: never cell by cell, as there may be half a million, except those in quotes."""
    if not text:
        return ""
    text = escape(text, quote=False)
    if text.startswith('"') or '\t"' in text or '\n"' in text:
        text = _QUOTED.sub(_unquoted, text)
    cells = text[:-1].replace("\t", f"</td>{_TEXT_CELL}").replace("\n", f"</td></tr><tr>{_TEXT_CELL}")
    return f"<tr>{_TEXT_CELL}{cells}</td></tr>"


def _unquoted(cell: re.Match[str]) -> str:
    text = cell[1].replace('""', '"').replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", _SAME_CELL).replace("\t", "&#9;")


class _TableReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._hanging: dict[int, int] = {}
        self._depth = 0
        self._finished = False
        self._silent = 0
        self._outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
        elif self._finished or self._depth > 1:
            return
        elif tag == "tr" and self._depth:
            self._end_row()
            self._row = []
        elif tag in _CELLS and self._depth:
            self._end_cell()
            if self._row is None:
                self._row = []
            self._skip_hanging()
            self._cell = []
            spans = dict(attrs)
            self._span = _span(spans.get("colspan"))
            high = _span(spans.get("rowspan"))
            for column in range(len(self._row), len(self._row) + self._span):
                if high > 1:
                    self._hanging[column] = high - 1
        elif tag in _LINES:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth and not self._finished:
                self._end_row()
                self._finished = True
        elif self._depth == 1 and not self._finished:
            if tag in _CELLS:
                self._end_cell()
            elif tag == "tr":
                self._end_row()
        elif tag in _LINES and not self._depth:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            before, after = _edges(data)
            self._add(f"{before}{' '.join(data.split())}{after}")

    def _add(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)
        elif not self._depth:
            self._outside.append(text)

    def _skip_hanging(self) -> None:
        assert self._row is not None
        while self._hanging.get(len(self._row), 0):
            self._hanging[len(self._row)] -= 1
            self._row.append("")

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row += [_tidy("".join(self._cell)), *[""] * (self._span - 1)]
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._rows.append(self._row)
        self._row = None

    def block(self) -> list[list[str]]:
        """What was read."""
        self._end_row()
        if any(self._rows):
            return self._rows
        lines = [line.strip() for line in "".join(self._outside).split("\n")]
        return [[line] for line in lines if line]


def _edges(data: str) -> tuple[str, str]:
    """A blank before and after a text that had blanks there, so that words stay apart."""
    if not data.strip():
        return (" ", "") if data else ("", "")
    return (" " if data[0].isspace() else "", " " if data[-1].isspace() else "")


def _tidy(text: str) -> str:
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    return "\n".join(lines).strip("\n").replace("\xa0", " ")


def _span(text: str | None) -> int:
    return max(1, min(int(text[:9]), _WIDEST)) if text is not None and text.isascii() and text.isdigit() else 1
