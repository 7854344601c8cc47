"""The house's global list, read-only: whose token is whose, and which are of partners nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.filter_field import FilterField
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.partners_dialog import PartnersDialog
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.tab import text_search
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.table.state_columns import StateCell, StateColumn
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.jobs.download_list import GlobalList, kept_list
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, labelled, ngettext, number

_MOST_UNKNOWN = 12  # providers that are offered
_SEARCHED = ("tokenId", "evcoId", "printedNumber")


class GlobalListView(QWidget):
    """Shows a downloaded list with the owner of each token.

    Signals:
        closed: back to the own list.
        own_wanted: (rows) these tokens of ours shall be edited.
        status_changed: `status` has other texts now.
    """

    closed = Signal()
    own_wanted = Signal(object)
    status_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.list: GlobalList | None = None
        self._profile = session.profile
        self._selection_text = ""
        self.area = SheetArea(TOKENS, with_problems=False)
        self.area.set_read_only(True)
        self.area.selection_text_changed.connect(self._on_selection_text_changed)
        self.area.counts_changed.connect(self.status_changed)
        self.area.set_state_columns(
            before=[StateColumn(_("Owner"), self._owner_cell, 18, _("The partner whose contract id or hub this is"))]
        )
        self.back_button = layout.button(_("&Back to my list"), self.closed.emit, icon="undo")
        self.text_label = layout.label("", "strong")
        self.filter_edit = FilterField(self.area)
        self.unknown_button = layout.button("", self._on_unknown_clicked)
        self.unknown_button.setCheckable(True)
        self.add_button = layout.button("")
        self.add_menu = QMenu(self.add_button)
        self.add_button.setMenu(self.add_menu)
        self.partners_button = layout.button(_("&Partners…"), self._on_partners_clicked)
        self.own_button = layout.button("", self._on_own_clicked, look="main")
        bar = toolbar(
            self.back_button,
            self.text_label,
            layout.gap(),
            self.filter_edit,
            self.unknown_button,
            self.add_button,
            self.partners_button,
            None,
            self.own_button,
        )
        whole = layout.column(bar, self.area, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        session.partners_changed.connect(self._on_partners_changed)
        session.changed.connect(self._on_session_changed)

    def show_list(self, found: GlobalList) -> None:
        """Show a list."""
        self.list = found
        sheet = Sheet(TOKENS)
        sheet.load(found.rows)
        self.filter_edit.clear()
        self.unknown_button.setChecked(False)
        self.area.set_sheet(sheet)
        self._refresh_words()

    def _refresh_words(self) -> None:
        assert self.list is not None
        found = self.list
        count = len(found.rows)
        text = ngettext("{count} token in the global list", "{count} tokens in the global list", count)
        self.text_label.setText(text.format(count=number(count)))
        self.text_label.setToolTip(_("Downloaded {when}").format(when=short_moment(found.when)))
        unknown = sum(found.unknown.values())
        self.unknown_button.setVisible(bool(unknown))
        self.unknown_button.setText(_("{count} of unknown part&ners").format(count=number(unknown)))
        self.unknown_button.setToolTip(
            plain_tooltip(", ".join(labelled(name, number(n)) for name, n in found.unknown.most_common(12)))
        )
        self._offer_partners()
        own = sum(found.own)
        self.own_button.setVisible(own > 0)
        self.own_button.setText(
            ngettext("Edit &our {count} token", "Edit &our {count} tokens", own).format(count=number(own))
        )

    def _offer_partners(self) -> None:
        """Every unknown provider is a partner with one click."""
        assert self.list is not None
        # An external id tells no provider: its owner is told in the box of partners.
        known_by_id = [one for one in self.list.unknown.most_common() if Partner(one[0]).completed().prefixes]
        unknown = known_by_id[:_MOST_UNKNOWN]
        self.add_button.setVisible(bool(unknown))
        self.add_button.setText(_("A&dd partner ▾"))
        self.add_menu.clear()
        for name, count in unknown:
            text = ngettext("{name}: {count} token", "{name}: {count} tokens", count)
            one = self.add_menu.addAction(text.format(name=name, count=number(count)).replace("&", "&&"))
            one.triggered.connect(partial(self._add_partner, name))

    def _add_partner(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        self._session.change_partners(add=[Partner(name, name)])

    def _owner_cell(self, row: int) -> StateCell | None:
        if self.list is None or row >= len(self.list.owners):
            return None
        if self.list.own[row]:
            return StateCell(_("ours"), "confirmed")
        owner = self.list.owners[row]
        if owner is None:
            return StateCell(_("unknown partner"), "unconfirmed", _("Nobody in your partner list issues this card."))
        return StateCell(owner.title)

    def status(self) -> tuple[str, str]:
        """Rows and selection; when downloaded."""
        if self.list is None:
            return "", ""
        shown, total = self.area.model.rowCount(), len(self.list.rows)
        rows = ngettext("{count} row", "{count} rows", total).format(count=number(total))
        if shown != total:
            rows = _("{shown} of {rows}").format(shown=number(shown), rows=rows)
        left = " · ".join(part for part in (rows, self._selection_text) if part)
        return left, _("Downloaded {when}").format(when=short_moment(self.list.when))

    def _on_selection_text_changed(self, text: str) -> None:
        self._selection_text = text
        self.status_changed.emit()

    def areas(self) -> Sequence[QWidget]:
        """Where F6 stops."""
        return self.filter_edit, self.area.table

    def searches(self, show: Callable[[], object]) -> Sequence[Search]:
        """Cards of the global list."""
        sheet = self.area.sheet
        if sheet is None:
            return ()

        def go(row: int, name: str) -> None:
            show()
            self.area.go_to(row, name)

        def hit(row: int, name: str) -> Hit:
            field = TOKENS.field(name)
            text = field.shown(sheet.text(row, TOKENS.index(name)))
            return Hit(text, _("Global list"), field.title(), "download", partial(go, row, name))

        return (text_search(sheet, _SEARCHED, hit),)

    def _on_unknown_clicked(self) -> None:
        assert self.list is not None
        rows = [
            row
            for row, (owner, own) in enumerate(zip(self.list.owners, self.list.own, strict=True))
            if owner is None and not own
        ]
        self.area.show_only(rows if self.unknown_button.isChecked() else None)

    def _on_partners_clicked(self) -> None:
        suggested = next(iter(self.list.unknown), "") if self.list is not None else ""
        PartnersDialog(self._session, self, suggested=suggested).open()

    def _on_own_clicked(self) -> None:
        if self.list is not None:
            self.own_wanted.emit(self.list.own_rows)

    def _on_session_changed(self) -> None:
        """Another house, or another user there, has another list."""
        if self._session.profile != self._profile:
            self._profile = self._session.profile
            self.list = None
            self.area.set_sheet(None)
            self.closed.emit()

    def _on_partners_changed(self) -> None:
        workplace = self._session.workplace
        if self.list is None or workplace is None or not self._session.connected:
            return

        def on_result(found: GlobalList | None) -> None:
            if found is not None and self.list is not None and len(found.rows) == len(self.list.rows):
                self.list = found
                self._refresh_words()
                self.area.refresh_states()
                if self.unknown_button.isChecked():
                    self.unknown_button.setChecked(bool(found.unknown))
                    self._on_unknown_clicked()

        self._session.runner.call(lambda: kept_list(workplace), on_result=on_result, on_error=self._session.failed.emit)
