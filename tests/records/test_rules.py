"""Rules for tokens and CDRs: what each finds, where it keeps silent, what it repairs."""

from __future__ import annotations

from datetime import UTC, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.records.kinds import CDRS, KINDS, TOKENS
from ochp_desktop.records.problems import Problem
from ochp_desktop.records.rulebook import all_rules, rule, rules_for
from ochp_desktop.records.rules import Facts, GroupRule, Peak, RowRule

NOW = datetime(2026, 10, 15, 12, 0, tzinfo=UTC)
FACTS = Facts(now=NOW, timezone=ZoneInfo("Europe/Amsterdam"))
TOKEN = {
    "evcoId": "NL-TNM-C00122045-K",
    "roamingHubId": "2",
    "tokenType": "1",
    "tokenId": "9F3A07C4",
    "printedNumber": "01200345",
    "expiryDate": "31/12/2027",
    "pin": "",
    "pinMandatory": "0",
    "tokenActivated": "1",
    "hash": "",
}
CDR = {field.name: field.example for field in CDRS}


def check(kind: RecordKind, *rows: dict[str, str], facts: Facts = FACTS) -> Checker:
    columns = [[row[name] for row in rows] for name in kind.names]
    checker = Checker(kind, columns, facts)
    assert list(checker.check_all(range(len(rows))))[-1:] == ([len(rows)] if rows else [])
    return checker


def found(kind: RecordKind, facts: Facts = FACTS, **changes: str) -> list[Problem]:
    """The problems of a good record with these changes."""
    good = TOKEN if kind is TOKENS else CDR
    return list(check(kind, good | changes, facts=facts).problems(0))


def test_good_records_have_no_problems() -> None:
    assert not found(TOKENS)
    assert not found(CDRS)


# The changed cells, then code, field, repair and whether that is certain, of all problems expected.
Row = tuple[dict[str, str], list[tuple[str, str, str | None, bool]]]

TOKEN_CASES: list[Row] = [
    ({"evcoId": ""}, [("value.missing", "evcoId", None, False)]),
    ({"evcoId": "  "}, [("value.missing", "evcoId", None, False)]),
    ({"evcoId": "NL-TNM-C00122045-X"}, [("contract-id.check-digit", "evcoId", None, False)]),
    ({"evcoId": "NL-TNM-012204-5"}, []),
    ({"evcoId": "nl*tnm*c00122045*k"}, []),
    ({"evcoId": "customer 17"}, [("contract-id.external", "evcoId", None, False)]),
    ({"evcoId": "1.2E+46"}, [("id.excel", "evcoId", None, False)]),
    ({"evcoId": "NL-TNM-C00122045-K\u00a0"}, [("text.blanks", "evcoId", "NL-TNM-C00122045-K", True)]),
    ({"evcoId": "NL-TNM-C00122045-K\x07"}, [("text.control", "evcoId", "NL-TNM-C00122045-K", False)]),
    ({"evcoId": "#N/A"}, [("text.spreadsheet-error", "evcoId", None, False)]),
    ({"roamingHubId": "7"}, [("hub.unknown-number", "roamingHubId", None, False)]),
    ({"roamingHubId": "e-laad"}, []),
    ({"roamingHubId": "Essent"}, [("hub.unknown-name", "roamingHubId", None, False)]),
    ({"tokenType": "7"}, [("token-type.unknown-number", "tokenType", None, False)]),
    ({"pinMandatory": "2"}, [("pin-mandatory.unknown-number", "pinMandatory", None, False)]),
    ({"tokenActivated": "perhaps"}, [("activated.unknown-name", "tokenActivated", None, False)]),
    ({"tokenId": "1.2E+46"}, [("token-id.excel", "tokenId", None, False)]),
    ({"tokenId": "12E45678"}, []),
    ({"tokenId": "DD17380AF8"}, [("token-id.check-byte", "tokenId", "DD17380A", True)]),
    ({"tokenId": "04:AB:12:cd"}, [("token-id.separators", "tokenId", "04AB12CD", True)]),
    ({"tokenId": "0x04AB12CD"}, [("token-id.separators", "tokenId", "04AB12CD", True)]),
    ({"tokenId": "04ab12cd"}, [("token-id.lower-case", "tokenId", "04AB12CD", True)]),
    ({"tokenId": "04AB12CG"}, [("token-id.not-hex", "tokenId", None, False)]),
    ({"tokenId": "04AB12CG", "tokenType": "0"}, []),
    ({"tokenId": "3220338716"}, [("token-id.decimal", "tokenId", None, False)]),
    ({"tokenId": "4AB12CD"}, [("token-id.length", "tokenId", "04AB12CD", False)]),
    ({"tokenId": "04AB12CD5566"}, [("token-id.length", "tokenId", None, False)]),
    ({"tokenId": "8804AB12"}, [("token-id.cut-off", "tokenId", None, False)]),
    ({"tokenId": "04AB12CD556677"}, [("token-id.other-type", "tokenId", None, False)]),
    ({"tokenId": "04AB12CD556677", "tokenType": "2"}, []),
    ({"tokenId": "04AB12CD", "tokenType": "MifareDES"}, [("token-id.other-type", "tokenId", None, False)]),
    ({"tokenId": "31612345678", "tokenType": "3"}, []),
    ({"tokenId": "+31 6 12345678", "tokenType": "3"}, [("token-id.phone-marks", "tokenId", "31612345678", True)]),
    ({"tokenId": "0031612345678", "tokenType": "3"}, [("token-id.phone-marks", "tokenId", "31612345678", True)]),
    ({"tokenId": "0612345678", "tokenType": "3"}, [("token-id.phone", "tokenId", None, False)]),
    ({"expiryDate": "2027-12-30"}, [("expiry-date.year-first", "expiryDate", "30/12/2027", True)]),
    ({"expiryDate": "30/12/2025"}, [("expiry-date.expired", "expiryDate", None, False)]),
    ({"expiryDate": "30/12/2025", "tokenActivated": "0"}, []),
    ({"expiryDate": "15/10/2026"}, [("expiry-date.soon", "expiryDate", None, False)]),
    ({"expiryDate": "14/11/2026"}, [("expiry-date.soon", "expiryDate", None, False)]),
    ({"expiryDate": "15/11/2026"}, []),
    ({"expiryDate": "31/02/2027"}, [("expiry-date.impossible", "expiryDate", "28/02/2027", False)]),
    ({"expiryDate": "2027-13-40"}, [("expiry-date.impossible", "expiryDate", None, False)]),
    ({"pinMandatory": "1"}, [("pin.missing", "pin", None, False)]),
    ({"pinMandatory": "1", "pin": "0427"}, []),
    ({"pin": "1234567"}, [("pin.length", "pin", None, False)]),
    ({"hash": " a\tb "}, []),
    ({"printedNumber": "1.2E+17"}, [("id.excel", "printedNumber", None, False)]),
    ({"printedNumber": "12\n34"}, [("text.line-break", "printedNumber", "12 34", False)]),
    (
        {"expiryDate": " 2027-12-30"},
        [
            ("expiry-date.year-first", "expiryDate", "30/12/2027", True),
            ("text.blanks", "expiryDate", "2027-12-30", True),
        ],
    ),
]
CDR_CASES: list[Row] = [
    ({"cdrId": ""}, [("value.missing", "cdrId", None, False)]),
    ({"duration": "", "chargePointCity": "", "obisCode": "", "evseId": ""}, []),
    ({"startDatetime": "2026-10-01 11:45:30"}, [
        ("date-time.no-offset", "startDatetime", "2026-10-01T11:45:30+02:00", True)]),
    ({"startDatetime": "2025-10-26 02:30:00"}, [("date-time.doubled-hour", "startDatetime", None, False)]),
    ({"startDatetime": "2026-03-29 02:30:00"}, [("date-time.missing-hour", "startDatetime", None, False)]),
    ({"endDatetime": "2026-10-01T11:45:00+02:00", "duration": ""}, [
        ("date-time.end-before-start", "endDatetime", None, False)]),
    ({"endDatetime": "2026-10-15T14:04:00+02:00", "duration": ""}, []),
    ({"endDatetime": "2026-10-15T14:06:00+02:00", "duration": ""}, [("date-time.future", "endDatetime", None, False)]),
    ({"endDatetime": "2026-10-01T11:45:50+02:00", "duration": "", "volume": "0,0010"}, [
        ("session.short", "endDatetime", None, False)]),
    ({"duration": "1:18:00"}, [("duration.differs", "duration", "1:16:40", False)]),
    ({"duration": "1:17:30"}, []),
    ({"duration": "4600"}, [("duration.seconds", "duration", "1:16:40", False)]),
    ({"startDatetime": "2026-09-01T11:00:00+02:00", "endDatetime": "2026-09-01T12:00:00+02:00", "duration": ""}, [
        ("date-time.ageing", "endDatetime", None, False)]),
    ({"startDatetime": "2026-06-01T11:00:00+02:00", "endDatetime": "2026-06-01T12:00:00+02:00", "duration": ""}, [
        ("date-time.old", "endDatetime", None, False)]),
    ({"volume": "1.5"}, [("volume.point", "volume", "1,5000", True)]),
    ({"volume": "1.234"}, [("volume.ambiguous", "volume", None, False)]),
    ({"volume": "-1,0000"}, [("volume.negative", "volume", None, False)]),
    ({"volume": "0,0000"}, [("volume.zero", "volume", None, False)]),
    ({"volume": "200,0000"}, [("volume.much", "volume", None, False)]),
    ({"volume": "1200,0000"}, [
        ("volume.watt-hours", "volume", "1,2000", False), ("volume.power", "volume", None, False)]),
    ({"chargePointCountry": "Deutschland"}, [("country.other-form", "chargePointCountry", "DEU", True)]),
    ({"obisCode": "1-1:2.8.0"}, [("obis.feeding-back", "obisCode", None, False)]),
    ({"obisCode": "7-1:1.8.0"}, [("obis.not-electricity", "obisCode", None, False)]),
    ({"obisCode": "1.8.0.0.0"}, [("obis.form", "obisCode", None, False)]),
    ({"serviceProviderId": "E-Laad"}, [("provider.same", "serviceProviderId", None, False)]),
    ({"evcoId": "NL-ESS-123456-7"}, [("contract-id.check-digit", "evcoId", None, False)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "row"),
    [*((TOKENS, row) for row in TOKEN_CASES), *((CDRS, row) for row in CDR_CASES)],
    ids=lambda part: (
        None if isinstance(part, RecordKind) else ", ".join(f"{key}={text}" for key, text in part[0].items())
    ),
)
def test_what_is_found_in_a_record(kind: RecordKind, row: Row) -> None:
    changes, expected = row
    problems = found(kind, **changes)
    assert [(problem.code, problem.field, problem.repair, problem.certain) for problem in problems] == expected
    for problem in problems:
        assert "{" not in problem.message()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_each_empty_mandatory_cell_is_one_problem(kind: RecordKind) -> None:
    problems = check(kind, dict.fromkeys(kind.names, "")).problems(0)
    assert sorted(problem.field for problem in problems) == sorted(field.name for field in kind if field.mandatory)
    assert {problem.code for problem in problems} == {"value.missing"}


def test_duplicate_tokens_are_marked_on_all_rows_however_they_are_written() -> None:
    checker = check(TOKENS, TOKEN, TOKEN | {"tokenId": "9f:3a:07:c4"}, TOKEN | {"tokenId": "00000000"})
    assert checker.rows_with("token-id.duplicate") == [0, 1]
    assert set(checker.others(1, "token-id.duplicate")) == {0}
    assert checker.counts["token-id.duplicate"] == 2


def test_an_id_read_backwards_is_a_warning_on_both_rows() -> None:
    checker = check(TOKENS, TOKEN | {"tokenId": "1C78F2BF"}, TOKEN | {"tokenId": "BFF2781C"}, TOKEN)
    assert checker.rows_with("token-id.reversed") == [0, 1]
    assert not checker.rows_with("token-id.duplicate")


def test_ruined_ids_are_no_duplicates() -> None:
    checker = check(TOKENS, TOKEN | {"tokenId": "1.2E+46"}, TOKEN | {"tokenId": "1.2E+46"})
    assert set(checker.counts) == {"token-id.excel"}


def test_doubled_and_conflicting_records() -> None:
    other_case = CDR | {"infraProviderId": "E-LAAD"}
    assert check(CDRS, CDR, other_case).counts == {"cdr-id.double": 2}
    assert check(CDRS, CDR, other_case | {"volume": "1,0000"}).counts == {"cdr-id.conflict": 2}
    assert not check(CDRS, CDR, CDR | {"infraProviderId": "Blue Corner"}).counts
    assert check(CDRS, CDR, CDR | {"cdrId": "2026-10-000124"}).counts == {"session.repeated": 2}


def test_what_the_journal_knows_was_sent() -> None:
    facts = Facts(now=NOW, sent={cdr_key("ELAAD", "2026-10-000123"): "2026-10-02"})
    (problem,) = found(CDRS, facts)
    assert problem.code == "cdr-id.already-sent"
    assert "2026-10-02" in problem.message()


def test_the_sender_ought_to_be_us_when_we_are_known() -> None:
    assert not found(CDRS, Facts(now=NOW, own_ids=("E-LAAD",)))
    assert [problem.code for problem in found(CDRS, Facts(now=NOW, own_ids=("Polder",)))] == ["provider.not-ours"]


def power(number: int, kwh: str, point: str = "POLDER-1") -> dict[str, str]:
    start, end = f"2026-10-0{number}T10:00:00+02:00", f"2026-10-0{number}T11:00:00+02:00"
    times = {"startDatetime": start, "endDatetime": end, "duration": ""}
    return CDR | times | {"cdrId": str(number), "volume": kwh, "chargePointId": point}


def test_unusual_power_is_held_against_what_was_sent_before() -> None:
    """With enough sent before, every record above it stands out: two wrong ones do not excuse each other."""
    before = Facts(now=NOW, power_before=lambda: {"polder-1": Peak(3, 11.0)})
    records = [power(1, "22,0000"), power(2, "22,0000"), power(3, "13,2000"), power(4, "22,0000", "other")]
    checker = check(CDRS, *records, facts=before)
    assert checker.rows_with("volume.unusual-power") == [0, 1]
    (problem,) = checker.problems(0)
    assert "22 kW" in problem.message()
    assert "11 kW" in problem.message()
    assert not checker.others(0, problem.code)
    assert not check(CDRS, *records).counts


def test_a_few_sent_before_count_with_the_records_of_the_table() -> None:
    before = Facts(now=NOW, power_before=lambda: {"polder-1": Peak(1, 11.0)})
    records = [power(1, "22,0000"), power(2, "10,0000"), power(3, "9,0000")]
    assert check(CDRS, *records, facts=before).rows_with("volume.unusual-power") == [0]
    assert not check(CDRS, *records[:2], facts=before).counts
    assert not check(CDRS, *records).counts


def test_switches_and_thresholds() -> None:
    off = Facts(now=NOW, switched_off={"expiry-date.soon"}, thresholds={"volume.much": 10})
    assert not found(TOKENS, off, expiryDate="20/10/2026")
    assert [problem.code for problem in found(CDRS, off)] == ["volume.much"]


def test_no_problem_names_a_pin() -> None:
    for pin in ("1234567", "98x7", "7654.0", " 8421", "84\n21"):
        for problem in found(TOKENS, pin=pin, pinMandatory="1"):
            assert pin.strip() not in problem.message()
            assert not any(pin.strip() in value for value in problem.args.values())


def test_every_rule_explains_itself() -> None:
    codes = [one.code for kind in KINDS.values() for one in rules_for(kind)]
    assert set(codes) == {one.code for one in all_rules()}
    assert len({one.title for one in all_rules()}) == len(all_rules())
    for one in all_rules():
        assert rule(one.code) is one
        assert one.title, one.code
        assert one.text.endswith((".", "?")), one.code
        assert one.why.endswith("."), one.code
        assert one.source, one.code
        assert one.code == one.code.lower()
        assert all(name for _, name, _, _ in Formatter().parse(one.text) if name is not None)
    for kind in KINDS.values():
        for one in rules_for(kind):
            if isinstance(one, (RowRule, GroupRule)):
                assert set(one.reads) <= set(kind.names)
    with pytest.raises(KeyError):
        rule("no-such.rule")
