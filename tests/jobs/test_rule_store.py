"""Choices about rules and accepted warnings: kept, told to the rules, forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.import_file import import_file
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.rule_store import RuleChoices
from ochp_desktop.jobs.upload_details import accepted_in, upload_details
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

TOKEN = {field.name: field.example for field in TOKENS}
CDR = {field.name: field.example for field in CDRS}


def test_choices_count_for_their_connection(tmp_path: Path) -> None:
    place = Workplace.open(tmp_path)
    place.rules.save_choices("a", RuleChoices(frozenset({"expiry-date.soon"}), {"volume.much": 50.0}))
    place.rules.save_choices("b", RuleChoices())
    place.connect(Profile("a", "http://127.0.0.1:9/", "me"), "x")
    facts = place.facts()
    assert (facts.switched_off, facts.thresholds) == (frozenset({"expiry-date.soon"}), {"volume.much": 50.0})
    place.connect(Profile("b", "http://127.0.0.1:9/", "me"), "x")
    assert (place.facts().switched_off, place.facts().thresholds) == (frozenset(), {})
    place.close()


def test_damaged_choices_count_as_none(tmp_path: Path) -> None:
    place = Workplace.open(tmp_path)
    for kept in ("x", {"": "x"}, {"": {"off": 1, "thresholds": 2}}, {"": {"off": ["gone"], "thresholds": {"gone": 1}}}):
        place.set_setting("rules", kept)
        assert place.rules.choices("") == RuleChoices()
    place.set_setting("accepted warnings", {"a": 1, "b": ["why", "when"]})
    assert place.rules.accepted() == {"b": "why"}
    place.close()


def test_an_accepted_warning_stays_accepted_in_the_next_list(tmp_path: Path) -> None:
    """In another row and another file, as long as the card and the texts behind the warning are the same."""
    place = Workplace.open(tmp_path)
    bad = TOKEN | {"evcoId": "NL-TNM-C00122045-X"}
    columns = [[bad[name]] for name in TOKENS.names]
    checker = Checker(TOKENS, columns, place.facts())
    assert list(checker.check_all([0])) == [1]
    place.rules.accept(checker.accept(checker.problems(0), "The partner writes it so"))
    other = TOKEN | {"evcoId": "NL-TNM-C00122045-X", "tokenId": "00000001"}
    again = Checker(TOKENS, [[other[name], bad[name]] for name in TOKENS.names], place.facts())
    assert list(again.check_all([0, 1])) == [2]
    assert [len(again.problems(row)) for row in (0, 1)] == [1, 0]
    place.rules.take_back(again.take_back(again.all_accepted()))
    assert place.rules.accepted() == {}
    place.close()


def test_partners_and_the_downloaded_list_are_told_to_the_rules(tmp_path: Path) -> None:
    place = Workplace.open(tmp_path)
    connection = place.connect(Profile("a", "http://127.0.0.1:9/", "me", provider_id="e-laad"), "x")
    place.add_partner(Partner("Ladenetz"))
    columns = [[CDR[name]] for name in CDRS.names]
    columns[CDRS.index("serviceProviderId")] = ["Blue Corner"]

    def codes() -> set[str]:
        checker = Checker(CDRS, columns, place.facts(now=datetime(2026, 10, 15, tzinfo=UTC)))
        assert list(checker.check_all([0])) == [1]
        return set(checker.counts)

    assert codes() == {"provider.unknown"}
    place.lists.save_global(connection.house, connection.user, [])
    assert codes() == {"provider.unknown", "roaming.unknown"}
    expired = TOKEN | {"evcoId": CDR["evcoId"], "expiryDate": "30/09/2026", "tokenActivated": "0"}
    place.lists.save_global(connection.house, connection.user, [tuple(expired[name] for name in TOKENS.names)])
    assert codes() == {"provider.unknown", "roaming.expired", "roaming.inactive"}
    place.close()


def test_accepted_warnings_go_with_an_upload(tmp_path: Path) -> None:
    sheet = Sheet(TOKENS)
    sheet.load([tuple((TOKEN | {"evcoId": "NL-TNM-C00122045-X"})[name] for name in TOKENS.names)])
    checker = Checker(TOKENS, sheet.columns, Facts(now=datetime(2026, 10, 15, tzinfo=UTC)))
    assert list(checker.check_all(sheet.order)) == [1]
    checker.accept(checker.problems(0), "The partner writes it so")
    details = upload_details(sheet, checker, sheet.order, ["cards.xlsx"])
    (one,) = accepted_in(details)
    assert (one.rule, one.what) == ("contract-id.check-digit", "9F3A07C4, Contract id")
    assert one.reason == "The partner writes it so"
    assert accepted_in(None) == []


def test_a_number_that_a_spreadsheet_rounded_is_an_error_until_it_is_typed_anew(tmp_path: Path) -> None:
    path = tmp_path / "cards.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for column, name in enumerate(TOKENS.names):
        page.write_string(0, column, name)
        page.write_string(1, column, TOKEN[name])
    page.write_number(1, TOKENS.index("printedNumber"), 12345678901234567)
    book.close()
    imported = finish(import_file(path, TOKENS, Cancel()))
    sheet = imported.sheet
    facts = Facts(now=datetime(2026, 10, 15, tzinfo=UTC))
    checker = finish(check_sheet(sheet, facts, Cancel()))
    assert checker.counts == {"id.rounded": 1}
    again = finish(check_sheet(sheet, facts, Cancel(), checker))
    assert again.counts == {"id.rounded": 1}
    sheet.apply(sheet.set_cells("type", [(0, TOKENS.index("printedNumber"), "12345678901234567")]))
    again.recheck([0])
    assert not again.counts


def finish(job: Job[Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value
