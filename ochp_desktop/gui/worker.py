"""Runs jobs beside the window: one thread each, progress and outcome brought to the window's own thread."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal

from ochp_desktop.errors import Cancelled, OchpError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.records.turns import work_beside_window

_TURN = 0.0001  # seconds
PROGRESS_INTERVAL = 0.05
"""Seconds between two progress signals of one job, at least."""

MakeJob = Callable[[Cancel], Job[Any]]


class Running(QObject):
    """One job that was started, from its first moment to its end.

    Exactly one of `succeeded`, `failed`, `cancelled` and `crashed` is emitted, always in the window's
    thread, then `ended`. The last progress comes before them.

    Signals:
        progressed: a `Progress`, at most 20 in a second; the states of those left out are merged in.
        succeeded: the job's result.
        failed: an `OchpError` to be told calmly.
        cancelled: the user stopped it.
        crashed: any other exception: our own bug.
        ended: after one of these.
        over_and_done: last of all, with itself, for the runner.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    crashed = Signal(object)
    ended = Signal()
    over_and_done = Signal(object)

    _progress_waits = Signal()
    _worked = Signal()

    def __init__(self, title: str, make: MakeJob, lane: str, *, quiet: bool, sends: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.lane = lane
        self.quiet = quiet
        self.sends = sends
        self.cancel = Cancel()
        self.over = False
        self.last_progress: Progress | None = None
        self._make = make
        self._lock = threading.Lock()
        self._pending: Progress | None = None
        self._announced = False
        self._delivered = 0.0
        self._outcome: tuple[str, Any] = ("crashed", RuntimeError("not run"))
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver_progress)
        self._progress_waits.connect(self._on_progress_waits, Qt.ConnectionType.QueuedConnection)
        self._worked.connect(self._on_worked, Qt.ConnectionType.QueuedConnection)

    def stop(self) -> None:
        """Ask the job to stop; one that waits for its turn ends at once."""
        self.cancel.set()
        if self._thread is None and not self.over:
            self._outcome = ("cancelled", None)
            self._worked.emit()

    @property
    def begun(self) -> bool:
        """Whether it has left the queue of its lane."""
        return self._thread is not None

    def begin(self) -> None:
        """Start the thread; called once, by the runner."""
        if self.cancel.is_set():
            return
        # A daemon: a key store or file system that never answers must not keep the program alive.
        self._thread = threading.Thread(target=self._work, name=f"job {self.title}", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            job = self._make(self.cancel)
            while True:
                try:
                    progress = next(job)
                except StopIteration as end:
                    self._outcome = ("succeeded", end.value)
                    break
                self._keep_progress(progress)
        except Cancelled:
            self._outcome = ("cancelled", None)
        except OchpError as error:
            self._outcome = ("failed", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported as our bug, not lost in a thread
            self._outcome = ("crashed", error)
        self._worked.emit()

    def _keep_progress(self, progress: Progress) -> None:
        with self._lock:
            if self._pending is not None and self._pending.states:
                states = {**self._pending.states, **progress.states}
                progress = Progress(progress.text, progress.done, progress.total, states, progress.can_pause)
            self._pending = progress
            announce, self._announced = not self._announced, True
        if announce:
            self._progress_waits.emit()

    def _on_progress_waits(self) -> None:
        wait = self._delivered + PROGRESS_INTERVAL - time.monotonic()
        if wait > 0:
            self._timer.start(int(wait * 1000) + 1)
        else:
            self._deliver_progress()

    def _deliver_progress(self) -> None:
        with self._lock:
            progress, self._pending = self._pending, None
            self._announced = False
        if progress is not None and not self.over:
            self._delivered = time.monotonic()
            self.last_progress = progress
            self.progressed.emit(progress)

    def _on_worked(self) -> None:
        if self.over:
            return
        if self._thread is not None:
            self._thread.join()  # it is at its very end; this object may be deleted only when its last signal is out
        self._timer.stop()
        self._deliver_progress()
        self.over = True
        kind, value = self._outcome
        try:
            if kind == "cancelled":
                self.cancelled.emit()
            else:
                {"succeeded": self.succeeded, "failed": self.failed, "crashed": self.crashed}[kind].emit(value)
        finally:
            self.ended.emit()
            self.over_and_done.emit(self)


class JobRunner(QObject):
    """Starts jobs; those in the same lane run one after the other, in the order they were started.

    Signals:
        started: a `Running`, when it was handed over (it may still wait for its lane).
        idle: the last job has ended.
        crashed: an exception that is no `OchpError`.
    """

    started = Signal(object)
    idle = Signal()
    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # A worker that computes hands the interpreter over this late at most. Painting one frame asks for it again and
        # again: with Python's own 5 ms each time, a frame took 100 ms.
        sys.setswitchinterval(_TURN)
        work_beside_window()
        self._all: list[Running] = []
        self._lanes: dict[str, deque[Running]] = {}
        self._closed = False

    def start(
        self,
        title: str,
        make: MakeJob,
        *,
        lane: str = "",
        quiet: bool = False,
        sends: bool = False,
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[OchpError], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> Running:
        """Run `make(cancel)` in a thread.

        Args:
            title: what is being done, for the strip, in the user's language.
            make: gives the job; called in the thread.
            lane: jobs that must not overlap share one; "" for none.
            quiet: no strip for it.
            sends: whether it changes something at the clearing house, so that closing must ask.
            on_result: called with the result.
            on_error: called with the `OchpError`; an error nobody takes is passed on as a crash.
            on_progress: called with each `Progress`.
            on_end: called last, however it ended.
        """
        running = Running(title, make, lane, quiet=quiet, sends=sends, parent=self)
        if on_progress is not None:
            running.progressed.connect(on_progress)
        if on_result is not None:
            running.succeeded.connect(on_result)
        running.failed.connect(on_error if on_error is not None else self.crashed.emit)
        if on_end is not None:
            running.ended.connect(on_end)
        running.crashed.connect(self.crashed.emit)
        # A bound method, not a closure: deleting the job must never delete the last reference to its own parent.
        running.over_and_done.connect(self._on_ended)
        self._all.append(running)
        if self._closed:
            running.stop()
        elif lane:
            waiting = self._lanes.setdefault(lane, deque())
            waiting.append(running)
            if len(waiting) == 1:
                running.begin()
        else:
            running.begin()
        self.started.emit(running)
        return running

    def call(
        self,
        work: Callable[[], Any],
        *,
        on_result: Callable[[Any], None] | None = None,
        on_error: Callable[[OchpError], None] | None = None,
        lane: str = "",
    ) -> Running:
        """Run a short function (the store, the key store) in a thread, without a strip."""

        def as_job(_cancel: Cancel) -> Job[Any]:
            yield from ()
            return work()

        return self.start("", as_job, lane=lane, quiet=True, on_result=on_result, on_error=on_error)

    @property
    def jobs(self) -> list[Running]:
        """Those that have not ended, oldest first."""
        return list(self._all)

    def close(self, seconds: float = 5.0) -> bool:
        """Stop everything and wait for it, at most so long; whether all of it ended. Nothing can be started after."""
        self._closed = True
        for running in self.jobs:
            running.stop()
        if not self._all:
            return True
        loop = QEventLoop()
        limit = QTimer(singleShot=True)
        limit.timeout.connect(loop.quit)
        limit.start(int(seconds * 1000))
        self.idle.connect(loop.quit)
        while self._all and limit.isActive():
            loop.exec()
        self.idle.disconnect(loop.quit)
        for running in self.jobs:
            running.setParent(None)  # from now on it belongs to its thread, which still signals through it
        return not self._all

    def _on_ended(self, running: Running) -> None:
        self._all.remove(running)
        waiting = self._lanes.get(running.lane)
        if waiting is not None and running in waiting:
            was_first = waiting[0] is running
            waiting.remove(running)
            if was_first and waiting:
                waiting[0].begin()
        running.deleteLater()
        if not self._all:
            self.idle.emit()
