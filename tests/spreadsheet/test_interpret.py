"""Date order, decimal sign and time zone: settled by the column where it can, asked for where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet.interpret import (
    COMMA,
    DAY_FIRST,
    MONTH_FIRST,
    OPEN,
    POINT,
    Answers,
    Signs,
    find_signs,
    interpret,
    interpreter,
)
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.spreadsheet.recognise import FileKind


def signs(header: str, *texts: str) -> Signs:
    rows = [["CDR id", header], *([str(n), text] for n, text in enumerate(texts))]
    table = RawTable(Path("x.csv"), FileKind.CSV, rows=Rows(rows))
    return find_signs(table, match_columns(rows, CDRS))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["25/12/2026 10:00", "3/4/2026 10:00"], DAY_FIRST),
        (["12/25/2026 10:00", "3/4/2026 10:00"], MONTH_FIRST),
        (["3/4/2026 10:00", "4/5/2026 10:00"], OPEN),
        (["3/3/2026 10:00"], ""),
        (["25/12/2026 10:00", "12/25/2026 10:00"], OPEN),
        (["03.04.2026 10:00"], DAY_FIRST),
        (["2026-04-03T10:00:00+02:00"], ""),
        ([], ""),
    ],
)
def test_one_day_above_twelve_settles_the_order(texts: list[str], order: str) -> None:
    assert signs("Start", *texts).date_order == order


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["12,5", "1,234"], COMMA),
        (["12.5", "1.234"], POINT),
        (["1.234,5", "1.234"], COMMA),
        (["1.234", "2.345"], OPEN),
        (["1,234"], OPEN),
        (["12.5", "12,5", "1.234"], OPEN),
        (["12"], ""),
        (["12,5 kWh"], COMMA),
    ],
)
def test_anything_but_three_digits_settles_the_decimal_sign(texts: list[str], sign: str) -> None:
    assert signs("Volume", *texts).decimal == sign


def test_numbers_of_the_file_leave_no_doubt() -> None:
    rows = [["CDR id", "Volume", "Start"], ["1", "1.234", "03/04/2026"]]
    table = RawTable(Path("x.xlsx"), FileKind.XLSX, rows=Rows(rows), numbers={1: 1}, dates={2: 1})
    found = find_signs(table, match_columns(rows, CDRS))
    assert (found.decimal, found.date_order) == (POINT, "")


def test_times_without_offset_are_counted() -> None:
    found = signs("Start", "2026-10-01T10:00:00", "2026-10-01T10:00:00Z", "2026-10-01 10:00", "2026-10-01T10:00+02:00")
    assert (found.without_offset, found.moments) == (2, 4)
    found = signs("Start", "3.4.2026 10.00 Uhr", "03-04-2026 om 10.00 uur", "3/4/2026 10h00")
    assert (found.without_offset, found.moments, found.date_order) == (3, 3, OPEN)


@pytest.mark.parametrize(
    ("field", "answers", "text", "result"),
    [
        ("startDatetime", Answers(MONTH_FIRST), "3/4/2026 9:05", "2026-03-04T09:05:00"),
        ("startDatetime", Answers(DAY_FIRST), "3/4/2026 9:05", "2026-04-03T09:05:00"),
        ("startDatetime", Answers(DAY_FIRST), "12/25/2026 09:05", "2026-12-25T09:05:00"),
        ("startDatetime", Answers(DAY_FIRST), "3/4/2026 à 9h05", "2026-04-03T09:05:00"),
        ("startDatetime", Answers(DAY_FIRST, "", "Europe/Amsterdam"), "3.7.26 9.05 Uhr", "2026-07-03T09:05:00+02:00"),
        ("startDatetime", Answers(DAY_FIRST, "", "Europe/Amsterdam"), "3/7/26 09:05", "2026-07-03T09:05:00+02:00"),
        ("startDatetime", Answers("", "", "Europe/Amsterdam"), "2026-01-03T09:05:00", "2026-01-03T09:05:00+01:00"),
        ("startDatetime", Answers("", "", "Europe/Amsterdam"), "2026-01-03T09:05:00Z", "2026-01-03T09:05:00Z"),
        # The doubled and the missing hour are marked, not guessed.
        ("startDatetime", Answers("", "", "Europe/Amsterdam"), "2012-10-28T02:30:00", "2012-10-28T02:30:00"),
        ("startDatetime", Answers("", "", "Europe/Amsterdam"), "2012-03-25T02:30:00", "2012-03-25T02:30:00"),
        ("startDatetime", Answers(MONTH_FIRST, "", "Europe/Amsterdam"), "soon", "soon"),
        ("startDatetime", Answers(MONTH_FIRST), "3/4/2026 9:05:10 PM", "2026-03-04T21:05:10"),
        ("startDatetime", Answers(MONTH_FIRST, "", "Europe/Amsterdam"), "3/4/26 12:05 am", "2026-03-04T00:05:00+01:00"),
        ("startDatetime", Answers(DAY_FIRST), "3/4/2026 9:05 o'clock", "3/4/2026 9:05 o'clock"),
        ("volume", Answers("", COMMA), "1.234", "1234,0000"),
        ("volume", Answers("", COMMA), "1,234", "1,2340"),
        ("volume", Answers("", POINT), "1.234", "1,2340"),
        ("volume", Answers("", POINT), "12.5", "12.5"),
    ],
)
def test_answers_change_doubtful_texts_only(field: str, answers: Answers, text: str, result: str) -> None:
    change = interpreter(CDRS.field(field), answers)
    assert change is not None
    assert change(text) == result


@pytest.mark.parametrize(
    ("header", "start"),
    [
        ("Start (UTC)", "2026-07-03T09:05:00+00:00"),
        ("Start GMT+1", "2026-07-03T09:05:00+01:00"),
        ("Start [utc-03:30]", "2026-07-03T09:05:00-03:30"),
        ("Start (local)", "2026-07-03T09:05:00+02:00"),
        ("Start (UTC+99)", "2026-07-03T09:05:00+02:00"),
    ],
)
def test_the_zone_that_a_header_names_is_that_of_its_times(header: str, start: str) -> None:
    rows = Rows([["CDR id", header, "End"], ["1", "2026-07-03 09:05", "2026-07-03 10:05"]])
    matching = match_columns(rows, CDRS)
    found = find_signs(RawTable(Path("x.csv"), FileKind.CSV, rows=rows), matching)
    assert found.without_offset == (1 if start[-6:] != "+02:00" else 2)
    columns = matching.taken(rows).columns
    changes = interpret(columns, matching, Answers("", "", "Europe/Amsterdam"))
    assert changes[CDRS.index("startDatetime")] == {0: start}
    assert changes[CDRS.index("endDatetime")] == {0: "2026-07-03T10:05:00+02:00"}


def test_days_in_the_chosen_order() -> None:
    change = interpreter(TOKENS.field("expiryDate"), Answers(MONTH_FIRST))
    assert change is not None
    assert [change(text) for text in ("03/04/2027", "12/25/2027", "25/12/2027", "", "2027-04-03")] == [
        "04/03/2027",
        "25/12/2027",
        "25/12/2027",
        "",
        "2027-04-03",
    ]


def test_without_answers_nothing_changes() -> None:
    assert all(interpreter(field, Answers()) is None for field in (*TOKENS, *CDRS))
