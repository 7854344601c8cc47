"""One SQLite file of the practice house: transactions for many threads, failures in words."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from ochp_desktop.errors import StoreError
from ochp_desktop.practice.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION
from ochp_desktop.texts import _

CACHE_KIB = 32 * 1024  # holds the token index of half a million rows; SQLite's 2 MB would thrash
_MOST_IDLE = 4  # connections for reading that are kept open

Record = TypeVar("Record")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Nothing of SQLite leaves this module."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            text = _("The disk is full. Make room, then try again; nothing of this request was stored.")
        else:
            text = _("The practice clearing house cannot read or write its books; nothing of this request was stored.")
        raise StoreError(_("The practice clearing house cannot store this"), text, str(error)) from error


class Books:
    """The file; may be used from many threads at once.

    Writers wait for each other, readers never wait: they see the state before the write.

    Args:
        path: the database file; made when it is not there.

    Raises:
        StoreError: the file cannot be opened, is no ledger, or was written by a newer program. The same from
            every method when the disk fails.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._giving_up = threading.Event()
        self._idle: list[sqlite3.Connection] = []  # for reading; opening one costs as much as a short request
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._open()
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                _("The practice clearing house cannot start"),
                _(
                    "Its books cannot be opened: {path}. Choose another folder, or delete this file to start again."
                ).format(path=path),
                str(error),
            ) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("PRAGMA journal_size_limit = 16777216")
            # Four times SQLite's own: what is changed again and again, as an index is, is copied less often.
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        """Make the tables, or bring those of an older version to this one, all steps or none."""
        books = self._writer
        books.execute("BEGIN IMMEDIATE")
        version = books.execute("PRAGMA user_version").fetchone()[0]
        if version <= SCHEMA_VERSION:
            for script in [SCHEMA] if version == 0 else MIGRATIONS[version - 1 :]:
                for statement in script.split(";\n"):
                    books.execute(statement)
            books.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        books.execute("COMMIT")
        if version > SCHEMA_VERSION:
            books.close()
            raise StoreError(
                _("The practice clearing house cannot start"),
                _("Its books were written by another version of the program: {path}. Choose another folder.").format(
                    path=self.path
                ),
            )

    def close(self) -> None:
        """Close the file; a transaction that is still going on is undone."""
        self.give_up()
        with self._lock:
            self._writer.close()
        while self._idle:
            self._idle.pop().close()

    def give_up(self) -> None:
        """End what is going on at its next record, with a StoreError; nothing of it is stored."""
        self._giving_up.set()

    def _unless_given_up(self, rows: Iterable[Record]) -> Iterator[Record]:
        for row in rows:
            if self._giving_up.is_set():
                raise StoreError(
                    _("The practice clearing house is closing"),
                    _("The practice clearing house is closing; nothing of this request was stored."),
                )
            yield row

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: stored whole when the block ends, undone when it raises."""
        with self._lock, _translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the books."""
        with _translated():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise
            if self._giving_up.is_set() or len(self._idle) >= _MOST_IDLE:
                connection.close()
            else:
                self._idle.append(connection)
