"""Sending the whole list: only where it was compared, not long after, and not past another list sent meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.jobs.download_list import uploaded_keys
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.list_change import token_key
from ochp_desktop.jobs.upload_list import compare_list, upload_list
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.practice import samples
from ochp_desktop.practice.house import PracticeHouse
from ochp_desktop.protocol.client import Client
from ochp_desktop.store.lists import ListState

from .conftest import Desk

CARDS = samples.tokens(samples.OWN, 30, date(2031, 1, 31))


@pytest.fixture
def desks(tmp_path: Path, practice: PracticeHouse) -> Iterator[tuple[Desk, Desk]]:
    """Two windows of the program over one data folder."""
    pair = Desk(tmp_path / "desk", practice), Desk(tmp_path / "desk", practice)
    yield pair
    for desk in pair:
        desk.place.close()


def states(place: Workplace) -> list[ListState]:
    connection = place.connected()
    return [version.state for version in place.lists.versions(connection.house, connection.user)]


def at_the_house(place: Workplace) -> set[str]:
    rows = place.connected().client().get_list()
    return {token_key(row) for row in rows} & {token_key(card) for card in CARDS}


def test_a_list_never_follows_one_that_it_was_not_compared_with(desks: tuple[Desk, Desk]) -> None:
    """Both windows look at the same list; the cards that the first adds must not vanish with the second's upload."""
    one, other = (desk.place for desk in desks)
    first = run(compare_list(one, CARDS[:20], Cancel()))
    second = run(compare_list(other, CARDS[:10], Cancel()))
    run(upload_list(one, first, Cancel(), len(first.removed)))
    with pytest.raises(UsageError, match="compare again"):
        run(upload_list(other, second, Cancel(), len(second.removed)))
    assert len(at_the_house(one)) == 20
    assert states(other) == [ListState.CONFIRMED], "what was not sent is no version"
    again = run(compare_list(other, CARDS[:10], Cancel()))
    assert len(again.removed) >= 10, "now they are seen"
    run(upload_list(other, again, Cancel(), len(again.removed)))
    assert len(at_the_house(one)) == 10


def test_only_one_list_is_on_its_way(desks: tuple[Desk, Desk]) -> None:
    one, other = (desk.place for desk in desks)
    connection = one.connected()
    on_its_way = one.lists.begin_version(connection.house, connection.user, CARDS[:3])
    change = run(compare_list(other, CARDS[:20], Cancel()))
    with pytest.raises(UsageError, match="sending one now"):
        run(upload_list(other, change, Cancel(), len(change.removed)))
    one.lists.refuse(on_its_way, 4, "no")
    change = run(compare_list(other, CARDS[:20], Cancel()))
    run(upload_list(other, change, Cancel(), len(change.removed)))
    assert len(at_the_house(one)) == 20


def test_a_list_goes_only_where_it_was_compared(cdr_desk: Desk) -> None:
    place = cdr_desk.place
    change = run(compare_list(place, CARDS[:20], Cancel()))
    place.connect(replace(place.connected().profile, user=samples.ADMIN.name), samples.sample_password(samples.ADMIN))
    with pytest.raises(UsageError, match="another clearing house"):
        run(upload_list(place, change, Cancel(), len(change.removed)))
    assert states(place) == []


def test_an_old_comparison_does_not_count(cdr_desk: Desk) -> None:
    change = run(compare_list(cdr_desk.place, CARDS[:20], Cancel()))
    old = replace(change, compared=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(UsageError, match="compare again"):
        run(upload_list(cdr_desk.place, old, Cancel(), len(old.removed)))
    run(upload_list(cdr_desk.place, change, Cancel(), len(change.removed)))


def test_a_bug_while_sending_leaves_the_list_unconfirmed(cdr_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = cdr_desk.place
    change = run(compare_list(place, CARDS[:20], Cancel()))

    def stumbles(*_rows: object, **_more: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Client, "set_list", stumbles)
        with pytest.raises(ZeroDivisionError):
            run(upload_list(place, change, Cancel(), len(change.removed)))
    assert states(place) == [ListState.UNCONFIRMED]
    assert uploaded_keys(place, place.connected()) >= {token_key(card) for card in CARDS[:20]}, "the house may have it"
    change = run(compare_list(place, CARDS[:20], Cancel()))
    run(upload_list(place, change, Cancel(), len(change.removed)))


def test_a_verdict_that_cannot_be_written_does_not_lock_the_next_upload_out(
    cdr_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = cdr_desk.place
    change = run(compare_list(place, CARDS[:20], Cancel()))
    with monkeypatch.context() as patch:

        def full(*_args: object, **_more: object) -> None:
            raise StoreError("Disk full", "There is no room left.")

        patch.setattr("ochp_desktop.store.lists.close_action", full)
        with pytest.raises(StoreError):
            run(upload_list(place, change, Cancel(), len(change.removed)))
    assert states(place) == [ListState.UNCONFIRMED]
    change = run(compare_list(place, CARDS[:25], Cancel()))
    run(upload_list(place, change, Cancel(), len(change.removed)))
    assert len(at_the_house(place)) == 25


def test_cards_disappear_only_when_that_many_were_agreed_to(cdr_desk: Desk) -> None:
    place = cdr_desk.place
    change = run(compare_list(place, CARDS[:20], Cancel()))
    run(upload_list(place, change, Cancel(), len(change.removed)))
    change = run(compare_list(place, CARDS[:15], Cancel()))
    assert len(change.removed) == 5
    for agreed in (0, 4):
        with pytest.raises(UsageError, match="disappear"):
            run(upload_list(place, change, Cancel(), agreed))
    assert len(at_the_house(place)) == 20
    run(upload_list(place, change, Cancel(), 5))
    assert len(at_the_house(place)) == 15
    taken_out = {token_key(card) for card in CARDS[15:20]}
    assert not taken_out & set(uploaded_keys(place, place.connected())), "who has them now need not be us"
