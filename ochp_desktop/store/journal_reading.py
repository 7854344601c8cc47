"""What the journal of CDR uploads can be asked: states of records, batches without an answer, contents as they left."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from ochp_desktop.errors import StoreError
from ochp_desktop.store.batch_entries import current, details_of, verdict
from ochp_desktop.store.batches import COLUMNS, Batch, BatchState, Key, from_row
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, stamp, storable, storable_keys
from ochp_desktop.store.rows import Row
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _

_KEYS_PER_BLOCK = 5000


class JournalReading:
    """The asking half of `Journal`. Only what ended processes left behind is ever changed by asking."""

    def __init__(self, db: Database) -> None:
        """Open the journal; what ended processes left on its way becomes unconfirmed.

        Raises:
            StoreError: the store cannot be read or written.
        """
        self._db = db
        self._bury_dead()

    def unsettled(self, house: str | None = None, user: str | None = None) -> list[Batch]:
        """The unconfirmed batches, the oldest first, each with the records whose fate is unknown; None asks for all.

        Batches that a running program is sending are not among them.

        Raises:
            StoreError: the store cannot be read or written.
        """
        self._bury_dead()
        with self._db.read() as c:
            batches = [
                self._load(c, batch_id)
                for (batch_id,) in c.execute(
                    "SELECT id FROM batches WHERE state = 'unconfirmed' "
                    "AND (?1 IS NULL OR house = ?1) AND (?2 IS NULL OR user = ?2) ORDER BY id",
                    (None if house is None else storable(house), None if user is None else storable(user)),
                ).fetchall()
            ]
        return [batch for batch in batches if batch.rows]

    def batch(self, batch_id: int) -> Batch:
        """The batch with its records.

        Raises:
            StoreError: the store cannot be read, or has no such batch.
        """
        with self._db.read() as c:
            return self._load(c, batch_id)

    def batches_of(self, upload: str) -> list[Batch]:
        """The batches of one upload, in the order in which they left first; for its receipt.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            numbers = c.execute("SELECT id FROM batches WHERE upload = ? ORDER BY id", (storable(upload),)).fetchall()
            return [self._load(c, number) for (number,) in numbers]

    def details(self, batches: Sequence[int]) -> list[dict[str, Any]]:
        """What was noted with these batches for receipt and history, in their order.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            return [noted for batch in batches if (noted := details_of(c, batch))]

    def count_confirmed(self, house: str) -> int:
        """How many records that house has confirmed.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            count: int = c.execute(
                "SELECT count(*) FROM cdr_states WHERE house = ? AND state = 'confirmed'", (storable(house),)
            ).fetchone()[0]
        return count

    def sent_keys(self, house: str, since: str = "") -> dict[Key, str]:
        """Each confirmed record with the day of its confirmation (ISO date, local time), for `Facts.sent`.

        Args:
            house: where they were confirmed.
            since: only those confirmed on this day or later; "" for all.

        Raises:
            StoreError: the store cannot be read.
        """
        days: dict[str, str] = {}
        # The local day begins at another instant than that of UTC.
        first = stamp(datetime.fromisoformat(since) - timedelta(days=1)) if since else ""
        with self._db.read() as c:
            rows = c.execute(
                # As `cdr_states` would tell, but by way of the batches: few of them are new.
                "SELECT infra, cdr_id, ended FROM batches JOIN cdrs ON cdrs.batch = batches.id "
                "WHERE cdrs.state IS NULL AND batches.house = ?1 AND batches.state = 'confirmed' AND ended >= ?2 "
                "UNION ALL SELECT infra, cdr_id, at FROM cdrs INDEXED BY cdrs_with_own_state "
                "WHERE house = ?1 AND state = 'confirmed' AND at >= ?2",
                (storable(house), first),
            ).fetchall()
        sent: dict[Key, str] = {}
        for infra, cdr_id, at in rows:
            # The records of a batch share their instant.
            day = days.get(at)
            if day is None:
                day = days[at] = moment(at).astimezone().date().isoformat()
            sent[infra, cdr_id] = day
        return sent

    def confirmed_batches(self, house: str) -> list[int]:
        """Ids of the batches whose records that house has confirmed, the oldest first.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            rows = c.execute(
                "SELECT id FROM batches WHERE house = ? AND state = 'confirmed' ORDER BY id", (storable(house),)
            ).fetchall()
        return [batch for (batch,) in rows]

    def states(self, house: str, keys: Collection[Key]) -> dict[Key, RecordState]:
        """What is known of these records; those never sent nor held back are absent.

        Raises:
            StoreError: the store cannot be read.
        """
        self._bury_dead()
        found: dict[Key, tuple[Any, ...]] = {}
        filed = storable_keys(keys)
        # In parts, so that a large sheet does not keep other threads from the store.
        for start in range(0, len(filed), _KEYS_PER_BLOCK):
            with self._db.read() as c:
                found |= current(c, storable(house), filed[start : start + _KEYS_PER_BLOCK])
        moments: dict[str, datetime] = {}
        return {
            key: RecordState(StateKind(state), reason, moments.setdefault(at, moment(at)), bytes(digest).hex(), batch)
            for key, (state, reason, at, digest, batch, _position, *_rest) in found.items()
        }

    def record(self, house: str, key: Key) -> Row | None:
        """The content of a record as it left last, to compare with another under the same id; None when it never did.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            filed = (storable(key[0]), storable(key[1]))
            row = current(c, storable(house), [filed]).get(filed)
            if row is None or row[4] is None:
                return None
            columns = c.execute(f"SELECT {COLUMNS}, data FROM batches WHERE id = ?", (row[4],)).fetchone()  # noqa: S608 - fixed texts
        return from_row(columns[:-1], columns[-1], [row[5]]).rows[0]

    # ---- inside

    def _load(self, c: sqlite3.Connection, batch_id: int) -> Batch:
        row = c.execute(f"SELECT {COLUMNS}, data FROM batches WHERE id = ?", (batch_id,)).fetchone()  # noqa: S608 - fixed texts
        if row is None:
            raise StoreError(_("No such batch"), _("The journal has no batch {id}.").format(id=batch_id))
        positions = None
        if row[4] in {BatchState.SENDING.value, BatchState.UNCONFIRMED.value}:
            positions = [
                position
                for (position,) in c.execute("SELECT position FROM cdrs WHERE batch = ? ORDER BY position", (batch_id,))
            ]
        return from_row(row[:-1], row[-1], positions)

    def _bury_dead(self) -> None:
        """Mark what ended processes left on its way as unconfirmed, and what this one has given up."""
        sender = self._db.sender
        with self._db.read() as c:
            on_its_way = c.execute("SELECT id, sender FROM batches WHERE state = 'sending'").fetchall()
            if all(token == sender.token and batch in sender.on_its_way for batch, token in on_its_way):
                return
        with self._db.write(durable=True) as c:
            for batch, token in c.execute("SELECT id, sender FROM batches WHERE state = 'sending'").fetchall():
                if token == sender.token:
                    lost, reason = batch not in sender.on_its_way, _("The clearing house's answer was not noted.")
                else:
                    lost = not sender.is_alive(token)
                    reason = _("The program ended before the clearing house answered.")
                if lost:
                    verdict(c, batch, BatchState.UNCONFIRMED, stamp(), None, reason)
