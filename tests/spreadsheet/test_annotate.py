"""Bad cells are marked in a copy of the user's workbook, and nothing else of the workbook changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from PIL import Image
from python_calamine import CalamineWorkbook

from ochp_desktop.errors import Cancelled, FileError, UsageError
from ochp_desktop.records.problems import Level
from ochp_desktop.spreadsheet.annotate import annotate_copy
from ochp_desktop.spreadsheet.recordsheet import MAX_NOTES

from .conftest import SHEET_HEAD, MakeXlsx
from .office import converted, needs_office

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ERROR = "FFFDE4E1"
WARNING = "FFFDF0CF"


def rich(path: Path, *, macro: bool = False) -> Path:
    """A workbook with all that openpyxl would lose: picture, chart, sparkline, data bars, button, macros, notes."""
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover & more").write_comment("A1", "on the cover")
    page = book.add_worksheet("Cards")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    page.insert_image("F2", "logo.png", {"image_data": picture})
    zeros = book.add_format({"num_format": "0000", "font_color": "#FFFFFF", "bg_color": "#003366"})
    page.set_column("B:B", 20, zeros)
    page.write_row("A1", ["Token id", "PIN", "Type", "Remark"])
    for row in range(1, 20):
        page.write(row, 0, f"04AB12{row:02}")
        if row % 4:
            page.write_number(row, 1, row, zeros)
        page.write(row, 2, row % 5)
        page.write_formula(row, 3, "=1+1", None, 2)
    page.write_comment("A4", "mine")
    page.merge_range("A31:A32", "merged")
    page.data_validation("C2:C40", {"validate": "list", "source": ["0", "1"]})
    page.conditional_format("C2:C40", {"type": "data_bar", "data_bar_2010": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Cards!$C$2:$C$20"})
    page.insert_chart("F10", chart)
    page.add_sparkline("E2", {"range": "Cards!C2:C9"})
    page.add_table("J1:K4", {"columns": [{"header": "a"}, {"header": "b"}]})
    page.write_url("D40", "https://example.org", None, "link")
    book.define_name("Mine", "=Cards!$A$1:$A$5")
    if macro:
        project = path.with_suffix(".bin")
        project.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
        book.add_vba_project(str(project))
        page.insert_button("H2", {"macro": "say_hello", "caption": "Press"})
    book.close()
    return path


NOTES = {
    "A2": (Level.ERROR, ["This is no card.", "Really."]),
    "A4": (Level.WARNING, ["beside mine"]),
    "B5": (Level.WARNING, ["missing"]),
    "A32": (Level.ERROR, ["missing below"]),
    "D4": (Level.HINT, ["a formula"]),
    "C60": (Level.ERROR, ["far down"]),
}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def without_marks(sheet: bytes) -> list[tuple[str, dict[str, str], str]]:
    """All elements of a sheet, less the style numbers of cells and less empty cells and rows."""
    found = []
    for element in etree.fromstring(sheet).iter():
        attributes = dict(element.attrib)
        if element.tag == f"{MAIN}c":
            attributes.pop("s", None)
        empty = element.tag in {f"{MAIN}c", f"{MAIN}row"} and not any(True for _ in element.iter(f"{MAIN}v"))
        if not empty:
            found.append((str(element.tag), {str(k): str(v) for k, v in attributes.items()}, element.text or ""))
    return found


@pytest.mark.parametrize("ending", ["xlsx", "xlsm"])
def test_everything_else_stays_byte_for_byte(tmp_path: Path, ending: str) -> None:
    source = rich(tmp_path / f"mine.{ending}", macro=ending == "xlsm")
    original = source.read_bytes()
    target = tmp_path / f"marked.{ending}"
    assert annotate_copy(source, target, "Cards", NOTES) == (6, 0)
    assert source.read_bytes() == original
    old, new = parts(source), parts(target)
    touched = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    assert touched == {
        "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/comments2.xml", "xl/drawings/vmlDrawing2.vml"
    }  # fmt: skip
    assert set(old) == set(new)
    assert without_marks(old["xl/worksheets/sheet2.xml"]) == without_marks(new["xl/worksheets/sheet2.xml"])
    for kept in ("xl/media/image1.png", "xl/charts/chart1.xml", "xl/tables/table1.xml"):
        assert kept in new
    assert ("xl/vbaProject.bin" in new) == (ending == "xlsm")
    if ending == "xlsm":
        assert new["xl/drawings/vmlDrawing2.vml"].count(b'ObjectType="Button"') == 1


def test_the_marks_are_where_they_belong(tmp_path: Path) -> None:
    target = tmp_path / "marked.xlsx"
    annotate_copy(rich(tmp_path / "mine.xlsx"), target, "Cards", NOTES)
    page = openpyxl.load_workbook(target)["Cards"]
    told = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert told == {
        "A2": "This is no card.\nReally.",
        "A4": "mine\nbeside mine",
        "B5": "missing",
        "A31": "A32: missing below",  # the merged cell that people see
        "D4": "a formula",
        "C60": "far down",
    }
    assert page["A2"].fill.fgColor.rgb == ERROR
    assert page["B5"].fill.fgColor.rgb == WARNING
    assert page["B5"].number_format == "0000"  # the look of its column
    assert page["B5"].font.color.rgb == "FF1D1F21"  # white on our ground would not be seen
    assert page["B6"].font.color.rgb == "FFFFFFFF"
    assert page["D4"].value == "=1+1"
    assert page["A3"].fill.fill_type is None
    book = CalamineWorkbook.from_path(target)
    assert book.get_sheet_by_name("Cards").to_python()[1][:3] == ["04AB1201", 1.0, 1.0]
    old, new = openpyxl.load_workbook(tmp_path / "mine.xlsx"), openpyxl.load_workbook(target)
    assert [[c.value for c in row] for row in new["Cards"].iter_rows(max_row=40)] == [
        [c.value for c in row] for row in old["Cards"].iter_rows(max_row=40)
    ]


@needs_office
def test_libreoffice_shows_the_marks_and_all_the_rest(tmp_path: Path) -> None:
    target = tmp_path / "marked.xlsx"
    annotate_copy(rich(tmp_path / "mine.xlsx"), target, "Cards", NOTES)
    page = openpyxl.load_workbook(converted(target, "xlsx", tmp_path / "out"))["Cards"]
    told = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert set(told) == {"A2", "A4", "B5", "A31", "D4", "C60"}
    assert told["A4"] == "mine\nbeside mine"
    assert page["A2"].fill.fgColor.rgb == ERROR
    assert len(page._images) == len(page._charts) == 1
    assert converted(target, "pdf", tmp_path / "out").read_bytes().startswith(b"%PDF")


def by_hand(make_xlsx: MakeXlsx, data: str, notes: dict[str, str], **parts_: str) -> str:
    """The sheet's XML after marking a hand-written one."""
    source = make_xlsx(data, **parts_)
    target = source.with_name("marked.xlsx")
    annotate_copy(source, target, "Sheet1", {cell: (Level.ERROR, [text]) for cell, text in notes.items()})
    openpyxl.load_workbook(target)
    return parts(target)["xl/worksheets/sheet1.xml"].decode()


DRAWING = (
    '<legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdOchp2"/>'
)


@pytest.mark.parametrize(
    ("data", "notes", "expected"),
    [
        (  # cells that are not there, at the front, between and at the end; the row's hint of its width must not lie
            '<sheetData><row r="2" spans="2:2"><c r="B2"><v>1</v></c><c r="D2"/></row></sheetData>',
            ["A2", "C2", "E2"],
            (
                '<sheetData><row r="2"><c r="A2" s="1"/><c r="B2"><v>1</v></c><c r="C2" s="1"/><c r="D2"/>'
                '<c r="E2" s="1"/></row></sheetData>'
            ),
        ),
        (  # rows that are not there
            '<sheetData><row r="3"><c r="A3"/></row></sheetData>',
            ["A1", "A3", "B9"],
            (
                '<sheetData><row r="1"><c r="A1" s="1"/></row><row r="3"><c r="A3" s="1"/></row>'
                '<row r="9"><c r="B9" s="1"/></row></sheetData>'
            ),
        ),
        ("<sheetData/>", ["B2"], '<sheetData><row r="2"><c r="B2" s="1"/></row></sheetData>'),
        (
            '<sheetData><row r="2" ht="20" /></sheetData>',
            ["B2"],
            '<sheetData><row r="2" ht="20"><c r="B2" s="1"/></row></sheetData>',
        ),
        (  # places that the file does not spell out; an old style in single quotes; a value with a bracket
            "<sheetData><row><c><v>1</v></c></row><row><c/><c s='0' t=\"str\"><f>1>2</f><v>a</v></c></row></sheetData>",
            ["B2"],
            '<sheetData><row><c><v>1</v></c></row><row><c/><c s="1" t="str"><f>1>2</f><v>a</v></c></row></sheetData>',
        ),
    ],
)
def test_cells_and_rows_that_are_not_in_the_file(
    make_xlsx: MakeXlsx, data: str, notes: list[str], expected: str
) -> None:
    tail = "<pageMargins left='1' right='1' top='1' bottom='1' header='0' footer='0'/>"
    sheet = by_hand(make_xlsx, data + tail, dict.fromkeys(notes, "bad"))
    assert sheet == f"{SHEET_HEAD}{expected}{tail}{DRAWING}</worksheet>"


def test_the_notes_drawing_is_named_where_the_schema_wants_it(make_xlsx: MakeXlsx) -> None:
    rule = (
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>1</formula>'
        '<extLst><ext uri="x"/></extLst></cfRule></conditionalFormatting>'
    )
    sheet = by_hand(make_xlsx, f'<sheetData/>{rule}<extLst><ext uri="y"/></extLst>', {"A1": "bad"})
    assert f"{rule}{DRAWING}<extLst>" in sheet


def test_elements_with_a_prefix(make_xlsx: MakeXlsx) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = f'<?xml version="1.0"?><x:worksheet xmlns:x="{space}">'
    sheet = by_hand(
        make_xlsx,
        "",
        {"A1": "bad", "B2": "bad"},
        sheet=f'{head}<x:sheetData><x:row r="1"><x:c r="A1"/></x:row></x:sheetData></x:worksheet>',
    )
    assert '<x:c r="A1" s="1"/></x:row><x:row r="2"><x:c r="B2" s="1"/></x:row></x:sheetData><x:legacyDrawing' in sheet


def test_a_threaded_comment_is_left_alone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Token id", "PIN"])
    book.active["A1"].comment = openpyxl.comments.Comment("[Threaded comment] Hello", "tc={1234}")
    book.save(tmp_path / "mine.xlsx")
    notes = {"A1": (Level.ERROR, ["bad"]), "B1": (Level.ERROR, ["bad"])}
    assert annotate_copy(tmp_path / "mine.xlsx", tmp_path / "marked.xlsx", "Sheet", notes) == (2, 1)
    page = openpyxl.load_workbook(tmp_path / "marked.xlsx").active
    assert page is not None
    assert page["A1"].comment.text == "[Threaded comment] Hello"
    assert page["A1"].fill.fgColor.rgb == ERROR
    assert page["B1"].comment.text == "bad"


def test_marks_of_an_earlier_copy_are_renewed(tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    annotate_copy(rich(tmp_path / "mine.xlsx"), one, "Cards", {"A2": (Level.ERROR, ["old"])})
    annotate_copy(one, two, "Cards", {"A2": (Level.WARNING, ["new"])})
    page = openpyxl.load_workbook(two)["Cards"]
    assert page["A2"].comment.text == "new"
    assert page["A2"].fill.fgColor.rgb == WARNING


def test_beyond_so_many_notes_cells_are_only_coloured(make_xlsx: MakeXlsx) -> None:
    source = make_xlsx("<sheetData/>")
    notes = {f"A{row}": (Level.ERROR, ["bad"]) for row in range(1, MAX_NOTES + 11)}
    target = source.with_name("marked.xlsx")
    assert annotate_copy(source, target, "Sheet1", notes) == (MAX_NOTES + 10, 10)
    drawing = parts(target)["xl/drawings/vmlDrawing1.vml"].decode()
    ids = [text.partition('"')[0] for text in drawing.split('<v:shape id="')[1:]]
    assert len(set(ids)) == len(ids) == MAX_NOTES
    assert 'data="1,2,3,4,5"' in drawing


def test_a_note_keeps_what_xml_cannot(make_xlsx: MakeXlsx) -> None:
    source = make_xlsx("<sheetData/>")
    target = source.with_name("marked.xlsx")
    annotate_copy(source, target, "Sheet1", {"A1": (Level.ERROR, ["\x00 \ud800 <b> & =1+1"])})
    page = openpyxl.load_workbook(target).active
    assert page is not None
    assert page["A1"].comment.text == "\ufffd \ufffd <b> & =1+1"


def test_names_that_excel_would_not_open_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.xlsm"):
        annotate_copy(rich(tmp_path / "mine.xlsm", macro=True), tmp_path / "marked.xlsx", "Cards", NOTES)
    with pytest.raises(UsageError, match=r"\.xlsx"):
        annotate_copy(rich(tmp_path / "mine.xlsx"), tmp_path / "marked.xlsm", "Cards", NOTES)
    assert not list(tmp_path.glob("*marked*"))


def test_stopping_leaves_the_old_copy_whole(tmp_path: Path) -> None:
    source, target = rich(tmp_path / "mine.xlsx"), tmp_path / "marked.xlsx"
    target.write_bytes(b"the old one")

    def stop(_done: int, _total: int) -> None:
        raise Cancelled("Stopped", "You stopped this.")

    with pytest.raises(Cancelled):
        annotate_copy(source, target, "Cards", NOTES, stop)
    assert target.read_bytes() == b"the old one"
    assert {path.name for path in tmp_path.iterdir()} == {"mine.xlsx", "marked.xlsx"}


def spoilt(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    content = parts(path)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, change(text) if name == part else text)
    return path


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet2.xml", lambda text: text.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        ("xl/worksheets/sheet2.xml", lambda text: text[: len(text) // 2]),
        (
            "xl/worksheets/sheet2.xml",
            lambda text: b"<!--" + b"x" * 5000 + b"-->" + b'<!DOCTYPE a [<!ENTITY b "c">]>' + text.partition(b"?>")[2],
        ),
        ("xl/styles.xml", lambda _text: b"<styleSheet/>"),
        ("xl/comments2.xml", lambda _text: b"no xml"),
        ("xl/drawings/vmlDrawing2.vml", lambda _text: b"<other/>"),
    ],
)
def test_a_workbook_that_cannot_be_marked_says_so(tmp_path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    source = spoilt(rich(tmp_path / "mine.xlsx"), part, change)
    with pytest.raises(FileError, match="with their problems marked instead"):
        annotate_copy(source, tmp_path / "marked.xlsx", "Cards", NOTES)
    assert not list(tmp_path.glob("*marked*"))


def test_no_such_sheet_any_more(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Open it again"):
        annotate_copy(rich(tmp_path / "mine.xlsx"), tmp_path / "marked.xlsx", "Gone", NOTES)
