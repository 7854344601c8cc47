"""Settling: what a house says is read with suspicion, each record ends up there once, and doubt stays doubt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ochp_desktop.errors import ConnectionFailed, Unconfirmed, UsageError
from ochp_desktop.jobs.declare import declare
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.settle import settle
from ochp_desktop.jobs.upload_cdrs import StateKind, upload_cdrs
from ochp_desktop.practice.answers import Refused
from ochp_desktop.practice.house import PracticeHouse
from ochp_desktop.practice.scenarios import Play

from .conftest import Desk, Row

Make = Callable[[int], list[tuple[int, Row]]]
CONFIRMED, UNCONFIRMED, REFUSED = StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.REFUSED


class Odd(Play):
    """A house that answers a request with words of its own, before it looks into its books.

    Args:
        says: what it says about records with these ids; None lets the request through.
    """

    def __init__(self, says: Callable[[], str | None]) -> None:
        super().__init__()
        self._says = says

    def before_storing(self, operation: str) -> None:
        reason = self._says()
        if reason is not None:
            raise Refused(1, reason)


def odd(house: PracticeHouse, reason: str | None) -> None:
    assert house._counter is not None
    house._counter.play = Odd(lambda: reason)


def unanswered(desk: Desk, records: list[tuple[int, Row]], scenario: str) -> None:
    """Upload, and lose the answer."""
    desk.house.set_scenario(scenario)
    done = run(upload_cdrs(desk.place, records, Cancel()))
    desk.house.set_scenario(None)
    assert done.counts[UNCONFIRMED] == min(4, len(records))
    assert done.stopped


@pytest.mark.parametrize("scenario", ["drop-before-storing", "store-then-drop", "store-then-garbage", "error-500"])
def test_an_unanswered_batch_is_settled(cdr_desk: Desk, own_records: Make, scenario: str) -> None:
    records = own_records(6)
    unanswered(cdr_desk, records, scenario)
    with pytest.raises(Unconfirmed):
        run(upload_cdrs(cdr_desk.place, records, Cancel()))
    settled = run(settle(cdr_desk.place, Cancel()))
    assert (settled.confirmed, settled.refused, settled.open) == (4, 0, 0)
    assert cdr_desk.kinds(records) == [CONFIRMED] * 4 + [StateKind.NOT_SENT] * 2
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert cdr_desk.kinds(records) == [CONFIRMED] * 6
    assert cdr_desk.at_the_house() == [texts[0] for _row, texts in records]


def test_a_house_that_only_speaks_of_duplicates_is_understood(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    unanswered(cdr_desk, records, "store-then-drop")
    cdr_desk.house.set_scenario("free-text-duplicate")
    settled = run(settle(cdr_desk.place, Cancel()))
    assert (settled.confirmed, settled.refused, settled.open) == (4, 0, 0)
    assert cdr_desk.at_the_house() == [texts[0] for _row, texts in records]


def test_a_batch_that_was_there_in_part_is_settled_by_halves(cdr_desk: Desk, own_records: Make) -> None:
    """Another program had sent one of its records."""
    records = own_records(4)
    cdr_desk.house.ledger.add_cdrs([[records[2][1]]])
    unanswered(cdr_desk, records, "drop-before-storing")
    settled = run(settle(cdr_desk.place, Cancel()))
    assert (settled.confirmed, settled.open) == (4, 0)
    assert cdr_desk.at_the_house() == [texts[0] for _row, texts in records]


@pytest.mark.parametrize("stored", [True, False])
def test_another_refusal_settles_nothing(cdr_desk: Desk, own_records: Make, stored: bool) -> None:
    """What the house took yesterday it may refuse today for another reason: refused would be a lie."""
    records = own_records(4)
    unanswered(cdr_desk, records, "store-then-drop" if stored else "drop-before-storing")
    odd(cdr_desk.house, "The period is closed")
    for by_halves in (False, True):
        settled = run(settle(cdr_desk.place, Cancel(), by_halves=by_halves))
        assert (settled.confirmed, settled.refused, settled.open) == (0, 0, 4)
        assert settled.unread == ["The period is closed"]
        assert "The period is closed" in settled.story()
        assert cdr_desk.kinds(records) == [UNCONFIRMED] * 4
    cdr_desk.house.set_scenario(None)
    assert run(settle(cdr_desk.place, Cancel())).confirmed == 4
    assert cdr_desk.at_the_house() == [texts[0] for _row, texts in records]


def test_other_content_under_the_id_is_no_confirmation(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(1)
    cdr_desk.house.ledger.add_cdrs([[(*records[0][1][:4], "9,0000", *records[0][1][5:])]])
    unanswered(cdr_desk, records, "drop-before-storing")
    settled = run(settle(cdr_desk.place, Cancel()))
    assert (settled.confirmed, settled.refused, settled.open) == (0, 0, 1)


def test_by_halves_the_bad_record_is_found_once_another_is_taken(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    unanswered(cdr_desk, records, "drop-before-storing")
    cdr_desk.house.set_scenario(f"refuse-cdr:{records[1][1][0]}")
    assert run(settle(cdr_desk.place, Cancel())).open == 4
    settled = run(settle(cdr_desk.place, Cancel(), by_halves=True))
    assert (settled.confirmed, settled.refused, settled.open) == (3, 1, 0)
    assert settled.reasons == ["Error 1"]
    assert cdr_desk.kinds(records) == [CONFIRMED, REFUSED, CONFIRMED, CONFIRMED]
    assert len(cdr_desk.at_the_house()) == 3


def test_what_the_house_told_people_is_noted(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    unanswered(cdr_desk, records, "store-then-drop")
    with pytest.raises(UsageError):
        declare(cdr_desk.place, None, there=True, words=" ")
    assert declare(cdr_desk.place, None, there=True, words="Ms Visser, on the phone") == 4
    assert cdr_desk.kinds(records) == [CONFIRMED] * 4
    assert "Visser" in cdr_desk.place.actions.history()[0].answer
    with pytest.raises(UsageError):
        declare(cdr_desk.place, None, there=True, words="again")


def test_settling_changes_nothing_when_the_house_is_away(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    unanswered(cdr_desk, records, "store-then-drop")
    cdr_desk.house.stop()
    with pytest.raises(ConnectionFailed):
        run(settle(cdr_desk.place, Cancel()))
    assert cdr_desk.kinds(records) == [UNCONFIRMED] * 4


def test_settling_stops_between_two_requests(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    unanswered(cdr_desk, records, "store-then-drop")
    cdr_desk.house.set_scenario("free-text-duplicate")
    cancel = Cancel()
    job = settle(cdr_desk.place, cancel)
    for _step in range(3):
        next(job)
    cancel.set()
    settled = run(job)
    assert settled.stopped
    assert settled.open
    assert run(settle(cdr_desk.place, Cancel())).open == 0
    assert cdr_desk.kinds(records) == [CONFIRMED] * 4
