"""Uploading CDRs in batches: journalled before they leave, each record sent once, its state known at every moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError, Unconfirmed, UsageError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Connection, Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.store.rows import record_fingerprint
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _, number

__all__ = ["CdrUpload", "RecordState", "StateKind", "known_states", "upload_cdrs", "wire_cdr"]

CDR_ID = CDRS.index("cdrId")
INFRA = CDRS.index("infraProviderId")

Record = tuple[int, Sequence[str]]


@dataclass(slots=True)
class CdrUpload:
    """What became of an upload.

    Attributes:
        states: row id -> state of every record that was asked for.
        reasons: why batches were refused, in the house's words, with the number of records.
        stopped: why the upload ended before its last batch, or "".
    """

    states: dict[int, RecordState] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    stopped: str = ""

    @property
    def counts(self) -> Counter[StateKind]:
        """How many records are in which state."""
        return Counter(state.kind for state in self.states.values())


def wire_cdr(texts: Sequence[str]) -> tuple[str, ...]:
    """A CDR's texts as they go on the wire."""
    return tuple(declared.type.wire(text) for declared, text in zip(CDRS.fields, texts, strict=True))


def known_states(workplace: Workplace, records: Iterable[Record]) -> dict[int, RecordState]:
    """What the journal knows of these rows at the current house; rows it does not know are left out.

    A record that was sent with other content under the same id is shown as held back, with the date.
    """
    keyed = [(row, wire_cdr(texts)) for row, texts in records]
    keys = {cdr_key(texts[INFRA], texts[CDR_ID]) for _row, texts in keyed}
    known = workplace.journal.states(workplace.connected().house, keys)
    found: dict[int, RecordState] = {}
    for row, texts in keyed:
        state = known.get(cdr_key(texts[INFRA], texts[CDR_ID]))
        if state is None:
            continue
        if state.fingerprint == record_fingerprint(texts):
            found[row] = state
        elif state.kind in {StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.SENDING}:
            reason = _("A record with this id and other content was sent on {when}. Give this one an id of its own.")
            text = reason.format(when=f"{state.when.astimezone():%Y-%m-%d %H:%M}")
            found[row] = RecordState(StateKind.HELD_BACK, text, state.when, state.fingerprint, state.batch)
    return found


def upload_cdrs(workplace: Workplace, records: Sequence[Record], cancel: Cancel) -> Job[CdrUpload]:
    """Send records that the house has not confirmed before, in batches of the profile's size.

    A refused batch does not keep the next ones from going. When a request leaves and no answer comes,
    its records are unconfirmed and the upload stops: `settle` finds out what became of them.

    Args:
        workplace: with a connection.
        records: (row id, texts) of records without errors.
        cancel: stops after, or within, the batch on its way; within, that batch is unconfirmed.

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
    result = CdrUpload(states=known_states(workplace, records))
    waiting = [
        (row, wire_cdr(texts))
        for row, texts in records
        if row not in result.states or result.states[row].kind is StateKind.REFUSED
    ]
    if not waiting:
        return result
    yield from _signed_in(connection, cancel)
    size = max(1, connection.profile.batch_size)
    done = 0
    for start in range(0, len(waiting), size):
        if cancel.is_set():
            result.stopped = _("You stopped the upload.")
            break
        batch = waiting[start : start + size]
        stopped = yield from _send_batch(workplace, batch, result, cancel, (done, len(waiting)))
        done += len(batch)
        yield _progress(result, batch, done, len(waiting))
        if stopped:
            result.stopped = stopped
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


def _signed_in(connection: Connection, cancel: Cancel) -> Job[None]:
    def call(_report: Report) -> None:
        with connection.stoppable(cancel) as client:
            if not client.signed_in:
                client.sign_in()

    yield from background(call, _("Signing in as {user}").format(user=connection.user))


def _progress(result: CdrUpload, batch: Iterable[Record], done: int, total: int) -> Progress:
    states: Mapping[int, RecordState] = {row: result.states[row] for row, _texts in batch}
    return Progress(
        _("Uploading records: {done} of {total}").format(done=number(done), total=number(total)), done, total, states
    )


def _send_batch(
    workplace: Workplace, batch: Sequence[Record], result: CdrUpload, cancel: Cancel, position: tuple[int, int]
) -> Job[str]:
    """Send one batch; returns why the upload must stop after it, or ""."""
    connection = workplace.connected()
    rows = [texts for _row, texts in batch]
    journalled = workplace.journal.begin_batch(connection.house, connection.user, rows)

    def mark(kind: StateKind, reason: str = "") -> None:
        now = datetime.now(UTC)
        for row, texts in batch:
            result.states[row] = RecordState(kind, reason, now, record_fingerprint(texts), journalled)

    def call(_report: Report) -> str:
        with connection.stoppable(cancel) as client:
            return client.add_cdrs(rows).description

    mark(StateKind.SENDING)
    yield _progress(result, batch, *position)
    try:
        description = yield from background(call, _("Uploading records"))
    except HouseRefused as refusal:
        workplace.journal.refuse(journalled, refusal.code, refusal.reason)
        mark(StateKind.REFUSED, refusal.reason)
        result.reasons.append((refusal.reason, len(batch)))
        return ""
    except (ConnectionFailed, Cancelled) as failure:
        if not failure.sent:
            workplace.journal.abandon(journalled, failure.text)
            mark(StateKind.NOT_SENT, failure.text)
            if position[0] == 0:
                raise
            return failure.text
        workplace.journal.unconfirmed(journalled, failure.text)
        mark(StateKind.UNCONFIRMED, failure.text)
        return failure.text
    except OchpError as failure:
        workplace.journal.abandon(journalled, failure.text)
        raise
    workplace.journal.confirm(journalled, description)
    mark(StateKind.CONFIRMED, description)
    return ""
