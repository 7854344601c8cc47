"""The corpus: the same small tables written by several programs, each read as the one text that is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.spreadsheet.rawtable import RawTable
from ochp_desktop.spreadsheet.read import read_table

from .cases import CASES, Case
from .producers import PRODUCERS

CORPUS = Path(__file__).parent / "corpus"
BY_NAME = {case.name: case for case in CASES}
FILES = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
# Notices about the file as a whole; those about cells must be exactly the expected ones.
ABOUT_FILE = ("is really", "Read as text")
NEVER_CALCULATED = {"formulas": ("=40+2", '="00"&"43"'), "errors": ("=1/0", "=NA()")}


def check(case: Case, table: RawTable, producer: str) -> None:
    rows = [list(row) for row in table.rows]
    expected = [list(row) for row in case.expected]
    if producer == "openpyxl" and case.name in NEVER_CALCULATED:
        for row, formula in zip(expected[1:], NEVER_CALCULATED[case.name], strict=True):
            row[1] = formula
    width = max(len(row) for row in expected)
    assert [row + [""] * (width - len(row)) for row in rows] == [row + [""] * (width - len(row)) for row in expected]
    check_notices(case, table, producer)


def check_notices(case: Case, table: RawTable, producer: str) -> None:
    said = [notice for notice in table.notices if not any(part in notice for part in ABOUT_FILE)]
    wanted = list(case.notices)
    if producer == "openpyxl" and case.name in NEVER_CALCULATED:
        wanted = ["never calculated"]
    elif case.name == "zeros" and table.path.suffix == ".html":
        wanted = []  # a web page has nothing but what is shown
    elif case.name == "booleans" and producer == "libreoffice":
        wanted = [notice for notice in said if "TRUE or FALSE" in notice or "formula" in notice]  # written as =TRUE()
    for part in wanted:
        assert any(part in notice for notice in said), (part, said)
    assert len(said) == len(wanted), said


def test_the_corpus_is_large_enough() -> None:
    assert len(FILES) + len(CASES) * len(PRODUCERS) >= 60
    assert {path.parent.name for path in FILES} | set(PRODUCERS) >= {
        "libreoffice",
        "xlwt",
        "odfpy",
        "openpyxl",
        "xlsxwriter",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_files_of_other_programs(path: Path) -> None:
    check(BY_NAME[path.stem], read_table(path), path.parent.name)


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_of_the_locked_libraries(case: Case, producer: str, tmp_path: Path) -> None:
    path = tmp_path / f"{case.name}.xlsx"
    PRODUCERS[producer](case, path)
    check(case, read_table(path), producer)
