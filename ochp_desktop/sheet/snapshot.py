"""A sheet's rows as they were at one moment, for work that goes on beside the editing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ochp_desktop.sheet.sheet import Sheet

_ROWS_AT_ONCE = 1000


class Snapshot:
    """Rows of a sheet; taking it copies the columns, which is quick, and makes no row before it is asked for."""

    def __init__(self, sheet: Sheet, rows: Iterable[int] | None = None) -> None:
        """Take these rows, or all in the sheet's order."""
        self._rows = list(sheet.order if rows is None else rows)
        self._columns = [list(column) for column in sheet.columns]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(self._rows), _ROWS_AT_ONCE):
            rows = self._rows[start : start + _ROWS_AT_ONCE]
            yield from zip(*([column[row] for row in rows] for column in self._columns), strict=True)
