"""Will this card work: what the three lists, the partners and the dates say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ochp_desktop.errors import Cancelled
from ochp_desktop.jobs.card_lookup import CardReport, look_up
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS

TODAY = date(2026, 11, 1)
GOOD = {field.name: field.example for field in TOKENS}


def row(**texts: str) -> tuple[str, ...]:
    return tuple((GOOD | texts)[name] for name in TOKENS.names)


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace.open(tmp_path)
    place.connect(Profile("house", "http://127.0.0.1:9/", "me", provider_id="NL-TNM"), "x")
    yield place
    place.close()


def ask(workplace: Workplace, asked: str, rows: list[tuple[str, ...]] | None = None) -> CardReport:
    job = look_up(workplace, rows, asked, TODAY, Cancel())
    while True:
        try:
            next(job)
        except StopIteration as end:
            report: CardReport = end.value
            return report


def upload(workplace: Workplace, *rows: tuple[str, ...]) -> None:
    workplace.lists.save_version("http://127.0.0.1:9/", "me", rows)


def download(workplace: Workplace, *rows: tuple[str, ...]) -> None:
    connection = workplace.connected()
    workplace.lists.save_global(connection.house, connection.user, rows, datetime.now(UTC))


def test_a_card_that_is_nowhere(workplace: Workplace) -> None:
    download(workplace, row())
    report = ask(workplace, "00000001", [row()])
    assert report.works is False
    assert "none of the lists" in report.verdict


@pytest.mark.parametrize("asked", ["9f:3a:07:c4", "C4073A9F", "2671380420", "NL-TNM-C00122045-K", "01200345"])
def test_a_card_is_found_by_any_of_its_numbers(workplace: Workplace, asked: str) -> None:
    rows = [row()]
    connection = workplace.connected()
    workplace.lists.save_version(connection.house, connection.user, rows)
    download(workplace, *rows)
    report = ask(workplace, asked, rows)
    assert report.works is True
    assert [bool(place.rows) for place in report.places] == [True, True, True]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"expiryDate": "31/10/2026"}, "expired on 31/10/2026"),
        ({"tokenActivated": "0"}, "switched off"),
        ({"tokenId": "8804AB12"}, "begins with 88"),
    ],
)
def test_why_a_card_does_not_work(workplace: Workplace, texts: dict[str, str], said: str) -> None:
    download(workplace, row(**texts))
    report = ask(workplace, (GOOD | texts)["tokenId"], None)
    assert report.works is False
    assert any(said in answer.text for answer in report.answers if answer.ok is False)


def test_a_card_that_the_house_does_not_have_yet(workplace: Workplace) -> None:
    download(workplace)
    report = ask(workplace, GOOD["tokenId"], [row()])
    assert report.works is False
    assert any("charge points of partners do not know it" in answer.text for answer in report.answers)


def test_without_a_downloaded_list_nobody_can_tell(workplace: Workplace) -> None:
    report = ask(workplace, GOOD["tokenId"], [row()])
    assert report.works is None


def test_the_partner_is_named(workplace: Workplace) -> None:
    workplace.add_partner(Partner("NL-ESS", "Essent"))
    download(workplace, row(evcoId="NL-ESS-C00122045-X"))
    report = ask(workplace, GOOD["tokenId"])
    assert report.owner is not None
    assert any("Essent" in answer.text for answer in report.answers)


def test_an_id_that_a_spreadsheet_ruined(workplace: Workplace) -> None:
    assert ask(workplace, "1.2E+46").ruined


def test_it_can_be_stopped(workplace: Workplace) -> None:
    cancel = Cancel()
    job = look_up(workplace, None, "1", TODAY, cancel)
    next(job)
    cancel.set()
    with pytest.raises(Cancelled):
        next(job)
