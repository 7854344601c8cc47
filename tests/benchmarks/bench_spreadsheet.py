"""Reading 100,000 rows of ten cells, beside openpyxl and LibreOffice; `bench_export` writes them."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlsxwriter

from ochp_desktop.jobs.import_file import import_file
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.read import read_table

ROWS = 100_000


def measure() -> list[dict[str, object]]:
    """Seconds for each, ours and the peer's, on the same file in one run."""
    rows = sample()
    with tempfile.TemporaryDirectory() as folder:
        clean, zeros = (Path(folder) / name for name in ("clean.xlsx", "zeros.xlsx"))
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
            *against_libreoffice(clean),
            result(
                "read .xlsx 100,000 x 10, ids as numbers with formats in two columns",
                best(lambda: read_table(zeros)),
                best(lambda: read_with_openpyxl(zeros, formats=True), 1),
                "at most openpyxl's own time",
                1.0,
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
    """The whole way of an import: read, matched, searched for damage, in a sheet."""
    job = import_file(path, None, Cancel())
    while True:
        try:
            next(job)
        except StopIteration as end:
            sheet: Sheet = end.value.sheet
            return sheet


def against_libreoffice(path: Path) -> list[dict[str, object]]:
    """Beside LibreOffice, where it is installed: its load without its start, and with writing a .csv."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        small = Path(folder) / "small.xlsx"
        make(small, sample()[:1])

        def convert(source: Path, kind: str) -> Callable[[], object]:
            command = [
                program,
                f"-env:UserInstallation={home.as_uri()}",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                folder,
                str(source),
            ]
            return lambda: subprocess.run(command, check=True, capture_output=True)

        convert(small, "csv")()  # its first start makes its settings
        start = best(convert(small, "csv"))
        whole = best(convert(path, "csv"), 2)
        load = whole - start
        return [
            result(
                "read .xlsx 100,000 x 10, clean, into rows, beside LibreOffice",
                best(lambda: read_table(path)),
                load,
                "at least 2.5 times LibreOffice's load",
                2.5,
            )
        ]


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
