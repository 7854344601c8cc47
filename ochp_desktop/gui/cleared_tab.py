"""The tab Cleared CDRs: statements fetched from the house and archived, with totals, chart, PDF and exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QMenu, QSplitter, QStackedWidget, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import ask, layout
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.exports import Exports
from ochp_desktop.gui.filter_field import FilterField
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.partners_dialog import PartnersDialog
from ochp_desktop.gui.pdf_view import PdfView
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.tab import Menu, Tab, action_button, text_search, toolbar
from ochp_desktop.gui.table.model import StateCell, StateColumn
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.totals_panel import TotalsPanel
from ochp_desktop.jobs.clear import clear
from ochp_desktop.jobs.fetch_statement import (
    Statement,
    StatementInfo,
    fetch_pdf,
    fetch_statement,
    load_statement,
    statements,
    totals,
)
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.partners import Partner
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_SEARCHED = ("cdrId", "evcoId", "authenticationId", "chargePointId")
_PANEL = 320


class ClearedTab(Tab):
    """Shows one statement at a time; every statement stays in the archive."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("Cleared CDRs")
        super().__init__(session, parent)
        self.statement: Statement | None = None
        self.infos: list[StatementInfo] = []
        self.pdf_view: PdfView | None = None
        self._selection_text = ""
        self.exports = Exports(self, session.runner, self.notice, CDRS)
        self.area = SheetArea(CDRS, with_problems=False)
        self.filter_edit = FilterField(self.area)
        self._make_actions()
        self._make_parts()
        session.opened.connect(self._on_session_opened)
        session.changed.connect(self._on_session_changed)
        session.partners_changed.connect(self._on_partners_changed)
        self._refresh()

    def _make_actions(self) -> None:
        self.fetch_action = self.action(_("Fe&tch the cleared CDRs"), self.fetch, "F5", "download")
        self.pdf_action = self.action(_("Open the &PDF"), self.open_pdf, "Ctrl+P", "pdf")
        self.excel_action = self.action(_("Export as &Excel file…"), lambda: self._choose("xlsx"), "Ctrl+E", "export")
        self.csv_action = self.action(_("Export as C&SV file…"), lambda: self._choose("csv"), "", "export")
        self.clear_action = self.action(_("Start a clea&ring…"), self.start_clearing, "", "clearing")
        self.filter_action = self.action(_("Fil&ter rows"), self.filter_edit.begin, "Ctrl+L", "filter")

    def _make_parts(self) -> None:
        self.chooser = QComboBox()
        self.chooser.setMinimumWidth(240)
        self.chooser.setMinimumHeight(27)
        self.chooser.setAccessibleName(_("Statement"))
        self.chooser.setToolTip(_("Every statement that was ever fetched"))
        self.chooser.activated.connect(self._on_statement_chosen)
        self.pdf_button = action_button(self.pdf_action)
        self.export_button = layout.button(_("E&xport ▾"))
        menu = QMenu(self.export_button)
        menu.addActions([self.excel_action, self.csv_action])
        self.export_button.setMenu(menu)
        self.clear_button = action_button(self.clear_action)
        self.main_button = action_button(self.fetch_action, look="main")
        self.area.set_read_only(True)
        self.area.set_state_columns(
            before=[StateColumn(_("Partner"), self._owner_cell, 18, _("Who sent this record, by your partner list"))]
        )
        self.area.selection_text_changed.connect(self._on_selection_text_changed)
        self.area.notice.connect(self.notice.tell)
        self.area.counts_changed.connect(self.status_changed)
        self.totals_panel = TotalsPanel()
        self.totals_panel.partner_wanted.connect(self._on_partner_wanted)
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.addWidget(self.area)
        splitter.addWidget(self.totals_panel)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.setCollapsible(0, False)
        splitter.setSizes([950, _PANEL])
        self.pages = QStackedWidget()
        self.pages.addWidget(
            EmptyState(
                "clearing",
                _("Cleared charge data records"),
                _(
                    "After each clearing the house has the records that concern you, with a PDF. "
                    "Fetch them here: each statement is archived the moment it arrives."
                ),
                Step(_("Fetch the cleared CDRs"), self.fetch),
                Step(_("Partners…"), self._on_partners_wanted),
            )
        )
        self.pages.addWidget(splitter)
        bar = toolbar(
            self.chooser,
            layout.gap(),
            self.filter_edit,
            None,
            self.clear_button,
            self.pdf_button,
            self.export_button,
            self.main_button,
        )
        whole = layout.column(bar, self.pages, self.notice, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    # what the window asks for

    def count(self) -> str:
        """The month of the statement that is shown."""
        if self.statement is None:
            return ""
        return number(len(self.statement.rows))

    def status(self) -> tuple[str, str]:
        """Records, selection, when fetched."""
        if self.statement is None:
            return "", ""
        shown, total = self.area.model.rowCount(), len(self.statement.rows)
        rows = ngettext("{count} record", "{count} records", total).format(count=number(total))
        if shown != total:
            rows = _("{shown} of {rows}").format(shown=number(shown), rows=rows)
        left = " · ".join(part for part in (rows, self._selection_text) if part)
        return left, _("fetched {when}, archived").format(when=short_moment(self.statement.fetched))

    def file_menu(self) -> Menu:
        """Fetch, PDF, export, clearing."""
        return self.fetch_action, self.pdf_action, None, self.excel_action, self.csv_action, None, self.clear_action

    def edit_menu(self) -> Menu:
        """Copy and find."""
        a = self.area.actions_
        return a.copy, a.select_all, None, a.find, self.filter_action

    def remembered(self) -> Mapping[str, SheetArea]:
        """Its table."""
        return {"cleared": self.area}

    def areas(self) -> Sequence[QWidget]:
        """Chooser, filter, table, totals."""
        return self.chooser, self.filter_edit, self.area.table, self.totals_panel

    def searches(self) -> Sequence[Search]:
        """Records of the statement that is shown."""
        sheet = self.area.sheet
        if sheet is None:
            return ()

        def go(row: int, name: str) -> None:
            self.come_forward.emit()
            self.area.go_to(row, name)

        def hit(row: int, name: str) -> Hit:
            return Hit(sheet.text(row, CDRS.index(name)), self.title, "record", partial(go, row, name))

        return (text_search(sheet, _SEARCHED, hit), self._search_archive)

    def _search_archive(self, wanted: str) -> Iterator[Hit | None]:
        """Statements by their date."""
        for info in self.infos:
            title = _("Statement of {when}").format(when=short_moment(info.when))
            if wanted in title.casefold():
                yield Hit(title, self.title, "pdf", partial(self._show_archived, info.id))

    def _show_archived(self, statement: int) -> None:
        self.come_forward.emit()
        self.load_archive(statement)

    def _on_selection_text_changed(self, text: str) -> None:
        self._selection_text = text
        self.status_changed.emit()

    # the archive

    def _on_session_opened(self) -> None:
        self.statement = None
        self.infos = []
        self.notice.clear()
        self._refresh()

    def _on_session_changed(self) -> None:
        if self.session.connected and self.session.state is not SignIn.SIGNING_IN:
            self.load_archive()

    def load_archive(self, show: int | None = None) -> None:
        """List the archived statements and show one of them, the newest unless another is shown already."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected:
            return

        def work() -> tuple[list[StatementInfo], Statement | None]:
            infos = statements(workplace)
            known = {info.id for info in infos}
            wanted = show if show is not None else self.statement.id if self.statement is not None else None
            if wanted not in known:
                wanted = infos[0].id if infos else None
            return infos, None if wanted is None else load_statement(workplace, wanted)

        self.session.runner.call(work, on_result=self._on_archive_loaded, on_error=self.notice.error)

    def _on_archive_loaded(self, found: tuple[list[StatementInfo], Statement | None]) -> None:
        self.infos, statement = found
        if statement is None:
            self.statement = None
            self._refresh()
        else:
            self.show_statement(statement)

    def _on_statement_chosen(self, index: int) -> None:
        if 0 <= index < len(self.infos):
            self.load_archive(self.infos[index].id)

    def show_statement(self, statement: Statement) -> None:
        """Show a statement with its totals."""
        same = self.statement is not None and self.statement.id == statement.id
        self.statement = statement
        if same and list(statement.rows) == [tuple(row) for row in self.area.model.sheet.rows_texts()]:
            self.area.refresh_states()
        else:
            sheet = Sheet(CDRS)
            sheet.load(statement.rows)
            self.filter_edit.clear()
            self.area.set_sheet(sheet)
        self.totals_panel.show_totals(totals(statement), statement.unknown)
        self._refresh()

    def _refresh(self) -> None:
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for info in self.infos:
            count = ngettext("{count} record", "{count} records", info.count).format(count=number(info.count))
            self.chooser.addItem(f"{short_moment(info.when)} · {count}")
            if self.statement is not None and info.id == self.statement.id:
                self.chooser.setCurrentIndex(self.chooser.count() - 1)
        self.chooser.setVisible(bool(self.infos))
        self.filter_edit.setVisible(self.statement is not None)
        self.chooser.blockSignals(False)
        self.pages.setCurrentIndex(0 if self.statement is None else 1)
        self.count_changed.emit()
        self.status_changed.emit()

    def _owner_cell(self, row: int) -> StateCell | None:
        if self.statement is None or row >= len(self.statement.owners):
            return None
        owner = self.statement.owners[row]
        if owner is None:
            why = _("This provider is not in your partner list: the record is left out of totals and files.")
            return StateCell(_("unknown partner"), "unconfirmed", why)
        return StateCell(owner.title)

    # partners

    def _on_partner_wanted(self, provider_id: str) -> None:
        self.session.change_partners(add=[Partner(provider_id, provider_id)])
        self.notice.done(_("{partner} is a partner now.").format(partner=provider_id))

    def _on_partners_wanted(self) -> None:
        PartnersDialog(self.session, self).open()

    def _on_partners_changed(self) -> None:
        if self.statement is not None:
            self.load_archive(self.statement.id)

    # the house

    def fetch(self) -> None:
        """Fetch the CDRs of the last clearing and their PDF."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected:
            self.notice.warn(
                _("There is no clearing house to fetch from yet."),
                Step(_("New connection…"), self.wants_connection.emit),
            )
            return
        self.session.house_job(
            _("Fetching the cleared CDRs"),
            lambda cancel: fetch_statement(workplace, cancel),
            on_result=self._on_fetched,
            on_error=lambda error: self.notice.error(error, Step(_("Try again"), self.fetch)),
        )

    def _on_fetched(self, statement: Statement) -> None:
        self.load_archive(statement.id)
        count = len(statement.rows)
        if statement.trouble:
            self.notice.warn(
                _("The records are archived, their PDF is not: {why}").format(why=statement.trouble),
                Step(_("Try the PDF again"), self.open_pdf),
            )
        elif not count:
            self.notice.tell(_("The last clearing has no records that concern you."))
        elif statement.new:
            text = ngettext(
                "{count} cleared record fetched and archived", "{count} cleared records fetched and archived", count
            )
            self.notice.done(text.format(count=number(count)), Step(_("Open the PDF"), self.open_pdf))
        else:
            self.notice.tell(_("There was no new clearing: this statement was in the archive already."))

    def open_pdf(self) -> None:
        """Show the statement's PDF; one that is not in the archive is fetched now."""
        statement, workplace = self.statement, self.session.workplace
        if statement is None or workplace is None:
            self.notice.warn(_("There is no statement yet."), Step(_("Fetch the cleared CDRs"), self.fetch))
        elif statement.pdf is not None:
            self._show_pdf(statement.pdf)
        elif not statement.doc_link:
            self.notice.warn(_("The house gave no PDF with this statement."))
        else:
            self.session.house_job(
                _("Fetching the PDF"),
                lambda cancel: fetch_pdf(workplace, statement.id, statement.doc_link, cancel),
                on_result=self._on_pdf_fetched,
                on_error=lambda error: self.notice.error(error, Step(_("Try again"), self.open_pdf)),
            )

    def _on_pdf_fetched(self, pdf: bytes) -> None:
        if self.statement is not None:
            self.load_archive(self.statement.id)
        self._show_pdf(pdf)

    def _show_pdf(self, pdf: bytes) -> None:
        assert self.statement is not None
        title = _("Statement of {when}").format(when=short_moment(self.statement.fetched))
        name = f"statement-{self.statement.fetched:%Y-%m-%d}.pdf"
        self.pdf_view = PdfView(self.session.runner, pdf, title, name, self.window())
        self.pdf_view.finished.connect(self._on_pdf_closed)
        self.pdf_view.show()

    def _on_pdf_closed(self) -> None:
        self.pdf_view = None

    def start_clearing(self) -> None:
        """Ask the house to clear every pending record, after a deliberate yes."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected:
            self.notice.warn(
                _("There is no clearing house yet."), Step(_("New connection…"), self.wants_connection.emit)
            )
            return
        house = self.session.profile.name if self.session.profile else ""
        self.asked = ask.ask(
            self,
            _("Start a clearing?"),
            _(
                "“{house}” moves every pending record of all providers to cleared and writes new statements. "
                "The statements of the clearing before can then no longer be fetched from the house. "
                "Only administrators of the house may do this."
            ).format(house=house),
            yes=_("Start the clearing"),
            no=_("Do not clear"),
            on_yes=self._clear,
        )

    def _clear(self) -> None:
        workplace = self.session.workplace
        assert workplace is not None
        self.session.house_job(
            _("Clearing all pending CDRs"),
            lambda cancel: clear(workplace, cancel),
            sends=True,
            on_result=self._on_cleared,
            on_error=self._on_clear_failed,
        )

    def _on_cleared(self, description: str) -> None:
        self.notice.done(
            _("The clearing is done. {answer}").format(answer=description).rstrip(),
            Step(_("Fetch the cleared CDRs"), self.fetch),
        )

    def _on_clear_failed(self, error: OchpError) -> None:
        self.notice.error(error)

    # files out

    def _choose(self, suffix: str) -> None:
        if self.statement is None:
            self.exports.nothing(Step(_("Fetch the cleared CDRs"), self.fetch))
        else:
            self.exports.ask_path(f"cleared-{self.statement.fetched:%Y-%m-%d}", suffix, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the records of known partners that are shown, in the shown order."""
        statement = self.statement
        if statement is None:
            self.exports.nothing(Step(_("Fetch the cleared CDRs"), self.fetch))
            return
        rows = [statement.rows[row] for row in self.area.view.rows if statement.owners[row] is not None]
        self.exports.rows(path, rows)
