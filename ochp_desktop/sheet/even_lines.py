"""Lines of cells that all have the same length: one list of cells, from which columns are taken in no time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload


class EvenLines(Sequence[Sequence[str]]):
    """A block of cells, line by line.

    Attributes:
        cells: all cells, one line after the other, and something after each line.
        width: cells of a line, at least one.
    """

    def __init__(self, cells: list[str], width: int) -> None:
        self.cells = cells
        self.width = width

    def __len__(self) -> int:
        return len(self.cells) // (self.width + 1)

    @overload
    def __getitem__(self, at: int) -> Sequence[str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[str]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[str] | Sequence[Sequence[str]]:
        """A line, or lines that follow each other."""
        lines = range(len(self))[at]
        each = self.width + 1
        if isinstance(lines, int):
            return self.cells[lines * each : lines * each + self.width]
        if lines.step != 1:
            return [self[line] for line in lines]
        return EvenLines(self.cells[lines.start * each : lines.stop * each], self.width)

    def columns(self) -> list[list[str]]:
        """The cells by column."""
        return [self.cells[at :: self.width + 1] for at in range(self.width)]


def width_of(lines: Sequence[Sequence[str]]) -> int:
    """Cells of the longest line, 0 where there is none."""
    return lines.width if isinstance(lines, EvenLines) else max(map(len, lines), default=0)


def cell_count(lines: Sequence[Sequence[str]]) -> int:
    """How many cells there are."""
    return len(lines) * lines.width if isinstance(lines, EvenLines) else sum(map(len, lines))
