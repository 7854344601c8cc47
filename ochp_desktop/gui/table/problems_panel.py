"""The panel beside the table: all problems as cards, one per rule, with repairs; one card open at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ochp_desktop.gui import icons, layout, theme
from ochp_desktop.gui.table.accepted_dialog import AcceptedDialog
from ochp_desktop.gui.table.cell_words import level_word
from ochp_desktop.gui.table.example_finder import ExampleFinder
from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.gui.table.mending import Mending
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.problem_card import Example, ProblemCard
from ochp_desktop.records.problems import Accepted, Level
from ochp_desktop.records.rulebook import rule, rules_for
from ochp_desktop.sheet.clipboard import format_block
from ochp_desktop.sheet.places import places_of
from ochp_desktop.texts import _, ngettext, number

# After a sorting the rows are painted first.
_AFTER_THE_ROWS = 50  # milliseconds
COPIED = 20_000
"""Of more problems than this only the first are copied; the export has them all."""


class ProblemsPanel(QWidget):
    """Cards grouped by rule, errors first, always in the same order so that nothing jumps.

    Signals:
        go_to: (row id, field) of a cell to show.
        show_only: row ids that alone are to be shown.
        notice: a sentence about what a repair did.
        step: 1 for the next cell with a problem, -1 for the one before.
        export_wanted: the problems are wanted as a file.
        accepted: fingerprint -> reason of warnings that were accepted just now, to be kept.
        taken_back: fingerprints of accepted warnings that count again, to be forgotten.

    Attributes:
        mending: what the buttons do to the sheet.
        current_row: tells the row id of the table's current cell, or None; whoever embeds the panel sets it.
    """

    go_to = Signal(int, str)
    show_only = Signal(object)
    notice = Signal(str)
    step = Signal(int)
    export_wanted = Signal()
    accepted = Signal(object)
    taken_back = Signal(object)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._open = ""
        self._closed_by_user = False
        self._levels: set[Level] = set(Level)
        self.current_row: Callable[[], int | None] = lambda: None
        self.cards: dict[str, ProblemCard] = {}
        order = sorted(rules_for(model.kind), key=lambda one: -one.level)
        self._order = {one.code: place for place, one in enumerate(order)}
        self.setAccessibleName(_("Problems"))
        self._finder = ExampleFinder(model, self)
        self._finder.found.connect(self._show_examples)
        self.mending = Mending(model, self)
        self.mending.notice.connect(self.notice)
        self._build()
        self._renewing = QTimer(self, singleShot=True, interval=0)
        self._renewing.timeout.connect(self.renew)
        model.problems_changed.connect(self._renewing.start)
        model.modelReset.connect(self._renewing.start)
        self._reordered = QTimer(self, singleShot=True, interval=_AFTER_THE_ROWS)
        self._reordered.timeout.connect(self._on_order_changed)
        model.layoutChanged.connect(self._reordered.start)
        self.renew()

    def _build(self) -> None:
        title = QLabel(_("Problems"))
        title.setProperty("look", "title")
        head = self._make_head(title)
        first = self._make_first_buttons()
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
        self._foot = QWidget()
        self._foot.setLayout(self._make_foot())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.MARGIN, 2 * theme.SPACING, theme.MARGIN, 2 * theme.SPACING)
        whole.setSpacing(2 * theme.SPACING)
        whole.addLayout(head)
        whole.addLayout(first)
        whole.addWidget(self.calm)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._foot)
        whole.addStretch(0)

    def _make_head(self, title: QLabel) -> FlowLayout:
        head = FlowLayout(spacing=theme.SPACING)
        head.addWidget(title)
        self.totals = {level: QPushButton(autoDefault=False) for level in sorted(Level, reverse=True)}
        for level, button in self.totals.items():
            button.setProperty("look", "link")
            button.setCheckable(True)
            button.setChecked(True)
            button.setIcon(icons.icon(level.word))
            button.setToolTip(_("Shows or hides these in the panel."))
            button.toggled.connect(lambda on, level=level: self._on_level(level, on=on))
            head.addWidget(button)
        return head

    def _make_first_buttons(self) -> FlowLayout:
        self.certain_button = layout.button("", self.mending.preview_certain)
        self.certain_button.setToolTip(_("Shows all repairs that cannot be wrong, then does them in one step."))
        self.likely_button = layout.button("", self.mending.preview_likely)
        self.likely_button.setToolTip(_("Shows all repairs that are probably right; you choose which ones are done."))
        self.removal_button = layout.button(_("Take out what cannot be repaired…"), self.mending.preview_removal)
        self.removal_button.setToolTip(
            _("Lists the rows that still have errors, then takes them out in one step; of doubles one row stays.")
        )
        self.accepted_button = layout.button("", self.show_accepted, look="link")
        self.accepted_button.setToolTip(_("Lists the accepted warnings with their reasons."))
        first = FlowLayout(spacing=2 * theme.SPACING)
        for button in (self.certain_button, self.likely_button, self.removal_button, self.accepted_button):
            first.addWidget(button)
        return first

    def _make_foot(self) -> FlowLayout:
        self.previous_button = layout.button(_("Previous"), lambda: self.step.emit(-1))
        self.previous_button.setToolTip(_("The cell with a problem before this one (Shift+F8)"))
        self.next_button = layout.button(_("Next"), lambda: self.step.emit(1))
        self.next_button.setToolTip(_("The next cell with a problem (F8)"))
        self.copy_button = layout.button(_("Copy"), self.copy)
        self.copy_button.setToolTip(_("Copies the list of problems, to be pasted into a mail or a spreadsheet."))
        self.export_button = layout.button(_("Export…"), self.export_wanted.emit)
        self.export_button.setToolTip(_("Writes the rows with all problems marked as an Excel file."))
        foot = FlowLayout(spacing=theme.SPACING)
        for button in (self.previous_button, self.next_button, self.copy_button, self.export_button):
            foot.addWidget(button)
        return foot

    # showing

    def renew(self) -> None:
        """Bring totals, cards and the open card's details up to date."""
        if self._model.is_behind:
            return  # it will be told
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
            self.cards[code].setVisible(rule(code).level in self._levels)
        if self._open not in self.cards and not self._closed_by_user:
            self._open = next(iter(self._shown()), "")
        for code, card in self.cards.items():
            card.set_open(code == self._open)
        if self._open in self.cards:
            self._finder.look_for(self._open)
        self._renew_calm(checked=checker is not None)

    def _on_order_changed(self) -> None:
        """Other rows come first now; how many there are is as before."""
        if self._open in self.cards:
            self._finder.look_for(self._open)

    def _shown(self) -> list[str]:
        return [code for code in self._codes() if rule(code).level in self._levels]

    def _on_level(self, level: Level, *, on: bool) -> None:
        self._levels = self._levels | {level} if on else self._levels - {level}
        font = self.totals[level].font()
        font.setStrikeOut(not on)
        self.totals[level].setFont(font)
        if self._open in self.cards and rule(self._open).level not in self._levels:
            self._open, self._closed_by_user = "", False
        self.renew()

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
        for level, button in self.totals.items():
            button.setVisible(totals[level] > 0)
            button.setText(texts[level].format(count=number(totals[level])))
        checker = self._model.checker
        certain = 0 if checker is None or self._model.read_only else checker.certain.total()
        self.certain_button.setVisible(certain > 0)
        self.certain_button.setText(
            ngettext("Repair what is certain ({count})…", "Repair all that is certain ({count})…", certain).format(
                count=number(certain)
            )
        )
        likely = 0 if checker is None or self._model.read_only else checker.repairable.total() - certain
        self.likely_button.setVisible(likely > 0)
        self.likely_button.setText(
            ngettext("Repair what is likely ({count})…", "Repair all that is likely ({count})…", likely).format(
                count=number(likely)
            )
        )
        # First what can be repaired at once, then what is left.
        self.removal_button.setVisible(totals[Level.ERROR] > 0 and not certain and not self._model.read_only)
        accepted = checker.accepted_counts.total() if checker else 0
        self.accepted_button.setVisible(accepted > 0)
        self.accepted_button.setText(
            ngettext("{count} accepted", "{count} accepted", accepted).format(count=number(accepted))
        )

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
        card.repair.connect(self.mending.repair_all)
        card.remedy.connect(self.mending.preview_remedy)
        card.removal.connect(self.mending.preview_removal)
        card.go_first.connect(self._on_go_first)
        card.show_only.connect(self._on_show_only)
        card.repair_one.connect(lambda which: self.mending.repair_one(which, self.current_row()))
        card.accept_button.clicked.connect(lambda: QTimer.singleShot(0, card, lambda: self._bring_in(card.accept_form)))
        card.accept.connect(self.accept)
        self.cards[code] = card
        self._cards.insertWidget(self._codes().index(code), card)

    def _on_toggled(self, code: str, opened: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._open = code if opened else ""
        self._closed_by_user = not opened
        self.renew()
        if opened:
            # The layout settles first, then the whole card can be brought into view.
            card = self.cards[code]
            QTimer.singleShot(0, card, lambda: self._scroll.ensureWidgetVisible(card))

    def _bring_in(self, widget: QWidget) -> None:
        self._scroll.ensureWidgetVisible(widget)

    def _on_show_only(self, code: str) -> None:
        checker = self._model.checker
        self.show_only.emit(checker.rows_with(code) if checker else [])

    def _show_examples(self, code: str, examples: Sequence[Example]) -> None:
        checker = self._model.checker
        if checker is not None and code == self._open and code in self.cards:
            repairable, count = checker.repairable[code], checker.counts[code]
            self.cards[code].set_details(examples, repairable, count, read_only=self._model.read_only)

    # doing

    def _on_go_first(self, code: str) -> None:
        view = self._model.view
        shown = [(at, problem) for problem in self.mending.problems(code) if (at := view.position_of(problem.row)) >= 0]
        if shown:
            problem = min(shown, key=lambda pair: pair[0])[1]
            self.go_to.emit(problem.row, problem.field)
        else:
            self.notice.emit(_("These rows are hidden by the filter."))

    def accept(self, code: str, reason: str, everywhere: bool) -> None:  # noqa: FBT001 - a Qt slot
        """Accept a rule's warnings: all of them, or those of the row of the current cell."""
        checker = self._model.checker
        if checker is None:
            return
        problems = list(self.mending.problems(code))
        if not everywhere:
            row = self.current_row()
            problems = [problem for problem in problems if problem.row == row]
            if not problems:
                self.notice.emit(_("The current row does not have this problem. Choose a cell of a row that has it."))
                return
        kept = checker.accept(problems, reason)
        self._model.set_checker(checker)
        self.accepted.emit(kept)
        count = len(problems)
        self.notice.emit(
            ngettext("{count} warning accepted.", "{count} warnings accepted.", count).format(count=number(count))
        )

    def show_accepted(self) -> None:
        """List the accepted warnings."""
        checker = self._model.checker
        if checker is not None:
            place = places_of(self._model.sheet)
            AcceptedDialog(list(checker.all_accepted()), place, self._take_back, self.window()).open()

    def _take_back(self, accepted: Sequence[Accepted]) -> None:
        checker = self._model.checker
        if checker is not None:
            gone = checker.take_back(accepted)
            self._model.set_checker(checker)
            self.taken_back.emit(gone)

    def copy(self) -> None:
        """Put the list of problems into the clipboard, as lines with tabs."""
        checker, kind = self._model.checker, self._model.kind
        if checker is None:
            return
        place = places_of(self._model.sheet)
        lines = [[_("Cell"), _("Field"), _("Level"), _("Message")]]
        shown = (problem for problem in checker.all() if problem.level in self._levels)
        for problem in islice(shown, COPIED):
            message = checker.explained(problem, place).message()
            title = kind.field(problem.field).title()
            lines.append([place(problem.row, problem.field), title, level_word(problem.level), message])
        QGuiApplication.clipboard().setText(format_block(lines))
        count = len(lines) - 1
        self.notice.emit(
            ngettext("{count} problem copied.", "{count} problems copied.", count).format(count=number(count))
        )

    def _walk(self, code: str, step: int) -> None:
        """Up and Down walk from card to card."""
        codes = self._shown()
        head = self.cards[codes[max(0, min(codes.index(code) + step, len(codes) - 1))]].head
        head.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(head)
