"""Settling: finding out what became of records that left this computer without an answer, sending none twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.journal import Journal
from ochp_desktop.texts import _, number

# How houses say that they hold a record already. The protocol's decision is "already received";
# houses with free text say it in these ways.
RECEIVED = re.compile(
    r"already\s+(received|exist|stored|known|present|sent|imported)|duplicate|bereits\s+(vorhanden|empfangen|erhalten)"
    r"|reeds\s+ontvangen|dubbel|déjà|exists\s+already",
    re.IGNORECASE,
)
# Only this wording says that *every* record of the request is there; all others may mean one of them.
ALL_RECEIVED = re.compile(r"already received\W+all (?P<count>\d+)\b", re.IGNORECASE)


@dataclass(slots=True)
class Settled:
    """What settling found.

    Attributes:
        confirmed: how many records the house has now, each once.
        refused: how many it refused, and why.
        open: how many are still unconfirmed.
        reasons: the house's words for refused records and for answers that could not be read.
        stopped: why settling ended early, or "".
    """

    confirmed: int = 0
    refused: int = 0
    open: int = 0
    reasons: list[str] = field(default_factory=list)
    stopped: str = ""


def settle(workplace: Workplace, cancel: Cancel) -> Job[Settled]:
    """Send every unconfirmed batch again and read the answer: taken now, or already received, whole or in part.

    A house stores a request whole or not at all, and refuses what it holds already. So "already
    received" for one record alone says that it is there; for several, halves are asked, down to one.
    Whatever is accepted on the way was not there before.

    Raises:
        SignInFailed, ConnectionFailed: the house cannot be reached; everything stays as it was.
    """
    connection = workplace.connected()
    batches = workplace.journal.unsettled(connection.house, connection.user)
    total = sum(len(batch.rows) for batch in batches)
    result = Settled()
    for batch in batches:
        if not result.stopped:
            yield from _settle_batch(workplace, batch.id, result, total, cancel)
    result.open = sum(len(batch.rows) for batch in workplace.journal.unsettled(connection.house, connection.user))
    return result


@dataclass(frozen=True, slots=True)
class _Part:
    """Records that are asked about in one request: a whole unconfirmed batch, or a half of one.

    Attributes:
        batch: the unconfirmed batch they belong to in the journal.
        rows: which of its records, or None for all that are left of it.
    """

    batch: int
    rows: Sequence[Sequence[str]] | None = None


def _settle_batch(workplace: Workplace, batch: int, result: Settled, total: int, cancel: Cancel) -> Job[None]:
    waiting = [_Part(batch)]
    while waiting and not result.stopped:
        done = result.confirmed + result.refused
        text = _("Settling records: {done} of {total}").format(done=number(done), total=number(total))
        yield Progress(text, done, total)
        if cancel.is_set():
            result.stopped = _("You stopped this; what is settled stays settled.")
            return
        waiting += yield from _ask(workplace, waiting.pop(), result, text, cancel)


def _ask(workplace: Workplace, part: _Part, result: Settled, text: str, cancel: Cancel) -> Job[list[_Part]]:
    """Send a part again and note the verdict; the halves to ask about when the answer concerns only some of it."""
    journal, connection = workplace.journal, workplace.connected()
    rows: Sequence[Sequence[str]]
    if part.rows is None:
        again = journal.begin_again(part.batch)
        sending, rows = again.id, again.rows
    else:
        sending, rows = journal.begin_batch(connection.house, connection.user, part.rows, settles=part.batch), part.rows

    def call(_report: Report) -> str:
        with connection.stoppable(cancel) as client:
            return client.add_cdrs(rows).description

    try:
        description = yield from background(call, text)
    except HouseRefused as refusal:
        return _note_refusal(journal, sending, rows, refusal, result)
    except OchpError as failure:
        if isinstance(failure, (ConnectionFailed, Cancelled)) and failure.sent:
            journal.unconfirmed(sending, failure.text)
        else:
            journal.abandon(sending, failure.text)
        if result.confirmed + result.refused == 0 and not isinstance(failure, Cancelled):
            raise
        result.stopped = failure.text
    else:
        journal.confirm(sending, description)
        result.confirmed += len(rows)
    return []


def _note_refusal(
    journal: Journal, sending: int, rows: Sequence[Sequence[str]], refusal: HouseRefused, result: Settled
) -> list[_Part]:
    """Note what a refusal says of these records; the halves to ask about when it concerns only some of them."""
    if _received_whole(refusal.reason, len(rows)):
        journal.confirm(sending, refusal.reason)
        result.confirmed += len(rows)
    elif RECEIVED.search(refusal.reason):
        journal.unconfirmed(sending, refusal.reason)
        middle = len(rows) // 2
        return [_Part(sending, rows[middle:]), _Part(sending, rows[:middle])]
    else:
        journal.refuse(sending, refusal.code, refusal.reason)
        result.refused += len(rows)
        result.reasons.append(refusal.reason)
    return []


def _received_whole(reason: str, count: int) -> bool:
    """Whether the house says that it holds all of these records."""
    if count == 1:
        return RECEIVED.search(reason) is not None
    found = ALL_RECEIVED.search(reason)
    return found is not None and int(found["count"]) == count
