"""The line of choices above the columns: what was found out about the file, each to be changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QLabel, QStyle, QStyleOptionComboBox, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.jobs.import_proposal import (
    COMMA,
    DAY_FIRST,
    DELIMITER_NAMES,
    DELIMITERS,
    ENCODING_NAMES,
    ENCODINGS,
    MONTH_FIRST,
    OPEN,
    POINT,
    Answers,
    CsvForm,
    Proposal,
    column_letter,
)
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.texts import _, labelled, number

_PER_LINE = 3
_MOST_HEADER_ROWS = 20
_SEARCHED_ROWS = 200
_LONGEST_HEADER = 60
_INSIDE = 2  # pixels that a style leaves beside a box's text
_QUOTES = ('"', "'", "")


@cache
def zone_names() -> tuple[str, ...]:
    """The time zones people choose from."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_here() -> str:
    """This computer's time zone, "" when it has no proper name."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode(errors="replace")
    return name if name in zone_names() else ""


class Bounds(NamedTuple):
    """Where a table begins and ends on its sheet, as in `Matching`."""

    header_row: int
    first_column: int = 0
    end_column: int = sys.maxsize
    end_row: int = sys.maxsize


class _Box(QComboBox):
    """A choice that says by dots that its text goes on; its list and its tooltip have the whole."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """What is painted."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        metrics, end = self.fontMetrics(), Qt.TextElideMode.ElideRight
        option.currentText = metrics.elidedText(self.currentText(), end, room - _INSIDE)


class Options(QWidget):
    """Those choices that matter for the file at hand.

    Attributes:
        zone_known: whether somebody has said where times without offset are meant.

    Signals:
        source_changed: another sheet, or another form of a text file: it must be read again.
        kind_changed: another kind of record.
        table_changed: another header row or table on the sheet.
        answers_changed: dates, volumes or times are to be read otherwise.
    """

    source_changed = Signal()
    kind_changed = Signal()
    table_changed = Signal()
    answers_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bounds: list[Bounds] = []
        self.zone_known = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * SPACING)
        self._grid.setVerticalSpacing(SPACING)
        self.kind_box = self._box(_("&Holds"), self.kind_changed)
        self.sheet_box = self._box(_("&Sheet"), self.source_changed)
        self.header_box = self._box(_("Header ro&w"), self.table_changed)
        self.delimiter_box = self._box(_("&Cells separated by"), self.source_changed)
        self.encoding_box = self._box(_("&Encoding"), self.source_changed)
        self.quote_box = self._box(_("&Quotes"), self.source_changed)
        self.date_box = self._box(_("&Dates"), self.answers_changed)
        self.decimal_box = self._box(_("Deci&mal sign"), self.answers_changed)
        self.zone_box = self._box(_("&Time zone"), self.answers_changed)
        self.zone_box.activated.disconnect()
        self.zone_box.activated.connect(self._on_zone_chosen)
        self.zone_box.setEditable(True)
        self.zone_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.zone_box.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)

    def _box(self, caption: str, signal: object) -> QComboBox:
        box = _Box(self)
        box.setAccessibleName(caption.replace("&", ""))
        box.setMinimumContentsLength(14)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumWidth(140)
        box.activated.connect(signal)
        label = QLabel(caption, self)
        label.setBuddy(box)
        box.setProperty("caption", label)
        return box

    def _on_zone_chosen(self) -> None:
        self.zone_known = True
        self.answers_changed.emit()

    def show_proposal(self, proposal: Proposal) -> None:
        """Show what was found out."""
        table, signs, answers = proposal.table, proposal.signs, proposal.answers
        shown = [self.kind_box]
        self._fill(self.kind_box, [(kind.name, _(kind.label)) for kind in KINDS.values()], proposal.kind.name)
        if len(table.sheets) > 1:
            hidden = set(table.hidden_sheets)
            names = [
                (name, _("{sheet} (hidden)").format(sheet=name) if name in hidden else name) for name in table.sheets
            ]
            self._fill(self.sheet_box, names, table.sheet)
            shown.append(self.sheet_box)
        choices, chosen = header_choices(proposal)
        self._fill(self.header_box, [(at, text) for at, (_bounds, text) in enumerate(choices)], chosen)
        self._bounds = [bounds for bounds, _text in choices]
        shown.append(self.header_box)
        if table.form is not None:
            self._show_form(table.form)
            shown += [self.delimiter_box, self.encoding_box, self.quote_box]
        for box, doubtful in (
            (self.date_box, signs.date_order == OPEN),
            (self.decimal_box, signs.decimal == OPEN),
            (self.zone_box, bool(signs.without_offset) and not self.zone_known),
        ):
            layout.set_look(box.property("caption"), "warning" if doubtful else "")
        if signs.date_order:
            orders = [(DAY_FIRST, _("day first: 31/12")), (MONTH_FIRST, _("month first: 12/31"))]
            self._show_question(self.date_box, orders, answers.date_order or settled(signs.date_order))
            shown.append(self.date_box)
        if signs.decimal:
            decimals = [(COMMA, _("comma: 12,5")), (POINT, _("point: 12.5"))]
            self._show_question(self.decimal_box, decimals, answers.decimal or settled(signs.decimal))
            shown.append(self.decimal_box)
        if signs.without_offset:
            self._show_zone(answers.timezone)
            shown.append(self.zone_box)
        self._place(shown)

    def _show_form(self, form: CsvForm) -> None:
        delimiters = [*DELIMITERS, *([form.delimiter] if form.delimiter not in DELIMITERS else [])]
        names = [(one, _(DELIMITER_NAMES.get(one, one))) for one in delimiters]
        self._fill(self.delimiter_box, names, form.delimiter)
        encodings = [*([form.encoding] if form.encoding not in ENCODINGS else []), *ENCODINGS]
        self._fill(self.encoding_box, [(one, ENCODING_NAMES.get(one, one)) for one in encodings], form.encoding)
        quotes = [(one, one or _("none")) for one in _QUOTES]
        self._fill(self.quote_box, quotes, form.quote)

    def _show_question(self, box: QComboBox, choices: Sequence[tuple[str, str]], answer: str) -> None:
        self._fill(box, [*([("", _("please choose"))] if not answer else []), *choices], answer)

    def _show_zone(self, answer: str) -> None:
        names = zone_names()
        first = [("", _("please choose"))] if not answer else []
        self._fill(self.zone_box, [*first, *((name, name) for name in names)], answer)

    @staticmethod
    def _fill(box: QComboBox, choices: Sequence[tuple[object, str]], chosen: object) -> None:
        box.blockSignals(True)
        box.clear()
        for value, text in choices:
            box.addItem(text, value)
            box.setItemData(box.count() - 1, plain_tooltip(text), Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.setToolTip(plain_tooltip(box.currentText()))
        box.blockSignals(False)

    def _place(self, shown: Sequence[QComboBox]) -> None:
        for box in self.findChildren(QComboBox):
            label = box.property("caption")
            if isinstance(label, QLabel):
                self._grid.removeWidget(label)
                self._grid.removeWidget(box)
                label.setVisible(box in shown)
                box.setVisible(box in shown)
        for at, box in enumerate(shown):
            line, place = divmod(at, _PER_LINE)
            label = box.property("caption")
            self._grid.addWidget(label, line, 3 * place)
            self._grid.addWidget(box, line, 3 * place + 1)
        for place in range(_PER_LINE):
            self._grid.setColumnStretch(3 * place + 1, 1)
            self._grid.setColumnMinimumWidth(3 * place + 2, MARGIN if place < _PER_LINE - 1 else 0)

    def kind_name(self) -> str:
        """Name of the chosen kind of record."""
        return str(self.kind_box.currentData())

    def sheet_name(self) -> str | None:
        """The chosen sheet, None where there is no choice."""
        return str(self.sheet_box.currentData()) if self.sheet_box.count() else None

    def header_bounds(self) -> Bounds:
        """Where the chosen table begins."""
        return self._bounds[self.header_box.currentIndex()]

    def form(self) -> CsvForm | None:
        """How the text file is to be read, None for workbooks."""
        if not self.encoding_box.count():
            return None
        return CsvForm(
            str(self.encoding_box.currentData()),
            str(self.delimiter_box.currentData()),
            str(self.quote_box.currentData()),
        )

    def answers(self) -> Answers:
        """How dates, volumes and times are to be read; "" where it does not matter or nobody has said."""
        zone = self.zone_box.currentText()
        return Answers(
            str(self.date_box.currentData() or ""),
            str(self.decimal_box.currentData() or ""),
            zone if self.zone_box.findText(zone) >= 0 and "/" in zone else "",
        )


def settled(sign: str) -> str:
    """What the column itself says, "" where it cannot tell."""
    return "" if sign == OPEN else sign


def header_choices(proposal: Proposal) -> tuple[list[tuple[Bounds, str]], int]:
    """(where a table may begin, its header's words), and which of them is the proposed one."""
    table, matching = proposal.table, proposal.matching
    filled = [index for index, row in enumerate(table.rows[:_SEARCHED_ROWS]) if any(row)][:_MOST_HEADER_ROWS]
    tables = {Bounds(one.header_row, one.first_column, one.end_column, one.end_row) for one in proposal.others}
    here = Bounds(matching.header_row, matching.first_column, matching.end_column, matching.end_row)
    tables.add(here)
    known = {bounds.header_row for bounds in tables}
    tables |= {Bounds(index) for index in [-1, *filled] if index not in known}
    ordered = sorted(tables)
    return [(bounds, _header_words(proposal, bounds)) for bounds in ordered], ordered.index(here)


def _header_words(proposal: Proposal, bounds: Bounds) -> str:
    if bounds.header_row < 0:
        return _("none: the first row is a record")
    rows = proposal.table.rows
    row = rows[bounds.header_row] if bounds.header_row < len(rows) else []
    words = ", ".join(text.strip() for text in row[bounds.first_column : bounds.end_column] if text.strip())
    where = number(proposal.table.first_row + bounds.header_row)
    if bounds.first_column:
        where = f"{column_letter(bounds.first_column)}{where}"
    return labelled(where, words[:_LONGEST_HEADER])
