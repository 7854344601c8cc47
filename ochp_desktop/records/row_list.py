"""Ids of rows in ascending order, kept so while rows come and go one by one or by the hundred thousand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection

from ochp_desktop.records.pieces import copied

# So many are cheaper to put in or take out one by one than by a walk through all.
_FEW = 8


class RowList:
    """Row ids, each at most once.

    Sorting a million ids when somebody asks for them would hold the window up; they nearly always come in order.
    """

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._lent = False

    def __len__(self) -> int:
        return len(self._rows)

    def lent(self) -> list[int]:
        """The ids, ascending; the list stays as it is now, and is not to be changed by who gets it."""
        self._lent = True
        return self._rows

    def add(self, rows: Collection[int]) -> None:
        """Put rows in that are not in it."""
        fresh = sorted(rows)
        if not fresh:
            return
        mine = self._own()
        if not mine or fresh[0] > mine[-1]:
            mine += fresh
        elif len(fresh) <= _FEW:
            for row in fresh:
                insort(mine, row)
        else:
            mine += fresh
            mine.sort()

    def remove(self, rows: Collection[int]) -> None:
        """Take rows out that are in it."""
        if len(rows) <= _FEW:
            mine = self._own()
            for row in rows:
                del mine[bisect_left(mine, row)]
        else:
            gone = set(rows)
            self._rows, self._lent = [row for row in self._rows if row not in gone], False

    def _own(self) -> list[int]:
        """The list, or a copy where somebody may still walk through it."""
        if self._lent:
            self._rows, self._lent = copied(self._rows), False
        return self._rows
