"""Sorting in slices gives what sorting row by row gives, for every kind of text and any size of a slice."""

from __future__ import annotations

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet import arranging, sort_keys, sorting, view
from ochp_desktop.sheet.arranging import Conditions
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import at_once
from ochp_desktop.sheet.sort_keys import SortKey
from ochp_desktop.sheet.sorting import sorted_rows
from ochp_desktop.sheet.view import View

TYPES = [
    ValueType(),
    TOKENS.field("expiryDate").type,
    CDRS.field("startDatetime").type,
    CDRS.field("volume").type,
    TOKENS.field("roamingHubId").type,
]
TEXTS = st.one_of(
    st.sampled_from(["", "A1", "B_2", "a1", "Ä", " x", "x ", "31/12/2027", "2027-12-31", "12,3400", "9,0000", "10"]),
    st.text("AB[_ab 1é", max_size=4),
    st.integers(0, 99).map(lambda number: f"NL{number:03}"),
    st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds") + "Z"),
)


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sorting, arranging, sort_keys):
        monkeypatch.setattr(module, "SLICE", 5)
    for module in (sorting, sort_keys):
        monkeypatch.setattr(module, "_BUCKET", 3)
        monkeypatch.setattr(module, "LOOK_AT", 6)
    monkeypatch.setattr(sorting, "_AT_ONCE", 7)


def row_by_row(rows: list[int], texts: list[str], value_type: ValueType, *, descending: bool) -> list[int]:
    filled = [row for row in rows if texts[row]]
    filled.sort(key=lambda row: value_type.sort_key(texts[row]), reverse=descending)
    return filled + [row for row in rows if not texts[row]]


@pytest.mark.parametrize("value_type", TYPES, ids=lambda one: one.name)
@given(data=st.data())
def test_as_row_by_row(value_type: ValueType, data: st.DataObject) -> None:
    texts = data.draw(st.lists(TEXTS, max_size=60))
    rows = data.draw(st.permutations(range(len(texts))))
    descending = data.draw(st.booleans())
    found = at_once(sorted_rows(rows, [SortKey(texts, value_type, descending)]))
    assert list(found) == row_by_row(list(rows), texts, value_type, descending=descending)


@pytest.mark.parametrize(
    ("ids", "as_words"),
    [
        (st.integers(0, 99_999).map("NL-TNM-C{:08}".format), True),
        (st.binary(min_size=7, max_size=7).map(lambda uid: uid.hex().upper()), True),
        (st.text("AB_[ab", min_size=9, max_size=9), True),
        (st.text("12", min_size=1, max_size=17), True),
        (st.text("é1ßſ\udc80\U00010000\uffff", min_size=1, max_size=8), True),
        (st.text("1 ", min_size=1, max_size=3).filter(str.strip), True),
        (st.text("1 ", min_size=1, max_size=2), None),
        (st.text("1\0", min_size=1, max_size=3), None),
        (st.text("AB", min_size=48, max_size=48), True),
        (st.text("AB", min_size=49, max_size=49), False),
    ],
)
@given(data=st.data())
def test_texts_as_words(ids: st.SearchStrategy[str], as_words: bool | None, data: st.DataObject) -> None:
    """Numbers, where they can be made of the texts, stand in the order of the keys; else there are none."""
    some = st.lists(st.one_of(ids, ids, ids, st.just("")), min_size=8, max_size=40)
    texts = data.draw(some.filter(any))
    words = at_once(sort_keys._words(range(len(texts)), SortKey(texts, ValueType())))
    if as_words is not None:
        assert (words is not None) == as_words
    if words is not None:
        keys = [ValueType().sort_key(text) for text in texts]
        numbers = [tuple(int(word[at]) for word in words) for at in range(len(texts))]
        for key, number in zip(keys, numbers, strict=True):
            assert all((key < other) == (number < one) for other, one in zip(keys, numbers, strict=True))
    descending = data.draw(st.booleans())
    rows = data.draw(st.permutations(range(len(texts))))
    found = at_once(sorted_rows(rows, [SortKey(texts, ValueType(), descending)]))
    assert list(found) == row_by_row(list(rows), texts, ValueType(), descending=descending)


@given(data=st.data(), downwards=st.tuples(st.booleans(), st.booleans()))
def test_few_values_in_front_of_ids(data: st.DataObject, downwards: tuple[bool, bool]) -> None:
    hub = TOKENS.field("roamingHubId").type
    few = ["", "1", " 1", "2", "01", "x", "10"]
    lines = data.draw(st.lists(st.tuples(st.sampled_from(few), st.integers(0, 0xFFFFF)), min_size=6, max_size=40))
    hubs, ids = [hub for hub, _id in lines], [f"{number:08X}" for _hub, number in lines]
    if data.draw(st.booleans()):
        ids[data.draw(st.integers(0, len(ids) - 1))] = ""
    rows = data.draw(st.permutations(range(len(lines))))
    keys = [SortKey(hubs, hub, downwards[0]), SortKey(ids, ValueType(), downwards[1])]
    found = at_once(sorted_rows(rows, keys))
    by_id = row_by_row(list(rows), ids, ValueType(), descending=downwards[1])
    assert list(found) == row_by_row(by_id, hubs, hub, descending=downwards[0])


@given(data=st.data())
def test_by_several_fields(data: st.DataObject) -> None:
    few = st.sampled_from(["", "1", "2"])
    kinds = data.draw(st.lists(st.sampled_from([few, TEXTS]), min_size=2, max_size=4))
    lines = data.draw(st.lists(st.tuples(*kinds), max_size=40))
    columns: list[Any] = [list(column) for column in zip(*lines, strict=True)] or [[] for _ in kinds]
    keys = [SortKey(column, ValueType(), data.draw(st.booleans())) for column in columns]
    expected = rows = data.draw(st.permutations(range(len(lines))))
    for key in reversed(keys):
        expected = row_by_row(list(expected), list(key.texts), key.type, descending=key.descending)
    assert list(at_once(sorted_rows(rows, keys))) == list(expected)


@given(lines=st.lists(st.lists(TEXTS, max_size=4), max_size=40), wanted=st.sampled_from(["a", "nl0", "1", "é"]))
def test_the_quick_filter_looks_at_every_slice(lines: list[list[str]], wanted: str) -> None:
    sheet = Sheet(TOKENS)
    sheet.load(lines)
    shown = {
        row
        for row in sheet.order
        for field, text in zip(TOKENS, sheet.row_texts(row), strict=True)
        if not field.secret and (wanted in text.casefold() or wanted in field.shown(text).casefold())
    }
    found = at_once(arranging.arranged(sheet, Conditions(text=wanted)))
    assert list(found) == sorted(shown)


def test_a_view_is_as_it_was_until_all_slices_are_done() -> None:
    sheet = Sheet(TOKENS)
    sheet.load([[f"NL{number * 7 % 23:02}"] for number in range(23)])
    seen = View(sheet)
    conditions = Conditions(keys=((0, False),))
    slices = seen.arrange(conditions)
    pauses = 0
    while True:
        try:
            next(slices)
        except StopIteration as end:
            found = end.value
            break
        pauses += 1
        assert seen.rows == sheet.order
    assert pauses > 5
    seen.show(conditions, found)
    assert [sheet.text(row, 0) for row in seen.rows] == sorted(sheet.columns[0])
    assert seen.look_up([3, 4, 99]) == sorted(list(found).index(row) for row in (3, 4))
    assert [seen.position_of(row) for row in found] == list(range(23))


@given(st.permutations([0, 1, 255, 256, 257, 65_536, 65_537, 2**24]), st.sampled_from([0, 1, 2, 256, 65_536, 7]))
def test_a_row_is_found_among_the_bytes_of_many(rows: list[int], wanted: int) -> None:
    found = view._place_in(array("l", rows), wanted)  # the one place where bytes are looked at
    assert found == (rows.index(wanted) if wanted in rows else -1)
