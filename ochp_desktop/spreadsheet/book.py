"""Writes a workbook of plain pages of text: a header line and rows, nothing in it a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.write import MAX_ROWS, close_workbook, open_workbook, sheet_name, xml_text

_WIDTH = 18
_MOST_CHARACTERS = 32_000


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet.

    Attributes:
        title: its name.
        header: the texts of the first line.
        rows: the texts below.
        widths: widths of the columns in characters; the usual one where none is given.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()


def write_pages(path: Path | str, pages: Sequence[Page]) -> None:
    """Write the pages as a workbook.

    Raises:
        FileError: the file cannot be written; an existing one stays whole.
    """
    with replacing(path) as beside:
        book = open_workbook(beside)
        try:
            text = book.add_format({"num_format": "@", "valign": "top"})
            head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E9E9E6", "bottom": 1})
            for page in pages:
                sheet = book.add_worksheet(sheet_name(page.title))
                for column, title in enumerate(page.header):
                    width = page.widths[column] if column < len(page.widths) else _WIDTH
                    sheet.set_column(column, column, width, text)
                    sheet.write_string(0, column, xml_text(title), head)
                for line, row in enumerate(page.rows[: MAX_ROWS - 1], 1):
                    for column, cell in enumerate(row):
                        if cell:
                            sheet.write_string(line, column, xml_text(cell)[:_MOST_CHARACTERS], text)
                sheet.freeze_panes(1, 0)
        finally:
            close_workbook(book, Path(path))
