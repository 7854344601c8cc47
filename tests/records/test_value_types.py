"""Value types: what they accept, what they complain about and what they repair; and one contract for all of them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rulebook import rules_for
from ochp_desktop.records.rules import FormRule
from ochp_desktop.records.value_enumeration import ACTIVATED, INFRASTRUCTURE_PROVIDER, MANDATORY, TOKEN_TYPE
from ochp_desktop.records.value_ids import ContractIdType, Identifier, Pin, PrintedNumber, TokenIdType
from ochp_desktop.records.value_place import Country, ObisCode
from ochp_desktop.records.value_time import Duration, ExpiryDate, OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import ValueType, Verbatim

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FINE = None
TYPES: list[ValueType] = [
    ValueType(), Verbatim(), Identifier(), ContractIdType(), TokenIdType(), PrintedNumber(), Pin(), ExpiryDate(),
    OffsetDateTime(), Duration(), Volume(), Country(), ObisCode(), INFRASTRUCTURE_PROVIDER, TOKEN_TYPE, MANDATORY,
    ACTIVATED,
]  # fmt: skip

# A text, its fault or FINE, the repair, whether that is certain.
Case = tuple[str, str | None, str | None, bool]

DATES: list[Case] = [
    ("31/12/2027", FINE, None, False),
    ("29/02/2028", FINE, None, False),
    (" 31/12/2027\u00a0", FINE, None, False),
    ("2027-12-30", "year-first", "30/12/2027", True),
    ("2027-12-30 00:00:00", "year-first", "30/12/2027", True),
    ("2027/2/3", "year-first", "03/02/2027", True),
    ("20271230", "year-first", "30/12/2027", True),
    ("03/14/2027", "month-first", "14/03/2027", True),
    ("3/14/2027 12:00:00 AM", "month-first", "14/03/2027", True),
    ("31122027", "other-form", "31/12/2027", True),
    ("14/3/2027", "other-form", "14/03/2027", True),
    ("5/5/2027", "other-form", "05/05/2027", True),
    ("1.2.2027", "other-form", "01/02/2027", True),
    ("31. Dezember 2027", "other-form", "31/12/2027", True),
    ("3 août 2027", "other-form", "03/08/2027", True),
    ("1 mrt 2027", "other-form", "01/03/2027", True),
    ("31/12/27", "other-form", "31/12/2027", False),
    ("1/2/2027", "ambiguous", None, False),
    ("46386", "serial", "30/12/2026", False),
    ("31/02/2027", "impossible", "28/02/2027", False),
    ("29/02/2027", "impossible", "28/02/2027", False),
    ("0000-00-00", "impossible", None, False),
    ("tomorrow", "form", None, False),
    ("\uff13\uff11/12/2027", "form", None, False),
    ("\u0663\u0661/12/2027", "form", None, False),
]
TIMES: list[Case] = [
    ("2011-06-01T11:45:30+02:00", FINE, None, False),
    ("2011-06-01T11:45:30Z", FINE, None, False),
    ("2011-06-01T11:45:30.250-03:30", FINE, None, False),
    ("2014-01-22 10:16:38", "no-offset", "2014-01-22T10:16:38+01:00", True),
    ("2014-07-22T10:16:38", "no-offset", "2014-07-22T10:16:38+02:00", True),
    ("22/01/2014 10:16:38", "other-form", "2014-01-22T10:16:38+01:00", True),
    ("22.01.2014 10:16", "other-form", "2014-01-22T10:16:00+01:00", True),
    ("1/22/2014 10:16:38 PM", "other-form", "2014-01-22T22:16:38+01:00", True),
    ("1/22/2014 12:05 AM", "other-form", "2014-01-22T00:05:00+01:00", True),
    ("2014-01-22 12:05 p.m.", "no-offset", "2014-01-22T12:05:00+01:00", True),
    ("22.01.2014 15:05 PM", "other-form", "2014-01-22T15:05:00+01:00", True),
    ("22.01.2014 15:05 AM", "impossible", None, False),
    ("22.01.2014 0:05 PM", "impossible", None, False),
    ("25.12.2025 15.05 Uhr", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25.12.2025 um 15:05:30 Uhr", "other-form", "2025-12-25T15:05:30+01:00", True),
    ("25. Dezember 2025, 15.05 Uhr", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25-12-2025 15.05 uur", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25-dec-2025 om 15:05 u.", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25/12/2025 15h05", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25/12/2025 à 15 h 05", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("25 décembre 2025 à 15h05", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("01/02/2014 10h16", "ambiguous", None, False),
    ("25.12.2025 25.05 Uhr", "impossible", None, False),
    ("Do, 25.12.2025 15:05", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("donderdag 25 december 2025 om 15.05 uur", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("jeu. 25/12/2025 15:05", "other-form", "2025-12-25T15:05:00+01:00", True),
    ("May 25.12.2025 15:05", "form", None, False),
    ("25.12.2025 15 Uhr 05", "form", None, False),
    ("2011-06-01T11:45:30+0200", "other-form", "2011-06-01T11:45:30+02:00", True),
    ("2011-06-01T11:45+02:00", "other-form", "2011-06-01T11:45:00+02:00", True),
    ("20110601T114530+02", "other-form", "2011-06-01T11:45:30+02:00", True),
    ("41661.42822", "other-form", "2014-01-22T10:16:38+01:00", False),
    ("01/02/2014 10:16", "ambiguous", None, False),
    ("2012-10-28 02:30:00", "doubled-hour", None, False),
    ("2012-03-25 02:30:00", "missing-hour", None, False),
    ("2011-06-31T11:45:30+02:00", "impossible", None, False),
    ("2011-06-01T24:45:30+02:00", "impossible", None, False),
    ("2011-06-01T11:45:30+19:00", "impossible", None, False),
    ("2014-01-22", "form", None, False),
    ("yesterday", "form", None, False),
]
DURATIONS: list[Case] = [
    ("0:00:28", FINE, None, False),
    ("30:00:00", FINE, None, False),
    ("7074", "seconds", "1:57:54", False),
    ("0.5", "form", None, False),
    ("0.08188", "excel", "1:57:54", False),
    ("1h 57m 54s", "other-form", "1:57:54", True),
    ("PT1H57M54S", "other-form", "1:57:54", True),
    ("45 min", "other-form", "0:45:00", True),
    ("12:30", "form", None, False),
    ("0:61:00", "form", None, False),
    ("PT", "form", None, False),
]
VOLUMES: list[Case] = [
    ("0,0004", FINE, None, False),
    ("9999,9999", FINE, None, False),
    ("4.6400", "point", "4,6400", True),
    ("1.5", "point", "1,5000", True),
    ("0.234", "point", "0,2340", True),
    ("1.234,5", "point", "1234,5000", True),
    ("1,234.5", "point", "1234,5000", True),
    ("1.234", "ambiguous", None, False),
    ("1.234 kWh", "ambiguous", None, False),
    ("1,5", "decimals", "1,5000", True),
    ("5", "decimals", "5,0000", True),
    ("1 234,5", "decimals", "1234,5000", True),
    ("4,64000", "decimals", "4,6400", True),
    ("1,234", "decimals", "1,2340", False),
    ("4,64005", "rounded", "4,6401", False),
    ("4.6E-04", "rounded", "0,0005", False),
    ("1.5 kWh", "unit", "1,5000", True),
    ("1500Wh", "unit", "1,5000", True),
    ("12345", "too-large", "12,3450", False),
    ("10000,0000", "too-large", "10,0000", False),
    ("-1,0000", "negative", None, False),
    ("abc", "form", None, False),
    ("9" * 5000, "form", None, False),
    ("\uff19,0000", "form", None, False),
]
PINS: list[Case] = [
    ("0427", FINE, None, False),
    ("000000", FINE, None, False),
    ("1234567", "length", None, False),
    ("12a4", "digits", None, False),
    ("427.0", "number-tail", "427", False),
    ("\uff11\uff12", "digits", None, False),
]
HUBS: list[Case] = [
    ("2", FINE, None, False),
    ("E-LAAD", FINE, None, False),
    ("elaad", FINE, None, False),
    ("2 E-laad", FINE, None, False),
    ("Blue Corner", FINE, None, False),
    ("Ladennetz", FINE, None, False),
    ("2.0", FINE, None, False),
    ("2 Ladenetz", "unknown-name", None, False),
    ("Essent", "unknown-name", None, False),
    ("5", "unknown-number", None, False),
    ("\u0662", "unknown-name", None, False),
]
COUNTRIES: list[Case] = [
    ("NLD", FINE, None, False),
    ("nld", "other-form", "NLD", True),
    ("NL", "other-form", "NLD", True),
    ("Nederland", "other-form", "NLD", True),
    ("Deutschland", "other-form", "DEU", True),
    ("Pays-Bas", "other-form", "NLD", True),
    ("\u00d6sterreich", "other-form", "AUT", True),
    ("Belgium", "other-form", "BEL", True),
    ("ZZZ", "form", None, False),
    ("Utopia", "form", None, False),
]
OBIS: list[Case] = [
    ("1-1:1.8.0", FINE, None, False),
    ("1.8.0", FINE, None, False),
    ("1.8", FINE, None, False),
    ("1-0:1.8.0*255", FINE, None, False),
    ("1-1:1.8.256", "form", None, False),
    ("1:1.8.0", "form", None, False),
]
TOKENS: list[Case] = [
    ("12E45678", FINE, None, False),
    ("04:ab:12", FINE, None, False),
    ("1.2E+46", "excel", None, False),
    ("1,2E46", "excel", None, False),
    ("1E+46", "excel", None, False),
    ("inf", "excel", None, False),
    ("12345678.0", "number-tail", "12345678", False),
]


def cases() -> list[tuple[ValueType, Case]]:
    tables: list[tuple[ValueType, list[Case]]] = [
        (ExpiryDate(), DATES), (OffsetDateTime(), TIMES), (Duration(), DURATIONS), (Volume(), VOLUMES), (Pin(), PINS),
        (INFRASTRUCTURE_PROVIDER, HUBS), (Country(), COUNTRIES), (ObisCode(), OBIS), (TokenIdType(), TOKENS),
    ]  # fmt: skip
    return [(type_, case) for type_, table in tables for case in table]


@pytest.mark.parametrize(
    ("type_", "case"), cases(), ids=lambda part: None if isinstance(part, ValueType) else part[0][:30]
)
def test_what_a_type_complains_about(type_: ValueType, case: Case) -> None:
    text, fault, repair, certain = case
    complaint = type_.check(text, AMSTERDAM)
    if complaint is None:
        assert fault is FINE
        assert type_.parse(text) is not None
    else:
        assert (complaint.fault, complaint.repair, complaint.certain) == (fault, repair, certain)
        assert complaint.text.format_map(complaint.args)


def test_a_time_without_offset_is_not_repaired_without_a_time_zone() -> None:
    complaint = OffsetDateTime().check("2014-01-22 10:16:38")
    assert complaint is not None
    assert complaint.fault == "no-offset"
    assert complaint.repair is None


def test_enumerations_speak_numbers_on_the_wire_and_names_on_the_screen() -> None:
    assert INFRASTRUCTURE_PROVIDER.wire("e-laad") == "2"
    assert INFRASTRUCTURE_PROVIDER.wire("7") == "7"
    assert INFRASTRUCTURE_PROVIDER.wire("who") == "who"
    assert INFRASTRUCTURE_PROVIDER.display("2") == "2 E-laad"
    assert INFRASTRUCTURE_PROVIDER.display("7") == "7"
    assert MANDATORY.display("1") == "1 yes"
    assert MANDATORY.wire("0 no") == "0"
    assert ACTIVATED.choices() == [("0", "0 no"), ("1", "1 yes")]
    assert [TOKEN_TYPE.parse(name) for name in ("mifarecl", "MIFAREDES", "msisdn", "other")] == [1, 2, 3, 0]


def test_a_pin_is_never_named() -> None:
    for text in ("1234567", "12a4", "427.0"):
        complaint = Pin().check(text)
        assert complaint is not None
        assert text not in complaint.text.format_map(complaint.args)


def test_the_hash_is_carried_unchanged_and_other_texts_lose_outer_blanks() -> None:
    assert Verbatim().wire(" a ") == " a "
    assert ValueType().wire(" a\u200b ") == "a"


def test_instants_are_compared_not_texts() -> None:
    """The two nights when the clocks change."""
    times = OffsetDateTime()
    for start, end in (
        ("2012-03-25T01:50:00+01:00", "2012-03-25T03:10:00+02:00"),
        ("2012-10-28T02:50:00+02:00", "2012-10-28T02:10:00+01:00"),
    ):
        assert (times.parse(end) - times.parse(start)).total_seconds() == 20 * 60
        assert times.sort_key(start) < times.sort_key(end)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_fault_of_every_field_has_exactly_one_rule(kind: RecordKind) -> None:
    forms = [rule for rule in rules_for(kind) if isinstance(rule, FormRule)]
    for field in kind:
        for fault, text in field.type.faults.items():
            mine = [rule for rule in forms if field.name in rule.fields and rule.fault == fault]
            assert len(mine) == 1, (field.name, fault)
            assert mine[0].text == text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_examples_are_valid_and_headers_unmistakable(kind: RecordKind) -> None:
    seen: dict[str, str] = {}
    for field in kind:
        assert not field.mandatory or field.example
        assert not field.example or field.type.check(field.example) is None
        for header in {text.casefold() for text in (field.name, field.label, *field.synonyms)}:
            assert seen.setdefault(header, field.name) == field.name, header


def texts() -> st.SearchStrategy[str]:
    known = [case[0] for _type, case in cases()]
    return st.one_of(
        st.text(max_size=30),
        st.sampled_from(known),
        st.text(alphabet="0123456789.,-/: TZ+EhmskW'", max_size=25),
        st.sampled_from(known).flatmap(
            lambda text: st.integers(0, len(text)).map(lambda at: text[:at] + text[at + 1 :])
        ),
        st.from_regex(
            r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?([+-][0-9:]{2,5})?",
            fullmatch=True,
        ),
        st.from_regex(r"[0-9]{0,7}[.,' ]?[0-9]{0,6}[.,]?[0-9]{0,6}([eE][+-]?[0-9]{1,3})?( ?k?Wh)?", fullmatch=True),
    )


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type(type_).__name__)
@given(text=texts())
@example(text="++")
@example(text="0x+0x4")
def test_the_contract_of_all_types(type_: ValueType, text: str) -> None:
    """Nothing raises; parse, format, parse is stable; a repair is valid; keys compare; `clean` tells the truth."""
    value = type_.parse(text)
    complaint = type_.check(text, AMSTERDAM)
    assert isinstance(type_.display(text), str)
    assert isinstance(type_.wire(text), str)
    assert isinstance(type_.sort_key(text) < type_.sort_key("17"), bool)
    if type_.clean is not None and type_.clean.fullmatch(text):
        assert complaint is None
    if complaint is not None:
        assert complaint.text == type_.faults[complaint.fault]
        assert complaint.text.format_map(complaint.args)
        if complaint.repair is not None:
            assert type_.check(complaint.repair, AMSTERDAM) is None
            assert type_.wire(complaint.repair) == complaint.repair
        else:
            assert not complaint.certain
    elif value is not None:
        assert type_.parse(type_.format(value)) == value
    if value is not None and complaint is None:
        assert type_.wire(type_.wire(text)) == type_.wire(text)


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type(type_).__name__)
@pytest.mark.parametrize(
    "text",
    [
        "9" * 200_000,
        "1" + ".1" * 100_000,
        "a" * 200_000 + "!",
        " " * 200_000 + "x",
        "1" + " " * 200_000 + "kWh",
        "\ud800",
        "-" * 200_000,
    ],
    ids=["digits", "points", "letters", "blanks", "unit", "surrogate", "hyphens"],
)
def test_huge_and_broken_texts_take_no_time(type_: ValueType, text: str) -> None:
    type_.check(text, AMSTERDAM)
    type_.parse(text)
    type_.display(text)
    type_.wire(text)
    type_.sort_key(text)
