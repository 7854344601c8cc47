"""Row ids stay in order however they come and go, and a list that somebody holds stays as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.row_list import RowList

SOME = st.sets(st.integers(0, 60), max_size=40)


@given(st.lists(st.tuples(st.booleans(), SOME), max_size=20))
def test_it_is_what_a_sorted_set_would_be(steps: list[tuple[bool, set[int]]]) -> None:
    rows, wanted = RowList(), set[int]()
    for comes, some in steps:
        held, before = rows.lent(), sorted(wanted)
        if comes:
            rows.add(some - wanted)
            wanted |= some
        else:
            rows.remove(some & wanted)
            wanted -= some
        assert held == before
        assert rows.lent() == sorted(wanted)
        assert len(rows) == len(wanted)
