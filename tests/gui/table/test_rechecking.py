"""A large edit is shown before its rows are checked; whoever asks for the problems meanwhile gets them all."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table import rechecking
from ochp_desktop.gui.table.model import MARK
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records import checker as checker_module
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from tests.gui.table.conftest import card, checked

EXPIRY = TOKENS.index("expiryDate")


@pytest.fixture(autouse=True)
def _short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row in each turn, as if there were thousands."""
    monkeypatch.setattr(rechecking, "_AT_ONCE", 1)
    monkeypatch.setattr(rechecking, "_TURN_SECONDS", 0.0)
    monkeypatch.setattr(checker_module, "SLICE", 1)


def put(sheet: Sheet, text: str, rows: list[int]) -> None:
    sheet.apply(sheet.set_cells("Paste", [(row, EXPIRY, text) for row in rows]))


def problems(checker: Checker | None) -> list[str]:
    assert checker is not None
    return sorted(map(repr, checker.all()))


def test_the_texts_are_shown_first_and_the_marks_follow(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    told: list[bool] = []
    area.problems_changed.connect(lambda: told.append(area.model.is_behind))
    put(sheet, "never", [0, 1, 2, 3])
    index = area.model.index(0, EXPIRY)
    assert index.data() == "never"
    assert index.data(MARK) is None
    assert area.model.index(2, EXPIRY).data(MARK) == "error", "as it was"
    assert not told
    qtbot.waitUntil(lambda: not area.model.is_behind)
    assert [area.model.index(row, EXPIRY).data(MARK) for row in range(4)] == ["error"] * 4
    assert told == [False]
    errors = sum(problem.level is Level.ERROR for problem in checked(sheet).all())
    qtbot.waitUntil(lambda: area.panel.totals[Level.ERROR].text().startswith(str(errors)))
    assert problems(area.checker) == problems(checked(sheet))


def test_whoever_asks_meanwhile_gets_all(area: SheetArea, sheet: Sheet) -> None:
    put(sheet, "never", [0, 1, 6, 7])
    assert area.model.is_behind
    assert problems(area.checker) == problems(checked(sheet))
    assert not area.model.is_behind
    area.table.stand_on(area.model.index(6, EXPIRY + 1))
    put(sheet, "31/12/2027", [0, 1, 6])
    assert area.next_problem()
    assert area.table.currentIndex().row() == 7


def test_more_edits_while_rows_are_being_checked(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    put(sheet, "never", [0, 1, 2, 3, 4])
    qtbot.waitUntil(lambda: area.model.is_behind)
    put(sheet, "31/12/2029", [1])
    sheet.apply(sheet.remove_rows("Delete", [0, 3]))
    sheet.apply(sheet.insert_rows("Insert", 2, [card(9), card(9), card(4)]))
    sheet.undo()
    sheet.undo()
    sheet.redo()
    sheet.redo()
    assert area.model.is_behind
    qtbot.waitUntil(lambda: not area.model.is_behind)
    assert problems(area.checker) == problems(checked(sheet))


def test_another_sheet_is_shown_meanwhile(area: SheetArea, sheet: Sheet, qapp: QApplication) -> None:
    other = Sheet(TOKENS)
    other.load([card(1), card(2, expiryDate="never")])
    put(sheet, "never", [0, 1, 2, 3])
    area.set_sheet(other, checked(other))
    assert not area.model.is_behind
    assert problems(area.checker) == problems(checked(other))
    put(other, "31/12/2027", [0, 1])
    area.set_sheet(None)
    qapp.processEvents()
    assert not area.model.is_behind
