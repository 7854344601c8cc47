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
        self._is_clean: Callable[[str], object] = clean.fullmatch if clean is not None else _never
        self._remembered: dict[str, Verdicts] = {}

    def look_at(self, rows: Sequence[int], texts: Sequence[str], found: Found) -> None:
        """Add the problems of these rows' cells."""
        remembered = self._remembered
        # A clean text about which no cell rule has anything to ask is by far the most frequent.
        is_fine = _never if self._cell else self._is_clean
        for row in rows:
            text = texts[row]
            verdicts = remembered.get(text)
            if verdicts is None:
                if is_fine(text):
                    continue
                verdicts = self._judge(text)
                if len(remembered) < _REMEMBERED and len(text) <= _LONGEST_REMEMBERED:
                    remembered[text] = verdicts
            if verdicts:
                found.setdefault(row, []).extend([Problem(row, *verdict) for verdict in verdicts])

    def _judge(self, text: str) -> Verdicts:
        if self._is_clean(text):
            return self._ask_about(text)
        trim = trimmed(text)
        if not trim and (missing := self._ask(self._empty, text)):
            return missing
        raw = self._ask(self._raw, text)
        if not trim or any(verdict.level is Level.ERROR for verdict in raw):
            return raw
        complaint = self.field.type.check(trim, self._facts.timezone)
        if complaint is None:
            return raw + self._ask_about(trim)
        rule = self._forms.get(complaint.fault)
        # No rule takes it up when the user switched that one off.
        return raw if rule is None else (*raw, verdict(rule, complaint, self.field.name, self.field.label))

    def _ask_about(self, text: str) -> Verdicts:
        return self._ask(self._cell, text)

    def _ask(self, rules: Sequence[CellRule], text: str) -> Verdicts:
        hits = [(rule, rule.check(text, self._facts)) for rule in rules]
        return tuple([verdict(rule, hit, self.field.name, self.field.label) for rule, hit in hits if hit is not None])


class RowCheck:
    """All row rules that read the same fields and share the same quick look."""

    def __init__(self, kind: RecordKind, rules: Sequence[RowRule], facts: Facts) -> None:
        self._rules = rules
        self._facts = facts
        self._labels = {field.name: field.label for field in kind}
        self._reads = [kind.index(name) for name in rules[0].reads]
        self._unless = rules[0].unless
        self._remembered: dict[tuple[str, ...], Verdicts] = {}

    def look_at(self, rows: Sequence[int], columns: Sequence[Sequence[str]], found: Found) -> None:
        """Add the problems of these rows."""
        remembered, unless = self._remembered, self._unless
        cells = [[columns[position][row] for row in rows] for position in self._reads]
        for row, texts in zip(rows, zip(*cells, strict=True), strict=True):
            if unless is not None and unless(texts):
                continue
            verdicts = remembered.get(texts)
            if verdicts is None:
                verdicts = self._judge(texts)
                if len(remembered) < _REMEMBERED and sum(map(len, texts)) <= _LONGEST_REMEMBERED:
                    remembered[texts] = verdicts
            if verdicts:
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
