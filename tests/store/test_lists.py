"""Versions of the roaming list, and the downloaded global one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError
from ochp_desktop.store.actions import Actions, Outcome
from ochp_desktop.store.database import Database
from ochp_desktop.store.lists import Lists, ListState
from ochp_desktop.store.rows import fingerprint, pack, unpack

HOUSE = "house.example/service"


def cards(count: int) -> list[tuple[str, ...]]:
    return [(f"NL-TNM-{n:06}", "2", "1", f"{n:08X}", str(n), "31/12/2026", "0042", "1", "1", "") for n in range(count)]


@pytest.fixture
def lists(db: Database) -> Lists:
    return Lists(db)


def test_an_uploaded_version_is_kept_before_it_leaves(lists: Lists, db: Database) -> None:
    rows = cards(50)
    version = lists.begin_version(HOUSE, "me", rows, "from cards.xlsx")
    assert lists.last(HOUSE, "me") is None
    assert lists.versions(HOUSE, "me")[0].state is ListState.SENDING
    lists.confirm(version, "accepted")
    last = lists.last(HOUSE, "me")
    assert last is not None
    assert (last.id, last.count, last.description, last.answer) == (version, 50, "from cards.xlsx", "accepted")
    assert last.fingerprint == fingerprint(rows)
    assert lists.rows(version) == rows
    assert lists.versions(HOUSE, "somebody") == []
    (action,) = Actions(db).history()
    assert (action.subject, action.outcome, action.count) == (version, Outcome.DONE, 50)


def test_the_last_version_is_the_last_that_the_house_took(lists: Lists) -> None:
    first = lists.save_version(HOUSE, "me", cards(3))
    lists.refuse(lists.begin_version(HOUSE, "me", cards(2)), 4, "too few")
    lists.unconfirmed(lists.begin_version(HOUSE, "me", cards(1)), "no answer")
    lists.abandon(lists.begin_version(HOUSE, "me", cards(9)))
    last = lists.last(HOUSE, "me")
    assert last is not None
    assert last.id == first
    assert [version.state for version in lists.versions(HOUSE, "me")] == [
        ListState.UNCONFIRMED,
        ListState.REFUSED,
        ListState.CONFIRMED,
    ]


def test_an_upload_of_an_ended_program_is_unconfirmed(tmp_path: Path) -> None:
    first = Database(tmp_path / "store.sqlite")
    Lists(first).begin_version(HOUSE, "me", cards(2))
    second = Database(tmp_path / "store.sqlite")
    assert Lists(second).versions(HOUSE, "me")[0].state is ListState.SENDING
    first.close()
    assert Lists(second).versions(HOUSE, "me")[0].state is ListState.UNCONFIRMED
    second.close()


def test_versions_share_what_they_have_in_common(lists: Lists, db: Database) -> None:
    rows = cards(30_000)
    lists.save_version(HOUSE, "me", rows)
    with db.read() as c:
        before = c.execute("SELECT count(*), sum(length(data)) FROM blocks").fetchone()
    changed = [*rows[:10_000], *rows[10_001:]]
    changed[20_000] = (*changed[20_000][:8], "0", "")
    version = lists.save_version(HOUSE, "me", changed)
    with db.read() as c:
        after = c.execute("SELECT count(*), sum(length(data)) FROM blocks").fetchone()
    assert lists.rows(version) == changed
    assert after[0] - before[0] <= 3
    assert after[1] - before[1] < before[1] / 3


def test_when_did_a_card_disappear(lists: Lists) -> None:
    rows = cards(2000)
    for present in (rows[:1000], rows, rows[:-1], rows):
        lists.save_version(HOUSE, "me", present)
    found = [bool(hits) for _version, hits in lists.find(HOUSE, "me", lambda row: row[3] == f"{1999:08X}")]
    assert found == [False, True, False, True]


def test_the_global_list_replaces_the_one_before(lists: Lists, db: Database) -> None:
    assert lists.global_list(HOUSE, "me") is None
    own = lists.save_version(HOUSE, "me", cards(10))
    lists.save_global(HOUSE, "me", cards(5000))
    lists.save_global(HOUSE, "me", cards(20))
    kept = lists.global_list(HOUSE, "me")
    assert kept is not None
    assert (kept[0].count, kept[1]) == (20, cards(20))
    assert lists.rows(own) == cards(10)
    assert len(lists.versions(HOUSE, "me")) == 1
    with db.read() as c:
        assert c.execute("SELECT sum(rows) FROM blocks").fetchone() == (30,)
    lists.save_global(HOUSE, "me", [])
    empty = lists.global_list(HOUSE, "me")
    assert empty is not None
    assert empty[1] == []


def test_a_version_that_is_not_there_or_damaged_says_so(lists: Lists, db: Database) -> None:
    with pytest.raises(StoreError, match="version"):
        lists.rows(99)
    with pytest.raises(StoreError, match="version"):
        lists.confirm(99)
    version = lists.save_version(HOUSE, "me", cards(3))
    with db.write() as c:
        c.execute("UPDATE blocks SET data = x'00'")
    with pytest.raises(StoreError, match="damaged"):
        lists.rows(version)


def test_part_of_a_list_never_passes_for_the_whole(lists: Lists, db: Database) -> None:
    version = lists.save_version(HOUSE, "me", cards(5000))
    with db.write() as c:
        c.execute("DELETE FROM list_blocks WHERE position = 1")
    with pytest.raises(StoreError, match="damaged"):
        lists.rows(version)
    with pytest.raises(StoreError, match="damaged"):
        list(lists.find(HOUSE, "me", lambda row: row[4] == "1"))


@pytest.mark.parametrize("count", [0, 1, 1023, 9000])
def test_rows_come_back_as_they_were(count: int) -> None:
    rows = [(f"a\n{n}", "\udcff", '"\\\x00', "é🔌") for n in range(count)]
    packed = pack(rows)
    assert [row for block in packed.blocks for row in unpack(block.data)] == rows
    assert packed.count == count
    assert packed.fingerprint == fingerprint(rows)


def test_rows_that_never_cut_a_block_are_cut_all_the_same() -> None:
    packed = pack([("the same",)] * 20_000)
    assert max(block.rows for block in packed.blocks) <= 8192
