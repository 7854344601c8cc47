"""Asking span rules: which sessions lie over each other on one charge point or card, kept up to date."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from ochp_desktop.records.column_check import Verdict, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.problems import Hit
from ochp_desktop.records.rules import Span, SpanRule

# Nearly all sessions are shorter than a day. The few others are kept aside, so that those around a moment are found
# among the sessions that began in the day before it.
_USUAL = 86_400.0
_NEVER = float("-inf"), 0
_NOT_YET = float("inf"), 0
_NONE = array("q", [-1])


class SpanCheck:
    """One span rule, and the spans of each key.

    Rows with the very same span share one entry and one answer, so that copies of a record cost nothing. A change
    asks again only about the spans that lie over the one that came or went.

    What is known of a span stands in flat arrays under its number. A million objects of their own would hold the
    program up each time Python looks for garbage among them.

    Attributes:
        rules: the rule, as a sequence.
        hits: row id -> what the rule says, for the rows that lie over others.
    """

    def __init__(self, kind: RecordKind, rule: SpanRule, columns: Sequence[Sequence[str]]) -> None:
        self.rules = (rule,)
        self.hits: dict[int, list[Verdict]] = {}
        self._rule = rule
        self._columns = columns
        self._verdict = verdict(rule, Hit(rule.field), rule.field, kind.field(rule.field).label)
        self._reads = [kind.index(name) for name in rule.reads]
        # By the span's number. A group is known by its hash: two that share one are as good as impossible.
        self._keys: list[str] = []
        self._starts = array("d")
        self._ends = array("d")
        self._groups = array("q")
        self._rows = array("q")  # its row, or one of them
        self._shared: dict[int, set[int]] = {}  # all of its rows, where it has several
        self._numbers: dict[int, int] = {}  # hash of all that makes a span -> its number
        self._of = array("q")  # row id -> number
        # Numbers in the order of the starts. A key of one span, as most cards are, keeps the bare number.
        self._usual: dict[str, int | array[int]] = {}
        self._long: dict[str, array[int]] = {}
        self._bad: set[int] = set()
        self._unsettled: set[int] = set()
        self._bulk = False

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        by_number = (self._keys, self._shared, self._numbers, self._bad, self._unsettled)
        return (self.hits, self._usual, self._long, *by_number)

    def clear(self) -> None:
        """Forget everything; what joins until the next `settle` is put in order at once then."""
        for numbers in (self._starts, self._ends, self._groups, self._rows, self._of):
            del numbers[:]
        self._keys.clear()
        for known in (self.hits, self._shared, self._numbers, self._usual, self._long):
            known.clear()
        self._bad.clear()
        self._unsettled.clear()
        self._bulk = True

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in with the spans that their texts give them now; a row may be in already."""
        if not rows:
            return
        cells = [picked(self._columns[position], rows) for position in self._reads]
        of = self._of
        of.extend(_NONE * max(0, max(rows) + 1 - len(of)))
        for row, span in zip(rows, map(self._rule.span, zip(*cells, strict=True)), strict=True):
            if of[row] >= 0:
                self.leave(row)
            if span is None:
                continue
            of[row] = number = self._number(span, row)
            if number in self._bad:
                self.hits[row] = [self._verdict]

    def leave(self, row: int) -> None:
        """Take the row out, and drop its problem."""
        number = self._of[row] if row < len(self._of) else -1
        if number < 0:
            return
        self._of[row] = -1
        self.hits.pop(row, None)
        members = self._shared.get(number)
        if members is None:
            self._drop(number)
            return
        members.discard(row)
        self._rows[number] = next(iter(members))
        if len(members) == 1:
            del self._shared[number]

    def others(self, row: int, code: str) -> Iterable[int]:  # noqa: ARG002 - there is one rule
        """Ids of the rows whose sessions lie over that of this row."""
        number = self._of[row] if row < len(self._of) else -1
        return () if number < 0 else chain.from_iterable(map(self._members, self._over(number)))

    def settle(self) -> set[int]:
        """Ask about all spans near a change; returns the rows whose answers may have changed."""
        if self._bulk:
            self._bulk = False
            self._sort_and_sweep()
        else:
            for number in self._unsettled:
                self._answer(number, bad=any(True for _ in self._over(number)))
        touched = set(chain.from_iterable(map(self._members, self._unsettled)))
        self._unsettled.clear()
        return touched

    def _number(self, span: Span, row: int) -> int:
        """The number of the row's span, a new one if there is none like it."""
        key, start, end, group = span.key, span.start, span.end, hash(span.group)
        mark = hash((key, start, end, group))
        number = self._numbers.get(mark)
        if number is not None and self._is(number, key, start, end, group):
            self._shared.setdefault(number, {self._rows[number]}).add(row)
            return number
        number = len(self._keys)
        # Where another span has this hash, copies of this one only miss the short cut.
        self._numbers.setdefault(mark, number)
        self._keys.append(key)
        self._starts.append(start)
        self._ends.append(end)
        self._groups.append(group)
        self._rows.append(row)
        self._file(number, key, start, end)
        if not self._bulk:
            self._ask_about(number)
        return number

    def _is(self, number: int, key: str, start: float, end: float, group: int) -> bool:
        return (
            self._groups[number] == group
            and self._starts[number] == start
            and self._ends[number] == end
            and self._keys[number] == key
        )

    def _file(self, number: int, key: str, start: float, end: float) -> None:
        """Put the span into the line of its key; in a bulk at the end of it."""
        usual = end - start <= _USUAL
        line: int | array[int] | None = self._usual.get(key) if usual else self._long.setdefault(key, array("q"))
        if line is None:
            self._usual[key] = number
            return
        if isinstance(line, int):
            line = self._usual[key] = array("q", [line])
        # Numbers grow, so that those of one start stay in order.
        at = len(line) if self._bulk else bisect_right(line, start, key=self._starts.__getitem__)
        line.insert(at, number)

    def _unfile(self, number: int, key: str) -> None:
        usual = self._ends[number] - self._starts[number] <= _USUAL
        line = self._usual[key] if usual else self._long[key]
        if isinstance(line, int):
            del self._usual[key]
            return
        if self._bulk:
            line.remove(number)
        else:
            del line[bisect_left(line, (self._starts[number], number), key=lambda one: (self._starts[one], one))]
        if not line:
            del (self._usual if usual else self._long)[key]

    def _drop(self, number: int) -> None:
        key = self._keys[number]
        mark = hash((key, self._starts[number], self._ends[number], self._groups[number]))
        if not self._bulk:
            self._ask_about(number)
        self._unfile(number, key)
        if self._numbers.get(mark) == number:
            del self._numbers[mark]
        self._keys[number] = ""
        self._bad.discard(number)
        self._unsettled.discard(number)

    def _members(self, number: int) -> Collection[int]:
        return self._shared.get(number) or (self._rows[number],)

    def _sort_and_sweep(self) -> None:
        starts = self._starts
        for key, line in self._usual.items():
            if isinstance(line, int):
                continue
            line[:] = array("q", sorted(line, key=starts.__getitem__))
            if key not in self._long:
                self._sweep(line)
        for key, line in self._long.items():
            line[:] = array("q", sorted(line, key=starts.__getitem__))
            usual = self._usual.get(key, ())
            both = [*line, usual] if isinstance(usual, int) else [*line, *usual]
            self._sweep(sorted(both, key=starts.__getitem__))

    def _sweep(self, places: Sequence[int]) -> None:
        """Answer for a whole line: is there one before that ends later, or one after that begins earlier?"""
        starts, ends, groups = self._starts, self._ends, self._groups
        bad: set[int] = set()
        # Of another group than the span itself: so the best of two groups are carried along.
        (latest, best), second = _NEVER, _NEVER[0]
        for number in places:
            group, end = groups[number], ends[number]
            if starts[number] < (second if group == best else latest):
                bad.add(number)
            if group == best:
                latest = max(latest, end)
            elif end > latest:
                latest, best, second = end, group, latest
            else:
                second = max(second, end)
        (soonest, best), second = _NOT_YET, _NOT_YET[0]
        for number in reversed(places):
            group = groups[number]
            if ends[number] > (second if group == best else soonest):
                bad.add(number)
            if group != best:
                second = soonest
            soonest, best = starts[number], group
        for number in bad:
            self._answer(number, bad=True)
        self._unsettled |= bad

    def _ask_about(self, number: int) -> None:
        self._unsettled.add(number)
        self._unsettled.update(self._over(number))

    def _around(self, key: str, start: float, end: float) -> Iterator[int]:
        """Spans that began before the end and may have ended after the start."""
        starts = self._starts
        filed = self._usual.get(key, ())
        line: Sequence[int] = (filed,) if isinstance(filed, int) else filed
        at = bisect_left(line, start - _USUAL, key=starts.__getitem__)
        while at < len(line) and starts[line[at]] < end:
            yield line[at]
            at += 1
        for number in self._long.get(key, ()):
            if starts[number] >= end:
                break
            yield number

    def _over(self, number: int) -> Iterator[int]:
        start, group = self._starts[number], self._groups[number]
        for other in self._around(self._keys[number], start, self._ends[number]):
            if other != number and self._ends[other] > start and self._groups[other] != group:
                yield other

    def _answer(self, number: int, *, bad: bool) -> None:
        if bad:
            self._bad.add(number)
            for row in self._members(number):
                self.hits[row] = [self._verdict]
        else:
            self._bad.discard(number)
            for row in self._members(number):
                self.hits.pop(row, None)
