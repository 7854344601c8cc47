"""What the rules know of earlier uploads is read once, however long the journal is, and told as of the check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.known_power import KnownPower
from ochp_desktop.jobs.known_sent import KnownSent
from ochp_desktop.jobs.upload_cdrs import upload_cdrs
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.database import Database
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.reports import Reports
from ochp_desktop.store.settings import Settings
from ochp_desktop.store.states import StateKind

from .conftest import Desk, Row

Make = Callable[[int], list[tuple[int, Row]]]
HOUSE = "house.example"


class CountingJournal(Journal):
    """Notes what is read of it."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.read: list[object] = []

    def sent_keys(self, house: str, since: str = "") -> dict[tuple[str, str], str]:
        found = super().sent_keys(house, since)
        self.read.append(len(found))
        return found

    def batch(self, batch_id: int) -> object:  # type: ignore[override]
        self.read.append(batch_id)
        return super().batch(batch_id)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[CountingJournal]:
    database = Database(tmp_path / "store.sqlite")
    yield CountingJournal(database)
    database.close()


def confirm(journal: Journal, records: list[tuple[int, Row]]) -> int:
    batch = journal.begin_batch(HOUSE, "me", [texts for _row, texts in records], upload="u")
    journal.confirm(batch, "ok")
    return batch


def test_confirmed_records_are_read_when_asked_and_only_once(journal: CountingJournal, own_records: Make) -> None:
    records = own_records(20)
    confirm(journal, records[:4])
    known = KnownSent(journal)
    first = known.at(HOUSE)
    assert journal.read == [], "a list of cards never asks"
    assert len(first) == 4
    second = known.at(HOUSE)
    assert dict(second) == dict(first)
    assert journal.read == [4]
    confirm(journal, records[4:6])
    third = known.at(HOUSE)
    assert len(third) == 6
    assert len(first) == 4, "a check that was made before does not see what was confirmed after it"
    assert set(first) < set(third)
    assert dict(third) == Journal.sent_keys(journal, HOUSE)
    assert known.at("elsewhere.example") == {}
    for one in range(6, 20):
        confirm(journal, records[one : one + 1])
        assert dict(known.at(HOUSE)) == Journal.sent_keys(journal, HOUSE)


def test_a_clock_that_was_set_back_hides_nothing(journal: CountingJournal, own_records: Make) -> None:
    records = own_records(4)
    confirm(journal, records[:2])
    known = KnownSent(journal)
    assert len(known.at(HOUSE)) == 2
    confirm(journal, records[2:])
    with journal._db.write() as c:
        c.execute("UPDATE batches SET ended = '2001-01-01T00:00:00.000000+00:00' WHERE id = 2")
    assert len(known.at(HOUSE)) == 4


def test_the_power_of_a_session_is_worked_out_once_for_all_starts(
    journal: CountingJournal, own_records: Make, tmp_path: Path
) -> None:
    records = own_records(6)
    one = confirm(journal, records[:3])
    place = Workplace.open(tmp_path / "other")
    facts = place.facts()
    place.close()
    settings = Settings(journal._db)
    seen = KnownPower(journal, settings).seen(HOUSE, facts)
    assert seen
    assert KnownPower(journal, settings).seen(HOUSE, facts) == seen, "after another start of the program"
    two = confirm(journal, records[3:])
    more = KnownPower(journal, settings).seen(HOUSE, facts)
    assert sum(peak.records for peak in more.values()) > sum(peak.records for peak in seen.values())
    assert journal.read == [one, two]
    settings.set(f"power of {HOUSE}", {"limit": None, "batches": "?", "peaks": []})
    assert KnownPower(journal, settings).seen(HOUSE, facts) == more, "what cannot be read is worked out anew"


def test_states_of_uploads_are_those_of_their_records(cdr_desk: Desk, own_records: Make) -> None:
    place = cdr_desk.place
    records = own_records(10)
    run(upload_cdrs(place, records[:5], Cancel()))
    wrong = [(row, (*texts[:2], texts[1].replace("2025", "2024"), *texts[3:])) for row, texts in records[5:]]
    result = run(upload_cdrs(place, wrong, Cancel()))
    assert result.counts[StateKind.REFUSED]
    with place.database.read() as c:
        counted = c.execute(
            "SELECT upload, cdr_states.state, count(*) FROM cdr_states JOIN batches ON batches.id = batch "
            "WHERE upload != '' GROUP BY 1, 2"
        ).fetchall()
    told = Reports(place.database).states_of_uploads()
    flat = [(upload, kind.value, count) for upload, kinds in told.items() for kind, count in kinds.items()]
    assert sorted(flat) == sorted(counted)
    assert Reports(place.database).states_of_uploads(result.upload) == {result.upload: told[result.upload]}
