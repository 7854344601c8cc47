"""Keeping a checker abreast of its sheet: a few rows at once, many in turns, so that an edit is shown first."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from ochp_desktop.records.checker import SLICE, Checker
from ochp_desktop.sheet.edit import Edit

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
        self._edits: list[Edit] = []
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
        self._edits = []
        self._steps = iter(())
        self._changed = set()
        self.checker = checker

    def follow(self, edit: Edit) -> set[int]:
        """Check the rows that an edit changed, and forget those that it took out: at once, or in turns if many.

        Returns:
            The ids of all rows whose problems changed, as far as that is known.
        """
        if self.checker is None:
            return set()
        # Even looking which rows they are waits until the edit is shown.
        if not self.is_behind and not edit.touches_more_than(_AT_ONCE):
            return self.checker.recheck(edit.touched(), edit.gone())
        self._edits.append(edit)
        self._turns.start()
        return set()

    def finish(self) -> None:
        """Check now what is still to be checked."""
        if self.is_behind:
            self._go_on(seconds=float("inf"))

    def _go_on(self, seconds: float = _TURN_SECONDS) -> None:
        end = time.perf_counter() + seconds
        if self._edits and self.checker is not None:
            for edit in self._edits:
                self.checker.put_off(edit.touched(), edit.gone())
            self._edits = []
            self._steps = self.checker.catch_up()
        for some in self._steps:
            self._changed |= some
            if time.perf_counter() >= end:
                return
        changed, self._changed = self._changed, set()
        self._turns.stop()
        self.done.emit(changed)
