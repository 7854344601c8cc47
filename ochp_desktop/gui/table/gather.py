"""Long work in slices between the window's other work, so that nothing is held up."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from ochp_desktop.sheet.slices import Slices

_SLICE = 0.008
"""Seconds at a time."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Turns(Generic[Result]):
    """Work that is done in slices; what does not pause is done when this was made.

    Args:
        owner: when it is gone, nothing more is done.
        start: begins the work; called again when the state has changed in between.
        state: changes with what the work reads.
        done: gets the result.
    """

    def __init__(
        self,
        owner: QObject,
        start: Callable[[], Slices[Result]],
        state: Callable[[], object],
        done: Callable[[Result], object],
    ) -> None:
        self._owner = owner
        self._work: tuple[Callable[[], Slices[Result]], Callable[[], object], Callable[[Result], object]] | None
        self._work = start, state, done
        self._begun, self._steps = state(), start()
        self._go_on(_SLICE)

    @property
    def is_done(self) -> bool:
        """Whether nothing more will be done."""
        return self._work is None

    def finish(self) -> None:
        """Do the rest now."""
        self._go_on(math.inf)

    def forget(self) -> None:
        """Do nothing more, and hold nothing more that the work was about."""
        self._work = self._begun = None
        self._steps.close()

    def _go_on(self, seconds: float) -> None:
        if self._work is None:
            return
        start, state, done = self._work
        if state() != self._begun:
            self._begun, self._steps = state(), start()
        end = time.monotonic() + seconds
        while True:
            try:
                next(self._steps)
            except StopIteration as found:
                self.forget()
                done(found.value)
                return
            if time.monotonic() > end:
                QTimer.singleShot(0, self._owner, lambda: self._go_on(_SLICE))
                return


def gather(
    owner: QObject,
    start: Callable[[], Iterator[Item | None]],
    state: Callable[[], object],
    done: Callable[[list[Item]], object],
) -> None:
    """Collect the items that are not None; what takes no longer than a slice is done before this returns.

    Args:
        owner: when it is gone, nothing more is done.
        start: makes the generator; called again when the state has changed in between.
        state: changes with what the generator reads.
        done: gets the items.
    """
    items: list[Item] = []
    begun, steps = state(), start()

    def go_on() -> None:
        nonlocal begun, steps
        if state() != begun:
            items.clear()
            begun, steps = state(), start()
        end = time.monotonic() + _SLICE
        for item in steps:
            if item is not None:
                items.append(item)
            if time.monotonic() > end:
                QTimer.singleShot(0, owner, go_on)
                return
        done(items)

    go_on()
