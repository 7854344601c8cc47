"""Header rows and columns are found, whatever the spelling; the guess of the kind; the error that lists headers."""

from __future__ import annotations

import pytest

from ochp_desktop.errors import FileError
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.spreadsheet.match import guess_kind, match_columns
from ochp_desktop.spreadsheet.vocabulary import catalogues, plain


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_names_and_labels_match_in_any_order_and_spelling(kind: RecordKind) -> None:
    names = [name.upper() for name in reversed(kind.names)]
    labels = [f" {field.label.lower()} " for field in reversed(kind.fields)]
    for headers, how in ((names, "name"), (labels, None)):
        found = match_columns([headers], kind)
        assert found.missing == []
        assert found.unmatched == []
        assert found.columns == {name: len(kind) - 1 - index for index, name in enumerate(kind.names)}
        assert how is None or set(found.how.values()) == {how}
    assert guess_kind([names]) is kind


def test_addresses_beside_cards_make_no_charge_data() -> None:
    assert guess_kind([["UID", "Contract", "Geldig t/m", "", "EVSE", "Plaats", "Adres"]]).name == "tokens"
    assert guess_kind([["UID", "Contract", "Naam", "Adres", "Postcode", "Plaats", "Land"]]).name == "tokens"
    assert guess_kind([["UID", "Contract", "EVSE", "Plaats", "Adres", "Start", "kWh"]]).name == "cdrs"


def test_every_header_is_unambiguous_within_its_kind() -> None:
    """A synonym that two fields of one kind declare would go to the first of them, by chance."""
    for kind in KINDS.values():
        seen: dict[str, str] = {}
        for field in kind:
            for synonym in {plain(text) for text in (field.name, field.label, *field.synonyms)}:
                assert seen.setdefault(synonym, field.name) == field.name, synonym


def test_a_header_below_titles_with_strange_columns() -> None:
    rows = [
        ["Laadpassen export", "", "", "", ""],
        ["", "", "", "", ""],
        ["Kaartnummer", "RFID-UID", "Opmerking", "GELDIG TOT", "evcoId"],
        ["0042", "04AB", "hi", "31/12/2027", "NL-X"],
        ["", "", "", "", ""],
        ["", "", "only a remark", "", ""],
    ]
    found = match_columns(rows, TOKENS)
    assert found.header_row == 2
    assert found.columns == {"evcoId": 4, "tokenId": 1, "printedNumber": 0, "expiryDate": 3}
    assert found.how["evcoId"] == "name"
    assert found.how["tokenId"] == "synonym"
    assert found.headers["expiryDate"] == "GELDIG TOT"
    assert found.unmatched == [(2, "Opmerking")]
    assert "pin" in found.missing
    assert found.letters["printedNumber"] == "A"
    records = list(found.records(rows))
    assert records == [(4, ("NL-X", "", "", "04AB", "0042", "31/12/2027", "", "", "", ""))]


def test_a_name_beats_a_synonym_and_the_left_column_the_right() -> None:
    found = match_columns([["UID", "tokenId", "TOKEN-ID"]], TOKENS)
    assert found.columns["tokenId"] == 1
    assert [column for column, _header in found.unmatched] == [0, 2]


def test_units_in_brackets_accents_and_misread_names() -> None:
    found = match_columns([["Volume (kWh)", "cdrlId", "Numéro  de contrat", "[x]"]], CDRS)
    assert found.columns["volume"] == 0
    assert found.columns["cdrId"] == 1
    assert plain("Gültig bis:") == "gultigbis"


def test_no_known_header_lists_what_was_found_and_what_is_expected() -> None:
    with pytest.raises(FileError, match="Foo, Bar") as caught:
        match_columns([["", ""], ["Foo", " Bar "], ["1", "2"]], TOKENS)
    assert "Token id" in caught.value.text
    with pytest.raises(FileError, match="No known column"):
        guess_kind([["Foo"]])
    with pytest.raises(FileError, match="No known column"):
        match_columns([], CDRS)


def test_labels_of_every_shipped_translation_match() -> None:
    for catalogue in catalogues():
        for kind in KINDS.values():
            headers = [catalogue.gettext(field.label) for field in kind]
            assert match_columns([headers], kind).missing == []


@pytest.mark.parametrize("header", ["Energy (Wh)", "energy_wh", "Energie [Wh]", "Volume MWh", "total Wh"])
def test_energy_in_another_unit_is_not_taken_for_kwh(header: str) -> None:
    rows = [["CDR id", header, "Start"], *([f"c{at}", str(at * 1500), "2026-10-01T10:00:00+02:00"] for at in range(9))]
    found = match_columns(rows, CDRS)
    assert "volume" not in found.columns
    assert found.unmatched == [(1, header)]
