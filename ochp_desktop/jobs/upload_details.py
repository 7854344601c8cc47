"""What an upload takes along beside its records: files, accepted warnings with reasons, what stays here and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.checker import Checker
from ochp_desktop.sheet.sheet import Sheet

MOST_ACCEPTED = 2_000
"""Accepted warnings that are kept with an upload."""
_CDR_ID = CDRS.index("cdrId")


def upload_details(sheet: Sheet, checker: Checker, rows: Collection[int], files: Sequence[str]) -> dict[str, Any]:
    """For receipt and history: the files, and the accepted warnings of these rows with the reasons given."""
    going = set(rows)
    accepted = [
        {
            "rule": one.problem.code,
            "what": f"{sheet.text(one.problem.row, _CDR_ID)}, {CDRS.field(one.problem.field).title()}",
            "reason": one.reason,
        }
        for one in checker.all_accepted()
        if one.problem.row in going
    ]
    return {"files": list(files), **({"accepted": accepted[:MOST_ACCEPTED]} if accepted else {})}


def held_records(sheet: Sheet, checker: Checker, rows: Collection[int]) -> list[tuple[tuple[str, ...], str]]:
    """(texts, why) of rows that are held back for their errors."""
    held = []
    for row in rows:
        problems = checker.problems(row)
        held.append((sheet.row_texts(row), problems[0].message() if problems else ""))
    return held
