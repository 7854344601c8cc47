"""What is done for a file of ours that is old or damaged: copies, setting aside, reading what can be read."""

from __future__ import annotations

import contextlib
import glob
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ochp_desktop.store.moments import now

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# What makes a row of a broken page: any of SQLite's failures, and texts that are no texts any more.
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError, OverflowError)


class Damaged(Exception):
    """The file is not whole; it must be set aside. Never leaves the store."""


@contextlib.contextmanager
def damage_noticed() -> Iterator[None]:
    """Turn SQLite's words for damage into Damaged."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _DAMAGE:
            raise Damaged from problem
        raise


def check(connection: sqlite3.Connection) -> None:
    """Read the whole file through.

    Raises:
        Damaged: it is not whole.
    """
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise Damaged


def check_references(connection: sqlite3.Connection) -> None:
    """Look whether everything that is referred to is there.

    Raises:
        sqlite3.IntegrityError: it is not.
    """
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        msg = "a reference leads nowhere"
        raise sqlite3.IntegrityError(msg)


def marker(path: Path) -> Path:
    """The file beside ours that asks for a check at the next start, since damage was met while working."""
    return path.with_name(f"{path.name}-damaged")


def statements(script: str) -> Iterator[str]:
    """The statements of an SQL script, one by one, so that they can run inside a transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def back_up(path: Path, version: int) -> Path:
    """Copy the file, as last committed, beside itself before its version changes; the copy's path.

    Raises:
        sqlite3.Error: the copy could not be made; an unfinished one is removed.
    """
    copy = _free_name(path, f"before-version-{version + 1}")
    partial = copy.with_name(f"{copy.name}.part")
    partial.touch(mode=0o600)
    try:
        with (
            contextlib.closing(sqlite3.connect(path)) as source,
            contextlib.closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(copy)
    return copy


def set_aside(path: Path) -> Path:
    """Rename the file, with its log, so that nothing of it is lost; the new path.

    Raises:
        OSError: it cannot be renamed (another program holds it).
    """
    copy = _free_name(path, "damaged")
    if path.exists():
        path.rename(copy)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(copy.with_name(copy.name + suffix))
    return copy


def put_back(path: Path) -> None:
    """Give the file that was set aside last its name again: the program ended before a new one was in its place.

    Raises:
        OSError: it cannot be renamed.
    """
    copies = sorted(path.parent.glob(f"{glob.escape(path.stem)}.damaged.*{glob.escape(path.suffix)}"))
    if not copies:
        return
    newest = max(copies, key=lambda copy: copy.stat().st_mtime)
    for suffix in ("-wal", "-shm", ""):
        beside = newest.with_name(newest.name + suffix)
        if beside.exists():
            beside.rename(path.with_name(path.name + suffix))


def _free_name(path: Path, word: str) -> Path:
    """A name beside the file with the word and the local date and time, that is not taken."""
    when = f"{now().astimezone():%Y-%m-%d-%H%M%S}"
    candidate = path.with_name(f"{path.stem}.{word}.{when}{path.suffix}")
    number = 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem}.{word}.{when}-{number}{path.suffix}")
        number += 1
    return candidate


@contextlib.contextmanager
def one_at_a_time(path: Path, patience: float) -> Iterator[None]:
    """Only one process at a time makes or rescues the file; the lock ends with its process.

    Raises:
        sqlite3.OperationalError: another one is still at it.
    """
    guard = sqlite3.connect(path.with_name(f"{path.name}-guard"), timeout=patience, isolation_level=None)
    try:
        guard.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        guard.close()


@contextlib.contextmanager
def replica(copy: Path) -> Iterator[Path]:
    """A second copy to read from: SQLite changes a file's log, or throws it away, even when it only reads.

    Raises:
        OSError: it cannot be made, for example because the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="rescue-", dir=copy.parent, ignore_cleanup_errors=True) as folder:
        second = Path(folder) / copy.name
        for suffix in ("", "-wal"):
            beside = copy.with_name(copy.name + suffix)
            if beside.exists():
                shutil.copyfile(beside, second.with_name(second.name + suffix))
        yield second


def readable_version(copy: Path) -> int:
    """The version of a damaged file, 0 when even that cannot be read."""
    try:
        with contextlib.closing(_reader(copy)) as source:
            version: int = source.execute("PRAGMA user_version").fetchone()[0]
            return version
    except sqlite3.Error:
        return 0


def salvage(copy: Path, connection: sqlite3.Connection, after: Sequence[str] = ()) -> int:
    """Bring what can be read of the damaged copy into the new file, which has the same version; the number of entries.

    What refers to something that could not be read is left in the copy, unless it was mended.

    Args:
        copy: the damaged file.
        connection: the new one.
        after: statements that mend what refers to something that could not be read.

    Raises:
        sqlite3.Error: the new file cannot be written.
    """
    count = 0
    tables = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("sqlite_")
    ]
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read as bytes first: a broken text must not stop the rows after it.
        with contextlib.closing(_reader(copy)) as source:
            for table in tables:
                count += _salvage_table(source, connection, table)
        for statement in after:
            connection.execute(statement)
        for table, rowid, *_rest in connection.execute("PRAGMA foreign_key_check").fetchall():
            if rowid is not None:
                count -= connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,)).rowcount  # noqa: S608 - our own table names
        count -= _drop_orphans_without_rowid(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return count


def _reader(path: Path) -> sqlite3.Connection:
    # Its own log is part of the copy, so it is opened for writing; but nothing is written.
    connection = sqlite3.connect(path, isolation_level=None, timeout=1)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _salvage_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> int:
    """Copy the table's rows from its beginning up to the damage, and from its end back to it."""
    columns = [(row[1], row[5]) for row in target.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(f'"{name}"' for name, _key in columns)
    keys = [f'"{name}"' for name, key in sorted(columns, key=lambda column: column[1]) if key]
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own table names
    count = 0
    for direction in ("", " DESC"):
        order = ", ".join(f"{key}{direction}" for key in keys)
        try:
            rows = source.execute(f"SELECT {names} FROM {table} ORDER BY {order}")  # noqa: S608 - our own table names
            while True:
                row = rows.fetchone()
                if row is None:
                    return count
                with contextlib.suppress(sqlite3.IntegrityError):
                    count += target.execute(insert, row).rowcount
        except _UNREADABLE as problem:
            if getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in {
                sqlite3.SQLITE_FULL,
                sqlite3.SQLITE_IOERR,
            }:
                raise
    return count


def _drop_orphans_without_rowid(connection: sqlite3.Connection) -> int:
    """Delete the rows of tables without row ids whose parents could not be read; how many."""
    count = 0
    for table in {row[0] for row in connection.execute("PRAGMA foreign_key_check").fetchall()}:
        for _id, _seq, parent, column, parent_column, *_rest in connection.execute(
            f"PRAGMA foreign_key_list({table})"
        ).fetchall():
            count += connection.execute(
                f"DELETE FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN "  # noqa: S608 - our own names
                f"(SELECT {parent_column or 'rowid'} FROM {parent})"
            ).rowcount
    return count
