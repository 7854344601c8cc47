"""Finding and replacing texts in a sheet: counted first, then gone through one by one or changed all at once."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import picked
from ochp_desktop.sheet.column_filter import shows_as_stored
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.slices import SLICE, Slices, at_once
from ochp_desktop.sheet.variety import mostly_different
from ochp_desktop.sheet.view import View

# Characters of one cell that a pattern looks at: patterns can take very long over a very long text.
_LONGEST = 2_000
_LookIn = Callable[[Sequence[str]], Iterable[int]]
# An edit of more cells than this is answered by looking again at everything.
_MANY = 1_000


class BadPattern(ValueError):
    """A pattern, or the text that replaces what it finds, cannot be read; the message is the reason, in English."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for.

    Attributes:
        text: the text; "" finds nothing.
        whole: whether it must be all that stands in the cell.
        case: whether upper and lower case are different.
        pattern: whether the text is a regular expression.
        rows: ids of the rows to look in, None for all.
        fields: indexes of the fields to look in, None for all.
    """

    text: str
    whole: bool = False
    case: bool = False
    pattern: bool = False
    rows: Container[int] | None = None
    fields: tuple[int, ...] | None = None

    def compiled(self) -> re.Pattern[str]:
        """What a text is compared with.

        Raises:
            BadPattern: the text is no pattern.
        """
        wanted = self.text if self.pattern else re.escape(self.text)
        try:
            return re.compile(rf"(?:{wanted})\Z" if self.whole else wanted, re.NOFLAG if self.case else re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as fault:
            raise BadPattern(str(fault)) from fault


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A cell in which the text stands.

    Attributes:
        position: visible position of its row.
        place: place of its field in reading order.
        field: index of its field.
    """

    position: int
    place: int
    field: int


class Matches:
    """The cells of a view in which a query's text stands, in reading order.

    Secret fields are not searched. Besides the cell's own text its shown form counts ("E-laad" for 2),
    except for replacing.
    """

    def __init__(
        self, view: View, query: Query, columns: Sequence[int] | None = None, *, in_slices: bool = False
    ) -> None:
        """Look for it.

        Args:
            view: whose visible rows are searched.
            query: what for.
            columns: indexes of the fields in the order of reading; None for wire order.
            in_slices: whether the caller goes through `look`, instead of waiting here.

        Raises:
            BadPattern: the query's text is no pattern.
        """
        self._view = view
        self._sheet = view.sheet
        self._query = query
        self._pattern = query.compiled()
        self._fields = list(range(len(view.sheet.kind)) if columns is None else columns)
        # Per place in reading order the visible positions: a million of them cost a few megabytes.
        self._positions: dict[int, array[int]] = {}
        if not in_slices:
            at_once(self.look())

    def look(self) -> Slices[None]:
        """Look through all rows in slices; to be begun anew when the view or its sheet changes meanwhile."""
        if not self._query.text:
            return
        wanted, view = self._query.fields, self._view
        # Texts are read where they lie: in the order of a sorted view that takes many times as long.
        as_they_lie = len(view.rows) * 2 > self._sheet.slots
        for place, index in enumerate(self._fields):
            field, column = self._sheet.kind.fields[index], self._sheet.columns[index]
            if field.secret or not (wanted is None or index in wanted):
                continue
            self._positions[place] = array("l")
            look_in = self._look_in(field, different=shows_as_stored(field) and mostly_different(column))
            if as_they_lie:
                yield from self._by_row(place, column, look_in)
                continue
            for start in range(0, len(view.rows), SLICE):
                texts = picked(column, view.rows[start : start + SLICE])
                self._positions[place].extend(start + at for at in look_in(texts) if self._is_asked(start + at))
                yield

    def _by_row(self, place: int, column: Sequence[str], look_in: _LookIn) -> Slices[None]:
        """Note the positions of the rows whose text in the column is found."""
        rows, positions = self._view.rows, self._positions[place]
        hit = bytearray(len(column))
        for start in range(0, len(column), SLICE):
            for at in look_in(column[start : start + SLICE]):
                hit[start + at] = True
            yield
        if not any(hit):
            return
        for start in range(0, len(rows), SLICE):
            part = rows[start : start + SLICE]
            found = compress(range(start, start + len(part)), picked(hit, part))
            positions.extend(found if self._query.rows is None else filter(self._is_asked, found))
            yield

    def _is_asked(self, position: int) -> bool:
        only = self._query.rows
        return only is None or self._view.rows[position] in only

    def _look_in(self, field: Field, *, different: bool) -> _LookIn:
        """What gives for texts of a field the indexes of those that are found."""
        if different:
            return self._stored
        fits, known = self._fits(field), dict[str, bool]()

        def look(texts: Sequence[str]) -> Iterable[int]:
            distinct = set(texts)
            for text in distinct - known.keys():
                known[text] = fits(text)
            if not any(map(known.__getitem__, distinct)):
                return ()
            return compress(range(len(texts)), map(known.__getitem__, texts))

        return look

    def _stored(self, texts: Sequence[str]) -> list[int]:
        query = self._query
        if not query.pattern:
            return holders(texts, query.text, case=query.case, whole=query.whole)
        return [position for position, text in enumerate(texts) if text and self._finds(text)]

    def _fits(self, field: Field) -> Callable[[str], bool]:
        if shows_as_stored(field):
            return lambda text: bool(text) and self._finds(text)
        return lambda text: bool(text) and (self._finds(text) or self._finds(field.shown(text)))

    def _finds(self, text: str) -> bool:
        query = self._query
        if query.pattern:
            text = text[:_LONGEST]
            return bool(self._pattern.match(text) if query.whole else self._pattern.search(text))
        text, wanted = (text, query.text) if query.case else (text.casefold(), query.text.casefold())
        return text == wanted if query.whole else wanted in text

    def __len__(self) -> int:
        return sum(map(len, self._positions.values()))

    def __iter__(self) -> Iterator[Match]:
        """All of them, in reading order."""
        return iter(
            sorted(
                Match(position, place, self._fields[place])
                for place, positions in self._positions.items()
                for position in positions
            )
        )

    def after(self, position: int, place: int) -> Match | None:
        """The first match behind that cell, from the start again at the end."""
        found = []
        for at, positions in self._positions.items():
            first = (bisect_left if at > place else bisect_right)(positions, position)
            if first < len(positions):
                found.append(Match(positions[first], at, self._fields[at]))
        return min(found) if found else min(self._ends(0), default=None)

    def before(self, position: int, place: int) -> Match | None:
        """The last match before that cell, from the end again at the start."""
        found = []
        for at, positions in self._positions.items():
            last = (bisect_right if at < place else bisect_left)(positions, position) - 1
            if last >= 0:
                found.append(Match(positions[last], at, self._fields[at]))
        return max(found) if found else max(self._ends(-1), default=None)

    def _ends(self, which: int) -> Iterator[Match]:
        for at, positions in self._positions.items():
            if positions:
                yield Match(positions[which], at, self._fields[at])

    def number_at(self, position: int, place: int) -> int:
        """How many matches stand before the one in that cell, -1 when there is none in it."""
        here = self._positions.get(place)
        if here is None or not _holds(here, position):
            return -1
        return sum(
            (bisect_right if at < place else bisect_left)(positions, position)
            for at, positions in self._positions.items()
        )

    def follow(self, edit: Edit) -> bool:
        """Take an edit, just done to the sheet, into account; False when everything must be looked at again."""
        if edit.inserted or edit.removed or edit.cell_count > _MANY:
            return False
        for change in edit.cells:
            place = self._fields.index(change.column) if change.column in self._fields else -1
            positions = self._positions.get(place)
            if positions is None:
                continue
            fits = self._fits(self._sheet.kind.fields[change.column])
            for row in change.rows:
                self._set(positions, self._view.position_of(row), row, fits(self._sheet.columns[change.column][row]))
        return True

    def _set(self, positions: array[int], position: int, row: int, found: bool) -> None:  # noqa: FBT001 - it is what is set
        if position < 0 or (self._query.rows is not None and row not in self._query.rows):
            return
        at = bisect_left(positions, position)
        known = at < len(positions) and positions[at] == position
        if found and not known:
            positions.insert(at, position)
        elif known and not found:
            del positions[at]

    def replacements(self, by: str, only: Match | None = None) -> dict[int, dict[int, str]]:
        r"""The new texts for all matches, or for one: field index -> row id -> text, for `Sheet.set_columns`.

        Args:
            by: what to put in place; with a pattern, `\1` stands for what its first group found.
            only: the one match, or None for all.

        Raises:
            BadPattern: what to put in place names a group that the pattern does not have.
        """
        changes: dict[int, dict[int, str]] = {}
        known: dict[str, str] = {}
        rows = self._view.rows
        for place, positions in self._positions.items():
            if only is not None and only.place != place:
                continue
            index = self._fields[place]
            column = self._sheet.columns[index]
            for position in positions if only is None else (only.position,):
                row = rows[position]
                text = column[row]
                new = known.get(text)
                if new is None:
                    new = known[text] = self._replaced(text, by)
                if new != text:
                    changes.setdefault(index, {})[row] = new
        return changes

    def _replaced(self, text: str, by: str) -> str:
        if not self._query.pattern:
            if self._query.whole:
                return by if self._finds(text) else text
            return self._pattern.sub(lambda _: by, text)
        try:
            return self._pattern.sub(by, text[:_LONGEST], count=1 if self._query.whole else 0) + text[_LONGEST:]
        except (re.error, IndexError) as fault:
            raise BadPattern(str(fault)) from fault


def _holds(positions: Sequence[int], position: int) -> bool:
    at = bisect_left(positions, position)
    return at < len(positions) and positions[at] == position
