"""The journal of CDR uploads: what makes that each record arrives exactly once, whatever breaks.

The order of things: `begin_batch` (on disk, synced) - send - `confirm`, `refuse` or `unconfirmed` (on disk, synced).
When the program dies in between, the batch stands as unconfirmed at the next look, and must be settled: sent again
as it is (`begin_again`) or in parts (`begin_batch(settles=...)`) until the house's answer is known for each record.
No record can be begun twice: not from another sheet, window or command either.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.store.actions import ActionKind, Outcome, open_action, set_subject
from ochp_desktop.store.batch_entries import (
    close_batch,
    current,
    file_anew,
    file_new,
    mark_divided,
    never_stored,
    refuse_doubles,
    refuse_taken,
    restore_all,
    upload_of,
    verdict,
    went_on,
)
from ochp_desktop.store.batches import Batch, BatchState, Key, Prepared, Verdict, prepare
from ochp_desktop.store.held_notes import HeldNote, held_notes, write_held_notes
from ochp_desktop.store.journal_reading import JournalReading
from ochp_desktop.store.moments import stamp, storable, storable_keys
from ochp_desktop.texts import _


class Journal(JournalReading):
    """The states of all CDRs at all houses, and the batches they went out with. All of it is synced to the disk.

    The `house` of every method is `Profile.house`. Keys are made by `records.identity.cdr_key`.
    """

    # ---- before sending

    def begin_batch(
        self,
        house: str,
        user: str,
        rows: Sequence[Sequence[str]],
        *,
        settles: int | None = None,
        upload: str = "",
        details: Mapping[str, Any] | None = None,
        when: datetime | None = None,
        prepared: Prepared | None = None,
        verdict: Verdict | None = None,
    ) -> int:
        """Write down a batch that is about to leave; its id. Send only after this has returned.

        Args:
            house: where it goes.
            user: as whom.
            rows: the records, all twenty fields in the protocol's order, as they go on the wire.
            settles: the unconfirmed batch that these records are a part of.
            upload: what the batches of one upload have in common, for the receipt; that of the batch that is settled
                when empty.
            details: accepted warnings with reasons and the like, for the history.
            when: the instant, now when None.
            prepared: what `prepare` made of the rows, where that was done beforehand.
            verdict: of another batch, to be written in the same step; not written when this raises.

        Raises:
            UsageError: a record is confirmed, on its way or unconfirmed already, or twice in the batch; nothing of the
                batch may be sent.
            StoreError: the store cannot be written; do not send.
        """
        prepared = prepared or prepare(rows)
        refuse_doubles(prepared)
        at = stamp(when)
        house, user = storable(house), storable(user)
        with self._db.write(durable=True) as c:
            if verdict is not None:
                self._write_verdict(c, verdict, stamp())
            action = open_action(
                c,
                ActionKind.UPLOAD_CDRS,
                house,
                user,
                count=len(rows),
                fingerprint=prepared.fingerprint,
                details=details,
                when=at,
            )
            cursor = c.execute(
                "INSERT INTO batches (house, user, upload, state, begun, parent, sender, action, count, fingerprint, "
                "data) VALUES (?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?, ?)",
                (
                    house,
                    user,
                    storable(upload) or upload_of(c, settles),
                    at,
                    settles,
                    self._db.sender.hold(),
                    action,
                    len(rows),
                    prepared.fingerprint,
                    prepared.data,
                ),
            )
            batch = cursor.lastrowid
            assert batch is not None
            set_subject(c, action, batch)
            if not file_new(c, house, batch, prepared):
                existing = current(c, house, prepared.keys)
                refuse_taken(existing, prepared, settles)
                file_anew(c, house, batch, prepared, existing)
            if settles is not None:
                mark_divided(c, settles)
            self._db.sender.on_its_way.add(batch)
        if verdict is not None:
            self.let_go(verdict.batch)
        return batch

    def begin_again(self, batch_id: int) -> Batch:
        """Write down that an unconfirmed batch is about to leave once more; the batch with what is left of it.

        Raises:
            UsageError: it is not unconfirmed, so it may not be sent.
            StoreError: the store cannot be read or written; do not send.
        """
        with self._db.write(durable=True) as c:
            batch = self._load(c, batch_id)
            if batch.state is not BatchState.UNCONFIRMED:
                raise UsageError(
                    _("Nothing to settle"),
                    _("The batch {id} is not unconfirmed any more; look at its records' states.").format(id=batch_id),
                )
            c.execute(
                "UPDATE batches SET state = 'sending', sender = ?, attempts = attempts + 1 WHERE id = ?",
                (self._db.sender.hold(), batch_id),
            )
            self._db.sender.on_its_way.add(batch_id)
            return self._load(c, batch_id)

    def withdraw(self, batch_id: int) -> None:
        """A batch that was written down will not be sent now: it is as if it had never been begun.

        Raises:
            StoreError: the store cannot be written, or has no such batch on its way.
        """
        with self._giving_up(batch_id), self._db.write(durable=True) as c:
            batch = self._load(c, batch_id)
            if batch.state is not BatchState.SENDING or batch.attempts > 1 or batch.parent is not None:
                raise _not_on_its_way(batch_id)
            restore_all(c, batch.house, batch_id)
            (action,) = c.execute("SELECT action FROM batches WHERE id = ?", (batch_id,)).fetchone()
            c.execute("DELETE FROM batches WHERE id = ?", (batch_id,))
            c.execute("DELETE FROM actions WHERE id = ?", (action,))

    # ---- after sending

    def note(self, verdict: Verdict, when: datetime | None = None) -> None:
        """What became of a batch; `confirm`, `refuse` and `unconfirmed` say the same in one word each.

        Raises:
            StoreError: the store cannot be written (the batch is then settled later), or has no such batch on its way.
        """
        # Also when this cannot be written (full disk): then the batch counts as unconfirmed at the next look.
        self.let_go(verdict.batch)
        with self._db.write(durable=True) as c:
            self._write_verdict(c, verdict, stamp(when))

    def confirm(self, batch_id: int, description: str = "", when: datetime | None = None, *, code: int = 0) -> None:
        """The house has stored the batch, or says that it had: then `code` is not 0. `description` is its answer.

        Raises:
            StoreError: the store cannot be written (the batch is then settled later), or has no such batch on its way.
        """
        self.note(Verdict(batch_id, BatchState.CONFIRMED, code, description), when)

    def refuse(self, batch_id: int, code: int | None, reason: str, when: datetime | None = None) -> None:
        """The house has refused the batch and stored nothing of it; `reason` is its answer.

        Raises:
            StoreError: the store cannot be written (the batch is then settled later), or has no such batch on its way.
        """
        self.note(Verdict(batch_id, BatchState.REFUSED, code, reason), when)

    def unconfirmed(self, batch_id: int, reason: str, when: datetime | None = None, *, code: int | None = None) -> None:
        """The batch may have reached the house, and no answer told what became of it.

        Args:
            batch_id: the batch.
            reason: what happened, or the house's words when it did answer.
            when: the instant, now when None.
            code: the result code of an answer that told nothing; None when there was no answer.

        Raises:
            StoreError: the store cannot be written, or has no such batch on its way.
        """
        self.note(Verdict(batch_id, BatchState.UNCONFIRMED, code, reason), when)

    def abandon(self, batch_id: int, reason: str = "") -> None:
        """This sending certainly never left: each record goes back to the state that it had before.

        A batch that had been sent before is unconfirmed again, and so is a part of one that went on without it.

        Raises:
            StoreError: the store cannot be written, or has no such batch on its way.
        """
        with self._giving_up(batch_id), self._db.write(durable=True) as c:
            batch = self._load(c, batch_id)
            if batch.state is not BatchState.SENDING:
                raise _not_on_its_way(batch_id)
            at = stamp()
            if batch.attempts > 1 or went_on(c, batch.parent):
                c.execute("UPDATE batches SET state = 'unconfirmed', sender = NULL WHERE id = ?", (batch_id,))
                close_batch(c, batch_id, Outcome.UNCONFIRMED, at, None, batch.answer)
                return
            restore_all(c, batch.house, batch_id)
            c.execute(
                "UPDATE batches SET state = 'never-sent', ended = ?, answer = ?, sender = NULL WHERE id = ?",
                (at, storable(reason), batch_id),
            )
            if batch.parent is not None:
                c.execute(
                    "UPDATE batches SET state = 'unconfirmed' WHERE id = ? AND state = 'divided'", (batch.parent,)
                )
            close_batch(c, batch_id, Outcome.NEVER_SENT, at, None, reason)

    def let_go(self, batch_id: int) -> None:
        """This process does nothing more about the batch: without a verdict it is unconfirmed from now on."""
        self._db.sender.on_its_way.discard(batch_id)

    def never_stored(self, batch_id: int) -> bool:
        """Whether answers prove that no unanswered sending of the batch's records was stored.

        A house stores a request whole or not at all: when it takes a record now that an unanswered request had
        carried, that request was not stored.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            return never_stored(c, batch_id)

    # ---- without sending

    def hold_back(self, house: str, rows: Sequence[Sequence[str]], reasons: str | Sequence[str]) -> int:
        """Note that these records are kept from being sent; those that have left already are not touched. How many.

        `reasons` is one for all of them, or one for each.

        Raises:
            StoreError: the store cannot be written.
        """
        prepared = prepare(rows)
        at = stamp()
        house = storable(house)
        each = [reasons] * len(rows) if isinstance(reasons, str) else reasons
        with self._db.write(durable=True) as c:
            return c.executemany(
                "INSERT INTO cdrs (house, infra, cdr_id, state, reason, at, fingerprint, service_provider, started, "
                "volume) VALUES (?, ?, ?, 'held-back', ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "state = excluded.state, reason = excluded.reason, at = excluded.at, "
                "fingerprint = excluded.fingerprint, service_provider = excluded.service_provider, "
                "started = excluded.started, volume = excluded.volume, batch = NULL, position = NULL, before = NULL "
                "WHERE coalesce(state, (SELECT state FROM batches WHERE id = batch)) IN ('held-back', 'refused')",
                (
                    (house, *key, storable(reason), at, digest, *filed)
                    for key, digest, filed, reason in zip(
                        prepared.keys, prepared.digests, prepared.filed, each, strict=True
                    )
                ),
            ).rowcount

    def hold_back_refused(self, batch_id: int, reason: str) -> int:
        """Keep the records of a refused batch from being sent again as they are. How many.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._db.write(durable=True) as c:
            return c.execute(
                "UPDATE cdrs SET state = 'held-back', reason = ?1, at = ?2 WHERE batch = ?3 AND state IS NULL "
                "AND EXISTS (SELECT 1 FROM batches WHERE id = ?3 AND state = 'refused')",
                (storable(reason), stamp(), batch_id),
            ).rowcount

    def forget_held(self, house: str, keys: Collection[Key]) -> list[HeldNote]:
        """Forget those of these records that our own check held back and that never left; what was noted of them.

        Raises:
            StoreError: the store cannot be written.
        """
        filed = storable_keys(keys)
        with self._db.write() as c:
            notes = held_notes(c, storable(house), filed)
            c.executemany(
                "DELETE FROM cdrs WHERE house = ? AND infra = ? AND cdr_id = ?",
                ((storable(house), *note.key) for note in notes),
            )
        return notes

    def note_held_again(self, house: str, notes: Iterable[HeldNote]) -> int:
        """Bring back what `forget_held` has forgotten, where nothing is known of these records now. How many.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._db.write() as c:
            return write_held_notes(c, storable(house), notes)

    # ---- inside

    @contextlib.contextmanager
    def _giving_up(self, batch_id: int) -> Iterator[None]:
        """Let a batch go once what is written inside is on disk, or cannot be written.

        Not before: another thread that looks for what was given up would take it for unconfirmed.
        """
        try:
            yield
        finally:
            self.let_go(batch_id)

    @staticmethod
    def _write_verdict(c: sqlite3.Connection, told: Verdict, at: str) -> None:
        row = c.execute("SELECT state FROM batches WHERE id = ?", (told.batch,)).fetchone()
        # An unconfirmed one is possible: a verdict that was learnt in another way.
        if row is None or row[0] not in {told.state.value, "sending", "unconfirmed"}:
            raise _not_on_its_way(told.batch)
        verdict(c, told.batch, told.state, at, told.code, told.answer)


def _not_on_its_way(batch_id: int) -> StoreError:
    return StoreError(
        _("No such batch"),
        _("The journal has no batch {id} that waits for an answer.").format(id=batch_id),
    )
