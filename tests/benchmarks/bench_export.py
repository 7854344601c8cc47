"""100,000 rows leave the window as files: beside XlsxWriter alone, and how long the window stands still at most."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import xlsxwriter

from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.newbook import MAX_ROWS
from ochp_desktop.spreadsheet.recordsheet import header_texts
from ochp_desktop.spreadsheet.write import write_xlsx

from .bench_spreadsheet import ROWS, sample

RUNS = 3
LEAST = 0.75
"""XlsxWriter's time over ours: at most a third slower is three quarters."""
STALL = 100.0
BEAT = 5
"""Milliseconds."""


def measure() -> list[dict[str, Any]]:
    """Processor seconds of writing, and the longest gap between two beats of the window's clock meanwhile."""
    rows = sample()
    with tempfile.TemporaryDirectory() as folder:
        ours, peer = Path(folder, "ours.xlsx"), Path(folder, "peer.xlsx")
        pairs = [
            (processor(lambda: write_xlsx(ours, TOKENS, rows)), processor(lambda: write_with_xlsxwriter(peer, rows)))
            for _run in range(RUNS)
        ]
        our_time, peer_time = (min(times) for times in zip(*pairs, strict=True))
        written = {
            "name": "write .xlsx 100,000 x 10",
            "ours": our_time,
            "peer": peer_time,
            "unit": "s of processor time",
            "ratio": peer_time / our_time,
            "target": "at most a third slower than XlsxWriter alone with the same cells, formats, lists and notes",
            "ok": peer_time / our_time >= LEAST,
        }
        return [written, *stalls(Path(folder))]


def processor(work: Callable[[], object]) -> float:
    """Processor seconds of this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def write_with_xlsxwriter(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """A plain script that writes the same cells with the same formats, choice lists, header and notes."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@", "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True})
    for column, (field, title) in enumerate(zip(TOKENS, header_texts(TOKENS, "labels"), strict=True)):
        sheet.set_column(column, column, field.width, text)
        sheet.write_string(0, column, title, head)
        sheet.write_comment(0, column, field.name)
        choices = [choice for choice, _shown in field.type.choices()]
        if choices:
            sheet.data_validation(1, column, MAX_ROWS - 1, column, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(TOKENS) - 1)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(line, column, cell, text)
    book.close()


def stalls(folder: Path) -> list[dict[str, Any]]:
    """The longest gap for each kind of file, from the click on."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ochp_desktop.app import GarbageCollector
    from ochp_desktop.gui import theme
    from ochp_desktop.gui.tabs import make_tabs
    from ochp_desktop.gui.tokens_tab import TokensTab
    from ochp_desktop.gui.window import MainWindow
    from ochp_desktop.jobs.check_sheet import check_sheet
    from ochp_desktop.jobs.import_file import import_file
    from ochp_desktop.jobs.job import Cancel, run
    from ochp_desktop.practice import samples
    from ochp_desktop.records.rules import Facts

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    collector = GarbageCollector(app)
    source = folder / "source.xlsx"
    damaged = [
        (*row[:5], "99" if number % 10 == 0 else row[5], *row[6:])
        for number, row in enumerate(samples.tokens(samples.LADENETZ, ROWS, date(2031, 1, 31)))
    ]
    write_xlsx(source, TOKENS, damaged)
    sheet: Sheet = run(import_file(source, TOKENS, Cancel())).sheet
    checker = run(check_sheet(sheet, Facts(), Cancel()))
    window = MainWindow(folder / "data", make_tabs)
    window.resize(1280, 800)
    window.show()
    window.screens.setCurrentWidget(window.work)
    tab = window.tabs[0]
    assert isinstance(tab, TokensTab)
    tab.show_sheet(sheet, checker, "source.xlsx", keep=False)
    idle(app, 2)
    exports: list[tuple[str, str, Callable[[Path], object]]] = [
        ("an Excel file", "a.xlsx", tab.export_to),
        ("a CSV file", "a.csv", tab.export_to),
        ("all rows with 10,000 problems marked", "b.xlsx", tab.report_to),
        ("10,000 bad rows", "c.xlsx", tab.bad_rows_to),
        ("a marked copy", "d.xlsx", tab.marked_to),
    ]
    found = [stall(app, window, what, folder / name, do) for what, name, do in exports]
    window.runner.close()
    window.deleteLater()
    collector.stop()
    return found


def idle(app: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()


def stall(app: Any, window: Any, what: str, path: Path, do: Callable[[Path], object]) -> dict[str, Any]:
    """The longest time between two beats while one file is written."""
    from PySide6.QtCore import QTimer

    # Time in which this process was not given a core is not ours.
    beats = [(time.perf_counter(), time.process_time())]
    clock = QTimer()
    clock.timeout.connect(lambda: beats.append((time.perf_counter(), time.process_time())))
    clock.start(BEAT)
    do(path)
    while window.runner.jobs:
        app.processEvents()
        time.sleep(0.001)
    beats.append((time.perf_counter(), time.process_time()))
    clock.stop()
    assert path.exists(), what
    longest = max(min(after - before for before, after in zip(*pair, strict=True)) for pair in pairwise(beats)) * 1000
    return {
        "name": f"longest stall while 100,000 rows become {what}",
        "ours": longest,
        "peer": None,
        "ratio": None,
        "unit": "ms",
        "target": f"no longer than {STALL:.0f} ms",
        "ok": longest <= STALL,
    }


if __name__ == "__main__":
    for one in measure():
        sys.stdout.write(f"{one}\n")
