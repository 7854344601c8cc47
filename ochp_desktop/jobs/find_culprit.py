"""Finding the record because of which a house refuses a batch, by halves; the others are sent on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ochp_desktop.errors import Unconfirmed
from ochp_desktop.jobs.batch_sender import BatchSender
from ochp_desktop.jobs.cdr_upload import CdrUpload, Record
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.sending import rest, signed_in
from ochp_desktop.jobs.upload_cdrs import known_states, not_settled_text
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _, ngettext, number

SEARCH = "looking_for_culprit"
"""Marks, in the history, requests that repeat a part of a refused one."""


def explanation(records: int) -> str:
    """What looking for the culprit means, to be read before it begins."""
    text = ngettext(
        "The house refused a batch of {count} record without naming the one that is at fault.",
        "The house refused {count} records together without naming those that are at fault.",
        records,
    ).format(count=number(records))
    how = _(
        "The program can find out: it sends each half alone, then the halves of a refused half, down to single "
        "records. Halves that the house accepts stay accepted: those records are uploaded. A record that is refused "
        "alone is held back with the house's reason. It takes some twenty requests for one bad record in 500."
    )
    return f"{text} {how}"


def find_culprit(
    workplace: Workplace, records: Sequence[Record], cancel: Cancel, *, details: Mapping[str, Any] | None = None
) -> Job[CdrUpload]:
    """Send refused records by halves until every one is accepted, or refused alone and then held back.

    Args:
        workplace: with a connection.
        records: (row id, texts); those that the house has not refused are left out.
        cancel: stops between two requests or within one; it may be paused between two.
        details: what the history shall say beside.

    Raises:
        Unconfirmed: an earlier upload is not settled yet.
        SignInFailed, ConnectionFailed: the house could not be reached; nothing was changed.
        Cancelled: stopped before the first request.
    """
    connection, journal = workplace.connected(), workplace.journal
    if journal.unsettled(connection.house, connection.user):
        raise Unconfirmed(_("Not settled yet"), not_settled_text())
    result = CdrUpload()
    refused = _refused_together(workplace, records, result)
    total = len(result.states)
    if not total:
        return result
    yield from signed_in(connection, cancel)
    told = {**(details or {}), SEARCH: True}
    sender = BatchSender(workplace, result, cancel, total)
    done = 0
    for batch, members in refused.items():
        result.upload = journal.batch(batch).upload if batch is not None else ""
        # A batch that was refused whole is not asked whole again: it would be refused again.
        waiting = _halves(members) if len(members) > 1 else [members]
        while waiting:
            yield from rest(cancel, done, total)
            if cancel.is_set():
                result.stopped = _("You stopped the search; what is accepted stays accepted.")
                return result
            part = waiting.pop()
            before = len(result.reasons)
            try:
                result.stopped = yield from sender.send(sender.begin(part, told), done)
            finally:
                sender.close()
            if result.stopped:
                return result
            if len(result.reasons) == before:
                done += len(part)
            elif len(part) > 1:
                result.reasons.pop()
                waiting += _halves(part)
            else:
                done += 1
                _hold_back(workplace, part[0][0], result)
            states = {row: result.states[row] for row, _texts in part}
            yield Progress(_("Looking for the records at fault"), done, total, states, can_pause=True)
    return result


def _halves(part: Sequence[Record]) -> list[Sequence[Record]]:
    """The two halves of a part; the one to ask about next is the last."""
    middle = len(part) // 2
    return [part[middle:], part[:middle]]


def _refused_together(
    workplace: Workplace, records: Sequence[Record], result: CdrUpload
) -> dict[int | None, list[Record]]:
    """The refused ones among the records, by the batch they were refused with."""
    known = known_states(workplace, records)
    refused: dict[int | None, list[Record]] = {}
    for row, texts in records:
        state = known.get(row)
        if state is not None and state.kind is StateKind.REFUSED:
            refused.setdefault(state.batch, []).append((row, texts))
            result.states[row] = state
    return refused


def _hold_back(workplace: Workplace, row: int, result: CdrUpload) -> None:
    """Keep a record from going with the next upload; with other content it may go."""
    state = result.states[row]
    reason = _("The house refuses this record: {reason}").format(reason=state.reason or _("no reason given"))
    assert state.batch is not None
    workplace.journal.hold_back_refused(state.batch, reason)
    result.states[row] = RecordState(StateKind.HELD_BACK, reason, state.when, state.fingerprint, state.batch)
    result.culprits.append(row)
