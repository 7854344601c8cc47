"""Reading and writing 100,000 rows of ten cells, beside openpyxl and plain XlsxWriter."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlsxwriter

from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.read import read_table
from ochp_desktop.spreadsheet.write import write_xlsx

ROWS = 100_000


def measure() -> list[dict[str, object]]:
    """Seconds for each, ours and the peer's, on the same file in one run."""
    rows = sample()
    with tempfile.TemporaryDirectory() as folder:
        clean, zeros, out = (Path(folder) / name for name in ("clean.xlsx", "zeros.xlsx", "out.xlsx"))
        make(clean, rows)
        make(zeros, rows, numbers=(4, 6))
        assert len(read_table(clean).rows) == ROWS + 1
        return [
            result(
                "read .xlsx 100,000 x 10, clean, into rows",
                best(lambda: read_table(clean)),
                best(lambda: read_with_openpyxl(clean), 1),
                "at least 5 times openpyxl read-only",
                5.0,
            ),
            result(
                "read .xlsx 100,000 x 10, clean, matched and in a sheet",
                best(lambda: into_sheet(clean)),
                best(lambda: read_with_openpyxl(clean), 1),
                "at least 5 times openpyxl read-only",
                5.0,
            ),
            result(
                "read .xlsx 100,000 x 10, ids as numbers with formats in two columns",
                best(lambda: read_table(zeros)),
                best(lambda: read_with_openpyxl(zeros, formats=True), 1),
                "at most openpyxl's own time",
                1.0,
            ),
            result(
                "write .xlsx 100,000 x 10",
                best(lambda: write_xlsx(out, TOKENS, rows)),
                best(lambda: write_with_xlsxwriter(out, rows)),
                "at most a third slower than XlsxWriter alone",
                0.75,
            ),
        ]


def result(name: str, ours: float, peer: float, target: str, least: float) -> dict[str, object]:
    """One line of the table; the ratio is the peer's time over ours."""
    ratio = peer / ours
    return {
        "name": name,
        "ours": ours,
        "peer": peer,
        "unit": "s",
        "ratio": ratio,
        "target": target,
        "ok": ratio >= least,
    }


def best(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of some runs: the others were disturbed."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def sample() -> list[list[str]]:
    """A roaming list as clearing houses see it."""
    chance = random.Random(2012)
    return [
        [
            f"NL-TNM-{number:09}-K",
            str(number % 4),
            "1",
            f"{chance.getrandbits(56):014X}",
            f"{number:08}",
            f"{number % 28 + 1:02}/12/2030",
            f"{number % 10_000:04}",
            str(number % 2),
            "1",
            "",
        ]
        for number in range(ROWS)
    ]


def into_sheet(path: Path) -> Sheet:
    """The whole way of an import, short of the checks."""
    table = read_table(path)
    matching = match_columns(table.rows, TOKENS)
    records = list(matching.records(table.rows))
    sheet = Sheet(TOKENS)
    sheet.load((texts for _number, texts in records), (number for number, _texts in records))
    return sheet


def make(path: Path, rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
    """A workbook as Excel writes it, with shared strings; some columns as numbers whose format shows the zeros."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    zeros = book.add_format({"num_format": "00000000"})
    for column, name in enumerate(TOKENS.names):
        sheet.write_string(0, column, name)
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            if column in numbers:
                sheet.write_number(line, column, int(text), zeros)
            elif text:
                sheet.write_string(line, column, text)
    book.close()


def read_with_openpyxl(path: Path, *, formats: bool = False) -> list[list[object]]:
    """What a plain script would do; with formats where leading zeros matter."""
    book = openpyxl.load_workbook(path, read_only=True)
    sheet = book.worksheets[0]
    if formats:
        return [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def write_with_xlsxwriter(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """The shortest script that writes the same cells."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(line, column, text)
    book.close()
