"""The square at the selection's corner, dragged with the mouse, fills the cells below as in Excel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

PRINTED, EXPIRY, TOKEN, PIN = (TOKENS.index(name) for name in ("printedNumber", "expiryDate", "tokenId", "pin"))
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _shown(area: SheetArea, qtbot: QtBot) -> None:
    area.resize(1400, 600)
    area.show()
    qtbot.waitExposed(area)


def corner(area: SheetArea) -> QPoint:
    place = area.table.fill_handle.rect()
    assert place is not None
    return place.center()


def drag(area: SheetArea, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """From the square down to a visible row."""
    view = area.table.viewport()
    below = QPoint(corner(area).x(), area.table.visualRect(area.model.index(row, 0)).center().y())
    QTest.mouseMove(view, corner(area))
    assert view.cursor().shape() is Qt.CursorShape.CrossCursor
    QTest.mousePress(view, LEFT, NONE, corner(area))
    QTest.mouseMove(view, below)
    QTest.mouseRelease(view, LEFT, modifiers, below)


def texts(sheet: Sheet, field: int, first: int, last: int) -> list[str]:
    return sheet.columns[field][first : last + 1]


def test_a_single_number_is_copied_and_with_ctrl_it_goes_on(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(0, 1, [PRINTED])
    drag(area, 3)
    assert texts(sheet, PRINTED, 0, 4) == ["01200340"] * 4 + ["01200344"]
    assert area.table.selected().cell_count == 4
    assert sheet.undo_name == "Fill by dragging"
    area.table.undo()
    area.table.select_block(0, 1, [PRINTED])
    drag(area, 3, CTRL)
    assert texts(sheet, PRINTED, 0, 4) == ["01200340", "01200341", "01200342", "01200343", "01200344"]


def test_dates_go_on_and_with_ctrl_they_are_copied(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(0, 1, [EXPIRY])
    drag(area, 2)
    assert texts(sheet, EXPIRY, 0, 2) == ["31/12/2027", "01/01/2028", "02/01/2028"]
    area.table.undo()
    area.table.select_block(0, 1, [EXPIRY])
    drag(area, 2, CTRL)
    assert texts(sheet, EXPIRY, 0, 2) == ["31/12/2027"] * 3


def test_a_block_goes_on_by_its_own_step(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(0, PRINTED, "10"), (1, PRINTED, "20")]))
    area.table.select_block(0, 2, [PRINTED, EXPIRY])
    drag(area, 4)
    assert texts(sheet, PRINTED, 0, 4) == ["10", "20", "30", "40", "50"]
    assert texts(sheet, EXPIRY, 2, 4) == ["31/12/2027"] * 3


def test_a_double_click_fills_as_far_as_the_column_beside_it(area: SheetArea, sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(row, PIN, "") for row in range(1, 8)] + [(6, EXPIRY, "")]))
    area.table.select_block(0, 1, [PIN])
    QTest.mouseDClick(area.table.viewport(), LEFT, NONE, corner(area))
    assert texts(sheet, PIN, 0, 7) == ["0427"] * 6 + ["", ""]


def test_esc_ends_a_drag_without_a_change(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(0, 1, [PRINTED])
    view = area.table.viewport()
    QTest.mousePress(view, LEFT, NONE, corner(area))
    QTest.mouseMove(view, corner(area) + QPoint(0, 90))
    QTest.keyClick(area.table, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, NONE, corner(area) + QPoint(0, 90))
    assert not sheet.can_undo


def test_there_is_no_square_where_nothing_can_be_filled(area: SheetArea, sheet: Sheet) -> None:
    area.table.select_block(7, 1, [PRINTED])
    assert area.table.fill_handle.rect() is None, "nothing is below the last row"
    area.table.select_block(0, 1, [PRINTED])
    assert area.table.fill_handle.rect() is not None
    area.set_read_only(True)
    assert area.table.fill_handle.rect() is None
