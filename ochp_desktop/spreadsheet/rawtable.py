"""A sheet as it stands in its file, as texts: kept column by column, looked at row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, repeat, zip_longest
from operator import not_
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

from ochp_desktop.records.pieces import has, pieces
from ochp_desktop.records.release import release_with
from ochp_desktop.spreadsheet.recognise import FileKind

if TYPE_CHECKING:
    from ochp_desktop.spreadsheet.csvfile import CsvForm

# A column whose texts are mostly different is not worth a pool of known texts.
_POOL_TRIAL = 4_096


class Mark(NamedTuple):
    """A cell whose text needs a word of explanation; row and column are indexes into `RawTable.rows`.

    Attributes:
        kind: "error" (#N/A), "formula", "formula-without-value", "number-format" (read as shown, with its leading
            zeros) or "rounded" (a number of more than 15 digits).
    """

    row: int
    column: int
    kind: str


class Rows(Sequence[list[str]]):
    """Rows of texts, all of one length; what repeats in a column is kept once.

    They are kept as columns, because that is how they arrive, are judged and go into a sheet: the work on a column is
    done by a few calls for all its cells.

    Attributes:
        columns: one list of texts per column, all of one length; for reading.
    """

    def __init__(self, rows: Iterable[Sequence[str]] = ()) -> None:
        self.columns: list[list[str]] = []
        self._pools: list[dict[str, str] | None] = []
        self._count = 0
        given = list(rows)
        if given:
            self.append(len(given), list(zip_longest(*given, fillvalue="")))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> list[str]: ...

    @overload
    def __getitem__(self, index: slice) -> list[list[str]]: ...

    def __getitem__(self, index: int | slice) -> list[str] | list[list[str]]:
        if isinstance(index, slice):
            if self.columns:
                return list(map(list, zip(*(column[index] for column in self.columns), strict=True)))
            empty: list[list[str]] = [[] for _row in range(*index.indices(self._count))]
            return empty
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return [column[index] for column in self.columns]

    def __iter__(self) -> Iterator[list[str]]:
        if not self.columns:
            return repeat([], self._count)
        return map(list, zip(*self.columns, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(list.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment] # it is a list of rows in all but its storage

    def append(self, rows: int, columns: Sequence[Sequence[str]]) -> None:
        """Put more rows at the end, given as columns; columns that are not given are empty in them.

        Args:
            rows: how many.
            columns: their texts, each of that length.
        """
        for _column in range(len(columns) - len(self.columns)):
            self.columns.append([""] * self._count)
            self._pools.append({})
        for at, column in enumerate(self.columns):
            pool = self._pools[at]
            if at >= len(columns):
                column.extend(repeat("", rows))
            elif pool is None:
                column.extend(columns[at])
            else:
                column.extend(map(pool.setdefault, columns[at], columns[at]))
                if len(pool) > _POOL_TRIAL and len(pool) * 2 > len(column):
                    self._pools[at] = None
        self._count += rows

    def put(self, row: int, column: int, text: str) -> None:
        """Set one cell, which may be the only one in its row or column."""
        if row >= self._count:
            self.append(row + 1 - self._count, ())
        if column >= len(self.columns):
            missing = column + 1 - len(self.columns)
            self.columns.extend([""] * self._count for _column in range(missing))
            self._pools.extend({} for _column in range(missing))
        self.columns[column][row] = text

    def finish(self, width: int) -> None:
        """Have so many columns, and forget what was only of use while rows came."""
        del self.columns[width:]
        self.columns.extend([""] * self._count for _column in range(width - len(self.columns)))
        self._pools = [None] * width
        release_with(self, *self.columns)

    def blank(self) -> list[int]:
        """Indexes of the rows without any text."""
        if not self.columns:
            return list(range(self._count))
        if not all(has(column, "") for column in self.columns):
            return []
        found: list[int] = []
        for piece in pieces(0, self._count):
            filled = map(any, zip(*(column[piece] for column in self.columns), strict=True))
            found += compress(range(piece.start, piece.stop), map(not_, filled))
        return found


@dataclass(slots=True)
class RawTable:
    """A sheet as it stands in the file, as texts.

    Attributes:
        path: the file.
        file_kind: what the file really is.
        sheets: names of all sheets in the workbook, in its order; none for text files.
        hidden_sheets: those of them that Excel hides.
        sheet: name of the sheet that was read, "" for text files.
        rows: `rows[0]` is the file's row `first_row`, blank rows included; none at the end.
        first_row: the row number in the file of the first row.
        notices: sentences about what was seen, in the user's language.
        marks: cells that need a word of explanation, at most 100,000.
        form: how a text file is written, None for workbooks.
        numbers: column index -> how many of its cells are numbers in the file; their decimal sign is sure.
        dates: column index -> how many of its cells are real dates in the file; their day and month are sure.
    """

    path: Path
    file_kind: FileKind
    sheets: list[str] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    rows: Rows = field(default_factory=Rows)
    first_row: int = 1
    notices: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    form: CsvForm | None = None
    numbers: dict[int, int] = field(default_factory=dict)
    dates: dict[int, int] = field(default_factory=dict)
