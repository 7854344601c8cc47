"""Sorting and filtering a table in slices: the window goes on, and the table stays as it is until all is ready."""

from __future__ import annotations

import time
from collections.abc import MutableSequence

from PySide6.QtCore import QObject, QTimer, Signal

from ochp_desktop.sheet.arranging import Conditions
from ochp_desktop.sheet.slices import Slices
from ochp_desktop.sheet.view import View

# How long a command may take by itself, and a turn of what goes on after it: less than a frame.
_TURN_SECONDS = 0.008


class Arranger(QObject):
    """Works out which rows meet some conditions; another start takes the place of the one before.

    A few thousand rows are ready before `start` returns.

    Signals:
        ready: (Conditions, their rows) to be shown.
        changed: whether it is at work is another answer now.
    """

    ready = Signal(object, object)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.wanted: Conditions | None = None
        """What is being worked out, None while there is nothing to do."""
        self._view: View | None = None
        self._slices: Slices[MutableSequence[int]] = _nothing()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._go_on)

    def start(self, view: View, conditions: Conditions) -> None:
        """Work out what these conditions would show."""
        before = self.wanted
        self._view, self.wanted = view, conditions
        self._slices = view.arrange(conditions)
        self._go_on()
        if self.wanted is not None:
            self._turns.start()
            if before is None:
                self.changed.emit()

    def begin_again(self) -> None:
        """The sheet has changed: what was found so far does not count."""
        if self._view is not None and self.wanted is not None:
            self._slices = self._view.arrange(self.wanted)

    def stop(self) -> None:
        """Forget about it."""
        self._let_go()
        if self.wanted is not None:
            self.wanted = None
            self.changed.emit()

    def _let_go(self) -> None:
        """A sheet that is closed shall be gone."""
        self._turns.stop()
        self._view, self._slices = None, _nothing()

    def _go_on(self) -> None:
        end = time.perf_counter() + _TURN_SECONDS
        while True:
            try:
                next(self._slices)
                if time.perf_counter() >= end:
                    return
            except StopIteration as found:
                conditions, self.wanted = self.wanted, None
                self._let_go()
                self.ready.emit(conditions, found.value)
                self.changed.emit()
                return


def _nothing() -> Slices[MutableSequence[int]]:
    return []
    yield
