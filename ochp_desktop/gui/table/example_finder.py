"""The cells that the card of a rule names first, found in turns where the rows are sorted."""

from __future__ import annotations

import heapq
from itertools import islice

from PySide6.QtCore import QObject, Signal

from ochp_desktop.gui.table.gather import Turns
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.problem_card import EXAMPLES, MANY, Example
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Problem
from ochp_desktop.sheet.places import places_of
from ochp_desktop.sheet.slices import Slices
from ochp_desktop.texts import _, number


class ExampleFinder(QObject):
    """Looks for the first few rows with a problem, as they are shown; another search takes the place of the one before.

    Signals:
        found: (rule code, its examples).
    """

    found = Signal(str, object)

    def __init__(self, model: SheetModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._looking: Turns[list[int]] | None = None

    def look_for(self, code: str) -> None:
        """Find the examples of one rule."""
        model = self._model
        if self._looking is not None:
            self._looking.forget()

        def look_up() -> Slices[list[int]]:
            # While rows are being checked there will be another search.
            if model.view.is_ascending or model.is_behind:
                return []
            return (yield from model.view.looking_up(self._rows(code)))

        self._looking = Turns(
            self,
            look_up,
            lambda: (model.view, id(model.view.rows), model.sheet.revision),
            lambda _places: self._tell(code),
        )

    def _tell(self, code: str) -> None:
        checker = None if self._model.is_behind else self._model.checker
        if checker is not None:
            problems = (one for row in self._first_rows(code) for one in checker.problems(row) if one.code == code)
            self.found.emit(code, [self._example(checker, one) for one in islice(problems, EXAMPLES)])

    def _rows(self, code: str) -> list[int]:
        checker = self._model.checker
        return checker.rows_with(code)[:MANY] if checker else []

    def _first_rows(self, code: str) -> list[int]:
        """The first few rows as they are shown, hidden ones last."""
        view, rows = self._model.view, self._rows(code)
        if view.is_ascending:
            # Asked after each edit: only the first few are looked for.
            shown = list(islice((row for row in rows if view.position_of(row) >= 0), EXAMPLES))
            known = set(shown)
            return shown if len(shown) == EXAMPLES else [*shown, *(row for row in rows if row not in known)][:EXAMPLES]
        hidden = len(view.rows)

        def place(row: int) -> int:
            at = view.position_of(row)
            return hidden if at < 0 else at

        return heapq.nsmallest(EXAMPLES, rows, key=place)

    def _example(self, checker: Checker, problem: Problem) -> Example:
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
            message=checker.explained(problem, places_of(sheet)).message(),
        )
