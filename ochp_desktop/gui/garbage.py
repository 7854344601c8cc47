"""Collects Python's garbage in the window's thread, and never for longer than people notice."""

from __future__ import annotations

import gc
import sys
import time
from itertools import chain, repeat

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_EVERY = 1_000  # milliseconds
# So many new objects since the last look came with a list or its check; they are no garbage, and there may be millions.
_BULK = 20_000
# A walk that took so long would take longer each time.
_LONG = 0.010  # seconds
# So many objects are there with a large piece of work. The count of new ones does not tell: what is let go of meanwhile
# is taken off it. Looking at each of a million would take 90 ms.
_MANY = 300_000
# A walk looks at each text of each list, wherever it lies in memory. A container of so many bytes, a list of 12,000 or
# a dictionary of 2,500, is hardly ever there without many others like it.
_LARGE = 100_000


class GarbageCollector(QObject):
    """Collects Python's garbage in the window's thread only.

    The automatic collector runs in whichever thread allocates next; a worker would then delete widgets that are part
    of reference cycles, which Qt forbids.

    A full walk over the problems of 100,000 rows takes 150 ms, in which nothing moves. What there is much of is
    therefore frozen: it is let go of as always when nobody uses it any more, only its cycles wait. They are looked for
    when the window is no longer in front.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._frozen = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_application_state_changed)

    def collect(self) -> None:
        """Do what the automatic collector would have done by now."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] > _BULK:
            self._freeze()
            return
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                if _is_long(generation):
                    self._freeze()
                    return
                begun = time.perf_counter()
                gc.collect(generation)
                if time.perf_counter() - begun > _LONG:
                    self._freeze()
                return

    def _freeze(self) -> None:
        gc.freeze()
        self._frozen = True

    def _on_application_state_changed(self, state: Qt.ApplicationState) -> None:
        if self._frozen and state is not Qt.ApplicationState.ApplicationActive:
            gc.unfreeze()
            gc.collect()
            self._freeze()

    def stop(self) -> None:
        """Give the work back to the automatic collector."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def _is_long(generation: int) -> bool:
    """Whether what would be walked is much: very many objects, or whole columns of a table, each of a million texts.

    Each look is one call of C, in which no other thread gets its turn. Else a tuple that a worker is making at this
    moment would have a second owner here, and Python ends `tuple(...)` with a SystemError when it finds one.
    """
    if sum(map(len, map(gc.get_objects, range(generation + 1)))) > _MANY:
        return True
    objects = chain.from_iterable(map(gc.get_objects, range(generation + 1)))
    return max(map(sys.getsizeof, objects, repeat(0)), default=0) > _LARGE
