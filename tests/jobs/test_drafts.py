"""What is typed is on disk, whatever happens to the program, to the disk, or to the file."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ochp_desktop.errors import StoreError
from ochp_desktop.jobs import draft_keeper
from ochp_desktop.jobs.draft_keeper import DraftKeeper
from ochp_desktop.jobs.drafts import (
    Reopened,
    Unfinished,
    kept_drafts,
    reopen_drafts,
    reopen_kept,
    unfinished_drafts,
)
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import DRAFTS_NAME, Workplace
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.sheet.blocks import pasted
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.store.drafts import Drafts, Snapshot

TOKENS = KINDS["tokens"]
WIDTH = len(TOKENS)
ROUNDS = 15


class Told:
    """What a keeper said, to be waited for."""

    def __init__(self) -> None:
        self.saved = threading.Event()
        self.trouble = threading.Event()
        self.troubles: list[StoreError] = []

    def on_trouble(self, trouble: StoreError) -> None:
        self.troubles.append(trouble)
        self.trouble.set()


def outcome(job: Job[Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def line(number: int) -> list[str]:
    return [f"{number}-{at}" for at in range(WIDTH)]


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    opened = Workplace.open(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def keeper(workplace: Workplace, told: Told) -> Iterator[DraftKeeper]:
    made = DraftKeeper(workplace, lambda _when: told.saved.set(), told.on_trouble, retry_seconds=0.02)
    yield made
    made.stop()


def sheet_of(count: int) -> Sheet:
    sheet = Sheet(TOKENS, Origin("cards.xlsx", "Karten", 1, {"evcoId": "A"}))
    sheet.load([line(number) for number in range(count)], range(2, count + 2))
    return sheet


def state(sheet: Sheet) -> tuple[object, ...]:
    return sheet.order, sheet.rows_texts(), list(sheet.sources), sheet.history()


def reopened(workplace: Workplace) -> list[Reopened]:
    """As another start of the program finds it."""
    again = Workplace.open(workplace.data_dir)
    try:
        found: list[Reopened] = outcome(reopen_drafts(again, Cancel()))
        return found
    finally:
        again.close()


def edits(sheet: Sheet, chance: random.Random, number: int) -> None:
    """One random step; the same for the same random numbers."""
    what = chance.randrange(8)
    places = [chance.randrange(len(sheet)) for _ in range(3)] if len(sheet) else []
    rows = [sheet.order[place] for place in places]
    if what == 0:
        sheet.apply(sheet.insert_rows("Insert", chance.randrange(len(sheet) + 1), [line(number), []]))
    elif what == 1 and len(sheet) > 3:
        sheet.apply(sheet.remove_rows("Delete", rows))
    elif what == 2:
        sheet.undo()
    elif what == 3:
        sheet.redo()
    elif what == 4:
        sheet.apply(pasted(sheet, "Paste", chance.randrange(len(sheet) + 1), 1, [["ä\t", "x", str(number)]] * 4))
    elif what == 5:
        sheet.apply(sheet.move_rows("Move", rows, chance.randrange(len(sheet) + 1)))
    elif rows:
        sheet.apply(sheet.set_cells("Type", [(rows[0], chance.randrange(WIDTH), f"n{number}")]))


def test_sheets_open_where_they_were_with_their_undo_history(workplace: Workplace, keeper: DraftKeeper) -> None:
    one, two = sheet_of(5), Sheet(TOKENS)
    keeper.follow(one, "cards.xlsx")
    keeper.follow(two, "new")
    chance = random.Random(1)
    for number in range(60):
        edits(one, chance, number)
        edits(two, chance, number)
    assert keeper.flush()
    first, second = reopened(workplace)
    assert (first.title, second.title) == ("cards.xlsx", "new")
    assert state(first.sheet) == state(one)
    assert state(second.sheet) == state(two)
    assert first.sheet.origin == one.origin
    while one.can_undo:
        assert one.undo()
        assert first.sheet.undo()
        assert first.sheet.rows_texts() == one.rows_texts()


def test_going_on_after_reopening_and_reopening_again(workplace: Workplace, told: Told) -> None:
    sheet = sheet_of(4)
    chance = random.Random(2)
    first = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    first.follow(sheet, "cards")
    number = 0
    for _turn in range(6):
        for _edit in range(15):
            number += 1
            edits(sheet, chance, number)
        assert first.stop()
        (again,) = reopened(workplace)
        assert state(again.sheet) == state(sheet)
        sheet = again.sheet
        first = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
        first.adopt(again)
    first.stop()
    assert not told.troubles


def test_a_log_becomes_a_snapshot_when_nothing_is_edited(
    workplace: Workplace, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = threading.Event()
    compact = Drafts.compact

    def compact_and_tell(drafts: Drafts, draft: int, seq: int, snapshot: Snapshot) -> None:
        compact(drafts, draft, seq, snapshot)
        written.set()

    monkeypatch.setattr(Drafts, "compact", compact_and_tell)
    monkeypatch.setattr(draft_keeper, "_LONG_LOG", 20)
    monkeypatch.setattr(draft_keeper, "_QUIET", 0.01)
    sheet = sheet_of(6)
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    keeper.follow(sheet, "cards")
    for number in range(30):
        sheet.apply(sheet.set_cells("Type", [(number % 6, 1, str(number))]))
    assert written.wait(20)
    assert keeper.stop()
    (again,) = reopened(workplace)
    assert again.replayed < 30
    assert state(again.sheet) == state(sheet)
    for _step in range(30):
        assert again.sheet.undo()
    assert again.sheet.text(0, 1) == sheet_of(6).text(0, 1)
    assert not told.troubles


def test_a_long_log_becomes_a_snapshot_and_keeps_the_undo_history(
    workplace: Workplace, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_keeper, "_LONGEST_LOG", 20)
    sheet = sheet_of(6)
    chance = random.Random(3)
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    keeper.follow(sheet, "cards")
    for _turn in range(4):
        for number in range(40):
            edits(sheet, chance, number)
            if number % 7 == 0:
                keeper.flush()
        assert keeper.stop()
        (again,) = reopened(workplace)
        assert state(again.sheet) == state(sheet)
        assert again.replayed < 200
        sheet = again.sheet
        keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
        keeper.adopt(again)
    for _step in range(30):
        sheet.undo()
    assert keeper.stop()
    assert state(reopened(workplace)[0].sheet) == state(sheet)
    assert not told.troubles


def test_where_the_user_is_and_what_is_being_typed_is_kept(workplace: Workplace, keeper: DraftKeeper) -> None:
    sheet = sheet_of(2)
    keeper.follow(sheet, "cards", '{"row":0}')
    for text in ("1", "12", "123"):
        keeper.set_place(sheet, f'{{"row":1,"typing":"{text}"}}')
    assert keeper.flush()
    assert reopened(workplace)[0].place == '{"row":1,"typing":"123"}'


def test_a_closed_sheet_stays_among_the_kept_ones(workplace: Workplace, keeper: DraftKeeper) -> None:
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    sheet.apply(sheet.set_cells("Type", [(0, 0, "x")]))
    keeper.leave(sheet)
    sheet.apply(sheet.set_cells("Type", [(0, 0, "not kept any more")]))
    assert keeper.flush()
    assert reopened(workplace) == []
    (kept,) = kept_drafts(workplace)
    assert (kept.title, kept.kind) == ("cards", "tokens")
    job = reopen_kept(workplace, kept.draft, Cancel())
    assert outcome(job).sheet.text(0, 0) == "x"
    assert len(reopened(workplace)) == 1


def test_a_locked_file_is_tried_again_until_it_is_free(workplace: Workplace, told: Told) -> None:
    workplace._drafts_database._connection.execute("PRAGMA busy_timeout = 20")  # type: ignore[union-attr]
    keeper = DraftKeeper(workplace, lambda _when: told.saved.set(), told.on_trouble, retry_seconds=0.02)
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    assert keeper.flush()
    other = sqlite3.connect(workplace.data_dir / DRAFTS_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    sheet.apply(sheet.set_cells("Type", [(1, 1, "typed while locked")]))
    assert told.trouble.wait(10)
    assert told.troubles[0].title
    assert not keeper.flush(0.1)
    other.execute("ROLLBACK")
    other.close()
    assert keeper.stop()
    assert reopened(workplace)[0].sheet.text(1, 1) == "typed while locked"


def test_a_full_disk_is_told_and_nothing_is_lost(workplace: Workplace, told: Told) -> None:
    keeper = DraftKeeper(workplace, lambda _when: told.saved.set(), told.on_trouble, retry_seconds=0.02)
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    assert keeper.flush()
    connection = workplace._drafts_database._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    chance = random.Random(4)
    big = "".join(chance.choices("abcdefghij", k=50_000))
    for number in range(3):
        sheet.apply(sheet.set_cells("Type", [(number, 0, f"{number}{big}")]))
    assert told.trouble.wait(10)
    assert told.troubles[0].title == "Disk full"
    assert sheet.text(2, 0) == f"2{big}"
    connection.execute("PRAGMA max_page_count = 1000000")
    assert keeper.stop()
    assert state(reopened(workplace)[0].sheet) == state(sheet)


def test_a_deleted_folder_is_made_anew_with_all_sheets_and_their_history(
    workplace: Workplace, keeper: DraftKeeper, told: Told
) -> None:
    sheets = [sheet_of(4), sheet_of(2)]
    chance = random.Random(6)
    for at, sheet in enumerate(sheets):
        keeper.follow(sheet, f"sheet {at}")
        for number in range(25):
            edits(sheet, chance, number)
    closed = sheet_of(1)
    keeper.follow(closed, "closed")
    assert keeper.flush()
    shutil.rmtree(workplace.data_dir)
    # A file in the way of the folder: it cannot be made anew until that is gone.
    workplace.data_dir.write_text("in the way")
    closed.apply(closed.set_cells("Type", [(0, 0, "x")]))
    keeper.leave(closed)
    for number in range(25):
        edits(sheets[number % 2], chance, 100 + number)
    assert told.trouble.wait(10)
    workplace.data_dir.unlink()
    for number in range(10):
        edits(sheets[number % 2], chance, 200 + number)
    assert keeper.flush()
    assert keeper.stop()
    found = {one.title: one.sheet for one in reopened(workplace)}
    for at, sheet in enumerate(sheets):
        assert state(found[f"sheet {at}"]) == state(sheet)


def test_a_damaged_step_costs_that_step_only_and_is_told(workplace: Workplace, told: Told) -> None:
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    assert keeper.flush()
    for number in range(5):
        sheet.apply(sheet.set_cells("Type", [(0, number, f"typed {number}")]))
    assert keeper.stop()
    with sqlite3.connect(workplace.data_dir / DRAFTS_NAME) as connection:
        connection.execute('UPDATE edits SET data = \'{"name":"Type",broken\' WHERE seq = 4')
    connection.close()
    (found,) = reopened(workplace)
    assert "cards" in found.notice
    assert found.sheet.text(0, 2) == "typed 2"
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    keeper.adopt(found)
    keeper.flush()
    found.sheet.undo()
    found.sheet.apply(found.sheet.set_cells("Type", [(1, 1, "later")]))
    assert keeper.stop()
    (again,) = reopened(workplace)
    assert again.notice == ""
    assert again.sheet.rows_texts() == found.sheet.rows_texts()
    assert again.sheet.history() == found.sheet.history(), "what was never done again cannot be undone"
    while found.sheet.undo():
        again.sheet.undo()
        assert again.sheet.rows_texts() == found.sheet.rows_texts()


def test_a_large_step_that_is_damaged_is_found_when_it_is_wanted(workplace: Workplace, told: Told) -> None:
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    for text in ("one", "two" * 5000, "three"):
        sheet.apply(sheet.set_cells(f"Type {text[:5]}", [(0, 0, text)]))
    assert keeper.flush()
    keeper._compact_now(keeper._followed[id(sheet)])
    assert keeper.stop()
    with sqlite3.connect(workplace.data_dir / DRAFTS_NAME) as connection:
        (data,) = connection.execute("SELECT data FROM edits WHERE seq = 2").fetchone()
        connection.execute("UPDATE edits SET data = ? WHERE seq = 2", (data[:-9],))
    connection.close()
    (found,) = reopened(workplace)
    assert found.notice == ""
    assert found.sheet.history() == (["Type three", "Type twotw", "Type one"], [])
    keeper = DraftKeeper(workplace, lambda _when: None, told.on_trouble)
    keeper.adopt(found)
    shutil.rmtree(workplace.data_dir)
    found.sheet.apply(found.sheet.set_cells("Type four", [(1, 0, "four")]))
    assert keeper.stop()
    (again,) = reopened(workplace)
    assert again.sheet.rows_texts() == found.sheet.rows_texts()
    assert again.sheet.history() == (["Type four", "Type three"], [])
    for sheet in (found.sheet, again.sheet):
        sheet.undo()
        sheet.undo()
        assert sheet.text(0, 0) == "two" * 5000
        assert sheet.undo() is None
        assert not sheet.can_undo


def test_one_damaged_draft_does_not_stop_the_others(workplace: Workplace, keeper: DraftKeeper) -> None:
    for at in range(2):
        keeper.follow(sheet_of(2), f"sheet {at}")
    assert keeper.flush()
    with sqlite3.connect(workplace.data_dir / DRAFTS_NAME) as connection:
        connection.execute("UPDATE snapshot_blocks SET data = x'00' WHERE snapshot = 1 AND part = 'cells'")
    connection.close()
    (found,) = reopened(workplace)
    assert found.title == "sheet 1"
    assert "sheet 0" in found.notice


# Killed at any moment: a program of its own edits, says what is on disk, and dies.

WRITER = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from test_drafts import edits, outcome, sheet_of
from ochp_desktop.jobs import draft_keeper
from ochp_desktop.jobs.draft_keeper import DraftKeeper
from ochp_desktop.jobs.drafts import reopen_drafts
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.workplace import Workplace
draft_keeper._LONG_LOG = draft_keeper._LONGEST_LOG = 30
draft_keeper._QUIET = 0.002
workplace = Workplace.open(Path(sys.argv[1]))
chance = random.Random(int(sys.argv[2]))
number = int(sys.argv[3])
keeper = DraftKeeper(workplace, lambda when: None, lambda trouble: sys.exit(str(trouble)))
found = outcome(reopen_drafts(workplace, Cancel()))
if found:
    sheet = found[0].sheet
    keeper.adopt(found[0])
else:
    sheet = sheet_of(5)
    keeper.follow(sheet, "cards")
keeper.flush()
print("ready", flush=True)
while True:
    number += 1
    edits(sheet, chance, number)
    keeper.flush()
    print(number, flush=True)
"""


def killed_rounds(folder: Path, rounds: int) -> None:
    """Kill -9 again and again in one data folder; after each the sheet must be what the same steps give."""
    chance = random.Random(20120329)
    oracle = sheet_of(5)
    number = 0
    for turn in range(rounds):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(turn), str(number), str(Path(__file__).parent)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _line in range(chance.randint(1, 50))]
        writer.kill()
        said += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()
        assert said[0] == "ready\n"
        acknowledged = max([number, *(int(one) for one in said[1:] if one.endswith("\n"))])
        workplace = Workplace.open(folder)
        assert not workplace.notices
        (found,) = outcome(reopen_drafts(workplace, Cancel()))
        workplace.close()
        assert found.notice == ""
        steps = random.Random(turn)
        # At most one step more than was acknowledged can be there: the writer waits for each.
        while number < acknowledged:
            number += 1
            edits(oracle, steps, number)
        if state(found.sheet) != state(oracle):
            number += 1
            edits(oracle, steps, number)
        assert state(found.sheet) == state(oracle), f"round {turn}, step {number}"


def test_kill_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    killed_rounds(tmp_path, ROUNDS)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_kill_two_hundred_times(tmp_path: Path) -> None:
    killed_rounds(tmp_path, 200)


def test_a_sheet_that_was_not_on_disk_yet_is_told_with_its_file(workplace: Workplace, tmp_path: Path) -> None:
    """Killed while a million rows were being written: nothing but the draft's name and origin is there."""
    path = str(tmp_path / "cards.xlsx")
    with sqlite3.connect(workplace.data_dir / DRAFTS_NAME) as connection:
        for title, origin in (("cards.xlsx", json.dumps({"path": path, "sheet_name": "Karten"})), ("odd", "[]")):
            connection.execute(
                "INSERT INTO drafts (kind, title, origin, place, opened) VALUES ('tokens', ?, ?, '{}', ?)",
                (title, origin, "2026-01-01T00:00:00Z"),
            )
    connection.close()
    again = Workplace.open(workplace.data_dir)
    assert unfinished_drafts(again) == [
        Unfinished("tokens", "cards.xlsx", path, "Karten"),
        Unfinished("tokens", "odd", "", ""),
    ]
    assert outcome(reopen_drafts(again, Cancel())) == []
    assert unfinished_drafts(again) == []
    again.close()


def test_an_edit_made_while_the_sheet_is_being_written_is_kept(workplace: Workplace, keeper: DraftKeeper) -> None:
    held, go_on = threading.Event(), threading.Event()
    create = workplace.drafts.create

    def slow(*arguments: Any) -> int:
        held.set()
        assert go_on.wait(10)
        return create(*arguments)

    workplace.drafts.create = slow  # type: ignore[method-assign] - only its moment is chosen
    sheet = sheet_of(3)
    keeper.follow(sheet, "cards")
    assert held.wait(10)
    assert not keeper.keeps(sheet)
    sheet.apply(sheet.set_cells("Type", [(0, 0, "in between")]))
    go_on.set()
    assert keeper.flush()
    assert keeper.keeps(sheet)
    (found,) = reopened(workplace)
    assert state(found.sheet) == state(sheet)
