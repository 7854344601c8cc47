"""Rows taken at one moment stay as they were, whatever is edited afterwards."""

from __future__ import annotations

from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.snapshot import Snapshot


def test_a_snapshot_knows_nothing_of_later_edits() -> None:
    sheet = Sheet(TOKENS)
    rows = [tuple(f"{row}/{column}" for column in range(len(TOKENS))) for row in range(2500)]
    sheet.load(rows)
    whole, some = Snapshot(sheet), Snapshot(sheet, [7, 3])
    sheet.apply(sheet.set_cells("Typing", [(3, 0, "other")]))
    sheet.apply(sheet.remove_rows("Remove", [0, 7]))
    assert (len(whole), len(some)) == (2500, 2)
    assert list(whole) == rows
    assert list(some) == [rows[7], rows[3]]
