"""Writes tables as .xlsx and .csv that come back unchanged and in which no cell is ever a live formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ochp_desktop.errors import FileError, UsageError
from ochp_desktop.records.fields import Field, RecordKind
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.spreadsheet.cells import cell_name, column_letter
from ochp_desktop.spreadsheet.csvfile import guarded
from ochp_desktop.spreadsheet.output import replacing, write_error
from ochp_desktop.texts import _, number

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Headers = Literal["labels", "wire"]

MAX_ROWS = 1_048_576
MAX_CELL_CHARACTERS = 32_767
MAX_SHEET_NAME = 31
# Excel gets slow with more notes than this; cells beyond keep their colour.
MAX_NOTES = 5000

_MAX_LIST_CHARACTERS = 255
_MAX_NOTE_CHARACTERS = 2000
# What no XML file can hold: half characters and two that Unicode reserves.
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOTE_GROUNDS = {Level.ERROR: "#FDE4E1", Level.WARNING: "#FDF0CF", Level.HINT: "#E2EEFB"}
_WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


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
    path: Path | str, kind: RecordKind, rows: Iterable[Sequence[str]], headers: Headers = "wire", sheet: str = ""
) -> int:
    """Write rows to .xlsx, .csv (commas), .tsv or .txt (tabs), as the name ends; returns how many.

    Raises:
        UsageError: the name ends in something else.
        FileError: the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx":
        return write_xlsx(path, kind, rows, headers=headers, sheet=sheet)
    if suffix == ".csv":
        return write_csv(path, kind, rows, headers=headers)
    if suffix in {".tsv", ".txt"}:
        return write_csv(path, kind, rows, headers=headers, style=CsvStyle(delimiter="\t"))
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

    Raises:
        FileError: the file cannot be written, or Excel has no room for so many rows or so long a text.
    """
    with replacing(path) as beside:
        book = open_workbook(beside)
        target = Path(path)
        try:
            table = Table(book, kind, headers=headers, sheet=sheet)
            count = table.write(rows, problems or {}, target.name)
        finally:
            close_workbook(book, target)
    return count


def open_workbook(path: Path) -> Workbook:
    """A new workbook that is written row by row and turns no text into anything else."""
    import xlsxwriter

    return xlsxwriter.Workbook(str(path), dict(_WORKBOOK_OPTIONS))


def close_workbook(book: Workbook, target: Path) -> None:
    """Finish the file.

    Raises:
        FileError: it cannot be written.
    """
    import xlsxwriter.exceptions

    try:
        book.close()
    except xlsxwriter.exceptions.XlsxFileError as failure:
        cause = failure.args[0] if failure.args and isinstance(failure.args[0], OSError) else OSError(str(failure))
        raise write_error(target, cause) from failure


def header_texts(kind: RecordKind, headers: Headers) -> list[str]:
    """The header row."""
    return [field.name if headers == "wire" else field.title() for field in kind]


def xml_text(text: str) -> str:
    """The text without what no XML file can hold: such characters become the replacement character."""
    return _NOT_IN_XML.sub("\ufffd", text)


def sheet_name(text: str) -> str:
    """The text as a name that Excel takes for a sheet: at most 31 characters, no brackets, slashes, colons and such."""
    return _NOT_IN_SHEET_NAMES.sub("-", xml_text(text))[:MAX_SHEET_NAME].strip("'") or "-"


@dataclass(frozen=True, slots=True)
class Extra:
    """A column of ours behind the record's fields.

    Attributes:
        title: its header.
        texts: one for each row.
        width: in characters.
        hidden: whether Excel hides it.
    """

    title: str
    texts: Sequence[str]
    width: int = 40
    hidden: bool = False


class Table:
    """One sheet of records in a workbook that is being written."""

    def __init__(
        self, book: Workbook, kind: RecordKind, *, headers: Headers, sheet: str = "", extra: Sequence[Extra] = ()
    ) -> None:
        self._kind = kind
        self._extra = extra
        self._sheet: Worksheet = book.add_worksheet(sheet_name(sheet or _(kind.label)))
        text: dict[str, Any] = {"num_format": "@", "valign": "top"}
        self._grounds: dict[Level, Format] = {
            level: book.add_format({**text, "bg_color": colour}) for level, colour in NOTE_GROUNDS.items()
        }
        self._notes = 0
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E9E9E6", "bottom": 1})
        plain_text = book.add_format(text)
        last = len(kind) - 1
        for column, (field, title) in enumerate(zip(kind, header_texts(kind, headers), strict=True)):
            self._sheet.set_column(column, column, max(field.width, len(title)) + 3, plain_text)
            self._sheet.write_string(0, column, title, head)
            if headers == "labels":
                self._sheet.write_comment(0, column, field.name, {"x_scale": 1.2, "y_scale": 0.4})
            self._offer_choices(column, field)
        wrapped = book.add_format({**text, "text_wrap": True})
        for column, one in enumerate(extra, len(kind)):
            self._sheet.set_column(column, column, one.width, wrapped, {"hidden": one.hidden})
            self._sheet.write_string(0, column, one.title, head)
        self._sheet.freeze_panes(1, 0)
        # Texts of digits are meant: no green corner in every cell.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(last)}{MAX_ROWS}"})

    def write(self, rows: Iterable[Sequence[str]], problems: Mapping[int, Sequence[Problem]], name: str) -> int:
        """Write all rows below the header; returns how many.

        Raises:
            FileError: too many rows or too long a text for Excel; `name` is the file's, for the sentence.
        """
        write_string = self._sheet.write_string
        count = 0
        for position, row in enumerate(rows):
            line = position + 1
            if line >= MAX_ROWS:
                raise _too_many_rows(name)
            found = problems.get(position)
            if found:
                self._write_marked(line, row, found, name)
            else:
                for column, text in enumerate(row):
                    if text:
                        # 0 is done; text it cannot take whole, and would cut, is -2.
                        if not text.isascii():
                            text = xml_text(text)  # noqa: PLW2901 - the same text, made fit for XML
                        if write_string(line, column, text):
                            raise _too_long(name, line, column)
            for column, one in enumerate(self._extra, len(self._kind)):
                if position < len(one.texts) and one.texts[position]:
                    write_string(line, column, xml_text(one.texts[position])[:MAX_CELL_CHARACTERS])
            count = line
        shown = sum(not one.hidden for one in self._extra)
        self._sheet.autofilter(0, 0, max(count, 1), len(self._kind) + shown - 1)
        return count

    def _write_marked(self, line: int, row: Sequence[str], problems: Sequence[Problem], name: str) -> None:
        by_field: dict[str, list[Problem]] = {}
        for problem in problems:
            by_field.setdefault(problem.field, []).append(problem)
        for column, (field, text) in enumerate(zip(self._kind, row, strict=True)):
            found = sorted(by_field.get(field.name, ()), key=lambda problem: -problem.level)
            ground = self._grounds[found[0].level] if found else None
            if text:
                if self._sheet.write_string(line, column, xml_text(text), ground):
                    raise _too_long(name, line, column)
            elif found:
                self._sheet.write_blank(line, column, None, ground)
            if found and self._notes < MAX_NOTES:
                self._notes += 1
                note = "\n".join(xml_text(problem.message()) for problem in found)[:_MAX_NOTE_CHARACTERS]
                self._sheet.write_comment(line, column, note, {"x_scale": 2})

    def _offer_choices(self, column: int, field: Field) -> None:
        choices = field.type.choices()
        texts = [text for text, _shown in choices]
        if not texts or len(",".join(texts)) > _MAX_LIST_CHARACTERS or any("," in text for text in texts):
            return
        self._sheet.data_validation(
            1,
            column,
            MAX_ROWS - 1,
            column,
            {
                "validate": "list",
                "source": texts,
                # Other numbers exist in the field; they are judged by the rules, not by Excel.
                "error_type": "warning",
                "input_title": xml_text(field.title())[:32],
                "input_message": "\n".join(shown for _text, shown in choices)[:_MAX_LIST_CHARACTERS],
            },
        )


def _too_many_rows(name: str) -> FileError:
    return FileError(
        _("Too many rows for Excel"),
        _("An Excel sheet holds {count} rows, and {name} would need more. Save it as .csv instead.").format(
            count=number(MAX_ROWS), name=name
        ),
    )


def _too_long(name: str, line: int, column: int) -> FileError:
    return FileError(
        _("A text is too long for Excel"),
        _("Cell {cell} of {name} would hold more than {count} characters. Shorten it, or save as .csv instead.").format(
            cell=cell_name(line + 1, column), name=name, count=number(MAX_CELL_CHARACTERS)
        ),
    )
