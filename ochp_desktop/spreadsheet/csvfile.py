"""Reads text tables (.csv, .tsv, .txt) as frames; runs in the child process only.

Encoding: a byte order mark, else two-byte Unicode, else strict UTF-8, else Windows-1252; guessing further is wrong more
often than right. Delimiter: the one that cuts the first records into the same number of cells. Formula guards are
undone: see `unguarded`.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.cells import some_rows
from ochp_desktop.spreadsheet.csvrecords import CsvRecords
from ochp_desktop.spreadsheet.frames import MAX_COLUMNS, ROWS_PER_FRAME, Frame, block
from ochp_desktop.spreadsheet.recognise import looks_like_utf16
from ochp_desktop.texts import N_, _, ngettext, number

DELIMITERS = (";", ",", "\t", "|")
# What people may choose from.
ENCODINGS = ("utf-8", "cp1252", "iso-8859-15", "utf-16", "cp850")
DELIMITER_NAMES = {";": N_("semicolons"), ",": N_("commas"), "\t": N_("tabs"), "|": N_("vertical bars")}
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "iso-8859-15": "ISO 8859-15",
    "cp850": "MS-DOS 850",
}
# Longer than anything a spreadsheet cell can hold; beyond it a quote was never closed.
MAX_FIELD_CHARACTERS = 1_000_000

_SAMPLE_CHARACTERS = 200_000
_SAMPLE_RECORDS = 100
_BLOCK_BYTES = 1 << 20
# What starts a formula in Excel or LibreOffice when a CSV file is opened there; full-width forms count in some locales.
# Blanks before it do not help, programs may drop them, nor do the line breaks and tabs at the start of a cell.
_BEGINS = r"[^\S\t\r\n]*[=+\-@＝＋－＠]"
_BEGINS_CELL = r"[^\S\t\r\n]*[=+\-@\t\r\n＝＋－＠]"
# Where a program of another country, with another delimiter, would cut the text.
_CUT = r"(?<=[;,\t|\r\n])"
_NEEDS_GUARD = re.compile(f"^(?='*{_BEGINS_CELL})|{_CUT}(?='*{_BEGINS})")
_GUARDED = re.compile(f"^'(?='*{_BEGINS_CELL})|{_CUT}'(?='*{_BEGINS})")
# A cell that begins as our guard does is no quoted one; one in double quotes may go on in the next line.
_SINGLE_QUOTED = re.compile(f"(?:^|[;,\\t|])'(?!{_BEGINS_CELL}|')([^'\\n]*)'(?=[;,\\t|]|\\r?$)", re.MULTILINE)
_DELIMITER = re.compile(r"[;,\t|]")
_DOUBLE_QUOTED = re.compile(r'(?:^|[;,\t|])"', re.MULTILINE)
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a text table is written.

    Attributes:
        encoding: Python's name of it ("utf-8-sig", "cp1252").
        delimiter: the character between two cells.
        quote: the character around cells that hold a delimiter or a line break, "" for none.
    """

    encoding: str
    delimiter: str
    quote: str = '"'

    def options(self) -> dict[str, Any]:
        """The same for the `csv` module."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "quotechar": self.quote}


def guarded(text: str) -> str:
    """The text so that no program takes it for a formula: an apostrophe goes before =, +, -, @, tab, line break.

    That is done at its start, and within it after each delimiter and line break: a program that cuts the line at
    another character than we do must find no formula either. A text that already looks guarded gets one more
    apostrophe, so `unguarded` gives back every text unchanged.
    """
    return _NEEDS_GUARD.sub("'", text)


def unguarded(text: str) -> str:
    """The text without the apostrophes that `guarded` put into it; others stay."""
    return _GUARDED.sub("", text)


def find_form(path: Path) -> CsvForm:
    """The encoding and delimiter of a text table, by its content.

    Raises:
        FileError: the file cannot be read.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    quote = _quote(sample)
    return CsvForm(encoding, _delimiter(sample, quote), quote)


def read_csv(path: Path, form: CsvForm | None = None) -> Iterator[Frame]:
    """The frames of a text table: head, rows as they come, the end.

    Args:
        path: a file that `recognise` found to be text.
        form: how it is written, or None to find out.

    Raises:
        FileError: not decodable, too wide, a quote never closed, or nothing in it.
    """
    form = form or find_form(path)
    head = {"kind": "csv", "sheets": [], "hidden": [], "sheet": "", "form": [form.encoding, form.delimiter, form.quote]}
    yield Frame("H", head)
    reading = _Reading(path, form)
    try:
        yield from reading.row_frames()
    except UnicodeError as failure:
        raise FileError(
            _("The text cannot be read"),
            _("{name} is not written in {encoding}. Choose another encoding, or save it as CSV UTF-8.").format(
                name=path.name, encoding=ENCODING_NAMES.get(form.encoding, form.encoding)
            ),
            detail=str(failure),
        ) from failure
    except csv.Error as failure:
        raise FileError(
            _("The table cannot be read"),
            _(
                "In {name}, the cell that begins after row {row} never ends: a quotation mark is missing or too many. "
                "Correct it there, or save the file as .xlsx."
            ).format(name=path.name, row=number(reading.rows)),
            detail=str(failure),
        ) from failure
    if reading.filled == 0:
        raise FileError(
            _("The table is empty"),
            _("{name} has no filled cell. Check that the right file was saved.").format(name=path.name),
        )
    yield Frame("Z", {"rows": reading.filled, "width": reading.width, "notices": reading.notices()})


class _Reading:
    """One text table on its way into frames."""

    def __init__(self, path: Path, form: CsvForm) -> None:
        self._path = path
        self._form = form
        self._text_formulas = 0
        self._torn: list[int] = []
        self.rows = 0
        self.filled = 0
        self.width = 0

    def row_frames(self) -> Iterator[Frame]:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        with self._path.open(encoding=self._form.encoding, newline="") as file:
            blank = 0
            rows: list[list[str]] = []
            records = CsvRecords(file, self._form.options())
            self._torn = records.torn
            for record in records:
                self.rows += 1
                row = self._cells(record)
                if not any(row):
                    blank += 1
                    continue
                rows.extend([] for _blank in range(blank))
                blank = 0
                rows.append(row)
                self.filled = self.rows
                if len(rows) >= ROWS_PER_FRAME:
                    yield Frame("R", block(rows))
                    rows = []
            if rows:
                yield Frame("R", block(rows))

    def notices(self) -> list[str]:
        """What people should know about how the file was read."""
        notices = [
            _("Read as text in {encoding}, cells separated by {delimiter}.").format(
                encoding=ENCODING_NAMES.get(self._form.encoding, self._form.encoding),
                delimiter=_(DELIMITER_NAMES.get(self._form.delimiter, self._form.delimiter)),
            )
        ]
        if self._text_formulas:
            notices.append(
                ngettext(
                    '{count} cell is written as ="..."; what it shows was taken.',
                    '{count} cells are written as ="..."; what they show was taken.',
                    self._text_formulas,
                ).format(count=number(self._text_formulas))
            )
        if self._torn:
            text = ngettext(
                "In row {rows} a quotation mark is missing or too many; it was taken as part of the text.",
                "In rows {rows} a quotation mark is missing or too many; it was taken as part of the text.",
                len(self._torn),
            )
            notices.append(text.format(rows=some_rows(self._torn)))
        return notices

    def _cells(self, record: list[str]) -> list[str]:
        if self.rows == 1 and len(record) <= 2 and record and record[0].lower().startswith("sep="):  # noqa: PLR2004 - Excel's line "sep=;" is cut in two by its own delimiter
            return []
        if len(record) > MAX_COLUMNS:
            raise FileError(
                _("The table is too large"),
                _("Row {row} of {name} has more than {count} cells. Is it a table?").format(
                    row=number(self.rows), name=self._path.name, count=number(MAX_COLUMNS)
                ),
            )
        for column, text in enumerate(record):
            if "'" in text or text[:1] == "=":
                shown = _TEXT_FORMULA.fullmatch(text)
                if shown is not None:
                    self._text_formulas += 1
                record[column] = shown[1] if shown is not None else unguarded(text)
        if any(record[self.width :]):
            self.width = max(index for index, text in enumerate(record, 1) if text)
        return record


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if wide := looks_like_utf16(start):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        file.seek(0)
        try:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _quote(sample: str) -> str:
    """The quote: single ones where they stand around cells, headers or delimiters too, and double ones do not."""
    double = len(_DOUBLE_QUOTED.findall(sample))
    single = list(_SINGLE_QUOTED.finditer(sample))
    # Texts may have apostrophes around them; quotes are there for a reason, or everywhere.
    head = sample.find("\n")
    quotes = any(found.end() <= head or _DELIMITER.search(found[1]) for found in single)
    return "'" if quotes and len(single) > max(1, double) else '"'


def _delimiter(sample: str, quote: str) -> str:
    """The delimiter that cuts the first records most evenly, and of those the one that makes most cells."""
    first = sample[:16].split("\n", 1)[0].rstrip("\r")
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return first[4:5]
    best = (0.0, 0, 0)
    chosen = ","
    for preference, delimiter in enumerate(reversed(DELIMITERS)):
        lengths: Counter[int] = Counter()
        try:
            records = CsvRecords(io.StringIO(sample, newline=""), {"delimiter": delimiter, "quotechar": quote})
            for record in itertools.islice(records, _SAMPLE_RECORDS):
                if len(record) > 1 or any(record):
                    lengths[len(record)] += 1
        except csv.Error:
            continue
        if not lengths:
            continue
        columns, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
        score = (count / lengths.total(), columns, preference)
        if columns > 1 and score > best:
            best, chosen = score, delimiter
    return chosen
