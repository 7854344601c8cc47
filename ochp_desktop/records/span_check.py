"""Asking span rules: which sessions lie over each other on one charge point or card, kept up to date."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import chain

from ochp_desktop.records.column_check import picked, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Hit, Problem
from ochp_desktop.records.rules import Span, SpanRule

# Nearly all sessions are shorter than a day. The few others are kept aside, so that those around a moment are found
# among the sessions that began in the day before it.
_USUAL = 86_400.0
_NEVER = float("-inf"), None
_NOT_YET = float("inf"), None

_Place = tuple[float, int]


class _Line:
    """The spans of one key, in the order of their start.

    Attributes:
        usual: (start, number of the span) of the spans up to a day long, ascending.
        long: the same of the longer ones.
    """

    __slots__ = ("long", "usual")

    def __init__(self) -> None:
        self.usual: list[_Place] = []
        self.long: list[_Place] = []

    def places(self, span: Span) -> list[_Place]:
        return self.long if span.end - span.start > _USUAL else self.usual

    def around(self, start: float, end: float) -> Iterator[int]:
        """Spans that began before the end and may have ended after the start."""
        usual = self.usual
        at = bisect_left(usual, (start - _USUAL, -1))
        while at < len(usual) and usual[at][0] < end:
            yield usual[at][1]
            at += 1
        for begun, number in self.long:
            if begun >= end:
                break
            yield number


class SpanCheck:
    """One span rule, and the spans of each key.

    Rows with the very same span share one entry and one answer, so that copies of a record cost nothing. A change
    asks again only about the spans that lie over the one that came or went.

    Attributes:
        rules: the rule, as a sequence.
        hits: row id -> its problem, for the rows that have one.
    """

    def __init__(self, kind: RecordKind, rule: SpanRule, columns: Sequence[Sequence[str]]) -> None:
        self.rules = (rule,)
        self.hits: dict[int, list[Problem]] = {}
        self._rule = rule
        self._columns = columns
        self._label = kind.field(rule.field).label
        self._reads = [kind.index(name) for name in rule.reads]
        self._numbers: dict[Span, int] = {}
        self._spans: dict[int, Span] = {}
        self._rows: dict[int, int | set[int]] = {}  # a span of one row keeps the bare row id
        self._of: dict[int, int] = {}
        self._next = 0
        self._bad: set[int] = set()
        self._lines: dict[Hashable, _Line] = {}
        self._unsettled: set[int] = set()
        self._bulk = False

    def clear(self) -> None:
        """Forget everything; what joins until the next `settle` is put in order at once then."""
        for part in (self.hits, self._numbers, self._spans, self._rows, self._of, self._lines):
            part.clear()
        self._bad.clear()
        self._unsettled.clear()
        self._bulk = True

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in with the spans that their texts give them now; a row may be in already."""
        if not rows:
            return
        cells = [picked(self._columns[position], rows) for position in self._reads]
        for row, span in zip(rows, map(self._rule.span, zip(*cells, strict=True)), strict=True):
            if row in self._of:
                self.leave(row)
            if span is None:
                continue
            number = self._numbers.get(span)
            if number is None:
                number = self._new(span)
                self._rows[number] = row
            else:
                members = self._rows[number]
                if isinstance(members, set):
                    members.add(row)
                else:
                    self._rows[number] = {members, row}
            self._of[row] = number
            if number in self._bad:
                self.hits[row] = [self._problem(row)]

    def leave(self, row: int) -> None:
        """Take the row out, and drop its problem."""
        number = self._of.pop(row, None)
        if number is None:
            return
        self.hits.pop(row, None)
        members = self._rows[number]
        if isinstance(members, set):
            members.discard(row)
            if members:
                return
        self._drop(number)

    def others(self, row: int, code: str) -> Iterable[int]:  # noqa: ARG002 - there is one rule
        """Ids of the rows whose sessions lie over that of this row."""
        number = self._of.get(row)
        if number is None:
            return ()
        return chain.from_iterable(map(self._members, self._over(number, self._spans[number])))

    def settle(self) -> set[int]:
        """Ask about all spans near a change; returns the rows whose answers may have changed."""
        if self._bulk:
            self._bulk = False
            for line in self._lines.values():
                line.usual.sort()
                line.long.sort()
                self._sweep(line)
        else:
            for number in self._unsettled:
                if (span := self._spans.get(number)) is not None:
                    self._answer(number, bad=any(True for _ in self._over(number, span)))
        touched = set(chain.from_iterable(self._members(number) for number in self._unsettled if number in self._rows))
        self._unsettled.clear()
        return touched

    def _new(self, span: Span) -> int:
        number = self._numbers[span] = self._next
        self._next += 1
        self._spans[number] = span
        line = self._lines.get(span.key)
        if line is None:
            line = self._lines[span.key] = _Line()
        if self._bulk:
            line.places(span).append((span.start, number))
        else:
            insort(line.places(span), (span.start, number))
            self._ask_about(number, span)
        return number

    def _drop(self, number: int) -> None:
        span = self._spans[number]
        line = self._lines[span.key]
        places = line.places(span)
        if self._bulk:
            places.remove((span.start, number))
        else:
            del places[bisect_left(places, (span.start, number))]
            self._ask_about(number, span)
        del self._rows[number], self._spans[number], self._numbers[span]
        self._bad.discard(number)
        self._unsettled.discard(number)
        if not line.usual and not line.long:
            del self._lines[span.key]

    def _members(self, number: int) -> Collection[int]:
        members = self._rows[number]
        return members if isinstance(members, set) else (members,)

    def _sweep(self, line: _Line) -> None:
        """Answer for a whole line: is there one before that ends later, or one after that begins earlier?"""
        places = sorted((*line.usual, *line.long)) if line.long else line.usual
        spans = self._spans
        bad: set[int] = set()
        # Of another group than the span itself: so the best of two groups are carried along.
        (latest, group), second = _NEVER, _NEVER[0]
        for start, number in places:
            span = spans[number]
            if start < (second if span.group == group else latest):
                bad.add(number)
            if span.group == group:
                latest = max(latest, span.end)
            elif span.end > latest:
                latest, group, second = span.end, span.group, latest
            else:
                second = max(second, span.end)
        (soonest, group), second = _NOT_YET, _NOT_YET[0]
        for start, number in reversed(places):
            span = spans[number]
            if span.end > (second if span.group == group else soonest):
                bad.add(number)
            if span.group != group:
                second = soonest
            soonest, group = start, span.group
        for number in bad:
            self._answer(number, bad=True)
        self._unsettled |= bad

    def _ask_about(self, number: int, span: Span) -> None:
        self._unsettled.add(number)
        self._unsettled.update(self._over(number, span))

    def _over(self, number: int, span: Span) -> Iterator[int]:
        for other in self._lines[span.key].around(span.start, span.end):
            if other != number:
                found = self._spans[other]
                if found.end > span.start and found.group != span.group:
                    yield other

    def _answer(self, number: int, *, bad: bool) -> None:
        if bad:
            self._bad.add(number)
            for row in self._members(number):
                self.hits[row] = [self._problem(row)]
        else:
            self._bad.discard(number)
            for row in self._members(number):
                self.hits.pop(row, None)

    def _problem(self, row: int) -> Problem:
        return Problem(row, *verdict(self._rule, Hit(self._rule.field), self._rule.field, self._label))
