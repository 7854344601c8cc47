"""Each way to misbehave does what its sentence says, and then the house behaves again."""

from __future__ import annotations

import random

import pytest
import requests.exceptions
import zeep.exceptions

from ochp_desktop.errors import UsageError
from ochp_desktop.practice import samples
from ochp_desktop.practice.answers import ResultCode
from ochp_desktop.practice.house import PracticeHouse
from ochp_desktop.practice.scenarios import SCENARIOS, Play

from .conftest import Opener, Stack, own_cdrs, own_tokens

SENT = own_cdrs(4)
BROKEN = (requests.exceptions.ConnectionError, zeep.exceptions.Error)


@pytest.mark.parametrize(
    ("scenario", "error", "stored"),
    [
        ("drop-before-storing", requests.exceptions.ConnectionError, False),
        ("store-then-drop", requests.exceptions.ConnectionError, True),
        ("store-then-garbage", zeep.exceptions.Error, True),
        ("error-500", zeep.exceptions.Error, False),
        ("full-disk", zeep.exceptions.Fault, False),
    ],
)
def test_broken_once(shared_house: PracticeHouse, scenario: str, error: type[Exception], stored: bool) -> None:
    own = Stack(shared_house, samples.OWN)
    shared_house.set_scenario(None)
    own.set_list(own_tokens(2))
    before = shared_house.ledger.count_cdrs(cleared=False)
    rows = [(f"{scenario} {row[0]}", *row[1:]) for row in SENT]
    shared_house.set_scenario(scenario)
    with pytest.raises(error):
        own.add_cdrs(rows)
    assert shared_house.ledger.count_cdrs(cleared=False) == before + len(rows) * stored
    assert own.add_cdrs(rows).resultCode == (ResultCode.ALREADY_RECEIVED if stored else ResultCode.OK)
    shared_house.set_scenario(f"{scenario}:2")
    for _time in range(2):
        with pytest.raises(error):
            own.set_list(own_tokens(5))
    assert len(list(shared_house.ledger.tokens(samples.OWN.provider_id))) == (5 if stored else 2)
    assert own.set_list(own_tokens(3)).resultCode == 0
    shared_house.set_scenario(None)


def test_expire_token(shared_house: PracticeHouse) -> None:
    own = Stack(shared_house, samples.OWN)
    shared_house.set_scenario("expire-token")
    rows = [(f"expire {row[0]}", *row[1:]) for row in SENT]
    assert own.add_cdrs(rows[:2]).resultCode == 0
    with pytest.raises(zeep.exceptions.Fault, match="expired"):
        own.add_cdrs(rows[2:])
    own = Stack(shared_house, samples.OWN)
    assert own.add_cdrs(rows[2:]).resultCode == 0
    assert own.add_cdrs(rows[2:]).resultCode == ResultCode.ALREADY_RECEIVED


def test_refuse_cdr(shared_house: PracticeHouse) -> None:
    own = Stack(shared_house, samples.OWN)
    rows = [(f"refuse {row[0]}", *row[1:]) for row in SENT]
    shared_house.set_scenario(f"refuse-cdr:{rows[2][0]}")
    for batch in (rows, rows[2:3], rows[2:]):
        answer = own.add_cdrs(batch)
        assert answer.resultCode == ResultCode.INVALID
        assert rows[2][0] not in answer.resultDescription
    assert own.add_cdrs(rows[:2]).resultCode == 0
    assert own.add_cdrs(rows[3:]).resultCode == 0


def test_free_text_duplicate(shared_house: PracticeHouse) -> None:
    own = Stack(shared_house, samples.OWN)
    shared_house.set_scenario("free-text-duplicate")
    rows = [(f"free {row[0]}", *row[1:]) for row in SENT]
    assert own.add_cdrs(rows).resultCode == 0
    answer = own.add_cdrs(rows)
    assert answer.resultCode == ResultCode.INVALID
    assert "already received" not in answer.resultDescription


def test_slow_answers_end_with_the_house(tmp_path: object) -> None:
    """A stopping house keeps nobody waiting."""
    play = Play("slow:3600")
    play._stopped.set()
    assert play.on_arrival("GetCDRs") is False


def test_scenarios_are_checked_when_named() -> None:
    for text in ("unknown", "slow:soon", "error-500:0", "free-text-duplicate:3"):
        with pytest.raises(UsageError):
            Play(text)
    for scenario in SCENARIOS.values():
        Play(scenario.name)
    Play("refuse-cdr:X:1")
    for scenario in SCENARIOS.values():
        assert scenario.text.endswith(".")


def test_dies_and_comes_back_with_what_it_had_stored(open_house: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ochp_desktop.practice.house.DEAD_SECONDS", 0.05)
    house = open_house()
    own = Stack(house, samples.OWN)
    before = house.ledger.count_cdrs(cleared=False)
    places: set[str] = set()
    for seed in range(8):
        rows = [(f"dies {seed} {row[0]}", *row[1:]) for row in SENT]
        play = Play("dies", chance=random.Random(seed))
        assert house._counter is not None
        house._counter.play = play
        answered = 0
        while not answered:
            try:
                assert own.add_cdrs(rows).resultCode in {0, ResultCode.ALREADY_RECEIVED}
            except requests.exceptions.ConnectionError:
                places.add("died")
            else:
                answered = 1
        before += len(rows)
        assert house.ledger.count_cdrs(cleared=False) == before
    assert places


def test_each_scenario_says_what_happens_and_what_to_do() -> None:
    for scenario in SCENARIOS.values():
        assert scenario.text.count(".") >= 2 or "nothing to do" in scenario.text, scenario.name


def test_refuse_cdr_chooses_one_where_none_is_named(shared_house: PracticeHouse) -> None:
    own = Stack(shared_house, samples.OWN)
    rows = [(f"choose {row[0]}", *row[1:]) for row in SENT]
    shared_house.set_scenario("refuse-cdr")
    assert own.add_cdrs(rows[:2]).resultCode == 0
    assert own.add_cdrs(rows[2:]).resultCode == ResultCode.INVALID, "the third that came"
    assert own.add_cdrs(rows[3:]).resultCode == 0
    assert own.add_cdrs(rows[2:3]).resultCode == ResultCode.INVALID
