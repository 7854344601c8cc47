"""Checking all rows of a sheet against the rules, in slices, so that it can be watched and stopped."""

from __future__ import annotations

import gc
from dataclasses import replace

from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.turns import Turns
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

# From so many rows on Python's hunt for garbage among them is felt in the window.
_MANY = 20_000
_FREEZE_EVERY = 20_000


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
    frozen = _spared(len(rows), 0)
    turns = Turns()
    for done in checker.check_all(rows):
        cancel.check()
        turns.rest()
        if done - frozen >= _FREEZE_EVERY or done == len(rows):
            frozen = _spared(len(rows), done)
        yield Progress(text, done, len(rows))
    return checker


def _spared(rows: int, done: int) -> int:
    """Spare what is there now the hunt for garbage, when there are many rows; gives `done` back.

    Millions of texts and problems would be looked through for cycles, which they do not have, while the window waits.
    They are freed all the same when nobody needs them. What else is there at this moment and later becomes part of a
    cycle, such as a box that is open now, stays in memory: a few kilobytes.
    """
    if rows >= _MANY:
        gc.freeze()
    return done
