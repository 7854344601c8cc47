"""Uploading CDRs in batches: journalled before they leave, each record sent once, its state known at every moment."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ochp_desktop.errors import OchpError, StoreError, Unconfirmed, UsageError
from ochp_desktop.jobs.batch_sender import BatchSender, Begun
from ochp_desktop.jobs.cdr_upload import CdrUpload, Record
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.sending import rest, signed_in
from ochp_desktop.jobs.wire_form import wire_cdr, wire_cdrs
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key, cdr_keys
from ochp_desktop.store.rows import record_fingerprint
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _

__all__ = ["CdrUpload", "RecordState", "StateKind", "known_states", "upload_cdrs"]

CDR_ID = CDRS.index("cdrId")
INFRA = CDRS.index("infraProviderId")

_MOST_COMPARED = 500  # records whose difference to what was sent is spelled out


def known_states(workplace: Workplace, records: Iterable[Record]) -> dict[int, RecordState]:
    """What the journal knows of these rows at the current house; rows it does not know are left out.

    A record that was sent with other content under the same id is shown as held back, with the date.
    """
    asked = list(records)
    keys = cdr_keys([texts[INFRA] for _row, texts in asked], [texts[CDR_ID] for _row, texts in asked])
    known = workplace.journal.states(workplace.connected().house, set(keys))
    found: dict[int, RecordState] = {}
    for (row, as_typed), key in zip(asked, keys, strict=True) if known else ():
        state = known.get(key)
        if state is None:
            continue
        texts = wire_cdr(as_typed)
        if state.fingerprint == record_fingerprint(texts):
            # What was held back for its errors is our own check's affair: it may be mended by a new partner alone.
            if state.kind is not StateKind.HELD_BACK or state.batch is not None:
                found[row] = state if state.batch or state.kind is not StateKind.UNCONFIRMED else _lost(state)
        elif state.kind in {StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.SENDING}:
            reason = _(
                "A record with this id and other content was sent on {when} (request {request} in the history): "
                "{difference}. Give this one an id of its own."
            )
            text = reason.format(
                when=f"{state.when.astimezone():%Y-%m-%d %H:%M}",
                request=state.batch or "–",
                difference=_difference(workplace, texts) if len(found) < _MOST_COMPARED else _("the content differs"),
            )
            found[row] = RecordState(StateKind.HELD_BACK, text, state.when, state.fingerprint, state.batch)
    return found


def _lost(state: RecordState) -> RecordState:
    """What is told of an unconfirmed record whose request was lost with damaged data: nothing can settle it."""
    reason = _(
        "This record left, and what became of it was lost with damaged data. Look for it in the statement of cleared "
        "CDRs; if the clearing house does not have it, give it another id and send it."
    )
    return replace(state, reason=reason)


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
    result = CdrUpload(states=known_states(workplace, records))
    waiting = [
        record
        for record in records
        if record[0] not in result.states or result.states[record[0]].kind is StateKind.REFUSED
    ]
    _note_held(workplace, held)
    if not waiting:
        return result
    yield from signed_in(connection, cancel)
    result.upload = uuid.uuid4().hex
    yield from _send_all(workplace, waiting, result, cancel, details or {})
    not_sent = RecordState(StateKind.NOT_SENT, "", datetime.now(UTC), "", None)
    for row, _texts in waiting:
        result.states.setdefault(row, not_sent)
    return result


def _send_all(
    workplace: Workplace, waiting: Sequence[Record], result: CdrUpload, cancel: Cancel, details: Mapping[str, Any]
) -> Job[None]:
    """Send the records in batches; while the house works on one, the next is written down and made ready."""
    size = max(1, workplace.connected().profile.batch_size)
    # Accepted warnings may be many; they stand with the first request, the files' names with each.
    later = {name: value for name, value in details.items() if name != "accepted"}
    sender = BatchSender(workplace, result, cancel, len(waiting))
    following: Begun | None = None

    def begin(start: int) -> Begun:
        return sender.begin(waiting[start : start + size], details if start == 0 else later)

    def begin_ahead(start: int) -> None:
        nonlocal following
        # What is in the way is told when its turn has come: until then, the batch before waits for its own answer.
        with contextlib.suppress(OchpError):
            if start < len(waiting) and not cancel.is_set() and not cancel.paused:
                following = begin(start)
            else:
                sender.write_verdict()

    try:
        for done in range(0, len(waiting), size):
            if cancel.paused or cancel.is_set():
                # Nothing may stand in the journal as on its way while nothing is.
                sender.close(following)
                following = None
            yield from rest(cancel, done, len(waiting), sender.news())
            if cancel.is_set():
                result.stopped = _("You stopped the upload.")
                break
            begun, following = following or _begin_or_stop(begin, done, result), None
            if begun is None:
                break
            result.stopped = yield from sender.send(begun, done, partial(begin_ahead, done + size))
            if result.stopped:
                break
    finally:
        sender.close(following)


def _begin_or_stop(begin: Callable[[int], Begun], start: int, result: CdrUpload) -> Begun | None:
    """The batch that begins there; None, and why in the result, when it cannot be begun and others were before it."""
    try:
        return begin(start)
    except StoreError:
        raise
    except OchpError as failure:
        if start == 0:
            raise
        # Another program sent one of them meanwhile: what is done shall be told all the same.
        result.stopped = failure.text
        return None


def not_settled_text() -> str:
    """What to do about unconfirmed records."""
    return _(
        "Records of an earlier upload left this computer and nobody knows yet whether the house took them. "
        "Settle them first; nothing is sent twice."
    )


def _note_held(workplace: Workplace, held: Sequence[tuple[Sequence[str], str]]) -> None:
    """Write down what is held back, as far as it can be told apart."""
    named = [(texts, why) for texts, why in held if texts[CDR_ID].strip() and texts[INFRA].strip()]
    if named:
        house = workplace.connected().house
        workplace.journal.hold_back(house, wire_cdrs([texts for texts, _why in named]), [why for _texts, why in named])
