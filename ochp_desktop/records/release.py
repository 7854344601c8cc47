"""Letting go of large tables in slices: freed at once, a million texts would hold the whole program up for a moment."""

from __future__ import annotations

import atexit
import contextlib
import gc
import queue
import sys
import threading
import time
import weakref
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Protocol

from ochp_desktop.records.parted import Parted

_Parts = list[dict[object, object] | list[object] | set[object]]

# Fewer than this are freed within a few milliseconds.
_AT_ONCE = 50_000
_SLICE = 4_000
# Between two slices whoever waits for the interpreter gets it. To hand it over for one costs a window that works
# meanwhile some tenths of a millisecond.
_PAUSE = 0.002  # seconds
# What is let go of makes room for something that the window shows just then.
_UNTIL_SHOWN = 0.2  # seconds
# Of fewer than this there is nothing worth giving back to the system.
_LARGE = 500_000
# One after the other, as several at the same time would leave no pauses. Both may be used at any moment, in the middle
# of their own use as well: Python lets go of things whenever it likes.
_WAITING: queue.SimpleQueue[_Parts] = queue.SimpleQueue()
_WORKING = threading.Lock()


class HasParts(Protocol):
    """Something that grows with a table."""

    def parts(self) -> Iterable[object]:
        """Its containers that grow with the table, and that nobody else uses; always the same ones."""


class Columns(list[list[str]]):
    """A table's texts, one list per field; taken apart in slices when nobody needs them any more.

    The lists stay the same ones for as long as the columns are there.
    """

    def __init__(self, columns: Iterable[list[str]]) -> None:
        super().__init__(columns)
        release_with(self, *self)


def release_with(owner: object, *parts: object) -> None:
    """When the owner is gone, take its parts apart in slices, beside everything else.

    Whoever lets go of the owner last, in whatever thread, does not wait for it. So the parts must be used by nobody
    who does not hold the owner.

    Args:
        owner: anything that can be weakly referenced.
        parts: its dictionaries, lists and sets. Values that are large containers themselves are taken apart as well.
    """
    weakref.finalize(owner, _release, parts).atexit = False


def let_go(*parts: object) -> None:
    """Take apart in slices, beside everything else, what nobody needs any more."""
    _release(chain.from_iterable(part.parts() if isinstance(part, Parted) else (part,) for part in parts))


def _release(parts: Iterable[object]) -> None:
    large = [part for part in parts if isinstance(part, dict | list | set)]
    if sum(map(len, large)) > _AT_ONCE:
        _spare_the_end()
        _WAITING.put(large)
        if _WORKING.acquire(blocking=False):
            try:
                # A daemon: what is left when the program ends goes with it.
                threading.Thread(target=_work, name="release", daemon=True).start()
            except RuntimeError:
                _WORKING.release()  # no more threads: the next one takes this along


@cache
def _spare_the_end() -> None:
    """Have Python's end not walk, four times over, what is left of large tables then."""
    atexit.register(gc.freeze)


def _work() -> None:
    """Take apart what waits, until there is nothing more."""
    while True:
        try:
            time.sleep(_UNTIL_SHOWN)
            taken = 0
            with contextlib.suppress(queue.Empty):
                while True:
                    taken += _take_apart(_WAITING.get_nowait())
            if taken > _LARGE:
                _give_back()
        finally:
            _WORKING.release()
        # Whoever came before that has left it to this thread.
        if _WAITING.empty() or not _WORKING.acquire(blocking=False):
            return


def _take_apart(parts: _Parts) -> int:
    """How many values there were."""
    taken = 0
    while parts:
        part = parts.pop()
        while part:
            some = _some_of(part)
            taken += len(some)
            parts += [value for value in some if isinstance(value, dict | list | set) and len(value) > _SLICE]
            del some
            time.sleep(_PAUSE)
    return taken


def _give_back() -> None:
    """Give the free memory back to the system; glibc keeps pages that are free between others to itself."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _some_of(part: dict[object, object] | list[object] | set[object]) -> list[object]:
    """Take some values out."""
    if isinstance(part, list):
        some = part[-_SLICE:]
        del part[-_SLICE:]
        return some
    take = part.popitem if isinstance(part, dict) else part.pop
    return [take() for _ in range(min(_SLICE, len(part)))]
