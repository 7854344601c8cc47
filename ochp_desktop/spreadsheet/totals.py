"""Rows of a table that hold totals and are no records: "Totaal 30" below a list, "Zwischensumme" between two parts."""

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
# Where more rows than that lack what nearly all others have, it is no sign of anything.
_SHARE = 4
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


def _is_total(text: str) -> bool:
    found = _FIRST_WORDS.match(text.strip())
    return found is not None and plain(found[0]) in _WORDS
