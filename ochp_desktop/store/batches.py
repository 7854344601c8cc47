"""A batch of CDRs as the journal keeps it: what leaves in one request, and what became of it."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from operator import itemgetter
from typing import Any

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key, cdr_keys
from ochp_desktop.store.moments import moment, storable
from ochp_desktop.store.rows import Row, lines, unpack

Key = tuple[str, str]

_INFRA = CDRS.index("infraProviderId")
_CDR_ID = CDRS.index("cdrId")
_SERVICE = CDRS.index("serviceProviderId")
_START = CDRS.index("startDatetime")
_VOLUME = CDRS.index("volume")
_filed: Callable[[Sequence[str]], tuple[str, str, str]] = itemgetter(_SERVICE, _START, _VOLUME)

COLUMNS = "id, house, user, upload, state, begun, ended, code, answer, attempts, parent, count, fingerprint"


class BatchState(Enum):
    """Where a batch is; the value is what the journal holds."""

    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    DIVIDED = "divided"  # unconfirmed once; each of its records went on in a smaller batch
    NEVER_SENT = "never-sent"


@dataclass(frozen=True, slots=True)
class Batch:
    """One request with CDRs.

    Attributes:
        id: its number, growing with time.
        house: the house, as `Profile.house`.
        user: user id there.
        upload: what the batches of one upload have in common, or "".
        state: where it is.
        begun: when it was written down, just before it left first, UTC.
        ended: when the last verdict came, or None.
        code: the house's result code, or None.
        answer: the house's words, or ours where there was no answer.
        attempts: how often it was sent.
        parent: the unconfirmed batch that it settles a part of, or None.
        count: number of records it was made with.
        fingerprint: sha256 (hex) of these records in their order.
        rows: its records; of an unsettled one only those that have not gone on in a smaller batch.
    """

    id: int
    house: str
    user: str
    upload: str
    state: BatchState
    begun: datetime
    ended: datetime | None
    code: int | None
    answer: str
    attempts: int
    parent: int | None
    count: int
    fingerprint: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a batch.

    Attributes:
        batch: its number.
        state: confirmed, refused or unconfirmed.
        code: the house's result code; 0 when it has stored the batch now, another when it says that it had; None when
            there was no answer.
        answer: the house's words, or what happened.
    """

    batch: int
    state: BatchState
    code: int | None
    answer: str


def key_of(row: Sequence[str]) -> Key:
    """What the journal knows a CDR by; the row has all twenty fields in the protocol's order."""
    infra, cdr_id = cdr_key(row[_INFRA], row[_CDR_ID])
    return storable(infra), storable(cdr_id)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Records made ready for the journal, outside of any transaction; all lists are in the records' order.

    Attributes:
        keys: what the journal knows each by.
        digests: the sha256 of each.
        filed: recipient, start and volume of each, for reports.
        fingerprint: the sha256 (hex) of all of them.
        data: all of them, packed.
    """

    keys: list[Key]
    digests: list[bytes]
    filed: list[tuple[str, str, str]]
    fingerprint: str
    data: bytes


def prepare(rows: Sequence[Sequence[str]]) -> Prepared:
    """Make the records, all twenty fields in the protocol's order, ready to be written down."""
    canonical = lines(rows)
    text = b"".join(canonical)
    keys = cdr_keys([row[_INFRA] for row in rows], [row[_CDR_ID] for row in rows])
    filed = [_filed(row) for row in rows]
    if b"\\ud" in text:  # half of a character, perhaps
        keys = [(storable(infra), storable(cdr_id)) for infra, cdr_id in keys]
        filed = [(storable(service), storable(start), storable(volume)) for service, start, volume in filed]
    sha256 = hashlib.sha256
    digests = [sha256(one).digest() for one in canonical]
    return Prepared(keys, digests, filed, sha256(text).hexdigest(), zlib.compress(text, 1))


def from_row(row: tuple[Any, ...], data: bytes, positions: Sequence[int] | None) -> Batch:
    """The batch from its columns and its records; only those at the positions when these are given.

    Raises:
        StoreError: the records are damaged.
    """
    (number, house, user, upload, state, begun, ended, code, answer, attempts, parent, count, fingerprint) = row
    records = unpack(data)
    return Batch(
        number,
        house,
        user,
        upload,
        BatchState(state),
        moment(begun),
        moment(ended) if ended else None,
        code,
        answer,
        attempts,
        parent,
        count,
        fingerprint,
        records if positions is None else [records[position] for position in positions],
    )
