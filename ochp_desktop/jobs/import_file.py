"""Reading a spreadsheet into a sheet: cells in a child process, columns matched, doubts told, rows with their place.

In steps, for a window that shows the proposal before it is taken: `read_file`, `propose`, `build`. In one go, for what
needs no question: `import_file`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rules import DamagedCell
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.cells import column_letter, some_rows
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
    interpret,
)
from ochp_desktop.spreadsheet.match import best_match, find_tables, guess_kind, no_header
from ochp_desktop.spreadsheet.matching import Matching, Taken, matching_of
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.remembered import Remembered, header_key, recall
from ochp_desktop.spreadsheet.rowkeys import keys_of
from ochp_desktop.texts import N_, _, ngettext, number

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
    "Imported",
    "Matching",
    "Proposal",
    "RawTable",
    "Remembered",
    "Rows",
    "Signs",
    "build",
    "column_letter",
    "find_file",
    "header_key",
    "import_file",
    "look_again",
    "matching_of",
    "propose",
    "read_file",
]

# A workbook's first sheet may be a cover: so many others are tried.
_MOST_SHEETS = 8
_HOW = {
    "near": N_("Column {letter} “{header}” was taken for {field}, which is spelt almost like this."),
    "content": N_("Column {letter} “{header}” was taken for {field}, by what stands in it."),
    "joined": N_("Column {letter} “{header}” and a time of day in another column were joined into {field}."),
    "remembered": N_("The columns were matched as last time."),
}


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
        matching: which column holds which field.
        answers: how doubtful dates, volumes and times were read.
        damages: cells that were damaged before the file arrived.
        row_keys: row id in `sheet` -> hidden key, for rows that were exported to be mended.
    """

    sheet: Sheet
    path: Path
    sheet_name: str
    sheet_names: Sequence[str]
    notices: Sequence[str]
    unmatched: Sequence[tuple[str, str]]
    missing: Sequence[str]
    matching: Matching | None = None
    answers: Answers = field(default_factory=Answers)
    damages: Sequence[Damage] = ()
    row_keys: Mapping[int, str] = field(default_factory=dict)


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


def build(proposal: Proposal) -> Imported:
    """The sheet that a proposal makes: the file's texts, and what answers make of them as a step that can be undone."""
    table, matching = proposal.table, proposal.matching
    sheet = Sheet(
        matching.kind,
        origin=Origin(str(table.path), table.sheet, table.first_row + matching.header_row, matching.letters),
    )
    with _no_garbage_collection():
        taken = matching.taken(table.rows, table.first_row, table.dates)
        sheet.restore(taken.columns, taken.sources, range(len(taken.sources)))
    _take_damage(sheet, proposal.damages)
    answered = _answer(sheet, proposal)
    return Imported(
        sheet,
        table.path,
        table.sheet,
        table.sheets,
        [*table.notices, *_how_matched(proposal), *_what_was_taken(proposal, taken), *filter(None, (answered,))],
        [(column_letter(index), header) for index, header in matching.unmatched],
        [name for name in matching.missing if name not in matching.constants],
        matching,
        proposal.answers,
        proposal.damages,
        {row: key for row, source in enumerate(taken.sources) if (key := proposal.row_keys.get(source, ""))},
    )


def _answer(sheet: Sheet, proposal: Proposal) -> str:
    """Bring the texts into the form that the answers give them; says what was done, or "" when nothing was."""
    answers, signs = proposal.answers, proposal.signs
    if answers.timezone and not answers.date_order and signs.date_order != OPEN:
        # A time cannot be placed in its zone before its day is read.
        answers = replace(answers, date_order=signs.date_order)
    changes = interpret(sheet.columns, proposal.matching, answers)
    step = sheet.set_columns(_("Read dates, volumes and times as answered"), changes)
    if not step:
        return ""
    sheet.apply(step)
    how = [
        {DAY_FIRST: _("dates day first"), MONTH_FIRST: _("dates month first")}.get(answers.date_order, ""),
        {COMMA: _("a comma before decimals"), POINT: _("a point before decimals")}.get(answers.decimal, ""),
        _("times in {zone}").format(zone=answers.timezone) if answers.timezone else "",
    ]
    text = ngettext(
        "{count} cell was read with {how}. Undo brings back what the file says.",
        "{count} cells were read with {how}. Undo brings back what the file says.",
        step.cell_count,
    )
    return text.format(count=number(step.cell_count), how=", ".join(part for part in how if part))


def _take_damage(sheet: Sheet, damages: Sequence[Damage]) -> None:
    """Let the sheet know what had happened to its cells, for as long as they are what was read."""
    ids = {source: row for row, source in enumerate(sheet.sources)} if damages else {}
    for damage in damages:
        row = ids.get(damage.row)
        if row is not None:
            text = sheet.text(row, sheet.kind.index(damage.field))
            sheet.damage.setdefault(damage.field, {})[row] = DamagedCell(damage.kind, text, damage.repair)


def import_file(path: Path, kind: RecordKind | None, cancel: Cancel, sheet_name: str | None = None) -> Job[Imported]:
    """Read a file into a new sheet without a question; without a kind, the headers decide between tokens and CDRs.

    Doubtful dates, volumes and times stay as they are, for the rules to complain about.

    Raises:
        FileError: the file cannot be read, or none of its headers fits.
        Cancelled: stopped; the child process is gone.
    """
    proposal = yield from find_file(path, kind, cancel, sheet_name)
    if not proposal.matching.columns:
        raise no_header(proposal.table.rows, (kind,) if kind else tuple(KINDS.values()))
    plain = Proposal(
        proposal.table,
        proposal.matching,
        (),
        proposal.signs,
        Answers(),
        proposal.damages,
        row_keys=proposal.row_keys,
    )
    imported = build(plain)
    cancel.check()
    return imported


def _how_matched(proposal: Proposal) -> Iterator[str]:
    """Sentences about columns that were not recognised by their very words."""
    matching = proposal.matching
    if proposal.remembered:
        yield _(_HOW["remembered"])
    for name in matching.unsure:
        yield _(_HOW[matching.how[name]]).format(
            letter=column_letter(matching.columns[name]),
            header=matching.headers.get(name, ""),
            field=matching.kind.field(name).title(),
        )


def _what_was_taken(proposal: Proposal, taken: Taken) -> Iterator[str]:
    """Sentences about rows that are no records."""
    if taken.totals:
        text = ngettext(
            "Row {rows} was left out: it holds totals.",
            "Rows {rows} were left out: they hold totals.",
            len(taken.totals),
        )
        yield text.format(rows=some_rows(taken.totals))
    if not taken.sources and proposal.matching.columns:
        yield _("There is a header, but no row below it: {file} holds no records.").format(
            file=proposal.table.path.name
        )


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of new texts make the collector walk them again and again, for nothing."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
