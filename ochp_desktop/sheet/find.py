"""Finding and replacing texts in a sheet: counted first, then gone through one by one or changed all at once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass

from ochp_desktop.sheet.column_filter import shows_as_stored
from ochp_desktop.sheet.view import View


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        text: the text; "" finds nothing.
        whole: whether it must be all that stands in the cell.
        case: whether upper and lower case are different.
        rows: ids of the rows to look in, None for all.
        fields: indexes of the fields to look in, None for all.
    """

    text: str
    whole: bool = False
    case: bool = False
    rows: Container[int] | None = None
    fields: tuple[int, ...] | None = None

    def pattern(self) -> re.Pattern[str]:
        """What a text is compared with."""
        wanted = re.escape(self.text)
        return re.compile(rf"(?:{wanted})\Z" if self.whole else wanted, re.NOFLAG if self.case else re.IGNORECASE)


class Matches:
    """The cells of a view in which a query's text stands, in reading order.

    Secret fields are not searched. Besides the cell's own text its shown form counts ("E-laad" for 2),
    except for replacing.
    """

    def __init__(self, view: View, query: Query, columns: Sequence[int] | None = None) -> None:
        """Look for it.

        Args:
            view: whose visible rows are searched.
            query: what for.
            columns: indexes of the fields in the order of reading; None for wire order.
        """
        self._sheet = view.sheet
        self._pattern = query.pattern()
        self._whole = query.whole
        order = range(len(view.sheet.kind)) if columns is None else columns
        self.cells: list[tuple[int, int, int]] = []
        """(visible position, place in reading order, field index)"""
        if query.text:
            for place, field in enumerate(order):
                if query.fields is None or field in query.fields:
                    self._look_in(view, query.rows, place, field)
            self.cells.sort()

    def _look_in(self, view: View, rows: Container[int] | None, place: int, index: int) -> None:
        field = view.sheet.kind.fields[index]
        if field.secret:
            return
        column = view.sheet.columns[index]
        if shows_as_stored(field):
            hits = {text for text in set(column) if text and self._finds(text)}
        else:
            hits = {text for text in set(column) if text and (self._finds(text) or self._finds(field.shown(text)))}
        if hits:
            self.cells += [
                (position, place, index)
                for position, row in enumerate(view.rows)
                if column[row] in hits and (rows is None or row in rows)
            ]

    def _finds(self, text: str) -> bool:
        return bool(self._pattern.match(text) if self._whole else self._pattern.search(text))

    def __len__(self) -> int:
        return len(self.cells)

    def after(self, position: int, place: int) -> int:
        """Number of the first match behind that cell, from the start again at the end; -1 when there is none."""
        if not self.cells:
            return -1
        return bisect_right(self.cells, (position, place, len(self._sheet.kind))) % len(self.cells)

    def before(self, position: int, place: int) -> int:
        """Number of the last match before that cell, from the end again at the start; -1 when there is none."""
        if not self.cells:
            return -1
        return (bisect_left(self.cells, (position, place, -1)) - 1) % len(self.cells)

    def number_at(self, position: int, place: int) -> int:
        """Number of the match in that cell, -1 when there is none."""
        at = bisect_left(self.cells, (position, place, -1))
        return at if at < len(self.cells) and self.cells[at][:2] == (position, place) else -1

    def replacements(
        self, view: View, by: str, only: Sequence[tuple[int, int, int]] | None = None
    ) -> dict[int, dict[int, str]]:
        """The new texts for all matches, or only these: field index -> row id -> text, for `Sheet.set_columns`."""
        changes: dict[int, dict[int, str]] = {}
        known: dict[str, str] = {}
        for position, _place, index in self.cells if only is None else only:
            row = view.rows[position]
            text = self._sheet.columns[index][row]
            new = known.get(text)
            if new is None:
                new = known[text] = self._replaced(text, by)
            if new != text:
                changes.setdefault(index, {})[row] = new
        return changes

    def _replaced(self, text: str, by: str) -> str:
        if self._whole:
            return by if self._finds(text) else text
        return self._pattern.sub(lambda _: by, text)
