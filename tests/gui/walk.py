"""Opens everything that there is to see in the window, one after the other, for tests that look at all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

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

BASES = {GrowingDialog, ToolPanel}  # never shown as such


class Walk:
    """The way through a window at its first start.

    Args:
        window: the window.
        qtbot: waits for what the program does.
        eyes: called with the name of each step, and looks at what is open.
    """

    def __init__(self, window: MainWindow, qtbot: QtBot, eyes: Callable[[str], object]) -> None:
        self.window, self.eyes = window, eyes
        self.tokens, self.cdrs, self.cleared = window.tabs[:3]
        self._qtbot = qtbot

    def until(self, done: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(done()), timeout=PATIENCE)

    def idle(self) -> bool:
        return not self.window.runner.jobs

    def look(self, step: str) -> None:
        """Look, then close whatever lies over the window."""
        self.eyes(step)
        for shown in QApplication.topLevelWidgets():
            if shown is not self.window and shown.isVisible():
                shown.reject() if isinstance(shown, QDialog) else shown.close()
        QApplication.processEvents()

    def take(self, file: str) -> None:
        self.window.tab.open_files([resource("samples", file)])
        self.until(lambda: self.window.tab.title_of_sheet == file and self.window.tab.area.checker and self.idle())

    def through(self) -> None:
        """All of it."""
        self.first_screen()
        self.tabs()
        self.menus_that_are_made_when_asked_for()
        self.table()
        self.dialogs_of_the_menus()
        self.dialogs_of_the_jobs()
        self.uploads()
        self.cleared_records()

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
        table.row_menu(0).popup(QPoint(0, 0))
        self.look("row-menu")
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
        for way in range(dialog.ways.box.count()):
            dialog.ways.box.setCurrentIndex(way)
            dialog.ways.box.activated.emit(way)
            self.until(self.idle)
            self.eyes(f"import-{way}")
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
        self.eyes("upload-question")
        self.cdrs.sending.asked.yes_button.click()
        self.until(lambda: self.cdrs.states and self.idle())
        self.look("tab-1-uploaded")
        for number in (3, 4):
            self.window.show_tab(number)
            self.until(self.idle)
            self.look(f"tab-{number}")
        past = self.window.tabs[4]
        past.show_versions()
        for page in range(past.versions.pages.count()):
            past.versions.pages.setCurrentIndex(page)
            self.until(self.idle)
            self.eyes(f"versions-{page}")
        self.look("versions")
        self.window.show_tab(0)
        self.tokens.house_action.trigger()
        self.until(lambda: self.tokens.pages.currentIndex() == 1 and self.idle())
        self.look("global-list")
        session = self.window.session
        session.change_partners(remove=[one.provider_id for one in session.workplace.partners()])
        self.until(self.tokens.global_list.add_button.isVisible)
        self.look("global-list-unknown")
        self.tokens.show_own_list()

    def cleared_records(self) -> None:
        self.window.show_tab(2)
        self.sign_in_as("admin")
        self.cleared.clear_action.trigger()
        self.eyes("clearing-question")
        self.cleared.clearing.asked.yes_button.click()
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
    return found - BASES
