"""Checking all rows of a sheet against the rules, in slices, so that it can be watched and stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ochp_desktop.jobs.import_file import Damage
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


def check_sheet(
    sheet: Sheet, facts: Facts, cancel: Cancel, older: Checker | None = None, damages: Iterable[Damage] = ()
) -> Job[Checker]:
    """Check every row; the checker then follows edits row by row.

    Args:
        sheet: whose rows are checked.
        facts: what the rules may know.
        cancel: stops between slices.
        older: the checker that the sheet had until now; what it has learnt of the columns is kept.
        damages: what had happened to cells before the file arrived (`Imported.damages`).

    Raises:
        Cancelled: stopped in between.
    """
    rounded = _rounded(sheet, damages) or (older.facts.rounded if older is not None else {})
    if rounded:
        facts = replace(facts, rounded=rounded)
    checker = Checker(sheet.kind, sheet.columns, facts, older=older)
    rows = list(sheet.order)
    text = _("Checking rows")
    for done in checker.check_all(rows):
        cancel.check()
        yield Progress(text, done, len(rows))
    return checker


def _rounded(sheet: Sheet, damages: Iterable[Damage]) -> dict[str, dict[int, str]]:
    """Field -> row id -> text of the numbers that a spreadsheet has rounded."""
    cells = [(damage.field, damage.row) for damage in damages if damage.kind == "rounded"]
    if not cells:
        return {}
    ids = {source: row for row, source in enumerate(sheet.sources)}
    found: dict[str, dict[int, str]] = {}
    for field, source in cells:
        if source in ids:
            row = ids[source]
            found.setdefault(field, {})[row] = sheet.text(row, sheet.kind.index(field))
    return found
