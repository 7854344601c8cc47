import pytest

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet import find
from ochp_desktop.sheet.find import BadPattern, Match, Matches, Query
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View


@pytest.fixture
def view(kind: RecordKind) -> View:
    sheet = Sheet(kind)
    sheet.load([("NL-1", "10", "2", "10"), ("nl-2", "1", "3", "2"), ("x.y", "10", "2", ""), ("", "nl", "2", "")])
    return View(sheet)


def found(view: View, query: Query) -> list[tuple[int, int]]:
    return [(match.position, match.field) for match in Matches(view, query)]


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
        (Query(r"^nl-\d$", pattern=True), [(0, 0), (1, 0)]),
        (Query(r"N.", pattern=True, case=True), [(0, 0)]),
        (Query(r"\d", pattern=True, whole=True), [(0, 2), (1, 1), (1, 2), (2, 2), (3, 2)]),
        (Query(r"e-l", pattern=True), [(0, 2), (2, 2), (3, 2)]),
    ],
)
def test_finds(view: View, query: Query, cells: list[tuple[int, int]]) -> None:
    """Secret fields are never searched, shown names are."""
    assert found(view, query) == cells


@pytest.mark.parametrize("shown", [None, {3, 1}, {0}])
def test_finds_the_same_in_the_order_shown(view: View, shown: set[int] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether texts are read where they lie, or row by row because most are hidden."""
    monkeypatch.setattr(find, "SLICE", 2)
    for query in (Query("nl"), Query("2"), Query("nl", rows={1, 2, 3})):
        view.only(None)
        view.sort_by_columns(())
        cells = {(view.rows[position], field) for position, field in found(view, query)}
        view.sort_by(1, descending=True)
        view.only(shown)
        expected = [(at, field) for at, row in enumerate(view.rows) for field in range(4) if (row, field) in cells]
        assert found(view, query) == expected


def test_goes_round_in_reading_order(view: View) -> None:
    matches = Matches(view, Query("nl"))
    first, second, last = matches
    assert matches.after(0, 0) == second
    assert matches.after(3, 1) == first
    assert matches.before(0, 0) == last
    assert matches.before(2, 0) == second
    assert matches.number_at(1, 0) == 1
    assert matches.number_at(1, 1) == -1
    assert Matches(view, Query("nothing")).after(0, 0) is None
    assert Matches(view, Query("nothing")).before(0, 0) is None
    assert [match.field for match in Matches(view, Query("1"), columns=[1, 0])] == [1, 0, 1, 1]


@pytest.mark.parametrize("text", ["1", "nl", "0"])
def test_walking_passes_each_match_once_either_way(view: View, text: str) -> None:
    matches = Matches(view, Query(text))
    every = list(matches)
    forward, back = [every[0]], [every[0]]
    for _ in every[1:]:
        forward.append(matches.after(forward[-1].position, forward[-1].place) or every[0])
        back.append(matches.before(back[-1].position, back[-1].place) or every[0])
    assert forward == every
    assert back == [every[0], *reversed(every[1:])]
    assert [matches.number_at(match.position, match.place) for match in every] == list(range(len(every)))


def test_replaces_texts_but_not_shown_names(view: View) -> None:
    matches = Matches(view, Query("nl"))
    assert matches.replacements(r"\1") == {0: {0: r"\1-1", 1: r"\1-2"}, 1: {3: r"\1"}}
    assert matches.replacements("DE", only=Match(0, 0, 0)) == {0: {0: "DE-1"}}
    assert Matches(view, Query("laad")).replacements("x") == {}
    assert Matches(view, Query("NL", whole=True)).replacements("") == {1: {3: ""}}
    view.sort_by(1, descending=True)
    assert Matches(view, Query("x.y")).replacements("z") == {0: {2: "z"}}


def test_replaces_by_groups_of_a_pattern(view: View) -> None:
    matches = Matches(view, Query(r"(\w+)-(\d)", pattern=True))
    assert matches.replacements(r"\2-\1") == {0: {0: "1-NL", 1: "2-nl"}}
    with pytest.raises(BadPattern):
        matches.replacements(r"\7")
    with pytest.raises(BadPattern):
        Matches(view, Query("(", pattern=True))


def test_an_edit_of_a_few_cells_is_followed_as_if_looked_for_again(view: View) -> None:
    view.sort_by(1)
    query = Query("nl", rows={0, 1, 3})
    matches = Matches(view, query)
    sheet = view.sheet
    edit = sheet.set_cells("Type", [(0, 0, "x"), (1, 2, "nl"), (2, 0, "nl"), (3, 3, "nl"), (3, 0, "Nl")])
    sheet.apply(edit)
    assert matches.follow(edit)
    assert list(matches) == list(Matches(view, query))
    assert not matches.follow(sheet.remove_rows("Delete", [0]))
