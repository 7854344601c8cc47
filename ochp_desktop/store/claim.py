"""One program at a time over a folder's drafts: two would write their edits over each other's.

The window's socket (`gui/single_instance.py`) already keeps a second one away, but it knows nothing of other computers
that share the folder, of other logins, nor of a first window that hangs.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from ochp_desktop.errors import StoreError
from ochp_desktop.store.senders import locked
from ochp_desktop.texts import _

_NAME = "drafts.lock"
_held: dict[str, tuple[sqlite3.Connection, int]] = {}
_lock = threading.Lock()


class Claim:
    """That this process may write the drafts of a folder; it holds as long as the process, or until `release`.

    A process may have several over one folder: a store that is being closed and is opened again.
    """

    def __init__(self, folder: Path) -> None:
        """Claim the drafts.

        Raises:
            StoreError: another process has them.
        """
        self._key: str | None = os.path.realpath(folder)
        with _lock:
            held, count = _held.get(self._key) or (_locked(folder), 0)
            if held is None:
                self._key = None
            else:
                _held[self._key] = held, count + 1

    def release(self) -> None:
        """Let others have them, unless there is another claim of ours."""
        with _lock:
            if self._key is None:
                return
            held, count = _held.pop(self._key)
            if count > 1:
                _held[self._key] = held, count - 1
            else:
                held.close()
            self._key = None


def _locked(folder: Path) -> sqlite3.Connection | None:
    try:
        return locked(folder / _NAME)
    except sqlite3.Error as failure:
        if getattr(failure, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise StoreError(
                _("Already open"),
                _(
                    "Another window of this program has {folder} open, perhaps on another computer or under another "
                    "login. Close it there, then start the program again."
                ).format(folder=folder),
            ) from failure
    # A disk that knows no locks, or takes no file: better without this guard than not at all.
    return None
