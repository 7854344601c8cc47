"""Alt and a letter do one thing only: in every menu, in the window and in every dialog, in every language.

With the environment's OCHP_PICTURES naming a folder, a picture of everything that was looked at is left there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QGroupBox, QLabel, QMenu, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from ochp_desktop import texts
from ochp_desktop.gui.ask import AskDialog
from ochp_desktop.gui.crash import CrashDialog
from ochp_desktop.gui.history.answer_dialog import AnswerDialog
from ochp_desktop.gui.layout import GrowingDialog
from ochp_desktop.gui.pdf_view import PdfView
from ochp_desktop.gui.receipt import ReceiptDialog
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.tools.panel import ToolPanel
from ochp_desktop.gui.upload_review import UploadReview
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.list_change import Difference, ListChange
from ochp_desktop.jobs.upload_list import Receipt
from ochp_desktop.paths import resource
from ochp_desktop.records.problems import Level
from ochp_desktop.records.rulebook import rule
from ochp_desktop.records.tokens import TOKENS

from .conftest import PATIENCE

PICTURES = os.environ.get("OCHP_PICTURES", "")
BASES = {GrowingDialog, ToolPanel}  # never shown as such


def letters(shown: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each letter that more than one of these texts takes, with the texts."""
    taken: dict[str, list[str]] = {}
    for text in shown:
        key = QKeySequence.mnemonic(text).toString()
        if key:
            taken.setdefault(key, []).append(text)
    yield from ((key, found) for key, found in taken.items() if len(found) > 1)


def actions_of(menu: QWidget) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def words_of(window: QWidget) -> list[str]:
    """The texts on a window that Alt and a letter reach."""
    found = actions_of(window.menuBar()) if isinstance(window, MainWindow) else []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QTabBar):
            found += [widget.tabText(index) for index in range(widget.count())]
        elif isinstance(widget, QGroupBox):
            found.append(widget.title())
        elif isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            found.append(widget.text())
    return found


class Eyes:
    """Looks at all that is on the screen, again and again, and remembers what takes a letter twice."""

    def __init__(self, language: str) -> None:
        self.clashes: dict[str, str] = {}
        self.seen: set[type] = set()
        self._language = language

    def look(self, step: str) -> None:
        """At every window that is open, and at every menu of it."""
        QApplication.processEvents()
        for window in QApplication.topLevelWidgets():
            if not window.isVisible():
                continue
            self.seen.add(type(window))
            if isinstance(window, QMenu):
                self._note(step, f"menu “{window.title()}”", actions_of(window))
            else:
                self._note(step, type(window).__name__, words_of(window))
            for menu in window.findChildren(QMenu):
                self._note(step, f"menu “{menu.title()}”", actions_of(menu))
            if PICTURES:
                folder = Path(PICTURES) / self._language
                folder.mkdir(parents=True, exist_ok=True)
                window.grab().save(str(folder / f"{step}-{type(window).__name__}.png"))

    def _note(self, step: str, where: str, shown: list[str]) -> None:
        for key, found in letters(shown):
            self.clashes.setdefault(f"{key} in {where}: {found}", step)


class Walk:
    """Opens everything that there is to see."""

    def __init__(self, window: MainWindow, qtbot: QtBot, eyes: Eyes) -> None:
        self.window, self.eyes = window, eyes
        self.tokens, self.cdrs, self.cleared = window.tabs[:3]
        self._qtbot = qtbot

    def until(self, done: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(done()), timeout=PATIENCE)

    def idle(self) -> bool:
        return not self.window.runner.jobs

    def look(self, step: str) -> None:
        """Look, then close whatever lies over the window."""
        self.eyes.look(step)
        for shown in QApplication.topLevelWidgets():
            if shown is not self.window and shown.isVisible():
                shown.reject() if isinstance(shown, QDialog) else shown.close()
        QApplication.processEvents()

    def take(self, file: str) -> None:
        self.window.tab.open_files([resource("samples", file)])
        self.until(lambda: self.window.tab.title_of_sheet == file and self.window.tab.area.checker and self.idle())

    def first_screen(self) -> None:
        self.look("first-start")
        self.window.dialogs.new_connection()
        self.look("new-connection")
        self.window.first_start.practice_button.click()
        self.until(lambda: self.window.session.state is SignIn.SIGNED_IN and self.tokens.area.checker and self.idle())

    def tabs(self) -> None:
        for number, tab in enumerate(self.window.tabs):
            self.window.show_tab(number)
            self.until(self.idle)
            self.look(f"tab-{number}-empty" if number != 0 else "tab-0")
            if tab is self.cdrs:
                self.take("cdrs-november.xlsx")
                self.look("tab-1")
        self.window.show_tab(0)

    def menus_that_are_made_when_asked_for(self) -> None:
        table = self.tokens.area.table
        commands = table.column_commands
        table.context_menu().popup(QPoint(0, 0))
        self.look("context-menu")
        commands.menu(0).popup(QPoint(0, 0))
        self.look("column-menu")
        commands.sort_by([(0, False)])
        commands.hide([1])
        table.columns.fix(1)
        commands.menu(3).popup(QPoint(0, 0))
        self.look("column-menu-all")
        commands.show_all()
        commands.open_filter(2)
        self.look("filter")
        self.window.connection_line.fill_menu()
        self.window.connection_line.menu.popup(QPoint(0, 0))
        self.look("connection-menu")

    def table(self) -> None:
        actions = self.tokens.area.actions_
        for action in (actions.find, actions.replace, actions.go_to, actions.history):
            action.trigger()
            self.look(f"table-{action.text().replace('&', '').strip('…')}")
        panel = self.tokens.area.panel
        for preview in (panel.mending.preview_certain, panel.mending.preview_likely, panel.mending.preview_removal):
            preview()
            self.until(lambda: QApplication.activeModalWidget() is not None)
            self.look(preview.__name__)
        code = next(code for code in panel.cards if rule(code).level is Level.WARNING)
        card = panel.cards[code]
        card.head.setChecked(True)
        QApplication.processEvents()
        card.accept_button.click()
        self.look("accepting")
        panel.accept(code, "As agreed", True)
        panel.show_accepted()
        self.look("accepted")
        self.tokens.area.show_only(self.tokens.area.sheet.order[:3])
        self.look("some-rows")
        self.tokens.area.show_only(None)
        self.tokens.area.find_bar.close()

    def dialogs_of_the_menus(self) -> None:
        window = self.window
        for number, show in enumerate(
            (
                window.dialogs.show_scenarios,
                window.dialogs.show_partners,
                window.dialogs.show_about,
                window.show_shortcuts,
                window.show_handbook,
                window.dialogs.enter_password,
                self.cdrs.choose_timezone,
                window.tools.show_card,
                window.tools.show_contracts,
                window.tools.show_expiry,
            )
        ):
            show()
            self.look(f"dialog-{number}")
        window.tools.show_rules()
        self.until(lambda: window.tools.rules_dialog is not None)
        self.look("rules")
        path = resource("samples", "tokens-small.csv")
        self.tokens.importing.open([path], open_sheet=self.tokens.area.sheet, always_ask=True)
        self.until(lambda: self.tokens.importing.dialog is not None and self.idle())
        dialog = self.tokens.importing.dialog
        for way in range(dialog.way_box.count()):
            dialog.way_box.setCurrentIndex(way)
            dialog.way_box.activated.emit(way)
            self.until(self.idle)
            self.eyes.look(f"import-{way}")
        self.look("import")

    def dialogs_of_the_jobs(self) -> None:
        window, row = self.window, [field.example for field in TOKENS]
        change = ListChange([row] * 3, Difference([row], [(row, row)], [(row, row)], [row], 1), 2, removed=[row])
        UploadReview(change, "House", lambda _count: None, window).open()
        self.look("upload-review")
        ReceiptDialog(Receipt(datetime.now(UTC), "practice", "polder", 3, "", "0" * 64, 1), window).open()
        self.look("receipt")
        AnswerDialog(3, lambda _there, _who: None, window).open()
        self.look("answer")
        CrashDialog(None, "", window).open()
        self.look("crash")
        AskDialog(window, "Title", "Text", "Yes", "No", type_number=3).open()
        self.look("ask")
        PdfView(window.runner, b"%PDF-", "Statement", "statement.pdf", window).show()
        self.until(self.idle)
        self.look("pdf")

    def uploads(self) -> None:
        self.window.show_tab(1)
        self.cdrs.main_button.click()
        self.eyes.look("upload-question")
        self.cdrs.asked.yes_button.click()
        self.until(lambda: self.cdrs.states and self.idle())
        self.look("tab-1-uploaded")
        for number in (3, 4):
            self.window.show_tab(number)
            self.until(self.idle)
            self.look(f"tab-{number}")
        self.window.tab.versions_action.trigger()
        self.until(self.idle)
        self.eyes.look("versions")
        self.window.tab.versions.pages.setCurrentIndex(1)
        self.look("versions-card")
        self.window.show_tab(0)
        self.tokens.house_action.trigger()
        self.until(lambda: self.tokens.pages.currentIndex() == 1 and self.idle())
        self.look("global-list")
        self.tokens.show_own_list()

    def cleared_records(self) -> None:
        self.window.show_tab(2)
        self.sign_in_as("admin")
        self.cleared.clear_action.trigger()
        self.eyes.look("clearing-question")
        self.cleared.asked.yes_button.click()
        self.until(self.idle)
        self.sign_in_as("provider")
        self.cleared.fetch_action.trigger()
        self.until(lambda: self.cleared.statement is not None and self.idle())
        self.look("tab-2")

    def sign_in_as(self, role: str) -> None:
        self.window.session.practise_as(role)
        self.until(lambda: self.window.session.state is SignIn.SIGNED_IN and self.idle())


def all_dialogs(of: type[QDialog] = QDialog) -> set[type]:
    """Our dialogs; one that is not opened here must not be forgotten."""
    found: set[type] = set()
    for one in of.__subclasses__():
        if one.__module__.startswith("ochp_desktop."):
            found |= {one, *all_dialogs(one)}
    return found


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_letter_is_taken_twice(
    language: str, new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    texts.use_language(language)
    window = new_window(tmp_path)
    with qtbot.waitSignal(window.session.changed):
        window.session.open()
    eyes = Eyes(language)
    walk = Walk(window, qtbot, eyes)
    walk.first_screen()
    walk.tabs()
    walk.menus_that_are_made_when_asked_for()
    walk.table()
    walk.dialogs_of_the_menus()
    walk.dialogs_of_the_jobs()
    walk.uploads()
    walk.cleared_records()
    assert not eyes.clashes, "\n".join(f"{clash} ({step})" for clash, step in eyes.clashes.items())
    assert not all_dialogs() - BASES - eyes.seen
