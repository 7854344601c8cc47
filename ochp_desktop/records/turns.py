"""Leaving others their turn: who works piece by piece beside the window rests for a moment now and then."""

from __future__ import annotations

import time

_WORK, _REST = 0.010, 0.001  # seconds of work, and of rest after it


class Turns:
    """To be asked after each piece.

    Who reads, writes or compresses piece by piece lets go of the interpreter again and again, but so briefly that a
    waiting thread comes too late each time and never asks for its turn: the window would stand still.
    """

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def rest(self) -> None:
        """Rest, when it is time."""
        if time.monotonic() - self._begun > _WORK:
            time.sleep(_REST)
            self._begun = time.monotonic()
