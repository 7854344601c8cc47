"""Who works beside the window rests: for a moment now and then, and for as long as others made him wait."""

from __future__ import annotations

import pytest

from ochp_desktop.records import turns
from ochp_desktop.records.turns import Turns


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now = self.used = 0.0
        self.rests: list[float] = []

    def work(self, seconds: float, waiting: float = 0.0) -> None:
        self.now += seconds + waiting
        self.used += seconds

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.used

    def sleep(self, seconds: float) -> None:
        self.rests.append(round(seconds, 4))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(turns, "time", clock)
    monkeypatch.setattr(turns, "_TELLS_WAITING", True)
    monkeypatch.setattr(turns, "_beside_window", True)
    return clock


@pytest.mark.parametrize(
    ("work", "waiting", "rests"),
    [
        (0.001, 0.0, []),
        (0.009, 0.0, []),
        (0.011, 0.0, [0.001]),
        (0.003, 0.003, [0.003]),
        (0.010, 0.030, [0.005]),
        (0.0001, 0.001, []),
    ],
)
def test_how_long_a_rest_is(clock: Clock, work: float, waiting: float, rests: list[float]) -> None:
    one = Turns()
    clock.work(work, waiting)
    one.rest()
    assert clock.rests == rests


def test_after_a_rest_it_begins_anew(clock: Clock) -> None:
    one = Turns()
    for _piece in range(8):
        clock.work(0.004)
        one.rest()
    assert clock.rests == [0.001, 0.001]


def test_commands_rest_for_nobody(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_beside_window", False)
    one = Turns()
    clock.work(1.0, 1.0)
    one.rest()
    assert not clock.rests
