"""What spreadsheets did to ids before the file arrived is reported at its cell, with a repair where one is likely."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import xlsxwriter

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet.damage import Damage, find_damage
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.recognise import FileKind


def found(kind: RecordKind, *rows: list[str]) -> list[tuple[str, str, str | None]]:
    table = RawTable(Path("x.csv"), FileKind.CSV, rows=Rows(rows))
    return [(one.cell, one.kind, one.repair) for one in find_damage(table, match_columns(table.rows, kind))]


def test_scientific_notation_and_lost_digits() -> None:
    assert found(
        TOKENS,
        ["Title", "", ""],
        ["Contract id", "Token id", "Printed number"],
        ["NL-X", "1,23E+13", "12345678901234500000"],
        ["NL-Y", "12E45678", "1234567890123456"],
        ["NL-Z", "inf", "0042"],
    ) == [("B3", "scientific", None), ("B5", "scientific", None), ("C3", "rounded", None)]


def test_lost_zeros_where_the_column_has_a_usual_length() -> None:
    rows = [
        ["NL-X", uid, pin]
        for uid, pin in zip(["04AB12CD", "12345678", "7", "412345", "04AB12CE"], "12345", strict=True)
    ]
    assert found(TOKENS, ["Contract id", "Token id", "PIN"], *rows) == [("B5", "zeros", "00412345")]


def test_numbers_that_count_up_have_lost_nothing() -> None:
    assert found(TOKENS, ["Token id", "Printed number"], *([f"04AB{n:04}", str(n)] for n in range(1, 2000))) == []


def test_pins_that_all_lost_their_zeros() -> None:
    pins = ["4711", "815", "9034", "2207", "5150", "61", "8086", "6502", "1984", "3141", "2718"]
    lost = found(TOKENS, ["Token id", "PIN"], *([f"04AB12{n:02}", pin] for n, pin in enumerate(pins)))
    assert [(cell, repair) for cell, _kind, repair in lost] == [("B3", "0815"), ("B7", "0061")]


def test_dates_made_from_numbers() -> None:
    assert found(
        CDRS,
        ["CDR id", "Volume (kWh)", "Meter", "Start"],
        ["1", "12/05/2026", "01/02/2026", "01/02/2026"],
        ["2", "12,5000", "M", ""],
    ) == [("B2", "date", "12,0500"), ("C2", "date", None)]


def test_a_secret_is_not_told() -> None:
    table = RawTable(Path("x.csv"), FileKind.CSV, rows=Rows([["Token id", "PIN"], ["04AB12CD", "9,1E+15"]]))
    (damage,) = find_damage(table, match_columns(table.rows, TOKENS))
    assert "9" not in damage.text
    assert "9,1" not in damage.message()


def test_errors_and_formulas_of_a_workbook_at_their_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Remark", "Token id", "Printed number"])
    sheet.append(["x", "#N/A", "=1+1"])
    sheet.append(["#REF!", "04AB12CD", 12345678901234567])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    damages = find_damage(table, match_columns(table.rows, TOKENS))
    assert [(one.cell, one.kind) for one in damages] == [
        ("B2", "error"),
        ("C2", "formula-without-value"),
        ("C3", "rounded"),
    ]
    assert all(one.cell in one.message() for one in damages)


def test_a_hexadecimal_id_that_excel_took_for_a_number(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_column("A1", ["Token id", "04AB12CD", "04AB12CE"])
    sheet.write_number("A4", 12e45)
    book.close()
    table = read_table(tmp_path / "a.xlsx")
    assert find_damage(table, match_columns(table.rows, TOKENS)) == [
        Damage(4, "tokenId", "A4", "scientific", "1.2E+46", None)
    ]
