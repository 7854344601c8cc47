"""Repairs: which cells to set to what, for one problem or all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Level, Problem

_ROUNDS = 5
# Looking again at a mended cell costs little, but not nothing: past this many rows, what is left is offered again.
_LOOKED_AT_AGAIN = 20_000


class Repair(NamedTuple):
    """A cell and the text that mends it.

    Attributes:
        row: the row id.
        field: the protocol's name of the field.
        text: the new text.
    """

    row: int
    field: str
    text: str


def repairs_for(problems: Iterable[Problem], *, certain_only: bool = False) -> list[Repair]:
    """The repairs that these problems offer, one at most for each cell, in the order of the problems.

    Where a cell has several, that of the worst problem is taken: the others are offered again after it.

    Args:
        problems: for example all problems of one rule.
        certain_only: leave out repairs that may be wrong.
    """
    chosen: dict[tuple[int, str], tuple[Level, str]] = {}
    for problem in problems:
        if problem.repair is None or (certain_only and not problem.certain):
            continue
        cell = (problem.row, problem.field)
        if cell not in chosen or chosen[cell][0] < problem.level:
            chosen[cell] = (problem.level, problem.repair)
    return [Repair(row, field, text) for (row, field), (_level, text) in chosen.items()]


def certain_repairs(checker: Checker, texts_of: Callable[[int], Sequence[str]]) -> list[Repair]:
    """All repairs that cannot be wrong, each cell with the text that it has when nothing certain is left to do.

    So a cell with blanks and separators is mended in one go.

    Args:
        checker: of the table.
        texts_of: row id -> the row's texts in field order.
    """
    first = repairs_for(checker.all(), certain_only=True)
    by_row: dict[int, dict[str, str]] = {}
    for row, field, text in first:
        by_row.setdefault(row, {})[field] = text
    kind = checker.kind
    for row in list(by_row)[:_LOOKED_AT_AGAIN]:
        texts = list(texts_of(row))
        more: Iterable[tuple[str, str]] = by_row[row].items()
        for _round in range(_ROUNDS):
            for field, text in more:
                texts[kind.index(field)] = by_row[row][field] = text
            more = [(field, text) for _row, field, text in repairs_for(checker.try_row(texts), certain_only=True)]
            if not more:
                break
    return [Repair(row, field, text) for row, cells in by_row.items() for field, text in cells.items()]
