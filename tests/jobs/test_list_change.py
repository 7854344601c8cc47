"""What an upload would change: every token of both lists is counted exactly once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.jobs.list_change import difference, list_change, token_key

Row = tuple[str, ...]


def token(number: int, activated: str = "1", expiry: str = "31/12/2031") -> Row:
    return ("NL-PLD-C00122045-K", "2", "1", f"{number:08X}", str(number), expiry, "", "0", activated, "")


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    numbers = draw(st.lists(st.integers(1, 40), unique=True))
    return [
        token(number, draw(st.sampled_from(["0", "1"])), draw(st.sampled_from(["31/12/2031", "01/01/2032"])))
        for number in numbers
    ]


@given(lists(), lists())
def test_each_token_is_counted_once(old: list[Row], new: list[Row]) -> None:
    found = difference(old, new)
    assert len(found.added) + len(found.changed) + len(found.deactivated) + found.same == len(new)
    assert len(found.removed) + len(found.changed) + len(found.deactivated) + found.same == len(old)
    assert {token_key(row) for row in found.removed} == {row[3] for row in old} - {row[3] for row in new}
    assert all(was[8] == "1" and now[8] == "0" for was, now in found.deactivated)


def test_a_token_id_written_differently_is_the_same_token() -> None:
    written = (*token(0x04AB12CD)[:3], "04:ab:12:cd", *token(0x04AB12CD)[4:])
    found = difference([token(0x04AB12CD)], [written])
    assert (len(found.changed), len(found.added), len(found.removed)) == (1, 0, 0)


def test_enumerations_are_compared_as_numbers() -> None:
    named = ("NL-PLD-C00122045-K", "E-laad", "MifareCL", "0000000A", "10", "31/12/2031", "", "0", "1", "")
    assert list_change([named], [token(10)], None, None).house.same == 1


@pytest.mark.parametrize(
    ("held", "removed", "needs_yes", "needs_number"),
    [
        (100, 0, False, False),
        (100, 5, True, False),
        (100, 6, True, True),
        (1000, 20, True, False),
        (1000, 21, True, True),
        (1, 1, True, True),
    ],
)
def test_many_removals_want_the_number(held: int, removed: int, needs_yes: bool, needs_number: bool) -> None:
    house: Sequence[Row] = [token(number) for number in range(held)]
    change = list_change(house[removed:], house, None, None)
    assert (change.needs_yes, change.needs_number) == (needs_yes, needs_number)


def test_a_card_of_the_last_upload_that_is_missing_counts_as_removed_once() -> None:
    last = [token(1), token(2), token(3)]
    change = list_change([token(1)], [token(1), token(2)], last, None)
    assert sorted(row[3] for row in change.removed) == ["00000002", "00000003"]
