"""Numbers, colons and plurals as each language writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ochp_desktop import texts


@pytest.mark.parametrize(
    ("language", "whole", "small", "big", "plain"),
    [
        ("en", "12,400", "0.5", "-12,400.50", "12400.50"),
        ("nl", "12.400", "0,5", "-12.400,50", "12400,50"),
        ("de", "12.400", "0,5", "-12.400,50", "12400,50"),
        ("fr", "12\u202f400", "0,5", "-12\u202f400,50", "12400,50"),
    ],
)
def test_numbers_have_the_languages_marks(language: str, whole: str, small: str, big: str, plain: str) -> None:
    texts.use_language(language)
    assert texts.number(12_400) == whole
    assert texts.decimal(0.5, 1) == small
    assert texts.decimal(Decimal("-12400.5"), 2) == big
    assert texts.decimal(Decimal("12400.5"), 2, grouped=False) == plain
    assert texts.decimal(1.4, 0) == "1"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_language_has_its_own_marks(language: str) -> None:
    """A language that is added must say how it writes numbers."""
    texts.use_language(language)
    assert (texts.number(1_000) == "1,000") is (language == "en")
    assert texts.labelled("City", "Arnhem") == ("City\u202f: Arnhem" if language == "fr" else "City: Arnhem")


@pytest.mark.parametrize(("count", "word"), [(0, "ligne"), (1, "ligne"), (2, "lignes")])
def test_french_counts_nothing_in_the_singular(count: int, word: str) -> None:
    texts.use_language("fr")
    assert texts.ngettext("{count} row", "{count} rows", count).format(count=count) == f"{count} {word}"


def test_words_are_found_as_they_are_typed() -> None:
    assert texts.folded("Chambre d’Entraînement : Échéances") == "chambre d'entrainement : echeances"
