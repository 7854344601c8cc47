"""What a job is: a generator that yields progress, returns a result, can be cancelled and knows nothing of Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ochp_desktop.errors import Cancelled
from ochp_desktop.texts import _

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        text: what it is doing, in the user's language.
        done: how much is done, in the unit the text names.
        total: out of how much, or None when nobody knows.
        states: row id -> new state of a CDR, for jobs that change them.
        can_pause: whether the job heeds `Cancel.pause` from here on.
    """

    text: str
    done: int = 0
    total: int | None = None
    states: Mapping[int, Any] = field(default_factory=dict)
    can_pause: bool = False


Job = Generator[Progress, None, Result]


class Cancel:
    """A flag that asks a job to stop; may be set from any thread, once and for all.

    It also carries the wish to pause, which can be taken back; a job that was asked to stop does not pause.

    Callbacks registered with `on_set` run at once in the thread that sets the flag: a call that
    waits for the network is woken that way.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._going = threading.Event()
        self._going.set()

    @property
    def paused(self) -> bool:
        """Whether the job was asked to pause."""
        return not self._going.is_set()

    def pause(self) -> None:
        """Ask the job to rest at its next safe place."""
        with self._lock:
            if not self._event.is_set():
                self._going.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._going.set()

    def wait_while_paused(self) -> None:
        """Rest until the job may go on, or is to stop."""
        self._going.wait()

    def set(self) -> None:
        """Ask the job to stop."""
        with self._lock:
            self._event.set()
            self._going.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def is_set(self) -> bool:
        """Whether the job was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Stop here if asked to.

        Raises:
            Cancelled: the flag is set.
        """
        if self.is_set():
            raise Cancelled(_("Stopped"), _("You stopped this; nothing more was done."))

    def on_set(self, callback: Callable[[], None]) -> None:
        """Call back when the flag is set; at once if it is already."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()


def run(job: Job[Result], on_progress: Callable[[Progress], None] | None = None) -> Result:
    """Run a job to its end in this thread and return its result."""
    while True:
        try:
            progress = next(job)
        except StopIteration as end:
            result: Result = end.value
            return result
        if on_progress is not None:
            on_progress(progress)
