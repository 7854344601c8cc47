from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet import edit as edits
from ochp_desktop.sheet.blocks import pasted
from ochp_desktop.sheet.edit import ColumnChange, Direction, Edit, consecutive
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import SLICE

ROWS = [("A", "1", "2", "0001"), ("B", "20", "3", ""), ("C", "3", "2", "77")]


@pytest.fixture
def sheet(kind: RecordKind) -> Sheet:
    sheet = Sheet(kind, Origin("cards.xlsx", "Karten", 3, {"card": "B", "pin": "AA"}))
    sheet.load(ROWS, [4, 5, 9])
    return sheet


def test_load_keeps_texts_and_names_cells_as_in_the_file(sheet: Sheet) -> None:
    assert sheet.rows_texts() == ROWS
    assert sheet.cell_name(2, "card") == "B9"
    assert sheet.cell_name(0, "pin") == "AA4"
    assert sheet.cell_name(0, "hub") == ""
    sheet.apply(sheet.insert_rows("Insert", 0, [()]))
    assert sheet.cell_name(3, "card") == ""


def test_load_fills_short_rows_cuts_long_ones_and_keeps_one_copy_of_repeated_texts(kind: RecordKind) -> None:
    sheet = Sheet(kind)
    first, second = (bytes([120, 121]).decode() for _ in range(2))
    sheet.load([(first,), (second, "1", "2", "3", "4", "5"), ()])
    assert sheet.rows_texts() == [("xy", "", "", ""), ("xy", "1", "2", "3"), ("", "", "", "")]
    assert sheet.text(0, 0) is sheet.text(1, 0)


def test_many_different_texts_load(kind: RecordKind) -> None:
    sheet = Sheet(kind)
    sheet.load([(str(n), str(n % 7), "2", "") for n in range(30_000)], range(2, 30_002))
    assert len(sheet) == 30_000
    assert sheet.row_texts(29_999) == ("29999", "4", "2", "")
    assert sheet.sources[29_999] == 30_001


def test_an_edit_is_one_undo_step_with_a_name(sheet: Sheet) -> None:
    seen: list[tuple[str, Direction, tuple[str, ...]]] = []
    sheet.on_change.append(lambda edit, way: seen.append((edit.name, way, tuple(edit.cells[0].new))))
    sheet.apply(sheet.set_cells("Type", [(0, 0, "Z"), (0, 0, "Y"), (1, 0, "B")]))
    assert sheet.text(0, 0) == "Y"
    assert (sheet.undo_name, sheet.redo_name) == ("Type", "")
    assert sheet.undo() is not None
    assert sheet.rows_texts() == ROWS
    assert (sheet.undo_name, sheet.redo_name) == ("", "Type")
    assert sheet.redo() is not None
    assert sheet.text(0, 0) == "Y"
    assert seen == [("Type", Direction.DO, ("Y",)), ("Type", Direction.UNDO, ("A",)), ("Type", Direction.REDO, ("Y",))]


def test_an_edit_without_effect_is_no_undo_step(sheet: Sheet) -> None:
    sheet.apply(sheet.set_cells("Type", [(0, 0, "A")]))
    assert not sheet.can_undo
    assert sheet.undo() is None
    assert sheet.redo() is None


def test_paste_goes_through_the_shown_order_and_adds_rows_at_the_end(sheet: Sheet) -> None:
    sheet.apply(pasted(sheet, "Paste", 1, 2, [["3", "9", "off"], ["2"], ["3", "8"]], order=[2, 0]))
    assert sheet.rows_texts() == [("A", "1", "3", "9"), ROWS[1], ROWS[2], ("", "", "2", ""), ("", "", "3", "8")][:5]
    sheet.undo()
    assert sheet.rows_texts() == ROWS
    sheet.apply(pasted(sheet, "Paste", 0, 1, [["p", "c"]], columns=[1, 3, 0]))
    assert sheet.row_texts(0) == ("c", "1", "2", "p")


def test_removed_rows_come_back_where_they_were(sheet: Sheet) -> None:
    sheet.apply(sheet.remove_rows("Delete rows", [2, 0, 99]))
    assert sheet.order == [1]
    sheet.apply(sheet.insert_rows("Insert", 1, [("N", "", "", "")]))
    assert sheet.order == [1, 3]
    sheet.undo()
    sheet.undo()
    assert sheet.order == [0, 1, 2]
    assert sheet.rows_texts() == ROWS
    sheet.redo()
    sheet.redo()
    assert sheet.rows_texts() == [ROWS[1], ("N", "", "", "")]


def test_a_hundred_thousand_rows_go_and_return_in_one_step(kind: RecordKind) -> None:
    sheet = Sheet(kind)
    sheet.load((str(n), "", "", "") for n in range(100_000))
    sheet.apply(sheet.remove_rows("Delete rows", range(0, 100_000, 2)))
    assert sheet.order == list(range(1, 100_000, 2))
    sheet.undo()
    assert sheet.order == list(range(100_000))


@pytest.fixture(params=[1, 1_000_000], ids=["in parts", "at once"])
def _read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long an edit is read in one call."""
    monkeypatch.setattr(edits, "_LONG", request.param)


@pytest.mark.usefixtures("_read")
def test_edits_survive_json_and_replay_on_a_fresh_sheet(sheet: Sheet, kind: RecordKind) -> None:
    record: list[str] = []
    sheet.on_change.append(lambda edit, _: record.append(edit.to_json()))
    sheet.apply(pasted(sheet, "Einfügen", 2, 0, [["Ä\t\n", "5"], ["neu"]]))
    sheet.apply(sheet.remove_rows("Delete", [1]))
    sheet.undo()
    sheet.apply(sheet.insert_rows("Insert", 1, [("q", "w")]))
    again = Sheet(kind)
    again.load(ROWS)
    for text in record:
        again.apply(Edit.from_json(text))
    assert again.rows_texts() == sheet.rows_texts()
    assert again.order == sheet.order


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"name":1,"cells":[],"inserted":[],"removed":[]}',
        '{"name":"x","cells":[[0,[0],["a"],[]]],"inserted":[],"removed":[]}',
        '{"name":"x","cells":[[0,[-1],["a"],["b"]]],"inserted":[],"removed":[]}',
        '{"name":"x","cells":[[0]],"inserted":[],"removed":[]}',
        '{"name":"x","cells":[],"inserted":[[1]],"removed":[]}',
        '{"name":"x","cells":[],"inserted":[[true,2]],"removed":[]}',
        '{"name":"x","cells":[[0,[0],["a"],["b"]],],"inserted":[],"removed":[]}',
        '{"name":"x","cells":[[0,[0],["a"],["b"]]],"inserted":[],"removed":[]',
        '{"name":"x","cells":[[0,[0],["a"],["b"]]],"inserted":[],"removed":[]}}',
        '{"name":"x","cells":[[0,[0],["a"],["b"]]],"inserted":[]',
        '{"name":"x","cells":[[0,[0],["a"',
        "[" * 100_000,
        '{"name":' + "[" * 100_000,
    ],
)
@pytest.mark.usefixtures("_read")
def test_damaged_records_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - ValueError is what is promised, json's own is one
        Edit.from_json(text)


@pytest.mark.parametrize(
    "edit",
    [
        Edit("x", removed=((0, 1),)),
        Edit("x", removed=((7, 7),)),
        Edit("x", inserted=((9, 3),)),
        Edit("x", inserted=((0, 2**40),)),
        Edit("x", (ColumnChange(9, [0], ["A"], ["B"]),)),
        Edit("x", (ColumnChange(0, [44], ["A"], ["B"]),)),
    ],
)
def test_an_edit_that_does_not_fit_changes_nothing(sheet: Sheet, edit: Edit) -> None:
    with pytest.raises(ValueError, match="the edit"):
        sheet.apply(edit)
    assert sheet.rows_texts() == ROWS
    assert not sheet.can_undo


def test_an_edit_says_what_it_touches(sheet: Sheet) -> None:
    edit = pasted(sheet, "Paste", 2, 0, [["x", "y"], ["z"]])
    assert edit.touched() == {2, 3}
    assert edit.changes() == {2: {0, 1}, 3: {0}}
    assert edit.cell_count == 3
    assert edit.inverse().gone() == {3}
    assert edit.inverse().touched() == {2}


@given(
    st.lists(st.lists(st.integers(0, 12), unique=True, max_size=8), max_size=4),
    st.lists(st.integers(0, 12), unique=True, max_size=4),
    st.lists(st.integers(0, 12), unique=True, max_size=4),
    st.integers(0, 16),
)
def test_an_edit_knows_whether_it_touches_many_rows(
    columns: list[list[int]], inserted: list[int], removed: list[int], limit: int
) -> None:
    cells = tuple(
        ColumnChange(at, rows, ["a"] * len(rows), ["b"] * len(rows)) for at, rows in enumerate(columns) if rows
    )
    places = [tuple(enumerate(sorted(rows))) for rows in (inserted, removed)]
    edit = Edit("x", cells, inserted=places[0], removed=places[1])
    # Of each of these all rows are counted, those that come and go included.
    most = max(len(inserted), len(removed), *map(len, columns), len(edit.touched()) + len(edit.gone()))
    assert edit.touches_more_than(limit) is (most > limit)


def test_history_names_the_steps(sheet: Sheet) -> None:
    for name in ("one", "two", "three"):
        sheet.apply(sheet.set_cells(name, [(0, 0, name)]))
    sheet.undo()
    assert sheet.history() == (["two", "one"], ["three"])


def test_many_rows_that_follow_each_other_are_changed_and_written_as_a_stretch() -> None:
    count = SLICE + 1
    sheet = Sheet(TOKENS)
    sheet.load([[f"A{row}"] for row in range(count)])
    assert consecutive([4, 5, 6]) == [4, 5, 6]
    assert consecutive([*range(count), 0]) == [*range(count), 0]
    rows = consecutive(list(range(count)))
    assert isinstance(rows, range)
    edit = Edit("Clear", (ColumnChange(0, rows, list(sheet.columns[0]), [""] * count),))
    again = Edit.from_json(edit.to_json())
    assert [list(part.rows) for part in again.cells] == [list(rows)]
    assert again.cells[0].old == edit.cells[0].old
    sheet.apply(edit)
    assert set(sheet.columns[0]) == {""}
    sheet.undo()
    assert sheet.columns[0][-1] == f"A{count - 1}"
    with pytest.raises(ValueError, match="not there"):
        sheet.apply(Edit("Far", (ColumnChange(0, range(5, count + 5), [""] * count, ["x"] * count),)))


_NO_ORDERS = [[0, 0, 1], [0, 3], [-1, 0], [3, 1, 2], [2, 1, 2], range(4), range(-1, 2)]


@pytest.mark.parametrize("order", [[], [0, 1, 2], [0, 2], [2, 0], range(3), range(1, 3), range(2, -1, -1)])
def test_a_sheet_is_filled_again_in_its_order(order: Sequence[int]) -> None:
    sheet = Sheet(TOKENS)
    sheet.restore([["a", "a", "a"] if number % 2 else ["a", "b", "c"] for number in range(len(TOKENS))], [0] * 3, order)
    assert sheet.order == list(order)
    assert sheet.is_ascending == (list(order) == sorted(order))
    assert sheet.text(2, 0) == "c"


@pytest.mark.parametrize("order", _NO_ORDERS)
def test_an_order_of_rows_that_are_not_there_is_refused(order: Sequence[int]) -> None:
    sheet = Sheet(TOKENS)
    with pytest.raises(ValueError, match="an order of rows"):
        sheet.restore([["a"] * 3 for _field in TOKENS], [0] * 3, order)
    assert not sheet.slots


def test_an_order_is_looked_at_to_its_end_however_long_it_is() -> None:
    many = 20_000
    for order in ([*range(many - 1), many - 2], [*range(1, many), 0, 5], [*range(8_192), *range(8_191, many - 1)]):
        with pytest.raises(ValueError, match="an order of rows"):
            Sheet(TOKENS).restore([["a"] * many for _field in TOKENS], [0] * many, order)
