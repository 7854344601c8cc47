"""A random walk of edits, undo, redo, sorts and filters agrees with a plain list of lists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ochp_desktop.records.fields import Field, Need, RecordKind
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View

WIDTH = 3
TEXTS = st.sampled_from(["", "a", "B", "b", "10", "9", "x y", "Ä"])
LINES = st.lists(TEXTS, max_size=WIDTH + 1)
BLOCKS = st.lists(LINES, min_size=1, max_size=30)
PLACES = st.integers(0, 60)
KIND = RecordKind(
    "walk", "Walk", tuple(Field(n, n, ValueType(), Need.OPTIONAL, 5, "", "", "") for n in "abc"), key=("a",)
)


def full(line: list[str]) -> list[str]:
    return (line + [""] * WIDTH)[:WIDTH]


class SheetWalk(RuleBasedStateMachine):
    """The oracle holds [row id, texts] pairs and a copy of itself per undo step."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet(KIND)
        self.oracle: list[tuple[int, list[str]]] = []
        self.past: list[list[tuple[int, list[str]]]] = []
        self.future: list[list[tuple[int, list[str]]]] = []
        self.log: list[tuple[Direction, str]] = []

    @initialize(rows=st.lists(LINES, max_size=40))
    def load(self, rows: list[list[str]]) -> None:
        self.sheet.load(rows)
        self.loaded = rows
        self.oracle = [(row, full(line)) for row, line in enumerate(rows)]
        self.whole = View(self.sheet)
        self.stepwise = View(self.sheet)
        self.sheet.on_change.append(self.on_change)

    def on_change(self, edit: Edit, direction: Direction) -> None:
        self.log.append((direction, edit.to_json()))
        self.whole.follow(edit)
        steps = self.stepwise.steps(edit)
        if steps is None:
            self.stepwise.follow(edit)
            return
        for step in steps:
            if step.gone:
                assert step.last < len(self.stepwise)
            self.stepwise.take(step)

    def do(self, edit: Edit) -> None:
        if edit:
            self.past.append([(row, list(texts)) for row, texts in self.oracle])
            self.future.clear()
        self.sheet.apply(edit)

    @rule(cells=st.lists(st.tuples(PLACES, st.integers(0, WIDTH - 1), TEXTS), max_size=8))
    def type(self, cells: list[tuple[int, int, str]]) -> None:
        if not self.oracle:
            return
        placed = [(self.oracle[place % len(self.oracle)], column, text) for place, column, text in cells]
        self.do(self.sheet.set_cells("Type", [(row, column, text) for (row, _), column, text in placed]))
        for (_, texts), column, text in placed:
            texts[column] = text

    @rule(at=PLACES, rows=BLOCKS)
    def insert(self, at: int, rows: list[list[str]]) -> None:
        at = min(at, len(self.oracle))
        first = self.sheet.slots
        self.do(self.sheet.insert_rows("Insert", at, rows))
        self.oracle[at:at] = [(first + n, full(line)) for n, line in enumerate(rows)]

    @rule(places=st.sets(PLACES, max_size=40))
    def remove(self, places: set[int]) -> None:
        gone = {row for place, (row, _) in enumerate(self.oracle) if place in places}
        self.do(self.sheet.remove_rows("Delete", gone | {10_000}))
        self.oracle = [(row, texts) for row, texts in self.oracle if row not in gone]

    @rule(top=PLACES, left=st.integers(0, WIDTH - 1), block=BLOCKS)
    def paste(self, top: int, left: int, block: list[list[str]]) -> None:
        shown = list(self.whole.rows)
        top = min(top, len(shown))
        first = self.sheet.slots
        self.do(self.sheet.paste("Paste", top, left, block, order=shown))
        by_id = dict(self.oracle)
        for n, line in enumerate(block):
            if top + n < len(shown):
                texts = by_id[shown[top + n]]
            else:
                texts = [""] * WIDTH
                self.oracle.append((first, texts))
                first += 1
            for offset, text in enumerate(line):
                if left + offset < WIDTH:
                    texts[left + offset] = text

    @precondition(lambda self: self.past)
    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(min(times, len(self.past))):
            self.future.append(self.oracle)
            self.oracle = self.past.pop()
            assert self.sheet.undo()

    @precondition(lambda self: self.future)
    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(min(times, len(self.future))):
            self.past.append(self.oracle)
            self.oracle = self.future.pop()
            assert self.sheet.redo()

    @rule(keys=st.lists(st.tuples(st.integers(0, WIDTH - 1), st.booleans()), max_size=2, unique_by=lambda key: key[0]))
    def sort(self, keys: list[tuple[int, bool]]) -> None:
        self.whole.sort_by_columns(keys)
        self.stepwise.sort_by_columns(keys)
        self.check_fresh()

    @rule(text=st.sampled_from(["", "a", "1", "b "]))
    def filter(self, text: str) -> None:
        self.whole.filter_text(text)
        self.stepwise.filter_text(text)
        self.check_fresh()

    @rule(odd=st.booleans())
    def only(self, odd: bool) -> None:
        rows = set(range(1, 10_000, 2)) if odd else None
        self.whole.only(rows)
        self.stepwise.only(rows)

    @rule()
    def reopen(self) -> None:
        """The log of effective edits rebuilds the sheet, its ids and its undo steps."""
        again = Sheet(KIND)
        again.load(self.loaded)
        for direction, text in self.log:
            if direction is Direction.DO:
                again.apply(Edit.from_json(text))
            elif direction is Direction.UNDO:
                again.undo()
            else:
                again.redo()
        assert again.order == self.sheet.order
        assert again.rows_texts() == self.sheet.rows_texts()
        assert again.history() == self.sheet.history()

    def check_fresh(self) -> None:
        """Right after a sort or filter the view is what sorting and filtering the oracle gives."""
        rows = self.oracle
        if self.whole.filter:
            rows = [r for r in rows if any(self.whole.filter in text.casefold() for text in r[1])]
        only = self.whole._only
        if only is not None:
            rows = [r for r in rows if r[0] in only]

        def key(pair: tuple[int, list[str]], column: int, *, descending: bool) -> Any:
            text = pair[1][column]
            return (not text) != descending, text.casefold()

        for column, descending in reversed(self.whole.sort_keys):
            rows = sorted(rows, key=lambda r, c=column, d=descending: key(r, c, descending=d), reverse=descending)
        assert self.whole.rows == [row for row, _ in rows]

    @invariant()
    def agrees(self) -> None:
        assert self.sheet.order == [row for row, _ in self.oracle]
        assert self.sheet.rows_texts() == [tuple(texts) for _, texts in self.oracle]
        if hasattr(self, "whole"):
            assert self.stepwise.rows == self.whole.rows
            assert len(set(self.whole.rows)) == len(self.whole.rows)
            assert set(self.whole.rows) <= set(self.sheet.order)
            if self.whole.is_plain:
                assert self.whole.rows == self.sheet.order
            for position, row in enumerate(self.whole.rows):
                assert self.whole.position_of(row) == position

    @invariant()
    def undo_state_agrees(self) -> None:
        assert self.sheet.can_undo == bool(self.past)
        assert self.sheet.can_redo == bool(self.future)


def test_walk() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(SheetWalk, settings=settings(max_examples=60, stateful_step_count=40, deadline=None))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_long_walk() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(SheetWalk, settings=settings(max_examples=1_000, stateful_step_count=200, deadline=None))
