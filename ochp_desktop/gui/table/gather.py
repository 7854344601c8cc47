"""Collecting what a generator yields in slices between the window's other work, so that nothing is held up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

_SLICE = 0.008
"""Seconds at a time."""

Item = TypeVar("Item")


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
