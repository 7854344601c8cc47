"""Numbers are written as the language in use does."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from ochp_desktop import texts
from ochp_desktop.texts import decimal, number


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.use_language("en")


@pytest.mark.parametrize(
    ("code", "whole", "broken"),
    [
        ("en", "12,400", "-1,234.50"),
        ("nl", "12.400", "-1.234,50"),
        ("de", "12.400", "-1.234,50"),
        ("fr", "12\u202f400", "-1\u202f234,50"),
    ],
)
def test_numbers_are_grouped_and_pointed_as_the_language_does(code: str, whole: str, broken: str) -> None:
    texts.use_language(code)
    assert number(12_400) == whole
    assert decimal(Decimal("-1234.5"), 2) == broken
    assert decimal(-1234.5, 2) == broken
