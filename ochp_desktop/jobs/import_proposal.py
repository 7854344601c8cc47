"""How a spreadsheet would be taken: read in a child process, its columns matched, its doubts told; changed by people.

A file is read by `read_file`, or by `find_file`, which looks for the sheet with records. `propose` says how its table
would be taken, `look_again` what becomes of that when people choose otherwise. `import_file.build` takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.spreadsheet.cells import column_letter
from ochp_desktop.spreadsheet.csvfile import DELIMITER_NAMES, DELIMITERS, ENCODING_NAMES, ENCODINGS, CsvForm
from ochp_desktop.spreadsheet.damage import TITLES, Damage, find_damage
from ochp_desktop.spreadsheet.interpret import (
    COMMA,
    DAY_FIRST,
    MONTH_FIRST,
    OPEN,
    POINT,
    Answers,
    Signs,
    find_signs,
)
from ochp_desktop.spreadsheet.match import best_match, find_tables, guess_kind
from ochp_desktop.spreadsheet.matching import Matching, matching_of
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.remembered import Remembered, header_key, recall
from ochp_desktop.spreadsheet.rowkeys import keys_of
from ochp_desktop.texts import _

# What a proposal consists of, for those who show it.
__all__ = [
    "COMMA",
    "DAY_FIRST",
    "DELIMITERS",
    "DELIMITER_NAMES",
    "ENCODINGS",
    "ENCODING_NAMES",
    "MONTH_FIRST",
    "OPEN",
    "POINT",
    "TITLES",
    "Answers",
    "CsvForm",
    "Damage",
    "Matching",
    "Proposal",
    "RawTable",
    "Remembered",
    "Rows",
    "Signs",
    "column_letter",
    "find_file",
    "header_key",
    "look_again",
    "matching_of",
    "propose",
    "read_file",
]

# A workbook's first sheet may be a cover: so many others are tried.
_MOST_SHEETS = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read, for people to look at and change.

    Attributes:
        table: the sheet as it stands in the file.
        matching: which column would hold which field.
        others: other tables on the same sheet.
        signs: what the columns say about dates, volumes and times.
        answers: how they would be read; what is open is guessed.
        damages: cells that were damaged before the file arrived.
        remembered: whether the columns are those chosen last time.
        row_keys: row number in the file -> hidden key.
    """

    table: RawTable
    matching: Matching
    others: Sequence[Matching]
    signs: Signs
    answers: Answers
    damages: Sequence[Damage]
    remembered: bool = False
    row_keys: Mapping[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> RecordKind:
        """What kind of record it would become."""
        return self.matching.kind

    @property
    def asks(self) -> bool:
        """Whether something in it should be looked at before it is taken."""
        return bool(
            not self.matching.columns
            or self.matching.unsure
            or self.others
            or self.row_keys
            or self.signs.open_questions
            or (self.signs.without_offset * 2 > self.signs.moments and not self.answers.timezone)
            or self.left_over
        )

    @property
    def has_records(self) -> bool:
        """Whether something stands below the header in a column that holds a field."""
        start, rows = self.matching.header_row + 1, self.table.rows
        stop = min(len(rows), self.matching.end_row)
        return any(rows.columns[at][row] for at in self.matching.columns.values() for row in range(start, stop))

    @property
    def is_list(self) -> bool:
        """Whether it is surely more than a cover on which some word is that of a header."""
        return len(self.matching.columns) > 1 and self.has_records

    @property
    def left_over(self) -> bool:
        """Whether a mandatory field has no column while a column has no field."""
        lacks = any(
            self.kind.field(name).mandatory for name in self.matching.missing if name not in self.matching.constants
        )
        return lacks and bool(self.matching.unmatched) and not self.remembered


def read_file(path: Path, cancel: Cancel, sheet_name: str | None = None, form: CsvForm | None = None) -> Job[RawTable]:
    """Read one sheet of a file as it stands there.

    Raises:
        FileError: the file cannot be read.
        Cancelled: stopped; the child process is gone.
    """

    def read(report: Report) -> RawTable:
        return read_table(
            path, sheet=sheet_name, form=form, cancel=cancel.is_set, progress=lambda rows: report(rows, None)
        )

    table = yield from background(read, _("Reading {file}").format(file=path.name))
    cancel.check()
    return table


def find_file(
    path: Path,
    kind: RecordKind | None,
    cancel: Cancel,
    sheet_name: str | None = None,
    form: CsvForm | None = None,
    memory: Mapping[str, Remembered] | None = None,
    timezone: str = "",
) -> Job[Proposal]:
    """Read a file and propose how to take it; where no sheet is named, the first that holds such records.

    Raises:
        FileError: the file cannot be read.
        Cancelled: stopped.
    """
    table = yield from read_file(path, cancel, sheet_name, form)
    proposal = propose(table, kind, memory or {}, timezone)
    best = proposal
    if best.is_list or sheet_name is not None:
        return best
    for name in [name for name in table.sheets if name != table.sheet][:_MOST_SHEETS]:
        try:
            other = yield from read_file(path, cancel, name)
        except FileError:
            continue  # an empty sheet
        found = propose(other, kind, memory or {}, timezone)
        if found.is_list:
            return found
        if (found.has_records, len(found.matching.columns)) > (best.has_records, len(best.matching.columns)):
            best = found
    return best


def propose(table: RawTable, kind: RecordKind | None, memory: Mapping[str, Remembered], timezone: str = "") -> Proposal:
    """How a table would be taken: as remembered, else by headers, near words and content.

    Args:
        table: the sheet as it stands in the file.
        kind: the kind of record, or None to let the columns decide; roaming tokens where they say nothing.
        memory: what was chosen for header rows before.
        timezone: the zone in which times without offset are meant, "" when nobody has said.
    """
    known = recall(table.rows, kind, memory)
    if known is not None:
        matching, answers = known
        return look_again(table, matching, answers, remembered=True, timezone=timezone)
    wanted = kind
    if wanted is None:
        try:
            wanted = guess_kind(table.rows)
        except FileError:
            wanted = KINDS["tokens"]
    tables = find_tables(table.rows, wanted)
    matching = tables[0] if tables else best_match(table.rows, wanted)
    return look_again(table, matching, None, others=tables[1:], timezone=timezone)


def look_again(
    table: RawTable,
    matching: Matching,
    answers: Answers | None,
    *,
    others: Sequence[Matching] = (),
    remembered: bool = False,
    timezone: str = "",
) -> Proposal:
    """The proposal for a changed matching; without answers the columns give them where they can, else a guess."""
    signs = find_signs(table, matching)
    given = answers or Answers()
    # What a column settles is no answer: its texts stay as typed, and the rules read and repair them where they stand.
    found = Answers(
        date_order=_said(given.date_order, signs.date_order, signs.date_guess, remembered=remembered),
        decimal=_said(given.decimal, signs.decimal, signs.decimal_guess, remembered=remembered),
        timezone=given.timezone or (timezone if signs.without_offset else ""),
    )
    if answers is not None:
        # Asked and answered: the columns may be as doubtful as they like.
        signs = replace(
            signs,
            date_order=found.date_order if signs.date_order == OPEN and found.date_order else signs.date_order,
            decimal=found.decimal if signs.decimal == OPEN and found.decimal else signs.decimal,
        )
    return Proposal(
        table,
        matching,
        others,
        signs,
        found,
        find_damage(table, matching),
        remembered,
        keys_of(table, matching),
    )


def _said(given: str, found: str, guess: str, *, remembered: bool) -> str:
    """What was said where the column cannot tell, or now against it; an answer to another file never is."""
    if found == OPEN:
        return given or guess
    return "" if remembered or given == found else given
