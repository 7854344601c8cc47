"""Uploading CDRs in batches: journalled before they leave, each record sent once, its state known at every moment."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError, Unconfirmed, UsageError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.sending import rest, send_request, signed_in, size_text
from ochp_desktop.jobs.verdicts import says_all_received
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.store.batches import Prepared, prepare
from ochp_desktop.store.rows import record_fingerprint
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _

__all__ = ["CdrUpload", "RecordState", "StateKind", "known_states", "send_batch", "upload_cdrs", "wire_cdr"]

CDR_ID = CDRS.index("cdrId")
INFRA = CDRS.index("infraProviderId")

_MOST_COMPARED = 500  # records whose difference to what was sent is spelled out

_WIRES = tuple(declared.type.wire for declared in CDRS.fields)

Record = tuple[int, Sequence[str]]


@dataclass(slots=True)
class CdrUpload:
    """What became of an upload.

    Attributes:
        upload: what the journal knows it by; a receipt is asked for with it. "" when nothing had to be sent.
        states: row id -> state of every record that was asked for.
        reasons: why batches were refused, in the house's words, with the number of records.
        culprits: row ids of records that the house refused alone, once they were looked for.
        stopped: why the upload ended before its last batch, or "".
    """

    upload: str = ""
    states: dict[int, RecordState] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    culprits: list[int] = field(default_factory=list)
    stopped: str = ""

    @property
    def counts(self) -> Counter[StateKind]:
        """How many records are in which state."""
        return Counter(state.kind for state in self.states.values())

    def rows_in(self, kind: StateKind) -> list[int]:
        """Row ids of the records in that state."""
        return [row for row, state in self.states.items() if state.kind is kind]


def wire_cdr(texts: Sequence[str]) -> tuple[str, ...]:
    """A CDR's texts as they go on the wire."""
    return tuple([wire(text) for wire, text in zip(_WIRES, texts, strict=True)])


def known_states(workplace: Workplace, records: Iterable[Record]) -> dict[int, RecordState]:
    """What the journal knows of these rows at the current house; rows it does not know are left out.

    A record that was sent with other content under the same id is shown as held back, with the date.
    """
    return _known(workplace, [(row, wire_cdr(texts)) for row, texts in records])


def _known(workplace: Workplace, keyed: Sequence[Record]) -> dict[int, RecordState]:
    """The same for texts as on the wire."""
    keys = {cdr_key(texts[INFRA], texts[CDR_ID]) for _row, texts in keyed}
    known = workplace.journal.states(workplace.connected().house, keys)
    found: dict[int, RecordState] = {}
    for row, texts in keyed:
        state = known.get(cdr_key(texts[INFRA], texts[CDR_ID]))
        if state is None:
            continue
        if state.fingerprint == record_fingerprint(texts):
            # What was held back for its errors is our own check's affair: it may be mended by a new partner alone.
            if state.kind is not StateKind.HELD_BACK or state.batch is not None:
                found[row] = state
        elif state.kind in {StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.SENDING}:
            reason = _(
                "A record with this id and other content was sent on {when} (request {request} in the history): "
                "{difference}. Give this one an id of its own."
            )
            text = reason.format(
                when=f"{state.when.astimezone():%Y-%m-%d %H:%M}",
                request=state.batch,
                difference=_difference(workplace, texts) if len(found) < _MOST_COMPARED else _("the content differs"),
            )
            found[row] = RecordState(StateKind.HELD_BACK, text, state.when, state.fingerprint, state.batch)
    return found


def _difference(workplace: Workplace, texts: Sequence[str]) -> str:
    """In which fields a record differs from the one that was sent under its id, with both contents."""
    sent = workplace.journal.record(workplace.connected().house, cdr_key(texts[INFRA], texts[CDR_ID]))
    changes = [
        _("{field}: sent “{sent}”, here “{here}”").format(field=field.title(), sent=old, here=new)
        for field, old, new in zip(CDRS.fields, sent or (), texts, strict=False)
        if old != new
    ]
    return "; ".join(changes) or _("the content differs")


def upload_cdrs(
    workplace: Workplace,
    records: Sequence[Record],
    cancel: Cancel,
    *,
    held: Sequence[tuple[Sequence[str], str]] = (),
    details: Mapping[str, Any] | None = None,
) -> Job[CdrUpload]:
    """Send records that the house has not confirmed before, in batches of the profile's size.

    A refused batch does not keep the next ones from going. When a request leaves and no answer comes,
    its records are unconfirmed and the upload stops: `settle` finds out what became of them.

    Args:
        workplace: with a connection.
        records: (row id, texts) of records without errors.
        cancel: stops after, or within, the batch on its way; within, that batch is unconfirmed. It may be paused
            between two batches.
        held: (texts, why) of records that stay here because of their errors; they are noted for the overview.
        details: what receipt and history shall say beside: names of files, accepted warnings with reasons.

    Raises:
        UsageError: nothing to send.
        Unconfirmed: an earlier upload is not settled yet.
        SignInFailed, ConnectionFailed: the house could not be reached; nothing of the current batch left.
        Cancelled: stopped before the first batch.
    """
    if not records:
        raise UsageError(_("Nothing to upload"), _("There is no record that could be sent."))
    connection = workplace.connected()
    if workplace.journal.unsettled(connection.house, connection.user):
        raise Unconfirmed(_("Not settled yet"), not_settled_text())
    wired = [(row, wire_cdr(texts)) for row, texts in records]
    result = CdrUpload(states=_known(workplace, wired))
    waiting = [
        record
        for record in wired
        if record[0] not in result.states or result.states[record[0]].kind is StateKind.REFUSED
    ]
    _note_held(workplace, held)
    if not waiting:
        return result
    yield from signed_in(connection, cancel)
    result.upload = uuid.uuid4().hex
    size = max(1, connection.profile.batch_size)
    # Accepted warnings may be many; they stand with the first request, the files' names with each.
    later = {name: value for name, value in (details or {}).items() if name != "accepted"}
    prepared: dict[int, Prepared] = {}

    def prepare_batch(start: int) -> Prepared | None:
        if start < len(waiting) and start not in prepared:
            prepared[start] = prepare([texts for _row, texts in waiting[start : start + size]])
        return prepared.get(start)

    for done in range(0, len(waiting), size):
        yield from rest(cancel, done, len(waiting))
        if cancel.is_set():
            result.stopped = _("You stopped the upload.")
            break
        batch = waiting[done : done + size]
        result.stopped = yield from send_batch(
            workplace,
            batch,
            result,
            cancel,
            (done, len(waiting)),
            details=(details or {}) if done == 0 else later,
            prepared=prepare_batch(done),
            # While the house works, the next batch is made ready; it is not in the journal before its turn.
            meanwhile=partial(prepare_batch, done + size),
        )
        prepared.pop(done, None)
        yield _progress(result, batch, done + len(batch), len(waiting))
        if result.stopped:
            break
    now = datetime.now(UTC)
    for row, texts in waiting:
        result.states.setdefault(row, RecordState(StateKind.NOT_SENT, "", now, record_fingerprint(texts), None))
    return result


def not_settled_text() -> str:
    """What to do about unconfirmed records."""
    return _(
        "Records of an earlier upload left this computer and nobody knows yet whether the house took them. "
        "Settle them first; nothing is sent twice."
    )


def _note_held(workplace: Workplace, held: Sequence[tuple[Sequence[str], str]]) -> None:
    """Write down what is held back, as far as it can be told apart."""
    named = [(wire_cdr(texts), why) for texts, why in held if texts[CDR_ID].strip() and texts[INFRA].strip()]
    if named:
        house = workplace.connected().house
        workplace.journal.hold_back(house, [texts for texts, _why in named], [why for _texts, why in named])


def _progress(result: CdrUpload, batch: Iterable[Record], done: int, total: int, sent: int = 0) -> Progress:
    states: Mapping[int, RecordState] = {row: result.states[row] for row, _texts in batch}
    text = _("Uploading records, {size} of this batch sent").format(size=size_text(sent)) if sent else ""
    return Progress(text or _("Uploading records"), done, total, states, can_pause=True)


def send_batch(
    workplace: Workplace,
    batch: Sequence[Record],
    result: CdrUpload,
    cancel: Cancel,
    position: tuple[int, int],
    *,
    details: Mapping[str, Any],
    prepared: Prepared | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Job[str]:
    """Send one batch, note its verdict in journal and result; returns why the upload must stop after it, or "".

    Args:
        workplace: with a connection.
        batch: (row id, texts as on the wire).
        result: gets the states and reasons.
        cancel: stops it.
        position: how many records were done before, and how many there are in all.
        details: for the history.
        prepared: the batch made ready for the journal, where that was done beforehand.
        meanwhile: called once, when the request has left and the house is at work.

    Raises:
        UsageError: a record has been sent meanwhile, by another window; nothing of the batch was sent.
        OchpError: nothing of the batch left this computer, and nothing before it either.
    """
    connection, journal = workplace.connected(), workplace.journal
    rows = [texts for _row, texts in batch]
    prepared = prepared or prepare(rows)
    fingerprints = [entry.digest.hex() for entry in prepared.entries]
    number_of = journal.begin_batch(
        connection.house, connection.user, rows, upload=result.upload, details=details, prepared=prepared
    )

    def mark(kind: StateKind, reason: str = "") -> None:
        now = datetime.now(UTC)
        for (row, _texts), fingerprint in zip(batch, fingerprints, strict=True):
            result.states[row] = RecordState(kind, reason, now, fingerprint, number_of)

    def shown(sent: int, size: int) -> Progress:
        return _progress(result, (), position[0] + len(batch) * sent // size, position[1], sent)

    mark(StateKind.SENDING)
    try:
        yield _progress(result, batch, *position)
        description = yield from send_request(connection, rows, cancel, shown, meanwhile)
    except HouseRefused as refusal:
        if says_all_received(refusal.reason, len(rows)):
            # Sent before by another program, or from a computer whose journal was lost: it is there, once.
            journal.confirm(number_of, refusal.reason, code=refusal.code or -1)
            mark(StateKind.CONFIRMED, refusal.reason)
        else:
            journal.refuse(number_of, refusal.code, refusal.reason)
            mark(StateKind.REFUSED, refusal.reason)
            result.reasons.append((refusal.reason, len(batch)))
    except OchpError as failure:
        if isinstance(failure, (ConnectionFailed, Cancelled)) and failure.sent:
            journal.unconfirmed(number_of, failure.text)
            mark(StateKind.UNCONFIRMED, failure.text)
            return failure.text
        journal.abandon(number_of, failure.text)
        mark(StateKind.NOT_SENT, failure.text)
        if position[0] == 0:
            raise
        return failure.text
    else:
        journal.confirm(number_of, description)
        mark(StateKind.CONFIRMED, description)
    finally:
        # However it ended, a bug included: what has no verdict now is unconfirmed and can be settled.
        journal.let_go(number_of)
    return ""


def parts_of(batch: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """The two halves of a batch."""
    middle = len(batch) // 2
    yield batch[:middle]
    yield batch[middle:]
