"""Sorting and filtering many rows goes on in turns of the window; the table stays as it is until all is ready."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Collection

import pytest
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table import arranger, cell_grid, find_bar, gather
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet import arranging, find, sort_keys, sorting, view
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import Slices
from tests.gui.table.conftest import card

PRINTED, TOKEN = TOKENS.index("printedNumber"), TOKENS.index("tokenId")


@pytest.fixture(autouse=True)
def _short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """One slice of two rows in each turn, as if the sheet had a million."""
    for module in (sorting, sort_keys, arranging, find, view):
        monkeypatch.setattr(module, "SLICE", 2)
    for turns in (arranger, find_bar):
        monkeypatch.setattr(turns, "_TURN_SECONDS", 0.0)
    monkeypatch.setattr(gather, "_SLICE", 0.0)


def ready(area: SheetArea, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not area.model.is_arranging)


def in_order(sheet: Sheet, rows: object, field: int) -> list[str]:
    return [sheet.columns[field][row] for row in rows]  # type: ignore[attr-defined]


def test_the_table_stays_until_the_rows_are_sorted(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    before = list(area.view.rows)
    area.model.sort_by([(TOKEN, True)])
    assert area.model.is_arranging
    assert list(area.view.rows) == before
    assert area.model.wanted.keys == ((TOKEN, True),)
    ready(area, qtbot)
    texts = in_order(sheet, area.view.rows, TOKEN)
    assert texts == sorted(texts, key=str.casefold, reverse=True)
    assert area.view.sort_keys == ((TOKEN, True),)


def test_the_next_command_builds_on_the_one_before(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, False)])
    area.set_filter("0120034")
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    assert area.view.sort_keys == ((TOKEN, True),)
    assert area.view.filter == "0120034"
    assert all("0120034" in sheet.text(row, PRINTED) for row in area.view.rows)


def test_an_edit_in_between_counts(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.model.sort_by([(PRINTED, False)])
    assert area.model.is_arranging
    area.model.setData(area.model.index(0, PRINTED), "00000000")
    area.table.stand_on(area.model.index(3, 0))
    area.table.remove_rows()
    assert area.model.is_arranging
    ready(area, qtbot)
    assert set(area.view.rows) == set(sheet.order)
    texts = in_order(sheet, area.view.rows, PRINTED)
    assert texts[0] == "00000000"
    assert texts == sorted(texts)


def test_going_to_a_hidden_row_waits_until_it_is_there(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, True)])
    area.set_filter("01200345")
    ready(area, qtbot)
    hidden = next(row for row in sheet.order if row not in set(area.view.rows))
    assert area.go_to(hidden, "tokenId")
    ready(area, qtbot)
    assert not area.view.is_filtered
    assert area.model.row_id(area.table.currentIndex().row()) == hidden


def test_another_sheet_ends_it(area: SheetArea, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, True)])
    other = Sheet(TOKENS)
    other.load([["x"], ["y"]])
    area.set_sheet(other)
    assert not area.model.is_arranging
    qtbot.wait(5)
    assert list(area.view.rows) == [0, 1]


def test_a_kept_place_comes_back_sorted_and_filtered(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    area.table.stand_on(area.model.index(2, PRINTED))
    row = area.model.row_id(2)
    kept = area.place.text()
    area.set_sheet(sheet, area.checker)
    assert area.place.restore(kept) == ""
    ready(area, qtbot)
    assert area.view.sort_keys == ((TOKEN, True),)
    assert area.model.row_id(area.table.currentIndex().row()) == row


def test_finding_goes_on_in_turns_and_enter_does_not_wait_for_them(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    bar = area.find_bar
    bar.open(replacing=False)
    bar.text.setText("0120034")
    assert not bar.count.text()
    qtbot.waitUntil(lambda: bar.count.text() == "8 found")
    bar.text.setText("01200345")
    bar.next()
    assert bar.count.text().startswith("1 of ")
    bar.text.setText("0120034")
    area.model.setData(area.model.index(0, PRINTED), "")
    qtbot.waitUntil(lambda: bool(bar.count.text()))
    left = sum("0120034" in text for text in sheet.columns[PRINTED])
    assert bar.count.text().endswith(f"of {left}")
    bar.text.setText("nothing like it")
    bar.dismiss()
    assert not list(bar.matches())


def test_the_panel_names_the_first_rows_as_they_are_sorted_now(area: SheetArea, qtbot: QtBot) -> None:
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    assert area.model.checker is not None
    code, card = next((code, card) for code, card in area.panel.cards.items() if card.is_open)
    first = min(area.view.position_of(row) for row in area.model.checker.rows_with(code))
    qtbot.waitUntil(lambda: card.examples[0].text().startswith(f"row {first + 1} "))


def test_edits_one_after_the_other_leave_one_look_at_the_order(
    area: SheetArea, sheet: Sheet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    looks: list[int] = []
    looking_up = view.View.looking_up

    def counted(seen: view.View, rows: Collection[int]) -> Slices[list[int]]:
        looks.append(len(rows))
        return looking_up(seen, rows)

    monkeypatch.setattr(view.View, "looking_up", counted)
    monkeypatch.setattr(view, "_FEW_LOOKUPS", 2)
    found: list[str] = []
    area.panel._finder.found.connect(lambda code, _examples: found.append(code))
    for number in range(6):
        sheet.apply(sheet.insert_rows("Insert", 2, [card(number)]))
        area.panel.renew()
    assert not found
    looks.clear()
    qtbot.waitUntil(lambda: bool(found) and not area.panel._renewing.isActive())
    assert len(looks) <= 2
    assert len(found) <= 2


def chosen(area: SheetArea) -> set[tuple[int, int]]:
    """(row id, field) of each selected cell."""
    return set(area.table.selected().cells(area.view.rows))


def test_selected_rows_go_along_when_the_table_is_sorted(area: SheetArea, qtbot: QtBot) -> None:
    area.table.select_block(2, 3, [TOKEN, PRINTED])
    before = chosen(area)
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    assert chosen(area) == before
    assert area.table.currentIndex() == area.model.index_of(2, "tokenId")
    area.model.sort_by([])
    ready(area, qtbot)
    assert chosen(area) == before


def test_everything_stays_selected_when_the_table_is_sorted(area: SheetArea, qtbot: QtBot) -> None:
    area.table.selectAll()
    before = chosen(area)
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    assert chosen(area) == before
    assert area.table.selectionModel().selection().count() == 1


def test_of_very_many_selected_rows_the_current_cell_goes_along(
    area: SheetArea, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_grid, "_ALONG", 2)
    area.table.select_block(2, 3, [TOKEN, PRINTED])
    area.model.sort_by([(TOKEN, True)])
    ready(area, qtbot)
    assert chosen(area) == {(2, TOKEN)}
    assert area.table.currentIndex() == area.model.index_of(2, "tokenId")


def test_a_sheet_that_is_closed_is_let_go_of(area: SheetArea, qtbot: QtBot) -> None:
    large = Sheet(TOKENS)
    large.load([[f"NL{number:04}"] for number in range(50)])
    gone = weakref.ref(large)
    area.set_sheet(large)
    area.model.sort_by([(0, True)])
    ready(area, qtbot)
    area.table.selectAll()
    area.table.clipboard.copy()
    area.table.column_commands.open_filter(area.model.first_field)
    popup = area.table.column_commands.popup
    assert popup is not None
    popup.close()
    qtbot.waitUntil(lambda: not area.table.clipboard.is_busy and not area.table.is_adding)
    area.find_bar.open(replacing=False)
    area.find_bar.text.setText("NL")
    area.find_bar.dismiss()
    del large
    area.set_sheet(None)
    qtbot.waitUntil(lambda: (gc.collect(), gone() is None)[1])
