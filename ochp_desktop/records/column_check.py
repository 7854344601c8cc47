"""Asking cell rules and row rules about many rows at once, with the answers for texts that repeat remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Hit, Level, Problem
from ochp_desktop.records.rules import CellRule, Facts, FormRule, RowRule, Rule
from ochp_desktop.records.values import Complaint, trimmed

# Remembered answers per column: enough for dates, hubs and PINs, too few to matter for a column of a million ids.
_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 200

Found = dict[int, list[Problem]]


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


def verdict(rule: Rule, hit: Hit | Complaint, field: str, label: str) -> Verdict:
    """What a rule's hit means for a cell of that field."""
    args = {**hit.args, "field": label} if "{field}" in rule.text else hit.args
    return Verdict(field, rule.code, rule.level, rule.text, args, hit.repair, hit.certain)


class ColumnCheck:
    """All that is asked about the cells of one field.

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
        looks = {rule.unless or _never for rule in self._cell} or {_always}
        self._quick_look: Callable[[str], bool] = looks.pop() if len(looks) == 1 else _never
        self._good: set[str] = set()
        self._bad: dict[str, Verdicts] = {}

    def look_at(self, rows: Sequence[int], texts: Sequence[str], found: Found) -> None:
        """Add the problems of these rows' cells."""
        good, bad = self._good, self._bad
        rest = [row for row in rows if texts[row] not in good]
        if len(good) >= _REMEMBERED:
            # A column of ids, then, in which remembering is no help.
            is_clean, quick_look = self._is_clean, self._quick_look
            rest = [row for row in rest if not (quick_look(texts[row]) and is_clean(texts[row]))]
        for row in rest:
            text = texts[row]
            verdicts = bad.get(text)
            if verdicts is None:
                if text in good:
                    # Learnt a moment ago, from a row of the same slice.
                    continue
                verdicts = self._judge(text)
                if not verdicts:
                    if len(good) < _REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
                        good.add(text)
                    continue
                if len(bad) < _REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
                    bad[text] = verdicts
            found.setdefault(row, []).extend([Problem(row, *verdict) for verdict in verdicts])

    def _judge(self, text: str) -> Verdicts:
        if self._is_clean(text):
            return () if self._quick_look(text) else self._ask(self._cell, text)
        trim = trimmed(text)
        if not trim and (missing := self._ask(self._empty, text)):
            return missing
        raw = self._ask(self._raw, text)
        if not trim or any(verdict.level is Level.ERROR for verdict in raw):
            return raw
        complaint = self.field.type.check(trim, self._facts.timezone)
        if complaint is None:
            return raw + self._ask(self._cell, trim)
        rule = self._forms.get(complaint.fault)
        # No rule takes it up when the user switched that one off.
        return raw if rule is None else (*raw, verdict(rule, complaint, self.field.name, self.field.label))

    def _ask(self, rules: Sequence[CellRule], text: str) -> Verdicts:
        facts = self._facts
        hits = [(rule, rule.check(text, facts)) for rule in rules]
        return tuple([verdict(rule, hit, self.field.name, self.field.label) for rule, hit in hits if hit is not None])


class RowCheck:
    """All row rules that read the same fields and share the same quick look."""

    def __init__(self, kind: RecordKind, rules: Sequence[RowRule], facts: Facts) -> None:
        self._rules = rules
        self._facts = facts
        self._labels = {field.name: field.label for field in kind}
        self._reads = [kind.index(name) for name in rules[0].reads]
        self._unless = rules[0].unless
        self._good: set[tuple[str, ...]] = set()
        self._bad: dict[tuple[str, ...], Verdicts] = {}

    def look_at(self, rows: Sequence[int], columns: Sequence[Sequence[str]], found: Found) -> None:
        """Add the problems of these rows."""
        good, bad, unless = self._good, self._bad, self._unless
        cells = [[columns[position][row] for row in rows] for position in self._reads]
        records = zip(rows, zip(*cells, strict=True), strict=True)
        if unless is None:
            rest = [(row, texts) for row, texts in records if texts not in good]
        else:
            rest = [(row, texts) for row, texts in records if not unless(texts)]
        for row, texts in rest:
            verdicts = bad.get(texts)
            if verdicts is None:
                if texts in good:
                    continue
                verdicts = self._judge(texts)
                if not verdicts:
                    if unless is None and len(good) < _REMEMBERED and sum(map(len, texts)) <= _LONGEST_REMEMBERED:
                        good.add(texts)
                    continue
                if len(bad) < _REMEMBERED and sum(map(len, texts)) <= _LONGEST_REMEMBERED:
                    bad[texts] = verdicts
            found.setdefault(row, []).extend([Problem(row, *verdict) for verdict in verdicts])

    def _judge(self, texts: Sequence[str]) -> Verdicts:
        return tuple(
            verdict(rule, hit, hit.field, self._labels[hit.field])
            for rule in self._rules
            for hit in rule.check(texts, self._facts)
        )


def row_checks(kind: RecordKind, rules: Sequence[Rule], facts: Facts) -> list[RowCheck]:
    """The row rules among the rules, put together by what they read."""
    families: dict[object, list[RowRule]] = {}
    for rule in rules:
        if isinstance(rule, RowRule):
            families.setdefault((rule.reads, rule.unless), []).append(rule)
    return [RowCheck(kind, family, facts) for family in families.values()]


def _never(_text: str) -> bool:
    return False


def _always(_text: str) -> bool:
    return True
