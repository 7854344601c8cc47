"""Opening a file in the real window: how long the window stands still at most, by a heart that beats.

100,000 rows as a workbook and as a text table, and a million rows in each form that weighs: clean, and with two
problems in every row. With the million rows the window goes on as people do: files out of it, the same file into it
again with an update by key, another one that changes two cells of each row, and the list closed.

Each in a process of its own, because what another one left in memory would make the garbage collector's pauses longer.
To see where the time goes: `python -m tests.benchmarks.bench_opening all FILE OTHER stacks.txt`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

TARGET = 100.0  # milliseconds
TIMES = 3
MILLION = 1_000_000


def measure() -> list[dict[str, Any]]:
    """For each file and step the longest time between two beats; of the smaller files the worst of some runs."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix, path in make_small(Path(folder)).items():
            runs = [apart(path, "open")["open"]["longest"] for _time in range(TIMES)]
            print(f".{suffix}: longest stalls {[round(one) for one in runs]} ms", file=sys.stderr)
            lines.append(line(f"a .{suffix} of 100,000 x 10 is opened", max(runs)))
        kinds = {"clean": False, "with two problems in every row": True}
        paths = {words: make_million(Path(folder), bad=bad) for words, bad in kinds.items()}
        for words, other in zip(paths, reversed(paths.values()), strict=True):
            for step, found in apart(paths[words], "all", other).items():
                print(f"1,000,000 rows {words}: {step}: {found}", file=sys.stderr)
                lines.append(line(f"1,000,000 x 10 {words}: {step}", found["longest"]))
    return lines


def line(what: str, longest: float) -> dict[str, Any]:
    """One line of the table."""
    return {
        "name": f"longest stall of the window: {what} (ms)",
        "ours": round(longest, 1),
        "peer": None,
        "ratio": None,
        "unit": "ms",
        "target": f"never over {TARGET:.0f} ms",
        "ok": longest <= TARGET,
    }


def make_small(folder: Path) -> dict[str, Path]:
    """The same list of 100,000 rows as a workbook and as a text table."""
    from tests.benchmarks import bench_spreadsheet as files

    rows = files.sample()
    paths = {suffix: folder / f"list.{suffix}" for suffix in ("xlsx", "csv")}
    files.make(paths["xlsx"], rows)
    header = ";".join(files.TOKENS.names)
    paths["csv"].write_text("\n".join([header, *map(";".join, rows)]) + "\n", encoding="utf-8")
    return paths


def make_million(folder: Path, *, bad: bool, count: int = MILLION) -> Path:
    """Tokens as `bench_rules` has them; bad ones have a form of date and a PIN that no rule lets pass."""
    from ochp_desktop.records.tokens import TOKENS
    from ochp_desktop.spreadsheet.write import write_xlsx
    from tests.benchmarks.bench_rules import tokens

    columns = tokens(count)
    if bad:
        columns[TOKENS.index("expiryDate")] = [f"2027-12-{row % 28 + 1:02}" for row in range(count)]
        columns[TOKENS.index("pin")] = [f"{row % 1000}X" for row in range(count)]
    path = folder / f"million-{'bad' if bad else 'clean'}.xlsx"
    write_xlsx(path, TOKENS, list(zip(*columns, strict=True)))
    return path


def apart(path: Path, steps: str, other: Path | None = None) -> dict[str, Any]:
    """By step, what was felt."""
    files = [path] if other is None else [path, other]
    command = [sys.executable, "-m", "tests.benchmarks.bench_opening", steps, *map(str, files)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def watch(steps: str, path: Path, other: Path | None = None, stacks: Path | None = None) -> dict[str, Any]:
    """Open the file as the button does, and with "all" go on with the list and another file of the same rows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ochp_desktop.gui import theme
    from ochp_desktop.gui.garbage import GarbageCollector
    from ochp_desktop.gui.tabs import make_tabs
    from ochp_desktop.gui.tokens_tab import TokensTab
    from ochp_desktop.gui.window import MainWindow
    from tests.benchmarks.heartbeat import Heart, wait

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    collector = GarbageCollector(app)
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Path(folder), make_tabs)
        window.resize(1280, 800)
        window.show()
        window.session.open()
        wait(lambda: False, 1)
        window.screens.setCurrentWidget(window.work)
        tab = window.tabs[0]
        assert isinstance(tab, TokensTab)
        window.show_tab(0)
        wait(lambda: False, 1)
        keeper = window.session.keeper
        assert keeper is not None, "what is opened must be kept as well"
        heart = Heart(stacks)

        def opened() -> bool:
            sheet = tab.area.sheet
            return not tab.importing.busy and tab.area.checker is not None and sheet is not None and keeper.keeps(sheet)

        heart.step("open", lambda: tab.open_files([path]), opened, settled=3)
        if steps == "all":
            go_on(heart, window, tab, (path, other or path), Path(folder))
        heart.close()
        collector.stop()
        window.runner.close()
        window.deleteLater()
    return {name: dataclasses.asdict(found) for name, found in heart.steps.items()}


def go_on(heart: Any, window: Any, tab: Any, files: tuple[Path, Path], folder: Path) -> None:
    """Files out, the same file and another in again, the list closed."""
    from ochp_desktop.jobs.import_merge import Way

    def idle() -> bool:
        return not window.runner.jobs

    exports = [
        ("an Excel file is written", "a.xlsx", tab.export_to),
        ("a CSV file is written", "a.csv", tab.export_to),
        ("all rows are written with their problems marked", "b.xlsx", tab.report_to),
        ("the bad rows are written", "c.xlsx", tab.bad_rows_to),
        ("a marked copy is written", "d.xlsx", tab.marked_to),
    ]
    for name, file, do in exports:
        heart.step(name, lambda do=do, file=file: do(folder / file), idle)

    def shown() -> bool:
        dialog = tab.importing.dialog
        return dialog is not None and dialog.imported is not None and idle()

    heart.step("the same file is compared for an update by key", lambda: tab.import_file(files[0]), shown)
    dialog = tab.importing.dialog
    assert dialog.ways.way is Way.UPDATE
    heart.step("that update is left", dialog.reject, lambda: not tab.importing.busy)
    heart.step("another file is compared for an update by key", lambda: tab.import_file(files[1]), shown)

    def taken() -> bool:
        return tab.area.sheet.can_undo and tab.area.checker is not None and idle()

    def undone() -> bool:
        return not tab.area.sheet.can_undo and tab.area.checker is not None and idle()

    heart.step("that update is taken", tab.importing.dialog.main_button.click, taken, settled=5)
    heart.step("that update is undone", tab.area.actions_.undo.trigger, undone, settled=5)
    heart.step("the list is closed", tab.close_sheet, lambda: tab.area.sheet is None, settled=3)


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1], *map(Path, sys.argv[2:]))))
