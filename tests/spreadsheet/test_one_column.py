"""Rows that stand in one cell each become tables; lists of one column stay what they are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ochp_desktop.spreadsheet.csvfile import CsvForm
from ochp_desktop.spreadsheet.read import read_table

ROWS = [["UID", "Contract", "Name"], ["04A2B3C4", "NL-TNM-1", "Vries, de"], ["04A2B3C5", "NL-TNM-2", 'a "b"']]


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["UID,Contract,Name", '04A2B3C4,NL-TNM-1,"Vries, de"', '04A2B3C5,NL-TNM-2,"a ""b"""'], "commas"),
        (["UID;Contract;Name", "04A2B3C4;NL-TNM-1;Vries, de", '04A2B3C5;NL-TNM-2;"a ""b"""'], "semicolons"),
        (["UID\tContract\tName", "04A2B3C4\tNL-TNM-1\tVries, de", '04A2B3C5\tNL-TNM-2\t"a ""b"""'], "tabs"),
        (["UID       Contract  Name", "04A2B3C4  NL-TNM-1  Vries, de", '04A2B3C5  NL-TNM-2  a "b"'], "blanks"),
    ],
)
def test_a_text_table_in_one_column_of_a_workbook(tmp_path: Path, lines: list[str], name: str) -> None:
    book = openpyxl.Workbook()
    for line in [*lines, "", lines[1]]:
        book.worksheets[0].append([line])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert table.rows == [*ROWS, ["", "", ""], ROWS[1]]
    assert f"Each row stood in one cell; it was cut at the {name}." in table.notices


def test_lines_that_are_quoted_as_a_whole(tmp_path: Path) -> None:
    lines = ['"UID,Contract,Name"', '"04A2B3C4,NL-TNM-1,""Vries, de"""', '"04A2B3C5,NL-TNM-2,""a """"b"""""""']
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    assert read_table(tmp_path / "a.csv").rows == ROWS


@pytest.mark.parametrize(
    "lines",
    [["UID", "04A2B3C4", "04A2B3C5"], ["UID", "04 A2 B3 C4", "04 A2 B3 C5"], ["a;b"], ["Note, one", "04", "05"]],
)
def test_a_list_of_one_column_stays(tmp_path: Path, lines: list[str]) -> None:
    book = openpyxl.Workbook()
    for line in lines:
        book.worksheets[0].append([line])
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx").rows == [[line] for line in lines]


def test_a_chosen_delimiter_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n3;4", "utf-8")
    assert read_table(tmp_path / "a.csv", form=CsvForm("utf-8", ",", '"')).rows == [["a;b"], ["1;2"], ["3;4"]]
