"""Asking peak rules: whose measure stands out from all others of its key, kept up to date."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Sequence

from ochp_desktop.records.column_check import picked, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Hit, Problem
from ochp_desktop.records.rules import Facts, PeakRule


class PeakCheck:
    """One peak rule, and the measures of each key.

    Only the highest can stand out from all others, so that a change asks about the top of its key alone.

    Attributes:
        rules: the rule, as a sequence.
        hits: row id -> its problem, for the rows that have one.
    """

    def __init__(self, kind: RecordKind, rule: PeakRule, columns: Sequence[Sequence[str]], facts: Facts) -> None:
        self.rules = (rule,)
        self.hits: dict[int, list[Problem]] = {}
        self._rule = rule
        self._facts = facts
        self._factor = facts.limit(rule.code, rule.threshold or 1.0)
        self._columns = columns
        self._label = kind.field(rule.field).label
        self._reads = [kind.index(name) for name in rule.reads]
        self._of: dict[int, tuple[Hashable, float]] = {}
        self._measures: dict[Hashable, list[tuple[float, int]]] = {}
        self._tops: dict[Hashable, int] = {}
        self._unsettled: set[Hashable] = set()
        self._bulk = False

    def clear(self) -> None:
        """Forget everything; what joins until the next `settle` is put in order at once then."""
        for part in (self.hits, self._of, self._measures, self._tops):
            part.clear()
        self._unsettled.clear()
        self._bulk = True

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in with the measures that their texts give them now; a row may be in already."""
        if not rows:
            return
        cells = [picked(self._columns[position], rows) for position in self._reads]
        for row, texts in zip(rows, zip(*cells, strict=True), strict=True):
            if row in self._of:
                self.leave(row)
            found = self._rule.measure(texts, self._facts)
            if found is None:
                continue
            self._of[row] = found
            key, measure = found
            places = self._measures.setdefault(key, [])
            if self._bulk:
                places.append((measure, row))
            else:
                insort(places, (measure, row))
            self._unsettled.add(key)

    def leave(self, row: int) -> None:
        """Take the row out, and drop its problem."""
        found = self._of.pop(row, None)
        if found is None:
            return
        key, measure = found
        places = self._measures[key]
        if self._bulk:
            places.remove((measure, row))
        else:
            del places[bisect_left(places, (measure, row))]
        self.hits.pop(row, None)
        self._unsettled.add(key)

    def others(self, row: int, code: str) -> Iterable[int]:  # noqa: ARG002 - there is one rule
        """The row with the highest measure but this one's."""
        found = self._of.get(row)
        places = [] if found is None else self._measures[found[0]][-2:]
        return [other for _measure, other in places if other != row][-1:]

    def settle(self) -> set[int]:
        """Ask about the tops of all keys that changed; returns the rows whose answers may have changed."""
        touched: set[int] = set()
        for key in self._unsettled:
            places = self._measures[key]
            if self._bulk:
                places.sort()
            before = self._tops.pop(key, None)
            if before is not None:
                touched.add(before)
                self.hits.pop(before, None)
            if len(places) > self._rule.least:
                (second, _row), (highest, top) = places[-2:]
                if highest > self._factor * second:
                    self._tops[key] = top
                    touched.add(top)
                    hit = Hit(self._rule.field, self._rule.args(highest, second))
                    self.hits[top] = [Problem(top, *verdict(self._rule, hit, self._rule.field, self._label))]
            if not places:
                del self._measures[key]
        self._unsettled.clear()
        self._bulk = False
        return touched
