"""What the small tools know: readings of a card's number, contract ids completed, cards that expire."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records import contract_id
from ochp_desktop.records.card_doctor import is_cut_off, is_ruined, readings
from ochp_desktop.records.contract_help import complete, complete_all, complete_texts
from ochp_desktop.records.expiry import expiring, most_urgent_first, within, written


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1C78F2BF", ["1C78F2BF", "BFF2781C"]),
        ("1c:78:f2:bf", ["1C78F2BF", "BFF2781C"]),
        ("3220338716", ["BFF2781C", "1C78F2BF", "3220338716"]),
        ("DD17380AF8", ["DD17380A", "0A3817DD"]),
        ("4AB12CD", ["04AB12CD"]),
        ("36094341566354304", ["803B9CC776D380", "80D376C79C3B80"]),
        ("+31 6 12345678", ["31612345678"]),
        ("KEYFOB17", ["KEYFOB17"]),
        ("1.2E+46", []),
        ("", []),
        ("\x00\u0664", []),
        ("9" * 32767, []),
    ],
)
def test_readings_of_a_number(text: str, ids: list[str]) -> None:
    assert [reading.token_id for reading in readings(text)] == ids


def test_decimal_numbers_of_readings() -> None:
    plain, turned = readings("1C78F2BF")
    assert (plain.bytes, plain.decimal, turned.decimal) == (4, "477688511", "3220338716")


def test_ruined_and_cut_off_ids() -> None:
    assert is_ruined("1.2E+46")
    assert is_ruined("1234567.0")
    assert not is_ruined("12E45678")
    assert not is_ruined("9F3A07C4")
    assert is_cut_off("8804AB12")
    assert not is_cut_off("8804AB12CD5566")


@given(st.text(max_size=120))
def test_no_text_makes_the_doctor_or_the_completer_raise(text: str) -> None:
    for reading in readings(text):
        assert readings(reading.token_id)
    is_ruined(text)
    list(complete_all(text))


@pytest.mark.parametrize(
    ("text", "whole", "iso", "emi3", "din", "is_right"),
    [
        ("NL-TNM-012204", "NL-TNM-012204-5", "NL-TNM-000122045-U", "NL-TNM-C00122045-K", "NL-TNM-012204-5", None),
        ("nl*tnm*012204*5", "NL-TNM-012204-5", "NL-TNM-000122045-U", "NL-TNM-C00122045-K", "NL-TNM-012204-5", True),
        ("NL-TNM-C00122045-X", "NL-TNM-C00122045-K", "", "NL-TNM-C00122045-K", "NL-TNM-012204-5", False),
        ("NL-TNM-000122045", "NL-TNM-000122045-U", "NL-TNM-000122045-U", "", "NL-TNM-012204-5", None),
        ("DE8AA001234567", "DE-8AA-001234567-0", "DE-8AA-001234567-0", "", "", None),
        ("NL-ESS-123456-7", "NL-ESS-123456-1", "NL-ESS-001234561-0", "NL-ESS-C01234561-H", "NL-ESS-123456-1", False),
        ("customer 17", "", "", "", "", None),
    ],
)
def test_a_contract_id_is_completed(
    text: str, whole: str, iso: str, emi3: str, din: str, is_right: bool | None
) -> None:
    one = complete(text)
    assert (one.whole, one.iso, one.emi3, one.din, one.is_right) == (whole, iso, emi3, din, is_right)


@given(st.from_regex(r"[A-Z]{2}[0-9A-Z]{3}(?:[0-9A-Z]{6}|[0-9A-Z]{9})", fullmatch=True))
def test_a_completed_id_is_right_and_stays(text: str) -> None:
    one = complete(text)
    assert contract_id.wrong_digit(one.whole) is None
    assert complete(one.whole).whole == one.whole
    assert complete(one.whole).is_right


def test_pasted_lines_come_back_completed() -> None:
    assert complete_texts(complete_all("NL-TNM-012204\n\n  x 1 \r\nNL-TNM-C00122045")) == [
        "NL-TNM-012204-5",
        "x 1",
        "NL-TNM-C00122045-K",
    ]


def test_the_radar_finds_what_has_expired_and_what_soon_will() -> None:
    today = date(2026, 11, 1)
    cards = [
        (0, "31/10/2026", "1"),
        (1, "31/10/2026", "0"),
        (2, "01/11/2026", "1"),
        (3, "01/12/2026", "yes"),
        (4, "02/12/2026", "1"),
        (5, "30/01/2027", "1"),
        (6, "31/01/2027", "1"),
        (7, "someday", "1"),
    ]
    found = most_urgent_first(one for one in expiring(cards, today) if one is not None)
    assert [(one.row, one.left) for one in found] == [(0, -1), (2, 0), (3, 30), (4, 31), (5, 90)]
    assert [one.row for one in within(found, None)] == [0]
    assert [len(within(found, span)) for span in (30, 60, 90)] == [2, 3, 4]
    assert written(date(2027, 3, 9)) == "09/03/2027"
