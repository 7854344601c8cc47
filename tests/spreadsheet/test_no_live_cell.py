"""Whatever stands in a cell, it leaves as text: no formula, no link, in no program and in no kind of file."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.clipboard import format_columns
from ochp_desktop.sheet.html_table import format_html
from ochp_desktop.spreadsheet.annotate import annotate_copy
from ochp_desktop.spreadsheet.badrows import write_bad_rows
from ochp_desktop.spreadsheet.csvfile import guarded, unguarded
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.report import write_report
from ochp_desktop.spreadsheet.template import write_template
from ochp_desktop.spreadsheet.write import EXCEL_CSV, PLAIN_CSV, CsvStyle, write_csv, write_table, write_xlsx

from .office import converted, needs_office

HOSTILE = [
    "=1+1", "+A1", "-2+3", "@SUM(A1:A2)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋A1", "－2+3", "＠SUM(A1)", " =1+1",
    "\u00a0=1+1", "=cmd|' /C calc'!A0", "@cmd|' /C calc'!A0", '=HYPERLINK("http://example.org","x")', "{=1+1}",
    "http://example.org", "https://example.org/?a=1", "mailto:a@example.org", "file:///etc/passwd", "\\\\server\\share",
    "'=1+1", "'", "''=1", '"=1+1"', '="0042"', "a\n=1+1", "a\r\n=1+1", "x;=1+1;y", "x,=1+1,y", "x\t=1+1\ty", "x|=1+1|y",
    'x";=1+1;"y', "x; =1+1", "=1+1;=1+1", "<r><t>x</t></r>", "<f>1+1</f>", "]]><f>1+1</f>", "&#61;1+1", "_x003D_1+1",
    "#N/A", "TRUE", "1E5", "0042", '=DDE("soffice";"x";"y")', '=WEBSERVICE("http://example.org")', "-1", "+31612345678",
]  # fmt: skip
WIDTH = len(TOKENS)
ROWS = [[HOSTILE[(row + column) % len(HOSTILE)] for column in range(WIDTH)] for row in range(len(HOSTILE))]
PROBLEMS = {
    row: [Problem(row, "tokenId", "x.y", Level.ERROR, "{value} is no card.", {"value": ROWS[row][3]}, repair="=2+2")]
    for row in range(len(ROWS))
}
CSV_STYLES = {"commas": PLAIN_CSV, "semicolons": EXCEL_CSV, "tabs": CsvStyle("\t")}


def report(path: Path) -> None:
    write_report(path, TOKENS, ROWS, range(len(ROWS)), PROBLEMS, "=cards.xlsx")


def marked(path: Path) -> None:
    source = path.with_name("source.xlsx")
    write_xlsx(source, TOKENS, ROWS)
    annotate_copy(source, path, "Roaming tokens", {"D2": (Level.ERROR, HOSTILE), "A99": (Level.HINT, ["=1"])})


WORKBOOKS: dict[str, Callable[[Path], object]] = {
    "export": lambda path: write_xlsx(path, TOKENS, ROWS),
    "wire": lambda path: write_table(path, TOKENS, ROWS, sheet="=1+1"),
    "bad-rows": lambda path: write_bad_rows(path, TOKENS, dict(enumerate(ROWS)), PROBLEMS),
    "report": report,
    "marked": marked,
    "template": lambda path: write_template(path, TOKENS),
}


@pytest.mark.parametrize("what", WORKBOOKS)
def test_in_a_workbook_every_cell_is_text(tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{what}.xlsx"
    WORKBOOKS[what](path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert not [name for name in names if "externalLink" in name or "connections" in name or name.endswith(".bin")]
        for name in names:
            if name.endswith(".rels"):
                assert b"External" not in archive.read(name)
            if name.startswith("xl/worksheets/sheet"):
                found = {etree.QName(element).localname for element in etree.fromstring(archive.read(name)).iter()}
                assert not found & {"f", "hyperlink", "hyperlinks", "oleObjects", "controls"}
    for page in openpyxl.load_workbook(path):
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.value is None or cell.data_type in {"s", "inlineStr"}, cell.coordinate
    values = CalamineWorkbook.from_path(path)
    for name in values.sheet_names:
        assert all(isinstance(value, str) for row in values.get_sheet_by_name(name).to_python() for value in row)
    if what != "template":
        table = read_table(path)
        assert table.marks == []
        assert [list(texts) for _row, texts in match_columns(table.rows, TOKENS).records(table.rows)] == ROWS


def cells(path: Path, delimiter: str) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for record in csv.reader(file, delimiter=delimiter):
            yield from record


@pytest.mark.parametrize("style", CSV_STYLES)
def test_in_a_text_table_no_cell_begins_a_formula_however_it_is_cut(tmp_path: Path, style: str) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, TOKENS, ROWS, style=CSV_STYLES[style])
    live_start = re.compile(r"\s*[=+\-@＝＋－＠]")
    # A program of another country takes another character for the one between cells.
    for delimiter in ",;\t|":
        for cell in cells(path, delimiter):
            assert not live_start.match(cell), (delimiter, cell)
    table = read_table(path)
    assert [list(texts) for _row, texts in match_columns(table.rows, TOKENS).records(table.rows)] == ROWS


@given(st.text(st.sampled_from("=+-@\t\r\n＝' \u00a0;,|a5\""), max_size=12))
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(guarded(text)) != guarded(text) or guarded(text) == text


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def live(path: Path) -> list[str]:
    """What is a formula, a link or an outside source in a flat OpenDocument sheet."""
    root = etree.parse(path, etree.XMLParser(huge_tree=True)).getroot()
    found = [
        f"formula {cell.get(f'{TABLE}formula')}"
        for cell in root.iter(f"{TABLE}table-cell")
        if cell.get(f"{TABLE}formula") is not None
    ]
    return found + [
        str(element.tag)
        for element in root.iter(f"{TEXT}a", f"{TABLE}cell-range-source", f"{TABLE}dde-link", f"{TABLE}table-source")
    ]


@needs_office
@pytest.mark.parametrize("what", WORKBOOKS)
def test_libreoffice_finds_nothing_alive_in_a_workbook(tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{what}.xlsx"
    WORKBOOKS[what](path)
    flat = converted(path, "fods", tmp_path / "out")
    assert live(flat) == []
    kinds = {cell.get(f"{OFFICE}value-type") for cell in etree.parse(flat).iter(f"{TABLE}table-cell")}
    assert kinds == {None, "string"}


# (delimiter as its character number, whether blanks around cells are dropped)
IMPORTS = [("44", "false"), ("59", "true"), ("44/59/9", "true")]


@needs_office
@pytest.mark.parametrize(("delimiter", "trim"), IMPORTS)
@pytest.mark.parametrize("style", CSV_STYLES)
def test_libreoffice_finds_nothing_alive_in_a_text_table(tmp_path: Path, style: str, delimiter: str, trim: str) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, TOKENS, ROWS, style=CSV_STYLES[style])
    form = f"CSV:{delimiter},34,76,1,,1033,false,false,false,false,{trim},0,true"
    assert live(converted(path, "fods", tmp_path / "out", form)) == []


@needs_office
def test_libreoffice_would_find_what_is_not_guarded(tmp_path: Path) -> None:
    path = tmp_path / "raw.csv"
    path.write_text('a;b\n=1+1;=HYPERLINK("http://example.org")\n', encoding="utf-8")
    assert (
        len(
            live(converted(path, "fods", tmp_path / "out", "CSV:59,34,76,1,,1033,false,false,false,false,false,0,true"))
        )
        == 2
    )


@needs_office
def test_cells_copied_to_libreoffice_stay_the_texts_they_are(tmp_path: Path) -> None:
    """What it finds on the clipboard is read as a web page is."""
    page = tmp_path / "clipboard.html"
    texts = [text for text in HOSTILE if not set(text) & set("\t\r\n\u00a0")]
    turned = [*texts[1:], texts[0]]
    page.write_text(format_html([format_columns([texts, turned])]), encoding="utf-8")
    sheet = openpyxl.load_workbook(converted(page, "xlsx", tmp_path / "out", "HTML (StarCalc)")).worksheets[0]
    rows = [list(row[:2]) for row in sheet.iter_rows()]
    assert {cell.data_type for row in rows for cell in row} == {"s"}
    assert [[str(cell.value).strip() for cell in row] for row in rows] == [
        [one.strip(), other.strip()] for one, other in zip(texts, turned, strict=True)
    ]
