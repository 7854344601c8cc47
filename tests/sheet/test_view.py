import pytest

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View

ROWS = [
    ("Delta", "10", "2", "1111"),
    ("alpha", "9", "3", "2222"),
    ("", "", "2", ""),
    ("Beta", "x", "3", "12"),
    ("alpha", "10", "2", "9"),
]


@pytest.fixture
def sheet(kind: RecordKind) -> Sheet:
    sheet = Sheet(kind)
    sheet.load(ROWS)
    return sheet


@pytest.fixture
def view(sheet: Sheet) -> View:
    view = View(sheet)
    sheet.on_change.append(lambda edit, _: view.follow(edit))
    return view


def test_sorts_by_value_stable_with_empties_last(view: View) -> None:
    view.sort_by(1)
    assert view.rows == [1, 0, 4, 3, 2]
    view.sort_by(1, descending=True)
    assert view.rows == [3, 0, 4, 1, 2]
    view.sort_by(0)
    assert view.rows == [1, 4, 3, 0, 2]
    view.sort_by_columns([(0, False), (1, True)])
    assert view.rows == [4, 1, 3, 0, 2]
    view.sort_by_columns(())
    assert view.rows == [0, 1, 2, 3, 4]


def test_filters_over_stored_and_shown_text_but_not_secrets(view: View) -> None:
    view.filter_text("LADEN")
    assert view.rows == [1, 3]
    view.filter_text("alp")
    assert view.rows == [1, 4]
    view.filter_text("2222")
    assert view.rows == []
    view.filter_text("")
    assert view.rows == [0, 1, 2, 3, 4]


def test_only_some_rows_together_with_filter_and_sort(view: View) -> None:
    view.only({0, 1, 4})
    view.filter_text("alpha")
    view.sort_by(1, descending=True)
    assert view.rows == [4, 1]
    assert [view.position_of(row) for row in range(-1, 7)] == [-1, -1, 1, -1, -1, 0, -1, -1]


def test_an_edited_row_stays_until_refresh(sheet: Sheet, view: View) -> None:
    view.sort_by(0)
    view.filter_text("alpha")
    sheet.apply(sheet.set_cells("Type", [(1, 0, "zzz")]))
    assert view.rows == [1, 4]
    view.refresh()
    assert view.rows == [4]


def test_new_rows_appear_behind_their_neighbour_and_removed_ones_go(sheet: Sheet, view: View) -> None:
    view.sort_by(0)
    sheet.apply(sheet.insert_rows("Insert", 2, [("new",), ("newer",)]))
    assert view.rows == [1, 5, 6, 4, 3, 0, 2]
    sheet.apply(sheet.remove_rows("Delete", [5, 4, 3]))
    assert view.rows == [1, 6, 0, 2]
    sheet.undo()
    assert sorted(view.rows) == [0, 1, 2, 3, 4, 5, 6]


def test_rows_behind_a_hidden_neighbour_appear_at_the_end(sheet: Sheet, view: View) -> None:
    view.filter_text("alpha")
    sheet.apply(sheet.insert_rows("Insert", 1, [("new",), ("newer",)]))
    assert view.rows == [1, 4, 5, 6]
