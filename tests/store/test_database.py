"""Opening, changing, migrating and rescuing the program's files."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store import rescue
from ochp_desktop.store.database import Database
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.lists import Lists
from ochp_desktop.store.schema import DRAFTS, STORE, Schema
from ochp_desktop.store.settings import Settings
from ochp_desktop.store.states import StateKind

HOLDER = """
import sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
"""
VERSIONS = Path(__file__).parent / "versions"


def filled(path: Path, count: int = 2000) -> None:
    """Make a store with settings and a list, closed."""
    db = Database(path)
    for number in range(count // 100):
        with db.write() as c:
            c.executemany(
                "INSERT INTO settings VALUES (?, ?)",
                ((f"name {number * 100 + i:05}", '"' + "x" * 200 + '"') for i in range(100)),
            )
    Lists(db).save_version("house", "me", [(str(i), "card") for i in range(100)])
    db.close()


def test_a_write_is_kept_and_a_failed_one_is_undone(db: Database) -> None:
    with db.write() as c:
        c.execute("INSERT INTO settings VALUES ('a', '1')")
    with pytest.raises(StoreError), db.write() as c:
        c.executemany("INSERT INTO settings VALUES (?, '1')", [("b",), ("a",)])
    with db.read() as c:
        assert [name for (name,) in c.execute("SELECT name FROM settings")] == ["a"]


def test_a_durable_write_syncs_fully_and_the_next_does_not(db: Database) -> None:
    with db.write(durable=True) as c:
        assert c.execute("PRAGMA synchronous").fetchone() == (2,)
    with db.write() as c:
        assert c.execute("PRAGMA synchronous").fetchone() == (1,)
        assert c.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert c.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_writes_of_many_threads_all_arrive(db: Database) -> None:
    settings = Settings(db)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(50):
                settings.set(f"{number}-{i}", [number, i])
                assert settings.get(f"{number}-{i}") == [number, i]
        except BaseException as failure:  # noqa: BLE001 - the test's own thread reports it
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with db.read() as c:
        assert c.execute("SELECT count(*) FROM settings").fetchone() == (400,)


def test_a_write_inside_a_write_is_our_own_bug(db: Database) -> None:
    with db.write(), pytest.raises(RuntimeError), db.write():
        pass
    with db.write() as c:
        c.execute("INSERT INTO settings VALUES ('after', '1')")


def test_a_read_inside_a_write_sees_what_is_written(db: Database) -> None:
    with db.write() as c:
        c.execute("INSERT INTO settings VALUES ('a', '1')")
        with db.read() as inner:
            assert inner.execute("SELECT count(*) FROM settings").fetchone() == (1,)
        c.execute("INSERT INTO settings VALUES ('b', '1')")
    assert Settings(db).get("b") == 1


def test_a_closed_store_says_so(db: Database) -> None:
    db.close()
    db.close()
    with pytest.raises(StoreError, match="closed"), db.write():
        pass


def test_a_full_disk_keeps_what_was_there_and_goes_on_when_there_is_room(db: Database) -> None:
    with db.read() as c:
        pages = c.execute("PRAGMA page_count").fetchone()[0]
        c.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError) as caught:
        Settings(db).set("big", "x" * 100_000)
    assert caught.value.title == "Disk full"
    assert "Free some space" in caught.value.text
    with db.read() as c:
        c.execute("PRAGMA max_page_count = 1000000")
    Settings(db).set("big", "x" * 100_000)
    assert len(Settings(db).get("big")) == 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not remove a file that is open")
def test_a_removed_store_takes_nothing_more_and_says_so(db: Database, tmp_path: Path) -> None:
    """SQLite would go on writing into the removed file, and what was sent would be forgotten."""
    away = db.path.rename(tmp_path / "away.sqlite")
    with pytest.raises(StoreError, match="was removed or replaced"), db.write():
        pytest.fail("a block into a removed file was begun")
    Database(db.path).close()
    with pytest.raises(StoreError, match="was removed or replaced"), db.write():
        pytest.fail("a block into a replaced file was begun")
    away.replace(db.path)
    with db.write() as c:
        c.execute("SELECT 1")


def test_a_read_only_store_says_so(db: Database) -> None:
    with db.read() as c:
        c.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError) as caught:
        Settings(db).set("a", 1)
    assert caught.value.title == "Data cannot be written"


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "file" / "data" / "store.sqlite")
    assert caught.value.title == "Data cannot be written"
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "store.sqlite")
    assert caught.value.title == "Data cannot be written"


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
def test_nobody_else_may_read_the_data(db: Database) -> None:
    assert db.path.stat().st_mode & 0o077 == 0
    assert db.path.with_name("store.sqlite-wal").stat().st_mode & 0o077 == 0


def test_a_store_locked_by_another_process_says_so_and_then_goes_on(db: Database, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(db.path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        impatient = Database(db.path, patience=0.05)
        with pytest.raises(StoreError) as caught:
            Settings(impatient).set("a", 1)
        assert caught.value.title == "Data in use"
        holder.communicate("go\n")
    Settings(impatient).set("a", 1)
    impatient.close()
    assert Settings(db).get("a") == 1


def test_two_processes_that_start_at_once_make_one_store(tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.sqlite"
    program = (
        "import sys; from pathlib import Path\n"
        "from ochp_desktop.store.database import Database\n"
        "from ochp_desktop.store.settings import Settings\n"
        "db = Database(Path(sys.argv[1])); Settings(db).set(sys.argv[2], 1); print(len(db.notices)); db.close()\n"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", program, str(path), f"child {n}"], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    assert [child.communicate()[0] for child in children] == ["0\n"] * 4
    with closing(sqlite3.connect(path)) as c:
        assert c.execute("SELECT count(*) FROM settings").fetchone() == (4,)


# ---- versions


def test_a_newer_store_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    with closing(sqlite3.connect(path)) as c:
        c.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert "newer version" in caught.value.text
    assert "99" in caught.value.text
    assert path.read_bytes() == before


def test_a_file_of_another_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as c:
        c.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Database(path)
    assert caught.value.title == "Not this program's data"
    assert path.read_bytes() == before
    Database(tmp_path / "drafts.sqlite", DRAFTS).close()
    with pytest.raises(StoreError):
        Database(tmp_path / "drafts.sqlite", STORE)


@pytest.mark.parametrize("schema", [STORE, DRAFTS], ids=lambda schema: schema.name)
def test_every_old_version_is_kept_as_a_file(schema: Schema) -> None:
    kept = {path.name for path in VERSIONS.glob(f"{schema.name}-*.sql")}
    assert kept == {f"{schema.name}-{version}.sql" for version in range(1, schema.version + 1)}


@pytest.mark.parametrize("script", sorted(VERSIONS.glob("*.sql")), ids=lambda path: path.stem)
def test_every_old_version_opens_as_the_present_one(script: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as c:
        c.executescript(script.read_text())
        content = {
            name: c.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - our own table names
            for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        }
    schema = STORE if script.stem.startswith("store") else DRAFTS
    fresh = Database(tmp_path / "fresh.sqlite", schema)
    old = Database(path, schema)
    question = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
    with fresh.read() as f, old.read() as o:
        assert o.execute(question).fetchall() == f.execute(question).fetchall()
        for name, count in content.items():
            assert o.execute(f"SELECT count(*) FROM {name}").fetchone() == count  # noqa: S608 - our own table names
        assert o.execute("PRAGMA user_version").fetchone() == (schema.version,)
    assert all(count > (0,) for count in content.values())
    fresh.close()
    old.close()


def next_version(*scripts: str) -> Schema:
    return Schema(STORE.name, STORE.application_id, (*STORE.migrations, *scripts))


def test_a_migration_copies_the_file_first(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    db = Database(path, next_version("CREATE TABLE more (a);\nINSERT INTO more VALUES ('a;b');", "DROP TABLE more;"))
    with db.read() as c:
        assert c.execute("PRAGMA user_version").fetchone() == (STORE.version + 2,)
        assert c.execute("SELECT count(*) FROM settings").fetchone() == (2000,)
    db.close()
    (copy,) = tmp_path.glob("store.before-version-*.sqlite")
    with closing(sqlite3.connect(copy)) as c:
        assert c.execute("PRAGMA user_version").fetchone() == (STORE.version,)
        assert c.execute("SELECT count(*) FROM settings").fetchone() == (2000,)


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    with pytest.raises(StoreError):
        Database(path, next_version("DELETE FROM settings; CREATE TABLE a (b);", "CREATE TABLE a (b);"))
    db = Database(path)
    with db.read() as c:
        assert c.execute("SELECT count(*) FROM settings").fetchone() == (2000,)
    db.close()


# ---- damage


def test_a_damaged_header_is_set_aside_and_named(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    content = bytearray(path.read_bytes())
    content[:100] = b"\xff" * 100
    path.write_bytes(content)
    db = Database(path)
    (notice,) = db.notices
    (copy,) = tmp_path.glob("store.damaged.*.sqlite")
    assert str(copy) in notice
    assert copy.read_bytes() == content
    Settings(db).set("a", 1)
    db.close()
    again = Database(path)
    assert again.notices == []
    assert Settings(again).get("a") == 1
    again.close()


def test_a_truncated_file_is_set_aside_and_what_can_be_read_is_back(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    db = Database(path)
    (copy,) = tmp_path.glob("store.damaged.*.sqlite")
    assert str(copy) in db.notices[0]
    with db.read() as c:
        assert c.execute("PRAGMA foreign_key_check").fetchall() == []
        assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_broken_page_is_noticed_at_work_and_mended_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    content = bytearray(path.read_bytes())
    page = (len(content) // 4096 // 2) * 4096
    content[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    db = Database(path)
    assert db.notices == []
    with pytest.raises(StoreError) as caught, db.read() as c:
        c.execute("SELECT count(value) FROM settings WHERE value LIKE '%y'").fetchall()
    assert caught.value.title == "Data damaged"
    db.close()
    mended = Database(path)
    assert mended.notices
    with mended.read() as c:
        count = c.execute("SELECT count(*) FROM settings").fetchone()[0]
        assert 1500 < count < 2000
        assert c.execute("SELECT count(*) FROM lists").fetchone() == (1,)
        assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    mended.close()


def test_a_rescue_that_could_not_end_is_done_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    filled(path)
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xa5" * 4096
    # As if the program had ended between setting aside and putting the new file in place.
    (tmp_path / "store.damaged.2026-01-01-000000.sqlite").write_bytes(content)
    path.unlink()
    path.with_name("store.sqlite-damaged").touch()
    db = Database(path)
    (copy,) = tmp_path.glob("store.damaged.*.sqlite")
    assert str(copy) in db.notices[0]
    assert copy.read_bytes() == content
    assert not path.with_name("store.sqlite-damaged").exists()
    with db.read() as c:
        assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert not list(tmp_path.glob("rescue-*"))


def test_records_that_left_outlive_the_loss_of_their_requests(tmp_path: Path) -> None:
    """Else they would count as not sent after a rescue, and be sent once more."""
    journal = Journal(db := Database(tmp_path / "lost.sqlite"))
    lost = journal.begin_batch("house", "me", [record("1")])
    journal.confirm(lost, "accepted")
    doubtful = journal.begin_batch("house", "me", [record("2")])
    journal.unconfirmed(doubtful, "no answer")
    kept = journal.begin_batch("house", "me", [record("3")])
    journal.confirm(kept, "accepted")
    refused = journal.begin_batch("house", "me", [record("4")])
    journal.refuse(refused, 1, "no such contract")
    forgotten = journal.begin_batch("house", "me", [record("5")])
    journal.confirm(forgotten, "accepted")
    db.close()
    with closing(sqlite3.connect(db.path)) as broken:
        broken.execute("DELETE FROM batches WHERE id != ?", (kept,))
        broken.execute("DELETE FROM actions WHERE subject = ?", (forgotten,))
        broken.commit()
    Database(tmp_path / "new.sqlite").close()
    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as new:
        rescue.salvage(db.path, new, STORE.after_rescue)
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
    rescued = Journal(mended := Database(tmp_path / "new.sqlite"))
    states = rescued.states("house", [("elaad", number) for number in "12345"])
    assert {key[1]: (state.kind, state.batch) for key, state in states.items()} == {
        "1": (StateKind.CONFIRMED, None),
        "2": (StateKind.UNCONFIRMED, None),
        "3": (StateKind.CONFIRMED, kept),
        # Neither its request nor its line in the history could be read: nobody knows what became of it.
        "5": (StateKind.UNCONFIRMED, None),
    }
    assert all(state.when.year > 2000 for state in states.values())
    assert rescued.unsettled() == []
    assert rescued.record("house", ("elaad", "1")) is None
    for number in "125":
        with pytest.raises(UsageError):
            rescued.begin_batch("house", "me", [record(number)])
    rescued.begin_batch("house", "me", [record("4")])
    mended.close()


def test_a_damaged_file_of_version_1_keeps_the_records_that_left(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as c:
        c.executescript((VERSIONS / "store-1.sql").read_text())
        c.execute("DELETE FROM batches")
        c.commit()
        before = dict(c.execute("SELECT cdr_id, state FROM cdrs").fetchall())
    old = Schema(STORE.name, STORE.application_id, STORE.migrations[:1])
    Database(tmp_path / "new.sqlite", old).close()
    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as new:
        rescue.salvage(path, new, STORE.after_rescue)
    with (mended := Database(tmp_path / "new.sqlite")).read() as c:
        assert dict(c.execute("SELECT cdr_id, state FROM cdr_states").fetchall()) == before
        assert set(before.values()) == {"confirmed", "unconfirmed"}
    mended.close()


def test_version_2_knows_of_each_record_what_version_1_knew(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    known = "house, infra, cdr_id, state, reason, at, fingerprint, batch, position, service_provider, started, volume"
    with closing(sqlite3.connect(path)) as c:
        c.executescript((VERSIONS / "store-1.sql").read_text())
        # Held back: by our own check, and after the house had refused it alone.
        held = f"INSERT INTO cdrs ({known}) VALUES ('h', 'a', ?, 'held-back', 'why', 'then', x'', ?, ?, 'b', 'c', 'd')"  # noqa: S608 - fixed
        c.executemany(held, [("1", None, None), ("2", 1, 0)])
        c.commit()
        before = c.execute(f"SELECT {known} FROM cdrs ORDER BY 1, 2, 3").fetchall()  # noqa: S608 - fixed
    with (db := Database(path)).read() as c:
        assert c.execute(f"SELECT {known} FROM cdr_states ORDER BY 1, 2, 3").fetchall() == before  # noqa: S608 - fixed
        assert {row[3] for row in before} == {"confirmed", "unconfirmed", "held-back"}
    db.close()


def record(cdr_id: str) -> tuple[str, ...]:
    """A record of which the journal reads no more than its key."""
    texts = {"cdrId": cdr_id, "infraProviderId": "E-laad"}
    return tuple(texts.get(name, "") for name in CDRS.names)


def test_an_emptied_file_is_not_taken_for_a_new_one_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.touch()
    db = Database(path)
    assert "was empty" in db.notices[0]
    db.close()
    path.write_bytes(b"")
    (tmp_path / "store.sqlite-wal").write_bytes(b"a log that still knows something")
    db = Database(path)
    (copy,) = tmp_path.glob("store.damaged.*.sqlite")
    assert str(copy) in db.notices[0]
    assert copy.with_name(f"{copy.name}-wal").read_bytes() == b"a log that still knows something"
    db.close()


def test_texts_that_no_database_can_hold_are_an_error_not_a_crash(db: Database) -> None:
    with pytest.raises(StoreError), db.write() as c:
        c.execute("INSERT INTO settings VALUES ('\udc80', '1')")
    with pytest.raises(StoreError), db.write() as c:
        c.execute("INSERT INTO settings VALUES (?, ?)", ("\udc80", 2**70))
