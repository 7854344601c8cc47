"""Partners and identity: whose token or CDR it is, and when two ids are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ochp_desktop.records.identity import (
    cdr_key,
    normalised_contract_id,
    normalised_provider,
    normalised_token_id,
    reversed_bytes,
)
from ochp_desktop.records.partners import Partner, PartnerBook

OWN = Partner("Polder", "Polder Charging", hub=2, prefixes=("NL-PLD",))


def test_ids_are_compared_without_case_blanks_and_hyphens() -> None:
    assert (
        normalised_provider("Blue Corner") == normalised_provider("bluecorner") == normalised_provider("BLUE-CORNER ")
    )
    assert normalised_provider("Ladennetz") == normalised_provider("ladenetz")
    assert normalised_contract_id(" nl-ess-123456-7") == normalised_contract_id("NL*ESS*1234567")
    assert normalised_token_id("0x04:ab:12:cd") == normalised_token_id("04 AB 12 CD") == "04AB12CD"
    assert normalised_token_id("+31 6-12345678") == "31612345678"
    assert cdr_key("E-laad", " 17 ") == cdr_key("elaad", "17")
    assert cdr_key("E-laad", "a") != cdr_key("E-laad", "A")
    assert reversed_bytes("1C78F2BF") == "BFF2781C"
    assert reversed_bytes("04AB12CD556677") == "776655CD12AB04"


@given(st.text(max_size=30))
def test_normalising_is_stable(text: str) -> None:
    for normalise in (normalised_provider, normalised_contract_id):
        assert normalise(normalise(text)) == normalise(text)
    assert isinstance(normalised_token_id(text), str)


def test_a_token_belongs_to_the_longest_prefix_then_to_the_only_partner_of_its_hub() -> None:
    essent, elaad, ladenetz = Partner("NL-ESS"), Partner("Laad", hub=2), Partner("ladenetz", "smartlab")
    book = PartnerBook(OWN, [essent, elaad, ladenetz, Partner("NL-ES", prefixes=("NL-ES",))])

    def owner(contract: str, hub: str = "") -> str | None:
        partner = book.owner_of_token(contract, hub)
        return None if partner is None else partner.provider_id

    assert owner("nl ess 123456 7") == "NL-ESS"
    assert owner("NL-PLD-C00122045-K", "3") == "Polder"
    assert owner("DE-XYZ-1", "3 Ladenetz") == "ladenetz"
    assert owner("DE-XYZ-1", "ladenetz") == "ladenetz"
    assert owner("DE-XYZ-1", "2") is None, "two share hub 2"
    assert owner("DE-XYZ-1", "who") is None
    assert owner("") is None


def test_a_cdr_belongs_to_the_provider_it_names_and_our_own_is_always_known() -> None:
    book = PartnerBook(OWN, [Partner("Blue Corner")])
    blue = book.owner_of_cdr("bluecorner")
    assert blue is not None
    assert blue.hub == 1
    assert blue.prefixes == ()
    assert book.is_own(book.owner_of_cdr("POLDER"))
    assert book.owner_of_cdr("nobody") is None
    assert book.owner_of_cdr("") is None
    assert [partner.provider_id for partner in book.partners] == ["Blue Corner"]
    assert not book.is_own(None)


def test_an_id_that_looks_like_one_is_a_prefix() -> None:
    assert Partner("NL-ESS").completed().prefixes == ("NL-ESS",)
    assert Partner("e-laad").completed() == Partner("e-laad", hub=2)
    assert Partner("NL-ESS", prefixes=("NL-XXX",)).completed().prefixes == ("NL-XXX",)
    assert PartnerBook(None, []).owner_of_token("NL-ESS-1", "2") is None
