"""Signs of life: whether the process that began to send something is still running.

A process id alone says little, since ids are used again. So a sender holds a lock on a file of its own for as
long as it lives, and the operating system drops the lock when the process ends, however it ends. SQLite's file
locks serve for this on every system.
"""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from pathlib import Path


class Sender:
    """This process, as one that sends.

    Guarantees: while the token is held, `is_alive(token)` is true in every process on this computer;
    once this process has ended or called `release()`, it is false.

    Attributes:
        token: what this process is known by.
        on_its_way: the batches that this process is sending at this moment; a batch of ours that is not among them was
            given up without a verdict.

    Call `hold` and `is_alive` inside a write transaction of the store. That keeps a token from being
    judged between the making of its file and the locking of it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: sqlite3.Connection | None = None
        self.token = uuid.uuid4().hex
        self.on_its_way: set[int] = set()

    def hold(self) -> str:
        """Show the sign of life from now on; the token.

        Raises:
            OSError: its file cannot be made.
            sqlite3.Error: the same.
        """
        if self._held is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._held = locked(self._folder / self.token)
        return self.token

    def is_alive(self, token: str | None) -> bool:
        """Whether the sender of that token still runs."""
        if token is None:
            return False
        if token == self.token:
            return self._held is not None
        path = self._folder / token
        if not path.exists():
            return False
        try:
            lock = locked(path)
        except sqlite3.Error:
            # Busy, or not to be opened: taking a living sender for dead could send twice, the reverse only waits.
            return True
        lock.close()
        with contextlib.suppress(OSError):
            path.unlink()
        return False

    def release(self) -> None:
        """End the sign of life."""
        if self._held is None:
            return
        self._held.close()
        self._held = None
        with contextlib.suppress(OSError):
            (self._folder / self.token).unlink()
            self._folder.rmdir()


def locked(path: Path) -> sqlite3.Connection:
    """A lock on a file, which is made if need be; it holds until it is closed or the process ends.

    Raises:
        sqlite3.Error: another process has it (SQLITE_BUSY), or the file cannot be made or locked.
    """
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
