"""Leaving others their turn: who works piece by piece beside the window rests for a moment now and then."""

from __future__ import annotations

import sys
import time

_WORK, _REST = 0.010, 0.001  # seconds of work, and of rest after it
# So much of the time must be waiting to be a sign that others are at work; from so many seconds on it can be told.
_SHARE, _SHORT = 0.25, 0.002
_LONGEST = 0.005  # seconds
# Windows counts a thread's time in steps of 16 ms: too coarse to tell who waits.
_TELLS_WAITING = sys.platform != "win32"

_beside_window = False


def work_beside_window() -> None:
    """From now on there is a window in this process, which must get its turns; commands need not rest for anybody."""
    global _beside_window  # noqa: PLW0603 - a fact about the process
    _beside_window = True


class Turns:
    """To be asked after each piece, by the thread that made it.

    Who reads, writes or compresses piece by piece lets go of the interpreter again and again, but so briefly that a
    waiting thread comes too late each time and never asks for its turn: the window would stand still.

    Who had to wait for the interpreter himself, because the window or another worker has it, rests for as long as he
    has waited: so the window, which asks for it hundreds of times to show a strip, gets it for most of that time.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._begun, self._used = time.monotonic(), time.thread_time()

    def rest(self) -> None:
        """Rest, when it is time."""
        if not _beside_window:
            return
        passed = time.monotonic() - self._begun
        if passed < _SHORT:
            return
        waited = passed - (time.thread_time() - self._used) if _TELLS_WAITING else 0.0
        if waited > passed * _SHARE:
            time.sleep(min(waited, _LONGEST))
        elif passed > _WORK:
            time.sleep(_REST)
        else:
            return
        self._begin()
