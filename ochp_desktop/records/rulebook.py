"""All rules, by kind of record and by code."""

from __future__ import annotations

from ochp_desktop.records.cdr_rules import CDR_RULES
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.rules import Rule
from ochp_desktop.records.token_rules import TOKEN_RULES

_RULES: dict[str, tuple[Rule, ...]] = {"tokens": TOKEN_RULES, "cdrs": CDR_RULES}
_BY_CODE: dict[str, Rule] = {rule.code: rule for rules in _RULES.values() for rule in rules}


def rules_for(kind: RecordKind) -> tuple[Rule, ...]:
    """The rules for a kind of record, in the order in which they are asked."""
    return _RULES[kind.name]


def rule(code: str) -> Rule:
    """The rule of that code.

    Raises:
        KeyError: there is no such rule.
    """
    return _BY_CODE[code]


def all_rules() -> tuple[Rule, ...]:
    """Every rule once, those for tokens first."""
    return tuple(_BY_CODE.values())
