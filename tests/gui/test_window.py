"""The window's shell: first start, tabs, menus, search, keyboard, strips, closing."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from ochp_desktop.errors import ConnectionFailed
from ochp_desktop.gui.about import AboutDialog, ShortcutsDialog
from ochp_desktop.gui.ask import AskDialog, ask
from ochp_desktop.gui.finder import EACH
from ochp_desktop.gui.menus import actions_within
from ochp_desktop.gui.notice import Notice, Step
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import STORE_NAME
from ochp_desktop.paths import resource
from ochp_desktop.sheet.sheet import Sheet


def test_a_first_start_offers_practice_and_connection(window: MainWindow) -> None:
    assert window.screens.currentWidget() is window.first_start
    assert window.first_start.practice_button.isVisible()
    assert window.first_start.connection_button.isVisible()
    assert not window.practice_band.isVisible()
    assert window.windowTitle() == "OCHP Desktop"


def test_files_can_be_checked_without_any_connection(window: MainWindow, qtbot: QtBot) -> None:
    window.first_start.files_button.click()
    tokens = window.tabs[0]
    tokens.open_files([resource("samples", "tokens-small.csv")])
    qtbot.waitUntil(lambda: tokens.area.checker is not None)
    assert window.tab_bar.count_text(0) == tokens.count() != ""
    for row in tokens.error_rows():
        tokens.area.sheet.apply(tokens.area.sheet.remove_rows("Delete", [row]))
    tokens.main_button.click()
    assert "no clearing house" in tokens.notice.text_label.text()
    assert [button.text() for button in tokens.notice.buttons] == ["New connection…"]


def test_an_empty_list_says_what_to_do_next_and_the_main_button_stays_enabled(window: MainWindow) -> None:
    window.first_start.files_button.click()
    for tab in window.tabs[:2]:
        assert tab.main_button.isEnabled()
        tab.main_button.click()
        assert tab.notice.isVisibleTo(tab)
        assert tab.notice.buttons


def test_month_and_history_say_what_they_are_for_while_they_are_empty(practising: MainWindow, qtbot: QtBot) -> None:
    _tokens, cdrs, _cleared, month, past = practising.tabs
    for tab in (month, past):
        practising.show_tab(practising.tabs.index(tab))
        qtbot.waitUntil(lambda: not practising.runner.jobs)
        assert tab.empty.isVisible()
        assert len(tab.empty.buttons) == 2
    qtbot.mouseClick(past.empty.buttons[1], Qt.MouseButton.LeftButton)
    assert practising.tab is cdrs


def test_a_dropped_file_of_the_other_kind_goes_to_its_tab(window: MainWindow, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(resource("samples", "cdrs-small.csv")))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.tabs[1].area.checker is not None)
    assert window.tab_bar.currentIndex() == 1
    assert window.tabs[0].area.sheet is None


def test_a_file_that_cannot_be_read_is_told_calmly(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.first_start.files_button.click()
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    window.tab.open_files([broken])
    qtbot.waitUntil(window.tab.notice.isVisible)
    assert "broken.xlsx" in window.tab.notice.text_label.text()
    assert "Traceback" not in window.tab.notice.text_label.text()


def test_every_action_of_every_menu_has_its_own_shortcut(window: MainWindow) -> None:
    window.first_start.files_button.click()
    for index in range(len(window.tabs)):
        window.show_tab(index)
        actions = [action for menu in window.menus.all() for action in actions_within(menu)]
        keys = [sequence.toString() for action in actions for sequence in action.shortcuts()]
        assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)
        # One of several colours or languages is chosen with its letter.
        orders = [action for action in actions if not action.isSeparator() and not action.isCheckable()]
        assert not [action.text() for action in orders if not action.shortcuts()]
        assert not [action.text() for action in orders if "&" not in action.text()]


def test_buttons_and_menus_do_not_share_a_mnemonic(window: MainWindow) -> None:
    window.first_start.files_button.click()

    def letter(text: str) -> str:
        at = text.replace("&&", "").find("&")
        return text.replace("&&", "")[at + 1].lower() if at >= 0 else ""

    menus = [letter(action.text()) for action in window.menuBar().actions()]
    for index, tab in enumerate(window.tabs):
        window.show_tab(index)
        letters = menus + [letter(one.text()) for one in tab.findChildren(QPushButton) if one.isVisible()]
        used = [one for one in letters if one]
        assert len(used) == len(set(used)), (tab.title, used)


def test_everything_that_can_be_pressed_has_a_name(window: MainWindow) -> None:
    window.first_start.files_button.click()
    nameless = [
        one
        for one in (*window.findChildren(QPushButton), *window.findChildren(QToolButton))
        if one.isVisible() and not (one.text() or one.accessibleName() or one.toolTip())
    ]
    assert not nameless, [(one, one.parent()) for one in nameless]


def test_ctrl_k_finds_an_action_and_does_it(window: MainWindow, qtbot: QtBot) -> None:
    window.finder.begin()
    qtbot.keyClicks(window.finder, "about")
    qtbot.waitUntil(lambda: bool(window.finder.hits()) and not window.finder.searching())
    qtbot.keyClick(window.finder, Qt.Key.Key_Return)
    about = window.findChild(AboutDialog)
    assert about is not None
    about.accept()
    assert not window.finder.panel.isVisible()


def test_ctrl_k_finds_what_another_tab_is_for_and_goes_there(practising: MainWindow, qtbot: QtBot) -> None:
    practising.finder.begin()
    qtbot.keyClicks(practising.finder, "start a clearing")
    qtbot.waitUntil(lambda: bool(practising.finder.hits()) and not practising.finder.searching())
    (hit,) = [one for one in practising.finder.hits() if one.icon == "command"]
    assert hit.detail == practising.tabs[2].title
    qtbot.keyClick(practising.finder, Qt.Key.Key_Return)
    assert practising.tab is practising.tabs[2]
    assert practising.tab.clearing.asked.isVisible()
    practising.tab.clearing.asked.reject()


def test_the_search_goes_to_the_cell_that_holds_a_card(window: MainWindow, qtbot: QtBot) -> None:
    window.first_start.files_button.click()
    tokens = window.tabs[0]
    tokens.open_files([resource("samples", "tokens-small.csv")])
    qtbot.waitUntil(lambda: tokens.area.checker is not None)
    sheet = tokens.area.sheet
    row, column = sheet.order[5], sheet.kind.index("tokenId")
    window.show_tab(2)
    window.finder.begin()
    qtbot.keyClicks(window.finder, sheet.text(row, column).lower())
    qtbot.waitUntil(lambda: bool(window.finder.hits()) and not window.finder.searching())
    qtbot.keyClick(window.finder, Qt.Key.Key_Return)
    assert window.tab is tokens
    current = tokens.area.table.currentIndex()
    assert tokens.area.model.row_id(current.row()) == row


def test_the_search_finds_in_every_open_list_and_names_it(window: MainWindow, qtbot: QtBot) -> None:
    window.first_start.files_button.click()
    tokens, cdrs = window.tabs[0], window.tabs[1]
    for tab, title, field, texts in (
        (tokens, "old cards", "tokenId", [f"A5E333{number:02}" for number in range(9)]),
        (tokens, "new cards", "tokenId", ["A5E33377", "B0"]),
        (cdrs, "sessions", "cdrId", ["x-a5e33377"]),
    ):
        sheet = Sheet(tab.kind)
        sheet.load([["" if name != field else text for name in tab.kind.names] for text in texts])
        tab.show_sheet(sheet, None, title, keep=False)
    window.finder.begin()
    qtbot.keyClicks(window.finder, "a5e333")
    qtbot.waitUntil(lambda: bool(window.finder.hits()) and not window.finder.searching())
    found = [(hit.place.rsplit(", ")[-1], hit.title) for hit in window.finder.hits()]
    assert found == [
        ("new cards", "A5E33377"),
        *(("old cards", f"A5E333{number:02}") for number in range(EACH)),
        ("sessions", "x-a5e33377"),
    ]
    headings = [
        item.text() for item in map(window.finder.list.item, range(window.finder.list.count())) if not item.flags()
    ]
    assert [one.rsplit(", ")[-1] for one in headings] == ["new cards", "old cards", "sessions"]
    qtbot.keyClick(window.finder, Qt.Key.Key_Down)
    qtbot.keyClick(window.finder, Qt.Key.Key_Down)
    qtbot.keyClick(window.finder, Qt.Key.Key_Return)
    assert window.tab is tokens
    assert tokens.title_of_sheet == "old cards"
    assert tokens.area.model.row_id(tokens.area.table.currentIndex().row()) == 1
    window.finder.begin()
    qtbot.keyClicks(window.finder, "x-a5")
    qtbot.waitUntil(lambda: bool(window.finder.hits()) and not window.finder.searching())
    qtbot.keyClick(window.finder, Qt.Key.Key_Return)
    assert window.tab is cdrs


def test_a_search_without_hits_says_so_and_escape_leaves(window: MainWindow, qtbot: QtBot) -> None:
    window.finder.begin()
    qtbot.keyClicks(window.finder, "zzzzzz")
    qtbot.waitUntil(lambda: window.finder.panel.isVisible() and not window.finder.searching())
    assert window.finder.nothing_label.isVisible()
    qtbot.keyClick(window.finder, Qt.Key.Key_Escape)
    assert not window.finder.panel.isVisible()
    assert window.finder.text() == ""


def test_f6_walks_through_all_areas_and_back(window: MainWindow, qtbot: QtBot) -> None:
    window.first_start.files_button.click()
    tokens = window.tabs[0]
    tokens.open_files([resource("samples", "tokens-small.csv")])
    qtbot.waitUntil(lambda: tokens.area.checker is not None)
    window.activateWindow()
    window.connection_line.profile_button.setFocus()
    first = window.focusWidget()
    seen = [first]
    window._walk(1)
    while window.focusWidget() is not first and len(seen) < 9:
        seen.append(window.focusWidget())
        window._walk(1)
    assert seen[1:4] == [window.tab_bar, tokens.filter_edit, tokens.area.table]
    assert window.focusWidget() is first
    window._walk(-1)
    assert window.focusWidget() is seen[-1]


def test_a_strip_shows_a_longer_job_and_cancels_it(window: MainWindow, qtbot: QtBot) -> None:
    begun = threading.Event()

    def job(cancel: Cancel) -> Job[None]:
        yield Progress("Counting cards", 48_200, 96_400)
        woken = threading.Event()
        cancel.on_set(woken.set)
        begun.set()
        woken.wait()
        cancel.check()

    running = window.runner.start("Counting", job)
    qtbot.waitUntil(lambda: bool(window.strips.strips()))
    strip = window.strips.strips()[0]
    assert strip.text_label.text() == "Counting cards: 48,200 of 96,400"
    assert strip.bar.value() * 2 == strip.bar.maximum()
    with qtbot.waitSignal(running.cancelled):
        strip.cancel_button.click()
    qtbot.waitUntil(lambda: not window.strips.isVisible())


def test_closing_while_something_is_sent_asks_and_keeps_on_by_default(window: MainWindow, qtbot: QtBot) -> None:
    def job(cancel: Cancel) -> Job[None]:
        yield Progress("Sending")
        woken = threading.Event()
        cancel.on_set(woken.set)
        woken.wait()
        cancel.check()

    running = window.runner.start("Sending", job, sends=True)
    assert not window.close()
    asked = window.findChild(AskDialog)
    assert asked is not None
    assert asked.no_button.isDefault()
    asked.no_button.click()
    assert not running.over
    window.close()
    with qtbot.waitSignal(running.ended):
        next(one for one in window.findChildren(AskDialog) if one.isVisible()).yes_button.click()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_size_and_columns_are_remembered(new_window: Callable[[Path], MainWindow], tmp_path: Path) -> None:
    first = new_window(tmp_path)
    first.resize(900, 640)
    first.tabs[0].area.table.setColumnWidth(3, 277)
    first.close()
    second = new_window(tmp_path)
    assert second.height() == 640
    assert second.tabs[0].area.table.columnWidth(3) == 277


def test_a_chosen_look_is_kept(window: MainWindow, light: QApplication) -> None:
    window.use_look("dark")
    assert window.settings.value("look") == "dark"
    window.use_look("light")


def test_the_shortcuts_overview_lists_menus_and_keys(window: MainWindow) -> None:
    window.show_shortcuts()
    overview = window.findChild(ShortcutsDialog)
    assert overview is not None
    from PySide6.QtWidgets import QLabel

    texts = [label.text() for label in overview.findChildren(QLabel)]
    assert "Ctrl+K" in texts
    overview.accept()


def test_a_notice_shows_details_only_when_asked(light: QApplication, qtbot: QtBot) -> None:
    notice = Notice()
    qtbot.addWidget(notice)
    tried: list[int] = []
    notice.error(
        ConnectionFailed("No answer", "The house is silent.", "ECONNREFUSED"),
        Step("Try again", lambda: tried.append(1)),
    )
    assert notice.text_label.text() == "No answer. The house is silent."
    assert not notice.detail_label.isVisible()
    notice.buttons[0].click()
    notice.buttons[1].click()
    assert tried == [1]
    assert notice.detail_label.text() == "ECONNREFUSED"
    notice.close_button.click()
    assert not notice.isVisible()


@pytest.mark.parametrize(("typed", "possible"), [("", False), ("21", False), ("22", True)])
def test_a_grave_yes_wants_its_number_typed(light: QApplication, qtbot: QtBot, typed: str, possible: bool) -> None:
    dialog = ask(
        None,
        "Remove?",
        "22 cards stop working.",
        yes="Remove 22 cards",
        no="Keep them",
        on_yes=lambda: None,
        type_number=22,
    )
    dialog.number_edit.setText(typed)
    assert dialog.yes_button.isEnabled() is possible
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_no_dialog_is_wider_than_a_small_screen(window: MainWindow) -> None:
    for show in (
        window.dialogs.new_connection,
        window.dialogs.show_partners,
        window.dialogs.show_about,
        window.show_shortcuts,
    ):
        show()
    for dialog in window.findChildren(QDialog):
        assert dialog.sizeHint().width() <= 1000
        assert dialog.sizeHint().height() <= 720
        dialog.reject()
    assert window.mapToGlobal(QPoint(0, 0)) is not None


def test_a_damaged_store_is_set_aside_and_told(
    new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / STORE_NAME).write_bytes(b"this is no database at all" * 400)
    window = new_window(tmp_path)
    with qtbot.waitSignal(window.session.opened):
        window.session.open()
    assert window.notice.isVisible()


def test_an_unknown_connection_is_told_and_the_window_stays_usable(
    new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = new_window(tmp_path)
    with qtbot.waitSignal(window.session.failed):
        window.session.open("no such connection")
    assert "no such connection" in window.notice.text_label.text()
    assert window.first_start.practice_button.isVisible()
