"""Large tables are let go of in slices, and only when nobody needs them any more."""

from __future__ import annotations

import threading
import weakref
from datetime import UTC, datetime

import pytest

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.kinds import TOKENS
from ochp_desktop.records.release import Columns
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.blocks import pasted
from ochp_desktop.sheet.sheet import Sheet

ROWS = 60_000
FACTS = Facts(now=datetime(2026, 10, 15, tzinfo=UTC))


def wait_for_release() -> None:
    for thread in threading.enumerate():
        if thread.name == "release":
            thread.join(30)
            assert not thread.is_alive()


def columns_of(rows: int) -> list[list[str]]:
    columns = [[text] * rows for text in ("NL-TNM-C00122045-X", "2", "1", "", "1", "31/12/2027", "", "0", "1", "")]
    columns[3][:] = [f"{row:08X}" for row in range(rows)]
    return columns


def test_columns_are_taken_apart_when_nobody_holds_them() -> None:
    columns = Columns(columns_of(ROWS))
    inner = columns[3]
    user = columns
    del columns
    wait_for_release()
    assert len(inner) == ROWS, "there still is a user"
    del user
    wait_for_release()
    assert inner == []


def test_small_columns_are_left_to_python() -> None:
    columns = Columns(columns_of(10))
    inner = columns[3]
    del columns
    wait_for_release()
    assert len(inner) == 10


def test_a_checker_whose_sheet_was_replaced_still_answers_whoever_writes_a_report() -> None:
    """What a report is written from is not taken apart under its hands, though the window has forgotten it."""
    sheet = Sheet(TOKENS)
    sheet.load(zip(*columns_of(ROWS), strict=True), range(2, ROWS + 2))
    checker = Checker(TOKENS, sheet.columns, FACTS)
    for _done in checker.check_all(range(ROWS)):
        pass
    report = iter(checker.all())
    first = next(report)
    gone = weakref.ref(checker)
    del checker, sheet
    wait_for_release()
    assert first.code == "contract-id.check-digit"
    assert sum(1 for _problem in report) == ROWS - 1
    del report
    wait_for_release()
    assert gone() is None


def test_the_texts_of_a_forgotten_edit_go_when_its_inverse_is_gone_as_well() -> None:
    """Whoever still writes the undone edit to disk must find all of it."""
    sheet = Sheet(TOKENS)
    sheet.load(zip(*columns_of(ROWS), strict=True))
    heard = []
    sheet.on_change.append(lambda edit, _direction: heard.append(edit))
    sheet.apply(pasted(sheet, "Paste", 0, 3, [[f"{row:014X}"] for row in range(ROWS)]))
    texts = heard.pop().cells[0].new
    sheet.undo()
    sheet.apply(sheet.set_columns("Edit", {1: {0: "3"}}))
    (inverse, _edit) = heard
    heard.clear()
    wait_for_release()
    assert len(texts) == ROWS
    assert sheet.text(5, 3) == f"{5:08X}"
    del inverse, _edit
    wait_for_release()
    assert texts == []
    assert sheet.text(5, 3) == f"{5:08X}"


def test_a_sheet_that_was_restored_goes_as_well() -> None:
    sheet = Sheet(TOKENS)
    sheet.restore(columns_of(ROWS), range(2, ROWS + 2), range(ROWS))
    inner = sheet.columns[3]
    del sheet
    wait_for_release()
    assert inner == []


def test_a_thread_that_cannot_be_started_is_made_up_for_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = Columns(columns_of(ROWS))
    inner = columns[3]

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        del columns
    assert len(inner) == ROWS
    del_me = Columns(columns_of(ROWS))
    del del_me
    wait_for_release()
    assert inner == []
