"""Reading a spreadsheet into a sheet: cells in a child process, columns matched by header, rows with their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.cells import column_letter
from ochp_desktop.spreadsheet.match import guess_kind, match_columns
from ochp_desktop.spreadsheet.read import RawTable, read_table
from ochp_desktop.texts import _


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was read.

    Attributes:
        sheet: its rows as text cells, each knowing its row in the file.
        path: the file.
        sheet_name: the sheet of the workbook that was read.
        sheet_names: all sheets of the workbook.
        notices: sentences about what was noticed while reading.
        unmatched: (column letter, header) of columns that no field belongs to.
        missing: protocol names of the fields that no column belongs to.
    """

    sheet: Sheet
    path: Path
    sheet_name: str
    sheet_names: Sequence[str]
    notices: Sequence[str]
    unmatched: Sequence[tuple[str, str]]
    missing: Sequence[str]


def import_file(path: Path, kind: RecordKind | None, cancel: Cancel, sheet_name: str | None = None) -> Job[Imported]:
    """Read a file into a new sheet; without a kind, the headers decide between tokens and CDRs.

    Raises:
        FileError: the file cannot be read, or none of its headers fits.
        Cancelled: stopped; the child process is gone.
    """
    text = _("Reading {file}").format(file=path.name)

    def read(report: Report) -> RawTable:
        return read_table(path, sheet=sheet_name, cancel=cancel.is_set, progress=lambda rows: report(rows, None))

    table = yield from background(read, text)
    cancel.check()
    matching = match_columns(table.rows, kind or guess_kind(table.rows))
    header_row = table.first_row + matching.header_row
    sheet = Sheet(matching.kind, origin=Origin(str(path), table.sheet, header_row, matching.letters))
    sources: list[int] = []
    rows: list[tuple[str, ...]] = []
    for source, texts in matching.records(table.rows, table.first_row):
        sources.append(source)
        rows.append(texts)
    sheet.load(rows, sources)
    cancel.check()
    unmatched = [(column_letter(index), header) for index, header in matching.unmatched]
    return Imported(sheet, path, table.sheet, table.sheets, table.notices, unmatched, matching.missing)
