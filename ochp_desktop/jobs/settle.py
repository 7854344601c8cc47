"""Settling: finding out what became of records that left this computer without an answer, sending none twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.sending import rest, send_request
from ochp_desktop.jobs.verdicts import Reading, read_refusal
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.texts import _


@dataclass(slots=True)
class Settled:
    """What settling found.

    Attributes:
        confirmed: how many records the house has now, each once.
        refused: how many it certainly does not have, and refuses.
        open: how many are still unconfirmed.
        reasons: the house's words for refused records, each once.
        unread: the house's words for answers that tell neither that it has the records nor that it has not.
        stopped: why settling ended early, or "".
    """

    confirmed: int = 0
    refused: int = 0
    open: int = 0
    reasons: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    stopped: str = ""

    def story(self) -> str:
        """What is known of the records that are still open, and what to do; "" when nothing is."""
        if not self.open or not self.unread:
            return self.stopped
        words = "; ".join(_("“{words}”").format(words=words) for words in self.unread)
        told = _(
            "Asked again, the house neither took these records nor said that it has them: {words}. "
            "So it is not known whether it has them. Let the program ask by halves: what the house takes then was not "
            "there before, and stays taken. Or ask the house, naming the ids, and note its answer in the history."
        ).format(words=words)
        return f"{told} {self.stopped}".strip()


def settle(workplace: Workplace, cancel: Cancel, *, by_halves: bool = False) -> Job[Settled]:
    """Send every unconfirmed batch again and read the answer: taken now, or already received, whole or in part.

    A house stores a request whole or not at all, and refuses what it holds already. So "already
    received" for one record alone says that it is there; for several, halves are asked, down to one.
    Whatever is accepted on the way was not there before. An answer that says neither leaves the records
    unconfirmed: a house may refuse today, for another reason, what it took yesterday. They are refused only
    when the house has taken others of the same unanswered request since, so that it cannot have stored that.

    Args:
        workplace: with a connection.
        cancel: stops between two requests or within one; it may be paused between two.
        by_halves: ask by halves as well after an answer that could not be read. Accepted halves stay accepted.

    Raises:
        SignInFailed, ConnectionFailed: the house cannot be reached; everything stays as it was.
    """
    connection = workplace.connected()
    batches = workplace.journal.unsettled(connection.house, connection.user)
    total = sum(len(batch.rows) for batch in batches)
    work = _Work(workplace, cancel, total, by_halves=by_halves)
    for batch in batches:
        yield from work.settle(batch.id)
        if work.result.stopped:
            break
    work.judge_unread()
    result = work.result
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


@dataclass(frozen=True, slots=True)
class _Unread:
    """An answer that tells neither; the records are unconfirmed."""

    batch: int
    count: int
    code: int | None
    reason: str


class _Work:
    """One run of settling."""

    def __init__(self, workplace: Workplace, cancel: Cancel, total: int, *, by_halves: bool) -> None:
        self.result = Settled()
        self._connection = workplace.connected()
        self._journal = workplace.journal
        self._cancel = cancel
        self._total = total
        self._by_halves = by_halves
        self._unread: list[_Unread] = []

    def _progress(self) -> Progress:
        done = self.result.confirmed + sum(one.count for one in self._unread)
        return Progress(_("Settling records"), done, self._total, can_pause=True)

    def settle(self, batch: int) -> Job[None]:
        """Ask about a batch, and about its halves where the answer concerns only some of it."""
        waiting = [_Part(batch)]
        while waiting and not self.result.stopped:
            progress = self._progress()
            yield progress
            yield from rest(self._cancel, progress.done, self._total)
            if self._cancel.is_set():
                self.result.stopped = _("You stopped this; what is settled stays settled.")
                return
            waiting += yield from self._ask(waiting.pop())

    def _ask(self, part: _Part) -> Job[list[_Part]]:
        """Send a part again and note the verdict; the halves to ask about next."""
        journal, connection = self._journal, self._connection
        rows: Sequence[Sequence[str]]
        if part.rows is None:
            again = journal.begin_again(part.batch)
            sending, rows = again.id, again.rows
        else:
            rows = part.rows
            sending = journal.begin_batch(connection.house, connection.user, rows, settles=part.batch)
        try:
            words = yield from send_request(connection, rows, self._cancel, lambda _sent, _size: self._progress())
        except HouseRefused as refusal:
            return self._note_refusal(sending, rows, refusal)
        except OchpError as failure:
            if isinstance(failure, (ConnectionFailed, Cancelled)) and failure.sent:
                journal.unconfirmed(sending, failure.text)
            else:
                journal.abandon(sending, failure.text)
            if self.result.confirmed == 0 and not self._unread and not isinstance(failure, Cancelled):
                raise
            self.result.stopped = failure.text
        else:
            journal.confirm(sending, words)
            self.result.confirmed += len(rows)
        finally:
            journal.let_go(sending)
        return []

    def _note_refusal(self, sending: int, rows: Sequence[Sequence[str]], refusal: HouseRefused) -> list[_Part]:
        """Note what a refusal says of these records; the halves to ask about when it concerns only some of them."""
        code = refusal.code or -1  # an answer, though without a number of its own
        reading = read_refusal(refusal.reason, len(rows))
        if reading is Reading.ALL_THERE:
            self._journal.confirm(sending, refusal.reason, code=code)
            self.result.confirmed += len(rows)
            return []
        self._journal.unconfirmed(sending, refusal.reason, code=code)
        if len(rows) > 1 and (reading is Reading.SOME_THERE or self._by_halves):
            middle = len(rows) // 2
            return [_Part(sending, rows[middle:]), _Part(sending, rows[:middle])]
        self._unread.append(_Unread(sending, len(rows), refusal.code, refusal.reason))
        return []

    def judge_unread(self) -> None:
        """Refuse what is proven not to be there; tell the words about the rest."""
        for one in self._unread:
            if self._journal.never_stored(one.batch):
                self._journal.refuse(one.batch, one.code, one.reason)
                self.result.refused += one.count
                told = self.result.reasons
            else:
                told = self.result.unread
            if one.reason not in told:
                told.append(one.reason)
