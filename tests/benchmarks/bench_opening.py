"""Opening a file of 100,000 rows in the real window: how long the window stands still at most, by a heart that beats.

In a process of its own, because what another benchmark left in memory would make the garbage collector's pauses longer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

BEAT = 5  # milliseconds
TARGET = 100.0  # milliseconds
TIMES = 3
KINDS = {"xlsx": "a clean .xlsx", "csv": "a .csv"}


def measure() -> list[dict[str, Any]]:
    """For each kind of file the longest time between two beats in some runs."""
    with tempfile.TemporaryDirectory() as folder:
        files = make(Path(folder))
        lines = []
        for suffix, words in KINDS.items():
            stalls = [stall(files[suffix]) for _time in range(TIMES)]
            print(f"{words}: longest stalls {[round(one) for one in stalls]} ms", file=sys.stderr)
            lines.append(
                {
                    "name": f"longest stall of the window while {words} of 100,000 x 10 is opened (ms)",
                    "ours": round(max(stalls), 1),
                    "peer": None,
                    "ratio": None,
                    "unit": "ms",
                    "target": f"never over {TARGET:.0f} ms",
                    "ok": max(stalls) <= TARGET,
                }
            )
        return lines


def make(folder: Path) -> dict[str, Path]:
    """The same list as a workbook and as a text table."""
    from tests.benchmarks import bench_spreadsheet as files

    rows = files.sample()
    paths = {suffix: folder / f"list.{suffix}" for suffix in KINDS}
    files.make(paths["xlsx"], rows)
    header = ";".join(files.TOKENS.names)
    paths["csv"].write_text("\n".join([header, *map(";".join, rows)]) + "\n", encoding="utf-8")
    return paths


def stall(path: Path) -> float:
    """Milliseconds that the window stood still at most in one run."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_opening", str(path)], check=True, capture_output=True, text=True
    )
    found: float = json.loads(answer.stdout.splitlines()[-1])["longest"]
    return found


def watch(path: Path) -> dict[str, Any]:
    """Open the file as the button does, from the click until a second after the rows are shown and checked."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from ochp_desktop.gui import theme
    from ochp_desktop.gui.garbage import GarbageCollector
    from ochp_desktop.gui.tabs import make_tabs
    from ochp_desktop.gui.tokens_tab import TokensTab
    from ochp_desktop.gui.window import MainWindow

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    collector = GarbageCollector(app)
    # Time in which this process was not given a core is not ours.
    beats: list[tuple[float, float]] = []
    heart = QTimer()
    heart.timeout.connect(lambda: beats.append((time.perf_counter(), time.process_time())))
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Path(folder), make_tabs)
        window.resize(1280, 800)
        window.show()
        window.session.open()
        rest(app, 1.0)
        window.screens.setCurrentWidget(window.work)
        tab = window.tabs[0]
        assert isinstance(tab, TokensTab)
        window.show_tab(0)
        rest(app, 1.0)
        assert window.session.keeper is not None, "what is opened must be kept as well"
        heart.start(BEAT)
        rest(app, 0.2)
        start = time.perf_counter()
        tab.open_files([path])
        while tab.importing.busy or tab.area.sheet is None or tab.area.checker is None:
            app.processEvents()
            time.sleep(0.0005)
        shown = time.perf_counter()
        rest(app, 3.0)  # the list is kept on disk meanwhile
        heart.stop()
        assert tab.area.sheet is not None
        assert len(tab.area.sheet) == 100_000
        collector.stop()
        window.runner.close()
        window.deleteLater()
    gaps = [min(now - then for then, now in zip(*pair, strict=True)) * 1000 for pair in pairwise(beats)]
    at = max(range(len(gaps)), key=gaps.__getitem__)
    return {"longest": gaps[at], "seconds": shown - start, "after": beats[at][0] - start, "over": over(gaps)}


def over(gaps: list[float]) -> dict[int, int]:
    """How many beats came so many milliseconds late."""
    return {limit: sum(gap > limit for gap in gaps) for limit in (20, 50, 100, 200)}


def rest(app: Any, seconds: float) -> None:
    """Let the window live for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.0005)


if __name__ == "__main__":
    print(json.dumps(watch(Path(sys.argv[1]))))
