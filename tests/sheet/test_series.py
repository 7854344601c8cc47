"""A series goes on as people know it from Excel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.value_time import ExpiryDate, OffsetDateTime
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.series import continued

TEXT, DAY, MOMENT = ValueType(), ExpiryDate(), OffsetDateTime()


@pytest.mark.parametrize(
    ("texts", "value_type", "expected"),
    [
        (["1"], TEXT, ["2", "3", "4"]),
        (["2", "4"], TEXT, ["6", "8", "10"]),
        (["10", "5"], TEXT, ["0", "-5", "-10"]),
        (["0098"], TEXT, ["0099", "0100", "0101"]),
        (["0,5000", "1,0000"], TEXT, ["1,5000", "2,0000", "2,5000"]),
        (["01200340"], TEXT, ["01200341", "01200342", "01200343"]),
        (["NL-C08"], TEXT, ["NL-C09", "NL-C10", "NL-C11"]),
        (["Q1-a", "Q3-a"], TEXT, ["Q5-a", "Q7-a", "Q9-a"]),
        (["yes"], TEXT, ["yes", "yes", "yes"]),
        (["a", "b"], TEXT, ["a", "b", "a"]),
        (["1", "2", "4"], TEXT, ["1", "2", "4"]),
        ([""], TEXT, ["", "", ""]),
        (["30/12/2027"], DAY, ["31/12/2027", "01/01/2028", "02/01/2028"]),
        (["31/01/2027", "28/02/2027"], DAY, ["31/03/2027", "30/04/2027", "31/05/2027"]),
        (["15/11/2027", "15/12/2027"], DAY, ["15/01/2028", "15/02/2028", "15/03/2028"]),
        (["31/12/9999"], DAY, ["31/12/10000", "31/12/10001", "31/12/10002"]),
        (
            ["2026-10-01T10:00:00+02:00", "2026-10-01T10:30:00+02:00"],
            MOMENT,
            ["2026-10-01T11:00:00+02:00", "2026-10-01T11:30:00+02:00", "2026-10-01T12:00:00+02:00"],
        ),
    ],
)
def test_goes_on(texts: list[str], value_type: ValueType, expected: list[str]) -> None:
    assert continued(texts, 3, value_type) == expected


@given(texts=st.lists(st.text(max_size=50), min_size=1, max_size=5), count=st.integers(0, 20))
def test_any_text_gives_as_many_as_wanted(texts: list[str], count: int) -> None:
    for value_type in (TEXT, DAY, MOMENT):
        assert len(continued(texts, count, value_type)) == count


def test_nothing_to_go_on_from() -> None:
    assert continued([], 3, TEXT) == []
