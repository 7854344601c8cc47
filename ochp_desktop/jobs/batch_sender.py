"""Sending batches of CDRs one after the other: in the journal before they leave, their verdicts noted after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError
from ochp_desktop.jobs.cdr_upload import CdrUpload, Record
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.sending import Pace, send_request, size_text
from ochp_desktop.jobs.verdicts import says_all_received
from ochp_desktop.jobs.wire_form import wire_cdrs
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.batches import BatchState, Verdict, prepare
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import _

if TYPE_CHECKING:  # it loads only when a connection is used
    from ochp_desktop.protocol.client import Ready


@dataclass(frozen=True, slots=True)
class Begun:
    """A batch that stands in the journal as on its way.

    Attributes:
        number: its number in the journal.
        ids: the records' row ids.
        rows: their texts, as on the wire.
        ready: the request that carries them.
    """

    number: int
    ids: Sequence[int]
    rows: Sequence[Sequence[str]]
    ready: Ready


class BatchSender:
    """Sends the batches of one upload and keeps journal and result in step.

    A batch is in the journal, safe from a power cut, before its first byte leaves. A verdict is written together with
    the batch that is begun next, in one step that costs one wait for the disk: until then its batch counts as
    unconfirmed after a crash, which is settled without anything being stored twice, and is told as on its way. Call
    `close` at the end.
    """

    def __init__(self, workplace: Workplace, result: CdrUpload, cancel: Cancel, total: int) -> None:
        """Set up.

        Args:
            workplace: with a connection that is signed in.
            result: gets states and reasons.
            cancel: stops a request under way.
            total: how many records there are to send, for the progress.
        """
        self._connection = workplace.connected()
        self._journal = workplace.journal
        self._result = result
        self._cancel = cancel
        self._total = total
        self._pace = Pace()
        self._verdict: tuple[Begun, Verdict] | None = None
        self._news: dict[int, RecordState] = {}

    def begin(self, records: Sequence[Record], details: Mapping[str, Any]) -> Begun:
        """Write a batch down and make its request ready.

        Raises:
            UsageError: a record has been sent meanwhile, by another window; nothing of the batch may be sent.
            UnwritableText: a text cannot be sent.
            StoreError: the journal cannot be written.
        """
        rows = wire_cdrs([texts for _row, texts in records])
        prepared = prepare(rows)
        ready = self._connection.client().prepare_cdrs(rows)
        try:
            number = self._journal.begin_batch(
                self._connection.house,
                self._connection.user,
                rows,
                upload=self._result.upload,
                details=details,
                prepared=prepared,
                verdict=self._verdict[1] if self._verdict is not None else None,
            )
        except BaseException:
            ready.body.close()
            raise
        self._verdict_is_written()
        return Begun(number, [row for row, _texts in records], rows, ready)

    def take_back(self, begun: Begun) -> None:
        """A batch that was begun will not be sent now."""
        begun.ready.body.close()
        self._journal.withdraw(begun.number)

    def write_verdict(self) -> None:
        """Write the verdict that waits for the next batch to be begun.

        Raises:
            StoreError: the journal cannot be written; the verdict goes on waiting.
        """
        if self._verdict is not None:
            self._journal.note(self._verdict[1])
            self._verdict_is_written()

    def _verdict_is_written(self) -> None:
        if self._verdict is not None:
            self._show(*self._verdict)
            self._verdict = None

    def _show(self, begun: Begun, told: Verdict) -> None:
        """Tell a verdict that is on the disk: not before."""
        self._mark(begun, StateKind(told.state.value), told.answer)

    def close(self, begun: Begun | None = None) -> None:
        """Write what waits and take a batch back that was begun and not sent; the journal is whole then.

        Raises:
            StoreError: the journal cannot be written; what it lacks counts as unconfirmed.
        """
        try:
            self.write_verdict()
        finally:
            if begun is not None:
                self.take_back(begun)

    def send(self, begun: Begun, done: int, meanwhile: Callable[[], object] = lambda: None) -> Job[str]:
        """Send a batch and note its verdict; returns why the upload must stop after it, or "".

        Args:
            begun: the batch.
            done: how many records were done before it.
            meanwhile: called once, when the request has left and the house is at work; raises nothing.

        Raises:
            OchpError: nothing of the batch left this computer, and nothing before it either.
        """
        stop = ""
        rows = begun.rows
        noted = False

        def shown(sent: int, size: int) -> Progress:
            return self._progress(done + len(rows) * sent // size, sent)

        self._mark(begun, StateKind.SENDING)
        try:
            yield self._progress(done)
            words = yield from send_request(
                self._connection, rows, self._cancel, shown, meanwhile, begun.ready, self._pace
            )
        except HouseRefused as refusal:
            noted = True
            self._note_refusal(begun, refusal)
        except OchpError as failure:
            noted = True
            stop = failure.text
            if isinstance(failure, (ConnectionFailed, Cancelled)) and failure.sent:
                self._tell(begun, BatchState.UNCONFIRMED, None, failure.text)
            else:
                self._journal.abandon(begun.number, failure.text)
                self._mark(begun, StateKind.NOT_SENT, failure.text)
                if done == 0:
                    raise
        else:
            noted = True
            self._tell(begun, BatchState.CONFIRMED, 0, words)
        finally:
            begun.ready.body.close()
            if not noted:
                # A bug, or nobody listens any more: without a verdict it is unconfirmed and can be settled.
                self._journal.let_go(begun.number)
        yield self._progress(done + len(rows))
        return stop

    def _note_refusal(self, begun: Begun, refusal: HouseRefused) -> None:
        if says_all_received(refusal.reason, len(begun.rows)):
            # Sent before by another program, or from a computer whose journal was lost: it is there, once.
            self._tell(begun, BatchState.CONFIRMED, refusal.code or -1, refusal.reason)
        else:
            self._tell(begun, BatchState.REFUSED, refusal.code, refusal.reason)
            self._result.reasons.append((refusal.reason, len(begun.rows)))

    def _tell(self, begun: Begun, state: BatchState, code: int | None, words: str) -> None:
        before, self._verdict = self._verdict, (begun, Verdict(begun.number, state, code, words))
        if before is not None:  # the next batch could not be begun ahead, which would have written it
            self._journal.note(before[1])
            self._show(*before)

    def _mark(self, begun: Begun, kind: StateKind, reason: str = "") -> None:
        state = RecordState(kind, reason, datetime.now(UTC), "", begun.number)
        news = dict.fromkeys(begun.ids, state)
        self._result.states.update(news)
        self._news.update(news)

    def news(self) -> dict[int, RecordState]:
        """States by row id that have not been told yet; they count as told then."""
        news, self._news = self._news, {}
        return news

    def _progress(self, done: int, sent: int = 0) -> Progress:
        text = _("Uploading records, {size} of this batch sent").format(size=size_text(sent)) if sent else ""
        return Progress(text or _("Uploading records"), done, self._total, self.news(), can_pause=True)
