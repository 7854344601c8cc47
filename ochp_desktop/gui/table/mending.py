"""What the problems panel does to the sheet: repairs, remedies and removals, each shown first, each one undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui.table.gather import Turns, gather
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.removal_preview import RemovalPreview
from ochp_desktop.gui.table.repair_preview import RepairPreview, change_of
from ochp_desktop.records.problems import Problem
from ochp_desktop.records.remedies import REMEDIES
from ochp_desktop.records.removal import Removal, removals
from ochp_desktop.records.repair import Repair, certain_repairs, likely_repairs, repairs_for
from ochp_desktop.records.rulebook import rule
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.places import places_of
from ochp_desktop.sheet.slices import Slices
from ochp_desktop.texts import _, ngettext, number

# Problems that are collected in one go: a few milliseconds.
_SLICE = 1_000


class Mending(QObject):
    """Repairs of one cell, of all alike, of all that are certain or likely; rows that only people can mend taken out.

    Signals:
        notice: a sentence about what was done.

    Args:
        model: whose sheet is mended; nothing is done while it is read-only.
        parent: over which the previews open.
    """

    notice = Signal(str)

    def __init__(self, model: SheetModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._widget = parent

    def repair_all(self, code: str) -> None:
        """Put all repairs that a rule offers into their cells."""
        self._repair_named(code, lambda: self.problems(code))

    def repair_one(self, code: str, row: int | None) -> None:
        """Put the repairs that a rule offers for one row into it."""
        if self._model.checker is None or self._model.read_only:
            return
        problems = (
            [problem for problem in self._model.checker.problems(row) if problem.code == code]
            if row is not None
            else []
        )
        if any(problem.repair is not None for problem in problems):
            self._repair_named(code, lambda: problems)
        else:
            self.notice.emit(_("The current row does not have this problem. Choose a cell of a row that has it."))

    def preview_certain(self) -> None:
        """Show all repairs that cannot be wrong, and do them on a yes."""
        self._preview(
            certain_repairs,
            name=_("Repair all that is certain"),
            question=_("Repair what is certain?"),
        )

    def preview_likely(self) -> None:
        """Show all repairs that may be wrong, and do those that the user wants."""
        self._preview(
            likely_repairs,
            name=_("Repair all that is likely"),
            question=_("Repair what is likely?"),
            advice=_("These are probably right, but only you can know. Take the tick away from what you do not want."),
        )

    def preview_remedy(self, code: str) -> None:
        """Show the rule's other remedy for all its rows, and do it on a yes."""
        remedy = REMEDIES[code]

        def steps(_checker: object) -> Iterator[Repair | None]:
            for problem in self.problems(code):
                yield Repair(problem.row, remedy.field, remedy.text)

        title = _(remedy.title)
        self._preview(steps, name=title, question=_("{title}?").format(title=title))

    def preview_removal(self, code: str = "") -> None:
        """List the rows to take out so that no error of that rule, or of any, is left; do it on a yes."""
        if self._model.checker is None or self._model.read_only:
            return
        self._gather(lambda checker: removals(checker, code), lambda removed: self._ask_removal(code, removed))

    def problems(self, code: str) -> Iterator[Problem]:
        """All problems of a rule."""
        checker = self._model.checker
        if checker is not None:
            for row in checker.rows_with(code):
                yield from (problem for problem in checker.problems(row) if problem.code == code)

    # inside

    def _state(self) -> object:
        return self._model.sheet, self._model.checker, self._model.sheet.revision

    def _gather(self, start: Callable[..., Iterator[object | None]], done: Callable[[list[Any]], object]) -> None:
        gather(self, lambda: start(self._model.checker), self._state, done)

    def _preview(
        self, start: Callable[..., Iterator[Repair | None]], *, name: str, question: str, advice: str = ""
    ) -> None:
        if self._model.checker is None or self._model.read_only:
            return
        sheet = self._model.sheet

        def ask(repairs: list[Repair]) -> None:
            revision = sheet.revision

            def do(left_out: frozenset[tuple[str, str, str]]) -> None:
                # Whoever edits behind the open box gets what holds then.
                if sheet.revision == revision:
                    put(repairs, left_out)
                else:
                    self._gather(start, lambda now: put(now, left_out))

            def put(now: Sequence[Repair], left_out: frozenset[tuple[str, str, str]]) -> None:
                self._put(name, [one for one in now if not left_out or change_of(sheet, one) not in left_out])

            RepairPreview(sheet, repairs, do, question=question, advice=advice, parent=self._widget.window()).open()

        self._gather(start, ask)

    def _ask_removal(self, code: str, removed: list[Removal]) -> None:
        sheet = self._model.sheet
        if not removed:
            self.notice.emit(_("There is no row to take out."))
            return

        def do() -> None:
            # Rows that were mended behind the open box stay.
            self._gather(lambda checker: removals(checker, code), take_out)

        def take_out(now: list[Removal]) -> None:
            asked = {one.problem.row for one in removed}
            rows = [one.problem.row for one in now if one.problem.row in asked]
            sheet.apply(sheet.remove_rows(_("Take rows with errors out"), rows))
            count = len(rows)
            self.notice.emit(
                ngettext(
                    "{count} row taken out. Ctrl+Z brings it back.",
                    "{count} rows taken out. Ctrl+Z brings them back.",
                    count,
                ).format(count=number(count))
            )

        RemovalPreview(sheet, removed, places_of(sheet), do, self._widget.window()).open()

    def _repair_named(self, code: str, problems: Callable[[], Iterable[Problem]]) -> None:
        if not self._model.read_only:
            name = _("Repair: {title}").format(title=_(rule(code).title))
            Turns(self, lambda: self._repairing(name, problems()), self._state, self._do)

    def _repairing(self, name: str, problems: Iterable[Problem]) -> Slices[Edit]:
        """The edit that puts the repairs of some problems into their cells."""
        found: list[Problem] = []
        for problem in problems:
            found.append(problem)
            if not len(found) % _SLICE:
                yield
        repairs = repairs_for(found)
        if len(found) >= _SLICE:
            yield
        return self._edit(name, repairs)

    def _edit(self, name: str, repairs: Sequence[Repair]) -> Edit:
        kind = self._model.kind
        return self._model.sheet.set_cells(name, [(row, kind.index(field), text) for row, field, text in repairs])

    def _put(self, name: str, repairs: Sequence[Repair]) -> None:
        self._do(self._edit(name, repairs))

    def _do(self, edit: Edit) -> None:
        self._model.sheet.apply(edit)
        count = edit.cell_count
        self.notice.emit(
            ngettext(
                "{count} cell repaired. Ctrl+Z takes it back.", "{count} cells repaired. Ctrl+Z takes it back.", count
            ).format(count=number(count))
        )
