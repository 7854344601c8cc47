"""Asking about texts that a spreadsheet kept as numbers too long for it, as long as they are what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ochp_desktop.records.column_check import verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Hit, Problem
from ochp_desktop.records.rules import Facts, RoundedRule
from ochp_desktop.records.values import quoted


class RoundedCheck:
    """One rule over the cells that `Facts.rounded` names; a cell that was typed anew is no longer one of them.

    Attributes:
        rules: the rule, as a sequence.
        hits: row id -> problems, for the rows that have any.
    """

    def __init__(self, kind: RecordKind, rule: RoundedRule, columns: Sequence[Sequence[str]], facts: Facts) -> None:
        self.rules = (rule,)
        self.hits: dict[int, list[Problem]] = {}
        self._touched: set[int] = set()
        self._fields = [
            (kind.field(name), columns[kind.index(name)], facts.rounded[name])
            for name in rule.fields
            if name in kind.names and name in facts.rounded
        ]

    def clear(self) -> None:
        """Forget everything."""
        self.hits.clear()

    def join(self, rows: Sequence[int]) -> None:
        """Look at the rows' texts as they are now."""
        if not self._fields:
            return
        (rule,) = self.rules
        for row in rows:
            found = [
                Problem(row, *verdict(rule, Hit(field.name, {"value": quoted(texts[row])}), field.name, field.label))
                for field, texts, rounded in self._fields
                if row in rounded and rounded[row] == texts[row]
            ]
            if found:
                self.hits[row] = found
                self._touched.add(row)
            else:
                self.hits.pop(row, None)

    def leave(self, row: int) -> None:
        """Drop the row's problems."""
        self.hits.pop(row, None)

    def others(self, row: int, code: str) -> Iterable[int]:  # noqa: ARG002 - it is about one row alone
        """No other rows."""
        return ()

    def settle(self) -> set[int]:
        """The rows that joined and have the problem: they were answered for at once."""
        touched, self._touched = self._touched, set()
        return touched
