"""Small facts that the program remembers: window places, switches, thresholds, column widths."""

from __future__ import annotations

import json
from typing import Any

from ochp_desktop.store.database import Database


class Settings:
    """Values by name; anything that JSON can hold. A value that cannot be read counts as never set."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str, default: Any = None) -> Any:
        """The value of that name, or the default.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            row = c.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        if row is None:
            return default
        try:
            return json.loads(row[0])
        except (ValueError, TypeError):
            return default

    def set(self, name: str, value: Any) -> None:
        """Remember the value; None forgets the name.

        Raises:
            StoreError: the store cannot be written.
            TypeError: JSON cannot hold the value.
        """
        text = json.dumps(value)
        with self._db.write() as c:
            if value is None:
                c.execute("DELETE FROM settings WHERE name = ?", (name,))
            else:
                c.execute(
                    "INSERT INTO settings (name, value) VALUES (?, ?) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, text),
                )
