"""Statements and what was sent: nothing counts twice; what is odd or not yet cleared is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.sent_records import load_sent_records
from ochp_desktop.jobs.statements import load_all_statements, load_statement, totals
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS

Row = tuple[str, ...]
BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)


def cdr(number: int, infra: str = "Ladenetz", service: str = "polder", contract: str = "NL-PLD-C00000001-K") -> Row:
    values = {field.name: field.example for field in CDRS}
    values |= {"cdrId": f"C-{number}", "infraProviderId": infra, "serviceProviderId": service, "evcoId": contract}
    return tuple(values[name] for name in CDRS.names)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    workplace = Workplace.open(tmp_path / "desk")
    workplace.connect(
        Profile(name="", endpoint="https://house.example/", user="me", provider_id="polder", prefixes=("NL-PLD",)), "-"
    )
    workplace.add_partner(Partner("Ladenetz"))
    yield workplace
    workplace.close()


@pytest.fixture
def keep(place: Workplace) -> Callable[[list[Row], int], int]:
    connection = place.connected()

    def keep_statement(rows: list[Row], days: int) -> int:
        when = BEGAN + timedelta(days=days)
        return place.archive.save_statement(connection.house, connection.user, rows, f"link-{days}", None, when)[0]

    return keep_statement


def test_all_statements_hold_each_record_once_with_its_newest_statement(
    place: Workplace, keep: Callable[[list[Row], int], int]
) -> None:
    keep([cdr(1), cdr(2)], 0)
    keep([cdr(2), cdr(3, infra="somebody")], 31)
    found = run(load_all_statements(place, Cancel()))
    when = {row[CDRS.index("cdrId")]: fetched for row, fetched in zip(found.rows, found.fetched, strict=True)}
    assert when == {"C-1": BEGAN, "C-2": BEGAN + timedelta(days=31), "C-3": BEGAN + timedelta(days=31)}
    assert found.unknown == {"somebody": 1}
    assert totals(found).all.count == 2


def test_no_statement_at_all_is_an_empty_collection(place: Workplace) -> None:
    assert not run(load_all_statements(place, Cancel())).rows
    assert not run(load_sent_records(place, Cancel())).rows


@pytest.mark.parametrize(
    ("contract", "strange"),
    [
        ("NL-PLD-C00000001-K", False),
        ("nl pld c00000001k", False),
        ("NL-TNM-C00122045-K", False),  # not our prefix, but in the list we uploaded
        ("NL-TNM-C00999999-X", True),
        ("", True),
    ],
)
def test_a_contract_that_is_not_ours_is_found(
    place: Workplace, keep: Callable[[list[Row], int], int], contract: str, strange: bool
) -> None:
    connection = place.connected()
    token = {field.name: field.example for field in TOKENS} | {"evcoId": "NL-TNM-C00122045-K"}
    rows = [tuple(token[name] for name in TOKENS.names)]
    place.lists.save_version(connection.house, connection.user, rows, "list.xlsx")
    statement = load_statement(place, keep([cdr(1, contract=contract)], 0))
    assert bool(statement.strange) is strange


def test_without_prefix_and_list_no_contract_is_called_strange(place: Workplace, keep: Callable[..., int]) -> None:
    place.connect(Profile(name="", endpoint="https://house.example/", user="me", provider_id="polder"), "-")
    assert not load_statement(place, keep([cdr(1, contract="XX-YYY-000000")], 0)).strange


def test_what_was_sent_is_compared_with_the_statements(place: Workplace, keep: Callable[..., int]) -> None:
    house = place.connected().house
    sent = [cdr(number, infra="polder", service="Ladenetz") for number in range(3)]
    keep([cdr(90)], 0)
    batch = place.journal.begin_batch(house, "me", sent, upload="u")
    place.journal.confirm(batch, "", BEGAN + timedelta(days=10))
    refused = place.journal.begin_batch(house, "me", [cdr(7, infra="polder")], upload="u")
    place.journal.refuse(refused, 1, "no")
    keep([sent[1]], 20)
    keep([cdr(91)], 40)
    found = run(load_sent_records(place, Cancel()))
    assert list(found.rows) == sent
    assert [fate.cleared for fate in found.fates] == [None, BEGAN + timedelta(days=20), None]
    assert {fate.statements_since for fate in found.fates} == {2}
    assert {owner.provider_id for owner in found.owners if owner is not None} == {"Ladenetz"}
    assert totals(found).all.count == 3
