"""A workbook that is being written: its frame by XlsxWriter, and its rows, nothing but text cells, by ourselves.

XlsxWriter makes everything around the rows: styles, widths, notes, choice lists, filters. The rows are what takes the
time: they go to a temporary file as they come, as cells of type text, and are put into the frame at the end. No way
leads from here to a formula, a link or a number.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from ochp_desktop.spreadsheet.cells import column_letter
from ochp_desktop.spreadsheet.package import Package

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Told how many rows are done, now and then; may raise to stop the writing.
Told = Callable[[int], None]

MAX_ROWS = 1_048_576
MAX_CELL_CHARACTERS = 32_767
MAX_SHEET_NAME = 31
TELL_EVERY = 1000

_IN_MEMORY_BYTES = 8 << 20
_BLOCK_CHARACTERS = 1 << 18
_ROWS_IN_A_BLOCK = 200
# What no XML file can hold: half characters and two that Unicode reserves.
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# Cells joined by line breaks in which nothing needs care: plain ASCII, no blank at an end.
_NEEDS_CARE = re.compile(r"[^ !-%'-;=?-^`-~\n]|(?:^|\n) | (?:\n|$)")
# Excel reads _x0041_ in a text as the character of that number.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_SHEET_DATA = re.compile(rb"<sheetData/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_USUAL_WIDTH = 8.43
_LINE_POINTS = 15
# Excel lets no row be higher than 409 points.
_MOST_LINES = 27
_TAIL = "</t></is></c>"


class TextTooLong(ValueError):
    """A text is longer than Excel lets a cell be.

    Attributes:
        column: index of the cell's column.
    """

    def __init__(self, column: int) -> None:
        super().__init__("text too long")
        self.column = column


def xml_text(text: str) -> str:
    """The text without what no XML file can hold: such characters become the replacement character."""
    return _NOT_IN_XML.sub("\ufffd", text)


def sheet_name(text: str) -> str:
    """The text as a name that Excel takes for a sheet: at most 31 characters, no brackets, slashes, colons and such."""
    return _NOT_IN_SHEET_NAMES.sub("-", xml_text(text))[:MAX_SHEET_NAME].strip("'") or "-"


class Style:
    """How cells look: text format, at the top of the cell, and what else is given.

    Attributes:
        format: XlsxWriter's own, for columns.
        number: the style's number in the file.
        wraps: whether long texts go on in a next line.
    """

    def __init__(self, book: Any, properties: dict[str, Any]) -> None:
        self.format = book.add_format({"num_format": "@", "valign": "top", **properties})
        self.wraps = bool(properties.get("text_wrap"))
        # The number that XlsxWriter will give it in the file; there is no public name for that.
        self.number: int = self.format._get_xf_index()  # noqa: SLF001


class NewBook:
    """A workbook that is being written; `save` makes the file. Used with `with`: its temporary files end with it."""

    def __init__(self) -> None:
        import xlsxwriter

        self._content = io.BytesIO()
        self._frame = xlsxwriter.Workbook(self._content, {"in_memory": True, "strings_to_urls": False})
        self._sheets: list[TextSheet] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self._sheets:
            sheet.close()

    def style(self, **properties: Any) -> Style:
        """A way for cells to look, by XlsxWriter's properties (bold, bg_color, text_wrap)."""
        return Style(self._frame, properties)

    def head_style(self) -> Style:
        """How header cells look."""
        return self.style(bold=True, bg_color="#E9E9E6", bottom=1)

    def sheet(self, name: str) -> TextSheet:
        """Add a sheet."""
        sheet = TextSheet(self._frame.add_worksheet(sheet_name(name)), len(self._sheets) + 1)
        self._sheets.append(sheet)
        return sheet

    def save(self, path: Path, told: Told | None = None) -> None:
        """Write the file.

        Args:
            path: a file that is overwritten.
            told: told the number of all rows again and again; may raise to stop.
        """
        for sheet in self._sheets:
            sheet.leave_rows_out()
        self._frame.close()
        rows = sum(sheet.count for sheet in self._sheets)
        with zipfile.ZipFile(self._content) as archive:
            package = Package(archive)
            for sheet in self._sheets:
                package.put(sheet.part, sheet.framed)
            package.write(path, lambda _done, _all: told(rows) if told is not None else None)


class TextSheet:
    """A sheet of a new workbook: rows of texts, one below the other.

    Attributes:
        frame: XlsxWriter's sheet, for everything but cells.
        part: the sheet's name in the file.
        count: how many rows it has.
    """

    def __init__(self, frame: Worksheet, number: int) -> None:
        self.frame = frame
        self.part = f"xl/worksheets/sheet{number}.xml"
        self.count = 0
        self._columns = 1
        self._widths: dict[int, float] = {}
        # On the disk only when it gets long.
        self._rows: IO[str] = io.TextIOWrapper(
            tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES),  # noqa: SIM115 - it lives as long as this object
            encoding="utf-8",
            newline="",
        )

    def close(self) -> None:
        """Drop the rows."""
        self._rows.close()

    def set_width(self, column: int, width: float, style: Style, *, hidden: bool = False) -> None:
        """Set a column's width in characters, and how its empty cells look."""
        self._widths[column] = width
        self.frame.set_column(column, column, width, style.format, {"hidden": hidden})

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.count += rows

    def add(self, cells: Iterable[tuple[int, str, Style]], height: float = 0) -> None:
        """Add a row of cells here and there; one without text is only styled.

        Args:
            cells: (column from 0, text, style), in the order of the columns.
            height: in points; as high as its wrapped texts need when 0.

        Raises:
            TextTooLong: Excel cannot hold a text.
        """
        self.count += 1
        parts = [""]
        lines = 1
        for column, text, style in cells:
            if style.wraps:
                lines = max(lines, _lines(text, self._widths.get(column, _USUAL_WIDTH)))
            start = f'<c r="{column_letter(column)}{self.count}" s="{style.number}"'
            parts.append(f"{start}{_text_part(text, column)}" if text else f"{start}/>")
            self._columns = max(self._columns, column + 1)
        # Not every program works out by itself how high a row must be.
        height = height or (min(lines, _MOST_LINES) * _LINE_POINTS if lines > 1 else 0)
        parts[0] = f'<row r="{self.count}" ht="{height:g}">' if height else f'<row r="{self.count}">'
        self._rows.write("".join([*parts, "</row>"]))

    def add_rows(self, rows: Iterable[Sequence[str]], style: Style) -> None:
        """Add rows of texts that begin in the first column and all look alike; empty texts make no cells.

        Raises:
            TextTooLong: Excel cannot hold a text.
        """
        heads: list[str] = []
        middle = f'" s="{style.number}" t="inlineStr"><is><t>'
        care, write = _NEEDS_CARE.search, self._rows.write
        block: list[str] = []
        for row in rows:
            self.count += 1
            number = str(self.count)
            if len(row) > len(heads):
                heads += [f'<c r="{column_letter(column)}' for column in range(len(heads), len(row))]
            joined = "\n".join(row)
            if len(joined) > MAX_CELL_CHARACTERS or care(joined):
                start = f'" s="{style.number}"'
                cells = [
                    f"{heads[column]}{number}{start}{_text_part(text, column)}"
                    for column, text in enumerate(row)
                    if text
                ]
            else:
                cells = [f"{head}{number}{middle}{text}{_TAIL}" for head, text in zip(heads, row, strict=False) if text]
            block.append(f'<row r="{number}">{"".join(cells)}</row>')
            if len(block) == _ROWS_IN_A_BLOCK:
                write("".join(block))
                block.clear()
        write("".join(block))
        self._columns = max(self._columns, len(heads))

    def leave_rows_out(self) -> None:
        """Let XlsxWriter write none of its own rows: it would make one for each down to the last note, for nothing."""
        if self.frame.dim_rowmax is not None:
            self.frame.dim_rowmax = self.frame.dim_rowmin

    def framed(self, frame: IO[bytes]) -> Iterator[bytes]:
        """The sheet's part: the frame that XlsxWriter made, with our rows in it."""
        content = frame.read()
        found = _SHEET_DATA.search(content)
        assert found is not None
        area = f'<dimension ref="A1:{column_letter(self._columns - 1)}{max(self.count, 1)}"/>'
        yield _DIMENSION.sub(area.encode("ascii"), content[: found.start()], count=1) + b"<sheetData>"
        self._rows.seek(0)
        while block := self._rows.read(_BLOCK_CHARACTERS):
            yield block.encode("utf-8")
        yield b"</sheetData>" + content[found.end() :]


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide; rather one too many, as words are not cut."""
    return sum(1 + int(len(line) * 1.1 / width) for line in text.split("\n"))


def _text_part(text: str, column: int) -> str:
    """The rest of a text cell after its name and style, with everything in the text that needs care."""
    # Excel counts in 16-bit units.
    if (
        len(text) * 2 > MAX_CELL_CHARACTERS
        and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL_CHARACTERS
    ):
        raise TextTooLong(column)
    plain = _LOOKS_ESCAPED.sub("_x005F_", xml_text(text))
    plain = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", plain)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{plain}{_TAIL}'
