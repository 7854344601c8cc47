"""Which rows to take out of a table where nothing can be repaired: those with errors, but of doubles one stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import ACTIVATED

DOUBLES = frozenset({"token-id.duplicate", "cdr-id.double"})
"""Codes of the errors that are gone when one of the rows stays."""
_EXPIRY, _ACTIVE = TOKENS.index("expiryDate"), TOKENS.index("tokenActivated")


@dataclass(frozen=True, slots=True)
class Removal:
    """A row to be taken out.

    Attributes:
        problem: the error it is taken out for; it tells the row.
        stays: id of the row that stays in its place, None when it is no double.
    """

    problem: Problem
    stays: int | None = None


def removals(checker: Checker, code: str = "") -> Iterator[Removal | None]:
    """The rows to take out so that no error is left; None after others, so that whoever takes them can pause.

    Of doubles that have no other error one stays: an active card rather than one that is not, the one that expires
    later, else the first.

    Args:
        checker: of the table; it must not change meanwhile.
        code: of one rule, whose errors alone count; "" for all.
    """
    doubles: dict[int, Problem] = {}
    spoilt: set[int] = set()
    for row in checker.rows_with(code or None):
        errors = [problem for problem in checker.problems(row) if problem.level is Level.ERROR]
        others = [problem for problem in errors if problem.code not in DOUBLES]
        if others:
            spoilt.add(row)
        if others and code not in DOUBLES:
            chosen = next((problem for problem in others if problem.code == code), others[0])
            yield Removal(chosen)
        elif errors:
            doubles[row] = next(problem for problem in errors if problem.code in DOUBLES)
        yield None
    settled: set[int] = set()
    for row, problem in doubles.items():
        if row in settled:
            continue
        group = sorted(other for other in {row, *checker.others(row, problem.code)} if other in doubles)
        settled.update(group)
        stays = max(group, key=lambda one: (one not in spoilt, *_worth(checker, one), -one))
        yield from (Removal(doubles[one], stays) for one in group if one != stays)


def _worth(checker: Checker, row: int) -> tuple[bool, date]:
    """Which of two cards with the same id is rather the one to keep; records that are doubles are all alike."""
    if checker.kind is not TOKENS:
        return False, date.min
    texts = checker.texts(row)
    day = TOKENS.fields[_EXPIRY].type.parse(texts[_EXPIRY])
    return ACTIVATED.parse(texts[_ACTIVE]) == 1, day or date.min
