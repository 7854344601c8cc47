"""Asking about cells that a spreadsheet damaged before they arrived, as long as they are what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ochp_desktop.records.column_check import Verdict, verdict
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Hit
from ochp_desktop.records.rules import DamageRule, Facts
from ochp_desktop.records.values import quoted


class DamageCheck:
    """The rules over the cells that `Facts.damage` names; a cell that was typed anew is no longer one of them.

    Attributes:
        rules: the rules, one for each kind of damage that is asked about.
        hits: row id -> what the rules say, for the rows that have any.
    """

    def __init__(
        self, kind: RecordKind, rules: Sequence[DamageRule], columns: Sequence[Sequence[str]], facts: Facts
    ) -> None:
        self.rules = rules
        self.hits: dict[int, list[Verdict]] = {}
        self._touched: set[int] = set()
        self._damage = facts.damage
        self._fields = [(field, texts) for field, texts in zip(kind, columns, strict=True)]
        self._by_cell = {(rule.damage, name): rule for rule in rules for name in rule.fields}

    def parts(self) -> Iterable[object]:
        """What grows with the table, to be let go of in slices."""
        return (self.hits,)

    def clear(self) -> None:
        """Forget everything."""
        self.hits.clear()

    def join(self, rows: Sequence[int]) -> None:
        """Look at the rows' texts as they are now."""
        if not self._damage:
            return
        if self.hits:
            for row in rows:
                self.leave(row)
        for field, texts in self._fields:
            damaged = self._damage.get(field.name)
            if not damaged:
                continue
            for row in sorted(damaged.keys() & rows):
                cell = damaged[row]
                rule = self._by_cell.get((cell.kind, field.name))
                if rule is not None and texts[row] == cell.text:
                    hit = Hit(field.name, {"value": quoted(field.shown(cell.text))}, cell.repair)
                    self.hits.setdefault(row, []).append(verdict(rule, hit, field.name, field.label))
                    self._touched.add(row)

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
