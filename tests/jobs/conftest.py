"""A practice house in this process, a desk connected to it, and records to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ochp_desktop.jobs.upload_cdrs import StateKind, known_states
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.practice import samples
from ochp_desktop.practice.house import PracticeHouse

Row = tuple[str, ...]


class Desk:
    """Someone at a computer, connected to a house."""

    def __init__(self, folder: Path, house: PracticeHouse, batch_size: int = 4) -> None:
        self.house = house
        self.place = Workplace.open(folder)
        profile = Profile(
            name="",
            endpoint=house.url,
            user=samples.OWN.name,
            provider_id=samples.OWN.provider_id,
            batch_size=batch_size,
            practice=True,
        )
        self.place.connect(profile, samples.sample_password(samples.OWN))

    def kinds(self, records: list[tuple[int, Row]]) -> list[StateKind]:
        states = known_states(self.place, records)
        return [states[row].kind if row in states else StateKind.NOT_SENT for row, _texts in records]

    def at_the_house(self, prefix: str = "T-") -> list[str]:
        with self.house.ledger._reading() as books:
            found = books.execute("SELECT cdr_key FROM cdrs WHERE cdr_key LIKE ? ORDER BY 1", (f"{prefix}%",))
            return [cdr_id for (cdr_id,) in found]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeHouse]:
    with PracticeHouse(tmp_path / "practice-house") as house:
        yield house


@pytest.fixture
def cdr_desk(tmp_path: Path, practice: PracticeHouse) -> Iterator[Desk]:
    desk = Desk(tmp_path / "cdr-desk", practice)
    yield desk
    desk.place.close()


@pytest.fixture(scope="session")
def own_records() -> Callable[[int], list[tuple[int, Row]]]:
    """Valid records with row ids."""
    cards = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))

    def make(count: int) -> list[tuple[int, Row]]:
        starts = [datetime(2025, 9, 20, 8, tzinfo=UTC) + timedelta(minutes=9 * number) for number in range(count)]
        return list(enumerate(samples.cdrs(samples.OWN, samples.LADENETZ, cards, starts, "T-"), 100))

    return make
