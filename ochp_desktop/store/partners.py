"""The roaming partners that this provider knows: only their data is accepted."""

from __future__ import annotations

import json
from typing import Any

from ochp_desktop.records.identity import normalised_provider
from ochp_desktop.records.partners import Partner
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import storable


class Partners:
    """The partner list; ids are compared without regard to case, blanks and hyphens."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Partner]:
        """The partners, in the order of their names.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            rows = c.execute("SELECT provider_id, name, hub, prefixes FROM partners").fetchall()
        return sorted(map(_partner, rows), key=lambda partner: (partner.name or partner.provider_id).casefold())

    def get(self, provider_id: str) -> Partner | None:
        """The partner with that id, or None.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            row = c.execute(
                "SELECT provider_id, name, hub, prefixes FROM partners WHERE key = ?",
                (storable(normalised_provider(provider_id)),),
            ).fetchone()
        return None if row is None else _partner(row)

    def add(self, partner: Partner) -> None:
        """Add the partner, or replace the one with the same id.

        Raises:
            StoreError: the store cannot be written.
        """
        values = (
            storable(normalised_provider(partner.provider_id)),
            storable(partner.provider_id.strip()),
            storable(partner.name.strip()),
            partner.hub,
            json.dumps(list(partner.prefixes)),
        )
        with self._db.write(durable=True) as c:
            c.execute(
                "INSERT OR REPLACE INTO partners (key, provider_id, name, hub, prefixes) VALUES (?, ?, ?, ?, ?)", values
            )

    def remove(self, provider_id: str) -> bool:
        """Remove the partner; whether there was one.

        Raises:
            StoreError: the store cannot be written.
        """
        key = storable(normalised_provider(provider_id))
        with self._db.write(durable=True) as c:
            return c.execute("DELETE FROM partners WHERE key = ?", (key,)).rowcount > 0


def _partner(row: tuple[Any, ...]) -> Partner:
    provider_id, name, hub, prefixes = row
    try:
        listed = json.loads(prefixes)
    except (ValueError, TypeError):
        listed = []
    return Partner(provider_id, name, hub, tuple(map(str, listed)) if isinstance(listed, list) else ())
