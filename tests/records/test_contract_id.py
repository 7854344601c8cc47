"""Contract ids: forms, both check digits, conversions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records import contract_id
from ochp_desktop.records.contract_id import Form


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("NN123ABCDEFGHI", "T"),
        ("FRXYZ123456789", "2"),
        ("ITA1B2C3E4F5G6", "4"),
        ("DE83DUIEN83QGZ", "D"),
        ("DE8AA001234567", "0"),
        ("NLTNM000122045", "U"),
        ("NLTNMC00122045", "K"),
        ("DE8AACA2B3C4D5", "L"),
        ("INTNM000071", "9"),
        ("INTNM000110", "X"),
        ("INTNM000124", "0"),
        ("NLTNM012204", "5"),
        ("NLANW133094", "6"),
        ("NLESS123456", "1"),
    ],
)
def test_published_check_digits(body: str, digit: str) -> None:
    assert contract_id.check_digit(body) == digit
    assert contract_id.wrong_digit(body + digit) is None
    assert contract_id.wrong_digit(body + ("7" if digit != "7" else "8")) == digit
    assert contract_id.wrong_digit(body) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("NL-TNM-012204-5", Form.DIN),
        ("nl*tnm*012204", Form.DIN),
        ("NL-TNM-000122045-U", Form.ISO),
        ("NL TNM C00122045 K", Form.EMI3),
        ("NLTNMC00122045", Form.EMI3),
        ("12-TNM-012204-5", Form.EXTERNAL),
        ("customer 17", Form.EXTERNAL),
        ("NL-TNM-\uff10\uff112204-5", Form.EXTERNAL),
        ("", Form.EXTERNAL),
    ],
)
def test_forms(text: str, form: Form) -> None:
    assert contract_id.read(text).form is form


def test_conversions_compute_the_new_digit() -> None:
    din = contract_id.read("NL-TNM-012204-5")
    assert str(contract_id.to_iso(din)) == "NL-TNM-000122045-U"
    assert str(contract_id.to_emi3(din)) == "NL-TNM-C00122045-K"
    without = contract_id.read("NLTNM012204")
    assert contract_id.to_iso(without) == contract_id.to_iso(din)
    external = contract_id.read("customer 17")
    assert contract_id.to_iso(external) == external


def test_letters_of_other_scripts_do_not_become_ours() -> None:
    """str.upper() would make SS of a sharp s and I of a dotless i."""
    assert contract_id.normalised("de-\u00df\u0131a") == "DE\u00df\u0131A"


@given(st.text(max_size=40))
def test_reading_never_raises(text: str) -> None:
    contract = contract_id.read(text)
    assert contract_id.normalised(str(contract)) == contract_id.normalised(text)
    assert contract_id.wrong_digit(text) in (None, contract.expected)


@given(st.from_regex(r"[A-Z]{2}-[0-9A-Z]{3}-[0-9A-Z]{9}-[0-9A-Z]", fullmatch=True))
def test_the_quick_look_agrees_with_the_careful_one(text: str) -> None:
    right = contract_id.completed(contract_id.read(text))
    assert contract_id.is_usual(str(right))
    assert contract_id.is_usual(text) == (contract_id.wrong_digit(text) is None)
