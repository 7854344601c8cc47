"""Comparing versions of the list, following a card through them, taking rows back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ochp_desktop.errors import Cancelled, UsageError
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.list_versions import Happened, Kind, card_history, compare_versions, list_versions
from ochp_desktop.jobs.restore_rows import restore_edit
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

Row = tuple[str, ...]
HOUSE, USER = "house.example/ochp", "desk"


def card(number: int, expiry: str = "31/12/2027", pin: str = "") -> Row:
    token = f"04A2{number:010X}"
    return (f"NL-TNM-{number:06}-1", "2", "1", token, f"P{number}", expiry, pin, "0", "1", "")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace.open(tmp_path)
    place.connect(Profile(name="", endpoint="https://house.example/ochp", user=USER), "")
    yield place
    place.close()


def keep(place: Workplace, rows: list[Row], day: int) -> None:
    connection = place.connected()
    when = datetime(2026, 3, day, 9, tzinfo=UTC)
    place.lists.save_version(connection.house, connection.user, rows, when=when)


def test_any_two_versions_are_compared(place: Workplace) -> None:
    cards = [card(number) for number in range(3000)]
    keep(place, cards, 1)
    later = [card(7, "30/06/2029", "1234"), *cards[:7], *cards[8:100], *cards[101:], card(5000)]
    keep(place, later, 2)
    keep(place, cards, 3)
    third, second, first = list_versions(place)
    found = run(compare_versions(place, second, first, Cancel()))
    assert (found.old, found.new) == (first, second), "the older one is the old one in whatever order they are named"
    assert [found.count(kind) for kind in (Kind.ADDED, Kind.CHANGED, Kind.REMOVED)] == [1, 1, 1]
    assert found.same == 2998
    by_kind = {line.kind: line for line in found.lines}
    assert by_kind[Kind.REMOVED].old == cards[100]
    assert by_kind[Kind.ADDED].row == card(5000)
    told = by_kind[Kind.CHANGED].changes()
    assert "31/12/2027 → 30/06/2029" in told
    assert "1234" not in told, "a PIN is not shown"
    same = run(compare_versions(place, first, third, Cancel()))
    assert (list(same.lines), same.same) == ([], 3000)


def test_a_comparison_can_be_stopped(place: Workplace) -> None:
    keep(place, [card(1)], 1)
    keep(place, [card(2)], 2)
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        run(compare_versions(place, *list_versions(place), cancel))


@pytest.mark.parametrize("asked", ["04:A2:00:00:00:00:02", "nl-tnm-000002-1", "NLTNM0000021", "P2"])
def test_when_did_the_card_disappear(place: Workplace, asked: str) -> None:
    keep(place, [card(1)], 1)
    keep(place, [card(1), card(2)], 2)
    keep(place, [card(1), card(2, "01/01/2030")], 3)
    connection = place.connected()
    refused = place.lists.begin_version(connection.house, connection.user, [card(9)])
    place.lists.refuse(refused, 4, "no")
    keep(place, [card(1)], 5)
    found = run(card_history(place, asked, Cancel()))
    assert [(event.what, event.version.when.day) for event in found.events] == [
        (Happened.APPEARED, 2),
        (Happened.CHANGED, 3),
        (Happened.VANISHED, 5),
    ]
    assert found.events[-1].row == card(2, "01/01/2030"), "what it was last"
    assert "01/01/2030" in found.events[1].changes
    assert "disappeared" in found.story()
    assert "2026-03-05" in found.story()


def test_a_card_that_is_there_or_never_was(place: Workplace) -> None:
    assert "No list" in run(card_history(place, "1", Cancel())).story()
    keep(place, [card(1)], 1)
    assert "newest version" in run(card_history(place, card(1)[3], Cancel())).story()
    assert "none of" in run(card_history(place, "04FFFFFFFFFFFF", Cancel())).story()
    with pytest.raises(UsageError):
        run(card_history(place, "  ", Cancel()))


def test_restoring_is_one_step_that_can_be_undone() -> None:
    sheet = Sheet(TOKENS)
    sheet.load([card(1), card(2, "01/01/2030"), card(3)])
    before = sheet.rows_texts()
    sheet.apply(restore_edit(sheet, [card(2), card(4), card(5, pin="0042")]))
    assert sheet.rows_texts() == [card(1), card(2), card(3), card(4), card(5, pin="0042")]
    sheet.undo()
    assert sheet.rows_texts() == before
    assert not restore_edit(sheet, [card(1)]), "what is just so already changes nothing"
