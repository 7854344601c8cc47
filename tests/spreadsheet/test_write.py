"""Files that we write: they come back unchanged, hold no live formula, and a failure leaves the old one whole."""

from __future__ import annotations

import csv
import errno
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ochp_desktop.errors import FileError, UsageError
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet import output
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.report import write_report
from ochp_desktop.spreadsheet.template import write_template
from ochp_desktop.spreadsheet.write import EXCEL_CSV, PLAIN_CSV, write_csv, write_table, write_xlsx
from tests.spreadsheet.readhere import read_here

NASTY = [
    "0042", "=1+1", "1E5", "12E45", "-5", "+31612345678", "@SUM(A1)", "\ttab", "\rcr", "line\nbreak", "two\r\nlines",
    "'apostrophe", "'=1", "''=1", " blanks ", "\u00a0", "é😀", '"quoted"', '="0042"', "a;b,c|d", "#N/A", "TRUE",
    "31/12/2027", "_x000D_", "_x0041_", "_x0041_x0042_",
    "<r><t>=1+1</t></r>", "\x00", "\x1f", "http://example.org", "{=1}", "0,0004", "<a>&amp;", "sep=;",
    "x" * 32_767,
]  # fmt: skip
# What XML can hold; half characters and two reserved ones are replaced, which has its own test.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"), max_size=30
) | st.sampled_from(NASTY)
WIDTH = len(TOKENS)
ROWS = st.lists(st.lists(TEXTS, min_size=WIDTH, max_size=WIDTH).filter(any), max_size=5)


def read_back(path: Path) -> list[list[str]]:
    rows = read_here(path).rows
    return [list(texts) for _number, texts in match_columns(rows, TOKENS).records(rows)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, headers=st.sampled_from(["labels", "wire"]))
def test_workbooks_come_back_unchanged(tmp_path: Path, rows: list[list[str]], headers: str) -> None:
    path = tmp_path / "out.xlsx"
    assert write_xlsx(path, TOKENS, rows, headers=headers) == len(rows)  # type: ignore[arg-type] # one of the two
    assert read_back(path) == rows


@example(rows=[["", "", "", "", "", "", "=", "\n", "=", "\n"]], style=PLAIN_CSV)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, style=st.sampled_from([PLAIN_CSV, EXCEL_CSV]))
def test_text_tables_come_back_unchanged(tmp_path: Path, rows: list[list[str]], style: object) -> None:
    path = tmp_path / "out.csv"
    write_csv(path, TOKENS, rows, style=style)  # type: ignore[arg-type] # one of the two
    assert read_back(path) == rows


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".tsv", ".txt"])
def test_through_the_child_process_with_every_nasty_text(tmp_path: Path, kind: object, suffix: str) -> None:
    assert kind in KINDS.values()
    fields = len(kind)  # type: ignore[arg-type] # a RecordKind
    rows = [[NASTY[(row + column) % len(NASTY)] for column in range(fields)] for row in range(len(NASTY))]
    path = tmp_path / f"out{suffix}"
    write_table(path, kind, rows)  # type: ignore[arg-type] # as above
    table = read_table(path)
    found = match_columns(table.rows, kind)  # type: ignore[arg-type] # as above
    assert [list(texts) for _number, texts in found.records(table.rows)] == rows
    assert set(found.how.values()) == {"name"}
    assert table.marks == []


def test_no_cell_is_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_xlsx(path, TOKENS, [(NASTY * 2)[start : start + WIDTH] for start in range(0, len(NASTY), WIDTH)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not any("externalLink" in name for name in archive.namelist())
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<c " in sheet
    assert all('t="inlineStr"' in cell for cell in sheet.split("<c ")[1:] if "<is>" in cell or "<v>" in cell)


def test_no_csv_cell_starts_like_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "out.csv", TOKENS, [NASTY[:WIDTH]] * 2, style=EXCEL_CSV)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        for record in csv.reader(file, delimiter=";"):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in record)


def test_a_workbook_is_ready_for_work(tmp_path: Path) -> None:
    """Text format, frozen and filtered header, choice lists, protocol names as notes, coloured cells with notes."""
    problem = Problem(1, "expiryDate", "x.y", Level.ERROR, "{value} is no date.", {"value": "99"})
    path = tmp_path / "out.xlsx"
    rows = [["NL", "2", "1", "04AB", "0042", "99", "0427", "0", "1", ""]] * 2
    write_xlsx(path, TOKENS, rows, problems={1: [problem]})
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.title == "Roaming tokens"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:J3"
    assert sheet["A1"].value == "Contract id"
    assert sheet["A1"].comment.text == "evcoId"
    assert {sheet.cell(2, column + 1).number_format for column in range(WIDTH)} - {"General"} == {"@"}
    assert sheet.column_dimensions["A"].width > 20
    assert sheet["F3"].comment.text == "99 is no date."
    assert sheet["F3"].fill.fgColor.rgb == "FFFDE4E1"
    assert sheet["F2"].comment is None
    validated = " ".join(str(rule.sqref) for rule in sheet.data_validations.dataValidation)
    for column, field in zip("ABCDEFGHIJ", TOKENS, strict=True):
        assert (f"{column}2:" in validated) == bool(field.type.choices())


def test_headers_on_the_wire(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "wire.xlsx", TOKENS, [], headers="wire")
    assert read_table(tmp_path / "wire.xlsx").rows == [list(TOKENS.names)]


def test_any_text_makes_a_sheet_name(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "out.xlsx", TOKENS, [], sheet="'[A/B]:*?\\ \x01' " + "x" * 40)
    assert read_table(tmp_path / "out.xlsx").sheet == "'-A-B----- -' xxxxxxxxxxxxxxxxx"[1:]


def test_what_xml_cannot_hold_becomes_the_replacement_character(tmp_path: Path) -> None:
    row = ["a\ud800b", "\uffff"] + [""] * (WIDTH - 2)
    for name in ("out.xlsx", "out.csv"):
        write_table(tmp_path / name, TOKENS, [row])
        assert read_back(tmp_path / name)[0][0] in {"a\ufffdb", "a?b"}


def test_too_long_a_text_names_its_cell_and_leaves_no_file(tmp_path: Path) -> None:
    row = [""] * WIDTH
    row[3] = "x" * 32_768
    with pytest.raises(FileError, match=r"Cell D2 of out\.xlsx"):
        write_xlsx(tmp_path / "out.xlsx", TOKENS, [row])
    assert list(tmp_path.iterdir()) == []


def failing() -> Iterator[Sequence[str]]:
    yield ["x"] * WIDTH
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("the old one")
    with pytest.raises(FileError, match="The disk is full"):
        write_table(path, TOKENS, failing())
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_locked_file_a_missing_folder_and_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileError, match="The folder is gone"):
        write_csv(tmp_path / "nowhere" / "out.csv", TOKENS, [])
    with pytest.raises(FileError, match="is a folder"):
        write_csv(tmp_path, TOKENS, [])

    def locked(_self: Path, _target: Path) -> Path:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    monkeypatch.setattr(output.Path, "replace", locked)
    with pytest.raises(FileError, match="open in another program"):
        write_csv(tmp_path / "out.csv", TOKENS, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes and links are POSIX")
def test_modes_and_links_stay(tmp_path: Path) -> None:
    target = tmp_path / "real.csv"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    write_csv(link, TOKENS, [])
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_text().startswith("Contract id")


def test_an_unknown_ending_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"out\.pdf"):
        write_table(tmp_path / "out.pdf", TOKENS, [])


def test_a_report_lists_the_problems_and_hides_the_pin(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    rows = [["NL", "2", "1", "04AB", "0042", "99", "042799", "0", "1", ""]] * 3
    problems = {
        12: [Problem(12, "pin", "pin.length", Level.WARNING, "The PIN is odd.", {}, repair="123456")],
        11: [Problem(11, "expiryDate", "expiry-date.format", Level.ERROR, "{value} is no date.", {"value": "=99"})],
        99: [Problem(99, "pin", "gone", Level.ERROR, "not in these rows", {})],
    }
    count = write_report(
        path, TOKENS, rows, [10, 11, 12], problems, "cards.xlsx",
        where=lambda p: (str(p.row + 5), f"Q{p.row + 5}") if p.row == 11 else ("", ""),
    )  # fmt: skip
    assert count == 2
    book = openpyxl.load_workbook(path)
    listed = [[cell.value for cell in row] for row in book["Problems"].iter_rows()]
    assert listed[0][0] == "Checked: cards.xlsx"
    assert listed[1] == ["Row", "Cell", "Field", "Level", "Message", "Value", "Repair", "Rule", "Row in this workbook"]
    assert listed[2] == ["16", "Q16", "Expires", "Error", "=99 is no date.", "99", None, "expiry-date.format", "3"]
    assert listed[3] == [None, None, "PIN", "Warning", "The PIN is odd.", "••••••", "••••••", "pin.length", "4"]
    assert book["Roaming tokens"]["F3"].comment.text == "=99 is no date."
    assert read_back(path) == rows


def test_rows_with_wrapped_texts_are_high_enough(tmp_path: Path) -> None:
    """LibreOffice does not work it out; lines would lie over each other."""
    write_template(tmp_path / "out.xlsx", TOKENS)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[1]
    heights = [page.row_dimensions[row].height or 15 for row in range(4, 4 + WIDTH)]
    assert max(heights) > 15
    assert max(heights) <= 409
