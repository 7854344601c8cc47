"""Sorting by several columns, filtering, hiding, moving and fixing columns, by mouse and by keys."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table import gather
from ochp_desktop.gui.table.filter_popup import FilterPopup
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.table.value_list import MOST_SHOWN, ValueList
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet import arranging, column_values, sort_keys, sorting
from ochp_desktop.sheet.column_filter import ColumnFilter, TextTest
from ochp_desktop.sheet.sheet import Sheet

Key, Mod = Qt.Key, Qt.KeyboardModifier
PRINTED, EXPIRY, TOKEN, HUB, PIN = (
    TOKENS.index(name) for name in ("printedNumber", "expiryDate", "tokenId", "roamingHubId", "pin")
)


def click_header(area: SheetArea, column: int, modifiers: Qt.KeyboardModifier = Mod.NoModifier) -> None:
    header = area.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(column) + 12, 8)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def popup(area: SheetArea, column: int) -> FilterPopup:
    """The filter's window, opened by its sign in the header, its model watched."""
    header = area.table.headers()[0]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.filter_place(column).center())
    found = area.table.column_commands.popup
    assert found is not None
    found.tester = QAbstractItemModelTester(  # type: ignore[attr-defined] - kept alive with the popup
        found.values, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return found


def values(found: FilterPopup) -> list[str]:
    return [str(found.values.index(row).data()) for row in range(found.values.rowCount())]


def check(found: FilterPopup, row: int, state: Qt.CheckState) -> None:
    found.values.setData(found.values.index(row), state.value, Qt.ItemDataRole.CheckStateRole)


def test_ctrl_and_a_click_sort_by_a_second_column(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(row, HUB, "3") for row in (1, 3, 5)]))
    click_header(area, HUB)
    click_header(area, TOKEN, Mod.ControlModifier)
    click_header(area, TOKEN, Mod.ControlModifier)
    assert area.view.sort_keys == ((HUB, False), (TOKEN, True))
    assert area.view.rows == [7, 6, 4, 2, 0, 5, 3, 1]
    click_header(area, HUB, Mod.ShiftModifier)
    assert area.view.rows == [5, 3, 1, 7, 6, 4, 2, 0]
    click_header(area, HUB, Mod.ShiftModifier)
    assert area.view.sort_keys == ((TOKEN, True),)
    QTest.keyClick(area.table, Key.Key_O, Mod.AltModifier | Mod.ShiftModifier)
    assert area.view.is_plain


def test_sorting_by_keys_takes_the_current_column(area: SheetArea) -> None:
    area.table.stand_on(area.model.index(0, TOKEN))
    QTest.keyClick(area.table, Key.Key_D, Mod.AltModifier | Mod.ShiftModifier)
    assert area.view.rows == [7, 6, 5, 4, 3, 2, 1, 0]


def test_a_filter_by_values_with_counts(area: SheetArea) -> None:
    found = popup(area, EXPIRY)
    assert values(found) == ["31/12/2027   (6)", "2027-12-30   (1)", "2028-01-31   (1)"]
    assert found.every.text() == "3 of 3 values"
    check(found, 0, Qt.CheckState.Unchecked)
    assert found.every.checkState() is Qt.CheckState.PartiallyChecked
    found.accept()
    assert area.view.rows == [2, 5]
    assert area.table.columns.title(EXPIRY)
    again = popup(area, EXPIRY)
    assert values(again)[0] == "31/12/2027   (6)", "a column's own filter does not hide its values"
    again.lift()
    assert area.model.rowCount() == 8


def test_a_search_among_the_values_filters_by_what_it_found(area: SheetArea) -> None:
    found = popup(area, TOKEN)
    found.search.setText("333 0")
    assert values(found) == []
    found.search.setText("3303")
    assert len(values(found)) == 1
    QTest.keyClick(found.search, Key.Key_Return)
    assert area.view.rows == [3]


def test_all_found_values_are_checked_and_unchecked_at_once(area: SheetArea) -> None:
    found = popup(area, TOKEN)
    found.search.setText("A5E3330")
    found.every.click()
    assert found.every.checkState() is Qt.CheckState.Unchecked
    found.every.click()
    assert found.every.checkState() is Qt.CheckState.Checked
    found.accept()
    assert area.model.rowCount() == 8
    assert not area.view.is_filtered


def test_text_empty_and_problem_conditions(area: SheetArea, sheet: Sheet) -> None:
    found = popup(area, PRINTED)
    found.text.setText("43")
    found.test.setCurrentIndex(found.test.findData(TextTest.ENDS))
    found.accept()
    assert area.view.rows == [3]
    area.table.column_commands.filter(PRINTED, ColumnFilter())
    found = popup(area, EXPIRY)
    found.problems.setChecked(True)
    found.accept()
    assert area.view.rows == [2, 5]
    area.lift_filters()
    found = popup(area, PIN)
    assert not found.list.isVisible(), "a secret's values are not listed"
    assert not found.text.isVisible()
    found.filling.setCurrentIndex(2)
    found.accept()
    assert area.view.rows == [5]


def test_filters_of_two_columns_and_the_quick_filter_all_count(area: SheetArea) -> None:
    area.model.filter_column(EXPIRY, ColumnFilter(values=frozenset({"31/12/2027"})))
    area.model.filter_column(PRINTED, ColumnFilter(text="4", test=TextTest.HOLDS))
    area.set_filter("01200346")
    assert area.view.rows == [6]
    QTest.keyClick(area.table, Key.Key_L, Mod.AltModifier | Mod.ShiftModifier)
    assert area.model.rowCount() == 8
    assert area.go_to(2, "tokenId")


def test_esc_leaves_the_filter_as_it_was(area: SheetArea) -> None:
    found = popup(area, EXPIRY)
    check(found, 0, Qt.CheckState.Unchecked)
    QTest.keyClick(found, Key.Key_Escape)
    assert not area.view.is_filtered


def test_many_values_are_listed_in_part_and_all_are_chosen(qapp: QApplication) -> None:
    texts = [f"n{number:05}" for number in range(MOST_SHOWN + 500)]
    listed = ValueList(TOKENS.fields[TOKEN])
    tester = QAbstractItemModelTester(listed, QAbstractItemModelTester.FailureReportingMode.Fatal)
    listed.set_values(texts, Counter(texts), None)
    assert listed.rowCount() == MOST_SHOWN
    assert listed.chosen() is None
    listed.show_only(["n10499"])
    assert listed.rowCount() == 1
    listed.check_all(False)
    assert listed.chosen() == frozenset()
    listed.show_only(texts)
    assert listed.found_checked == len(texts) - 1
    assert listed.chosen() == frozenset(texts) - {"n10499"}
    listed.check_all(False)
    listed.setData(listed.index(3), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert listed.chosen() == {"n00003"}
    listed.show_only(texts[:5])
    assert listed.found_checked == 1
    listed.check_all(True)
    assert listed.chosen() == frozenset(texts[:5])
    listed.set_values(texts, Counter(texts), frozenset(texts[1:]) | {"gone"})
    assert listed.found_checked == len(texts) - 1
    assert not listed.is_checked(texts[0])
    listed.set_values(texts, Counter(texts), frozenset({texts[7], "gone"}))
    assert listed.chosen() == {texts[7]}
    del tester


def test_values_are_counted_in_turns_of_the_window(
    area: SheetArea, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (arranging, column_values, sorting, sort_keys):
        monkeypatch.setattr(module, "SLICE", 2)
    monkeypatch.setattr(gather, "_SLICE", 0.0)
    found = popup(area, EXPIRY)
    assert found.every.text() == "Counting the values…"
    assert not values(found)
    qtbot.waitUntil(lambda: found.every.text() == "3 of 3 values")
    assert values(found) == ["31/12/2027   (6)", "2027-12-30   (1)", "2028-01-31   (1)"]
    found.close()
    again = popup(area, EXPIRY)
    again.search.setText("01-31")
    again.accept()
    assert area.model.wanted.filters[EXPIRY].values == {"2028-01-31"}, "Enter does not wait for the counting"
    qtbot.waitUntil(lambda: not area.model.is_arranging)
    other = popup(area, EXPIRY)
    other.accept()
    assert area.model.wanted.filters[EXPIRY].values == {"2028-01-31"}, "what was not listed yet stays as it was"


def test_columns_are_hidden_and_shown_again(area: SheetArea, qtbot: QtBot) -> None:
    area.table.select_block(0, 1, [HUB, TOKEN])
    with qtbot.waitSignal(area.notice) as said:
        QTest.keyClick(area.table, Key.Key_0, Mod.ControlModifier)
    assert "Hub" in said.args[0]
    assert not {HUB, TOKEN} & set(area.table.shown_fields())
    area.table.column_commands.hide(area.table.columns.in_order())
    assert area.table.shown_fields(), "one column stays"
    menu = area.table.column_commands.menu(EXPIRY)
    texts = [action.text() for action in menu.actions()]
    assert "&Show again" in texts
    QTest.keyClick(area.table, Key.Key_0, Mod.ControlModifier | Mod.ShiftModifier)
    assert len(area.table.shown_fields()) == len(TOKENS)


def test_columns_move_past_hidden_ones(area: SheetArea) -> None:
    columns = area.table.columns
    columns.hide([HUB])
    columns.move(2, -1)
    assert area.table.shown_fields()[:2] == [2, 0]
    columns.move(2, -1)
    assert area.table.shown_fields()[0] == 2


def test_best_width_shows_the_longest_text(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(0, PRINTED, "M" * 40)]))
    area.table.columns.fit([PRINTED])
    assert area.table.columnWidth(PRINTED) > 40 * area.table.fontMetrics().horizontalAdvance("M")


@pytest.mark.parametrize("count", [1, 2])
def test_fixed_columns_stay_while_the_others_scroll(area: SheetArea, count: int, sheet: Sheet, qtbot: QtBot) -> None:
    area.resize(800, 400)
    area.panel.hide()
    qtbot.waitUntil(lambda: area.table.viewport().width() > 600)
    area.table.columns.fix(count)
    bar = area.table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    edge = sum(span.width for span in area.table.columns.fixed_spans())
    assert edge
    assert area.table.visualRect(area.model.index(0, 0)).left() == 0
    assert area.table.indexAt(QPoint(5, 5)) == area.model.index(0, 0)
    for column in range(count, len(TOKENS)):
        area.table.stand_on(area.model.index(3, column))
        area.table.scrollTo(area.table.currentIndex())
        assert area.table.visualRect(area.table.currentIndex()).left() >= edge
    bar.setValue(bar.maximum())
    area.table.stand_on(area.model.index(1, 0))
    QTest.keyClicks(area.table, "N")
    editor = QApplication.focusWidget()
    assert editor is not None
    assert editor.geometry().left() == 0, "the editor opens over the fixed cell"
    QTest.keyClicks(editor, "L-X")
    QTest.keyClick(editor, Key.Key_Return)
    assert sheet.text(1, 0) == "NL-X"
    assert bar.value() == bar.maximum(), "going to a fixed column does not scroll"
    state = area.table.columns.save()
    area.table.columns.fix(0)
    assert area.table.columns.restore(state)
    assert area.table.columns.fixed_count == count


def test_a_narrow_table_lets_all_columns_scroll(area: SheetArea) -> None:
    area.table.columns.fix(4)
    area.panel.hide()
    area.resize(320, 300)
    assert area.table.columns.fixed_spans() == []
    assert not area.table.headers()[1].isVisible()


def test_the_header_marks_the_selected_columns_whatever_rows_go(area: SheetArea, sheet: Sheet) -> None:
    table = area.table

    def marked() -> set[int]:
        parts = table.headers()[0].selectionModel().selection().toList()
        return {column for part in parts for column in range(part.left(), part.right() + 1)}

    sheet.apply(sheet.insert_rows("Insert", 0, [()] * 2))
    table.select_block(0, 6, [2, 3])
    assert marked() == {2, 3}
    table.sheet_model.sheet.undo()
    assert marked() == {2, 3}
    area.model.sort_by(((2, True),))
    assert marked() == {2, 3}
    table.selectAll()
    sheet.apply(sheet.remove_rows("Delete", sheet.order[:1]))
    assert marked() == set(range(area.model.columnCount()))
    sheet.apply(sheet.remove_rows("Delete", list(sheet.order)))
    assert marked() == set()
