"""A guided tour of the main job, driven through the real window, with a screenshot of every step.

python packaging/tour.py [--out DIR] [--theme light|dark|both] [--language CODE] [--handbook]

The whole way once, at the practice clearing house: a list of 5,000 cards is opened, mended, compared, uploaded and
downloaded again; a sheet of CDRs is mended and uploaded, cleared by the administrator and fetched with its PDF.
`dev.py run` takes the tour where there is no display; the handbook's pictures are made with it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pictures import keep
from PySide6.QtCore import QEventLoop, QMessageLogContext, QPoint, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from ochp_desktop.app import GarbageCollector, make_application
from ochp_desktop.gui import theme
from ochp_desktop.gui.cdrs_tab import CdrsTab
from ochp_desktop.gui.cleared_tab import ClearedTab
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.table.removal_preview import RemovalPreview
from ochp_desktop.gui.table.repair_preview import RepairPreview
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.paths import resource
from ochp_desktop.records.identity import reversed_bytes
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import LANGUAGES

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = (1280, 760)
HANDBOOK = (
    "first-start",
    "tokens",
    "tokens-certain",
    "tokens-likely",
    "tokens-removal",
    "tokens-mended",
    "upload-review",
    "global-list",
    "card-doctor",
    "contract-ids",
    "expiry-radar",
    "cdrs",
    "cdrs-uploaded",
    "cleared",
    "statement-pdf",
    "month",
    "history",
    "import",
    "import-opened",
)
MESSY = """\
Laadpassen november
;;;;;;
Contractnumer;RFID UID;Kaartnumber;Geldig t/m;Pin;Opm.;Hub
NL-TNM-000122045-U;04A2B3C4D5E6F7;01234567;3/4/2037;0427;oud;2
NL-TNM-000122046-X;04A2B3C4D5E6F8;1234568;4/5/2037;4275;;2
NL-TNM-000122047-Y;04A2B3C4D5E6F9;01234569;5/6/2037;1234;x;2
NL-TNM-000122048-Z;1,23E+13;01234570;6/7/2037;9999;;2
NL-TNM-000122049-A;04A2B3C4D5E6FB;01234571;7/8/2037;4711;;2
"""
PATIENCE = 60.0  # seconds until a step counts as failed


class TourFailed(Exception):
    """A step did not come to its end."""


class Tour:
    """Someone at the desk: clicks, waits for what the program does, takes pictures."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window = window
        self.out = out
        self.pictures: list[Path] = []
        self.tokens, self.cdrs, self.cleared = window.tabs[:3]
        assert isinstance(self.tokens, TokensTab)
        assert isinstance(self.cdrs, CdrsTab)
        assert isinstance(self.cleared, ClearedTab)

    # hands and eyes

    def wait(self, what: str, done: Callable[[], object]) -> None:
        """Let the program work until it is done."""
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise TourFailed(f"waited {PATIENCE:.0f} s in vain: {what}; the program says: {self.said()}")
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()

    def said(self) -> str:
        """What the line at the bottom of the tab in front says."""
        return self.window.tab.notice.text() if hasattr(self.window.tab.notice, "text") else ""

    def idle(self) -> bool:
        """Whether no job is running."""
        return not self.window.runner.jobs

    def click(self, button: QAbstractButton) -> None:
        """Press a button with the mouse."""
        if not button.isVisible() or not button.isEnabled():
            raise TourFailed(f"the button “{button.text()}” cannot be pressed")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, 8))

    def dialog(self) -> QDialog:
        """The box that is open; waited for."""
        self.wait("a box opens", lambda: QApplication.activeModalWidget() is not None)
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        return found

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Keep what is on the screen, once layouts and timers have settled."""
        QTest.qWait(100)
        path = self.out / f"{name}.png"
        keep((widget or self.window).grab().toImage(), path)
        self.pictures.append(path)

    def show(self, tab: QWidget) -> None:
        """Bring a tab to the front."""
        self.window.tab_bar.setCurrentIndex(self.window.tabs.index(tab))
        QApplication.processEvents()

    # the steps

    def begin(self) -> None:
        """First start, then the practice house with its sample list."""
        self.wait("the first screen", self.window.first_start.isVisible)
        self.picture("first-start")
        self.click(self.window.first_start.practice_button)
        self.wait("signed in", lambda: self.window.session.state is SignIn.SIGNED_IN)
        self.wait("the sample list is checked", lambda: self.tokens.area.checker is not None and self.idle())
        self.window.tab.notice.clear()
        self.picture("tokens")

    def mend(self, tab: SheetTab) -> None:
        """Bring the table to no errors with the panel's three buttons, each with its preview."""
        panel, name = tab.area.panel, tab.kind.name
        steps = ((panel.certain_button, "certain"), (panel.likely_button, "likely"), (panel.removal_button, "removal"))
        clicks = 0
        for button, step in steps:
            QApplication.processEvents()
            if not button.isVisible():
                continue
            self.click(button)
            preview = self.dialog()
            assert isinstance(preview, RepairPreview | RemovalPreview)
            self.picture(f"{name}-{step}", preview)
            self.click(preview.yes_button)
            clicks += 2
        checker = tab.area.checker
        assert checker is not None
        if any(checker.level(row) is Level.ERROR for row in tab.area.sheet.order):
            raise TourFailed("errors are left")
        self.picture(f"{name}-mended")
        print(f"{name}: no errors left after {clicks} clicks")

    def upload_list(self) -> None:
        """Compare, upload, download again: equal."""
        self.show(self.tokens)
        self.mend(self.tokens)
        self.click(self.tokens.main_button)
        review = self.dialog()
        self.picture("upload-review", review)
        self.click(review.upload_button)
        self.wait("the list is uploaded", lambda: self.tokens.receipt is not None and self.idle())
        self.picture("tokens-uploaded")
        sheet = self.tokens.area.sheet
        sent = sorted(tuple(f.type.wire(t) for f, t in zip(TOKENS, row, strict=True)) for row in sheet.rows_texts())
        self.tokens.house_action.trigger()
        self.wait("the global list is there", lambda: self.tokens.pages.currentIndex() == 1 and self.idle())
        self.picture("global-list")
        found = self.tokens.global_list.list
        if sorted(found.own_rows) != sent:
            raise TourFailed("what came back is not what was sent")
        self.tokens.show_own_list()
        print(f"roaming list: {len(sent)} tokens uploaded and downloaded again, equal")

    def look_at_tools(self) -> None:
        """Ask the small tools about a card of the list, some contracts, and what expires."""
        self.show(self.tokens)
        tools = self.window.tools
        tools.show_card()
        card = tools.card_panel
        assert card is not None
        token = self.tokens.area.sheet.text(self.tokens.area.sheet.order[0], TOKENS.index("tokenId"))
        card.number_edit.setText(reversed_bytes(token).lower())
        self.click(card.look_button)
        self.wait("the card is looked up", lambda: card.report is not None and self.idle())
        self.picture("card-doctor", card)
        card.close()
        tools.show_contracts()
        contracts = tools.contract_panel
        assert contracts is not None
        contracts.input.setPlainText("NL-TNM-012204\nNL-TNM-C00122045-X\nDE8AA001234567\ncustomer 17")
        self.picture("contract-ids", contracts)
        contracts.close()
        tools.show_expiry()
        radar = tools.expiry_panel
        assert radar is not None
        self.picture("expiry-radar", radar)
        self.click(radar.extend_button)
        self.picture("expiry-radar-extended", radar)
        radar.close()
        sheet = self.tokens.area.sheet
        sheet.undo()

    def upload_cdrs(self) -> None:
        """Check, mend, upload, hold back nothing that could go."""
        self.show(self.cdrs)
        if self.cdrs.area.sheet is None:
            self.cdrs.open_files([resource("samples", "cdrs-november.xlsx")])
        self.wait("the sample records are checked", lambda: self.cdrs.area.checker is not None and self.idle())
        self.cdrs.notice.clear()
        self.picture("cdrs")
        self.mend(self.cdrs)
        self.click(self.cdrs.main_button)
        self.click(self.dialog().yes_button)
        self.wait("the records are uploaded", lambda: self.cdrs.states and self.idle())
        self.picture("cdrs-uploaded")
        print(f"CDRs: {len(self.cdrs.states)} confirmed")

    def clear_and_fetch(self) -> None:
        """As administrator start the clearing, as provider fetch it and look at the PDF."""
        self.show(self.cleared)
        self.picture("cleared-empty")
        self.sign_in_as("admin")
        self.cleared.clear_action.trigger()
        box = self.dialog()
        self.picture("clearing-question", box)
        self.click(box.yes_button)
        self.wait("the clearing is done", self.idle)
        self.picture("clearing-done")
        self.sign_in_as("provider")
        self.cleared.fetch_action.trigger()
        self.wait("the statement is there", lambda: self.cleared.statement is not None and self.idle())
        self.picture("cleared")
        self.cleared.open_pdf()
        self.wait("the PDF is shown", lambda: self.cleared.pdf.view is not None and self.idle())
        view = self.cleared.pdf.view
        view.resize(820, 760)
        self.wait("its first page is painted", self.idle)
        self.picture("statement-pdf", view)
        view.close()
        print(f"cleared CDRs: {len(self.cleared.statement.rows)} records fetched, archived and their PDF shown")

    def look_back(self) -> None:
        """What became of the month, and what left the computer."""
        month, past = self.window.tabs[3:]
        for tab, name in ((month, "month"), (past, "history")):
            self.show(tab)
            self.wait(f"the {name} is read", self.idle)
            self.picture(name)

    def open_messy(self) -> None:
        """A file with misspelt headers, doubtful dates and an id that Excel ruined: three clicks to the right table."""
        self.show(self.tokens)
        self.tokens.show_own_list()
        file = Path(tempfile.mkdtemp(prefix="ochp-messy-", dir=self.window.data_dir)) / "messy.csv"
        file.write_text(MESSY, encoding="utf-8")
        self.tokens.open_files([file])
        self.wait(
            "the file is looked at",
            lambda: self.tokens.importing.dialog is not None and self.tokens.importing.dialog.imported is not None,
        )
        dialog = self.tokens.importing.dialog
        assert dialog is not None
        self.wait("the preview is there", self.idle)
        self.picture("import", dialog)
        self.click(dialog.main_button)
        self.wait("the file is open", lambda: self.tokens.title_of_sheet == file.name and self.idle())
        self.picture("import-opened")
        print("a messy file: understood, shown in one dialog, open")

    def sign_in_as(self, role: str) -> None:
        """Change the practice account."""
        self.window.session.practise_as(role)
        self.wait(f"signed in as {role}", lambda: self.window.session.state is SignIn.SIGNED_IN and self.idle())


def tell(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's own remarks, but for the one that every window causes where there is no screen."""
    if "propagateSizeHints" not in text:
        print(f"Qt {kind.name}: {text}", file=sys.stderr)


def take(mode: theme.Mode, out: Path) -> int:
    """The whole tour in one look; how many pictures were taken."""
    out.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory(prefix="ochp-tour-", ignore_cleanup_errors=True) as folder:
        window = MainWindow(Path(folder), make_tabs)
        window.reporter.install()
        theme.apply(application, mode)
        window.resize(*SIZE)
        window.show()
        tour = Tour(window, out)
        try:
            window.session.open()
            tour.begin()
            tour.upload_list()
            tour.look_at_tools()
            tour.upload_cdrs()
            tour.clear_and_fetch()
            tour.look_back()
            tour.open_messy()
        finally:
            window.close()
            tour.wait("the window is closed", lambda: not window.isVisible())
    return len(tour.pictures)


def main() -> int:
    """Take the tour; 1 when a step failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/tour"))
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--handbook", action="store_true", help="also renew the pictures in docs/images")
    arguments = parser.parse_args()
    if arguments.language:
        os.environ["LANGUAGE"] = arguments.language
    qInstallMessageHandler(tell)
    application = make_application()
    collector = GarbageCollector(application)
    try:
        for mode in ("light", "dark") if arguments.theme == "both" else (arguments.theme,):
            print(f"the main job, {mode}:")
            count = take(mode, arguments.out / mode)
            print(f"{count} screenshots are in {arguments.out / mode}")
            if arguments.handbook:
                IMAGES.mkdir(parents=True, exist_ok=True)
                for name in HANDBOOK:
                    shutil.copy(arguments.out / mode / f"{name}.png", IMAGES / f"{name}-{mode}.png")
    except TourFailed as failure:
        print(f"the tour failed: {failure}", file=sys.stderr)
        return 1
    finally:
        collector.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
