"""The panel beside the table: all problems as cards, one per rule, with repairs; one card open at a time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.problem_card import EXAMPLES, MANY, Example, ProblemCard
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.repair import repairs_for
from ochp_desktop.records.rulebook import rule, rules_for
from ochp_desktop.texts import _, ngettext, number


class ProblemsPanel(QWidget):
    """Cards grouped by rule, errors first, always in the same order so that nothing jumps.

    Signals:
        go_to: (row id, field) of a cell to show.
        show_only: row ids that alone are to be shown.
        notice: a sentence about what a repair did.
    """

    go_to = Signal(int, str)
    show_only = Signal(object)
    notice = Signal(str)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._open = ""
        self._closed_by_user = False
        self.cards: dict[str, ProblemCard] = {}
        order = sorted(rules_for(model.kind), key=lambda one: -one.level)
        self._order = {one.code: place for place, one in enumerate(order)}
        self.setAccessibleName(_("Problems"))
        self._build()
        self._renewing = QTimer(self, singleShot=True, interval=0)
        self._renewing.timeout.connect(self.renew)
        model.problems_changed.connect(self._renewing.start)
        model.modelReset.connect(self._renewing.start)
        model.layoutChanged.connect(self._renewing.start)
        self.renew()

    def _build(self) -> None:
        title = QLabel(_("Problems"))
        title.setProperty("look", "title")
        self.totals = {level: QLabel() for level in sorted(Level, reverse=True)}
        looks = {Level.ERROR: "error", Level.WARNING: "warning", Level.HINT: "muted"}
        head = FlowLayout(spacing=theme.SPACING)
        head.addWidget(title)
        for level, label in self.totals.items():
            label.setProperty("look", looks[level])
            head.addWidget(label)
        self._stack = QWidget()
        self._cards = QVBoxLayout(self._stack)
        self._cards.setContentsMargins(0, 0, 2, 0)
        self._cards.setSpacing(2 * theme.SPACING)
        self._cards.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._stack)
        scroll.viewport().setAutoFillBackground(False)
        self._stack.setAutoFillBackground(False)
        self._scroll = scroll
        self.calm = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        self.calm.setProperty("look", "muted")
        self._foot = QLabel(_("F8 next · Shift+F8 previous"), wordWrap=True)
        self._foot.setProperty("look", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, 2 * theme.SPACING, theme.MARGIN, 2 * theme.SPACING)
        layout.setSpacing(2 * theme.SPACING)
        layout.addLayout(head)
        layout.addWidget(self.calm)
        layout.addWidget(scroll, 1)
        layout.addWidget(self._foot)
        layout.addStretch(0)

    # showing

    def renew(self) -> None:
        """Bring totals, cards and the open card's details up to date."""
        checker = self._model.checker
        counts = {code: count for code, count in checker.counts.items() if count > 0} if checker else {}
        self._renew_totals(counts)
        for code in [code for code in self.cards if code not in counts]:
            card = self.cards.pop(code)
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        for code in sorted(counts, key=lambda one: self._order.get(one, len(self._order))):
            if code not in self.cards:
                self._add_card(code)
            self.cards[code].set_count(counts[code])
        if self._open not in self.cards and not self._closed_by_user:
            self._open = next(iter(self._codes()), "")
        for code, card in self.cards.items():
            card.set_open(code == self._open)
        if self._open in self.cards:
            self._renew_details(self._open, counts[self._open])
        self._renew_calm(checked=checker is not None)

    def _codes(self) -> list[str]:
        return sorted(self.cards, key=lambda one: self._order.get(one, len(self._order)))

    def _renew_totals(self, counts: dict[str, int]) -> None:
        totals = dict.fromkeys(Level, 0)
        for code, count in counts.items():
            totals[rule(code).level] += count
        texts = {
            Level.ERROR: ngettext("{count} error", "{count} errors", totals[Level.ERROR]),
            Level.WARNING: ngettext("{count} warning", "{count} warnings", totals[Level.WARNING]),
            Level.HINT: ngettext("{count} hint", "{count} hints", totals[Level.HINT]),
        }
        dot = ""
        for level, label in self.totals.items():
            label.setVisible(totals[level] > 0)
            label.setText(dot + texts[level].format(count=number(totals[level])))
            dot = "· " if totals[level] else dot

    def _renew_calm(self, *, checked: bool) -> None:
        self._scroll.setVisible(bool(self.cards))
        self._foot.setVisible(bool(self.cards))
        self.calm.setVisible(not self.cards)
        if not checked:
            self.calm.setText(_("Being checked…") if len(self._model.sheet) else "")
        else:
            self.calm.setText(_("No problems found. What is wrong with a cell will be shown here and in the cell."))

    def _add_card(self, code: str) -> None:
        card = ProblemCard(rule(code))
        card.toggled.connect(self._on_toggled)
        card.head.walk.connect(lambda step: self._walk(code, step))
        card.go_to.connect(self.go_to)
        card.repair.connect(self.repair_all)
        card.go_first.connect(self._on_go_first)
        card.show_only.connect(lambda which: self.show_only.emit(self._rows(which)))
        self.cards[code] = card
        self._cards.insertWidget(self._codes().index(code), card)

    def _on_toggled(self, code: str, opened: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._open = code if opened else ""
        self._closed_by_user = not opened
        self.renew()
        if opened:
            # The layout settles first, then the whole card can be brought into view.
            QTimer.singleShot(0, self.cards[code], lambda: self._scroll.ensureWidgetVisible(self.cards[code]))

    def _rows(self, code: str) -> list[int]:
        checker = self._model.checker
        return checker.rows_with(code) if checker else []

    def problems(self, code: str) -> Iterator[Problem]:
        """All problems of a rule."""
        checker = self._model.checker
        if checker:
            for row in self._rows(code):
                yield from (problem for problem in checker.problems(row) if problem.code == code)

    def _renew_details(self, code: str, count: int) -> None:
        view = self._model.view
        hidden = len(view.rows)

        def place(problem: Problem) -> int:
            at = view.position_of(problem.row)
            return hidden if at < 0 else at

        looked_at = list(islice(self.problems(code), MANY))
        first = heapq.nsmallest(EXAMPLES, looked_at, key=place)
        repairable = sum(problem.repair is not None for problem in looked_at)
        # Of a huge number, all but the first are told from what these are like.
        if len(looked_at) == repairable:
            repairable = count
        examples = [self._example(problem) for problem in first]
        self.cards[code].set_details(examples, repairable, count, read_only=self._model.read_only)

    def _example(self, problem: Problem) -> Example:
        sheet, field = self._model.sheet, self._model.kind.field(problem.field)
        position = self._model.view.position_of(problem.row)
        where = _("row {row}").format(row=number(position + 1)) if position >= 0 else _("hidden row")
        cell = sheet.cell_name(problem.row, problem.field)
        text = sheet.text(problem.row, self._model.kind.index(problem.field))
        return Example(
            row=problem.row,
            field=problem.field,
            where=f"{where} · {cell}" if cell else where,
            old=field.shown(text) or _("(empty)"),
            new=None if problem.repair is None else field.shown(problem.repair) or _("(empty)"),
            message=problem.message(),
        )

    # doing

    def _on_go_first(self, code: str) -> None:
        view = self._model.view
        shown = [(at, problem) for problem in self.problems(code) if (at := view.position_of(problem.row)) >= 0]
        if shown:
            problem = min(shown, key=lambda pair: pair[0])[1]
            self.go_to.emit(problem.row, problem.field)
        else:
            self.notice.emit(_("These rows are hidden by the filter."))

    def repair_all(self, code: str) -> None:
        """Put all repairs that a rule offers into their cells, as one undo step."""
        if self._model.read_only:
            return
        kind = self._model.kind
        cells = [(row, kind.index(field), text) for row, field, text in repairs_for(self.problems(code))]
        sheet = self._model.sheet
        count = len(cells)
        sheet.apply(sheet.set_cells(_("Repair: {title}").format(title=_(rule(code).title)), cells))
        self.notice.emit(
            ngettext(
                "{count} cell repaired. Ctrl+Z takes it back.", "{count} cells repaired. Ctrl+Z takes it back.", count
            ).format(count=number(count))
        )

    def _walk(self, code: str, step: int) -> None:
        """Up and Down walk from card to card."""
        codes = self._codes()
        head = self.cards[codes[max(0, min(codes.index(code) + step, len(codes) - 1))]].head
        head.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(head)
