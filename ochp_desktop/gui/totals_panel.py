"""Totals of a statement by partner, month and day, with a chart, and the partners nobody knows yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.chart import Bar, BarChart
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.jobs.amount import Amount
from ochp_desktop.jobs.statements import Totals
from ochp_desktop.texts import _, labelled, ngettext, number

_UNIT = "kWh"


class TotalsPanel(QWidget):
    """The panel beside the cleared records.

    Signals:
        partner_wanted: (provider id) this unknown provider is a partner.
    """

    partner_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._totals = Totals()
        self.setMinimumWidth(260)
        self.setAccessibleName(_("Totals"))
        self.sum_label = layout.label("", "strong")
        self.by_box = QComboBox()
        self.by_box.addItems([_("by day"), _("by month"), _("by partner")])
        self.by_box.setAccessibleName(_("Totals by"))
        self.by_box.currentIndexChanged.connect(self._refresh)
        self.chart = BarChart()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 2 * SPACING, 0)  # clear of the scroll bar
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(SPACING)
        self._grid.setColumnStretch(0, 1)
        table = QWidget()
        table.setLayout(layout.column(self._grid, None))
        scroll = QScrollArea()
        scroll.setWidget(table)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.unknown_card = QFrame()
        self.unknown_card.setProperty("look", "card")
        self._unknown = layout.column(margin=MARGIN, spacing=SPACING)
        self.unknown_card.setLayout(self._unknown)
        whole = layout.column(
            layout.row(layout.label(_("Totals"), "title"), self.sum_label, None, self.by_box),
            self.unknown_card,
            self.chart,
            scroll,
            margin=MARGIN,
        )
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def show_totals(self, totals: Totals, unknown: Counter[str]) -> None:
        """Show other totals."""
        self._totals = totals
        self.sum_label.setText(f"{kwh(totals.all)}")
        self._show_unknown(unknown)
        self._refresh()

    def _show_unknown(self, unknown: Counter[str]) -> None:
        layout.clear(self._unknown)
        self.unknown_card.setVisible(bool(unknown))
        if not unknown:
            return
        count = sum(unknown.values())
        text = ngettext(
            "{count} record of an unknown partner is left out of totals and files.",
            "{count} records of unknown partners are left out of totals and files.",
            count,
        ).format(count=number(count))
        head = QWidget()
        line = layout.row()
        line.addWidget(icons.IconLabel("warning"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(layout.label(text, "warning", wrap=True), 1)
        head.setLayout(line)
        self._unknown.addWidget(head)
        for name, records in unknown.most_common(5):
            one = QWidget()
            add = layout.button(_("Add partner"), partial(self.partner_wanted.emit, name))
            add.setAccessibleName(_("Add partner {name}").format(name=name))
            add.setEnabled(bool(name.strip()))
            shown = name if name.strip() else _("without a name")
            one.setLayout(layout.row(layout.label(f"{shown} · {number(records)}"), None, add))
            self._unknown.addWidget(one)

    def sums(self) -> Mapping[str, Amount]:
        """The sums that are shown, by their label."""
        return (self._totals.days, self._totals.months, self._totals.partners)[self.by_box.currentIndex()]

    def _refresh(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        sums = self.sums()
        bars = []
        for row, (name, one) in enumerate(sums.items()):
            title = self._title(name)
            records = ngettext("{count} record", "{count} records", one.count).format(count=number(one.count))
            for column, (text, look) in enumerate(((title, ""), (records, "muted"), (kwh(one), ""))):
                label = layout.label(text, look)
                if column:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight)
                self._grid.addWidget(label, row, column)
            bars.append(Bar(title, float(one.kwh), labelled(title, f"{records}, {kwh(one)}")))
        self.chart.show_bars(bars, _UNIT, "; ".join(bar.tooltip for bar in bars))
        self.chart.setVisible(bool(bars))

    def _title(self, name: str) -> str:
        locale = QLocale()
        if self.by_box.currentIndex() == 0:
            day = QDate.fromString(name, "yyyy-MM-dd")
            return locale.toString(day, QLocale.FormatType.ShortFormat) if day.isValid() else name
        if self.by_box.currentIndex() == 1:
            month = QDate.fromString(f"{name}-01", "yyyy-MM-dd")
            return locale.toString(month, "MMM yyyy") if month.isValid() else name
        return name


def kwh(one: Amount) -> str:
    """An amount of energy as people here write it, and how many volumes could not be read."""
    text = f"{QLocale().toString(float(one.kwh), 'f', 1)} {_UNIT}"
    if one.unreadable:
        text += " " + _("({count} unreadable)").format(count=number(one.unreadable))
    return text
