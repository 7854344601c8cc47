"""Columns that no header names outright: near words, content, two-row headers, several tables, what was remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.errors import FileError
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet.interpret import Answers
from ochp_desktop.spreadsheet.match import best_match, find_tables, match_columns
from ochp_desktop.spreadsheet.matching import matching_of
from ochp_desktop.spreadsheet.near import distance
from ochp_desktop.spreadsheet.remembered import Remembered, header_key, recall

UIDS = ("04A2B3C4D5E6F7", "04A2B3C4D5E6F8", "04A2B3C4D5E6F9")
CONTRACTS = ("NL-TNM-000122045-U", "NL-TNM-000122046-X", "NL-TNM-000122047-Y")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Contractnumer", "evcoId"),
        ("Kartenumer", "printedNumber"),
        ("Token-Idd", "tokenId"),
        ("Vervaldautm", "expiryDate"),
        ("New contract number", "evcoId"),
        ("Our Kartennummer", "printedNumber"),
        ("Vertragsnr.", "evcoId"),
    ],
)
def test_misspelt_headers_are_proposed_as_such(header: str, name: str) -> None:
    found = match_columns([["PIN", header], ["1", "x"]], TOKENS)
    assert found.columns[name] == 1
    assert found.how[name] == "near"
    assert found.unsure == [name]


@pytest.mark.parametrize("header", ["Pint", "Ort", "Remark", "Note", "Status", "Klant", "x" * 1000])
def test_other_words_are_not_bent_to_fit(header: str) -> None:
    assert match_columns([["PIN", header]], TOKENS).columns == {"pin": 0}


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1), ("abc", "axc", 1), ("abc", "xyz", 2)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 1) == slips


def test_every_header_misspelt() -> None:
    found = match_columns([["Tokenn id", "Contrakt id"], ["04AB12CD", "x"]], TOKENS)
    assert found.columns == {"evcoId": 1, "tokenId": 0}


def test_a_column_of_uids_is_a_token_id_whatever_its_header() -> None:
    rows = [
        ["Contract id", "Foo", "Bar"],
        *([contract, uid, "x"] for contract, uid in zip(CONTRACTS, UIDS, strict=True)),
    ]
    found = match_columns(rows, TOKENS)
    assert found.columns == {"evcoId": 0, "tokenId": 1}
    assert found.how["tokenId"] == "content"
    assert found.unmatched == [(2, "Bar")]


def test_two_alike_columns_are_not_guessed() -> None:
    rows = [
        ["Contract id", "Foo", "Bar"],
        *([contract, uid, uid] for contract, uid in zip(CONTRACTS, UIDS, strict=True)),
    ]
    assert "tokenId" not in match_columns(rows, TOKENS).columns


def test_a_table_without_any_header() -> None:
    rows = [[contract, uid] for contract, uid in zip(CONTRACTS, UIDS, strict=True)]
    found = match_columns(rows, TOKENS)
    assert found.header_row == -1
    assert found.columns == {"evcoId": 0, "tokenId": 1}
    assert [number for number, _texts in found.records(rows)] == [1, 2, 3]


def test_the_earlier_column_of_moments_is_the_start() -> None:
    rows = [["CDR id", "Foo", "Bar"]]
    rows += [[f"c{day}", f"2026-10-0{day} 12:30", f"2026-10-0{day} 11:45"] for day in range(1, 5)]
    found = match_columns(rows, CDRS)
    assert (found.columns["startDatetime"], found.columns["endDatetime"]) == (2, 1)


def test_a_header_of_two_rows() -> None:
    rows = [
        ["Contract id", "Token", "", "Charge point", ""],
        ["", "UID", "Type", "City", "Country"],
        ["NL-X", "04AB12CD", "1", "Köln", "DEU"],
    ]
    found = match_columns(rows, TOKENS)
    assert found.header_row == 1
    assert found.columns == {"evcoId": 0, "tokenId": 1, "tokenType": 2}


def test_the_table_that_fits_best_is_proposed_and_the_others_named() -> None:
    rows = [
        ["Contract id", "Hub", "", ""],
        ["NL-OLD", "1", "", ""],
        ["", "", "", ""],
        ["Contract id", "Token id", "PIN", "Expires"],
        ["NL-NEW", "04AB12CD", "1", "31/12/2027"],
    ]
    tables = find_tables(rows, TOKENS)
    assert [table.header_row for table in tables] == [3, 0]
    assert [number for number, _texts in tables[0].records(rows)] == [5]
    assert [number for number, _texts in tables[1].records(rows)] == [2]


def test_tables_side_by_side() -> None:
    rows = [
        ["Hub", "Name", "", "Contract id", "Token id"],
        ["2", "E-laad", "", "NL-NEW", "04AB12CD"],
        ["3", "Ladenetz", "", "NL-NEXT", "04AB12CE"],
        ["", "", "", "NL-LAST", "04AB12CF"],
    ]
    found = best_match(rows, TOKENS)
    assert found.columns == {"evcoId": 3, "tokenId": 4}
    assert found.first_column == 3
    assert found.unmatched == []


def test_an_empty_column_within_a_table() -> None:
    rows = [["Hub", "", "Contract id", "Token id"], ["2", "", "NL-NEW", "04AB12CD"], ["3", "", "NL-NEXT", "04AB12CE"]]
    assert best_match(rows, TOKENS).columns == {"roamingHubId": 0, "evcoId": 2, "tokenId": 3}


def test_a_second_table_far_below() -> None:
    rows = [["Remarks"], *([["x"]] * 99), [""], ["Token id", "Hub"], ["04AB12CD", "2"]]
    assert match_columns(rows, TOKENS).header_row == 101


def test_a_header_that_is_printed_on_every_page_is_no_record() -> None:
    rows = [["Token id", "Hub"], ["04AB12CD", "2"], ["Token id", "Hub"], ["04AB12CE", "2"]]
    assert [number for number, _texts in match_columns(rows, TOKENS).records(rows)] == [2, 4]


def test_a_field_may_have_one_text_for_all_rows() -> None:
    rows = [["Token id"], ["04AB12CD"], [""], ["04AB12CE"]]
    found = matching_of(rows, TOKENS, 0, {"tokenId": 0}, {}, {"roamingHubId": "3"})
    assert [(number, texts[1], texts[3]) for number, texts in found.records(rows)] == [
        (2, "3", "04AB12CD"),
        (4, "3", "04AB12CE"),
    ]


def test_what_was_chosen_is_applied_to_the_same_header_only() -> None:
    rows = [["Nr", "Was"], ["04AB12CD", "x"]]
    known = Remembered("tokens", "", {"tokenId": 0}, {"tokenType": "1"}, Answers(date_order="month-first"))
    memory = {header_key(rows[0]): known}
    again = recall([["", ""], ["NR.", " was "], ["1", "2"]], None, memory)
    assert again is not None
    assert again[0].header_row == 1
    assert again[0].columns == {"tokenId": 0}
    assert again[0].constants == {"tokenType": "1"}
    assert again[0].unsure == []
    assert again[1].date_order == "month-first"
    assert recall([["Nr", "Other"]], None, memory) is None
    assert recall(rows, CDRS, memory) is None


def test_memory_survives_json_and_nonsense_is_forgotten() -> None:
    known = Remembered("cdrs", "a · b", {"cdrId": 3}, {"evseId": "x"}, Answers("day-first", ",", "Europe/Berlin"))
    assert Remembered.from_data(known.to_data()) == known
    for nonsense in (
        None,
        3,
        {},
        {"kind": "tokens"},
        {**known.to_data(), "columns": 5},
        {**known.to_data(), "kind": "x"},
    ):
        assert Remembered.from_data(nonsense) is None


def test_nothing_known_is_an_error_for_a_command_and_an_empty_proposal_for_a_window() -> None:
    rows = [["Foo", "Bar"], ["1", "2"]]
    assert best_match(rows, TOKENS).columns == {}
    with pytest.raises(FileError, match="Foo, Bar"):
        match_columns(rows, TOKENS)


def test_a_hundred_thousand_rows_are_matched_without_reading_all(tmp_path: Path) -> None:
    rows = [["Token id", "Hub"], *([["04AB12CD", "2"]] * 100_000)]
    assert len(find_tables(rows, TOKENS)) == 1
