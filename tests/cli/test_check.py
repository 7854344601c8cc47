"""check: the file's own rules without a store; with one also what the program knows of the connection, in its words."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.import_file import import_file
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.rule_store import RuleChoices
from ochp_desktop.jobs.workplace import STORE_NAME, Profile, Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS
from tests.cli.conftest import Desk

TODAY = "2026-10-15"
CDR = {field.name: field.example for field in CDRS}
TOKEN = {field.name: field.example for field in TOKENS}
CONTRACTS = ("NL-TNM-C00122045-K", "NL-TNM-C00122046-M", "NL-TNM-C00122047-J")


def record(number: int, **texts: str) -> list[str]:
    day = f"2026-10-{number:02}T"
    usual = CDR | {
        "cdrId": f"2026-{number}",
        "startDatetime": f"{day}10:00:00+02:00",
        "endDatetime": f"{day}11:00:00+02:00",
        "duration": "1:00:00",
        "volume": "11,0000",
        "evcoId": CONTRACTS[0],
        "authenticationId": "9F3A07C4",
        "infraProviderId": "e-laad",
        "serviceProviderId": "Ladenetz",
        "chargePointId": f"POLDER-{number}",
    }
    return [(usual | texts)[name] for name in CDRS.names]


def token(**texts: str) -> list[str]:
    return [(TOKEN | {"tokenId": "9F3A07C4", "expiryDate": "31/12/2027"} | texts)[name] for name in TOKENS.names]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Each record is bad in one way that the file alone does not show; the last in one that it does."""
    path = tmp_path / "october.csv"
    rows = [
        record(1),
        record(5, volume="22,0000", chargePointId="POLDER-1"),
        record(6, serviceProviderId="Polder"),
        record(7, evcoId="NL-TNM-C00129999-X"),
        record(8, evcoId=CONTRACTS[1], authenticationId="00000002"),
        record(9, evcoId=CONTRACTS[2], authenticationId="00000003"),
        record(10, volume="0,0000"),
    ]
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([list(CDRS.names), *rows])
    return path


def keep(folder: Path, file: Path) -> Workplace:
    """A store in which four sessions were confirmed, a list was downloaded, and a check digit was accepted."""
    workplace = Workplace.open(folder)
    profile = Profile("work", "https://house.example/ochp", "me", provider_id="e-laad")
    workplace.save_profile(profile, "secret")
    workplace.save_profile(Profile("other", "https://other.example/ochp", "me"), "secret")
    workplace.connect(profile)
    workplace.add_partner(Partner("Ladenetz"))
    sent = [record(1), *(record(number, cdrId=f"s{number}", chargePointId="POLDER-1") for number in (2, 3, 4))]
    workplace.journal.confirm(workplace.journal.begin_batch(profile.house, "me", sent))
    workplace.lists.save_global(
        profile.house,
        "me",
        [
            token(evcoId=CONTRACTS[0]),
            token(evcoId=CONTRACTS[1], tokenId="00000002", expiryDate="01/10/2026"),
            token(evcoId=CONTRACTS[2], tokenId="00000003", tokenActivated="0"),
        ],
        datetime.now(UTC),
    )
    sheet = run(import_file(file, CDRS, Cancel())).sheet
    checker = run(check_sheet(sheet, workplace.facts(now=datetime(2026, 10, 15, 23, 59, 59, tzinfo=UTC)), Cancel()))
    wrong = [problem for problem in checker.all() if problem.code == "contract-id.check-digit"]
    workplace.rules.accept(checker.accept(wrong, "The partner writes it so"))
    workplace.rules.save_choices("work", RuleChoices(off=frozenset({"volume.zero"})))
    return workplace


def codes(found: Sequence[dict[str, object]]) -> list[tuple[object, object]]:
    return [(problem["row"], problem["code"]) for problem in found]


def desk(folder: Path) -> Desk:
    return Desk(folder, "", {"user": "", "password": "s3cret-word"})


FROM_THE_FILE = [(5, "contract-id.check-digit"), (8, "volume.zero")]
FROM_THE_STORE = [
    (2, "cdr-id.already-sent"),
    (3, "volume.unusual-power"),
    (4, "provider.unknown"),
    (5, "roaming.unknown"),
    (6, "roaming.expired"),
    (7, "roaming.inactive"),
]


def test_without_a_store_only_the_files_own_rules(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "nothing"
    ran = desk(folder).run("check", file, "--json", "--today", TODAY)
    assert ran.code == 0
    assert codes(ran.json["problems"]) == FROM_THE_FILE
    assert list(ran.json) == ["kind", "rows", "errors", "warnings", "hints", "problems"]
    assert not (folder / STORE_NAME).exists(), "a check makes no store"


def test_with_a_store_what_is_known_of_the_connection_counts_in_the_same_words(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "desk"
    workplace = keep(folder, file)
    sheet = run(import_file(file, CDRS, Cancel())).sheet
    facts = workplace.facts(now=datetime(2026, 10, 15, 23, 59, 59, tzinfo=UTC))
    checker = run(check_sheet(sheet, facts, Cancel()))
    workplace.close()
    ran = desk(folder).run("check", file, "--json", "--today", TODAY)
    assert codes(ran.json["problems"]) == FROM_THE_STORE
    assert ran.code == 1
    assert [problem["message"] for problem in ran.json["problems"]] == [one.message() for one in checker.all()]
    assert list(ran.json["problems"][0]) == ["row", "cell", "field", "level", "code", "message", "value", "repair"]
    assert "work" in desk(folder).run("check", file, "--today", TODAY).out


def test_report_and_answer_tell_the_same_words_also_of_other_rows(tmp_path: Path) -> None:
    path, report = tmp_path / "twice.csv", tmp_path / "report.xlsx"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([list(TOKENS.names), token(), token(expiryDate="2027-12-31"), token()])
    ran = desk(tmp_path / "nothing").run("check", path, "--json", "--today", TODAY, "--report", report)
    told = [(problem["cell"], problem["message"]) for problem in ran.json["problems"]]
    assert (
        "D2",
        "This token id stands in the list more than once. Keep one row and delete the others. See D3, D4.",
    ) in told
    lines = list(openpyxl.load_workbook(report)["Problems"].iter_rows(values_only=True))
    assert sorted((line[1], line[4]) for line in lines[2:]) == sorted(told)


def test_another_connection_knows_other_things(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "desk"
    keep(folder, file).close()
    ran = desk(folder).run("check", file, "--json", "--today", TODAY, "--profile", "other")
    assert codes(ran.json["problems"]) == [(4, "provider.unknown"), (8, "volume.zero")]
    back = desk(folder).run("check", file, "--json", "--today", TODAY)
    assert codes(back.json["problems"]) == FROM_THE_STORE, "a check does not change which connection is in use"
    assert desk(folder).run("check", file, "--profile", "nobody").code == 2
    assert desk(tmp_path / "nothing").run("check", file, "--profile", "work").code == 2
