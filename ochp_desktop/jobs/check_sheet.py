"""Checking all rows of a sheet against the rules, in slices, so that it can be watched and stopped."""

from __future__ import annotations

from dataclasses import replace

from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


def check_sheet(sheet: Sheet, facts: Facts, cancel: Cancel, older: Checker | None = None) -> Job[Checker]:
    """Check every row; the checker then follows edits row by row.

    Args:
        sheet: whose rows are checked.
        facts: what the rules may know.
        cancel: stops between slices.
        older: the checker that the sheet had until now; what it has learnt of the columns is kept.

    Raises:
        Cancelled: stopped in between.
    """
    checker = Checker(sheet.kind, sheet.columns, replace(facts, damage=sheet.damage), older=older)
    rows = list(sheet.order)
    text = _("Checking rows")
    for done in checker.check_all(rows):
        cancel.check()
        yield Progress(text, done, len(rows))
    return checker
