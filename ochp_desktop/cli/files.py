"""The commands that only read and write files: check and convert; and how problems are told."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ochp_desktop.cli.output import Output, plain
from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.export_file import export_report, export_rows
from ochp_desktop.jobs.import_file import Imported, import_file
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.workplace import STORE_NAME, Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.kinds import kind_named
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.places import places_of
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, labelled, ngettext, number

SHOWN_PROBLEMS = 50


def check(chosen: argparse.Namespace, output: Output) -> int:
    """Check a file; 1 when it has errors."""
    cancel = Cancel()
    imported = read(chosen.file, chosen.kind, output, cancel)
    with _known(chosen, output) as facts:
        checker = output.run(check_sheet(imported.sheet, facts, cancel), cancel)
    if chosen.report:
        output.run(export_report(chosen.report, imported.sheet, checker, cancel, headers="wire"), cancel)
    return tell_problems(imported.sheet, checker, output)


@contextmanager
def _known(chosen: argparse.Namespace, output: Output) -> Iterator[Facts]:
    """What the rules may know: all that the store holds of the connection, or where there is no store the time alone.

    Raises:
        UsageError: there is no connection of the given name.
        StoreError: the store cannot be read.
    """
    zone: ZoneInfo | None = chosen.timezone
    if not (chosen.data_dir / STORE_NAME).is_file():
        if chosen.profile:
            raise UsageError(
                _("Unknown connection"),
                _("There is no connection called “{name}”: {folder} holds no data of this program.").format(
                    name=chosen.profile, folder=chosen.data_dir
                ),
            )
        yield Facts(now=_now(chosen.today, zone), timezone=zone)
        return
    workplace = Workplace.open(chosen.data_dir)
    try:
        for notice in workplace.notices:
            print(plain(notice), file=sys.stderr)
        zone = zone or workplace.timezone
        name = chosen.profile or workplace.last_profile()
        if name:
            workplace.choose(workplace.profile(name))
            output.say(_("Checked with what is known of the connection “{name}”.").format(name=name))
        yield workplace.facts(zone, _now(chosen.today, zone))
    finally:
        workplace.close()


def _now(today: date | None, zone: ZoneInfo | None) -> datetime:
    # The last second of the given day: what happened on that day is not in the future.
    return datetime.combine(today, time(23, 59, 59), tzinfo=zone or UTC) if today else datetime.now(UTC)


def convert(chosen: argparse.Namespace, output: Output) -> int:
    """Rewrite a file with the protocol's columns and texts."""
    cancel = Cancel()
    sheet = read(chosen.source, chosen.kind, output, cancel).sheet
    rows = wire_rows(sheet, sheet.order)
    count = output.run(export_rows(chosen.target, sheet.kind, rows, cancel, headers="wire"), cancel)
    output.data({"kind": sheet.kind.name, "rows": count, "file": str(chosen.target)})
    output.say(
        ngettext("{count} row written to {file}.", "{count} rows written to {file}.", count).format(
            count=number(count), file=chosen.target
        )
    )
    return 0


def read(path: Path, kind: str | None, output: Output, cancel: Cancel, *, must_hold: bool = False) -> Imported:
    """Read a file and tell what was noticed.

    Args:
        path: the file.
        kind: the name of what its rows are, or None when the headers shall tell.
        output: is told.
        cancel: stops reading.
        must_hold: refuse a file whose headers tell of the other kind of record.

    Raises:
        UsageError: it holds the other kind of record.
        FileError: it cannot be read.
    """
    imported = output.run(import_file(path, kind_named(kind) if kind else None, cancel), cancel)
    if must_hold and _lacks_most(imported):
        found = output.run(import_file(path, None, cancel), cancel).sheet.kind
        if found is not imported.sheet.kind:
            text = _("{file} holds: {found}. Wanted are: {wanted}. Nothing was sent.").format(
                file=path.name, found=_(found.label), wanted=_(imported.sheet.kind.label)
            )
            raise UsageError(_("Another kind of record"), text)
    for notice in imported.notices:
        output.remark(notice)
    if imported.unmatched:
        headers = ", ".join(f"{letter} “{header}”" for letter, header in imported.unmatched)
        output.remark(_("Columns that belong to no field were left out: {headers}.").format(headers=headers))
    return imported


def _lacks_most(imported: Imported) -> bool:
    """Whether more than half of the columns that every record needs are missing."""
    needed = {field.name for field in imported.sheet.kind if field.mandatory}
    return 2 * len(needed & set(imported.missing)) > len(needed)


def wire_rows(sheet: Sheet, rows: Iterable[int]) -> list[tuple[str, ...]]:
    """The texts of these rows as they go on the wire."""
    types = [field.type for field in sheet.kind]
    return [tuple(kind.wire(text) for kind, text in zip(types, sheet.row_texts(row), strict=True)) for row in rows]


def tell_problems(sheet: Sheet, checker: Checker, output: Output) -> int:
    """Print all problems; 1 when there are errors, else 0."""
    name = places_of(sheet)
    problems = [checker.explained(problem, name) for row in sheet.order for problem in checker.problems(row)]
    levels = {level: sum(problem.level is level for problem in problems) for level in Level}
    output.data(
        {
            "kind": sheet.kind.name,
            "rows": len(sheet),
            "errors": levels[Level.ERROR],
            "warnings": levels[Level.WARNING],
            "hints": levels[Level.HINT],
            "problems": [described(sheet, problem) for problem in problems],
        }
    )
    for problem in sorted(problems, key=lambda one: -one.level)[:SHOWN_PROBLEMS]:
        place = sheet.cell_name(problem.row, problem.field) or _("row {row}").format(row=sheet.sources[problem.row])
        said = labelled(sheet.kind.field(problem.field).title(), problem.message())
        output.say(f"{place:<8} {_level_word(problem.level):<13} {said}")
    if len(problems) > SHOWN_PROBLEMS:
        more = number(len(problems) - SHOWN_PROBLEMS)
        output.say(_("… and {count} more; --report writes them all to a workbook.").format(count=more))
    output.say(summary(len(sheet), levels))
    return 1 if levels[Level.ERROR] else 0


def summary(rows: int, levels: dict[Level, int]) -> str:
    """One line with the counts."""
    parts = [
        ngettext("{count} row", "{count} rows", rows).format(count=number(rows)),
        ngettext("{count} error", "{count} errors", levels[Level.ERROR]).format(count=number(levels[Level.ERROR])),
        ngettext("{count} warning", "{count} warnings", levels[Level.WARNING]).format(
            count=number(levels[Level.WARNING])
        ),
        ngettext("{count} hint", "{count} hints", levels[Level.HINT]).format(count=number(levels[Level.HINT])),
    ]
    return " · ".join(parts)


def described(sheet: Sheet, problem: Problem) -> dict[str, Any]:
    """A problem for programs; the text of a secret cell is not given away."""
    field = sheet.kind.field(problem.field)
    text = sheet.text(problem.row, sheet.kind.index(problem.field))
    return {
        "row": sheet.sources[problem.row],
        "cell": sheet.cell_name(problem.row, problem.field),
        "field": problem.field,
        "level": problem.level.word,
        "code": problem.code,
        "message": problem.message(),
        "value": field.shown(text) if field.secret else text,
        "repair": field.shown(problem.repair) if field.secret and problem.repair else problem.repair,
    }


def _level_word(level: Level) -> str:
    return {Level.ERROR: _("error"), Level.WARNING: _("warning"), Level.HINT: _("hint")}[level]
