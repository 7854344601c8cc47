"""Several lists of one kind open at the same time: each with its own undo history, place, problems and draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.drafts import kept_drafts
from ochp_desktop.jobs.import_merge import Way
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

TOKEN, PRINTED = TOKENS.index("tokenId"), TOKENS.index("printedNumber")


def cards(first: str, count: int = 6) -> Sheet:
    sheet = Sheet(TOKENS)
    sheet.load([["NL-TNM-C00122045-K", "2", "1", f"{first}5E333{number:02}"] for number in range(count)])
    return sheet


@pytest.fixture
def tab(window: MainWindow) -> SheetTab:
    window._on_files_wanted()
    tab = window.tabs[0]
    assert isinstance(tab, SheetTab)
    return tab


@pytest.fixture
def two(tab: SheetTab, qtbot: QtBot) -> SheetTab:
    tab.show_sheet(cards("A"), None, "April.xlsx")
    assert not tab.lists.isVisible()
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    tab.show_sheet(cards("B", 4), None, "May.xlsx")
    assert tab.lists.isVisible()
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    return tab


def titles(tab: SheetTab) -> list[str]:
    return [one.title for one in tab.lists.lists]


def test_a_file_that_is_opened_twice_has_two_names(two: SheetTab, qtbot: QtBot) -> None:
    for _again in range(2):
        two.show_sheet(cards("C"), None, "May.xlsx")
    assert [two.lists.tabText(at) for at in range(4)] == ["April.xlsx", "May.xlsx", "May.xlsx (2)", "May.xlsx (3)"]
    qtbot.waitUntil(lambda: two.area.checker is not None)


def test_each_list_keeps_its_undo_history_place_and_problems(two: SheetTab, qtbot: QtBot) -> None:
    tab = two
    tab.area.model.setData(tab.area.model.index(1, TOKEN), "")
    tab.area.table.stand_on(tab.area.model.index(2, PRINTED))
    problems = len(tab.area.checker.rows_with())  # type: ignore[union-attr]
    QTest.keyClick(tab.area.table, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert tab.title_of_sheet == "April.xlsx"
    assert tab.count() == "6"
    assert tab.area.sheet is not None
    assert not tab.area.sheet.can_undo
    assert tab.area.checker is not None
    tab.area.model.sort_by([(TOKEN, True)])
    tab.filter_edit.setText("333")
    qtbot.waitUntil(lambda: tab.area.view.filter == "333")
    tab.lists.step(1)
    assert tab.title_of_sheet == "May.xlsx"
    assert not tab.area.view.is_filtered
    assert tab.filter_edit.text() == ""
    index = tab.area.table.currentIndex()
    assert (index.row(), index.column()) == (2, PRINTED)
    assert len(tab.area.checker.rows_with()) == problems  # type: ignore[union-attr]
    tab.area.actions_.undo.trigger()
    assert tab.area.sheet.text(1, TOKEN) == "B5E33301"
    tab.lists.step(1)
    assert tab.area.view.sort_keys == ((TOKEN, True),)
    assert tab.area.view.filter == "333"
    assert tab.filter_edit.text() == "333"


def test_closing_shows_the_neighbour_and_keeps_the_list(two: SheetTab, window: MainWindow) -> None:
    hidden = two.lists.tabButton(0, QTabBar.ButtonPosition.RightSide)
    assert isinstance(hidden, QToolButton)
    hidden.click()
    assert titles(two) == ["May.xlsx"]
    assert two.title_of_sheet == "May.xlsx"
    assert not two.lists.isVisible()
    two.close_action.trigger()
    assert two.area.sheet is None
    assert titles(two) == []
    assert window.session.keeper is not None
    assert window.session.keeper.flush()
    assert window.session.workplace is not None
    assert {one.title for one in kept_drafts(window.session.workplace)} == {"April.xlsx", "May.xlsx"}


def test_all_open_lists_come_back_with_the_same_one_in_front(
    two: SheetTab, window: MainWindow, qtbot: QtBot, new_window: Callable[[Path], MainWindow]
) -> None:
    two.lists.setCurrentIndex(0)
    two.area.model.setData(two.area.model.index(0, TOKEN), "typed in April")
    with qtbot.waitSignal(two.area.place_changed):
        two.area.table.stand_on(two.area.model.index(3, TOKEN))
    window.close()
    again = new_window(window.data_dir)
    with qtbot.waitSignal(again.session.drafts_opened):
        again.session.open()
    tab = again.tabs[0]
    assert isinstance(tab, SheetTab)
    assert sorted(titles(tab)) == ["April.xlsx", "May.xlsx"]
    assert tab.title_of_sheet == "April.xlsx"
    assert tab.area.sheet is not None
    assert tab.area.sheet.text(0, TOKEN) == "typed in April"
    assert tab.area.table.currentIndex().row() == 3
    tab.lists.step(1)
    assert tab.area.sheet.text(0, TOKEN) == "B5E33300"
    qtbot.waitUntil(lambda: tab.area.checker is not None)


def test_rows_come_into_the_list_for_which_their_file_was_chosen(two: SheetTab, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "more.csv"
    path.write_text("evcoId;roamingHubId;tokenType;tokenId\nNL-TNM-C00122045-K;2;1;A5E33399\n", encoding="utf-8")
    two.lists.setCurrentIndex(0)
    april = two.area.sheet
    assert april is not None
    two.importing.open([path], open_sheet=april, way=Way.APPEND, always_ask=True)
    two.lists.setCurrentIndex(1)
    qtbot.waitUntil(lambda: two.importing.dialog is not None and two.importing.dialog.imported is not None)
    assert two.importing.dialog is not None
    two.importing.dialog.taken.emit()
    qtbot.waitUntil(lambda: len(april) == 7)
    assert two.area.sheet is april
    assert two.title_of_sheet == "April.xlsx"


def test_a_check_that_ends_while_another_list_is_shown_is_not_lost(tab: SheetTab, qtbot: QtBot) -> None:
    tab.show_sheet(cards("A"), None, "April.xlsx")
    tab.show_sheet(cards("B"), None, "May.xlsx")
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    qtbot.waitUntil(lambda: tab.lists.lists[0].checker is not None)
    tab.lists.step(-1)
    assert tab.area.checker is tab.lists.lists[0].checker
