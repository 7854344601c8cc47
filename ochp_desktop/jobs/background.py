"""Lets a job report progress and be stopped while a blocking call (network, reading a file) runs beside it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from ochp_desktop.jobs.job import Job, Progress
from ochp_desktop.records.turns import Turns

Result = TypeVar("Result")
Report = Callable[[int, int | None], None]


def background(call: Callable[[Report], Result], text: str) -> Job[Result]:
    """Run `call(report)` in a thread of its own and yield what it reports as progress under `text`.

    Stopping is the call's own business: whoever starts it hands it a cancel flag or wakes it.

    Raises:
        Exception: whatever the call raised.
    """
    events: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def work() -> None:
        turns = Turns()  # of this thread, whose time it looks at

        def report(done: int, total: int | None) -> None:
            events.put(Progress(text, done, total))
            turns.rest()

        try:
            outcome.append(call(report))
        except BaseException as error:  # noqa: BLE001 - handed to the job's own thread, whatever it is
            failure.append(error)
        finally:
            events.put(None)

    yield Progress(text)
    thread = threading.Thread(target=work, name="ochp-background", daemon=True)
    thread.start()
    while (event := events.get()) is not None:
        yield event
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
