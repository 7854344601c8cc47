"""Starting a clearing: the history tells of it, also when the house's answer never came."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ochp_desktop.errors import ConnectionFailed, HouseRefused
from ochp_desktop.jobs.clear import clear
from ochp_desktop.jobs.history import Outcome, history
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.practice import samples
from ochp_desktop.practice.scenarios import BrokenAnswer, Play

from .conftest import Desk


def outcomes(desk: Desk) -> list[Outcome]:
    return [entry.outcome for entry in history(desk.place)]


def test_a_clearing_is_refused_done_or_left_without_an_answer(cdr_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = cdr_desk.place
    with pytest.raises(HouseRefused):
        run(clear(place, Cancel()))
    place.connect(replace(place.connected().profile, user=samples.ADMIN.name), samples.sample_password(samples.ADMIN))
    assert "cleared" in run(clear(place, Cancel()))

    def vanish(_play: Play, operation: str) -> None:
        if operation == "ClearCDRs":
            raise BrokenAnswer

    monkeypatch.setattr(Play, "after_storing", vanish)
    with pytest.raises(ConnectionFailed):
        run(clear(place, Cancel()))
    assert outcomes(cdr_desk) == [Outcome.UNCONFIRMED, Outcome.DONE, Outcome.REFUSED]
    assert not any(entry.counted for entry in history(place))
