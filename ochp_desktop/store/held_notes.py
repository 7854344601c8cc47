"""What the journal notes of records that our own check holds back, to be forgotten and brought back as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ochp_desktop.store.batch_entries import current
from ochp_desktop.store.batches import Key
from ochp_desktop.store.states import StateKind


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A record that is held back and never left.

    Attributes:
        key: what the journal knows it by.
        reason: why it is held back.
        at: since when, as the store keeps instants.
        digest: the sha256 of its content.
        filed: its recipient, start and volume, for reports.
    """

    key: Key
    reason: str
    at: str
    digest: bytes
    filed: tuple[str, str, str]


def held_notes(c: sqlite3.Connection, house: str, keys: Sequence[Key]) -> list[HeldNote]:
    """The notes about those of these records that are held back and never left."""
    return [
        HeldNote(key, reason, at, bytes(digest), (service, started, volume))
        for key, (state, reason, at, digest, batch, _position, service, started, volume) in current(
            c, house, keys
        ).items()
        if state == StateKind.HELD_BACK.value and batch is None
    ]


def write_held_notes(c: sqlite3.Connection, house: str, notes: Iterable[HeldNote]) -> int:
    """Write these notes where nothing is known of the record; how many."""
    return c.executemany(
        "INSERT INTO cdrs (house, infra, cdr_id, state, reason, at, fingerprint, service_provider, started, volume) "
        "VALUES (?, ?, ?, 'held-back', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        ((house, *note.key, note.reason, note.at, note.digest, *note.filed) for note in notes),
    ).rowcount
