"""Rows of a table that are no records: totals below a list or between its parts, units below its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ochp_desktop.spreadsheet.vocabulary import plain

_WORDS = frozenset(
    {
        "total", "totals", "subtotal", "grandtotal", "sum",
        "totaal", "subtotaal", "eindtotaal", "som",
        "summe", "gesamt", "gesamtsumme", "zwischensumme", "endsumme", "insgesamt",
        "totaux", "soustotal", "somme",
    }
)  # fmt: skip
_FIRST_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?: +total)?", re.IGNORECASE)
# Units in brackets, or the line that is drawn with signs below a header.
_BELOW_HEADER = re.compile(r"\s*(?:\[[^\]]{1,30}\]|\([^)]{1,30}\)|[-=_:+]{2,}|k?wh|hh:mm(?::ss)?)\s*", re.IGNORECASE)
# Where more rows than that lack what the others have, it is no sign of anything.
_SHARE = 2
_MOST = 10_000


def find_totals(
    columns: Sequence[Sequence[str]], keep: Sequence[bool] | None, row: Callable[[int], Sequence[str]]
) -> list[int]:
    """Positions of the rows that hold totals: they begin with such a word and lack most of what a record has.

    Args:
        columns: the texts of the matched columns.
        keep: which of the rows are records otherwise, None for all.
        row: gives all cells of the table's row at a position, those of other columns included.
    """
    suspects: set[int] = set()
    count = sum(keep) if keep is not None else len(columns[0]) if columns else 0
    for texts in columns:
        if "" in texts:
            blanks = [at for at, text in enumerate(texts) if not text and (keep is None or keep[at])]
            if len(blanks) * _SHARE <= count and len(blanks) <= _MOST:
                suspects.update(blanks)
    return [
        at
        for at in sorted(suspects)
        if sum(bool(texts[at]) for texts in columns) * 2 <= len(columns)
        and _is_total(next((text for text in row(at) if text.strip()), ""))
    ]


def units_below(columns: Sequence[Sequence[str]]) -> bool:
    """Whether the first row explains the header: it holds nothing but units or a drawn line."""
    first = [texts[0] for texts in columns if texts and texts[0].strip()]
    return bool(first) and all(_BELOW_HEADER.fullmatch(text) for text in first)


def _is_total(text: str) -> bool:
    found = _FIRST_WORDS.match(text.strip())
    return found is not None and plain(found[0]) in _WORDS
