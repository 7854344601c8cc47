"""Asking cell rules and row rules about many rows at once, with the answers for texts that repeat remembered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.rules import CellRule, Facts, FormRule, RowRule, Rule
from ochp_desktop.records.values import Complaint, trimmed

Key = TypeVar("Key", bound=Hashable)

# Remembered answers per column: enough for dates, hubs and PINs, too few to matter for a column of a million ids.
_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 200
# Nearly all texts are new to it in a column of ids, where they are more than a handful.
_OF_IDS = 0.9
_FEW = 16
# Rows that are looked at in one go; of a longer block there is nearly always one that is not fine.
_BLOCK = 64
# What a text says about how its column is read: nothing (0), the first or second way, or that it waits for the others.
_WAYS = (1, 2)
_UNDECIDED = 3


class Verdict(NamedTuple):
    """A problem without its row, as it is remembered for a text."""

    field: str
    code: str
    level: Level
    text: str
    args: Mapping[str, str]
    repair: str | None
    certain: bool


Verdicts = tuple[Verdict, ...]
Found = dict[int, Verdicts]
"""Row id -> what was found in the row, for the rows in which something was."""


def verdict(rule: Rule, hit: Hit | Complaint, field: str, label: str) -> Verdict:
    """What a rule's hit means for a cell of that field."""
    args = {**hit.args, "field": label} if "{field}" in rule.text else hit.args
    return Verdict(field, rule.code, rule.level, rule.text, args, hit.repair, hit.certain)


class ColumnCheck:
    """All that is asked about the cells of one field.

    What cannot be told from one cell alone (1/2/2027, 1.234) is told by the column: each text that can be read in one
    way only is a vote. A vote stays when its cell is mended, else one repair would change what other cells mean.

    Args:
        kind: the kind of record.
        position: the field's position in it.
        rules: the rules to ask, of any kind and scope.
        facts: what the rules may know.
    """

    def __init__(self, kind: RecordKind, position: int, rules: Sequence[Rule], facts: Facts) -> None:
        self.field = kind.fields[position]
        self._facts = facts
        name = self.field.name
        cell_rules = [rule for rule in rules if isinstance(rule, CellRule) and name in rule.fields]
        self._empty = [rule for rule in cell_rules if rule.on_empty]
        self._raw = [rule for rule in cell_rules if rule.raw and not rule.on_empty]
        self._cell = [rule for rule in cell_rules if not rule.raw and not rule.on_empty]
        self._forms = {rule.fault: rule for rule in rules if isinstance(rule, FormRule) and name in rule.fields}
        clean = self.field.type.clean
        self._is_clean: Callable[[str], object] = _never if clean is None else clean.fullmatch
        looks = {rule.unless for rule in self._cell}
        # With one quick look for all cell rules, that look is enough; without cell rules the form is.
        look = looks.pop() if len(looks) == 1 else None
        self._quick_look: Callable[[str], object] | None = look if self._cell else self._is_clean
        self._block = re.compile(f"(?:(?:{clean.pattern})\n)*") if clean is not None and not self._cell else None
        self._good: set[str] = set()
        self._bad: dict[str, Verdicts] = {}
        self._votes = bytearray()
        self._tally: Counter[int] = Counter()
        self._cast: dict[str, int] = {}
        self._undecided: set[int] = set()
        self._ways = self.field.type.ways
        self._does_vote = bool(self._ways)
        self.decision = ""

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        return self._good, self._bad, self._cast, self._undecided

    def look_at(self, rows: Sequence[int], texts: Sequence[str], found: Found) -> None:
        """Add the problems of these rows' cells."""
        good, bad = self._good, self._bad
        cells = picked(texts, rows)
        fresh = set(cells)
        if self._does_vote:
            self._take_votes(rows, cells, fresh)
        fresh -= good
        if len(good) >= _REMEMBERED or (len(cells) > _FEW and len(fresh) > len(cells) * _OF_IDS):
            # A column of ids, then, of which one look at many is quicker than judging each.
            left = self._not_surely_fine(fresh, cells)
            if len(good) < _REMEMBERED:
                good.update([text for text in fresh - left if len(text) <= _LONGEST_REMEMBERED])
            fresh = left
        if not fresh:
            return
        judged: dict[str, Verdicts] = {}
        for text in fresh:
            verdicts = bad.get(text)
            if verdicts is None:
                verdicts = self._judge(text)
                self._remember(text, verdicts)
            if verdicts:
                judged[text] = verdicts
        if judged:
            _add(found, rows, cells, judged)

    def _not_surely_fine(self, fresh: set[str], cells: Sequence[str]) -> set[str]:
        if not fresh or (self._block is not None and self._all_clean(cells)):
            return set()
        quick_look = self._quick_look
        return fresh if quick_look is None else {text for text in fresh if not quick_look(text)}

    def _remember(self, text: str, verdicts: Verdicts) -> None:
        if len(text) <= _LONGEST_REMEMBERED:
            if verdicts and len(self._bad) < _REMEMBERED:
                self._bad[text] = verdicts
            elif not verdicts and len(self._good) < _REMEMBERED:
                self._good.add(text)

    def try_text(self, text: str) -> Verdicts:
        """What would be said of a text in this column."""
        return self._judge(text)

    def forget(self, rows: Collection[int]) -> None:
        """These rows are no longer in the table, or are to be looked at as if they were new."""
        if self._does_vote:
            for row in rows:
                self._undecided.discard(row)
                self._set_vote(row, 0)

    def clear(self) -> None:
        """Begin anew; what is known of texts stays."""
        self._votes.clear()
        self._tally.clear()
        self._undecided.clear()
        self._decide()

    def take_over(self, older: ColumnCheck) -> None:
        """Keep the votes of an older check of the same table."""
        self._votes, self._tally = bytearray(older._votes), Counter(older._tally)
        self._decide()

    def redecide(self) -> Collection[int]:
        """Count the votes; the rows that have to be looked at again because the column is read in another way now."""
        return self._undecided if self._does_vote and self._decide() else ()

    def _take_votes(self, rows: Sequence[int], cells: Sequence[str], texts: Collection[str]) -> None:
        cast = self._cast
        if len(cast) > _REMEMBERED:
            cast.clear()
        for text in texts:
            if text not in cast:
                cast[text] = self._code(text)
        votes = self._votes
        codes = bytes(map(cast.__getitem__, cells))
        if isinstance(rows, range) and rows[0] == len(votes):
            votes += codes
            self._tally.update(codes)
            if _UNDECIDED in codes:
                self._undecided.update([row for row, code in zip(rows, codes, strict=True) if code == _UNDECIDED])
            return
        votes.extend(bytes(max(0, max(rows) + 1 - len(votes))))
        self._undecided.difference_update(rows)
        if _UNDECIDED in codes:
            self._undecided.update([row for row, code in zip(rows, codes, strict=True) if code == _UNDECIDED])
        before = bytes(map(votes.__getitem__, rows))
        if before != codes:
            for row, text, old, code in zip(rows, cells, before, codes, strict=True):
                if old != code and not (old in _WAYS and self._is_clean(text)):
                    self._set_vote(row, code)

    def _code(self, text: str) -> int:
        vote, undecided = self.field.type.vote(trimmed(text))
        return _UNDECIDED if undecided else self._ways.index(vote) + 1 if vote else 0

    def _set_vote(self, row: int, code: int) -> None:
        if row < len(self._votes):
            self._tally[self._votes[row]] -= 1
            self._tally[code] += 1
            self._votes[row] = code

    def _decide(self) -> bool:
        ways = [way for code, way in enumerate(self._ways, 1) if self._tally[code] > 0]
        decision = ways[0] if len(ways) == 1 else ""
        if decision == self.decision:
            return False
        self.decision = decision
        for text in [text for text in self._bad if self._code(text) == _UNDECIDED]:
            del self._bad[text]
        return True

    def _all_clean(self, cells: Sequence[str]) -> bool:
        block = "\n".join(cells)
        # A line break inside a text would make two texts of it.
        assert self._block is not None
        return block.count("\n") == len(cells) - 1 and self._block.fullmatch(block + "\n") is not None

    def _judge(self, text: str) -> Verdicts:
        if self._is_clean(text):
            return self._ask(self._cell, text)
        trim = trimmed(text)
        if not trim and (missing := self._ask(self._empty, text)):
            return missing
        raw = self._ask(self._raw, text)
        if not trim or any(verdict.level is Level.ERROR for verdict in raw):
            return raw
        type_ = self.field.type
        complaint = type_.check(trim, self._facts.timezone)
        if complaint is None:
            return raw + self._ask(self._cell, trim)
        if self.decision:
            complaint = type_.settled(trim, self.decision, self._facts.timezone) or complaint
        rule = self._forms.get(complaint.fault)
        # No rule takes it up when the user switched that one off.
        return raw if rule is None else (*raw, verdict(rule, complaint, self.field.name, self.field.label))

    def _ask(self, rules: Sequence[CellRule], text: str) -> Verdicts:
        facts = self._facts
        found: Verdicts = ()
        for rule in rules:
            hit = rule.check(text, facts)
            if hit is not None:
                found += (verdict(rule, hit, self.field.name, self.field.label),)
        return found


class RowCheck:
    """All row rules that read the same fields and share the same quick look."""

    def __init__(self, kind: RecordKind, rules: Sequence[RowRule], facts: Facts) -> None:
        self._rules = rules
        self._facts = facts
        self._labels = {field.name: field.label for field in kind}
        self._reads = [kind.index(name) for name in rules[0].reads]
        self._unless = rules[0].unless
        self._unless_all = rules[0].unless_all
        self._good: set[tuple[str, ...]] = set()
        self._bad: dict[tuple[str, ...], Verdicts] = {}

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        return self._good, self._bad

    def look_at(self, rows: Sequence[int], columns: Sequence[Sequence[str]], found: Found) -> None:
        """Add the problems of these rows."""
        good, bad, unless = self._good, self._bad, self._unless
        cells = [picked(columns[position], rows) for position in self._reads]
        fresh = self._not_all_fine(cells, len(rows)) - good
        if unless is not None:
            fresh = {texts for texts in fresh if not unless(texts)}
        judged: dict[tuple[str, ...], Verdicts] = {}
        for texts in fresh:
            verdicts = bad.get(texts)
            if verdicts is None:
                verdicts = self._judge(texts)
                self._remember(texts, verdicts)
            if verdicts:
                judged[texts] = verdicts
        if judged:
            _add(found, rows, zip(*cells, strict=True), judged)

    def _not_all_fine(self, cells: Sequence[Sequence[str]], count: int) -> set[tuple[str, ...]]:
        """The records but for blocks of which one look says that all are fine."""
        fine = self._unless_all
        if fine is None or count <= _BLOCK:
            return set() if fine is not None and fine(cells) else set(zip(*cells, strict=True))
        records: set[tuple[str, ...]] = set()
        for start in range(0, count, _BLOCK):
            block = [texts[start : start + _BLOCK] for texts in cells]
            if not fine(block):
                records.update(zip(*block, strict=True))
        return records

    def _remember(self, texts: tuple[str, ...], verdicts: Verdicts) -> None:
        if sum(map(len, texts)) <= _LONGEST_REMEMBERED:
            if verdicts and len(self._bad) < _REMEMBERED:
                self._bad[texts] = verdicts
            elif not verdicts and self._unless is None and len(self._good) < _REMEMBERED:
                self._good.add(texts)

    def try_texts(self, texts: Sequence[str]) -> Verdicts:
        """What would be said of a record with these texts, all of its fields in order."""
        return self._judge(tuple([texts[position] for position in self._reads]))

    def _judge(self, texts: Sequence[str]) -> Verdicts:
        return tuple(
            verdict(rule, hit, hit.field, self._labels[hit.field])
            for rule in self._rules
            for hit in rule.check(texts, self._facts)
        )


def _add(found: Found, rows: Sequence[int], asked: Iterable[Key], judged: Mapping[Key, Verdicts]) -> None:
    """Add what was found in rows of which this was asked; rows of which the same is said share it."""
    get = judged.get
    for row, one in zip(rows, asked, strict=True):
        verdicts = get(one)
        if verdicts is not None:
            found[row] = found[row] + verdicts if row in found else verdicts


def row_checks(kind: RecordKind, rules: Sequence[Rule], facts: Facts) -> list[RowCheck]:
    """The row rules among the rules, put together by what they read."""
    families: dict[object, list[RowRule]] = {}
    for rule in rules:
        if isinstance(rule, RowRule):
            families.setdefault((rule.reads, rule.unless, rule.unless_all), []).append(rule)
    return [RowCheck(kind, family, facts) for family in families.values()]


def _never(_text: str) -> bool:
    return False
