"""How long the window stands still: the beats of a timer in its thread, and where all threads were when one was late.

A beat counts with the smaller of the time by the clock and the processor time of this process, so that other programs
do not count.

Where the time went, is told by Python's own watchdog, which needs no turn of the interpreter: with a file for stacks it
writes those of all threads at the moment in which a beat is late, also while a single call of C holds everybody up. It
looks at them while they go on, which now and then ends the process: what was written until then is in the file.
"""

from __future__ import annotations

import contextlib
import faulthandler
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO

from PySide6.QtCore import QEventLoop, QTimer

BEAT = 5
"""Milliseconds."""
SETTLED = 1.0
"""Seconds for which a step is watched after its end: what follows it is felt as well."""
_LIMITS = (20, 50, 100, 200)


@dataclass
class HoldUps:
    """What was felt during one step.

    Attributes:
        seconds: how long the step took by the clock, the time after its end left out.
        longest: milliseconds of the longest time between two beats.
        after: seconds from the step's begin to the beat before that time.
        over: so many beats came more than so many milliseconds after the one before.
    """

    seconds: float = 0.0
    longest: float = 0.0
    after: float = 0.0
    over: dict[int, int] = field(default_factory=dict)


class Heart:
    """Beats in the window's thread, and notes for each step how late it did.

    Args:
        stacks: where all threads were when a beat was late is written here; None for no such thing, which costs less.
        late: milliseconds after which a beat is late.
    """

    def __init__(self, stacks: Path | None = None, late: float = 60.0) -> None:
        self.steps: dict[str, HoldUps] = {}
        self._late = late / 1000
        self._beats: list[tuple[float, float]] = []
        self._file: IO[str] | None = None if stacks is None else stacks.open("w", encoding="utf-8")
        self._timer = QTimer()
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        self._beats.append((time.perf_counter(), time.process_time()))
        if self._file is not None:
            faulthandler.dump_traceback_later(self._late, file=self._file)

    def step(self, name: str, begin: Callable[[], object], ended: Callable[[], bool], settled: float = SETTLED) -> None:
        """Do something as a click does, and watch the window until it is done and some time longer."""
        with self._beating(name) as begun:
            begin()
            wait(ended)
            seconds = time.perf_counter() - begun
            wait(lambda: False, settled)
        gaps = [min(now - then for then, now in zip(*pair, strict=True)) * 1000 for pair in pairwise(self._beats)]
        at = max(range(len(gaps)), key=gaps.__getitem__)
        over = {limit: sum(gap > limit for gap in gaps) for limit in _LIMITS}
        self.steps[name] = HoldUps(seconds, gaps[at], self._beats[at][0] - begun, over)

    @contextlib.contextmanager
    def _beating(self, name: str) -> Iterator[float]:
        self._beats.clear()
        self._timer.start()
        wait(lambda: False, 0.1)
        if self._file is not None:
            self._file.write(f"\n=== {name}\n")
            self._file.flush()
        try:
            yield time.perf_counter()
        finally:
            self._timer.stop()
            faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """Write no more stacks."""
        if self._file is not None:
            self._file.close()
            self._file = None


def wait(ended: Callable[[], bool], seconds: float | None = None) -> None:
    """Let the window live until something is so, at most for some seconds where they are given."""
    loop = QEventLoop()
    looking = QTimer()
    looking.timeout.connect(lambda: loop.quit() if ended() else None)
    looking.start(2 * BEAT)
    if seconds is not None:
        QTimer.singleShot(int(seconds * 1000), loop.quit)
    if not ended():
        loop.exec()
    looking.stop()
