"""Header words that are nearly those we know: misspelt, or with another word beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# Shorter words are too easily one letter away from another.
_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 5, 9
_WORD_FROM = 6
_ABBREVIATIONS = ("nr", "num", "no")
_NUMBER_WORDS = ("nummer", "number", "id")
_LONGEST = 60
_WORDS = re.compile(r"[^\W_]+")

Known = Mapping[str, tuple[str, str]]


def nearly(header: str, plain: str, known: Known) -> str:
    """The protocol name of the field that a header nearly names, "" when there is none or more than one.

    Args:
        header: as it stands in the file.
        plain: its letters and digits alone, as the known headers are kept.
        known: plain header -> (protocol name, how it is known).
    """
    if not _ONE_SLIP_FROM <= len(plain) <= _LONGEST:
        return ""
    return _spelt_out(plain, known) or _misspelt(plain, known) or _within(header, known)


def _spelt_out(plain: str, known: Known) -> str:
    """The field of an abbreviated number: Kartennr. is Kartennummer."""
    for short in _ABBREVIATIONS:
        if plain.endswith(short):
            stem = plain.removesuffix(short)
            for long in _NUMBER_WORDS:
                if stem + long in known:
                    return known[stem + long][0]
    return ""


def _misspelt(plain: str, known: Known) -> str:
    allowed = 2 if len(plain) >= _TWO_SLIPS_FROM else 1
    best: dict[str, int] = {}
    for word, (name, _how) in known.items():
        # A short known word must not be "corrected" from a longer foreign one.
        if abs(len(word) - len(plain)) <= allowed and len(word) >= _ONE_SLIP_FROM:
            slips = distance(plain, word, allowed)
            if slips <= allowed:
                best[name] = min(slips, best.get(name, slips))
    fewest = min(best.values(), default=0)
    names = [name for name, slips in best.items() if slips == fewest]
    return names[0] if len(names) == 1 else ""


def _within(header: str, known: Known) -> str:
    """A header of several words, some of which together are a known one: "Contract number (new)"."""
    words = [word for word in _WORDS.findall(header.casefold()) if word]
    found: dict[str, int] = {}
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            part = "".join(words[start:end])
            if len(part) >= _WORD_FROM and part in known and end - start < len(words):
                name = known[part][0]
                found[name] = max(len(part), found.get(name, 0))
    longest = max(found.values(), default=0)
    names = [name for name, length in found.items() if length == longest]
    return names[0] if len(names) == 1 else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters are missing, too many, wrong or swapped with a neighbour; `most` + 1 when it is more."""
    before: Sequence[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
