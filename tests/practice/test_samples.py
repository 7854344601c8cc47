"""The sample files: whole, readable, mendable, and the same at every run; and house and program agree on the rules."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from ochp_desktop.paths import resource
from ochp_desktop.practice.inspection import _FORMS, inspected_cdrs, inspected_tokens
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.rulebook import rules_for
from ochp_desktop.records.rules import Facts, FormRule
from ochp_desktop.spreadsheet.match import match_columns
from ochp_desktop.spreadsheet.read import read_table

FILES = {
    "tokens-small.csv": ("tokens", 50, 0),
    "cdrs-small.csv": ("cdrs", 20, 0),
    "tokens-5000.xlsx": ("tokens", 5000, 41),
    "cdrs-november.xlsx": ("cdrs", 400, 12),
}
SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "samples.py"


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_matched_and_has_the_damage_it_should(name: str) -> None:
    kind_name, count, bad = FILES[name]
    kind = KINDS[kind_name]
    path = resource("samples", name)
    assert path.stat().st_size < 1_000_000
    table = read_table(path)
    matching = match_columns(table.rows, kind)
    assert (matching.unmatched, matching.missing) == ([], [])
    rows = table.rows[matching.header_row + 1 :]
    assert len(rows) == count
    columns = [[row[matching.columns[field]] for row in rows] for field in kind.names]
    checker = Checker(kind, columns, Facts(own_ids=("Polder Charging",)))
    for _done in checker.check_all(range(count)):
        pass
    wrong = {problem.row for problem in checker.all() if problem.level is Level.ERROR}
    assert len(wrong) == bad
    sent = [tuple(field.type.wire(columns[at][row]) for at, field in enumerate(kind)) for row in range(count)]
    good = [texts for row, texts in enumerate(sent) if row not in wrong]
    taken = (
        inspected_tokens(good)
        if kind_name == "tokens"
        else chain.from_iterable(
            inspected_cdrs([good], "Polder Charging", {"ladenetz": "Ladenetz", "bluecorner": "Blue Corner"})
        )
    )
    assert len(list(taken)) == count - bad


def test_written_anew_they_are_the_same(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == resource("samples", name).read_bytes(), name


def test_what_the_house_refuses_is_an_error_in_the_program() -> None:
    """Else staff would learn of it only after the upload."""
    for name, fields in _FORMS.items():
        kind = KINDS[name]
        known = {
            (field, rule.fault)
            for rule in rules_for(kind)
            if isinstance(rule, FormRule) and rule.level is Level.ERROR
            for field in rule.fields
        }
        for field in fields:
            faults = set(kind.field(field).type.faults) - ({"unknown-number"} if field == "roamingHubId" else set())
            assert {(field, fault) for fault in faults} <= known, field
