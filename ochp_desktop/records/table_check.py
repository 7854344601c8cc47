"""What checks of more than one record have in common, and which of them a set of rules needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ochp_desktop.records.column_check import Verdict
from ochp_desktop.records.damage_check import DamageCheck
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.group_check import group_checks
from ochp_desktop.records.peak_check import PeakCheck
from ochp_desktop.records.release import HasParts
from ochp_desktop.records.rules import DamageRule, Facts, PeakRule, Rule, SpanRule
from ochp_desktop.records.span_check import SpanCheck


class TableCheck(HasParts, Protocol):
    """Rules that look at several records, with an index that is kept up to date while the table is edited.

    Attributes:
        rules: the rules that are asked.
        hits: row id -> what these rules say, for the rows that have any.
    """

    hits: dict[int, list[Verdict]]

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules that are asked."""

    def clear(self) -> None:
        """Forget everything."""

    def join(self, rows: Sequence[int]) -> None:
        """Take the rows in with their texts as they are now; a row may be in already."""

    def leave(self, row: int) -> None:
        """Take a row out, if it is in, and drop its hits."""

    def others(self, row: int, code: str) -> Iterable[int]:
        """Ids of the other rows that a row's problem of that code is about."""

    def settle(self) -> set[int]:
        """Ask the rules about all that changed; returns the rows whose answers may have changed."""


def table_checks(
    kind: RecordKind, rules: Sequence[Rule], columns: Sequence[Sequence[str]], facts: Facts
) -> list[TableCheck]:
    """The checks that these rules need."""
    checks: list[TableCheck] = list(group_checks(kind, rules, columns))
    for rule in rules:
        if isinstance(rule, SpanRule):
            checks.append(SpanCheck(kind, rule, columns))
        elif isinstance(rule, PeakRule):
            checks.append(PeakCheck(kind, rule, columns, facts))
    about_damage = [rule for rule in rules if isinstance(rule, DamageRule)]
    if about_damage:
        checks.append(DamageCheck(kind, about_damage, columns, facts))
    return checks
