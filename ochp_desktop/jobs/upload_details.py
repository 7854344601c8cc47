"""What an upload takes along beside its records: files, accepted warnings with reasons, what stays here and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ochp_desktop.records.checker import Checker
from ochp_desktop.sheet.sheet import Sheet

MOST_ACCEPTED = 2_000
"""Accepted warnings that are kept with an upload."""


def upload_details(sheet: Sheet, checker: Checker, rows: Collection[int], files: Sequence[str]) -> dict[str, Any]:
    """For receipt and history: the files, and the accepted warnings of these rows with the reasons given."""
    going, kind = set(rows), sheet.kind
    named_by = kind.index(kind.key[-1])
    accepted = [
        {
            "rule": one.problem.code,
            "what": f"{sheet.text(one.problem.row, named_by)}, {kind.field(one.problem.field).title()}",
            "reason": one.reason,
        }
        for one in checker.all_accepted()
        if one.problem.row in going
    ]
    return {"files": list(files), **({"accepted": accepted[:MOST_ACCEPTED]} if accepted else {})}


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """A warning that somebody accepted: which rule, about what, why."""

    rule: str
    what: str
    reason: str


def accepted_in(details: Mapping[str, Any] | None) -> list[AcceptedWarning]:
    """The accepted warnings of an upload's details: a list of {rule, what, reason}, or a mapping of rule to reason."""
    value = (details or {}).get("accepted")
    if isinstance(value, Mapping):
        return [AcceptedWarning(str(rule), "", str(reason)) for rule, reason in value.items()]
    return [
        AcceptedWarning(str(one.get("rule", "")), str(one.get("what", "")), str(one.get("reason", "")))
        for one in (value if isinstance(value, list) else ())
        if isinstance(one, Mapping)
    ]


def held_records(sheet: Sheet, checker: Checker, rows: Collection[int]) -> list[tuple[tuple[str, ...], str]]:
    """(texts, why) of rows that are held back for their errors."""
    held = []
    for row in rows:
        problems = checker.problems(row)
        held.append((sheet.row_texts(row), problems[0].message() if problems else ""))
    return held
