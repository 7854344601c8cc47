"""One SQLite file of ours: opened with care, shared by threads, changed only in explicit transactions."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ochp_desktop.errors import StoreError
from ochp_desktop.store import rescue
from ochp_desktop.store.moments import storable
from ochp_desktop.store.schema import STORE, Schema
from ochp_desktop.store.senders import Sender
from ochp_desktop.texts import _

# A file above this size is not read through after an unclean end: that would hold up the window's start.
CHECKED_BYTES = 64 * 1024 * 1024
_RETRY_SECONDS = 0.02


class Database:
    """A file with the tables of a schema.

    Guarantees: what a `write` block did is there as a whole or not at all. After `write()` it survives the end of
    the program however it ends; after `write(durable=True)` a pulled plug as well. Any thread may use
    it; one at a time does, so blocks are kept short and heavy work (packing rows) is done outside of them.
    Several processes may have the file open.

    Attributes:
        path: the file.
        notices: sentences for people about what happened while opening (a damaged file was set aside).
        sender: this process, as one that sends.
    """

    def __init__(self, path: Path, schema: Schema = STORE, *, patience: float = 5.0) -> None:
        """Open the file, make it if there is none, and bring it to the version of the schema.

        A damaged file is set aside under a new name, what can be read of it goes into a new one, and
        `notices` says so.

        Args:
            path: the file; its folder is made when missing.
            schema: what it holds.
            patience: seconds to wait while another process writes.

        Raises:
            StoreError: the file belongs to a newer version or another program, or cannot be read or written.
        """
        self.path = path
        self.notices: list[str] = []
        self._schema = schema
        self._patience = patience
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self.sender = Sender(path.with_name(f"{path.name}-senders"))
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = self._open_or_make()
        except rescue.Damaged:
            self._connection = self._open_after_rescue()
        except (sqlite3.Error, OSError) as problem:
            raise self._translated(problem) from problem
        self._file = identity(path)

    @contextlib.contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction that changes the file; committed at the end of the block, undone when it raises.

        Args:
            durable: whether the change must survive a power cut as soon as the block has ended; takes milliseconds.

        Raises:
            StoreError: the file is locked, full, read-only, damaged, closed or no longer there; nothing of the block
                was kept.
        """
        with self._lock:
            connection = self._alive()
            self._make_sure_of_the_file()
            if connection.in_transaction:
                msg = "a write block inside another block"
                raise RuntimeError(msg)
            try:
                if durable:
                    connection.execute("PRAGMA synchronous = FULL")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException as problem:
                self._roll_back(connection)
                if isinstance(problem, sqlite3.Error | OSError | UnicodeEncodeError | OverflowError):
                    raise self._translated(problem) from problem
                raise
            finally:
                if durable:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("PRAGMA synchronous = NORMAL")

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A block that reads one unchanging state of the file; inside another block, the state that it sees.

        Raises:
            StoreError: the file is locked, damaged or closed.
        """
        with self._lock:
            connection = self._alive()
            outermost = not connection.in_transaction
            try:
                if outermost:
                    connection.execute("BEGIN")
                yield connection
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as problem:
                raise self._translated(problem) from problem
            finally:
                if outermost:
                    self._roll_back(connection)

    def close(self) -> None:
        """Close the file; any use after that raises StoreError. Twice does no harm."""
        with self._lock:
            self.sender.release()
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _alive(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(_("Data closed"), _("The program's data is closed because the program is ending."))
        return self._connection

    def _make_sure_of_the_file(self) -> None:
        """SQLite goes on writing into a removed file without a word: a record could be sent and nobody know of it."""
        if identity(self.path) != self._file:
            raise StoreError(
                _("Data was removed"),
                _(
                    "The file {path} was removed or replaced while the program was running, so nothing can be written "
                    "into it. Put it back if it was moved, then start the program again."
                ).format(path=self.path),
            )

    @staticmethod
    def _roll_back(connection: sqlite3.Connection) -> None:
        # SQLite may have rolled back by itself (full disk); a connection that cannot is reported by the first error.
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    # ---- opening

    def _open_or_make(self) -> sqlite3.Connection:
        if self.path.exists() and self.path.stat().st_size > 0:
            return self._open()
        # Two programs may start for the first time at once; the second must not take the first one's file for damaged.
        with rescue.one_at_a_time(self.path, self._patience):
            if not self.path.exists() and rescue.marker(self.path).exists():
                rescue.put_back(self.path)
            return self._open()

    def _open(self) -> sqlite3.Connection:
        """Open and check the file and bring it to the present version.

        Raises:
            rescue.Damaged: it must be set aside.
            StoreError: it must not be touched.
            sqlite3.Error: anything else.
        """
        wal = self.path.with_name(f"{self.path.name}-wal")
        marker = rescue.marker(self.path)
        # An empty file beside a log has lost its pages, and SQLite would throw the log away as well.
        emptied = self.path.exists() and self.path.stat().st_size == 0
        if emptied and wal.exists() and wal.stat().st_size > 0:
            raise rescue.Damaged
        unclean = wal.exists() and self.path.exists() and self.path.stat().st_size <= CHECKED_BYTES
        # The data names customers' cards: it is nobody else's to read.
        if not self.path.exists():
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(
            self.path, timeout=self._patience, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            with rescue.damage_noticed():
                version = self._check_identity(connection)
                if unclean or marker.exists():
                    rescue.check(connection)
                    marker.unlink(missing_ok=True)
                self._tune(connection)
                if version < self._schema.version:
                    started = self._migrate(connection, self._schema.version) == 0
                    if emptied and started:
                        self.notices.append(
                            _("The file {path} was empty, so the program has started a new one.").format(path=self.path)
                        )
                connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_identity(self, connection: sqlite3.Connection) -> int:
        """The version of the file, once it is sure that the file is ours and not newer."""
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables and not version:
            return 0
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        if mark != self._schema.application_id:
            raise StoreError(
                _("Not this program's data"),
                _(
                    "The file {path} belongs to another program. Move it away or choose another data folder; "
                    "nothing was changed in it."
                ).format(path=self.path),
            )
        if version > self._schema.version:
            raise StoreError(
                _("Data of a newer version"),
                _(
                    "The data in {path} was written by a newer version of this program (data version {found}, this "
                    "program knows up to {known}). Install the newer version, or choose another data folder; nothing "
                    "was changed."
                ).format(path=self.path, found=version, known=self._schema.version),
            )
        return version

    def _tune(self, connection: sqlite3.Connection) -> None:
        # Another process that makes the same file holds it for a moment, and SQLite does not wait for this pragma.
        deadline = time.monotonic() + self._patience
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_SECONDS)
        connection.execute("PRAGMA synchronous = NORMAL")
        # On macOS a plain fsync leaves the data in the drive's cache.
        connection.execute("PRAGMA fullfsync = ON")

    def _migrate(self, connection: sqlite3.Connection, target: int, *, back_up: bool = True) -> int:
        """Bring the file to the target version, all steps or none, after copying it; the version it had."""
        connection.execute("BEGIN IMMEDIATE")
        try:
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > target:
                # Another process was quicker, with a newer program.
                self._check_identity(connection)
            if back_up and 0 < version < target:
                rescue.back_up(self.path, version)
            for number in range(version, target):
                for statement in rescue.statements(self._schema.migrations[number]):
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {self._schema.application_id}")
            connection.execute(f"PRAGMA user_version = {max(version, target)}")
            rescue.check_references(connection)
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back(connection)
            raise
        return version

    def _open_after_rescue(self) -> sqlite3.Connection:
        """Set the damaged file aside, and open a new one with what could be read of it.

        An end of the program at any point leaves either the damaged file or all that is needed to try again.
        """
        marker = rescue.marker(self.path)
        try:
            with rescue.one_at_a_time(self.path, self._patience):
                try:
                    return self._open()  # another process may have done it already
                except rescue.Damaged:
                    marker.touch()
                with rescue.replica(self.path) as replica:
                    rebuilt, count = self._rebuilt(replica)
                    copy = rescue.set_aside(self.path)
                    if rebuilt is not None:
                        rebuilt.replace(self.path)
                marker.unlink(missing_ok=True)
                connection = self._open()
        except (sqlite3.Error, OSError) as problem:
            raise self._translated(problem) from problem
        self.notices.append(
            _(
                "The file with this program's data was damaged. It was set aside as {copy}, nothing in it was deleted. "
                "Entries that could be read and are back: {count}; others are missing. Keep that copy. Until it is "
                "repaired, records sent earlier may no longer be marked as sent: look before you upload."
            ).format(copy=copy, count=count)
        )
        return connection

    def _rebuilt(self, replica: Path) -> tuple[Path | None, int]:
        """A new file beside the replica with what can be read of it, and the number of entries; None if nothing can."""
        version = rescue.readable_version(replica)
        if not 0 < version <= self._schema.version:
            return None, 0
        rebuilt = replica.with_name("rebuilt")
        rebuilt.touch(mode=0o600)
        connection = sqlite3.connect(rebuilt, isolation_level=None)
        try:
            self._migrate(connection, version)
            count = rescue.salvage(replica, connection, self._schema.after_rescue)
            if version < self._schema.version:
                # The set-aside file is the copy of what was before.
                self._migrate(connection, self._schema.version, back_up=False)
        finally:
            connection.close()
        return rebuilt, count

    # ---- failures

    def _translated(self, problem: Exception) -> StoreError:
        """The failure in words for people, with what to do."""
        code = getattr(problem, "sqlite_errorcode", None)
        base = None if code is None else code & 0xFF
        name = getattr(problem, "sqlite_errorname", type(problem).__name__)
        detail = storable(f"{name}: {problem}")
        path = storable(str(self.path))
        if isinstance(problem, OSError) or base in {
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PERM,
            sqlite3.SQLITE_AUTH,
        }:
            title = _("Data cannot be written")
            text = _(
                "The program may not write to {path}. Check that the folder exists, that it is not read-only and that "
                "you may write there, or choose another data folder."
            )
        elif base in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            title = _("Data in use")
            text = _(
                "Another program keeps {path} locked. Wait a moment and try again; close other "
                "windows of this program and programs that copy or scan this file."
            )
        elif base == sqlite3.SQLITE_FULL:
            title = _("Disk full")
            text = _("There is no room left to write {path}. Free some space on this disk, then try again.")
        elif base in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            with contextlib.suppress(OSError):
                rescue.marker(self.path).touch()
            title = _("Data damaged")
            text = _(
                "The file {path} is damaged. Close the program and start it again: it then sets the damaged file aside "
                "and brings back what can be read."
            )
        elif base == sqlite3.SQLITE_IOERR:
            title = _("Disk failure")
            text = _(
                "Reading or writing {path} failed. Check that the disk or network drive is still there, then try again."
            )
        else:
            title = _("Data failure")
            text = _("The program could not use its data in {path}. Close it and start it again.")
        return StoreError(title, text.format(path=path), detail)


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one that takes its place; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
