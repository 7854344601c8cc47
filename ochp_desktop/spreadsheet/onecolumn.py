"""Tables whose rows stand in one cell each: pasted into a workbook, quoted as a whole, set with blanks."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from ochp_desktop.records.pieces import pieces
from ochp_desktop.spreadsheet.csvfile import DELIMITER_NAMES, DELIMITERS
from ochp_desktop.spreadsheet.frames import MAX_COLUMNS, block
from ochp_desktop.spreadsheet.rawtable import RawTable, Rows
from ochp_desktop.texts import N_, _

Cut = Callable[[Iterable[str]], Iterable[list[str]]]

_SAMPLE = 100
# Of the rows looked at, this share must have the same number of cells.
_SHARE = 0.8
_LEAST_ROWS = 2
_BLANKS = re.compile(r" {2,}|\t")


def spread(table: RawTable) -> None:
    """Cut the rows of a table of one column at what separates their cells, and say so; others stay as they are."""
    columns = table.rows.columns
    found = _separator(list(islice(filter(None, columns[0]), _SAMPLE)))
    if found is None:
        return
    name, cut = found
    rows = Rows()
    for piece in pieces(0, len(columns[0])):
        cells = [row if len(row) <= MAX_COLUMNS else row[:1] for row in cut(columns[0][piece])]
        rows.append(*block(cells))
    rows.finish(len(rows.columns))
    table.rows, table.marks, table.numbers, table.dates = rows, [], {}, {}
    table.notices.append(_("Each row stood in one cell; it was cut at the {delimiter}.").format(delimiter=_(name)))


def _separator(sample: list[str]) -> tuple[str, Cut] | None:
    """What separates the cells most evenly, of equals what makes most of them."""
    ways: list[tuple[str, Cut]] = [(DELIMITER_NAMES[delimiter], _at(delimiter)) for delimiter in DELIMITERS]
    ways.append((N_("blanks"), lambda texts: [_BLANKS.split(text.strip()) for text in texts]))
    best = (0.0, 1)
    chosen: tuple[str, Cut] | None = None
    for name, cut in ways:
        widths = Counter(map(len, cut(sample)))
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        share = rows / max(len(sample), _LEAST_ROWS)
        if width > 1 and share >= _SHARE and (share, width) > best:
            best, chosen = (share, width), (name, cut)
    return chosen


def _at(delimiter: str) -> Cut:
    # Cell by cell: a line break or a lone quotation mark in one of them must not touch the next.
    return lambda texts: [next(csv.reader([text], delimiter=delimiter), []) for text in texts]
