"""The whole list of hostile and broken input, and real files with bytes flipped: a clear error or a faithful read."""

from __future__ import annotations

import random
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.read import Limits, read_table

from .conftest import SHEET_HEAD, MakeXlsx

CORPUS = Path(__file__).parent / "corpus"
SHARED_HEAD = '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def test_a_bomb_in_the_string_table(make_xlsx: MakeXlsx) -> None:
    strings = f"{SHARED_HEAD}<si><t>{'a' * 40_000_000}</t></si></sst>"
    with pytest.raises(FileError, match="unpacks to far more"):
        read_table(make_xlsx("<sheetData/>", sharedStrings=strings))


def test_a_million_styled_empty_rows(make_xlsx: MakeXlsx) -> None:
    rows = "".join(f'<row r="{row}" s="0" customFormat="1"/>' for row in range(2, 1_048_577))
    path = make_xlsx(f"<sheetData><row r='1'><c r='A1'><v>1</v></c></row>{rows}</sheetData>")
    try:
        assert read_table(path).rows == [["1"]]
    except FileError as error:  # packed more than 100 : 1
        assert "unpacks" in error.text  # noqa: PT017 - either is right


def test_as_many_rows_as_excel_has(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "rows.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "Token id")
    sheet.write_string(1_048_575, 0, "04AB12CD")
    book.close()
    table = read_table(tmp_path / "rows.xlsx")
    assert len(table.rows) == 1_048_576
    assert table.rows[-1] == ["04AB12CD"]


def test_as_many_columns_as_excel_has(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "columns.xlsx"))
    sheet = book.add_worksheet()
    for column in range(16_384):
        sheet.write_string(0, column, f"c{column}")
    book.close()
    table = read_table(tmp_path / "columns.xlsx")
    assert len(table.rows[0]) == 16_384
    assert table.rows[0][-1] == "c16383"


def test_control_characters_and_lone_surrogates(make_xlsx: MakeXlsx) -> None:
    cells = "".join(
        f"<c r='{name}1' t='inlineStr'><is><t xml:space='preserve'>{text}</t></is></c>"
        for name, text in (("A", "a_x0000_b"), ("B", "c_x0007_d"), ("C", "e_xD800_f"), ("D", "&#9;x"))
    )
    (row,) = read_table(make_xlsx(f"<sheetData><row r='1'>{cells}</row></sheetData>")).rows
    assert len(row) == 4
    assert row[0].startswith("a")
    assert row[2].endswith("f")
    assert row[3] == "\tx"


def test_nul_in_text_files(tmp_path: Path) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes(b"Token id;Hub\n04AB\x0012CD;2\n04AB12CE;3\n")
    try:
        assert read_table(path).rows[2] == ["04AB12CE", "3"]
    except FileError as error:
        assert error.text  # noqa: PT017 - either is right


def test_lone_surrogates_in_text_files(tmp_path: Path) -> None:
    path = tmp_path / "half.csv"
    path.write_bytes("Token id;Remark\n04AB12CD;x\ud800y\n".encode("utf-16-le", "surrogatepass"))
    with pytest.raises(FileError, match=r"not written in|no spreadsheet"):
        read_table(path)


def test_external_links_and_dde_are_never_followed(make_xlsx: MakeXlsx) -> None:
    cells = (
        "<c r='A1'><f>[1]Other!A1</f><v>5</v></c><c r='B1' t='str'><f>cmd|'/c calc'!A0</f><v>x</v></c>"
        "<c r='C1' t='str'><f>HYPERLINK(\"http://192.0.2.1/\")</f><v>y</v></c>"
    )
    link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    table = read_table(
        make_xlsx(f"<sheetData><row r='1'>{cells}</row></sheetData>", **{"externalLinks/externalLink1": link})
    )
    assert table.rows == [["5", "x", "y"]]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_document_type_in_any_part(make_xlsx: MakeXlsx, tmp_path: Path, part: str) -> None:
    source = make_xlsx("<sheetData/>")
    path = tmp_path / "dtd.xlsx"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            if name == part:
                content = content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
            target.writestr(name, content)
    with pytest.raises(FileError, match="document type"):
        read_table(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", ["libreoffice/plain.xlsx", "libreoffice/plain.ods", "libreoffice/plain.xls"])
def test_cut_off_files(tmp_path: Path, name: str, share: float) -> None:
    content = (CORPUS / name).read_bytes()
    path = tmp_path / Path(name).name
    path.write_bytes(content[: int(len(content) * share)])
    try:
        # Of an .xls, what is cut off may be nothing that matters.
        assert read_table(path).rows
    except FileError as error:
        assert error.title  # noqa: PT017 - either is right


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsx"])
def test_protected_by_a_password(suffix: str) -> None:
    """The .xlsx is encrypted as Excel does it (agile encryption in a compound file), by msoffcrypto-tool."""
    with pytest.raises(FileError, match="password"):
        read_table(CORPUS.parent / "protected" / f"secret.{suffix}")


def test_text_inside_a_file_called_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "cards.xlsx"
    path.write_text("Token id;Hub\n04AB12CD;2\n", encoding="utf-8")
    table = read_table(path)
    assert table.rows[1] == ["04AB12CD", "2"]
    assert "really" in table.notices[0]


def test_a_cell_in_the_last_corner_of_an_xls_and_an_ods(tmp_path: Path) -> None:
    """A far cell makes a large area; it is read within the limits or refused in words."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "x"
    book.active["IV65536"] = "y"
    book.save(tmp_path / "far.xlsx")
    try:
        assert read_table(tmp_path / "far.xlsx").rows[-1][-1] == "y"
    except FileError as error:
        assert error.text  # noqa: PT017 - either is right


SEEDS = sorted(path for path in CORPUS.glob("*/*") if path.stem in {"zeros", "formulas", "hidden", "merged", "dates"})


@pytest.mark.parametrize("source", SEEDS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_mutated_real_files_end_in_a_table_or_an_error(source: Path, tmp_path: Path) -> None:
    """Bytes flipped in the parts of archives and in whole files; a fixed seed, and at most three seconds for each."""
    chance = random.Random(source.name)
    end = time.monotonic() + 3
    for turn in range(6):
        path = tmp_path / f"{turn}{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), chance, archive=zipfile.is_zipfile(source)))
        try:
            table = read_table(path, limits=Limits(memory=1_500_000_000, cpu=20, deadline=30))
            assert table.rows
        except FileError as error:
            assert error.title  # noqa: PT017 - either is right
            assert "Traceback" not in error.text  # noqa: PT017
        if time.monotonic() > end:
            break


def mutated(content: bytes, chance: random.Random, *, archive: bool) -> bytes:
    if not archive:
        return flipped(content, chance)
    from io import BytesIO

    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        victims = set(chance.sample(names, min(2, len(names))))
        for name in names:
            part = source.read(name)
            target.writestr(name, flipped(part, chance) if name in victims else part)
    return out.getvalue()


def flipped(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a stretch doubled or taken out."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 255, 60, 62, 34, chance.randrange(256)))
    if damaged and chance.random() < 0.4:
        at, length = chance.randrange(len(damaged)), chance.randint(1, 400)
        if chance.random() < 0.5:
            del damaged[at : at + length]
        else:
            damaged[at:at] = damaged[at : at + length] * chance.randint(1, 3)
    return bytes(damaged)


def test_the_seeds_are_there() -> None:
    assert len(SEEDS) >= 15
    assert SHEET_HEAD
