"""What the window says and does about its sheets on disk: not saved yet, disk full, ended too early."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.ask import AskDialog
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.table import model
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.workplace import DRAFTS_NAME
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

TOKEN, EXPIRY = TOKENS.index("tokenId"), TOKENS.index("expiryDate")


def small(count: int = 3) -> Sheet:
    sheet = Sheet(TOKENS)
    sheet.load([["NL-TNM-C00122045-K", "2", "1", f"A5E333{number:02}"] for number in range(count)])
    return sheet


def told(notice: Notice) -> str:
    return " ".join(label.text() for label in notice.findChildren(QLabel))


@pytest.fixture
def tab(window: MainWindow) -> SheetTab:
    window._on_files_wanted()
    tab = window.tabs[0]
    assert isinstance(tab, SheetTab)
    return tab


def test_the_status_says_so_until_a_new_list_is_on_disk(window: MainWindow, tab: SheetTab, qtbot: QtBot) -> None:
    assert window.session.workplace is not None
    lock = window.session.workplace.drafts._db._lock
    with lock:  # as if the disk were slow
        tab.show_sheet(small(), None, "cards")
        assert tab.status()[1] == "not saved yet…"
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"))


def test_a_full_disk_is_told_tried_again_and_loses_nothing(
    window: MainWindow, tab: SheetTab, qtbot: QtBot, new_window: Callable[[Path], MainWindow]
) -> None:
    tab.show_sheet(small(), None, "cards")
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"))
    workplace = window.session.workplace
    assert workplace is not None
    with workplace.drafts._db.read() as c:
        pages = c.execute("PRAGMA page_count").fetchone()[0]
        c.execute(f"PRAGMA max_page_count = {pages}")
    index = tab.area.model.index(0, TOKEN)
    for number in range(40):
        tab.area.model.setData(index, f"{number:04}" * 500)
    qtbot.waitUntil(lambda: tab.status()[1].startswith("not saved since"))
    assert "no room left" in told(tab.notice)
    window.close()
    asked = window.findChild(AskDialog)
    assert asked is not None, "nobody loses changes by closing"
    assert window.isVisible()
    assert "no room left" in asked.text_label.text()
    asked.no_button.click()
    tab.area.model.setData(index, "typed meanwhile")
    with workplace.drafts._db.read() as c:
        c.execute("PRAGMA max_page_count = 1000000")
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"), timeout=10_000)
    assert "nothing was lost" in told(tab.notice)
    window.close()
    again = new_window(window.data_dir)
    again.session.open()
    reopened = again.tabs[0]
    assert isinstance(reopened, SheetTab)
    qtbot.waitUntil(lambda: reopened.area.sheet is not None)
    assert reopened.area.sheet is not None
    assert reopened.area.sheet.text(0, TOKEN) == "typed meanwhile"


def test_a_removed_folder_is_made_anew(window: MainWindow, tab: SheetTab, qtbot: QtBot) -> None:
    tab.show_sheet(small(), None, "cards")
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"))
    shutil.rmtree(window.data_dir, ignore_errors=True)
    tab.area.model.setData(tab.area.model.index(0, TOKEN), "typed after that")
    qtbot.waitUntil((window.data_dir / DRAFTS_NAME).exists)
    keeper = window.session.keeper
    assert keeper is not None
    assert keeper.flush()
    qtbot.waitUntil(lambda: "Your open lists are saved anew" in told(tab.notice))
    with sqlite3.connect(window.data_dir / DRAFTS_NAME) as c:
        assert c.execute("SELECT count(*) FROM drafts WHERE closed IS NULL").fetchone() == (1,)
    c.close()


def test_a_disk_that_takes_long_is_told_before_it_fails(
    window: MainWindow, tab: SheetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.show_sheet(small(), None, "cards")
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"))
    with sqlite3.connect(window.data_dir / DRAFTS_NAME, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        tab.area.model.setData(tab.area.model.index(0, TOKEN), "typed while another program reads")
        qtbot.waitUntil(lambda: tab.status()[1] == "not saved yet…")
        other.execute("COMMIT")
    other.close()
    qtbot.waitUntil(lambda: tab.status()[1].startswith("everything saved"), timeout=10_000)
    assert not told(tab.notice).strip(), "it was over before it was worth a word"


@pytest.mark.parametrize("there", [True, False])
def test_a_list_that_was_not_on_disk_when_the_program_ended(
    there: bool, window: MainWindow, qtbot: QtBot, new_window: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    """Killed while the first snapshot was being written: it is opened from its file again, or told."""
    window.close()
    path = tmp_path / "cards.csv"
    if there:
        path.write_text("evcoId;roamingHubId;tokenType;tokenId\nNL-TNM-C00122045-K;2;1;A5E33301\n", encoding="utf-8")
    with sqlite3.connect(window.data_dir / DRAFTS_NAME) as c:
        c.execute(
            "INSERT INTO drafts (kind, title, origin, place, opened) VALUES ('tokens', 'cards.csv', ?, '{}', ?)",
            (json.dumps({"path": str(path)}), "2026-01-01T00:00:00Z"),
        )
    c.close()
    again = new_window(window.data_dir)
    with qtbot.waitSignal(again.session.drafts_opened):
        again.session.open()
    tab = again.tabs[0]
    assert isinstance(tab, SheetTab)
    assert "ended before cards.csv was saved" in told(tab.notice)
    assert ("not there any more" in told(tab.notice)) is not there
    if there:
        qtbot.waitUntil(lambda: tab.area.sheet is not None or tab.importing.dialog is not None, timeout=20_000)


def test_a_huge_paste_is_shown_before_it_is_checked(
    tab: SheetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "_MANY_ROWS", 5)
    tab.show_sheet(small(), None, "cards")
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    lines = "\n".join(f"NL-TNM-C00122045-K\t2\t1\tB5E333{number:02}\t\t2027-12-31" for number in range(20))
    QGuiApplication.clipboard().setText(lines)
    tab.area.table.stand_on(tab.area.model.index(1, 0))
    tab.area.table.clipboard.paste()
    assert tab.area.model.rowCount() == 21
    assert tab.area.checker is None
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    assert len(tab.area.checker.rows_with()) >= 20  # type: ignore[union-attr]


def test_what_is_edited_while_a_list_is_checked_is_checked_as_well(
    tab: SheetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small edit on arrival, a huge one with all rows anew: the check under way ends without being shown."""
    monkeypatch.setattr(model, "_MANY_ROWS", 5)
    sheet = small(9)
    tab.show_sheet(sheet, None, "cards")
    sheet.apply(sheet.set_cells("Type", [(0, EXPIRY, "never")]))
    sheet.apply(sheet.remove_rows("Delete", [2]))
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    assert tab.area.checker is not None
    assert 0 in tab.area.checker.rows_with()
    assert not tab.area.checker.problems(2)
    shown: list[Checker] = []
    monkeypatch.setattr(tab.area, "set_checker", shown.append)
    rechecked: list[Checker] = []
    recheck = Checker.recheck

    def watched(checker: Checker, *rows: Collection[int], **more: Collection[int]) -> set[int]:
        rechecked.append(checker)
        return recheck(checker, *rows, **more)

    monkeypatch.setattr(Checker, "recheck", watched)
    for text in ("no day", "31/12/2027"):
        sheet.apply(sheet.set_cells("Paste", [(row, EXPIRY, text) for row in sheet.order]))
        # Ready, but not told: the window has had no turn since.
        (job,) = (one for one in tab.session.runner.jobs if not one.cancel.is_set())
        assert job._thread is not None
        job._thread.join()
    qtbot.waitUntil(lambda: bool(shown) and not tab.session.runner.jobs)
    assert len(shown) == 1
    assert not any(problem.field == "expiryDate" for row in sheet.order for problem in shown[0].problems(row))
    assert not rechecked


def test_many_rows_in_several_columns_are_checked_beside_as_well(
    tab: SheetTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "_MANY_ROWS", 5)
    sheet = small(9)
    tab.show_sheet(sheet, None, "cards")
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    cells = [*((row, TOKEN, "x") for row in range(4)), *((row, EXPIRY, "never") for row in range(4, 8))]
    sheet.apply(sheet.set_cells("Replace", cells))
    assert tab.area.checker is None
    qtbot.waitUntil(lambda: tab.area.checker is not None)
