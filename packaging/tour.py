"""A guided tour of the main job, driven through the real window, with a screenshot of every step.

python packaging/tour.py [--out DIR] [--theme light|dark|both] [--language CODE] [--handbook]

The whole way once, at the practice clearing house: a list of 5,000 cards is opened, mended, compared, uploaded and
downloaded again; a sheet of CDRs is mended and uploaded, cleared by the administrator and fetched with its PDF.
`dev.py run` takes the tour where there is no display; the handbook's pictures are made with it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from desk import Desk, NotGotThrough, take_pictures
from PySide6.QtWidgets import QApplication

from ochp_desktop.gui import theme
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.table.removal_preview import RemovalPreview
from ochp_desktop.gui.table.repair_preview import RepairPreview
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.paths import resource
from ochp_desktop.records.identity import reversed_bytes
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS

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


class Tour(Desk):
    """The steps of the main job."""

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
            raise NotGotThrough("errors are left")
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
            raise NotGotThrough("what came back is not what was sent")
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
        view.resize(900, 720)
        self.wait("its pages are there", lambda: bool(view.pages))
        view.zoom(-1)  # a page lying across fits into the picture
        first = view.pages[0]
        self.wait("its first page is painted", lambda: self.idle() and first.pixmap().width() == first.width())
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


def take(mode: theme.Mode, out: Path) -> int:
    """The whole tour in one look; how many pictures were taken."""
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


if __name__ == "__main__":
    sys.exit(take_pictures(__doc__, "the main job", "out/tour", take, HANDBOOK))
