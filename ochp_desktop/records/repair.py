"""Repairs: which cells to set to what, for one problem or all alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ochp_desktop.records.problems import Level, Problem


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
