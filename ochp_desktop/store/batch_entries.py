"""The journal's lines about single records: who may leave, what is known of each, and how verdicts change it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from ochp_desktop.errors import UsageError
from ochp_desktop.store.actions import Outcome, close_action
from ochp_desktop.store.batches import BatchState, Key, Prepared
from ochp_desktop.store.moments import storable
from ochp_desktop.store.states import StateKind
from ochp_desktop.texts import _, ngettext

# Records in these states may be in the house's hands: they may not leave again under a new batch.
_TAKEN = {StateKind.SENDING.value, StateKind.CONFIRMED.value, StateKind.UNCONFIRMED.value}
_OUTCOMES = {
    BatchState.CONFIRMED: Outcome.DONE,
    BatchState.REFUSED: Outcome.REFUSED,
    BatchState.UNCONFIRMED: Outcome.UNCONFIRMED,
}
_KEYS_AT_ONCE = 500
_ROWS_AT_ONCE = 50  # more are not quicker


def refuse_doubles(prepared: Prepared) -> None:
    """Let no record pass that is in the batch twice.

    Raises:
        UsageError: there is one.
    """
    if len(set(prepared.keys)) == len(prepared.keys):
        return
    seen: set[Key] = set()
    for key in prepared.keys:
        if key in seen:
            raise UsageError(
                _("Record twice"),
                _("The record {cdr_id} of {provider} is in the batch twice; nothing was sent.").format(
                    cdr_id=key[1], provider=key[0]
                ),
            )
        seen.add(key)


def refuse_taken(existing: Mapping[Key, tuple[Any, ...]], prepared: Prepared, settles: int | None) -> None:
    """Let only records pass that cannot be in the house's hands, or whose fate this very batch settles.

    Raises:
        UsageError: another one is among them.
    """
    digests = dict(zip(prepared.keys, prepared.digests, strict=True))
    taken = []
    for key, (state, _reason, _at, digest, batch, *_rest) in existing.items():
        ours = (
            settles is not None
            and batch == settles
            and state == StateKind.UNCONFIRMED.value
            # Other content would settle another record than the one that left.
            and bytes(digest) == digests[key]
        )
        if state in _TAKEN and not ours:
            taken.append((key, state))
    if taken:
        (infra, cdr_id), state = taken[0]
        raise UsageError(
            _("Sent already"),
            ngettext(
                "The record {cdr_id} of {provider} is in the journal as: {state}. It was not sent again.",
                "{count} of these records are in the journal already, the first is {cdr_id} of {provider}: {state}. "
                "Nothing was sent.",
                len(taken),
            ).format(count=len(taken), cdr_id=cdr_id, provider=infra, state=StateKind(state).title()),
        )


def current(c: sqlite3.Connection, house: str, keys: Sequence[Key]) -> dict[Key, tuple[Any, ...]]:
    """What is known of these keys: state, reason, at, fingerprint, batch, position, and the filed fields."""
    by_infra: dict[str, list[str]] = {}
    for infra, cdr_id in keys:
        by_infra.setdefault(infra, []).append(cdr_id)
    found: dict[Key, tuple[Any, ...]] = {}
    for infra, numbers in by_infra.items():
        for part in _parts(numbers) if _any_between(c, house, infra, min(numbers), max(numbers)) else ():
            rows = c.execute(
                "SELECT cdr_id, state, reason, at, fingerprint, batch, position, service_provider, started, volume "  # noqa: S608 - only marks are filled in
                f"FROM cdr_states WHERE house = ? AND infra = ? AND cdr_id IN ({','.join('?' * len(part))})",
                (house, infra, *part),
            )
            for cdr_id, *rest in rows:
                found[infra, cdr_id] = tuple(rest)
    return found


def _any_between(c: sqlite3.Connection, house: str, infra: str, first: str, last: str) -> bool:
    """Whether there are any with such ids. New ones often lie together, where there are none yet: that asks once."""
    found = c.execute(
        "SELECT 1 FROM cdrs WHERE house = ? AND infra = ? AND cdr_id BETWEEN ? AND ? LIMIT 1",
        (house, infra, first, last),
    ).fetchone()
    return found is not None


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), _KEYS_AT_ONCE):
        yield numbers[start : start + _KEYS_AT_ONCE]


def file_new(c: sqlite3.Connection, house: str, batch: int, prepared: Prepared) -> bool:
    """Write down records of a batch that is about to leave, if the journal knows none of them; whether it did."""
    c.execute("SAVEPOINT records")
    try:
        each = [
            (*key, digest, *filed)
            for key, digest, filed in zip(prepared.keys, prepared.digests, prepared.filed, strict=True)
        ]
        for first in range(0, len(each), _ROWS_AT_ONCE):
            part = each[first : first + _ROWS_AT_ONCE]
            c.execute(_inserting(len(part)), [house, batch, first, *chain.from_iterable(part)])
        unknown = True
    except sqlite3.IntegrityError:
        c.execute("ROLLBACK TO records")
        unknown = False
    c.execute("RELEASE records")
    return unknown


@cache
def _inserting(count: int) -> str:
    """The statement for so many records at once, which takes two thirds of the time that it takes one by one.

    Its values: house, batch, position of the first record; then of each key, sha256, recipient, start and volume.
    """
    rows = (
        f"(?1, ?{at}, ?{at + 1}, ?{at + 2}, ?2, ?3 + {number}, ?{at + 3}, ?{at + 4}, ?{at + 5})"
        for number, at in enumerate(range(4, 4 + 6 * count, 6))
    )
    return (
        "INSERT INTO cdrs (house, infra, cdr_id, fingerprint, batch, position, service_provider, started, volume) "  # noqa: S608 - only marks are filled in
        f"VALUES {', '.join(rows)}"
    )


def file_anew(
    c: sqlite3.Connection,
    house: str,
    batch: int,
    prepared: Prepared,
    existing: Mapping[Key, tuple[Any, ...]],
) -> None:
    """The same where the journal knows some of them: what it knows is written down beside, to come back to."""
    c.executemany(
        "INSERT OR REPLACE INTO cdrs (house, infra, cdr_id, fingerprint, batch, position, service_provider, started, "
        "volume, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (house, *key, digest, batch, position, *filed, as_before(existing.get(key)))
            for position, (key, digest, filed) in enumerate(
                zip(prepared.keys, prepared.digests, prepared.filed, strict=True)
            )
        ],
    )


def as_before(row: tuple[Any, ...] | None) -> str | None:
    """What `restore_all` needs to bring a record back to this state."""
    if row is None:
        return None
    state, reason, at, digest, *rest = row
    return json.dumps([state, reason, at, bytes(digest).hex(), *rest])


def restore_all(c: sqlite3.Connection, house: str, batch_id: int) -> None:
    """Bring the records of a batch back to the states that they had before it was begun."""
    for infra, cdr_id, before in c.execute(
        "SELECT infra, cdr_id, before FROM cdrs WHERE batch = ?", (batch_id,)
    ).fetchall():
        _restore(c, house, (infra, cdr_id), before)


def _restore(c: sqlite3.Connection, house: str, key: Key, before: str | None) -> None:
    """Bring a record back to the state that `as_before` wrote down; None: it was not in the journal."""
    if before is None:
        c.execute("DELETE FROM cdrs WHERE house = ? AND infra = ? AND cdr_id = ?", (house, *key))
        return
    state, reason, at, digest, batch, *rest = json.loads(before)
    is_of_batch = batch is not None and state != StateKind.HELD_BACK.value
    own = (None, None, None) if is_of_batch else (state, reason, at)
    c.execute(
        "UPDATE cdrs SET state = ?, reason = ?, at = ?, fingerprint = ?, batch = ?, position = ?, "
        "service_provider = ?, started = ?, volume = ?, before = NULL WHERE house = ? AND infra = ? AND cdr_id = ?",
        (*own, bytes.fromhex(digest), batch, *rest, house, *key),
    )


def went_on(c: sqlite3.Connection, batch_id: int | None) -> bool:
    """Whether the unconfirmed batch that a part was taken out of has left again since, or was settled, without it."""
    row = c.execute("SELECT state FROM batches WHERE id = ?", (batch_id,)).fetchone()
    return row is not None and row[0] not in {BatchState.UNCONFIRMED.value, BatchState.DIVIDED.value}


def mark_divided(c: sqlite3.Connection, batch_id: int) -> None:
    """An unconfirmed batch of which nothing is left is settled through its parts."""
    c.execute(
        "UPDATE batches SET state = 'divided' WHERE id = ?1 AND state = 'unconfirmed' "
        "AND NOT EXISTS (SELECT 1 FROM cdrs WHERE batch = ?1)",
        (batch_id,),
    )


def upload_of(c: sqlite3.Connection, batch_id: int | None) -> str:
    """What the batch has in common with the others of its upload, or ""."""
    row = c.execute("SELECT upload FROM batches WHERE id = ?", (batch_id,)).fetchone()
    return row[0] if row else ""


def details_of(c: sqlite3.Connection, batch_id: int) -> dict[str, Any]:
    """What was noted with a batch; nothing when it is damaged."""
    row = c.execute(
        "SELECT details FROM actions WHERE id = (SELECT action FROM batches WHERE id = ?)", (batch_id,)
    ).fetchone()
    try:
        told = json.loads(row[0]) if row else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def never_stored(c: sqlite3.Connection, batch_id: int) -> bool:
    """Whether each sending without an answer that carried the batch's records is known not to have been stored.

    It is for one of which the house has taken a part since.
    """
    number: int | None = batch_id
    while number is not None:
        parent, attempts, ended, code = c.execute(
            "SELECT parent, attempts, ended, code FROM batches WHERE id = ?", (number,)
        ).fetchone()
        # A part that was sent once and answered was not stored by that; anything else may have been.
        answered = parent is not None and attempts == 1 and (ended is None or code is not None)
        if not answered and not _taken_in_part(c, number, ended or ""):
            return False
        number = parent
    return True


def _taken_in_part(c: sqlite3.Connection, batch_id: int, since: str) -> bool:
    """Whether the house has newly stored a part of the batch after that instant."""
    found = c.execute(
        "WITH RECURSIVE parts (id) AS (SELECT id FROM batches WHERE parent = ?1 UNION ALL "
        "SELECT batches.id FROM batches JOIN parts ON batches.parent = parts.id) "
        "SELECT 1 FROM batches JOIN parts USING (id) WHERE state = 'confirmed' AND code = 0 AND ended > ?2 LIMIT 1",
        (batch_id, since),
    ).fetchone()
    return found is not None


def verdict(c: sqlite3.Connection, batch: int, state: BatchState, at: str, code: int | None, answer: str) -> None:
    """Write what became of a batch, and so of the records that are in it now."""
    c.execute(
        "UPDATE batches SET state = ?, ended = ?, code = ?, answer = ?, sender = NULL WHERE id = ?",
        (state.value, at, code, storable(answer), batch),
    )
    # A program of before version 2 that still runs writes the state of each record.
    c.execute(
        "UPDATE cdrs SET state = NULL, reason = NULL, at = NULL "
        "WHERE batch = ? AND state IN ('sending', 'unconfirmed')",
        (batch,),
    )
    close_batch(c, batch, _OUTCOMES[state], at, code, answer)


def close_batch(c: sqlite3.Connection, batch: int, outcome: Outcome, at: str, code: int | None, answer: str) -> None:
    """Write in the history what became of a batch."""
    (action,) = c.execute("SELECT action FROM batches WHERE id = ?", (batch,)).fetchone()
    close_action(c, action, outcome, at, code=code, answer=answer)
