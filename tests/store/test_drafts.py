"""Autosaved sheets."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.errors import StoreError
from ochp_desktop.sheet.edit import Direction
from ochp_desktop.store import snapshot_blocks
from ochp_desktop.store.database import Database
from ochp_desktop.store.drafts import Drafts, LoggedEdit, Snapshot
from ochp_desktop.store.schema import DRAFTS
from ochp_desktop.store.snapshot_blocks import blocks_of, snapshot_of


@pytest.fixture
def drafts(drafts_db: Database) -> Drafts:
    return Drafts(drafts_db)


def test_a_draft_opens_where_it_was(drafts: Drafts) -> None:
    number = drafts.create("tokens", "cards\udc80.xlsx", '{"path": "x"}', Snapshot.of_rows([("a", "b"), ("c", "d")], 2))
    drafts.append_edit(number, 1, '{"name": "Paste"}')
    drafts.append_edit(number, 2, None, Direction.UNDO)
    drafts.append_edits(number, [(3, None, Direction.REDO), (4, '{"name": "é\udc80"}', Direction.DO)])
    drafts.append_edit(number, 4, '{"name": "é\udc80"}')
    drafts.set_place(number, '{"tab": 1}')
    (info,) = drafts.open_drafts()
    assert (info.id, info.kind, info.origin, info.place, info.last_seq) == (
        number,
        "tokens",
        '{"path": "x"}',
        '{"tab": 1}',
        4,
    )
    opened = drafts.load(number)
    assert list(opened.snapshot.columns) == [["a", "c"], ["b", "d"]]
    assert list(opened.snapshot.order) == [0, 1]
    assert list(opened.snapshot.sources) == [0, 0]
    assert opened.edits[:3] == [
        LoggedEdit(1, Direction.DO, '{"name": "Paste"}', applied=False),
        LoggedEdit(2, Direction.UNDO, None, applied=False),
        LoggedEdit(3, Direction.REDO, None, applied=False),
    ]
    (last,) = opened.edits[3:]
    assert (last.seq, last.direction, last.text(), last.applied) == (4, Direction.DO, '{"name": "é\udc80"}', False)
    assert [last.beginning(size) for size in (1, 10, 12, 13)] == ["{", '{"name": "', '{"name": "é', '{"name": "é']


def test_a_compacted_draft_keeps_its_undo_history(drafts: Drafts, drafts_db: Database) -> None:
    number = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("a",), ("b",), ("c",)], 1))
    drafts.append_edits(number, [(1, "one", Direction.DO), (2, "two", Direction.DO), (3, "three", Direction.DO)])
    drafts.compact(number, 2, Snapshot([["a", "b", "x"]], [4, 5, 6], [2, 0]))
    opened = drafts.load(number)
    assert list(opened.snapshot.order) == [2, 0]
    assert list(opened.snapshot.sources) == [4, 5, 6]
    assert [(edit.text(), edit.applied) for edit in opened.edits] == [("one", True), ("two", True), ("three", False)]
    with drafts_db.read() as c:
        assert c.execute("SELECT count(*) FROM snapshots").fetchone() == (1,)


@given(st.lists(st.sampled_from(Direction), max_size=30))
def test_a_snapshot_takes_along_what_no_undo_leads_to(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[Direction]
) -> None:
    done: list[int] = []
    undone: list[int] = []
    log = []
    for direction in wanted:
        number = len(log) + 1
        if direction is Direction.DO:
            done.append(number)
            undone.clear()
        elif taken := done if direction is Direction.UNDO else undone:
            (undone if direction is Direction.UNDO else done).append(taken.pop())
        else:
            continue
        log.append((number, f"edit {number}" if direction is Direction.DO else None, direction))
    db = Database(tmp_path_factory.mktemp("drafts") / "drafts.sqlite", DRAFTS)
    drafts = Drafts(db)
    draft = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("a",)], 1))
    drafts.append_edits(draft, log)
    # One line without an edit, so that none of those above is the last one, which is kept in any case.
    drafts.append_edit(draft, len(log) + 1, None)
    drafts.compact(draft, len(log) + 1, Snapshot.of_rows([("b",)], 1))
    opened = drafts.load(draft)
    db.close()
    assert opened.info.last_seq == len(log) + 1, "later edits are numbered from here"
    left: list[str] = []
    back: list[str] = []
    for edit in opened.edits[:-1]:
        if edit.direction is Direction.DO:
            left.append(edit.text())
            back.clear()
        elif edit.direction is Direction.UNDO:
            back.append(left.pop())
        else:
            left.append(back.pop())
    assert left == [f"edit {number}" for number in done]
    assert back == [f"edit {number}" for number in undone]
    assert len(opened.edits) - 1 == len(done) + 2 * len(undone)


def test_large_sheets_and_edits_come_back_as_they_were(drafts: Drafts) -> None:
    rows = [(str(n), "\udc80" if n % 1000 == 0 else "same") for n in range(45_001)]
    number = drafts.create("cdrs", "month", "{}", Snapshot.of_rows(rows, 2, list(range(2, 45_003))))
    edit = '{"cells": "' + "ü" * 100_000 + '"}'
    drafts.append_edit(number, 1, edit)
    opened = drafts.load(number)
    assert list(zip(*opened.snapshot.columns, strict=True)) == rows
    assert opened.snapshot.sources[-1] == 45_002
    assert opened.edits[0].text() == edit


@given(st.lists(st.sampled_from(["", "a", "ab", "\x1f", "\n", "é\udc80"]), min_size=1, max_size=5), st.integers(1, 4))
def test_columns_of_few_texts_are_unpacked_as_they_were(texts: list[str], times: int) -> None:
    cells = texts * times
    snapshot = Snapshot([cells, [texts[0]] * len(cells)], [0] * len(cells), range(len(cells)))
    blocks = list(blocks_of(snapshot))
    again = snapshot_of(
        [(form, data) for part, _at, form, data in blocks if part == "cells"],
        [(form, data) for part, _at, form, data in blocks if part == "order"],
    )
    assert again.columns == snapshot.columns
    assert list(again.order) == list(snapshot.order)


stretches = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40), st.integers(0, 1)), max_size=5)


@given(stretches, stretches, st.sampled_from([7, 20_000]))
def test_numbers_come_back_however_they_follow_each_other(
    sources: list[tuple[int, int, int]], order: list[tuple[int, int, int]], rows: int
) -> None:
    numbers, ids = (
        [first + step * at for first, many, step in parts for at in range(many)] for parts in (sources, order)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot_blocks, "_ROWS_PER_BLOCK", rows)
        patch.setattr(snapshot_blocks, "_IDS_PER_BLOCK", rows)
        blocks = list(blocks_of(Snapshot([["x"] * len(numbers)], numbers, ids)))
        again = snapshot_of(
            [(form, data) for part, _at, form, data in blocks if part == "cells"],
            [(form, data) for part, _at, form, data in blocks if part == "order"],
        )
    assert list(again.columns[0]) == ["x"] * len(numbers)
    assert list(again.sources) == numbers
    assert list(again.order) == ids


@pytest.mark.parametrize("part", ["cells", "order"])
@pytest.mark.parametrize("rows", [30, 30_000], ids=["plain", "pressed"])
def test_a_changed_byte_is_noticed(drafts: Drafts, drafts_db: Database, rows: int, part: str) -> None:
    number = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("NL-TNM-C00122045-K",)] * rows, 1))
    question = "SELECT data FROM snapshot_blocks WHERE part = ? AND position = 0"
    with drafts_db.read() as c:
        (data,) = c.execute(question, (part,)).fetchone()
    for at in range(len(data)):
        with drafts_db.write() as c:
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            c.execute("UPDATE snapshot_blocks SET data = ? WHERE part = ? AND position = 0", (changed, part))
        with pytest.raises(StoreError, match="cards"):
            drafts.load(number)


@pytest.mark.parametrize(
    "order",
    [
        '{"runs":[[0,1000000000000,0]]}',
        '{"runs":[[0,1000000000000,0],[0,-999999999999,0]]}',
        '{"runs":[[-1,30,1]]}',
        '{"runs":[[0,30,2]]}',
        '{"runs":[[0.0,30,1]]}',
        '{"runs":[5]}',
        '{"other":1}',
        "[" * 100_000,
    ],
)
def test_numbers_that_cannot_be_are_damage(drafts: Drafts, drafts_db: Database, order: str) -> None:
    number = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("a",)] * 30, 1))
    data = b"%08x\n%b" % (zlib.crc32(order.encode()), order.encode())
    with drafts_db.write() as c:
        c.execute("UPDATE snapshot_blocks SET data = ? WHERE part = 'order'", (data,))
    with pytest.raises(StoreError, match="cards"):
        drafts.load(number)


def test_an_empty_sheet_has_its_columns(drafts: Drafts) -> None:
    opened = drafts.load(drafts.create("tokens", "new", "{}", Snapshot.of_rows([], 10)))
    assert [list(column) for column in opened.snapshot.columns] == [[]] * 10
    assert list(opened.snapshot.order) == []


def test_closed_drafts_can_be_opened_again_until_they_are_purged(drafts: Drafts) -> None:
    numbers = [drafts.create("tokens", f"sheet {n}", "{}", Snapshot.of_rows([("a",)], 1)) for n in range(5)]
    for number in numbers[:4]:
        drafts.close(number)
    assert [info.id for info in drafts.open_drafts()] == numbers[4:]
    assert [info.id for info in drafts.closed_drafts()] == numbers[3::-1]
    drafts.reopen(numbers[0])
    assert drafts.purge(keep=1) == 2
    assert [info.id for info in drafts.closed_drafts()] == [numbers[3]]
    assert [info.id for info in drafts.open_drafts()] == [numbers[0], numbers[4]]
    drafts.rename(numbers[0], "other", "[]")
    assert drafts.load(numbers[0]).info.title == "other"


def test_an_interrupted_snapshot_leaves_the_one_before(drafts: Drafts, drafts_db: Database) -> None:
    number = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("a",)], 1))
    drafts.append_edit(number, 1, "one")
    with drafts_db.read() as c:
        pages = c.execute("PRAGMA page_count").fetchone()[0]
        c.execute(f"PRAGMA max_page_count = {pages + 2}")
    big = Snapshot.of_rows([(f"{n * 7919 % 100_003}",) for n in range(60_000)], 1)
    with pytest.raises(StoreError, match="Disk full"):
        drafts.compact(number, 1, big)
    with pytest.raises(StoreError, match="Disk full"):
        drafts.create("tokens", "another", "{}", big)
    opened = drafts.load(number)
    assert list(opened.snapshot.columns) == [["a"]]
    assert not opened.edits[0].applied
    assert [info.id for info in drafts.open_drafts()] == [number]
    with drafts_db.read() as c:
        c.execute("PRAGMA max_page_count = 1000000")
    drafts.purge()
    with drafts_db.read() as c:
        assert c.execute("SELECT count(*) FROM snapshots").fetchone() == (1,)


def test_an_edit_of_no_draft_and_a_damaged_draft_say_so(drafts: Drafts, drafts_db: Database) -> None:
    with pytest.raises(StoreError):
        drafts.append_edit(99, 1, "edit")
    with pytest.raises(StoreError):
        drafts.load(99)
    number = drafts.create("tokens", "cards", "{}", Snapshot.of_rows([("a",)], 1))
    with drafts_db.write() as c:
        c.execute("UPDATE snapshot_blocks SET data = x'00'")
    with pytest.raises(StoreError, match="cards"):
        drafts.load(number)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_drafts_of_every_version_open(version: int, tmp_path: Path) -> None:
    path = tmp_path / "drafts.sqlite"
    with closing(sqlite3.connect(path)) as c:
        c.executescript((Path(__file__).parent / "versions" / f"drafts-{version}.sql").read_text())
    db = Database(path, DRAFTS)
    drafts = Drafts(db)
    for info in [*drafts.open_drafts(), *drafts.closed_drafts()]:
        opened = drafts.load(info.id)
        assert opened.snapshot.count == len(opened.snapshot.sources) == 2
        assert sorted(opened.snapshot.order) == [0, 1]
    db.close()


@pytest.mark.parametrize(
    "texts",
    [["", "a", "\0"], ["\0", "\x1e", "\x1f", "\ue000"], ["\ud800", "line\nend"], [""], []],
    ids=["first mark", "all marks", "surrogate", "empty", "none"],
)
def test_any_texts_come_back(drafts: Drafts, texts: list[str]) -> None:
    opened = drafts.load(drafts.create("tokens", "odd", "{}", Snapshot.of_rows([(text, "x") for text in texts], 2)))
    assert [list(column) for column in opened.snapshot.columns] == [texts, ["x"] * len(texts)]


def test_what_was_begun_when_the_program_ended_is_told(tmp_path: Path) -> None:
    """Ended as by a kill while a snapshot was being written: the next start finds the draft without cells."""
    path = tmp_path / "drafts.sqlite"
    db = Database(path, DRAFTS)
    with db.write() as c:
        c.execute(
            "INSERT INTO drafts (kind, title, origin, place, opened) "
            "VALUES ('tokens', 'big', '{}', '{}', '2026-01-01T00:00:00Z')"
        )
    drafts = Drafts(db)
    assert [info.title for info in drafts.unfinished()] == ["big"]
    assert drafts.open_drafts() == []

    class Looking(list[int]):
        """Asks while its snapshot is being written."""

        def __len__(self) -> int:
            assert "own" not in [info.title for info in drafts.unfinished()]
            drafts.purge()
            return super().__len__()

    own = drafts.create("tokens", "own", "{}", Snapshot([["a"]], [0], Looking([0])))
    assert drafts.load(own).snapshot.columns == [["a"]]
    assert drafts.unfinished() == []
    db.close()
