"""The expiry radar: cards of the open list that have expired or soon will, and what to do about them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.table.gather import gather
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.gui.tools.panel import ToolPanel, fill, make_table
from ochp_desktop.records.expiry import SPANS, Expiring, expiring, most_urgent_first, within, written
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import _, ngettext, number

_TOKEN, _CONTRACT, _PRINTED = (TOKENS.index(name) for name in ("tokenId", "evcoId", "printedNumber"))
_EXPIRY, _ACTIVE = TOKENS.index("expiryDate"), TOKENS.index("tokenActivated")
_MOST = 500
_YEARS = 3


class ExpiryPanel(ToolPanel):
    """Follows the open list; what is done is one undo step of it.

    Args:
        area: the table with the open list.
        parent: the window.
        today: tells the day to measure from.
    """

    def __init__(self, area: SheetArea, parent: QWidget | None = None, today: Callable[[], date] = date.today) -> None:
        super().__init__(_("Expiry radar"), parent)
        self._area = area
        self._today = today
        self.found: list[Expiring] = []
        self._is_looking = False
        self.span = QComboBox()
        self.span.setAccessibleName(_("Which cards"))
        self.span.currentIndexChanged.connect(lambda _index: self._show())
        self.table = make_table(
            (_("Token id"), _("Contract id"), _("Printed number"), _("Expires"), _("Days left")),
            (170, 0, 150, 110, 110),
            _("Expiring cards"),
        )
        self.table.itemSelectionChanged.connect(self._name_buttons)
        self.table.itemDoubleClicked.connect(lambda item: self._go_to(item.row()))
        self.day_edit = QDateEdit()
        self.day_edit.setCalendarPopup(True)
        self.day_edit.setDisplayFormat("dd/MM/yyyy")
        last = date(today().year + _YEARS, 12, 31)
        self.day_edit.setDate(QDate(last.year, last.month, last.day))
        self.day_edit.setMinimumDate(QDate(today().year, today().month, today().day))
        self.day_edit.setAccessibleName(_("New expiry date"))
        until = layout.label(_("until"))
        until.setBuddy(self.day_edit)
        self.extend_button = layout.button("", self.extend, look="main")
        self.off_button = layout.button("", self.deactivate)
        self.said = layout.label("", "muted", wrap=True)
        layout.dialog_layout(
            self,
            layout.row(self.span, None),
            self.table,
            self.said,
            layout.row(self.extend_button, until, self.day_edit, None, self.off_button),
        )
        layout.open_at_size(self, 760, 480)
        area.edited.connect(lambda _edit, _direction: self._renew_if_shown())
        area.counts_changed.connect(self._renew_if_shown)

    def bring_up(self) -> None:
        """Look at the list as it is now, then show."""
        self.renew()
        super().bring_up()

    def _renew_if_shown(self) -> None:
        if self.isVisible():
            self.renew()

    def renew(self) -> None:
        """Look at the list again; a long one is looked through between other work."""
        if not self._is_looking:
            # Whoever looks notices a change and begins anew.
            self._is_looking = True
            gather(self, self._look, self._state, self._on_found)

    def _state(self) -> object:
        sheet = self._area.sheet
        return sheet, None if sheet is None else sheet.revision

    def _look(self) -> Iterator[Expiring | None]:
        sheet = self._area.sheet
        if sheet is None:
            return iter(())
        expiry, active = sheet.columns[_EXPIRY], sheet.columns[_ACTIVE]
        return expiring(((row, expiry[row], active[row]) for row in sheet.order), self._today())

    def _on_found(self, found: list[Expiring]) -> None:
        self._is_looking = False
        self.found = most_urgent_first(found)
        chosen = max(0, self.span.currentIndex())
        self.span.blockSignals(True)
        self.span.clear()
        over = len(within(self.found, None))
        self.span.addItem(_("Expired but still active: {count}").format(count=number(over)))
        for days in SPANS:
            count = len(within(self.found, days))
            self.span.addItem(_("Expire within {days} days: {count}").format(days=days, count=number(count)))
        self.span.setCurrentIndex(chosen)
        self.span.blockSignals(False)
        self._show()

    def _span(self) -> list[Expiring]:
        index = self.span.currentIndex()
        return within(self.found, None if index <= 0 else SPANS[index - 1])

    def _show(self) -> None:
        sheet, shown = self._area.sheet, self._span()[:_MOST]
        rows = [] if sheet is None else [sheet.row_texts(one.row) for one in shown]
        fill(
            self.table,
            [
                (texts[_TOKEN], texts[_CONTRACT], texts[_PRINTED], written(one.day), _left(one.left))
                for one, texts in zip(shown, rows, strict=True)
            ],
            [icons.icon("warning" if one.left < 0 else "hint") for one in shown],
        )
        self.table.clearSelection()
        if sheet is None:
            self.said.setText(_("No list is open. Open your list of tokens first."))
        elif not shown:
            self.said.setText(_("No active card of the open list is among these."))
        else:
            more = len(self._span()) - len(shown)
            rest = _("{count} more are not listed here.").format(count=number(more)) if more else ""
            hint = _("Without a selection the buttons are about all of them. A double click goes to the card.")
            self.said.setText(f"{rest} {hint}".strip())
        self._name_buttons()

    def chosen(self) -> Sequence[int]:
        """Row ids of the selected cards, or of all that are shown when none is selected."""
        selected = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        span = self._span()
        return [span[line].row for line in selected] if selected else [one.row for one in span]

    def _name_buttons(self) -> None:
        count = len(self.chosen())
        self.extend_button.setText(
            ngettext("&Extend {count} card", "&Extend {count} cards", count).format(count=number(count))
        )
        self.off_button.setText(
            ngettext("&Deactivate {count} card", "&Deactivate {count} cards", count).format(count=number(count))
        )
        for button in (self.extend_button, self.off_button):
            button.setEnabled(count > 0)

    def _go_to(self, line: int) -> None:
        self._area.go_to(self._span()[line].row, "expiryDate")

    def extend(self) -> None:
        """Give the chosen cards the new date, as one undo step."""
        day = self.day_edit.date()
        text = written(date(day.year(), day.month(), day.day()))
        self._put(_("Extend cards until {date}").format(date=text), _EXPIRY, text)

    def deactivate(self) -> None:
        """Switch the chosen cards off, as one undo step."""
        self._put(_("Deactivate expired cards"), _ACTIVE, "0")

    def _put(self, name: str, column: int, text: str) -> None:
        sheet, rows = self._area.sheet, self.chosen()
        if sheet is None or not rows:
            return
        sheet.apply(sheet.set_cells(name, [(row, column, text) for row in rows]))
        count = len(rows)
        self.renew()
        self.said.setText(
            ngettext(
                "{count} card changed. Ctrl+Z in the table takes it back.",
                "{count} cards changed. Ctrl+Z in the table takes it back.",
                count,
            ).format(count=number(count))
        )


def _left(days: int) -> str:
    return _("expired") if days < 0 else number(days)
