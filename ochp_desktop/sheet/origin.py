"""Where a sheet came from: the file, and where in it each field stands, so that cells are named as in Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a sheet was opened from.

    Attributes:
        path: the file's path as text.
        sheet_name: name of the sheet in the workbook, "" for a CSV file.
        header_row: row number of the header in the file, counted from 1; 0 when it has none.
        letters: protocol name of a field -> letter of its column in the file ("evcoId" -> "B").
    """

    path: str
    sheet_name: str = ""
    header_row: int = 1
    letters: Mapping[str, str] = field(default_factory=dict)
