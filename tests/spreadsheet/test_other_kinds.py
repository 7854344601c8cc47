"""Web pages, Excel's old XML and binary workbooks: read where they can be, with a word about what they are."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.rawtable import Mark
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.recognise import FileKind

MakeFile = Callable[[str, bytes | str], Path]
OLD_XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<Styles><Style ss:ID="z"><NumberFormat ss:Format="0000"/></Style></Styles>{sheets}</Workbook>'
)


def test_a_web_page_under_the_name_xls(make_file: MakeFile) -> None:
    page = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><title>T</title><style>td {}</style></head>
    <body><table><tr><td>Menu</td></tr></table>
    <table border=1><tr><th>Token&nbsp;id<th colspan=2>Printed<br>number</tr>
    <tr><td rowspan="2">04AB12CD</td><td> 0042 </td><td>&lt;x&gt; &amp; y</td></tr>
    <tr><td x:num="12345678901234">1.23E+13<td><b>bo</b>ld</tr></table></body></html>"""
    table = read_table(make_file("export.xls", page))
    assert table.rows == [
        ["Token\u00a0id", "Printed\nnumber", ""],
        ["04AB12CD", "0042", "<x> & y"],
        ["", "12345678901234", "bold"],
    ]
    assert table.file_kind is FileKind.HTML
    assert (table.sheets, table.sheet) == (["Table 1", "Table 2"], "Table 2")
    assert table.notices[0].startswith("export.xls is really a web page")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_web_page_in_any_usual_encoding(make_file: MakeFile, encoding: str) -> None:
    page = "<table><tr><td>Gültig</td><td>Köln</td></tr></table>"
    assert read_table(make_file("a.xls", page.encode(encoding))).rows == [["Gültig", "Köln"]]


def test_a_web_page_with_far_too_wide_a_cell(make_file: MakeFile) -> None:
    row = "<td colspan=1000>x</td>" * 20
    with pytest.raises(FileError, match="far more cells"):
        read_table(make_file("a.html", f"<table><tr>{row}</tr></table>"))


def test_an_unclosed_web_page_keeps_its_last_row(make_file: MakeFile) -> None:
    assert read_table(make_file("a.htm", "<table><tr><td>a<td>b<tr><td>c")).rows == [["a", "b"], ["c", ""]]


def test_old_xml(make_file: MakeFile) -> None:
    rows = (
        '<Row><Cell><Data ss:Type="String">Token id</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="String">Nr</Data></Cell></Row>'
        '<Row ss:Index="4" ss:Hidden="1"><Cell><Data ss:Type="Number">42</Data></Cell>'
        '<Cell ss:StyleID="z"><Data ss:Type="Number">42</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2027-12-31T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-10-01T11:45:30.000</Data></Cell>'
        '<Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Number">1.2E+46</Data></Cell></Row>'
        '<Row ss:Index="1048576"/>'
    )
    sheets = (
        '<Worksheet ss:Name="Old"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>'
        f'</Worksheet><Worksheet ss:Name="Cards"><Table>{rows}</Table></Worksheet>'
    )
    table = read_table(make_file("report.xls", OLD_XML.format(sheets=sheets)))
    assert [row[:3] for row in table.rows] == [
        ["Token id", "", "Nr"],
        ["", "", ""],
        ["", "", ""],
        ["42", "0042", "31/12/2027"],
    ]
    assert table.rows[3][3:] == ["2026-10-01T11:45:30", "#DIV/0!", "1", "1.2E+46"]
    assert table.hidden_sheets == ["Old"]
    assert {mark.kind for mark in table.marks} == {"number-format", "error", "formula", "rounded"}
    assert "old XML kind" in table.notices[0]


def test_moments_with_offset_stay_as_they_are_in_old_xml(make_file: MakeFile) -> None:
    """Report programs write them, although Excel knows no offsets."""
    moments = ["2026-10-01T11:45:30+02:00", "2026-10-01T11:45:30.000Z"]
    cells = "".join(f'<Cell><Data ss:Type="DateTime">{moment}</Data></Cell>' for moment in moments)
    sheets = f'<Worksheet ss:Name="A"><Table><Row>{cells}</Row></Table></Worksheet>'
    assert read_table(make_file("a.xml", OLD_XML.format(sheets=sheets))).rows == [moments]


@pytest.mark.parametrize(
    "sheets",
    [
        '<Worksheet ss:Name="A"><Table><Row ss:Index="99999999"><Cell/></Row></Table></Worksheet>',
        '<Worksheet ss:Name="A"><Table><Row><Cell ss:Index="99999999"/></Row></Table></Worksheet>',
        '<Worksheet ss:Name="A"><Table><Row>',
        "<Worksheet",
    ],
)
def test_broken_or_boundless_old_xml(make_file: MakeFile, sheets: str) -> None:
    with pytest.raises(FileError, match="damaged"):
        read_table(make_file("a.xls", OLD_XML.format(sheets=sheets)))


def test_old_xml_with_a_document_type(make_file: MakeFile) -> None:
    bomb = OLD_XML.format(sheets="").replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "a">]><Workbook')
    with pytest.raises(FileError, match="damaged"):
        read_table(make_file("a.xls", bomb))


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    return head + (bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def test_a_binary_workbook(tmp_path: Path) -> None:
    """Written record by record: no free program writes this format."""

    def cell(column: int, style: int = 0) -> bytes:
        return struct.pack("<II", column, style)

    def row(number: int, flags: int = 0) -> bytes:
        return record(0, struct.pack("<IIH", number, 0, 300) + bytes([0, flags, 0]) + struct.pack("<I", 0))

    sheet = (
        record(129)
        + record(148, struct.pack("<4I", 0, 2, 0, 2))
        + record(145)
        + row(0)
        + record(6, cell(0) + wide("Token id"))
        + record(6, cell(1) + wide("Nr"))
        + row(1, 0x10)
        + record(6, cell(0) + wide("04AB12CD"))
        + record(5, cell(1, 1) + struct.pack("<d", 42.0))
        + record(3, cell(2) + bytes([0x2A]))
        + row(2)
        + record(2, cell(1, 1) + struct.pack("<I", 43 << 2 | 2))
        + record(9, cell(2, 1) + struct.pack("<d", 7.0) + bytes(2) + struct.pack("<I", 0) + struct.pack("<I", 0))
        + record(146)
        + record(130)
    )
    styles = (
        record(278)
        + record(615, struct.pack("<I", 1))
        + record(44, struct.pack("<H", 164) + wide("0000"))
        + record(616)
        + record(617, struct.pack("<I", 2))
        + record(47, struct.pack("<HH", 0, 0) + bytes(12))
        + record(47, struct.pack("<HH", 0, 164) + bytes(12))
        + record(618)
        + record(279)
    )
    workbook = (
        record(131)
        + record(153, struct.pack("<III", 0, 0, 0))
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Cards"))
        + record(144)
        + record(157, bytes(26))
        + record(132)
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    path = tmp_path / "a.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    table = read_table(path)
    assert table.rows == [["Token id", "Nr", ""], ["04AB12CD", "0042", "#N/A"], ["", "0043", "0007"]]
    assert Mark(1, 2, "error") in table.marks
    assert Mark(2, 2, "formula") in table.marks
    assert any("rows are hidden" in notice for notice in table.notices)


def test_csv_quotes_and_encodings_that_were_chosen(make_file: MakeFile) -> None:
    from ochp_desktop.spreadsheet.csvfile import CsvForm, find_form

    single = make_file("a.csv", "'Token; id';'Hub'\n'04;AB';'2'\n")
    assert find_form(single) == CsvForm("utf-8", ";", "'")
    assert read_table(single).rows == [["Token; id", "Hub"], ["04;AB", "2"]]
    assert read_table(single, form=CsvForm("utf-8", ";", "")).rows[0] == ["'Token", " id'", "'Hub'"]
    old = make_file("b.csv", "Ort;Straße\nKöln;x\n".encode("cp850"))
    assert read_table(old, form=CsvForm("cp850", ";")).rows == [["Ort", "Straße"], ["Köln", "x"]]
    with pytest.raises(FileError, match="not written in UTF-8"):
        read_table(old, form=CsvForm("utf-8", ";"))
