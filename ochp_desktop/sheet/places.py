"""What people call a cell: its name in the file it came from, else its row in the sheet."""

from __future__ import annotations

from collections.abc import Callable

from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, number


def places_of(sheet: Sheet) -> Callable[[int, str], str]:
    """(row id, field name) -> "D4071" as in the file, or "row 17" of the sheet where the row is in no file."""

    def place(row: int, field: str) -> str:
        name = sheet.cell_name(row, field)
        if name:
            return name
        found = sheet.positions([row])
        return _("row {row}").format(row=number(found[0][0] + 1)) if found else _("a row that was removed")

    return place
