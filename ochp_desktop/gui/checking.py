"""Checking an open sheet beside the window while it may be edited."""

from __future__ import annotations

from collections.abc import Callable

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.open_files import facts
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


def check_beside(
    runner: JobRunner,
    sheet: Sheet,
    workplace: Workplace | None,
    on_checked: Callable[[Checker], None],
    on_error: Callable[[OchpError], None],
    older: Checker | None = None,
) -> Running:
    """Check the whole sheet in a worker; the checker that comes back knows of every edit made meanwhile.

    What was edited meanwhile is checked in the window: after a large edit rather begin anew, and stop this one.

    Args:
        runner: where it runs.
        sheet: whose rows are checked.
        workplace: whose facts the rules may know.
        on_checked: gets the checker.
        on_error: gets what went wrong.
        older: the sheet's checker until now, whose knowledge of the columns is kept.

    Returns:
        What is running, to be stopped.
    """
    touched: set[int] = set()
    gone: set[int] = set()

    def on_change(edit: Edit, _direction: Direction) -> None:
        for change in edit.cells:
            touched.update(change.rows)
        touched.update(row for _position, row in edit.inserted)
        gone.update(row for _position, row in edit.removed)

    def on_result(checker: Checker) -> None:
        if running.cancel.is_set():
            return  # stopped when it was ready, but not told yet
        if touched or gone:
            there = set(sheet.order)
            checker.recheck((touched | gone) & there, removed=(touched | gone) - there)
        on_checked(checker)

    sheet.on_change.append(on_change)
    running = runner.start(
        _("Checking rows"),
        lambda cancel: check_sheet(sheet, facts(workplace), cancel, older),
        on_result=on_result,
        on_error=on_error,
        on_end=lambda: sheet.on_change.remove(on_change),
    )
    return running
