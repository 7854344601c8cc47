"""Asking peak rules: whose measure stands out from what was seen of its key, kept up to date."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from ochp_desktop.records.column_check import Verdict, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.problems import Hit
from ochp_desktop.records.rules import Facts, Peak, PeakRule

_NONE = array("d", [float("nan")])
_NOTHING = Peak(0, 0.0)


class PeakCheck:
    """One peak rule, and the measures of each key.

    What stands out is always at the upper end of its key, so that a change asks about that end alone. Measures stand
    in a flat array, as in `SpanCheck` and for the same reason.

    Attributes:
        rules: the rule, as a sequence.
        hits: row id -> what the rule says, for the rows that stand out.
    """

    def __init__(self, kind: RecordKind, rule: PeakRule, columns: Sequence[Sequence[str]], facts: Facts) -> None:
        self.rules = (rule,)
        self.hits: dict[int, list[Verdict]] = {}
        self._rule = rule
        self._facts = facts
        self._factor = facts.limit(rule.code, rule.threshold or 1.0)
        self._columns = columns
        self._label = kind.field(rule.field).label
        self._reads = [kind.index(name) for name in rule.reads]
        self._before: Mapping[str, Peak] = {}
        self._keys: list[str | None] = []  # by row id
        self._measures = array("d")  # by row id
        self._lines: dict[str, array[int]] = {}  # row ids, the lowest measure first
        self._outstanding: dict[str, list[int]] = {}
        self._unsettled: set[str] = set()
        self._bulk = False

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        return self.hits, self._keys, self._lines, self._outstanding, self._unsettled

    def clear(self) -> None:
        """Forget everything; what joins until the next `settle` is put in order at once then."""
        for known in (self.hits, self._keys, self._lines, self._outstanding, self._unsettled):
            known.clear()
        del self._measures[:]
        self._before = self._rule.before(self._facts)
        self._bulk = True

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in with the measures that their texts give them now; a row may be in already."""
        if not rows:
            return
        missing = max(0, max(rows) + 1 - len(self._keys))
        self._keys.extend([None] * missing)
        self._measures.extend(_NONE * missing)
        cells = [picked(self._columns[position], rows) for position in self._reads]
        for row, texts in zip(rows, zip(*cells, strict=True), strict=True):
            self.leave(row)
            found = self._rule.measure(texts, self._facts)
            if found is None:
                continue
            key, measure = found
            self._keys[row], self._measures[row] = key, measure
            line = self._lines.setdefault(key, array("q"))
            at = len(line) if self._bulk else bisect_right(line, (measure, row), key=self._place)
            line.insert(at, row)
            self._unsettled.add(key)

    def leave(self, row: int) -> None:
        """Take the row out, and drop its problem."""
        key = self._keys[row] if row < len(self._keys) else None
        if key is None:
            return
        line = self._lines[key]
        if self._bulk:
            line.remove(row)
        else:
            del line[bisect_left(line, self._place(row), key=self._place)]
        self._keys[row] = None
        self.hits.pop(row, None)
        self._unsettled.add(key)

    def others(self, row: int, code: str) -> Iterable[int]:  # noqa: ARG002 - there is one rule
        """The row with the highest measure but this one's, where it was held against rows of this table."""
        key = self._keys[row] if row < len(self._keys) else None
        if key is None or self._before.get(key, _NOTHING).records >= self._rule.least:
            return ()
        return [other for other in self._lines[key][-2:] if other != row][-1:]

    def settle(self) -> set[int]:
        """Ask about the upper ends of all keys that changed; returns the rows whose answers may have changed."""
        touched: set[int] = set()
        for key in self._unsettled:
            line = self._lines[key]
            if self._bulk:
                line[:] = array("q", sorted(line, key=self._place))
            for row in self._outstanding.pop(key, ()):
                touched.add(row)
                self.hits.pop(row, None)
            if found := self._standing_out(key, line):
                self._outstanding[key] = found
                touched.update(found)
            if not line:
                del self._lines[key]
        self._unsettled.clear()
        self._bulk = False
        return touched

    def _place(self, row: int) -> tuple[float, int]:
        return self._measures[row], row

    def _standing_out(self, key: str, line: array[int]) -> list[int]:
        """The rows of a key that stand out, their problems noted."""
        before = self._before.get(key, _NOTHING)
        if before.records >= self._rule.least:
            limit = self._factor * before.highest
            rows = list(line[bisect_right(line, limit, key=self._measures.__getitem__) :])
            seen = before.highest
        else:
            if len(line) - 1 + before.records < self._rule.least or not line:
                return []
            seen = max(before.highest, self._measures[line[-2]] if len(line) > 1 else 0.0)
            rows = [line[-1]] if self._measures[line[-1]] > self._factor * seen else []
        for row in rows:
            hit = Hit(self._rule.field, self._rule.args(self._measures[row], seen))
            self.hits[row] = [verdict(self._rule, hit, self._rule.field, self._label)]
        return rows
