"""The tab Cleared CDRs: statements fetched from the house and archived, with totals, chart, PDF and exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QMenu, QSplitter, QStackedWidget, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.cleared_views import ALL, SENT, ClearedView, Key, make_view
from ochp_desktop.gui.clearing import Clearing
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.exports import Exports
from ochp_desktop.gui.filter_field import FilterField
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.partners_dialog import PartnersDialog
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.statement_chooser import StatementChooser
from ochp_desktop.gui.statement_pdf import StatementPdf
from ochp_desktop.gui.tab import Menu, Tab, action_button, text_search
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.table.state_columns import StateCell, StateColumn
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.gui.totals_panel import TotalsPanel
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.sent_records import load_sent_records
from ochp_desktop.jobs.statements import (
    Records,
    Statement,
    StatementInfo,
    load_all_statements,
    load_statement,
    statements,
    totals,
)
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.partners import Partner
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, folded, ngettext, number

_SEARCHED = ("cdrId", "evcoId", "authenticationId", "chargePointId")
_PANEL = 320


class ClearedTab(Tab):
    """Shows one statement, all of them, or what we sent beside what was cleared; every statement stays archived."""

    chapter = "Cleared CDRs"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("Cleared CDRs")
        super().__init__(session, parent)
        self.view: ClearedView | None = None
        self._loading: Running | None = None
        self.infos: list[StatementInfo] = []
        self._selection_text = ""
        self._wanted = ""  # the filter for what is being loaded
        self.clearing = Clearing(self)
        self.clearing.fetched.connect(self.load_archive)
        self.clearing.pdf_wanted.connect(self.open_pdf)
        self.pdf = StatementPdf(self, session, self.notice)
        self.pdf.fetched.connect(self.load_archive)
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
        self.fetch_action = self.action(_("Fe&tch the cleared CDRs"), self.clearing.fetch, "F5", "download")
        self.pdf_action = self.action(_("Open the &PDF"), self.open_pdf, "Ctrl+P", "pdf")
        self.excel_action = self.action(_("Export as &Excel file…"), lambda: self._choose("xlsx"), "Ctrl+E", "export")
        self.csv_action = self.action(_("Export as CS&V file…"), lambda: self._choose("csv"), "F12", "export")
        self.clear_action = self.action(_("Start a clea&ring…"), self.clearing.clear, "Ctrl+Shift+C", "clearing")
        self.filter_action = self.action(_("Filt&er rows"), self.filter_edit.begin, "Ctrl+L", "filter")

    def _make_parts(self) -> None:
        self.chooser = StatementChooser()
        self.chooser.chosen.connect(self.load_archive)
        self.pdf_button = action_button(self.pdf_action)
        self.export_button = layout.button(_("E&xport ▾"))
        menu = QMenu(self.export_button)
        menu.addActions([self.excel_action, self.csv_action])
        self.export_button.setMenu(menu)
        self.clear_button = action_button(self.clear_action)
        self.main_button = action_button(self.fetch_action, look="main")
        self.area.set_read_only(True)
        self.area.set_state_columns(
            before=[
                StateColumn(_("Partner"), self._partner_cell, 18, _("Whose record this is, by your partner list")),
                StateColumn(
                    _("Clearing"),
                    self._clearing_cell,
                    18,
                    _("Its statement, and whether it is in order or not yet cleared"),
                ),
            ]
        )
        self.area.selection_text_changed.connect(self._on_selection_text_changed)
        self.area.notice.connect(self.notice.tell)
        self.area.counts_changed.connect(self.status_changed)
        self.totals_panel = TotalsPanel()
        self.totals_panel.partner_wanted.connect(self._on_partner_wanted)
        self.attention_box = QCheckBox()
        self.attention_box.toggled.connect(self._on_attention_toggled)
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
                Step(_("Fetch the cleared CDRs"), self.clearing.fetch),
                Step(_("Partners…"), self._on_partners_wanted),
            )
        )
        self.pages.addWidget(splitter)
        bar = toolbar(
            self.chooser,
            layout.gap(),
            self.filter_edit,
            self.attention_box,
            None,
            self.clear_button,
            self.pdf_button,
            self.export_button,
            self.main_button,
        )
        whole = layout.column(bar, self.pages, self.notice, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    @property
    def statement(self) -> Statement | None:
        """The statement that is shown, if it is one."""
        return self.view.statement if self.view is not None else None

    # what the window asks for

    def count(self) -> str:
        """How many records are shown."""
        return "" if self.view is None else number(len(self.view.records.rows))

    def status(self) -> tuple[str, str]:
        """Records, selection, how old it is."""
        if self.view is None:
            return "", ""
        shown, total = self.area.model.rowCount(), len(self.view.records.rows)
        rows = ngettext("{count} record", "{count} records", total).format(count=number(total))
        if shown != total:
            rows = _("{shown} of {rows}").format(shown=number(shown), rows=rows)
        left = " · ".join(part for part in (rows, self._selection_text) if part)
        return left, self.view.status

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
            field = CDRS.field(name)
            text = field.shown(sheet.text(row, CDRS.index(name)))
            return Hit(text, self.title, field.title(), "record", partial(go, row, name))

        return (text_search(sheet, _SEARCHED, hit), self._search_archive)

    def _search_archive(self, wanted: str) -> Iterator[Hit | None]:
        """Statements by their date, and the way to search all of them."""
        for info in self.infos:
            title = _("Statement of {when}").format(when=short_moment(info.when))
            if folded(wanted) in folded(title):
                yield Hit(title, self.title, "", "pdf", partial(self._show_archived, info.id))
        if len(self.infos) > 1:
            title = _("Search all statements for “{text}”").format(text=wanted)
            yield Hit(title, self.title, "", "search", partial(self._show_archived, ALL, wanted))

    def _show_archived(self, key: Key, wanted: str = "") -> None:
        self.come_forward.emit()
        self.filter_edit.clear()
        self._wanted = wanted
        self.load_archive(key)

    def _on_selection_text_changed(self, text: str) -> None:
        self._selection_text = text
        self.status_changed.emit()

    # the archive

    def _on_session_opened(self) -> None:
        self.view = None
        self.infos = []
        self.notice.clear()
        self._refresh()

    def _on_session_changed(self) -> None:
        if self.session.connected and self.session.state is not SignIn.SIGNING_IN:
            self.load_archive()

    def load_archive(self, show: Key | None = None) -> None:
        """List the archived statements and show this, or what is shown already, or else the newest."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected:
            return
        key = show if show is not None else self.view.key if self.view is not None else None

        def work(cancel: Cancel) -> Job[tuple[list[StatementInfo], Records | None]]:
            infos = statements(workplace)
            if key == SENT:
                return infos, (yield from load_sent_records(workplace, cancel))
            if key == ALL:
                return infos, (yield from load_all_statements(workplace, cancel))
            wanted = key if isinstance(key, int) and any(info.id == key for info in infos) else None
            if wanted is None and infos:
                wanted = infos[0].id
            return infos, None if wanted is None else load_statement(workplace, wanted)

        if self._loading is not None:
            self._loading.stop()
        self._loading = running = self.session.runner.start(
            _("Reading the archive"),
            work,
            on_result=lambda found: self._on_archive_loaded(running, found),
            on_error=self.notice.error,
        )

    def _on_archive_loaded(self, running: Running, found: tuple[list[StatementInfo], Records | None]) -> None:
        if running is not self._loading:
            return  # something else was chosen meanwhile
        self.infos, records = found
        if records is None:
            self.view = None
            self._refresh()
        else:
            self.show_records(records)

    def show_records(self, records: Records) -> None:
        """Show a statement, all of them or what was sent, with totals."""
        view = make_view(records)
        same = self.view is not None and self.view.key == view.key
        self.view = view
        if same and list(records.rows) == [tuple(row) for row in self.area.model.sheet.rows_texts()]:
            self.area.refresh_states()
        else:
            sheet = Sheet(CDRS)
            sheet.load(records.rows)
            self.attention_box.setChecked(False)
            self.filter_edit.clear()
            self.area.set_sheet(sheet)
        if self._wanted:
            self.filter_edit.setText(self._wanted)
            self._wanted = ""
        self._on_attention_toggled(self.attention_box.isChecked())
        self.totals_panel.show_totals(totals(records), records.unknown)
        self._refresh()

    def _on_attention_toggled(self, only: bool) -> None:  # noqa: FBT001 - a slot of a check box
        if self.view is not None and (only or self.area.shows_only):
            self.area.show_only(self.view.attention if only else None)

    def _refresh(self) -> None:
        self.chooser.show_choices(self.infos, self.view.key if self.view is not None else None)
        self.chooser.setVisible(self.session.connected and (self.view is not None or bool(self.infos)))
        self.filter_edit.setVisible(self.view is not None)
        self._refresh_attention()
        self.pages.setCurrentIndex(0 if self.view is None else 1)
        self.count_changed.emit()
        self.status_changed.emit()

    def _refresh_attention(self) -> None:
        count = len(self.view.attention) if self.view is not None else 0
        sent = self.view is not None and self.view.key == SENT
        text = _("Only &not yet cleared ({count})") if sent else _("Only what is &odd ({count})")
        self.attention_box.setText(text.format(count=number(count)))
        self.attention_box.setToolTip(
            _("Show only records that no statement names yet")
            if sent
            else _("Show only records of unknown partners and for contracts that are not yours")
        )
        self.attention_box.setVisible(count > 0 or self.attention_box.isChecked())

    def _partner_cell(self, row: int) -> StateCell | None:
        return self.view.partner_cell(row) if self.view is not None else None

    def _clearing_cell(self, row: int) -> StateCell | None:
        return self.view.clearing_cell(row) if self.view is not None else None

    # partners

    def _on_partner_wanted(self, provider_id: str) -> None:
        self.session.change_partners(add=[Partner(provider_id, provider_id)])
        self.notice.done(_("{partner} is a partner now.").format(partner=provider_id))

    def _on_partners_wanted(self) -> None:
        PartnersDialog(self.session, self).open()

    def _on_partners_changed(self) -> None:
        if self.view is not None:
            self.load_archive(self.view.key)

    def open_pdf(self) -> None:
        """Show the statement's PDF; one that is not in the archive is fetched now."""
        if self.statement is not None:
            self.pdf.open(self.statement)
        elif self.infos:
            self.notice.tell(_("Choose a single statement first: each has its own PDF."))
        else:
            self.notice.warn(_("There is no statement yet."), Step(_("Fetch the cleared CDRs"), self.clearing.fetch))

    # files out

    def _choose(self, suffix: str) -> None:
        if self.view is None:
            self.exports.nothing(Step(_("Fetch the cleared CDRs"), self.clearing.fetch))
        else:
            self.exports.ask_path(self.view.file_name, suffix, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the records that are shown, in the shown order; received ones of unknown partners are left out."""
        view = self.view
        if view is None:
            self.exports.nothing(Step(_("Fetch the cleared CDRs"), self.clearing.fetch))
            return
        exported = view.exported
        self.exports.rows(path, [view.records.rows[row] for row in self.area.view.rows if row in exported])
