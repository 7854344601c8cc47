"""Any text in any cell: no rule raises, every message can be read, repairs mend and do no harm, edits stay right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import CDRS, KINDS, TOKENS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.repair import certain_repairs
from ochp_desktop.records.rulebook import all_rules
from ochp_desktop.records.rules import CellRule, Facts

FACTS = Facts(now=datetime(2026, 10, 15, tzinfo=UTC), timezone=ZoneInfo("Europe/Amsterdam"))
ODD = [
    "",
    " ",
    "\u00a0",
    "\x00",
    "=1+1",
    "'0042",
    "@SUM(A1)",
    "\u202e12345678",
    "\u0661\u0662\u0663\u0664",
    "\uff11\uff12\uff13",
    "e\u0301",
    "\ud800",
    "x" * 32767,
    "9" * 32767,
    "1" * 400 + "E+400",
    "29/02/2027",
    "01/01/0001",
    "31/12/9999",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31 23:59",
    "0001-01-01 00:00",
    "2012-10-28 02:30",
    "2012-03-25 02:30",
    "99999.99999",
    "#N/A",
]
# Only seen once the text has a meaning; no new errors of the repair.
RAW_ERRORS = {one.code for one in all_rules() if isinstance(one, CellRule) and one.raw and one.level is Level.ERROR}
UNSEEN = {"date-time.end-before-start", "date-time.future", "volume.watt-hours"}


def texts() -> st.SearchStrategy[str]:
    examples = [field.example for kind in KINDS.values() for field in kind]
    return st.one_of(
        st.sampled_from(ODD),
        st.sampled_from(examples),
        st.text(max_size=40),
        st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[ T][0-9:+-]{0,14})?", fullmatch=True),
        st.from_regex(r"-?[0-9]{1,6}[.,' ]?[0-9]{0,6}[.,]?[0-9]{0,4}(?: ?k?Wh)?", fullmatch=True),
        st.from_regex(r"[0-9A-Fa-fx:. -]{0,24}", fullmatch=True),
    )


def changed(kind: RecordKind) -> st.SearchStrategy[dict[str, str]]:
    """Some fields of a record with any text."""
    return st.dictionaries(st.sampled_from(kind.names), texts(), max_size=5)


def check(kind: RecordKind, columns: list[list[str]], facts: Facts = FACTS) -> Checker:
    checker = Checker(kind, columns, facts)
    for _done in checker.check_all(range(len(columns[0]))):
        pass
    return checker


@settings(max_examples=100)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_no_text_raises_and_every_message_can_be_read(kind: RecordKind, data: st.DataObject) -> None:
    rows = data.draw(st.lists(changed(kind), min_size=1, max_size=3))
    count = len(rows)
    columns = [[row.get(field.name, field.example) for row in rows] for field in kind]
    checker = check(kind, columns)
    for problem in checker.all():
        message = checker.explained(problem, lambda row, field: f"{field}{row}").message()
        assert message
        assert "\n" not in message
        assert len(message) < 1000
    for name, text in data.draw(changed(kind)).items():
        columns[kind.index(name)][count - 1] = text
    checker.recheck([count - 1])
    assert sorted(map(repr, checker.all())) == sorted(map(repr, check_like(checker, kind, columns).all()))


def check_like(checker: Checker, kind: RecordKind, columns: list[list[str]]) -> Checker:
    """A check from scratch that knows what the other has learnt of the columns."""
    fresh = Checker(kind, columns, FACTS, older=checker)
    for _done in fresh.check_all(range(len(columns[0]))):
        pass
    return fresh


@settings(max_examples=100)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_certain_repairs_of_any_text_mend_and_make_no_new_error(kind: RecordKind, data: st.DataObject) -> None:
    row = data.draw(changed(kind))
    columns = [[row.get(field.name, field.example)] for field in kind]
    checker = check(kind, columns)
    before = {(one.code, one.field) for one in checker.problems(0) if one.level is Level.ERROR}
    repairs = [one for one in certain_repairs(checker) if one is not None]
    for row, field, text in repairs:
        columns[kind.index(field)][row] = text
    checker.recheck([0])
    assert not checker.certain
    after = {(one.code, one.field) for one in checker.problems(0) if one.level is Level.ERROR}
    # After an error of a raw rule nothing else is asked about the cell: what it hid is no new error.
    hidden = {field for code, field in before if code in RAW_ERRORS}
    assert {one for one in after - before if one[0] not in UNSEEN and one[1] not in hidden} == set()


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(sorted(available_timezones())))
@example(date(2012, 3, 25), "Europe/Amsterdam")
@example(date(2012, 10, 28), "Europe/Amsterdam")
@example(date(2011, 12, 30), "Pacific/Apia")  # a day that was left out
@example(date(2027, 4, 4), "Australia/Lord_Howe")  # half an hour
@example(date(2026, 3, 28), "America/Nuuk")  # on a Saturday evening
def test_any_minute_of_any_day_in_any_zone_is_mended_or_marked(day: date, zone: str) -> None:
    kind, start = CDRS, CDRS.index("startDatetime")
    moments = [datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(48)]
    columns = [[field.example] * len(moments) for field in kind]
    columns[start] = [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]
    checker = check(kind, columns, Facts(now=datetime(2100, 1, 1, tzinfo=UTC), timezone=ZoneInfo(zone)))
    for row in range(len(moments)):
        (problem, *_more) = [one for one in checker.problems(row) if one.field == "startDatetime"]
        if problem.repair is not None:
            told = datetime.fromisoformat(problem.repair)
            assert told.astimezone(ZoneInfo(zone)).utcoffset() == told.utcoffset()
            assert told.replace(tzinfo=UTC) == moments[row]
        else:
            assert problem.code in {"date-time.doubled-hour", "date-time.missing-hour"}


FIRST = datetime(1, 1, 1), timezone(timedelta(hours=14))  # noqa: DTZ001 - its offset stands beside it
LAST = datetime(9999, 12, 31, 23, 59), timezone(timedelta(hours=-12))  # noqa: DTZ001 - as above
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.datetimes(), OFFSETS), min_size=4, max_size=4))
@example([FIRST, LAST, FIRST, LAST])
def test_moments_of_all_years_and_offsets_are_read_written_and_compared(ends: list[tuple[datetime, timezone]]) -> None:
    """Also those that lie before year 1 or after 9999 once they are in UTC."""
    type_ = CDRS.field("startDatetime").type
    texts = [moment.replace(tzinfo=offset).isoformat() for moment, offset in ends]
    for text in texts:
        assert type_.check(text) is None
        assert type_.format(type_.parse(text)) == type_.format(type_.parse(type_.format(type_.parse(text))))
        type_.sort_key(text)
    columns = [[field.example] * 2 for field in CDRS]
    columns[CDRS.index("startDatetime")] = texts[:2]
    columns[CDRS.index("endDatetime")] = texts[2:]
    checker = check(CDRS, columns)
    for problem in checker.all():
        assert "{" not in problem.message()
    columns[CDRS.index("startDatetime")].reverse()
    checker.recheck([0, 1])
    assert sorted(map(repr, checker.all())) == sorted(map(repr, check(CDRS, columns).all()))


def test_what_a_column_is_read_like_stays_when_its_witness_is_mended() -> None:
    """Else repairing 12/25/2027 first would turn 1/2/2027 round."""
    good = [field.example for field in TOKENS]
    columns = [[text, text] for text in good]
    columns[TOKENS.index("tokenId")] = ["00000001", "00000002"]
    columns[TOKENS.index("expiryDate")] = ["12/25/2027", "1/2/2027"]
    checker = check(TOKENS, columns)
    assert [one.repair for one in checker.at(1, "expiryDate")] == ["02/01/2027"]
    columns[TOKENS.index("expiryDate")][0] = "25/12/2027"
    checker.recheck([0])
    assert [one.repair for one in checker.at(1, "expiryDate")] == ["02/01/2027"]
    again = check_like(checker, TOKENS, columns)
    assert [one.repair for one in again.at(1, "expiryDate")] == ["02/01/2027"]
