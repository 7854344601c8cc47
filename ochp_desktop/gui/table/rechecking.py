"""Keeping a checker abreast of its sheet: a few rows at once, many in turns, so that an edit is shown first."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from ochp_desktop.records.checker import SLICE, Checker

# Rows that are checked before an edit is shown.
_AT_ONCE = SLICE
_TURN_SECONDS = 0.005


class Rechecking(QObject):
    """A checker, and the rows that it still has to look at.

    Signals:
        done: (ids of rows whose problems are other ones now) of an edit that was checked in turns.

    Attributes:
        checker: the checker; while `is_behind` it tells of the rows as they were.
    """

    done = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.checker: Checker | None = None
        self._steps: Iterator[set[int]] = iter(())
        self._changed: set[int] = set()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._go_on)

    @property
    def is_behind(self) -> bool:
        """Whether rows are still to be checked."""
        return self._turns.isActive()

    def use(self, checker: Checker | None) -> None:
        """Keep another checker abreast, or none; what the one before had still to do is forgotten."""
        self._turns.stop()
        self._steps = iter(())
        self._changed = set()
        self.checker = checker

    def follow(self, changed: Collection[int], gone: Collection[int]) -> set[int]:
        """Check rows that changed, and forget those that are gone: at once, or in turns where there are many.

        Returns:
            The ids of all rows whose problems changed, as far as that is known.
        """
        if self.checker is None:
            return set()
        if not self.is_behind and len(changed) + len(gone) <= _AT_ONCE:
            return self.checker.recheck(changed, gone)
        self.checker.put_off(changed, gone)
        self._steps = self.checker.catch_up()
        self._turns.start()
        return set()

    def finish(self) -> None:
        """Check now what is still to be checked."""
        if self.is_behind:
            self._go_on(seconds=float("inf"))

    def _go_on(self, seconds: float = _TURN_SECONDS) -> None:
        end = time.perf_counter() + seconds
        for some in self._steps:
            self._changed |= some
            if time.perf_counter() >= end:
                return
        changed, self._changed = self._changed, set()
        self._turns.stop()
        self.done.emit(changed)
