"""A whole editing session with the keyboard alone, and the single keys that people know from Excel."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table.editors import CalendarPopup, DateEditor
from ochp_desktop.gui.table.go_to import GoToPopup, place_named
from ochp_desktop.gui.table.history_popup import HistoryList, HistoryPopup
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT, ALT = Mod.ControlModifier, Mod.ShiftModifier, Mod.AltModifier
PRINTED, EXPIRY, TOKEN, HUB, PIN = (
    TOKENS.index(name) for name in ("printedNumber", "expiryDate", "tokenId", "roamingHubId", "pin")
)


def press(area: SheetArea, key: Qt.Key, modifiers: Qt.KeyboardModifier = Mod.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or area.table, key, modifiers)


def type_text(area: SheetArea, text: str) -> None:
    for character in text:
        QTest.keyClicks(QApplication.focusWidget() or area.table, character)


def column(sheet: Sheet, field: int) -> list[str]:
    return [sheet.text(row, field) for row in sheet.order]


def here(area: SheetArea) -> tuple[int, int]:
    index = area.table.currentIndex()
    return index.row(), index.column()


def stand(area: SheetArea, row: int, column: int) -> None:
    area.table.stand_on(area.model.index(row, column))


def test_a_whole_session_without_the_mouse(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    before = sheet.rows_texts()
    # New rows at the end: go there, insert, type across with Tab, choose from a list, take today's day.
    press(area, Key.Key_End, CTRL)
    press(area, Key.Key_Home)
    press(area, Key.Key_Plus, CTRL)
    type_text(area, "NL-TNM-C00122046-9")
    press(area, Key.Key_Tab)
    type_text(area, "ladenetz")
    press(area, Key.Key_Tab)
    type_text(area, "1")
    press(area, Key.Key_Tab)
    type_text(area, "A5E333F0")
    press(area, Key.Key_Tab)
    type_text(area, "01200399")
    press(area, Key.Key_Tab)
    press(area, Key.Key_Semicolon, CTRL)
    new = sheet.order[7]
    assert sheet.row_texts(new)[:2] == ("NL-TNM-C00122046-9", "3")
    assert sheet.row_texts(new)[TOKEN : PRINTED + 1] == ("A5E333F0", "01200399")
    assert len(sheet.text(new, EXPIRY)) == 10
    # Fill a series of printed numbers down: select with Shift, fill, look at the sum of nothing.
    press(area, Key.Key_Home, CTRL)
    for _step in range(PRINTED):
        press(area, Key.Key_Right)
    press(area, Key.Key_Down, CTRL | SHIFT)
    assert area.table.selected().cell_count == 9
    press(area, Key.Key_K, CTRL | SHIFT)
    assert column(sheet, PRINTED)[:4] == ["01200340", "01200341", "01200342", "01200343"]
    # Find and replace, the whole column, then back to the table.
    press(area, Key.Key_H, CTRL)
    type_text(area, "0120034")
    qtbot.waitUntil(lambda: "found" in area.find_bar.count.text() or "of" in area.find_bar.count.text())
    area.find_bar.by.setFocus()
    type_text(area, "09")
    press(area, Key.Key_Return)
    assert column(sheet, PRINTED)[8] == "098"
    press(area, Key.Key_Escape)
    assert area.table.hasFocus()
    # Next problem, mend it by typing.
    press(area, Key.Key_F8)
    at = here(area)
    assert area.model.problems_at(area.model.row_id(at[0]), at[1])
    press(area, Key.Key_Home, CTRL)
    # Copy a row's cells, go to another row, paste, delete it again.
    press(area, Key.Key_Space, SHIFT)
    press(area, Key.Key_C, CTRL)
    press(area, Key.Key_G, CTRL)
    popup = area.window().findChild(GoToPopup)
    assert popup is not None
    QTest.keyClicks(popup.line, "5")
    QTest.keyClick(popup.line, Key.Key_Return)
    assert here(area)[0] == 4
    press(area, Key.Key_Home)
    press(area, Key.Key_V, CTRL)
    assert sheet.row_texts(sheet.order[4]) == sheet.row_texts(sheet.order[0])
    press(area, Key.Key_Minus, CTRL)
    assert len(sheet) == 8
    # Everything back to the beginning in one step of the history.
    press(area, Key.Key_H, CTRL | SHIFT)
    history = area.window().findChild(HistoryPopup)
    assert history is not None
    QTest.keyClick(history.list, Key.Key_End)
    QTest.keyClick(history.list, Key.Key_Return)
    assert sheet.rows_texts() == before
    assert not sheet.can_undo


def test_ctrl_and_arrows_go_to_the_edge_of_the_filled_cells(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(row, PRINTED, "") for row in (3, 4, 7)]))
    stand = area.table.stand_on
    stand(area.model.index(0, PRINTED))
    places = []
    for _step in range(4):
        press(area, Key.Key_Down, CTRL)
        places.append(here(area)[0])
    assert places == [2, 5, 6, 7]
    press(area, Key.Key_Up, CTRL)
    assert here(area)[0] == 6
    press(area, Key.Key_Up, CTRL | SHIFT)
    assert (here(area)[0], area.table.selected().cell_count) == (5, 2)
    press(area, Key.Key_Down, CTRL | SHIFT)
    press(area, Key.Key_Down, CTRL | SHIFT)
    assert area.table.selected().cell_count == 2
    stand(area.model.index(0, TOKEN))
    press(area, Key.Key_Right, CTRL)
    assert here(area) == (0, len(TOKENS) - 2), "the hash is empty"
    press(area, Key.Key_Left, CTRL)
    assert here(area) == (0, 0)


def test_rows_and_columns_are_selected_whole(area: SheetArea) -> None:
    area.table.select_block(2, 2, [PRINTED])
    press(area, Key.Key_Space, SHIFT)
    assert area.table.selected().positions() == [2, 3]
    assert len(area.table.selected().fields()) == len(TOKENS)
    area.table.select_block(2, 1, [PRINTED, EXPIRY])
    press(area, Key.Key_Space, CTRL)
    assert area.table.selected().cell_count == 16


def test_fill_right_copy_above_and_fill_all(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(1, 2, [PRINTED, EXPIRY])
    press(area, Key.Key_R, CTRL)
    assert [sheet.text(row, EXPIRY) for row in (1, 2)] == ["01200341", "01200342"]
    area.table.stand_on(area.model.index(4, PRINTED))
    press(area, Key.Key_Apostrophe, CTRL)
    assert sheet.text(4, PRINTED) == "01200343"
    area.table.select_block(5, 3, [PRINTED])
    type_text(area, "same")
    press(area, Key.Key_Return, CTRL)
    assert [sheet.text(row, PRINTED) for row in (5, 6, 7)] == ["same"] * 3
    assert sheet.text(4, PRINTED) == "01200343"


def test_rows_move_and_stay_selected(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.table.select_block(2, 2, [PRINTED])
    press(area, Key.Key_Up, ALT | SHIFT)
    assert sheet.order == [0, 2, 3, 1, 4, 5, 6, 7]
    assert area.table.selected().positions() == [1, 2]
    for _step in range(9):
        press(area, Key.Key_Down, ALT | SHIFT)
    assert sheet.order[-2:] == [2, 3]
    while sheet.can_undo:
        press(area, Key.Key_Z, CTRL)
    assert sheet.order == list(range(8))
    area.model.sort(PRINTED)
    with qtbot.waitSignal(area.notice):
        press(area, Key.Key_Down, ALT | SHIFT)


def test_go_to_a_row_a_file_cell_and_nowhere(area: SheetArea, sheet: Sheet) -> None:
    shown = area.table.shown_fields()
    assert place_named(area.model, shown, " 3 ") == (2, None)
    assert place_named(area.model, shown, "D5") == (3, TOKEN)
    assert place_named(area.model, shown, "$f$9") == (7, EXPIRY)
    for nowhere in ("", "x", "0", "9", "Z5", "D99", "D" * 40, "99999999999999999999"):
        assert isinstance(place_named(area.model, shown, nowhere), str), nowhere
    area.set_filter("01200345")
    area.table.open_go_to()
    popup = area.window().findChild(GoToPopup)
    assert popup is not None
    popup.line.setText("77")
    popup.go()
    assert popup.hint.property("look") == "error"
    popup.line.setText("D5")
    popup.go()
    assert here(area) == (3, TOKEN), "the filter that hid the row is lifted"


def test_the_history_names_every_step_and_goes_to_any(area: SheetArea, sheet: Sheet) -> None:
    for number in range(3):
        sheet.apply(sheet.set_cells(f"Step {number}", [(0, PRINTED, str(number))]))
    sheet.undo()
    listed = HistoryList(sheet)
    tester = QAbstractItemModelTester(listed, QAbstractItemModelTester.FailureReportingMode.Fatal)
    names = [listed.index(row).data() for row in range(listed.rowCount())]
    assert names == ["Step 2", "Step 1   (now)", "Step 0", "As it was opened"]
    assert [listed.steps(line) for line in range(4)] == [1, 0, -1, -2]
    area.table.walk_history(-2)
    assert sheet.text(0, PRINTED) == "01200340"
    area.table.walk_history(3)
    assert sheet.text(0, PRINTED) == "2"
    del tester


def test_a_day_is_chosen_from_the_calendar_by_keys(area: SheetArea, sheet: Sheet) -> None:
    area.table.stand_on(area.model.index(0, EXPIRY))
    press(area, Key.Key_Down, ALT)
    editor = area.table.indexWidget(area.table.currentIndex())
    assert isinstance(editor, DateEditor)
    calendar = editor.calendar
    assert isinstance(calendar, CalendarPopup)
    days = calendar.month.findChild(QTableView)
    assert days is not None
    QTest.keyClick(days, Key.Key_Left)
    QTest.keyClick(days, Key.Key_Return)
    assert editor.text() == "30/12/2027"
    press(area, Key.Key_Return)
    assert area.table.hasFocus()


def test_a_clipboard_with_html_only_or_a_picture(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setHtml("<table><tr><td>11</td><td>30/06/2029</td></tr><tr><td>12</td><td>01/07/2029</td></tr></table>")
    QGuiApplication.clipboard().setMimeData(data)
    area.table.stand_on(area.model.index(0, PRINTED))
    press(area, Key.Key_V, CTRL)
    assert [sheet.row_texts(row)[PRINTED : EXPIRY + 1] for row in (0, 1)] == [
        ("11", "30/06/2029"),
        ("12", "01/07/2029"),
    ]
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    QGuiApplication.clipboard().setImage(picture)
    with qtbot.waitSignal(area.notice) as said:
        press(area, Key.Key_V, CTRL)
    assert "picture" in said.args[0]
    QGuiApplication.clipboard().clear()


def test_what_is_being_typed_is_told_and_comes_back(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, True)])
    area.table.stand_on(area.model.index(2, PRINTED))
    with qtbot.waitSignal(area.place_changed, check_params_cb=lambda text: '"typing": "987"' in text) as told:
        type_text(area, "987")
    press(area, Key.Key_Escape)
    assert sheet.text(5, PRINTED) == "01200345"
    with qtbot.waitSignal(area.place_changed, check_params_cb=lambda text: "typing" not in text):
        area.table.stand_on(area.model.index(0, 0))
    area.model.sort_by([])
    area.place.restore(told.args[0])
    assert area.view.sort_keys == ((TOKEN, True),)
    assert area.table.typing() == "987"
    press(area, Key.Key_Return)
    assert sheet.text(5, PRINTED) == "987"
    for nonsense in (
        "",
        "[]",
        "{}",
        '{"sort": 3}',
        '{"row": "x"}',
        '{"sort": [["nofield", 1]]}',
        '{"filters": {"pin": 1}}',
    ):
        assert area.place.restore(nonsense) == ""


def test_count_sum_and_average(area: SheetArea, qtbot: QtBot) -> None:
    sheet = area.model.sheet
    sheet.apply(sheet.set_cells("Clear", [(row, PRINTED, "") for row in range(3)]))
    with qtbot.waitSignal(
        area.selection_text_changed, check_params_cb=lambda text: text == "8 cells selected · 5 filled"
    ):
        area.table.select_block(0, 8, [PRINTED])


def test_enter_and_tab_go_round_in_a_selected_block(area: SheetArea) -> None:
    area.table.select_block(1, 2, [TOKEN, PRINTED])
    places = []
    for _press in range(5):
        press(area, Key.Key_Return)
        places.append(here(area))
    first = area.model.first_field
    token, printed = first + TOKEN, first + PRINTED
    assert places == [(2, token), (1, printed), (2, printed), (1, token), (2, token)]
    press(area, Key.Key_Tab)
    assert here(area) == (2, printed)
    press(area, Key.Key_Tab)
    assert here(area) == (1, token)
    press(area, Key.Key_Backtab, SHIFT)
    assert here(area) == (2, printed)
    assert area.table.selected().cell_count == 4


def test_enter_after_tabs_goes_back_to_where_they_began(area: SheetArea) -> None:
    stand(area, 1, TOKEN)
    press(area, Key.Key_Tab)
    press(area, Key.Key_Tab)
    press(area, Key.Key_Return)
    assert here(area) == (2, TOKEN)
    press(area, Key.Key_Tab)
    press(area, Key.Key_Up)
    press(area, Key.Key_Return)
    assert here(area) == (2, TOKEN + 1)


def test_fill_down_and_right_of_one_cell_take_the_neighbour(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 3, TOKEN)
    press(area, Key.Key_D, CTRL)
    assert sheet.text(3, TOKEN) == sheet.text(2, TOKEN)
    stand(area, 3, PRINTED)
    press(area, Key.Key_R, CTRL)
    assert sheet.text(3, PRINTED) == sheet.text(3, TOKEN)


def test_the_menu_of_a_row_number_is_about_that_row(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, TOKEN)
    menu = area.table.row_menu(4)
    assert area.table.selected().positions() == [4]
    next(action for action in menu.actions() if action is area.actions_.remove_rows).trigger()
    assert 4 not in sheet.order
    area.table.select_block(1, 3, range(len(TOKENS)))
    area.table.row_menu(2)
    assert area.table.selected().positions() == [1, 2, 3]
