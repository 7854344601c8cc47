"""Cleared CDRs in the window: one statement, all of them, and what was sent beside what was cleared."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.cleared_tab import ClearedTab
from ochp_desktop.gui.cleared_views import ALL, SENT
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.records.cdrs import CDRS

from .conftest import PATIENCE

Row = tuple[str, ...]
PICTURES = os.environ.get("OCHP_PICTURES", "")


def cdr(number: int, infra: str, service: str, contract: str) -> Row:
    values = {field.name: field.example for field in CDRS}
    values |= {"cdrId": f"C-{number}", "infraProviderId": infra, "serviceProviderId": service, "evcoId": contract}
    return tuple(values[name] for name in CDRS.names)


@pytest.fixture
def cleared(practising: MainWindow, qtbot: QtBot) -> ClearedTab:
    """The tab with two statements in the archive, some odd records among them, and three records sent."""
    workplace = practising.session.workplace
    assert workplace is not None
    connection = workplace.connected()
    own = connection.profile.provider_id
    prefix = connection.profile.prefixes[0]
    now = datetime.now(UTC)
    first = [cdr(number, "Ladenetz", own, f"{prefix}-C0000000{number}-K") for number in range(4)]
    second = [cdr(8, "Ladenetz", own, "XX-YYY-C00000008-K"), cdr(9, "nobody known", own, f"{prefix}-C00000009-K")]
    sent = [cdr(number, own, "Ladenetz", "DE-LND-C00000001-K") for number in range(20, 23)]
    for days, rows in ((60, first), (20, [*second, sent[1]])):
        workplace.archive.save_statement(
            connection.house, connection.user, rows, f"link-{days}", None, now - timedelta(days=days)
        )
    batch = workplace.journal.begin_batch(connection.house, connection.user, sent, upload="u")
    workplace.journal.confirm(batch, "", now - timedelta(days=45))
    practising.show_tab(2)
    tab = practising.tabs[2]
    assert isinstance(tab, ClearedTab)
    tab.load_archive()
    qtbot.waitUntil(lambda: tab.view is not None, timeout=PATIENCE)
    return tab


def choose(tab: ClearedTab, key: object, qtbot: QtBot) -> None:
    index = tab.chooser.findData(key)
    assert index >= 0
    tab.chooser.setCurrentIndex(index)
    tab.chooser.activated.emit(index)
    qtbot.waitUntil(lambda: tab.view is not None and tab.view.key == key, timeout=PATIENCE)


def picture(tab: ClearedTab, name: str) -> None:
    """A screenshot, for whoever asks for one."""
    if PICTURES:
        QApplication.processEvents()
        tab.window().grab().save(str(Path(PICTURES) / f"{name}.png"))


def cells(tab: ClearedTab, at: int) -> list[str]:
    model = tab.area.model
    return [model.index(row, at).data() or "" for row in range(model.rowCount())]


def test_the_newest_statement_is_shown_with_what_is_odd(cleared: ClearedTab, qtbot: QtBot) -> None:
    assert cells(cleared, 1)[0] == "not your contract"
    assert "unknown partner" in cells(cleared, 0)
    assert cleared.attention_box.isVisible()
    cleared.attention_box.click()
    assert cells(cleared, 0) == ["Ladenetz", "unknown partner"]
    picture(cleared, "cleared-odd")
    cleared.attention_box.click()
    assert cleared.area.model.rowCount() == 3


def test_every_statement_is_searched_at_once(cleared: ClearedTab, qtbot: QtBot) -> None:
    window = cleared.window()
    assert isinstance(window, MainWindow)
    window.finder.setText("C-2")
    wanted = "Search all statements for “c-2”"
    qtbot.waitUntil(
        lambda: any(window.finder.list.item(n).text().startswith(wanted) for n in range(window.finder.list.count())),
        timeout=PATIENCE,
    )
    hits = list(cleared._search_archive("c-2"))
    assert hits[-1] is not None
    hits[-1].go()
    qtbot.waitUntil(lambda: cleared.view is not None and cleared.view.key == ALL, timeout=PATIENCE)
    qtbot.waitUntil(lambda: cleared.area.model.rowCount() == 2, timeout=PATIENCE)  # C-2 and C-21
    assert all(cells(cleared, 1))
    picture(cleared, "cleared-all")


def test_what_was_sent_is_cleared_or_not_yet(cleared: ClearedTab, qtbot: QtBot, tmp_path: Path) -> None:
    choose(cleared, SENT, qtbot)
    said = cells(cleared, 1)
    assert said[0] == said[2] == "not yet, 45 days"
    assert said[1].startswith("cleared ")
    assert cleared.status()[1] == "2 records in no statement yet"
    picture(cleared, "cleared-sent")
    cleared.attention_box.click()
    assert cleared.area.model.rowCount() == 2
    out = tmp_path / "sent.csv"
    cleared.export_to(out)
    qtbot.waitUntil(lambda: "sent.csv" in cleared.notice.text_label.text(), timeout=PATIENCE)
    assert "C-20" in out.read_text("utf-8-sig")
    assert "C-21" not in out.read_text("utf-8-sig")
    cleared.open_pdf()
    assert "single statement" in cleared.notice.text_label.text()


def test_the_last_choice_wins(cleared: ClearedTab, qtbot: QtBot) -> None:
    oldest = cleared.infos[-1].id
    cleared.load_archive(ALL)
    cleared.load_archive(SENT)
    cleared.load_archive(oldest)
    qtbot.waitUntil(lambda: not cleared.session.runner.jobs, timeout=PATIENCE)
    assert cleared.view is not None
    assert cleared.view.key == oldest
    assert cleared.area.model.rowCount() == 4
