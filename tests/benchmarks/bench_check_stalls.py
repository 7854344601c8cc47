"""How long the window is held up while a million rows are checked, checked again, replaced and closed.

Counted is the processor time between two beats of a timer in the window's thread: what other programs do meanwhile does
not count, what our own worker does while it holds the interpreter does.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from typing import Any

from tests.benchmarks.bench_rules import cdrs, tokens

TOKEN_ROWS, CDR_ROWS = 1_000_000, 300_000
LIMIT = 50


def measure() -> list[dict[str, object]]:
    """The longest hold-up of each step, in milliseconds."""
    results: list[dict[str, object]] = []
    for kind, rows in (("tokens", TOKEN_ROWS), ("cdrs", CDR_ROWS)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found = pool.apply(stalls, (kind, rows))
        results += [
            {
                "name": f"longest hold-up, {step} ({rows:,} {kind}, ms)",
                "ours": longest,
                "peer": None,
                "ratio": None,
                "target": f"under {LIMIT} ms",
                "ok": longest < LIMIT,
            }
            for step, longest in found.items()
        ]
    return results


def stalls(name: str, rows: int) -> dict[str, float]:
    """By step, the longest time without a beat."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from ochp_desktop.app import GarbageCollector
    from ochp_desktop.gui.checking import check_beside
    from ochp_desktop.gui.table.sheet_area import SheetArea
    from ochp_desktop.gui.worker import JobRunner
    from ochp_desktop.records.kinds import KINDS
    from ochp_desktop.sheet.sheet import Sheet

    app = QApplication([])
    collector = GarbageCollector(app)
    kind, columns = KINDS[name], tokens(rows) if name == "tokens" else cdrs(rows)
    sheets = []
    for _number in range(2):
        sheet = Sheet(kind)
        sheet.load(zip(*columns, strict=True), range(2, rows + 2))
        sheets.append(sheet)
    del columns, sheet
    area, runner = SheetArea(kind), JobRunner()
    area.show()
    beats: list[float] = []
    last = time.process_time()

    def beat() -> None:
        nonlocal last
        now = time.process_time()
        beats.append((now - last) * 1000)
        last = now

    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(beat)
    timer.start()

    def step(start: Callable[[Callable[[], Any]], Any]) -> float:
        nonlocal last
        ended: list[bool] = []
        app.processEvents()
        beats.clear()
        last = time.process_time()
        start(lambda: ended.append(True))
        settled = time.monotonic() + 1
        while not ended or time.monotonic() < settled:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            if not ended:
                settled = time.monotonic() + 1
        return max(beats)

    def check(done: Callable[[], Any]) -> None:
        def on_checked(checker: Any) -> None:
            area.set_checker(checker)
            done()

        check_beside(runner, area.sheet, None, on_checked, print, area.checker)

    def show(done: Callable[[], Any]) -> None:
        area.set_sheet(sheets.pop())
        done()

    def close(done: Callable[[], Any]) -> None:
        area.set_sheet(None)
        done()

    area.set_sheet(sheets.pop())
    step(lambda done: done())  # the first painting of an empty window is not what is measured
    found = {
        "checked": step(check),
        "checked again": step(check),
        "another list shown": step(show),
        "that one checked": step(check),
        "closed": step(close),
    }
    collector.stop()
    return found
