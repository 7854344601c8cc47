"""The tab Month: what became of a month's records, by infra provider and partner, in numbers and kWh."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.empty_state import EmptyState
from ochp_desktop.gui.lines import LinesModel, LinesTable
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.tab import Menu, Tab, action_button
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.jobs.amount import Amount
from ochp_desktop.jobs.month_overview import SHOWN, MonthOverview, OverviewLine, month_overview
from ochp_desktop.jobs.upload_cdrs import StateKind
from ochp_desktop.texts import _, number

_KINDS = tuple(kind for kind in SHOWN if kind is not StateKind.SENDING)


class OverviewTab(Tab):
    """Shows one month of the journal at the current house, or all of them.

    Signals:
        records_wanted: the user wants to open records that are to be sent.
    """

    records_wanted = Signal()

    chapter = "Month and history"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.title = _("Month")
        super().__init__(session, parent)
        self.overview: MonthOverview | None = None
        self._month: str | None = None
        self._asked = 0
        self._sum: OverviewLine | None = None
        self.month_box = QComboBox()
        self.month_box.setAccessibleName(_("Month"))
        self.month_box.setMinimumWidth(180)
        self.month_box.activated.connect(self._on_month_chosen)
        self.refresh_action = self.action(_("&Refresh"), self.refresh, "F5", "redo")
        titles = [_("Infra provider"), _("Partner")]
        for kind in _KINDS:
            titles += [kind.title(), _("kWh")]
        model = LinesModel(titles, _texts, right=range(2, len(titles)), is_sum=lambda line: line is self._sum)
        self.table = LinesTable(model, (20, 20, *(13, 12) * len(_KINDS)), self.title)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.sum_label = layout.label("", "strong")
        self.hint_label = layout.label("", "muted", wrap=True)
        foot = QWidget()
        foot.setLayout(layout.column(self.sum_label, self.hint_label, margin=12, spacing=4))
        month_label = layout.label(_("&Month:"))
        month_label.setBuddy(self.month_box)
        bar = toolbar(month_label, self.month_box, None, action_button(self.refresh_action))
        filled = QWidget()
        inside = layout.column(bar, self.table, foot, spacing=0)
        inside.setStretch(1, 1)
        filled.setLayout(inside)
        self.empty = EmptyState(
            "calendar",
            _("What became of each month's records"),
            _(
                "Once records were sent to this house, or held back, they are counted here by month and partner: "
                "confirmed, unconfirmed, refused, held back, in numbers and kWh."
            ),
            Step(_("Open spreadsheets…"), self.records_wanted.emit),
            Step(_("New connection…"), self.wants_connection.emit),
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(filled)
        whole = layout.column(self.pages, self.notice, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        session.opened.connect(self._on_session_changed)
        session.changed.connect(self._on_session_changed)

    # what the window asks for

    def file_menu(self) -> Menu:
        """Renew."""
        return (self.refresh_action,)

    def areas(self) -> Sequence[QWidget]:
        """Month, table."""
        return self.empty, self.month_box, self.table

    def showEvent(self, event: QShowEvent) -> None:
        """What happened since is shown when the tab comes to the front."""
        super().showEvent(event)
        self.refresh()

    # content

    def _on_session_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _on_month_chosen(self, index: int) -> None:
        self._month = str(self.month_box.itemData(index))
        self.refresh()

    def refresh(self) -> None:
        """Count again."""
        workplace = self.session.workplace
        if workplace is None or not self.session.connected or workplace.connection is None:
            self.pages.setCurrentWidget(self.empty)
            return
        self._asked += 1
        asked, month = self._asked, self._month

        def on_result(overview: MonthOverview) -> None:
            if asked == self._asked:
                self._show(overview)

        self.session.runner.call(
            lambda: month_overview(workplace, month), on_result=on_result, on_error=self.notice.error
        )

    def _show(self, overview: MonthOverview) -> None:
        self.overview = overview
        self.month_box.clear()
        for month in overview.months:
            self.month_box.addItem(month_title(month), month)
        self.month_box.addItem(_("All months"), "")
        self.month_box.setCurrentIndex(max(0, self.month_box.findData(overview.month)))
        lines = list(overview.lines)
        if len(lines) > 1:
            self._sum = OverviewLine(_("Total"), "", dict(overview.total))
            lines.append(self._sum)
        self.table.lines.show_items(lines)
        self.pages.setCurrentIndex(1 if overview.months else 0)
        self.sum_label.setText(
            " · ".join(
                _("{state}: {count} ({kwh} kWh)").format(
                    state=kind.title(), count=number(overview.total[kind].count), kwh=_kwh(overview.total[kind])
                )
                for kind in SHOWN
                if kind in overview.total
            )
        )
        self.hint_label.setText(
            _("Counted are the records that this computer sent to this house or held back, by the month they began.")
        )


def _texts(line: OverviewLine) -> Sequence[str]:
    cells = [line.infra, line.service]
    for kind in _KINDS:
        amount = line.by_state.get(kind)
        cells += [number(amount.count), _kwh(amount)] if amount is not None else ["", ""]
    return cells


def _kwh(amount: Amount) -> str:
    return QLocale().toString(float(amount.kwh), "f", 1)


def month_title(month: str) -> str:
    """The month for people: October 2026 for 2026-10."""
    day = QDate.fromString(f"{month}-01", "yyyy-MM-dd")
    return QLocale().toString(day, "MMMM yyyy") if day.isValid() else month
