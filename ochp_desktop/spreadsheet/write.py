"""Writes tables as .xlsx and .csv that come back unchanged and in which no cell is ever a live formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.errors import UsageError
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Problem
from ochp_desktop.spreadsheet.csvfile import guarded
from ochp_desktop.spreadsheet.newbook import TELL_EVERY, NewBook, Told
from ochp_desktop.spreadsheet.output import folder_error, replacing
from ochp_desktop.spreadsheet.recordsheet import Headers, RecordSheet, header_texts
from ochp_desktop.texts import _


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a .csv is written.

    Attributes:
        delimiter: between two cells.
        mark: whether a byte order mark comes first, by which Excel knows UTF-8.
    """

    delimiter: str = ","
    mark: bool = False


PLAIN_CSV = CsvStyle()
# What a German or Dutch Excel opens with a double click.
EXCEL_CSV = CsvStyle(delimiter=";", mark=True)


def write_table(
    path: Path | str,
    kind: RecordKind,
    rows: Iterable[Sequence[str]],
    headers: Headers = "wire",
    sheet: str = "",
    told: Told | None = None,
) -> int:
    """Write rows to .xlsx, .csv (commas), .tsv or .txt (tabs), as the name ends; returns how many.

    Raises:
        UsageError: the name ends in something else.
        FileError: the file cannot be written, or is a folder.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx":
        return write_xlsx(path, kind, rows, headers=headers, sheet=sheet, told=told)
    if suffix == ".csv":
        return write_csv(path, kind, rows, headers=headers, told=told)
    if suffix in {".tsv", ".txt"}:
        return write_csv(path, kind, rows, headers=headers, style=CsvStyle(delimiter="\t"), told=told)
    if Path(path).is_dir():
        raise folder_error(Path(path))
    raise UsageError(
        _("Unknown kind of file"),
        _("Files are written as .xlsx, .csv, .tsv or .txt; {name} ends in none of them.").format(name=Path(path).name),
    )


def write_csv(
    path: Path | str,
    kind: RecordKind,
    rows: Iterable[Sequence[str]],
    *,
    headers: Headers = "labels",
    style: CsvStyle = PLAIN_CSV,
    told: Told | None = None,
) -> int:
    """Write rows as text in UTF-8; returns how many.

    Texts that a spreadsheet program would take for a formula get an apostrophe before them, which our own reader takes
    away again.

    Raises:
        FileError: the file cannot be written.
    """
    count = 0
    with (
        replacing(path) as beside,
        beside.open("w", encoding="utf-8-sig" if style.mark else "utf-8", errors="replace", newline="") as file,
    ):
        writer = csv.writer(file, delimiter=style.delimiter)
        writer.writerow(header_texts(kind, headers))
        for row in rows:
            if told is not None and count % TELL_EVERY == 0:
                told(count)
            writer.writerow([guarded(text) if text else "" for text in row])
            count += 1
    return count


def write_xlsx(
    path: Path | str,
    kind: RecordKind,
    rows: Iterable[Sequence[str]],
    *,
    headers: Headers = "labels",
    sheet: str = "",
    problems: Mapping[int, Sequence[Problem]] | None = None,
    told: Told | None = None,
) -> int:
    """Write rows as a workbook of one sheet in which every cell is text; returns how many.

    Header frozen and filtered, widths and choice lists from the fields' declaration. With labels as headers, the
    protocol's names are notes on them.

    Args:
        path: where to; a failure leaves an existing file whole.
        kind: the fields, in order.
        rows: texts in field order; taken one by one, never kept.
        headers: "labels" in the user's language, or "wire" for the protocol's names.
        sheet: the sheet's name; the kind's label when empty.
        problems: position of a row (0 is the first) -> its problems; their cells are coloured and get notes.
        told: told the number of rows done, now and then; may raise to stop.

    Raises:
        FileError: the file cannot be written, or Excel has no room for so many rows or so long a text.
    """
    with replacing(path) as beside, NewBook() as book:
        count = RecordSheet(book, kind, headers=headers, sheet=sheet).write(rows, problems or {}, Path(path).name, told)
        book.save(beside, told)
    return count
