"""Day and time of day in two columns become one moment: found in four languages, joined faithfully, remembered."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter

from ochp_desktop.jobs.import_file import build
from ochp_desktop.jobs.import_proposal import Remembered, find_file, header_key, look_again, matching_of, propose
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.spreadsheet.recognise import FileKind

START, END = CDRS.index("startDatetime"), CDRS.index("endDatetime")
DAYS = ["12.05.2026", "13.05.2026", "25.05.2026"]


def table_of(*rows: list[str]) -> RawTable:
    return RawTable(Path("x.csv"), FileKind.CSV, rows=Rows(rows))


def moments(table: RawTable) -> list[tuple[str, str]]:
    proposal = propose(table, CDRS, {}, "Europe/Amsterdam")
    sheet = build(proposal).sheet
    return list(zip(sheet.columns[START], sheet.columns[END], strict=True))


@pytest.mark.parametrize(
    "header",
    [
        ["CDR ID", "Start date", "Start time", "End date", "End time"],
        ["CDR ID", "Startdatum", "Starttijd", "Einddatum", "Eindtijd"],
        ["CDR ID", "Startdatum", "Startzeit", "Enddatum", "Endzeit"],
        ["CDR ID", "Date de début", "Heure de début", "Date de fin", "Heure de fin"],
        ["CDR ID", "Datum Beginn", "Uhrzeit Beginn", "Datum Ende", "Uhrzeit Ende"],
        ["CDR ID", "Begin", "Tijd", "Einde", "Tijd"],
    ],
)
def test_two_pairs(header: list[str]) -> None:
    rows = [[f"c{at}", day, "8:15", day, "09:45:30"] for at, day in enumerate(DAYS)]
    assert moments(table_of(header, *rows))[0] == ("2026-05-12T08:15:00+02:00", "2026-05-12T09:45:30+02:00")


@pytest.mark.parametrize(
    "header",
    [
        ["CDR ID", "Datum", "Startzeit", "Endzeit"],
        ["CDR ID", "Datum", "Begintijd", "Eindtijd"],
        ["CDR ID", "Date", "Start time", "End time"],
        ["CDR ID", "Date", "Heure de début", "Heure de fin"],
        ["CDR ID", "Datum", "von", "bis"],
        ["CDR ID", "Datum", "van", "tot"],
        ["CDR ID", "Date", "de", "à"],
        ["CDR ID", "Date", "Heure de", "Heure à"],
    ],
)
def test_one_day_for_both_is_asked_about(header: list[str]) -> None:
    table = table_of(header, *([f"c{at}", day, "8:15", "09:45"] for at, day in enumerate(DAYS)))
    assert moments(table)[2] == ("2026-05-25T08:15:00+02:00", "2026-05-25T09:45:00+02:00")
    matching = propose(table, CDRS, {}).matching
    assert set(matching.unsure) == {"startDatetime", "endDatetime"}
    assert matching.unmatched == []


def test_the_row_above_says_of_what_day_and_time_are() -> None:
    """As with merged cells over two columns each."""
    rows = [
        ["Sitzung", "", "Beginn", "", "Ende", "", "Menge"],
        ["Nr.", "Karten-ID", "Datum", "Uhrzeit", "Datum", "Uhrzeit", "kWh"],
        *([f"Z{at}", f"04A2B3C4D5E6{at:02}", day, "22:05", day, "23:15", "12,5"] for at, day in enumerate(DAYS)),
    ]
    table = RawTable(Path("x.xlsx"), FileKind.XLSX, rows=Rows(rows))
    matching = propose(table, CDRS, {}).matching
    assert matching.header_row == 1
    assert matching.unsure == []
    assert matching.columns["cdrId"] == 0
    assert moments(table)[0] == ("2026-05-12T22:05:00+02:00", "2026-05-12T23:15:00+02:00")
    # A title and the time of the report are no such words.
    for above in (["Bericht von Mai bis Juni"], ["von", "1.5.2026", "bis", "31.5.2026"]):
        rows[0] = [*above, *[""] * (7 - len(above))]
        table = RawTable(Path("x.xlsx"), FileKind.XLSX, rows=Rows(rows))
        assert propose(table, CDRS, {}).matching.columns["startDatetime"] == 2


def test_day_and_time_without_a_word_of_start() -> None:
    table = table_of(
        ["CDR ID", "Datum", "Uhrzeit", "Dauer"],
        *([f"c{at}", day, "8:15 Uhr", "1:30:00"] for at, day in enumerate(DAYS)),
    )
    assert moments(table)[0] == ("2026-05-12T08:15:00+02:00", "")
    assert propose(table, CDRS, {}).matching.columns["duration"] == 3


@pytest.mark.parametrize(
    ("day", "clock", "moment"),
    [
        ("2026-05-12", "8:15:01", "2026-05-12T08:15:01+02:00"),
        ("2026-05-12T00:00:00", "23:59", "2026-05-12T23:59:00+02:00"),
        ("12.05.2026", "8:15 PM", "2026-05-12T20:15:00+02:00"),
        ("12.05.2026", "12:05 am", "2026-05-12T00:05:00+02:00"),
        ("12.05.2026", "8h15", "2026-05-12T08:15:00+02:00"),
        ("12-05-2026", "8.15 uur", "2026-05-12T08:15:00+02:00"),
        ("12.05.2026", "", "12.05.2026"),
        ("", "8:15", "8:15"),
        ("?", "8:15", "? 08:15:00"),
    ],
)
def test_parts_are_joined_and_nothing_is_lost(day: str, clock: str, moment: str) -> None:
    filler = [[f"c{at}", one, "8:15"] for at, one in enumerate(DAYS * 10)]
    table = table_of(["CDR ID", "Startdatum", "Startzeit"], ["x", day, clock], *filler)
    assert moments(table)[0][0] == moment


def test_real_dates_and_times_of_a_workbook_need_no_question(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    day, clock = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "hh:mm:ss"))
    sheet.write_row(0, 0, ["CDR ID", "Startdatum", "Starttijd"])
    for line in range(1, 6):
        sheet.write_string(line, 0, f"c{line}")
        sheet.write_datetime(line, 1, date(2026, 5, line), day)
        sheet.write_datetime(line, 2, time(8, line, 7), clock)
    book.close()
    proposal = run(find_file(path, CDRS, Cancel(), timezone="Europe/Amsterdam"))
    assert (proposal.signs.date_order, proposal.signs.open_questions, proposal.asks) == ("", 0, False)
    assert build(proposal).sheet.columns[START][4] == "2026-05-05T08:05:07+02:00"


def test_a_whole_moment_beside_a_time_stays_as_it_is() -> None:
    table = table_of(["CDR ID", "Start", "Tijd"], *([f"c{at}", f"{day} 10:00", "8:15"] for at, day in enumerate(DAYS)))
    assert propose(table, CDRS, {}).matching.times == {}


def test_the_choice_is_remembered_and_can_be_undone() -> None:
    header = ["CDR ID", "Tag", "x1", "x2"]
    table = table_of(header, *([f"c{at}", day, "8:15", "9:45"] for at, day in enumerate(DAYS)))
    columns = {"cdrId": 0, "startDatetime": 1, "endDatetime": 1}
    times = {"startDatetime": 2, "endDatetime": 3}
    matching = matching_of(table.rows, CDRS, 0, columns, {}, times=times)
    answers = look_again(table, matching, None, timezone="Europe/Amsterdam").answers
    known = Remembered("cdrs", "", columns, {}, answers, times)
    again = Remembered.from_data(known.to_data())
    assert again == known
    proposal = propose(table, CDRS, {header_key(header): known})
    assert build(proposal).sheet.columns[END][0] == "2026-05-12T09:45:00+02:00"
    older = {key: value for key, value in known.to_data().items() if key != "times"}
    assert Remembered.from_data(older) is not None
