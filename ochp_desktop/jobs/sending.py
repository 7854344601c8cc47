"""What all jobs that send CDRs have in common: one request with its progress, resting between two, and signing in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Connection
from ochp_desktop.texts import _, decimal, number

if TYPE_CHECKING:  # it loads only when a connection is used
    from ochp_desktop.protocol.client import Ready

MEGABYTE = 1_000_000
_BETWEEN_REPORTS = 0.05  # seconds
_INSTANT = 0.25  # seconds that nobody notices


class Pace:
    """How long the requests of one upload take, from their first byte to the answer; each is sent inside a `with`.

    Where the one before took an instant, there is nothing to tell of the next one before its answer: it needs no thread
    of its own beside the job's. To start one for each request, and to wake each other, takes a tenth of a quick upload.

    Attributes:
        quick: whether the last one took an instant.
    """

    def __init__(self) -> None:
        self.quick = False
        self._begun = 0.0

    def __enter__(self) -> None:
        self._begun = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self.quick = time.monotonic() - self._begun < _INSTANT


def send_request(
    connection: Connection,
    rows: Sequence[Sequence[str]],
    cancel: Cancel,
    shown: Callable[[int, int], Progress],
    meanwhile: Callable[[], object] = lambda: None,
    ready: Ready | None = None,
    pace: Pace | None = None,
) -> Job[str]:
    """Send records in one AddCDRs request; returns the house's words when it took them.

    Args:
        connection: where to.
        rows: the records as they go on the wire; written down in the journal before.
        cancel: wakes the call.
        shown: the progress for (bytes sent, bytes in all).
        meanwhile: called when the request has left and the house is at work.
        ready: the request, where it was made ready beforehand.
        pace: that of the requests before, which this one is noted in.

    Raises:
        HouseRefused: it took none of them.
        ConnectionFailed, Cancelled: no answer; `sent` tells whether the request may have arrived.
        OchpError: anything else: nothing left this computer.
    """
    pace = pace or Pace()
    with pace:
        if pace.quick:
            return _send_at_once(connection, rows, cancel, meanwhile, ready)
        words: str = yield from _send_beside(connection, rows, cancel, shown, meanwhile, ready)
        return words


def _send_beside(
    connection: Connection,
    rows: Sequence[Sequence[str]],
    cancel: Cancel,
    shown: Callable[[int, int], Progress],
    meanwhile: Callable[[], object],
    ready: Ready | None,
) -> Job[str]:
    """The same in a thread of its own, with its progress."""

    def call(report: Report) -> str:
        shown_at = time.monotonic()

        def seldom(done: int, total: int | None) -> None:
            # Each report wakes the job's thread, just when the request is to leave.
            nonlocal shown_at
            now = time.monotonic()
            if done == total or now - shown_at > _BETWEEN_REPORTS:
                shown_at = now
                report(done, total)

        with connection.stoppable(cancel) as client:
            return client.add_cdrs(rows, progress=seldom, ready=ready).description

    work = background(call, "")
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            words: str = end.value
            return words
        if event.total:
            yield shown(event.done, event.total)
            if event.done == event.total:
                meanwhile()


def _send_at_once(
    connection: Connection,
    rows: Sequence[Sequence[str]],
    cancel: Cancel,
    meanwhile: Callable[[], object],
    ready: Ready | None,
) -> str:
    """The same in this very thread; the house's answer waits until `meanwhile` has ended."""

    def told(done: int, total: int | None) -> None:
        if done == total:
            meanwhile()

    with connection.stoppable(cancel) as client:
        return client.add_cdrs(rows, progress=told, ready=ready).description


def signed_in(connection: Connection, cancel: Cancel) -> Job[None]:
    """Sign in when we are not."""

    def call(_report: Report) -> None:
        with connection.stoppable(cancel) as client:
            if not client.signed_in:
                client.sign_in()

    if not connection.signed_in:
        yield from background(call, _("Signing in as {user}").format(user=connection.user))


def rest(cancel: Cancel, done: int, total: int, states: Mapping[int, Any] | None = None) -> Job[None]:
    """Wait here while the user has paused the job; what is new about records is told before."""
    if cancel.paused and not cancel.is_set():
        yield Progress(_("Paused; nothing is on its way"), done, total, states or {}, can_pause=True)
        cancel.wait_while_paused()


def size_text(count: int) -> str:
    """An amount of data for people: "1.2 MB"."""
    if count < MEGABYTE:
        return _("{count} kB").format(count=number(max(1, count // 1000) if count else 0))
    return _("{count} MB").format(count=decimal(count / MEGABYTE, 1))
