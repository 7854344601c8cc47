"""The table's actions at 10,000, 100,000 and 1,000,000 rows, beside Qt's own model and proxy and LibreOffice.

Each size and each side runs in a process of its own, so that the memory is its own too.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
PEER_SIZES = (10_000, 100_000)
BLOCK_ROWS = 5_000  # times ten columns: 50,000 cells

# Milliseconds at a million rows; a figure that is not here is only shown.
TARGETS = {
    "scroll frame": 12,
    "edit with checks and save": 16,
    "paste 50,000 cells": 300,
    "undo that paste": 300,
    "sort by a unique column": 1000,
    "sort by date": 1000,
    "sort by two columns": 1000,
    "quick filter": 350,
    "column filter": 350,
    "select all and copy": 1000,
    "find next": 50,
    "open the saved draft": 6000,
}
# The same, of what only has to be done soon.
SOON = {
    "paste 50,000 cells: until its rows are checked": 300,
    "undo that paste: until its rows are checked": 300,
}
SMALL = 16
MEMORY = 1200


def rows_of(count: int, first: int = 0) -> Iterator[tuple[str, ...]]:
    """Tokens as they are: unique ids, few dates; one row in a thousand is wrong."""
    from ochp_desktop.records.contract_id import check_digit

    days = [f"{1 + day % 28:02}/{1 + day % 12:02}/{2027 + day % 4}" for day in range(300)]
    chance = random.Random(5 + first)
    for number in range(first, first + count):
        day = days[chance.randrange(300)] if number % 1000 else "2027-12-31"
        contract = f"NLTNMC{number:08}"
        yield (
            f"NL-TNM-C{number:08}-{check_digit(contract)}",
            str(chance.randrange(4)),
            "1",
            f"{number * 2654435761 % 2**32:08X}",
            f"{chance.randrange(10**10):010}",
            day,
            "",
            "0",
            "1",
            "",
        )


def both(
    action: Callable[[], object], times: int, *, before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """The 95th percentile over so many runs: by the clock, and of this thread's processor time."""
    clock, processor = [], []
    for _run in range(times):
        if before is not None:
            before()
        begun, used = time.perf_counter(), time.thread_time()
        action()
        processor.append((time.thread_time() - used) * 1000)
        clock.append((time.perf_counter() - begun) * 1000)
    return percentile(clock), percentile(processor)


def percentile(values: list[float]) -> float:
    """The 95th."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def milliseconds(action: Callable[[], object], times: int, *, before: Callable[[], object] | None = None) -> float:
    """The 95th percentile over so many runs, by the clock."""
    return both(action, times, before=before)[0]


def memory() -> float:
    """Resident megabytes of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def ours(count: int, only: str = "") -> dict[str, float]:
    """Our table with problems panel and autosave, as the tab shows it."""
    from datetime import UTC, datetime

    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from ochp_desktop.gui import theme
    from ochp_desktop.gui.table.sheet_area import SheetArea
    from ochp_desktop.gui.worker import JobRunner
    from ochp_desktop.jobs.draft_keeper import DraftKeeper
    from ochp_desktop.jobs.drafts import Reopened, reopen_drafts
    from ochp_desktop.jobs.workplace import Workplace
    from ochp_desktop.records.checker import Checker
    from ochp_desktop.records.rules import Facts
    from ochp_desktop.records.tokens import TOKENS
    from ochp_desktop.sheet.sheet import Sheet

    app = QApplication([])
    theme.apply(app, "light")
    gc.disable()  # as the window does: it collects in its own time
    runner = JobRunner(app)  # which makes whoever works beside the window hand the interpreter over soon
    figures: dict[str, float] = {}
    # One run of twenty may be disturbed by other programs, and still count as the 95th percentile.
    at_least = 20 if count == SIZES[0] else 1

    def note(name: str, action: Callable[[], object], times: int, **more: Callable[[], object]) -> None:
        if only in name:
            # On a machine that is busy with other things the clock tells of those; the thread's time does not.
            figures[name], figures[f"{name}: processor"] = both(action, max(times, at_least), **more)

    folder = Path(tempfile.mkdtemp())
    workplace = Workplace.open(folder)
    keeper = DraftKeeper(workplace, lambda _when: None, lambda trouble: print(trouble, file=sys.stderr))
    sheet = Sheet(TOKENS)
    sheet.load(rows_of(count))
    checker = Checker(TOKENS, sheet.columns, Facts(now=datetime(2026, 11, 1, tzinfo=UTC)))
    for _done in checker.check_all(sheet.order):
        pass
    figures["MB: rows and problems"] = memory()
    area = SheetArea(TOKENS)
    area.resize(1280, 760)
    area.set_sheet(sheet, checker)
    area.show()
    app.processEvents()
    begun = time.perf_counter()
    keeper.follow(sheet, "bench")
    figures["follow: window held"] = (time.perf_counter() - begun) * 1000
    keeper.flush(120)
    figures["follow: on disk"] = (time.perf_counter() - begun) * 1000
    table, model = area.table, area.model
    bar = table.verticalScrollBar()
    chance = random.Random(7)
    token, day, hub = TOKENS.index("tokenId"), TOKENS.index("expiryDate"), TOKENS.index("roamingHubId")

    held: list[float] = []

    def turn() -> None:
        # The smaller of the two: what other programs take of the machine does not count.
        begun, used = time.perf_counter(), time.thread_time()
        app.processEvents()
        held.append(min(time.perf_counter() - begun, time.thread_time() - used) * 1000)

    class Painting(QObject):
        """Notes that the cells are painted."""

        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or event.type() == QEvent.Type.Paint
            return False

    painting = Painting()
    table.viewport().installEventFilter(painting)

    def show(action: Callable[[], object]) -> None:
        """Do something and paint what came of it; its checks may follow."""
        painting.seen = False
        held_by(action)
        while table.clipboard.is_busy:
            turn()
        held_by(app.sendPostedEvents)
        assert painting.seen

    def settle() -> None:
        while model.is_arranging or table.clipboard.is_busy or model.is_behind:
            turn()
        for _turn in range(5):
            turn()

    def held_by(action: Callable[[], object]) -> None:
        """What the window stood still for, besides its turns."""
        begun, used = time.perf_counter(), time.thread_time()
        action()
        held.append(min(time.perf_counter() - begun, time.thread_time() - used) * 1000)

    def note_held(name: str, action: Callable[[], object], times: int, **more: Callable[[], object]) -> None:
        held.clear()
        note(name, action, times, **more)
        if only in name:
            figures[f"{name}: longest the window was held"] = max(held, default=0.0)

    def frame() -> None:
        bar.setValue(chance.randrange(bar.maximum() + 1) if chance.random() < 0.3 else bar.value() + 3)
        table.viewport().repaint()

    note("scroll frame", frame, 200)

    def edit() -> None:
        row = chance.randrange(count)
        column = chance.choice((token, day, 4))
        model.setData(model.index(row, column), f"{chance.getrandbits(40):014X}")
        settle()
        assert keeper.flush()

    note("edit with checks and save", edit, 60)
    top = count // 2

    def stand(run: int) -> None:
        keeper.flush()
        # Other cards than those that are there and those of the run before: nothing is known of them.
        cards = rows_of(BLOCK_ROWS, 50_000_000 + run * BLOCK_ROWS)
        QGuiApplication.clipboard().setText("".join(f"{line}\n" for line in map("\t".join, cards)))
        table.stand_on(model.index(top if count > BLOCK_ROWS * 2 else 0, 0))
        settle()

    if only in "paste 50,000 cells" or only in "undo that paste":
        pasted: dict[str, list[float]] = {}

        def note_shown(name: str, action: Callable[[], object]) -> None:
            held.clear()
            clock, processor = both(lambda: show(action), 1)
            rest = milliseconds(settle, 1)
            for what, value in (
                (name, clock),
                (f"{name}: processor", processor),
                (f"{name}: until its rows are checked", clock + rest),
                (f"{name}: longest the window was held", max(held)),
            ):
                pasted.setdefault(what, []).append(value)

        for run in range(max(7, at_least)):
            stand(run)
            note_shown("paste 50,000 cells", table.clipboard.paste)
            keeper.flush()
            note_shown("undo that paste", table.undo)
        figures |= {what: percentile(values) for what, values in pasted.items()}
        # What was pasted is put into a snapshot when nothing is edited any more; here the next action comes at once.
        time.sleep(1)
        for thread in threading.enumerate():
            if thread.name == "ochp-snapshot":
                thread.join()

    def sort(*keys: tuple[int, bool]) -> Callable[[], None]:
        def go() -> None:
            model.sort_by(keys)
            settle()

        return go

    def unsort() -> None:
        model.sort_by(())
        bar.setValue(0)
        settle()

    with contextlib.suppress(ImportError):
        from ochp_desktop.sheet.arranging import load_sorting

        load_sorting()  # as the program does when its window has been opened
    note_held("sort by a unique column", sort((token, False)), 5, before=unsort)
    note_held("sort by date", sort((day, True)), 5, before=unsort)
    note_held("sort by two columns", sort((hub, False), (token, True)), 3, before=unsort)
    unsort()

    def unfilter() -> None:
        area.set_filter("")
        settle()

    note_held("quick filter", lambda: (area.set_filter("c000012"), settle()), 5, before=unfilter)
    note("quick filter, lifted", unfilter, 5, before=lambda: (area.set_filter("c000012"), settle()))
    unfilter()
    with contextlib.suppress(ImportError):
        from ochp_desktop.sheet.column_filter import ColumnFilter

        def column_filter(keep: ColumnFilter | None) -> None:
            model.filter_column(day, keep)
            settle()

        first = ColumnFilter(values=frozenset(list(set(sheet.columns[day]))[:20]))
        note_held("column filter", lambda: column_filter(first), 5, before=lambda: column_filter(None))
        column_filter(None)

    def copy_all() -> None:
        held_by(table.selectAll)
        held_by(table.clipboard.copy)
        settle()

    def select_one() -> None:
        table.stand_on(model.index(0, 0))
        settle()

    note_held("select all and copy", copy_all, 5, before=select_one)
    if only in "select all and copy, sorted":
        sort((token, False))()
        note_held("select all and copy, sorted", copy_all, 5, before=select_one)
        unsort()
    QGuiApplication.clipboard().clear()

    def filter_popup(column: int) -> Callable[[], None]:
        def go() -> None:
            held_by(lambda: table.column_commands.open_filter(model.first_field + column))
            popup = table.column_commands.popup
            while popup.is_busy:
                turn()

        return go

    def close_popup() -> None:
        popup = table.column_commands.popup
        if popup is not None:
            popup.close()
            settle()

    note_held("open a date's filter", filter_popup(day), 3, before=close_popup)
    close_popup()
    note_held("open a unique column's filter", filter_popup(token), 3, before=close_popup)
    close_popup()

    def sum_all() -> None:
        held_by(table.selectAll)
        turn()
        while table.is_adding:
            turn()

    note_held("count and sum of everything", sum_all, 3, before=lambda: table.stand_on(model.index(0, 0)))
    if count == SIZES[-1] and only in "paste 2,000,000 cells":
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows_of(200_000)) + "\n")

        def paste_many() -> None:
            held_by(table.clipboard.paste)
            settle()

        def before_paste() -> None:
            keeper.flush(60)
            table.stand_on(model.index(top, 0))
            settle()

        model.checks_beside = True
        note_held("paste 2,000,000 cells", paste_many, 1, before=before_paste)
        note_held("undo that large paste", lambda: (held_by(table.undo), settle()), 1)
        model.checks_beside = False
        for _done in checker.check_all(sheet.order):
            pass
        model.set_checker(checker)
        QGuiApplication.clipboard().clear()
    table.stand_on(model.index(0, 0))
    gc.collect()
    find = area.find_bar
    find.open(replacing=False)

    def count_matches(text: str) -> Callable[[], None]:
        def go() -> None:
            find.text.setText(text)
            while not find.count.text():
                turn()

        return go

    note_held("find, counted", count_matches("00123"), 5, before=lambda: find.text.setText(""))
    note_held("find, counted, in nearly every row", count_matches("nl-t"), 2, before=lambda: find.text.setText(""))
    find.text.setText("00123")
    find.matches()
    settle()
    note("find next", lambda: (find.next(), settle()), 100)
    find.dismiss()
    find.text.setText("")
    settle()

    def insert() -> None:
        table.stand_on(model.index(model.rowCount() // 2, 0))
        table.insert_rows()
        settle()
        keeper.flush()

    note("insert a row", insert, 5)
    note("delete a row", lambda: (table.remove_rows(), settle(), keeper.flush()), 5)
    note("next problem", lambda: (area.next_problem(), settle()), 30)
    figures["MB: after all this"] = memory()
    keeper.stop(60)
    area.set_sheet(None)
    del sheet, checker
    settle()
    gc.collect()
    released()
    figures["MB: closed"] = memory()

    # Opening what was saved, in a worker thread as the window does, while the window is asked to paint.
    result: list[Reopened] = []

    def open_again() -> None:
        running = runner.start("open", lambda cancel: reopen_drafts(workplace, cancel), on_result=result.extend)
        while not running.over:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    if only in "open the saved draft":
        stalls: list[float] = []
        last = [time.perf_counter()]

        def beat() -> None:
            now = time.perf_counter()
            stalls.append((now - last[0]) * 1000)
            last[0] = now

        timer = QTimer()
        timer.timeout.connect(beat)
        opened = []
        for _run in range(at_least):
            area.set_sheet(None)
            result.clear()
            settle()
            released()
            last[0] = time.perf_counter()
            timer.start(5)
            begun, used = time.perf_counter(), time.process_time()
            open_again()
            area.set_sheet(result[0].sheet)
            settle()
            opened.append(((time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000))
            timer.stop()
            assert len(result[0].sheet) >= count
        figures["open the saved draft"] = percentile([run[0] for run in opened])
        figures["open the saved draft: processor"] = percentile([run[1] for run in opened])
        figures["open the saved draft: longest stall"] = max(stalls)
    workplace.close()
    shutil.rmtree(folder)
    figures["MB: most at any time"] = peak()
    return figures


def released() -> None:
    """Wait until what was closed is let go of, which is done in slices, in a thread of its own."""
    for thread in threading.enumerate():
        if thread.name == "release":
            thread.join()


def peak() -> float:
    """Most resident megabytes of this process so far."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(count: int) -> dict[str, float]:
    """The same with QStandardItemModel and QSortFilterProxyModel: no checks, no undo, no autosave."""
    from PySide6.QtCore import QSortFilterProxyModel, Qt
    from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QTableView

    app = QApplication([])
    app.setStyle("Fusion")
    gc.disable()
    model = QStandardItemModel(0, 10)
    for row in rows_of(count):
        model.appendRow([QStandardItem(text) for text in row])
    proxy = QSortFilterProxyModel()
    proxy.setFilterKeyColumn(-1)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    proxy.setSourceModel(model)
    table = QTableView()
    table.setModel(proxy)
    table.resize(1280, 760)
    table.show()
    app.processEvents()
    figures = {"MB: rows and problems": memory()}
    bar = table.verticalScrollBar()
    chance = random.Random(7)

    def settle() -> None:
        for _turn in range(5):
            app.processEvents()

    def frame() -> None:
        bar.setValue(chance.randrange(bar.maximum() + 1) if chance.random() < 0.3 else bar.value() + 3)
        table.viewport().repaint()

    figures["scroll frame"] = milliseconds(frame, 100)

    def edit() -> None:
        proxy.setData(proxy.index(chance.randrange(count), 3), f"{chance.getrandbits(40):014X}")
        settle()

    figures["edit with checks and save"] = milliseconds(edit, 60)
    block = [list(row) for row in rows_of(BLOCK_ROWS)]

    def paste() -> None:
        top = count // 2 if count > BLOCK_ROWS * 2 else 0
        for down, row in enumerate(block):
            for across, text in enumerate(row):
                proxy.setData(proxy.index(top + down, across), text)
        settle()

    figures["paste 50,000 cells"] = milliseconds(paste, 2)

    def sort(column: int) -> None:
        proxy.sort(column)
        settle()

    figures["sort by a unique column"] = milliseconds(lambda: sort(3), 2, before=lambda: sort(-1))
    figures["sort by date"] = milliseconds(lambda: sort(5), 2, before=lambda: sort(-1))
    sort(-1)

    def filter_by(text: str) -> None:
        proxy.setFilterFixedString(text)
        settle()

    figures["quick filter"] = milliseconds(lambda: filter_by("c000012"), 2, before=lambda: filter_by(""))
    filter_by("")

    def copy() -> None:
        table.selectAll()
        settle()
        lines = (
            "\t".join(str(proxy.index(row, column).data()) for column in range(10)) for row in range(proxy.rowCount())
        )
        QGuiApplication.clipboard().setText("\n".join(lines))

    figures["select all and copy"] = milliseconds(copy, 1)
    found = [0]

    def find_next() -> None:
        start = proxy.index((found[0] + 1) % count, 0)
        flags = Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchWrap
        hits = proxy.match(start, 0, "00123", 1, flags)
        found[0] = hits[0].row() if hits else 0

    figures["find next"] = milliseconds(find_next, 10)
    figures["MB: most at any time"] = peak()
    return figures


LIBREOFFICE = """
import sys, time, uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField, CellRangeAddress

def value(name, content):
    one = PropertyValue()
    one.Name, one.Value = name, content
    return one

resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
deadline = time.monotonic() + 60
while True:
    try:
        context = resolver.resolve("uno:pipe,name=" + sys.argv[2] + ";urp;StarOffice.ComponentContext")
        break
    except Exception:
        if time.monotonic() > deadline:
            raise
        time.sleep(0.2)
desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
begun = time.perf_counter()
book = desktop.loadComponentFromURL("file://" + sys.argv[1], "_blank", 0,
    (value("Hidden", True), value("FilterName", "Text - txt - csv (StarCalc)"),
     value("FilterOptions", "9,34,76,1,,0,true")))
print("load", time.perf_counter() - begun)
sheet = book.Sheets.getByIndex(0)
rows = int(sys.argv[3])
area = sheet.getCellRangeByPosition(0, 0, 9, rows - 1)
def sort(column):
    field = TableSortField()
    field.Field, field.IsAscending = column, True
    begun = time.perf_counter()
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    area.sort((value("SortFields", fields), value("ContainsHeader", False)))
    return time.perf_counter() - begun
print("unique", sort(3))
print("date", sort(5))
from com.sun.star.sheet import TableFilterField
from com.sun.star.sheet.FilterOperator import EQUAL
description = area.createFilterDescriptor(True)
field = TableFilterField()
field.Field, field.IsNumeric, field.StringValue, field.Operator = 0, False, ".*C000012.*", EQUAL
description.UseRegularExpressions = True
description.ContainsHeader = False
description.setFilterFields((field,))
begun = time.perf_counter()
area.filter(description)
print("filter", time.perf_counter() - begun)
book.close(True)
try:
    desktop.terminate()
except Exception:
    pass
"""


def libreoffice(count: int) -> dict[str, float]:
    """Load, sort and filter in LibreOffice without a window, in milliseconds; {} where it is not installed."""
    office, python = shutil.which("soffice"), "/usr/bin/python3"
    if office is None or not Path(python).exists():
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "rows.csv"
        source.write_text("\n".join("\t".join(row) for row in rows_of(count)) + "\n", encoding="utf-8")
        pipe = f"bench{os.getpid()}"
        server = subprocess.Popen(
            [
                office,
                "--headless",
                "--norestore",
                "--nologo",
                f"-env:UserInstallation=file://{folder}/profile",
                f"--accept=pipe,name={pipe};urp",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            ran = subprocess.run(
                [python, "-c", LIBREOFFICE, str(source), pipe, str(count)],
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        except subprocess.TimeoutExpired:
            return {}
        finally:
            server.terminate()
            server.wait()
    said = dict(line.split() for line in ran.stdout.splitlines())
    names = {
        "load": "open the saved draft",
        "unique": "sort by a unique column",
        "date": "sort by date",
        "filter": "quick filter",
    }
    return {names[name]: float(seconds) * 1000 for name, seconds in said.items() if name in names}


def in_process(side: str, count: int, only: str = "") -> dict[str, float]:
    """The figures of one side at one size, from a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_table", side, str(count), "--only", only],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
    )
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def measure() -> list[dict[str, object]]:
    """All sizes; the peers' figures stand beside ours of the same size."""
    found = {count: in_process("ours", count) for count in SIZES}
    peers = {count: in_process("peer", count) for count in PEER_SIZES}
    office = {count: libreoffice(count) for count in PEER_SIZES}
    return [row for count in SIZES for row in _lines(count, found[count], peers.get(count, {}), office.get(count, {}))]


def _lines(
    count: int, figures: dict[str, float], beside: dict[str, float], office: dict[str, float]
) -> Iterator[dict[str, object]]:
    for name, value in figures.items():
        target, ok = "for comparison", True
        if name.startswith("MB"):
            if count == SIZES[-1] and "most" in name:
                target, ok = f"at most {MEMORY} MB", value <= MEMORY
        elif count == SIZES[-1] and name in TARGETS | SOON:
            most = (TARGETS | SOON)[name]
            target, ok = f"at most {most} ms", value <= most
        elif count == SIZES[0] and name in TARGETS:
            target, ok = f"at most {SMALL} ms", value <= SMALL
        known = [(side, one[name]) for side, one in (("Qt", beside), ("LibreOffice", office)) if name in one]
        for side, other in known or [("", None)]:
            unit = "" if name.startswith("MB") else " (ms)"
            yield {
                "name": f"{count:>9,}  {name}{unit}",
                "ours": value,
                "peer": other,
                "ratio": None if not other else value / other,
                "target": f"{target}; peer: {side}" if side else target,
                "ok": ok,
            }


def main() -> None:
    """One side at one size, as JSON on the standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=("ours", "peer", "libreoffice"))
    parser.add_argument("count", type=int)
    parser.add_argument("--only", default="", help="only the actions with this in their names")
    arguments = parser.parse_args()
    if arguments.side == "ours":
        figures = ours(arguments.count, arguments.only)
    else:
        figures = (peer if arguments.side == "peer" else libreoffice)(arguments.count)
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
    # Qt's objects are not taken apart in order at the end of a script.
    sys.stdout.flush()
    os._exit(0)
