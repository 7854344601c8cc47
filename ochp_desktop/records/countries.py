"""Countries by any of their names: which code of three letters is meant."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ochp_desktop.records.country_data import COUNTRY_TABLE

_ROWS = [line.split(" ", 2) for line in COUNTRY_TABLE.strip().splitlines()]
_MARKS = re.compile(r"[^0-9a-z]+")

# What people write besides the official names.
_OTHER_NAMES = {
    "D": "DEU",
    "NL": "NLD",
    "B": "BEL",
    "F": "FRA",
    "A": "AUT",
    "L": "LUX",
    "I": "ITA",
    "UK": "GBR",
    "Great Britain": "GBR",
    "England": "GBR",
    "Holland": "NLD",
    "The Netherlands": "NLD",
    "BRD": "DEU",
    "Czech Republic": "CZE",
    "Tschechische Republik": "CZE",
    "USA": "USA",
    "Schweizer Eidgenossenschaft": "CHE",
}

ALPHA_3 = frozenset(row[0] for row in _ROWS)


def _plain(name: str) -> str:
    """The name without accents, marks and case."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return _MARKS.sub("", "".join(char for char in letters if not unicodedata.combining(char)).lower())


@cache
def _codes() -> dict[str, str]:
    found = {}
    for alpha_3, alpha_2, names in _ROWS:
        for name in (*names.split(";"), alpha_2, alpha_3):
            # A few names belong to two countries in different languages: then the first one keeps it, codes always win.
            if name in {alpha_2, alpha_3}:
                found[_plain(name)] = alpha_3
            else:
                found.setdefault(_plain(name), alpha_3)
    for name, alpha_3 in _OTHER_NAMES.items():
        found[_plain(name)] = alpha_3
    return found


def alpha_3_of(text: str) -> str | None:
    """The code of three letters for a code of two or three letters or a name in English, Dutch, German or French."""
    # Letters of other scripts that only look like ours are nobody's country code.
    plain = _plain(text)
    return _codes().get(plain) if plain else None
