"""Reading 100,000 rows of ten cells, beside openpyxl and LibreOffice; `bench_export` writes them."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
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
    """Beside LibreOffice, where it is installed: it loads the same file and does nothing else with it.

    Two lines. *With their starts*: a process of each that is started, has the file's rows in memory and ends; what
    somebody waits who calls either for this file. *Without*: LibreOffice runs already and times its own call that loads
    the file; ours is the call in a running program, its reading child's start included.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        home, answer = Path(folder) / "home", Path(folder) / "answer.txt"
        office = [program, f"-env:UserInstallation={home.as_uri()}", "--headless"]
        # Its first start makes its settings.
        subprocess.run([*office, "--convert-to", "csv", "--outdir", folder, str(path)], check=True, capture_output=True)
        basic = home / "user" / "basic" / "Standard"
        basic.mkdir(parents=True, exist_ok=True)
        (basic / "Load.xba").write_text(_MACRO)
        (basic / "script.xlb").write_text(_LIBRARY)
        loads: list[float] = []

        def load() -> None:
            call = f'macro:///Standard.Load.Main("{path.as_uri()}","{answer}",{ROWS})'
            subprocess.run([*office, call], check=True, capture_output=True)
            milliseconds, last = answer.read_text().split()
            assert last == f"NL-TNM-{ROWS - 1:09}-K", "the whole file was loaded"
            loads.append(int(milliseconds) / 1000)

        whole = best(load)
        script = "import sys; from ochp_desktop.spreadsheet.read import read_table; read_table(sys.argv[1])"
        own = [sys.executable, "-c", script, str(path)]
        return [
            result(
                "load .xlsx 100,000 x 10 beside LibreOffice, both with their starts",
                best(lambda: subprocess.run(own, check=True)),
                whole,
                "at least 2.5 times LibreOffice's headless load",
                2.5,
            ),
            result(
                "load .xlsx 100,000 x 10 beside LibreOffice, running already",
                best(lambda: read_table(path)),
                min(loads),
                "for comparison",
                0.0,
            ),
        ]


_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Load" script:language="StarBasic">
Sub Main(address As String, answer As String, row As Long)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  begun = GetSystemTicks()
  book = StarDesktop.loadComponentFromURL(address, "_blank", 0, hidden())
  ticks = GetSystemTicks() - begun
  number = FreeFile
  Open answer For Output As #number
  Print #number, CStr(ticks)
  Print #number, book.Sheets.getByIndex(0).getCellByPosition(0, row).String
  Close #number
  book.close(True)
  StarDesktop.terminate()
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
  library:passwordprotected="false">
 <library:element library:name="Load"/>
</library:library>
"""


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
