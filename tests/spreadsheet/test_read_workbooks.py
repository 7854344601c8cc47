"""Real workbooks by several producers: texts as people see them, with a notice where that needs a word."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.rawtable import Mark
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.recognise import FileKind

from .conftest import SHEET_HEAD, MakeXlsx

# Spreadsheets know no time zones.
MIDNIGHT = dt.datetime.fromisoformat("2012-03-04T00:00:00")
WHEN = dt.datetime.fromisoformat("2012-03-04T05:06:07")


def save(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_every_kind_of_cell_becomes_the_text_people_see(tmp_path: Path, epoch: dt.datetime | None) -> None:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    assert sheet is not None
    sheet.append(["0042", 42, 4.0, 12.3456, 0.1 + 0.2, 0.00001, True, False, None])
    sheet.append([dt.date(2012, 3, 4), WHEN, dt.time(1, 2, 3), dt.timedelta(hours=30)])
    sheet.append(["  blank kept  ", "line\nbreak", "é 😀", "=1+1 as text", "1E5"])
    sheet["D3"].data_type = "s"
    table = read_table(save(book, tmp_path / "a.xlsx"))
    assert table.rows[0] == ["0042", "42", "4", "12.3456", "0.3", "0.00001", "1", "0"]
    assert table.rows[1][:4] == ["04/03/2012", "2012-03-04T05:06:07", "1:02:03", "30:00:00"]
    assert table.rows[2][:5] == ["  blank kept  ", "line\nbreak", "é 😀", "=1+1 as text", "1E5"]
    assert table.sheets == ["Sheet"]
    assert table.file_kind is FileKind.XLSX
    assert table.notices == [
        "TRUE or FALSE in column G was read as 1 or 0, in 1 cell.",
        "TRUE or FALSE in column H was read as 1 or 0, in 1 cell.",
    ]


def test_leading_zeros_held_by_the_number_format_are_read_as_shown(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "zeros.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_number("A1", 42, book.add_format({"num_format": "0000"}))
    sheet.write_number("B1", 1234567, book.add_format({"num_format": "00-000-000"}))
    sheet.write_number("C1", 7, book.add_format({"num_format": '"NL"000;[Red]-000'}))
    sheet.write_number("D1", 12.5, book.add_format({"num_format": "0.00"}))
    sheet.write_number("E1", 1234, book.add_format({"num_format": "#,##0"}))
    sheet.write_number("F1", 12345, book.add_format({"num_format": "000"}))
    sheet.write_string("G1", "42", book.add_format({"num_format": "0000"}))
    book.close()
    table = read_table(tmp_path / "zeros.xlsx")
    assert table.rows == [["0042", "01-234-567", "NL007", "12.5", "1234", "12345", "42"]]
    assert [mark.column for mark in table.marks if mark.kind == "number-format"] == [0, 1, 2, 5]
    assert "leading zeros" in table.notices[0]


def test_error_cells_are_text_even_where_nothing_else_is_in_their_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Token id", "x"])
    sheet["B4"] = "#N/A"
    sheet["D2"] = "#REF!"
    table = read_table(save(book, tmp_path / "errors.xlsx"))
    assert table.rows[3] == ["", "#N/A", "", ""]
    assert table.rows[1] == ["", "", "", "#REF!"]
    assert Mark(3, 1, "error") in table.marks
    assert table.notices == ["2 cells hold an Excel error such as #N/A instead of a value; the first is D2."]


def test_formulas_give_their_shown_value_and_a_notice(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "formulas.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=1+1", None, 2)
    sheet.write_formula("B1", '=A1&"x"', None, "2x")
    sheet.write_formula("D1", "=NA()", None, "#N/A")
    sheet.write_string("E1", "plain")
    book.close()
    table = read_table(tmp_path / "formulas.xlsx")
    assert table.rows == [["2", "2x", "", "#N/A", "plain"]]
    assert "3 cells hold a formula; the values they show were taken. The first is A1." in table.notices


def test_a_formula_may_show_an_empty_text(make_xlsx: MakeXlsx) -> None:
    cells = "<c r='A1' t='str'><f>IF(1,&quot;&quot;)</f><v></v></c><c r='B1'><v>1</v></c>"
    assert read_table(make_xlsx(f"<sheetData><row r='1'>{cells}</row></sheetData>")).rows == [["", "1"]]


def test_a_formula_that_was_never_calculated_is_shown_as_such(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "=1+1"
    sheet["B1"] = "x"
    table = read_table(save(book, tmp_path / "f.xlsx"))
    assert table.rows == [["=1+1", "x"]]
    assert "never calculated" in table.notices[0]


def test_numbers_beyond_fifteen_digits_keep_what_the_file_knows(make_xlsx: MakeXlsx) -> None:
    path = make_xlsx(
        "<sheetData><row r='1'><c r='A1'><v>12345678901234567</v></c><c r='B1'><v>1.2E+46</v></c>"
        "<c r='C1'><v>1.23456789012345E+17</v></c><c r='D1'><v>999999999999999</v></c></row></sheetData>"
    )
    table = read_table(path)
    assert table.rows == [["12345678901234567", "1.2E+46", "123456789012345000", "999999999999999"]]
    assert table.marks == [Mark(0, 0, "rounded"), Mark(0, 1, "rounded"), Mark(0, 2, "rounded")]


def test_row_numbers_match_the_file_and_blank_ends_are_cut(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "gaps.xlsx"))
    sheet = book.add_worksheet()
    styled = book.add_format({"bg_color": "red"})
    sheet.write_string("C3", "x")
    sheet.write_string("B6", "y")
    sheet.write_string("F2", "")
    for row in range(10, 3000):
        sheet.write_blank(row, 7, None, styled)
    book.close()
    table = read_table(tmp_path / "gaps.xlsx")
    assert table.rows == [["", "", ""], ["", "", ""], ["", "", "x"], ["", "", ""], ["", "", ""], ["", "y", ""]]
    assert table.first_row == 1


def test_midnight_in_a_column_of_date_times_keeps_its_time(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for value in ("start", MIDNIGHT, MIDNIGHT + dt.timedelta(minutes=62), MIDNIGHT + dt.timedelta(days=1, minutes=62)):
        sheet.append([value, dt.date(2012, 3, 4)])
    table = read_table(save(book, tmp_path / "midnight.xlsx"))
    assert [row[0] for row in table.rows[1:]] == ["2012-03-04T00:00:00", "2012-03-04T01:02:00", "2012-03-05T01:02:00"]
    assert {row[1] for row in table.rows} == {"04/03/2012"}


def test_sheets_hidden_or_empty_are_passed_over_and_can_be_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Hidden"
    first["A1"] = "secret"
    first.sheet_state = "hidden"
    book.create_sheet("Empty")
    book.create_sheet("Cards & more")["A1"] = "here"
    path = save(book, tmp_path / "sheets.xlsx")
    table = read_table(path)
    assert (table.sheet, table.sheets, table.hidden_sheets) == (
        "Cards & more",
        ["Hidden", "Empty", "Cards & more"],
        ["Hidden"],
    )
    assert table.notices == ["The workbook has 3 sheets; Cards & more was read."]
    hidden = read_table(path, sheet="Hidden")
    assert hidden.rows == [["secret"]]
    assert "The sheet Hidden is hidden in the file." in hidden.notices
    with pytest.raises(FileError, match=r"The sheet Empty in sheets\.xlsx is empty"):
        read_table(path, sheet="Empty")
    with pytest.raises(FileError, match="no sheet Nowhere"):
        read_table(path, sheet="Nowhere")


def test_hidden_rows_and_columns_are_read_with_a_notice(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ("ab", "cd", "ef"):
        sheet.append(list(row))
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    table = read_table(save(book, tmp_path / "hidden.xlsx"))
    assert table.rows == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert table.notices == [
        "Some rows are hidden in the file; they were read as well.",
        "Some columns are hidden in the file; they were read as well.",
    ]


def test_elements_with_a_prefix_and_cells_without_references(make_xlsx: MakeXlsx) -> None:
    """Some producers write every element with a prefix, or leave out what can be counted."""
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    )
    assert read_table(make_xlsx(sheet=sheet)).rows == [["a", "#N/A"]]


def test_an_excel_file_by_any_name_is_read_and_the_name_remarked_on(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    path = save(book, tmp_path / "cards.xlsx").rename(tmp_path / "cards.csv")
    table = read_table(path)
    assert table.rows == [["x"]]
    assert table.notices == ["cards.csv is really a file of the kind .xlsx; it was read as that."]


def test_open_document(tmp_path: Path) -> None:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )

    def cell(kind: str, value: str = "", text: str = "") -> str:
        return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{text}</text:p></table:table-cell>'

    row = (
        cell("string", text="0042")
        + cell("float", 'office:value="42"', "42")
        + cell("date", 'office:date-value="2012-03-04"')
        + cell("date", 'office:date-value="2012-03-04T05:06:07"')
        + cell("time", 'office:time-value="PT30H05M07S"')
        + cell("boolean", 'office:boolean-value="true"')
    )
    blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    path = tmp_path / "lo.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table table:name='T'>"
            f"<table:table-row>{row}</table:table-row>{blank}</table:table></office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    table = read_table(path)
    assert table.rows == [["0042", "42", "04/03/2012", "2012-03-04T05:06:07", "30:05:07", "1"]]
    assert table.file_kind is FileKind.ODS


def test_a_workbook_without_any_cell_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no filled cell in any sheet"):
        read_table(save(openpyxl.Workbook(), tmp_path / "empty.xlsx"))


def test_a_stray_cell_in_the_last_corner_is_named(make_xlsx: MakeXlsx) -> None:
    cells = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    head = f"{SHEET_HEAD}<dimension ref='A1:XFD1048576'/>"
    with pytest.raises(FileError, match="XFD1048576"):
        read_table(make_xlsx(f"<sheetData>{cells}</sheetData>", head=head))
    with pytest.raises(FileError, match=r"far beyond any table|too much memory"):
        read_table(make_xlsx(f"<sheetData>{cells}</sheetData>", name="undeclared.xlsx"))


def test_a_styled_but_empty_far_corner_does_no_harm(make_xlsx: MakeXlsx) -> None:
    cells = "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576' s='0'/></row>"
    head = f"{SHEET_HEAD}<dimension ref='A1:XFD1048576'/>"
    assert read_table(make_xlsx(f"<sheetData>{cells}</sheetData>", head=head)).rows == [["1"]]
