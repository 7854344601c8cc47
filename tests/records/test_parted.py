"""A dictionary in parts is a dictionary whose keys come back in the order in which they were added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.parted import Parted
from ochp_desktop.records.release import let_go

KEYS = st.one_of(st.integers(), st.text(max_size=3), st.tuples(st.integers(0, 9), st.integers(0, 9)))


@given(st.lists(st.tuples(KEYS, st.integers())))
def test_like_a_dictionary(pairs: list[tuple[object, int]]) -> None:
    parted, plain = Parted(pairs), dict(pairs)
    assert list(parted.items()) == list(plain.items())
    assert len(parted) == len(plain)
    for key, value in pairs:
        assert parted.setdefault(key, value) == plain.setdefault(key, value)
        assert key in parted
    assert parted.setdefault("a new one", 5) == 5
    assert list(parted)[-1:] == ["a new one"]
    assert parted.get("none") is None
    with pytest.raises(KeyError):
        parted["none"]


def test_it_is_let_go_of_as_a_whole() -> None:
    parted = Parted((number, number) for number in range(100))
    let_go(parted)
    assert sum(len(part) for part in parted.parts()) == 200  # type: ignore[misc, arg-type] # few are left alone
