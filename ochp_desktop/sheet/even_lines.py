"""Lines of cells that all have the same length, kept by column, as a sheet wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload


class EvenLines(Sequence[Sequence[str]]):
    """A block of cells.

    Attributes:
        columns: the cells of each column, from the first line to the last; at least one column, all of the same length.
    """

    def __init__(self, columns: list[list[str]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, at: int) -> Sequence[str]: ...
    @overload
    def __getitem__(self, at: slice) -> EvenLines: ...
    def __getitem__(self, at: int | slice) -> Sequence[str] | EvenLines:
        """A line, or several."""
        if isinstance(at, int):
            return [column[at] for column in self.columns]
        return EvenLines([column[at] for column in self.columns])

    def add(self, columns: list[list[str]]) -> None:
        """Add the lines that these columns make up; the lists may become the block's own."""
        if not len(self):
            self.columns = columns
            return
        for column, more in zip(self.columns, columns, strict=True):
            column.extend(more)


def width_of(lines: Sequence[Sequence[str]]) -> int:
    """Cells of the longest line, 0 where there is none."""
    return len(lines.columns) if isinstance(lines, EvenLines) else max(map(len, lines), default=0)


def cell_count(lines: Sequence[Sequence[str]]) -> int:
    """How many cells there are."""
    return len(lines) * len(lines.columns) if isinstance(lines, EvenLines) else sum(map(len, lines))
