"""Asking group rules: which rows share a key, kept up to date while the table is edited."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from ochp_desktop.records.column_check import verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Problem
from ochp_desktop.records.rules import GroupRule, Rule


class GroupCheck:
    """All group rules with the same key, and the index from that key to the rows that have it.

    Attributes:
        rules: the group rules.
        hits: row id -> problems of these rules, for the rows that have any.
    """

    def __init__(self, kind: RecordKind, rules: Sequence[GroupRule], columns: Sequence[Sequence[str]]) -> None:
        self.rules = rules
        self.hits: dict[int, list[Problem]] = {}
        self._columns = columns
        self._labels = {field.name: field.label for field in kind}
        self._reads = [kind.index(name) for name in rules[0].reads]
        self._key = rules[0].key
        self._compares = [kind.index(name) for name in rules[0].compares]
        # A key of one row keeps the bare row id: with a million different tokens a million sets would be in the way.
        self._index: dict[Hashable, int | set[int]] = {}
        self._keys: list[Hashable | None] = []
        self._unsettled: dict[Hashable, None] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.hits.clear()
        self._index.clear()
        self._keys.clear()
        self._unsettled.clear()

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in under the keys that their texts give them now; a row may be in already."""
        keys, index = self._keys, self._index
        if rows:
            keys.extend([None] * (max(rows) + 1 - len(keys)))
        cells = [[self._columns[position][row] for row in rows] for position in self._reads]
        for row, key in zip(rows, map(self._key, zip(*cells, strict=True)), strict=True):
            if keys[row] is not None:
                self.leave(row)
            if key is None:
                continue
            keys[row] = key
            members = index.get(key)
            if members is None:
                index[key] = row
                continue
            if isinstance(members, set):
                members.add(row)
            else:
                index[key] = {members, row}
            self._unsettled[key] = None

    def leave(self, row: int) -> None:
        """Take the row out of its group, if it is in one, and drop its hits."""
        key = self._keys[row] if row < len(self._keys) else None
        if key is None:
            return
        self._keys[row] = None
        members = self._index[key]
        self.hits.pop(row, None)
        if isinstance(members, set):
            members.discard(row)
            if len(members) == 1:
                self._index[key] = members.pop()
            self._unsettled[key] = None
        else:
            del self._index[key]

    def members(self, row: int) -> list[int]:
        """Ids of the rows that have the same key as this one, itself included; ascending."""
        key = self._keys[row] if row < len(self._keys) else None
        return [] if key is None else self._members(key)

    def settle(self) -> set[int]:
        """Ask the rules about all groups that changed; returns the rows whose answers may have changed."""
        touched: set[int] = set()
        for key in self._unsettled:
            rows = self._members(key)
            touched.update(rows)
            for row in rows:
                self.hits.pop(row, None)
            if len(rows) > 1:
                self._ask(rows)
        self._unsettled.clear()
        return touched

    def _ask(self, rows: Sequence[int]) -> None:
        texts = [[self._columns[position][row] for position in (*self._reads, *self._compares)] for row in rows]
        for rule in self.rules:
            for row, hit in rule.check(rows, texts):
                problem = Problem(row, *verdict(rule, hit, hit.field, self._labels[hit.field]))
                self.hits.setdefault(row, []).append(problem)

    def _members(self, key: Hashable) -> list[int]:
        members = self._index.get(key, set())
        return sorted(members) if isinstance(members, set) else [members]


def group_checks(kind: RecordKind, rules: Sequence[Rule], columns: Sequence[Sequence[str]]) -> list[GroupCheck]:
    """The group rules among the rules, put together by their key."""
    families: dict[object, list[GroupRule]] = {}
    for rule in rules:
        if isinstance(rule, GroupRule):
            families.setdefault((rule.reads, rule.key, rule.compares), []).append(rule)
    return [GroupCheck(kind, family, columns) for family in families.values()]
