"""The tab History: every action that left this computer or brought something, searched as one types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLineEdit, QSplitter, QStackedWidget, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.history.answer_dialog import AnswerDialog
from ochp_desktop.gui.history.entry_panel import EntryPanel
from ochp_desktop.gui.history.versions_dialog import VersionsDialog
from ochp_desktop.gui.lines import LinesModel, LinesTable
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.tab import Menu, Tab, action_button
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.jobs.declare import declare
from ochp_desktop.jobs.history import Entry, Outcome, history
from ochp_desktop.jobs.receipt_files import save_receipt
from ochp_desktop.jobs.receipts import cdr_receipt
from ochp_desktop.jobs.workplace import house_name
from ochp_desktop.texts import _, ngettext, number

_TYPING = 200  # milliseconds after the last key
_MARKS = {
    Outcome.DONE: "confirmed",
    Outcome.REFUSED: "refused",
    Outcome.UNCONFIRMED: "unconfirmed",
    Outcome.SENDING: "sending",
    Outcome.NEVER_SENT: "not-sent",
}
_PANEL = 380
UNSETTLED = "unsettled"


class HistoryTab(Tab):
    """Lists the newest entries first; the panel shows the chosen one.

    Signals:
        settle_wanted: the user wants unconfirmed records to be settled.
        settled: a doubt was ended here, so that states elsewhere are old.
        restore_wanted: (rows) rows of an older version of the list are to come back into the open list.
        list_wanted: the user wants to work on the roaming list.
        records_wanted: the user wants to work on the records.
    """

    chapter = "Month and history"

    settle_wanted = Signal()
    settled = Signal()
    restore_wanted = Signal(object)
    list_wanted = Signal()
    records_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("History")
        super().__init__(session, parent)
        self.entries: list[Entry] = []
        self._asked = 0
        self._wanted = ""
        self.search_edit = QLineEdit()
        self.search_edit.setPlaceholderText(_("Search: CDR id, file, answer, day, user…"))
        self.search_edit.setClearButtonEnabled(True)
        self.search_edit.setMinimumWidth(320)
        self.search_edit.setAccessibleName(_("Search the history"))
        self._typing = QTimer(self, singleShot=True)
        self._typing.timeout.connect(self.refresh)
        self.search_edit.textChanged.connect(lambda _text: self._typing.start(_TYPING))
        self.search_action = self.action(_("&Search the history"), self._begin_search, "Ctrl+F", "find")
        self.refresh_action = self.action(_("&Refresh"), self.refresh, "F5", "redo")
        self.pdf_action = self.action(_("Receipt as &PDF…"), lambda: self._choose_receipt("pdf"), "Ctrl+P", "pdf")
        self.book_action = self.action(
            _("Receipt as E&xcel file…"), lambda: self._choose_receipt("xlsx"), "Ctrl+E", "export"
        )
        self.versions_action = self.action(_("Vers&ions of the list…"), self.show_versions, "Ctrl+Shift+H", "history")
        self.versions: VersionsDialog | None = None
        titles = (_("When"), _("What"), _("Outcome"), _("Records"), _("Clearing house"), _("User"), _("Answer"))
        model = LinesModel(titles, _texts, lambda entry: _MARKS[entry.outcome], mark_column=2, right=(3,))
        self.table = LinesTable(model, (16, 29, 16, 9, 20, 12, 30), self.title)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.panel = EntryPanel()
        self.panel.receipt_wanted.connect(self._choose_receipt)
        self.panel.settle_wanted.connect(self.settle_wanted.emit)
        self.panel.answer_wanted.connect(self.note_answer)
        self.panel.versions_wanted.connect(self.show_versions)
        self.count_label = layout.label("", "muted")
        bar = toolbar(
            self.search_edit,
            self.count_label,
            None,
            action_button(self.versions_action),
            action_button(self.refresh_action),
        )
        splitter = QSplitter()
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([900, _PANEL])
        splitter.setChildrenCollapsible(False)
        filled = QWidget()
        inside = layout.column(bar, splitter, spacing=0)
        inside.setStretch(1, 1)
        filled.setLayout(inside)
        self.empty = EmptyState(
            "history",
            _("All that left this computer"),
            _(
                "Every upload, download and clearing stands here: when, who, to which house, how many, what it "
                "answered, with receipts; and every version of the roaming list that was uploaded."
            ),
            Step(_("Go to the roaming list"), self.list_wanted.emit),
            Step(_("Go to the records"), self.records_wanted.emit),
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(filled)
        whole = layout.column(self.pages, self.notice, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        session.opened.connect(self._on_session_opened)

    # what the window asks for

    def file_menu(self) -> Menu:
        """Receipts and search."""
        return self.pdf_action, self.book_action, None, self.versions_action, self.search_action, self.refresh_action

    def areas(self) -> Sequence[QWidget]:
        """Search, list, entry."""
        return self.empty, self.search_edit, self.table, self.panel

    def searches(self) -> Sequence[Search]:
        """The way to search all that was sent and answered."""
        return (self._search_journal,)

    def _search_journal(self, wanted: str) -> Iterator[Hit | None]:
        def go() -> None:
            self.come_forward.emit()
            self.search_edit.setText(wanted)

        if self.session.connected:
            title = _("Search the history for “{text}”").format(text=wanted)
            yield Hit(title, self.title, "", "search", go)

    def status(self) -> tuple[str, str]:
        """How many entries."""
        return self.count_label.text(), ""

    def showEvent(self, event: QShowEvent) -> None:
        """What happened since is shown when the tab comes to the front."""
        super().showEvent(event)
        self.refresh()

    # the list

    def _begin_search(self) -> None:
        self.search_edit.setFocus()
        self.search_edit.selectAll()

    def _on_session_opened(self) -> None:
        self.entries = []
        self.table.lines.show_items([])
        self.panel.show_entry(None)
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the history again."""
        workplace = self.session.workplace
        if workplace is None:
            return
        self._asked += 1
        asked, text = self._asked, self.search_edit.text()

        def on_result(entries: list[Entry]) -> None:
            if asked == self._asked:
                self._show(entries)

        self.session.runner.call(lambda: history(workplace, text), on_result=on_result, on_error=self.notice.error)

    def _show(self, entries: list[Entry]) -> None:
        kept = self.chosen()
        before = (kept.begun, kept.kind) if kept is not None else None
        self.entries = entries
        self.table.lines.show_items(entries)
        count = ngettext("{count} entry", "{count} entries", len(entries)).format(count=number(len(entries)))
        self.count_label.setText(count if entries or not self.search_edit.text() else _("Nothing matches."))
        self.pages.setCurrentIndex(1 if entries or self.search_edit.text() else 0)
        row = next((row for row, entry in enumerate(entries) if (entry.begun, entry.kind) == before), 0)
        if self._wanted:
            row = next((row for row, entry in enumerate(entries) if self._is_wanted(entry)), row)
        self._wanted = ""
        if entries:
            self.table.selectRow(row)
        self._on_chosen()
        self.status_changed.emit()

    def _is_wanted(self, entry: Entry) -> bool:
        return entry.unsettled if self._wanted == UNSETTLED else entry.upload == self._wanted

    def chosen(self) -> Entry | None:
        """The chosen entry."""
        return next(iter(self.table.chosen()), None)

    def _on_chosen(self) -> None:
        entry = self.chosen()
        self.panel.show_entry(entry)
        for action in (self.pdf_action, self.book_action):
            action.setEnabled(entry is not None and bool(entry.upload))

    def show_upload(self, upload: str) -> None:
        """Bring an upload's entry to the front; without a name the newest that is not settled."""
        self._wanted = upload or UNSETTLED
        self.search_edit.clear()
        self.come_forward.emit()
        self.refresh()

    # versions of the list

    def show_versions(self) -> None:
        """Open the versions of the list: of the chosen upload's house, else of the present one."""
        entry, profile = self.chosen(), self.session.profile
        if entry is not None and entry.version is not None:
            place, newest = (entry.house, entry.user), entry.version
        elif profile is not None:
            place, newest = (profile.house, profile.user), None
        else:
            self.notice.warn(
                _("Connect to the clearing house first."), Step(_("New connection…"), self.wants_connection.emit)
            )
            return
        if self.versions is not None:
            self.versions.close()
        self.versions = VersionsDialog(self.session, place, newest, self)
        self.versions.restore_wanted.connect(self.restore_wanted)
        self.versions.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.versions.destroyed.connect(self._on_versions_closed)
        self.versions.show()

    def _on_versions_closed(self) -> None:
        self.versions = None

    # receipts

    def _choose_receipt(self, suffix: str) -> None:
        entry = self.chosen()
        if entry is None or not entry.upload:
            return
        name = f"receipt-{entry.begun.astimezone():%Y-%m-%d-%H%M}.{suffix}"
        kinds = _("PDF (*.pdf)") if suffix == "pdf" else _("Excel workbook (*.xlsx)")
        path, _kind = QFileDialog.getSaveFileName(self, _("Save the receipt"), name, kinds)
        if path:
            self.save_receipt(entry.upload, Path(path).with_suffix(f".{suffix}"))

    def save_receipt(self, upload: str, path: Path) -> None:
        """Write the receipt of an upload."""
        workplace = self.session.workplace
        if workplace is None:
            return

        def on_result(_nothing: object) -> None:
            self.notice.done(_("Receipt written: {file}").format(file=path.name))

        self.session.runner.call(
            lambda: save_receipt(path, cdr_receipt(workplace, upload)), on_result=on_result, on_error=self.notice.error
        )

    # doubts

    def note_answer(self) -> None:
        """Ask what the house told people about the unconfirmed records of the chosen entry."""
        entry, workplace = self.chosen(), self.session.workplace
        if entry is None or workplace is None:
            return
        if not self.session.connected:
            self.notice.warn(
                _("Connect to the clearing house first."), Step(_("New connection…"), self.wants_connection.emit)
            )
            return
        count = sum(number for kind, number in entry.states.items() if kind.value == "unconfirmed") or entry.count

        def on_told(there: bool, words: str) -> None:  # noqa: FBT001 - what the dialog says
            self.session.runner.call(
                lambda: declare(workplace, entry.batches, there=there, words=words),
                on_result=self._on_declared,
                on_error=self.notice.error,
            )

        self.asked = AnswerDialog(count, on_told, self)
        self.asked.open()

    def _on_declared(self, count: int) -> None:
        text = ngettext("Noted for {count} record.", "Noted for {count} records.", count)
        self.notice.done(text.format(count=number(count)))
        self.settled.emit()
        self.refresh()


def _texts(entry: Entry) -> Sequence[str]:
    return (
        short_moment(entry.begun),
        entry.kind.title(),
        entry.outcome.title(),
        number(entry.count) if entry.counted else "",
        house_name(entry.house),
        entry.user,
        "; ".join(entry.answers),
    )
