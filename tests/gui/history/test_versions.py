"""The versions of the list in the window: compared, a card followed, rows taken back, the window never held up."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.history import compare_page
from ochp_desktop.gui.history.history_tab import HistoryTab
from ochp_desktop.gui.history.versions_dialog import VersionsDialog
from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.list_versions import Comparison, Kind, ListVersion, compare_versions
from ochp_desktop.jobs.workplace import Workplace

PATIENCE = 30_000
Row = tuple[str, ...]


def card(number: int, expiry: str = "31/12/2027") -> Row:
    return (f"NL-TNM-{number:06}-1", "2", "1", f"04A2{number:010X}", f"P{number}", expiry, "", "0", "1", "")


def opened(window: MainWindow, qtbot: QtBot, *versions: list[Row]) -> VersionsDialog:
    """The window Versions of the list, with these versions."""
    workplace = window.session.workplace
    assert workplace is not None
    connection = workplace.connected()
    for rows in versions:
        workplace.lists.save_version(connection.house, connection.user, rows)
    past = window.tabs[4]
    assert isinstance(past, HistoryTab)
    window.show_tab(4)
    past.versions_action.trigger()
    dialog = past.versions
    assert dialog is not None
    page = dialog.compare_page
    qtbot.waitUntil(lambda: page.new_box.count() == len(versions), timeout=PATIENCE)
    if len(versions) > 1:
        qtbot.waitUntil(lambda: page.found is not None, timeout=PATIENCE)
    return dialog


@pytest.fixture
def tokens(practising: MainWindow) -> TokensTab:
    tab = practising.tabs[0]
    assert isinstance(tab, TokensTab)
    return tab


def test_rows_of_an_older_version_come_back(practising: MainWindow, qtbot: QtBot, tokens: TokensTab) -> None:
    cards = [card(number) for number in range(30)]
    dialog = opened(practising, qtbot, cards, [*cards[2:29], card(29, "01/01/2031")])
    page = dialog.compare_page
    QAbstractItemModelTester(page.table.lines)
    assert [line.kind for line in page.found.lines] == [Kind.REMOVED, Kind.REMOVED, Kind.CHANGED]
    assert "2 removed" in page.sum_label.text()
    assert not page.restore_button.isEnabled()
    page.search_edit.setText(cards[1][3].lower())
    assert page.table.lines.rowCount() == 1
    page.search_edit.clear()
    page.table.selectAll()
    assert "3" in page.restore_button.text()
    before = tokens.area.sheet.rows_texts()
    page.restore_button.click()
    after = tokens.area.sheet.rows_texts()
    assert [row for row in after if row not in before] == [cards[0], cards[1], cards[29]]
    tokens.area.actions_.undo.trigger()
    assert tokens.area.sheet.rows_texts() == before


def test_a_card_is_followed(practising: MainWindow, qtbot: QtBot, tokens: TokensTab) -> None:
    dialog = opened(practising, qtbot, [card(1), card(2)], [card(1)])
    page = dialog.card_page
    dialog.pages.setCurrentIndex(1)
    page.card_edit.setText("NL-TNM-000002-1")
    page.search_button.click()
    qtbot.waitUntil(lambda: page.table.lines.rowCount() == 2, timeout=PATIENCE)
    assert "disappeared" in page.story_label.text()
    page.restore_button.click()
    assert card(2) in tokens.area.sheet.rows_texts()
    dialog.close_button.click()
    qtbot.waitUntil(lambda: practising.tabs[4].versions is None, timeout=PATIENCE)


def test_with_one_version_it_says_so(practising: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(practising, qtbot, [card(1)])
    assert "nothing to compare" in dialog.compare_page.sum_label.text()


def test_large_versions_are_compared_beside_the_window(
    practising: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(workplace: Workplace, one: ListVersion, other: ListVersion, cancel: Cancel) -> Job[Comparison]:
        threads.append(threading.current_thread())
        found = yield from compare_versions(workplace, one, other, cancel)
        threads.append(threading.current_thread())
        return found

    monkeypatch.setattr(compare_page, "compare_versions", watched)
    cards = [card(number) for number in range(20_000)]
    dialog = opened(practising, qtbot, cards, [card(number, "01/01/2031") for number in range(20_000)])
    assert dialog.compare_page.table.lines.rowCount() == 20_000
    assert len(threads) == 2
    assert threading.main_thread() not in threads
