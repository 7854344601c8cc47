"""Python's garbage is collected without holding the window up, and none of it stays for ever."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import garbage
from ochp_desktop.gui.garbage import GarbageCollector


class Knot:
    """A cycle of its own."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    assert qtbot is not None
    owner = QObject()
    collector = GarbageCollector(owner)
    yield collector
    collector.stop()
    gc.collect()


def knot() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def test_little_garbage_is_collected(collector: GarbageCollector) -> None:
    gc.collect()
    tied = knot()
    some = [[number] for number in range(2_000)]
    collector.collect()
    assert tied() is None
    assert some


def test_many_objects_are_not_looked_at_one_by_one(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = [[number] for number in range(garbage._MANY + 1_000)]
    gc.collect()
    looked: list[object] = []
    monkeypatch.setattr(sys, "getsizeof", lambda thing, _default: looked.append(thing) or 0)
    kept = [[number] for number in range(garbage._MANY + 1_000)]
    del gone  # which is taken off the count of new objects
    more = [[number] for number in range(2_000)]
    assert gc.get_count()[0] < garbage._BULK
    collector.collect()
    assert gc.get_freeze_count() > len(kept) + len(more)
    assert not looked


def test_a_large_list_is_not_walked_and_its_cycles_wait_until_the_window_is_left(collector: GarbageCollector) -> None:
    gc.collect()
    tied = knot()
    rows = [[number] for number in range(50_000)]
    collector.collect()
    assert gc.get_freeze_count() > len(rows)
    assert tied() is not None
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert tied() is None
    assert not gc.isenabled()


def test_whole_columns_are_not_walked(collector: GarbageCollector) -> None:
    gc.collect()
    tied = knot()
    column = ["x"] * 300_000
    some = [[number] for number in range(2_000)]
    collector.collect()
    assert tied() is not None
    assert gc.get_freeze_count() > len(some)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert tied() is None
    assert column


def test_who_makes_a_tuple_meanwhile_is_not_disturbed() -> None:
    """A second look at an unfinished tuple made Python end the work beside the window with a SystemError."""
    ended = threading.Event()
    failures: list[SystemError] = []

    def make() -> None:
        while not ended.is_set():
            try:
                tuple(number for number in range(50))
            except SystemError as failure:
                failures.append(failure)

    maker = threading.Thread(target=make)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    maker.start()
    try:
        for _look in range(10):
            garbage._is_long(2)
    finally:
        ended.set()
        maker.join()
        sys.setswitchinterval(interval)
    assert not failures
