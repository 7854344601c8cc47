"""What people call a cell: its name in the file it came from, else its row in the sheet."""

from __future__ import annotations

from collections.abc import Callable

from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, number

_FEW = 20


def places_of(sheet: Sheet) -> Callable[[int, str], str]:
    """(row id, field name) -> "D4071" as in the file, or "row 17" of the sheet where the row is in no file."""
    asked = 0
    positions: dict[int, int] = {}

    def place(row: int, field: str) -> str:
        nonlocal asked
        name = sheet.cell_name(row, field)
        if name:
            return name
        asked += 1
        if asked <= _FEW:
            found = sheet.positions([row])
            at = found[0][0] if found else None
        else:
            # Whoever asks often tells all problems of a sheet, which does not change meanwhile.
            if not positions:
                positions.update((one, place) for place, one in enumerate(sheet.order))
            at = positions.get(row)
        return _("a row that was removed") if at is None else _("row {row}").format(row=number(at + 1))

    return place
