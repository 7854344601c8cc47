"""Writes a workbook of plain pages of text: a header line and rows, nothing in it a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.spreadsheet.newbook import MAX_ROWS, NewBook
from ochp_desktop.spreadsheet.output import replacing

_WIDTH = 18
# Short enough for Excel whatever the characters are.
_MOST_CHARACTERS = 16_000


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
    with replacing(path) as beside, NewBook() as book:
        text, head = book.style(), book.head_style()
        for page in pages:
            sheet = book.sheet(page.title)
            for column in range(len(page.header)):
                width = page.widths[column] if column < len(page.widths) else _WIDTH
                sheet.set_width(column, width, text)
            sheet.add([(column, title, head) for column, title in enumerate(page.header)])
            sheet.add_rows(([cell[:_MOST_CHARACTERS] for cell in row] for row in page.rows[: MAX_ROWS - 1]), text)
            sheet.frame.freeze_panes(1, 0)
        book.save(beside)
