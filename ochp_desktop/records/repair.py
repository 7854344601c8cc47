"""Repairs: which cells to set to what, for one problem or all alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def certain_repairs(checker: Checker) -> Iterator[Repair | None]:
    """All repairs that cannot be wrong, each cell with the text that it has when nothing certain is left to do.

    So a cell with blanks and separators is mended in one go. Yields None after a row that has none, so that whoever
    takes them can pause; the table must not change meanwhile.
    """
    kind = checker.kind
    looked_at = 0
    for row in checker.rows_with():
        more: Iterable[tuple[str, str]] = _cells(checker.problems(row), certain_only=True)
        mended: dict[str, str] = {}
        texts = checker.texts(row) if more else []
        looked_at += bool(more)
        for _round in range(_ROUNDS if looked_at <= _LOOKED_AT_AGAIN else 1):
            for field, text in more:
                texts[kind.index(field)] = mended[field] = text
            if not more or looked_at > _LOOKED_AT_AGAIN:
                break
            more = _cells(checker.try_row(texts), certain_only=True)
        yield from (Repair(row, field, text) for field, text in mended.items())
        yield None


def likely_repairs(checker: Checker) -> Iterator[Repair | None]:
    """The repairs that may be wrong, of cells for which there is no certain one; None as for the certain ones."""
    for row in checker.rows_with():
        problems = checker.problems(row)
        sure = {problem.field for problem in problems if problem.certain}
        yield from (Repair(row, field, text) for field, text in _cells(problems) if field not in sure)
        yield None


def _cells(problems: Iterable[Problem], *, certain_only: bool = False) -> list[tuple[str, str]]:
    return [(field, text) for _row, field, text in repairs_for(problems, certain_only=certain_only)]
