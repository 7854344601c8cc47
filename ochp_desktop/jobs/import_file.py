"""Making a sheet of a spreadsheet that was read: its rows with their place in the file, repaired as was answered.

In steps, for a window that shows the proposal before it is taken: `import_proposal`, then `build`. In one go, for what
needs no question: `import_file`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from ochp_desktop.jobs.import_proposal import (
    COMMA,
    DAY_FIRST,
    MONTH_FIRST,
    OPEN,
    POINT,
    Answers,
    Damage,
    Matching,
    Proposal,
    column_letter,
    find_file,
)
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rules import DamagedCell
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.cells import some_rows
from ochp_desktop.spreadsheet.interpret import interpret, zones_of
from ochp_desktop.spreadsheet.match import no_header
from ochp_desktop.spreadsheet.matching import Taken
from ochp_desktop.texts import N_, _, ngettext, number

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
    zones = [*filter(None, (answers.timezone,)), *sorted({str(zone) for zone in zones_of(proposal.matching).values()})]
    if zones and not answers.date_order and signs.date_order != OPEN:
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
        _("times in {zone}").format(zone=", ".join(zones)) if zones else "",
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
    if taken.units:
        yield _("Row {row} was left out: it explains the header.").format(row=number(taken.units))
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
