"""A random walk of edits, undo, redo, sorts, filters, kills and reopenings agrees with a plain list of lists."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ochp_desktop.jobs import draft_keeper
from ochp_desktop.jobs.draft_keeper import DraftKeeper
from ochp_desktop.jobs.drafts import reopen_drafts
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.workplace import DRAFTS_NAME, Workplace
from ochp_desktop.records import kinds
from ochp_desktop.records.fields import Field, Need, RecordKind
from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet import arranging, find, sort_keys, sorting
from ochp_desktop.sheet.blocks import pasted
from ochp_desktop.sheet.column_filter import ColumnFilter, TextTest
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.sheet.find import Matches, Query
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.slices import at_once
from ochp_desktop.sheet.view import View
from ochp_desktop.store.database import Database
from ochp_desktop.store.drafts import Drafts
from ochp_desktop.store.schema import DRAFTS

WIDTH = 3
TEXTS = st.sampled_from(["", "a", "B", "b", "10", "9", "x y", "Ä"])
LINES = st.lists(TEXTS, max_size=WIDTH + 1)
BLOCKS = st.lists(LINES, min_size=1, max_size=30)
PLACES = st.integers(0, 60)
KIND = RecordKind(
    "walk", "Walk", tuple(Field(n, n, ValueType(), Need.OPTIONAL, 5, "", "", "") for n in "abc"), key=("a",)
)


FILTERS = st.builds(
    ColumnFilter,
    values=st.none() | st.frozensets(TEXTS, max_size=5),
    text=st.sampled_from(["", "a", "B", "1"]),
    test=st.sampled_from(list(TextTest)),
    empty=st.sampled_from([None, True, False]),
    rows=st.sampled_from([None, frozenset(range(0, 10_000, 3))]),
)


def passes(keep: ColumnFilter, row: int, text: str) -> bool:
    """What a filter lets through, said in the plainest way."""
    here, wanted = text.casefold(), keep.text.casefold()
    tests = {
        TextTest.HOLDS: wanted in here,
        TextTest.LACKS: wanted not in here,
        TextTest.BEGINS: here.startswith(wanted),
        TextTest.ENDS: here.endswith(wanted),
        TextTest.IS: here == wanted,
        TextTest.IS_NOT: here != wanted,
    }
    return (
        (keep.values is None or text in keep.values)
        and (not wanted or tests[keep.test])
        and (keep.empty is None or keep.empty is not bool(text))
        and (keep.rows is None or row in keep.rows)
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
        self.folder = Path(tempfile.mkdtemp())
        self.database = Database(self.folder / DRAFTS_NAME, DRAFTS)
        self.troubles: list[object] = []

    def teardown(self) -> None:
        if hasattr(self, "keeper"):
            self.keeper.stop()
        self.database.close()
        shutil.rmtree(self.folder)
        assert not self.troubles

    def place(self, folder: Path, database: Database) -> Workplace:
        """As much of a workplace as drafts need."""
        return cast("Workplace", SimpleNamespace(data_dir=folder, drafts=Drafts(database)))

    def keep(self) -> None:
        self.keeper = DraftKeeper(self.place(self.folder, self.database), lambda _when: None, self.troubles.append)

    @initialize(rows=st.lists(LINES, max_size=40))
    def load(self, rows: list[list[str]]) -> None:
        self.sheet.load(rows)
        self.oracle = [(row, full(line)) for row, line in enumerate(rows)]
        self.whole = View(self.sheet)
        self.stepwise = View(self.sheet)
        self.sheet.on_change.append(self.on_change)
        self.keep()
        self.keeper.follow(self.sheet, "walk")

    def on_change(self, edit: Edit, direction: Direction) -> None:
        assert Edit.from_json(edit.to_json()).to_json() == edit.to_json()
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
        self.do(pasted(self.sheet, "Paste", top, left, block, order=shown))
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

    @rule(
        keys=st.lists(st.tuples(st.integers(0, WIDTH - 1), st.booleans()), max_size=3, unique_by=lambda key: key[0]),
        text=st.sampled_from(["", "a", "1"]),
    )
    def arrange(self, keys: list[tuple[int, bool]], text: str) -> None:
        """Sort and filter in one go, in slices of a few rows, as the table does with a million."""
        for view in (self.whole, self.stepwise):
            conditions = replace(view.conditions, keys=tuple(keys), text=text)
            before = list(view.rows)
            slices = view.arrange(conditions)
            next(slices, None)
            assert list(view.rows) == before
            view.show(conditions, at_once(view.arrange(conditions)))
        self.check_fresh()

    @rule(places=st.sets(PLACES, max_size=20))
    def look_up(self, places: set[int]) -> None:
        rows = {row for place, (row, _) in enumerate(self.oracle) if place in places}
        shown = list(self.whole.rows)
        assert self.whole.look_up(rows | {10_000}) == sorted(shown.index(row) for row in rows & set(shown))

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

    @rule(field=st.integers(0, WIDTH - 1), keep=FILTERS | st.none())
    def filter_column(self, field: int, keep: ColumnFilter | None) -> None:
        self.whole.filter_column(field, keep)
        self.stepwise.filter_column(field, keep)
        self.check_fresh()

    @rule(places=st.sets(PLACES, max_size=20), to=PLACES)
    def move(self, places: set[int], to: int) -> None:
        taken = [pair for place, pair in enumerate(self.oracle) if place in places]
        rest = [pair for place, pair in enumerate(self.oracle) if place not in places]
        to = min(to, len(rest))
        self.do(self.sheet.move_rows("Move", [row for row, _ in taken] + [10_000], to))
        self.oracle = [*rest[:to], *taken, *rest[to:]]

    @rule(text=st.sampled_from(["a", "B", "1", "x y"]), by=TEXTS, whole=st.booleans(), case=st.booleans())
    def replace_all(self, text: str, by: str, whole: bool, case: bool) -> None:
        matches = Matches(self.whole, Query(text, whole=whole, case=case))
        shown = set(self.whole.rows)
        found = 0
        changes: list[tuple[list[str], int, str]] = []
        for row, texts in self.oracle:
            for column, here in enumerate(texts):
                a, b = (here, text) if case else (here.casefold(), text.casefold())
                if row in shown and (a == b if whole else b in a):
                    found += 1
                    changes.append((texts, column, by if whole else replaced(here, text, by, case=case)))
        assert len(matches) == found
        self.do(self.sheet.set_columns("Replace", matches.replacements(by)))
        for texts, column, new in changes:
            texts[column] = new

    @rule()
    def kill_and_reopen(self) -> None:
        """What is on disk after a flush, log and all, is what a program killed now would find at its next start."""
        assert self.keeper.flush()
        copy = Path(tempfile.mkdtemp())
        try:
            for part in self.folder.iterdir():
                if part.is_file():
                    shutil.copy(part, copy / part.name)
            database = Database(copy / DRAFTS_NAME, DRAFTS)
            assert not database.notices
            (again,) = self.outcome(reopen_drafts(self.place(copy, database), Cancel()))
            database.close()
        finally:
            shutil.rmtree(copy)
        assert again.notice == ""
        assert again.sheet.order == self.sheet.order
        assert again.sheet.rows_texts() == self.sheet.rows_texts()
        assert again.sheet.history() == self.sheet.history()

    @rule()
    def go_on_with_what_was_saved(self) -> None:
        assert self.keeper.stop()
        (again,) = self.outcome(reopen_drafts(self.place(self.folder, self.database), Cancel()))
        self.sheet = again.sheet
        self.whole, self.stepwise = View(self.sheet), View(self.sheet)
        self.sheet.on_change.append(self.on_change)
        self.keep()
        self.keeper.adopt(again)

    @staticmethod
    def outcome(job: Iterator[Any]) -> Any:
        while True:
            try:
                next(job)
            except StopIteration as end:
                return end.value

    def check_fresh(self) -> None:
        """Right after a sort or filter the view is what sorting and filtering the oracle gives."""
        rows = self.oracle
        if self.whole.filter:
            rows = [r for r in rows if any(self.whole.filter in text.casefold() for text in r[1])]
        for field, keep in self.whole.column_filters.items():
            rows = [r for r in rows if passes(keep, r[0], r[1][field])]
        only = self.whole.conditions.only
        if only is not None:
            rows = [r for r in rows if r[0] in only]

        def key(pair: tuple[int, list[str]], column: int, *, descending: bool) -> Any:
            text = pair[1][column]
            return (not text) != descending, text.casefold()

        for column, descending in reversed(self.whole.sort_keys):
            rows = sorted(rows, key=lambda r, c=column, d=descending: key(r, c, descending=d), reverse=descending)
        assert list(self.whole.rows) == [row for row, _ in rows]

    @invariant()
    def agrees(self) -> None:
        assert self.sheet.order == [row for row, _ in self.oracle]
        assert self.sheet.rows_texts() == [tuple(texts) for _, texts in self.oracle]
        if hasattr(self, "whole"):
            assert list(self.stepwise.rows) == list(self.whole.rows)
            assert len(set(self.whole.rows)) == len(self.whole.rows)
            assert set(self.whole.rows) <= set(self.sheet.order)
            if self.whole.is_plain:
                assert list(self.whole.rows) == self.sheet.order
            for position, row in enumerate(self.whole.rows):
                assert self.whole.position_of(row) == position

    @invariant()
    def undo_state_agrees(self) -> None:
        assert self.sheet.can_undo == bool(self.past)
        assert self.sheet.can_redo == bool(self.future)


def replaced(text: str, wanted: str, by: str, *, case: bool) -> str:
    """`str.replace` that may ignore case."""
    if case:
        return text.replace(wanted, by)
    parts, rest = [], text
    while (at := rest.casefold().find(wanted.casefold())) >= 0:
        parts.append(rest[:at])
        rest = rest[at + len(wanted) :]
    return by.join([*parts, rest])


@pytest.fixture(autouse=True)
def _short_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of record of three fields, snapshots after every few edits, slices of a few rows."""
    monkeypatch.setitem(kinds.KINDS, KIND.name, KIND)
    for log in ("_LONG_LOG", "_LONGEST_LOG"):
        monkeypatch.setattr(draft_keeper, log, 60)
    monkeypatch.setattr(draft_keeper, "_QUIET", 0.002)
    for module in (sorting, sort_keys, arranging, find):
        monkeypatch.setattr(module, "SLICE", 8)
    for module in (sorting, sort_keys):
        monkeypatch.setattr(module, "_BUCKET", 4)


def test_walk() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(SheetWalk, settings=settings(max_examples=40, stateful_step_count=40, deadline=None))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_long_walk() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(SheetWalk, settings=settings(max_examples=500, stateful_step_count=200, deadline=None))
