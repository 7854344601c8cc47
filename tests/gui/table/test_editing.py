"""Whole editing tasks with the keyboard and the mouse, as people do them in Excel."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table.editors import ChoiceEditor, TextEditor
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.clipboard import parse_block
from ochp_desktop.sheet.html_table import parse_html
from ochp_desktop.sheet.sheet import Sheet

Key, Mod = Qt.Key, Qt.KeyboardModifier
PRINTED = TOKENS.index("printedNumber")
EXPIRY = TOKENS.index("expiryDate")
TOKEN = TOKENS.index("tokenId")
HUB = TOKENS.index("roamingHubId")
PIN = TOKENS.index("pin")


def press(area: SheetArea, key: Qt.Key, modifiers: Qt.KeyboardModifier = Mod.NoModifier) -> None:
    """A key goes to whatever has the focus, shortcuts first."""
    target = QApplication.focusWidget() or area.table
    QTest.keyClick(target, key, modifiers)


def type_text(area: SheetArea, text: str) -> None:
    for character in text:
        QTest.keyClicks(QApplication.focusWidget() or area.table, character)


def stand(area: SheetArea, position: int, column: int) -> None:
    area.table.stand_on(area.model.index(position, column))


def here(area: SheetArea) -> tuple[int, int]:
    index = area.table.currentIndex()
    return index.row(), index.column()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def editor(area: SheetArea) -> QWidget | None:
    return area.table.indexWidget(area.table.currentIndex())


def test_typing_replaces_and_enter_goes_down(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, PRINTED)
    type_text(area, "777")
    press(area, Key.Key_Return)
    assert sheet.text(0, PRINTED) == "777"
    assert here(area) == (1, PRINTED)
    assert editor(area) is None
    type_text(area, "778")
    press(area, Key.Key_Return, Mod.ShiftModifier)
    assert sheet.text(1, PRINTED) == "778"
    assert here(area) == (0, PRINTED)


def test_tab_goes_right_and_round_the_end_of_the_row(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, PRINTED)
    type_text(area, "5")
    press(area, Key.Key_Tab)
    assert here(area) == (0, EXPIRY)
    press(area, Key.Key_Backtab, Mod.ShiftModifier)
    assert here(area) == (0, PRINTED)
    stand(area, 0, len(TOKENS) - 1)
    press(area, Key.Key_Tab)
    assert here(area) == (1, 0)
    assert sheet.text(0, PRINTED) == "5"


def test_f2_edits_behind_the_text_and_esc_gives_up(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, PRINTED)
    press(area, Key.Key_F2)
    type_text(area, "9")
    press(area, Key.Key_Return)
    assert sheet.text(0, PRINTED) == "012003409"
    stand(area, 0, PRINTED)
    press(area, Key.Key_F2)
    type_text(area, "zzz")
    press(area, Key.Key_Escape)
    assert sheet.text(0, PRINTED) == "012003409"
    assert area.table.hasFocus()


def test_an_arrow_key_leaves_what_was_typed_over(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, PRINTED)
    type_text(area, "12")
    press(area, Key.Key_Right)
    assert sheet.text(0, PRINTED) == "12"
    assert here(area) == (0, EXPIRY)


def test_backspace_empties_and_opens_delete_clears(area: SheetArea, sheet: Sheet) -> None:
    stand(area, 0, PRINTED)
    press(area, Key.Key_Backspace)
    assert isinstance(editor(area), TextEditor)
    press(area, Key.Key_Return)
    assert sheet.text(0, PRINTED) == ""
    area.table.select_block(1, 3, [PRINTED, EXPIRY])
    press(area, Key.Key_Delete)
    assert [sheet.row_texts(row)[PRINTED : EXPIRY + 1] for row in (1, 2, 3)] == [("", "")] * 3
    press(area, Key.Key_Z, Mod.ControlModifier)
    assert sheet.text(2, EXPIRY) == "2027-12-30"


def test_double_click_opens_with_the_text_and_focus_elsewhere_keeps_what_was_typed(
    area: SheetArea, sheet: Sheet, qtbot: QtBot
) -> None:
    place = area.table.visualRect(area.model.index(3, PRINTED)).center()
    qtbot.mouseClick(area.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(area.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    type_text(area, "1")
    other = area.table.visualRect(area.model.index(6, PRINTED)).center()
    qtbot.mouseClick(area.table.viewport(), Qt.MouseButton.LeftButton, pos=other)
    assert sheet.text(3, PRINTED) == "012003431"


def test_what_is_wrong_is_said_while_typing(area: SheetArea) -> None:
    stand(area, 0, EXPIRY)
    type_text(area, "soon")
    opened = editor(area)
    assert isinstance(opened, TextEditor)
    assert opened.hint.isVisible()
    assert "soon" in opened.hint.text()
    assert opened.accessibleDescription() == opened.hint.text()
    assert not opened.hint.geometry().intersects(opened.geometry())
    opened.setText("31/12/2028")
    assert not opened.hint.isVisible()
    opened.setText("soon")
    press(area, Key.Key_Escape)
    assert not opened.hint.isVisible()


def test_a_choice_is_picked_by_number_name_or_list_and_stored_as_the_number(area: SheetArea, sheet: Sheet) -> None:
    for row, typed in enumerate(("3", "ladenetz", "3 Ladenetz")):
        stand(area, row, HUB)
        type_text(area, typed[0])
        opened = editor(area)
        assert isinstance(opened, ChoiceEditor)
        opened.setEditText(typed)
        press(area, Key.Key_Return)
        assert sheet.text(row, HUB) == "3"
    stand(area, 3, HUB)
    press(area, Key.Key_F2)
    opened = editor(area)
    assert isinstance(opened, ChoiceEditor)
    opened.setCurrentIndex(0)
    press(area, Key.Key_Return)
    assert sheet.text(3, HUB) == "0"
    stand(area, 4, HUB)
    type_text(area, "nonsense")
    press(area, Key.Key_Return)
    assert sheet.text(4, HUB) == "nonsense"
    assert area.model.problems_at(4, HUB)


def test_opening_and_leaving_a_cell_changes_nothing(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(0, HUB, "e-laad")]))
    for column in (HUB, PRINTED):
        stand(area, 0, column)
        press(area, Key.Key_F2)
        press(area, Key.Key_Return)
    assert sheet.text(0, HUB) == "e-laad"
    assert len(sheet.history()[0]) == 1


def test_copy_cut_and_paste_a_block(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(0, 2, [PRINTED, EXPIRY])
    press(area, Key.Key_C, Mod.ControlModifier)
    assert parse_block(clipboard()) == [["01200340", "31/12/2027"], ["01200341", "31/12/2027"]]
    page = QGuiApplication.clipboard().mimeData().html()
    assert parse_html(page) == [["01200340", "31/12/2027"], ["01200341", "31/12/2027"]], "for Excel: leading zeros stay"
    stand(area, 4, PRINTED)
    press(area, Key.Key_V, Mod.ControlModifier)
    assert sheet.text(4, PRINTED) == "01200340"
    assert sheet.text(5, EXPIRY) == "31/12/2027"
    assert area.table.selected().cell_count == 4
    press(area, Key.Key_X, Mod.ControlModifier)
    assert sheet.text(4, PRINTED) == ""
    press(area, Key.Key_Z, Mod.ControlModifier)
    press(area, Key.Key_Z, Mod.ControlModifier)
    assert sheet.text(5, EXPIRY) == "2028-01-31"
    press(area, Key.Key_Y, Mod.ControlModifier)
    assert sheet.text(5, EXPIRY) == "31/12/2027"


def test_pins_are_copied_as_they_are_but_never_shown(area: SheetArea) -> None:
    stand(area, 0, PIN)
    press(area, Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "0427\n"
    index = area.model.index(0, PIN)
    for role in Qt.ItemDataRole:
        if role != Qt.ItemDataRole.EditRole:
            assert "0427" not in str(area.model.data(index, int(role)))


def test_one_value_is_pasted_into_all_selected_cells(area: SheetArea, sheet: Sheet) -> None:
    QGuiApplication.clipboard().setText("30/06/2029\r\n")
    area.table.select_block(2, 4, [EXPIRY])
    press(area, Key.Key_V, Mod.ControlModifier)
    assert [sheet.text(row, EXPIRY) for row in range(1, 7)] == ["31/12/2027", *["30/06/2029"] * 4, "31/12/2027"]
    assert sheet.history()[0] == ["Paste into 4 cells"]


def test_a_block_is_repeated_where_it_fits_several_times(area: SheetArea, sheet: Sheet) -> None:
    QGuiApplication.clipboard().setText("a\nb\n")
    area.table.select_block(0, 4, [PRINTED])
    press(area, Key.Key_V, Mod.ControlModifier)
    assert [sheet.text(row, PRINTED) for row in range(4)] == ["a", "b", "a", "b"]


def test_pasting_past_the_end_adds_rows_and_says_so(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("x\ty\nz\tw\nq\tv\n")
    stand(area, 7, 0)
    with qtbot.waitSignal(area.notice) as said:
        press(area, Key.Key_V, Mod.ControlModifier)
    assert said.args == ["2 rows were added."]
    assert len(sheet) == 10
    assert area.model.rowCount() == 10
    assert sheet.row_texts(9)[:2] == ("q", "v")
    press(area, Key.Key_Z, Mod.ControlModifier)
    assert area.model.rowCount() == 8


def test_columns_that_do_not_fit_are_left_out_and_it_is_said(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("h\textra\tmore\n")
    stand(area, 0, len(TOKENS) - 1)
    with qtbot.waitSignal(area.notice) as said:
        press(area, Key.Key_V, Mod.ControlModifier)
    assert said.args[0].startswith("2 columns of the block did not fit")
    assert sheet.text(0, len(TOKENS) - 1) == "h"


def test_paste_into_an_empty_table(area: SheetArea, qtbot: QtBot) -> None:
    empty = Sheet(TOKENS)
    area.set_sheet(empty)
    area.table.setFocus()
    QGuiApplication.clipboard().setText("NL-TNM-C00122045-K\t2\n")
    press(area, Key.Key_V, Mod.ControlModifier)
    assert empty.rows_texts()[0][:2] == ("NL-TNM-C00122045-K", "2")
    press(area, Key.Key_Plus, Mod.ControlModifier)
    assert len(empty) == 2


def test_fill_down(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(4, 4, [EXPIRY, HUB])
    press(area, Key.Key_D, Mod.ControlModifier)
    assert [sheet.text(row, EXPIRY) for row in range(4, 8)] == ["31/12/2027"] * 4
    assert sheet.undo_name == "Fill down"


def test_insert_duplicate_and_delete_rows(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(3, 2, [0])
    press(area, Key.Key_Plus, Mod.ControlModifier)
    assert len(sheet) == 10
    assert sheet.order[3:5] == [8, 9]
    assert here(area) == (3, 0)
    stand(area, 0, TOKEN)
    press(area, Key.Key_J, Mod.ControlModifier)
    assert sheet.row_texts(sheet.order[1]) == sheet.row_texts(0)
    assert area.model.problems_at(0, TOKEN), "both rows of a double are marked at once"
    press(area, Key.Key_Minus, Mod.ControlModifier)
    assert len(sheet) == 10
    assert not area.model.problems_at(0, TOKEN)
    assert here(area)[0] == 1
    for _ in range(3):
        press(area, Key.Key_Z, Mod.ControlModifier)
    assert sheet.order == list(range(8))


def test_deleting_scattered_rows_shows_the_rest(area: SheetArea, sheet: Sheet) -> None:
    sheet.load([sheet.row_texts(0)] * 200)
    area.set_sheet(sheet)
    sheet.apply(sheet.remove_rows("Delete", range(0, 200, 2)))
    assert area.model.rowCount() == len(sheet) == 108
    sheet.undo()
    assert area.model.rowCount() == 208


def test_select_all_and_ctrl_home_and_end(area: SheetArea) -> None:
    press(area, Key.Key_A, Mod.ControlModifier)
    assert area.table.selected().cell_count == 80
    press(area, Key.Key_End, Mod.ControlModifier)
    assert here(area) == (7, len(TOKENS) - 1)
    press(area, Key.Key_Home, Mod.ControlModifier)
    assert here(area) == (0, 0)


def test_the_header_shows_which_columns_are_selected(area: SheetArea) -> None:
    area.table.select_block(2, 3, [TOKEN, PRINTED])
    marked = area.table.horizontalHeader().selectionModel()
    columns = [at for at in range(len(TOKENS)) if marked.columnIntersectsSelection(at)]
    assert columns == [TOKEN, PRINTED]
    assert area.table.selectionModel().isRowSelected(2) is False


def test_separate_blocks_are_not_copied(area: SheetArea, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("before")
    model = area.table.selectionModel()
    area.table.select_block(0, 2, [0])
    model.select(area.model.index(5, 3), model.SelectionFlag.Select)
    with qtbot.waitSignal(area.notice):
        press(area, Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "before"


def test_the_status_tells_count_sum_and_average(area: SheetArea, qtbot: QtBot) -> None:
    with qtbot.waitSignal(area.selection_text_changed, check_params_cb=lambda text: text == "6 cells selected"):
        area.table.select_block(0, 3, [0, 1])


def test_header_clicks_sort_both_ways_then_give_the_file_order_back(area: SheetArea, qtbot: QtBot) -> None:
    header = area.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(EXPIRY) + 20, 8)
    orders = []
    for _ in range(3):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        orders.append(list(area.view.rows))
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == list(range(8))
    assert orders[2] == list(range(8))


def test_the_current_cell_follows_its_row_through_sort_and_filter(area: SheetArea) -> None:
    stand(area, 6, PRINTED)
    area.model.sort(PRINTED, Qt.SortOrder.DescendingOrder)
    assert here(area) == (1, PRINTED)
    area.set_filter("01200346")
    assert area.model.rowCount() == 1
    assert here(area) == (0, PRINTED)
    area.set_filter("")
    assert here(area) == (1, PRINTED)


def test_read_only_lets_nothing_through_but_copies(area: SheetArea, sheet: Sheet) -> None:
    before = sheet.rows_texts()
    area.set_read_only(True)
    QGuiApplication.clipboard().setText("zzz")
    stand(area, 0, PRINTED)
    type_text(area, "1")
    for key, mods in (
        (Key.Key_Delete, Mod.NoModifier),
        (Key.Key_Backspace, Mod.NoModifier),
        (Key.Key_V, Mod.ControlModifier),
        (Key.Key_D, Mod.ControlModifier),
        (Key.Key_Plus, Mod.ControlModifier),
        (Key.Key_Minus, Mod.ControlModifier),
        (Key.Key_F2, Mod.NoModifier),
    ):
        press(area, key, mods)
    assert sheet.rows_texts() == before
    press(area, Key.Key_C, Mod.ControlModifier)
    assert clipboard() == "01200340\n"
    assert not area.actions_.paste.isEnabled()
    assert [action.text() for action in area.table.context_menu().actions() if not action.isSeparator()] == [
        "&Copy", "Filter t&his column…", "Sort &ascending", "Sort descendin&g",
        "&Find…", "&Next problem", "Previous pro&blem",
    ]  # fmt: skip


def test_undo_names_what_it_takes_back(area: SheetArea) -> None:
    stand(area, 0, PRINTED)
    type_text(area, "1")
    press(area, Key.Key_Return)
    assert "Change “Printed number”" in area.actions_.undo.text()
    assert "Ctrl+Z" in area.actions_.undo.toolTip()
    assert not area.actions_.redo.isEnabled()


def test_columns_are_remembered_by_name(area: SheetArea, qtbot: QtBot, sheet: Sheet) -> None:
    header = area.table.horizontalHeader()
    header.moveSection(header.visualIndex(PIN), 0)
    header.resizeSection(EXPIRY, 222)
    area.table.setColumnHidden(HUB, True)
    state = area.save_state()
    other = SheetArea(TOKENS)
    qtbot.addWidget(other)
    assert other.restore_state(state)
    again = other.table.horizontalHeader()
    assert again.visualIndex(PIN) == 0
    assert again.sectionSize(EXPIRY) == 222
    assert again.isSectionHidden(HUB)
    assert other.table.shown_fields()[:2] == [PIN, 0]
    for damaged in (b"", b"{}", b"[1]", b'{"columns":"[1]","panel":[1,2]}', b'{"columns":"[]","panel":["x"]}', b"\xff"):
        assert not other.restore_state(damaged)


def test_pasting_follows_the_columns_as_shown(area: SheetArea, sheet: Sheet) -> None:
    header = area.table.horizontalHeader()
    header.moveSection(header.visualIndex(PIN), 0)
    QGuiApplication.clipboard().setText("1234\tNL-X\n")
    stand(area, 0, PIN)
    press(area, Key.Key_V, Mod.ControlModifier)
    assert sheet.text(0, PIN) == "1234"
    assert sheet.text(0, 0) == "NL-X"
