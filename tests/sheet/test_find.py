import pytest

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.find import Matches, Query
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View


@pytest.fixture
def view(kind: RecordKind) -> View:
    sheet = Sheet(kind)
    sheet.load([("NL-1", "10", "2", "10"), ("nl-2", "1", "3", "2"), ("x.y", "10", "2", ""), ("", "nl", "2", "")])
    return View(sheet)


def found(view: View, query: Query) -> list[tuple[int, int]]:
    return [(position, field) for position, _, field in Matches(view, query).cells]


@pytest.mark.parametrize(
    ("query", "cells"),
    [
        (Query(""), []),
        (Query("nl"), [(0, 0), (1, 0), (3, 1)]),
        (Query("NL", case=True), [(0, 0)]),
        (Query("nl", whole=True), [(3, 1)]),
        (Query("."), [(2, 0)]),
        (Query("10"), [(0, 1), (2, 1)]),
        (Query("laad"), [(0, 2), (2, 2), (3, 2)]),
        (Query("1", rows={1, 2}), [(1, 1), (2, 1)]),
        (Query("1", fields=(0,)), [(0, 0)]),
    ],
)
def test_finds(view: View, query: Query, cells: list[tuple[int, int]]) -> None:
    """Secret fields are never searched, shown names are."""
    assert found(view, query) == cells


def test_goes_round_in_reading_order(view: View) -> None:
    matches = Matches(view, Query("nl"))
    assert matches.after(0, 0) == 1
    assert matches.after(3, 1) == 0
    assert matches.before(0, 0) == 2
    assert matches.before(2, 0) == 1
    assert matches.number_at(1, 0) == 1
    assert matches.number_at(1, 1) == -1
    assert Matches(view, Query("nothing")).after(0, 0) == -1
    assert [cell[2] for cell in Matches(view, Query("1"), columns=[1, 0]).cells] == [1, 0, 1, 1]


def test_replaces_texts_but_not_shown_names(view: View) -> None:
    matches = Matches(view, Query("nl"))
    assert matches.replacements(view, r"\1") == {0: {0: r"\1-1", 1: r"\1-2"}, 1: {3: r"\1"}}
    assert matches.replacements(view, "DE", only=matches.cells[:1]) == {0: {0: "DE-1"}}
    assert Matches(view, Query("laad")).replacements(view, "x") == {}
    assert Matches(view, Query("NL", whole=True)).replacements(view, "") == {1: {3: ""}}
    view.sort_by(1, descending=True)
    assert Matches(view, Query("x.y")).replacements(view, "z") == {0: {2: "z"}}
