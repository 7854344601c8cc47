"""Rows taken at one moment stay as they were, whatever is edited afterwards."""

from __future__ import annotations

import threading

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


def test_it_is_of_one_moment_also_while_the_sheet_is_edited() -> None:
    sheet = Sheet(TOKENS)
    sheet.load([("0", "0")] * 20_000)
    snapshots: list[Snapshot] = []
    over = threading.Event()

    def take() -> None:
        while not over.is_set():
            snapshots.append(Snapshot(sheet, range(0, 20_000, 500)))

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(1, 40):
        texts = dict.fromkeys(range(20_000), str(number))
        sheet.apply(sheet.set_columns("count", {0: texts, 1: texts}))
    over.set()
    taker.join()
    assert snapshots
    assert all(len({*(text for row in snapshot for text in row[:2])}) == 1 for snapshot in snapshots)
