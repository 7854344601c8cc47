"""The tab Roaming tokens: our list, edited and uploaded; the house's global list beside it, to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from ochp_desktop.errors import OchpError, Unconfirmed
from ochp_desktop.gui import layout
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.finder import Search
from ochp_desktop.gui.global_list import GlobalListView
from ochp_desktop.gui.moments import short_time
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.receipt import ReceiptDialog
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.tab import Menu, action_button
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.gui.upload_review import UploadReview
from ochp_desktop.jobs.download_list import GlobalList, download_list
from ochp_desktop.jobs.list_change import ListChange
from ochp_desktop.jobs.restore_rows import restore_edit
from ochp_desktop.jobs.upload_details import upload_details
from ochp_desktop.jobs.upload_list import Receipt, compare_list, upload_list
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number


class TokensTab(SheetTab):
    """Edits the list, shows what an upload will change, uploads it, and downloads the global list."""

    chapter = "Roaming tokens"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("Roaming tokens")
        super().__init__(TOKENS, session, parent)
        self.review: UploadReview | None = None
        self.receipt: Receipt | None = None
        self.house_action = self.action(_("From the hou&se…"), self.download, "Ctrl+Shift+O", "download")
        self.upload_action = self.action(_("&Upload…"), self.upload, "Ctrl+U", "upload")
        self.receipt_action = self.action(_("Sho&w last receipt"), self.show_receipt, "F9", "check")
        self.receipt_action.setEnabled(False)
        self.main_button = action_button(self.upload_action, look="main")
        self.bar = toolbar(
            action_button(self.open_action),
            action_button(self.house_action),
            layout.gap(),
            *self.undo_buttons(),
            layout.gap(),
            self.filter_edit,
            self.problems_box,
            self.show_all_button,
            None,
            self.export_button,
            self.main_button,
        )
        self.area.set_empty_page(
            EmptyState(
                "card",
                _("Your roaming list"),
                _(
                    "The cards of your customers that may charge at partners. Open your list or drop the file here; "
                    "every card is checked before it goes to the clearing house."
                ),
                Step(_("Open a list…"), self.choose_files),
                Step(_("Get it from the house…"), self.download),
                Step(_("Begin an empty list"), self.new_sheet),
            )
        )
        self.global_list = GlobalListView(session)
        self.global_list.closed.connect(self.show_own_list)
        self.global_list.own_wanted.connect(self._on_own_wanted)
        self.pages = QStackedWidget()
        own = QWidget()
        own.setLayout(layout.column(self.bar, self.area, spacing=0))
        self.pages.addWidget(own)
        self.pages.addWidget(self.global_list)
        self.pages.currentChanged.connect(lambda _index: self.status_changed.emit())
        self.global_list.status_changed.connect(self.status_changed)
        whole = layout.column(self.pages, self.notice, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.refresh_main_button()

    # what the window asks for

    def file_menu(self) -> Menu:
        """Open, from the house, upload, export."""
        common = list(super().file_menu())
        return (common[0], self.house_action, *common[1:4], None, self.upload_action, self.receipt_action, *common[4:])

    def status(self) -> tuple[str, str]:
        """Of the page in front."""
        return super().status() if self.pages.currentIndex() == 0 else self.global_list.status()

    def remembered(self) -> Mapping[str, SheetArea]:
        """Both tables."""
        return {**super().remembered(), "global": self.global_list.area}

    def search_fields(self) -> Sequence[str]:
        """All ids of a card."""
        return "tokenId", "evcoId", "printedNumber"

    def _go_to(self, sheet: Sheet, row: int, name: str) -> None:
        self.show_own_list()
        super()._go_to(sheet, row, name)

    def searches(self) -> Sequence[Search]:
        """Cards of the own lists, then of the global one."""
        return (*super().searches(), *self.global_list.searches(self._show_global))

    def areas(self) -> Sequence[QWidget]:
        """Those of the page in front."""
        return super().areas() if self.pages.currentIndex() == 0 else self.global_list.areas()

    def refresh_main_button(self) -> None:
        """Upload how many tokens."""
        if not hasattr(self, "main_button"):
            return
        count = len(self.area.sheet) if self.area.sheet is not None else 0
        words = ngettext("&Upload {count} token…", "&Upload {count} tokens…", count).format(count=number(count))
        self.main_button.setText(words if count else _("&Upload tokens…"))

    def on_nothing_reopened(self) -> None:
        """The page of the own list; at the practice house with the sample."""
        self.pages.setCurrentIndex(0)
        self.receipt = None
        self.receipt_action.setEnabled(False)
        super().on_nothing_reopened()

    # the global list

    def download(self) -> None:
        """Download the global list and show it."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected:
            self.notice.warn(
                _("There is no clearing house to download from yet."),
                Step(_("New connection…"), self.wants_connection.emit),
            )
            return
        self.session.house_job(
            _("Downloading the global list"),
            lambda cancel: download_list(workplace, cancel),
            on_result=self._on_downloaded,
            on_error=lambda error: self.notice.error(error, Step(_("Try again"), self.download)),
        )

    def _on_downloaded(self, found: GlobalList) -> None:
        self.global_list.show_list(found)
        self._show_global()
        self.notice.clear()

    def _show_global(self) -> None:
        self.pages.setCurrentIndex(1)
        self.come_forward.emit()

    def show_own_list(self) -> None:
        """Back to the list that is edited."""
        self.pages.setCurrentIndex(0)

    def _on_own_wanted(self, rows: Sequence[Sequence[str]]) -> None:
        def take() -> None:
            sheet = Sheet(TOKENS)
            sheet.load(rows)
            self.show_own_list()
            self.show_sheet(sheet, None, _("from the house"))

        if not rows:
            self.notice.warn(
                _(
                    "None of these tokens is known to be yours. "
                    "Say in the connection how your contract ids begin, then download again."
                ),
                Step(_("Change connection…"), self.wants_connection.emit),
            )
            return
        self.replace_after_asking(_("The tokens that the house has of you take its place."), take)

    # older versions

    def restore(self, rows: Sequence[Sequence[str]]) -> None:
        """Take rows of an older version back into the open list, as one step to be undone."""
        sheet = self.area.sheet
        if sheet is None:
            sheet = Sheet(TOKENS)
            self.show_sheet(sheet, None, _("restored"))
        edit = restore_edit(sheet, rows)
        self.show_own_list()
        if not edit:
            self.notice.tell(_("The open list already has these cards with the same values."))
            return
        sheet.apply(edit)
        text = ngettext(
            "{count} card restored into the open list.", "{count} cards restored into the open list.", len(rows)
        )
        self.notice.done(text.format(count=number(len(rows))), Step(_("Undo"), self.area.actions_.undo.trigger))

    # uploading

    def upload(self) -> None:
        """Compare the list with the house's and show what would change; or say what is in the way."""
        self.main_button.setFocus()  # ends an editor, so that what is being typed counts
        if self.in_the_way():
            return
        sheet, workplace = self.area.sheet, self.session.workplace
        assert sheet is not None
        assert workplace is not None
        bad = len(self.error_rows())
        if bad:
            text = ngettext(
                "{count} row has errors. The house takes a list whole or not at all, so correct it first.",
                "{count} rows have errors. The house takes a list whole or not at all, so correct them first.",
                bad,
            )
            self.notice.warn(
                text.format(count=number(bad)),
                Step(_("Go to the first"), self._go_to_first_error),
                Step(_("Show only these rows"), lambda: self.area.show_only(self.error_rows())),
            )
            return
        rows, profile = sheet.rows_texts(), self.session.profile
        self.notice.clear()

        def on_compared(change: ListChange) -> None:
            if self.session.profile == profile:
                self._on_compared(change)
            else:
                # What was agreed to for one house must not be sent to another.
                self.notice.warn(
                    _("The connection changed meanwhile; nothing was uploaded."), Step(_("Upload…"), self.upload)
                )

        self.session.house_job(
            _("Comparing with the house's list"),
            lambda cancel: compare_list(workplace, rows, cancel),
            on_result=on_compared,
            on_error=lambda error: self.notice.error(error, Step(_("Try again"), self.upload)),
        )

    def _go_to_first_error(self) -> None:
        rows, checker = self.error_rows(), self.area.checker
        if rows and checker is not None:
            worst = max(checker.problems(rows[0]), key=lambda problem: problem.level)
            self.area.go_to(rows[0], worst.field)

    def _on_compared(self, change: ListChange) -> None:
        house = self.session.profile.name if self.session.profile else ""
        self.review = UploadReview(change, house, lambda removals: self._send(change, removals), self)
        self.review.finished.connect(self._on_review_finished)
        self.review.open()

    def _on_review_finished(self, result: int) -> None:
        if result != QDialog.DialogCode.Accepted.value:
            self.notice.tell(_("Nothing was uploaded."))
        if self.review is not None:
            self.review.deleteLater()
            self.review = None

    def _send(self, change: ListChange, removals: int) -> None:
        workplace = self.session.workplace
        assert workplace is not None
        sheet, checker = self.area.sheet, self.area.checker
        details = upload_details(sheet, checker, sheet.order, [self.title_of_sheet]) if sheet and checker else None
        running = self.session.house_job(
            _("Uploading {count} tokens").format(count=number(len(change.rows))),
            lambda cancel: upload_list(workplace, change, cancel, removals, details=details),
            sends=True,
            on_result=self._on_uploaded,
            on_error=self._on_upload_failed,
        )
        running.cancelled.connect(lambda: self.notice.tell(_("Stopped before anything was sent.")))

    def _on_uploaded(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.receipt_action.setEnabled(True)
        text = ngettext("{count} token uploaded {time}", "{count} tokens uploaded {time}", receipt.count)
        self.notice.done(
            text.format(count=number(receipt.count), time=short_time(receipt.when)),
            Step(_("Show receipt"), self.show_receipt),
        )

    def _on_upload_failed(self, error: OchpError) -> None:
        again = _("Upload again") if isinstance(error, Unconfirmed) else _("Try again")
        self.notice.error(error, Step(again, self.upload))

    def show_receipt(self) -> None:
        """Show what the last upload left behind."""
        if self.receipt is not None:
            ReceiptDialog(self.receipt, self).open()
