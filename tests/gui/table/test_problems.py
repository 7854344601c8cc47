"""Problems in the cells and in the panel, and the find bar."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.model import LEVEL, MARK
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.table.state_columns import StateCell, StateColumn
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from tests.gui.table.conftest import card, checked

Key, Mod = Qt.Key, Qt.KeyboardModifier
EXPIRY = TOKENS.index("expiryDate")
TOKEN = TOKENS.index("tokenId")
PIN = TOKENS.index("pin")


def codes(area: SheetArea) -> list[str]:
    return list(area.panel.cards)


def open_card(area: SheetArea):  # noqa: ANN201 - the one that is open
    (card,) = [card for card in area.panel.cards.values() if card.is_open]
    return card


def here(area: SheetArea) -> tuple[int, int]:
    index = area.table.currentIndex()
    return index.row(), index.column()


def test_a_bad_cell_has_mark_tooltip_and_spoken_description(area: SheetArea) -> None:
    index = area.model.index(2, EXPIRY)
    assert index.data(LEVEL) is Level.ERROR
    assert index.data(MARK) == "error"
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "F4" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "30/12/2027" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "Error" in index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Expires: 2027-12-30, Error"
    assert area.model.index(0, EXPIRY).data(LEVEL) is None
    assert area.model.index(0, EXPIRY).data(Qt.ItemDataRole.ToolTipRole) is None


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_mark_keeps_its_ground_under_the_selection(area: SheetArea, qapp: QApplication, look: theme.Mode) -> None:
    colours = theme.apply(qapp, look)
    try:
        area.table.select_block(1, 3, [EXPIRY])
        qapp.processEvents()
        picture = area.table.viewport().grab().toImage()
        cell = area.table.visualRect(area.model.index(2, EXPIRY))
        scale = picture.devicePixelRatio()

        def colour(x: int) -> str:
            return picture.pixelColor(int((cell.left() + x) * scale), int((cell.top() + 3) * scale)).name()

        assert colour(2) == colours.error_ground.name()
        assert colour(cell.width() - 4) == colours.selection.name()
    finally:
        theme.apply(qapp, "light")


def test_mending_a_cell_clears_its_mark_and_the_other_row_of_a_double_too(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(0, TOKEN, sheet.text(1, TOKEN))]))
    assert area.model.index(1, TOKEN).data(LEVEL) is Level.ERROR
    sheet.undo()
    assert area.model.index(1, TOKEN).data(LEVEL) is None


def test_cards_are_grouped_by_rule_errors_first_one_open(area: SheetArea, qtbot: QtBot) -> None:
    assert [card.rule.code for card in area.panel.cards.values()] == codes(area)
    levels = [card.rule.level for card in area.panel.cards.values()]
    assert levels == sorted(levels, reverse=True)
    assert "3 errors" in area.panel.totals[Level.ERROR].text()
    first = open_card(area)
    other = next(card for card in area.panel.cards.values() if card is not first)
    qtbot.mouseClick(other.head, Qt.MouseButton.LeftButton)
    assert open_card(area) is other
    other.head.setFocus()
    QTest.keyClick(other.head, Key.Key_Return)
    assert not any(card.is_open for card in area.panel.cards.values())


def expiry_card(area: SheetArea):  # noqa: ANN201 - the card of the two dates
    card = next(card for card in area.panel.cards.values() if card.rule.code.startswith("expiry"))
    if not card.is_open:
        card.head.click()
    return card


def test_examples_show_old_and_new_and_go_to_the_cell(area: SheetArea, qtbot: QtBot) -> None:
    card = expiry_card(area)
    texts = [line.text() for line in card.examples if not line.isHidden()]
    assert texts == ["row 3 · F4   2027-12-30 → 30/12/2027", "row 6 · F7   2028-01-31 → 31/01/2028"]
    qtbot.mouseClick(card.examples[1], Qt.MouseButton.LeftButton)
    assert here(area) == (5, EXPIRY)
    assert area.table.hasFocus()


def test_what_an_example_becomes_is_never_cut_off_in_a_narrow_panel(area: SheetArea, qtbot: QtBot) -> None:
    line = expiry_card(area).examples[0]
    line.resize(400, line.sizeHint().height())
    one = line.sizeHint().height()
    line.resize(250, one)
    assert line.sizeHint().height() > 1.5 * one


def test_repair_all_is_one_named_step(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    card = expiry_card(area)
    assert card.repair_button.text() == "Repair all 2"
    code = card.rule.code
    with qtbot.waitSignal(area.notice) as said:
        qtbot.mouseClick(card.repair_button, Qt.MouseButton.LeftButton)
    assert said.args == ["2 cells repaired. Ctrl+Z takes it back."]
    assert sheet.text(2, EXPIRY) == "30/12/2027"
    assert sheet.text(5, EXPIRY) == "31/01/2028"
    assert sheet.undo_name.startswith("Repair: ")
    qtbot.waitUntil(lambda: code not in area.panel.cards)
    area.actions_.undo.trigger()
    qtbot.waitUntil(lambda: code in area.panel.cards)


def test_only_these_shows_the_rows_of_one_rule_and_a_repaired_row_stays(area: SheetArea, sheet: Sheet) -> None:
    card = expiry_card(area)
    card.only_button.click()
    assert area.view.rows == [2, 5]
    assert area.shows_only
    sheet.apply(sheet.set_cells("Type", [(2, EXPIRY, "30/12/2027")]))
    assert area.view.rows == [2, 5]
    area.show_only(None)
    assert len(area.view) == 8


def test_only_rows_with_problems_together_with_the_filter(area: SheetArea) -> None:
    area.set_only_problems(True)
    assert area.view.rows == [2, 5]
    area.set_filter("01200345")
    assert area.view.rows == [5]
    assert area.go_to(0, "evcoId"), "going to a hidden row lifts the filter"
    assert len(area.view) == 8


def test_f8_walks_round_all_problems_both_ways(area: SheetArea, qtbot: QtBot) -> None:
    area.table.stand_on(area.model.index(0, 0))
    forth = []
    for _ in range(4):
        QTest.keyClick(area.table, Key.Key_F8)
        forth.append(here(area))
    assert forth == [(2, EXPIRY), (5, EXPIRY), (5, PIN), (2, EXPIRY)]
    back = []
    for _ in range(4):
        QTest.keyClick(area.table, Key.Key_F8, Mod.ShiftModifier)
        back.append(here(area))
    assert back == [(5, PIN), (5, EXPIRY), (2, EXPIRY), (5, PIN)]


def test_no_problems_is_a_calm_sentence(area: SheetArea, qtbot: QtBot) -> None:
    fine = Sheet(TOKENS)
    fine.load([card(1)])
    area.set_sheet(fine)
    qtbot.waitUntil(lambda: area.panel.calm.text().startswith("Being checked"))
    area.set_checker(checked(fine))
    qtbot.waitUntil(lambda: area.panel.calm.text().startswith("No problems"))
    assert not area.panel.cards
    assert not area.next_problem()


def test_arrow_keys_walk_over_the_cards(area: SheetArea, qtbot: QtBot) -> None:
    heads = [area.panel.cards[code].head for code in area.panel._codes()]
    heads[0].setFocus()
    QTest.keyClick(heads[0], Key.Key_Down)
    assert heads[1].hasFocus()
    QTest.keyClick(heads[1], Key.Key_Up)
    assert heads[0].hasFocus()
    assert heads[0].accessibleName().startswith("Error: ")


def test_the_empty_page_stands_in_while_there_is_no_sheet(area: SheetArea, sheet: Sheet) -> None:
    page = QLabel("Open a list")
    area.set_empty_page(page)
    assert not page.isVisible()
    area.set_sheet(None)
    assert page.isVisible()
    assert area.sheet is None
    area.set_sheet(sheet)
    assert not page.isVisible()


def test_state_columns_stand_before_the_fields_and_are_not_edited(area: SheetArea, sheet: Sheet) -> None:
    states = {0: StateCell("confirmed", "confirmed", "Sent 1 November <b>")}
    area.set_state_columns(before=[StateColumn("State", states.get)])
    index = area.model.index(0, 0)
    assert index.data() == "confirmed"
    assert index.data(MARK) == "confirmed"
    assert "&lt;b&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert area.model.index(1, 0).data() is None
    assert not area.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert area.model.index(0, 1).data() == sheet.text(0, 0)
    states[1] = StateCell("sending")
    area.refresh_states([1])
    assert area.model.index(1, 0).data() == "sending"
    area.table.selectAll()
    assert area.table.selected().cell_count == 80, "states are not part of what is copied"
    area.go_to(2, "expiryDate")
    assert here(area) == (2, EXPIRY + 1)
    area.grab()


def test_find_counts_first_goes_round_and_esc_gives_the_table_back(area: SheetArea, qtbot: QtBot) -> None:
    QTest.keyClick(area.table, Key.Key_F, Mod.ControlModifier)
    bar = area.find_bar
    assert bar.isVisible()
    qtbot.waitUntil(bar.text.hasFocus)
    assert not bar.by.isVisible()
    QTest.keyClicks(bar.text, "0120034")
    assert bar.count.text() == "8 found"
    for expected in ("1 of 8", "2 of 8"):
        QTest.keyClick(bar.text, Key.Key_Return)
        bar.text.setFocus()
        assert bar.count.text() == expected
    QTest.keyClick(bar.text, Key.Key_Return, Mod.ShiftModifier)
    bar.text.setFocus()
    assert bar.count.text() == "1 of 8"
    bar.whole.click()
    assert bar.count.text() == "not found"
    QTest.keyClick(bar.text, Key.Key_Escape)
    assert not bar.isVisible()
    assert area.table.hasFocus()


def test_replace_all_is_one_step_and_respects_the_selection(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.table.select_block(0, 3, [EXPIRY])
    QTest.keyClick(area.table, Key.Key_H, Mod.ControlModifier)
    bar = area.find_bar
    bar.text.setText("2027")
    bar.by.setText("2030")
    assert bar.replace_all_button.text() == "Replace &all 3"
    bar.replace_all_button.click()
    assert [sheet.text(row, EXPIRY) for row in range(4)] == ["31/12/2030", "31/12/2030", "2030-12-30", "31/12/2027"]
    sheet.undo()
    assert sheet.text(0, EXPIRY) == "31/12/2027"
    bar.scope.setCurrentIndex(0)
    bar.scope.activated.emit(0)
    area.table.stand_on(area.model.index(0, EXPIRY))
    bar.replace_button.click()
    assert sheet.text(0, EXPIRY) == "31/12/2030"
    assert here(area) == (1, EXPIRY)


def test_the_find_bar_wraps_and_cuts_nothing(area: SheetArea, qtbot: QtBot) -> None:
    bar = area.find_bar
    bar.open(replacing=True)
    parts = (bar.count, bar.scope, bar.whole, bar.next_button, bar.replace_all_button)
    for width in (1200, 640):
        area.resize(width, 500)
        bar.text.setText("0120034")
        bar.text.setText("2027")
        qtbot.waitUntil(lambda: all(part.width() >= part.sizeHint().width() for part in parts))
        qtbot.waitUntil(lambda: all(part.geometry().right() <= bar.width() for part in parts))
    assert bar.sizeHint().width() < 640
