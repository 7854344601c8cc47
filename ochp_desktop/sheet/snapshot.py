"""A sheet's rows as they were at one moment, for work that goes on beside the editing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ochp_desktop.records.pieces import copied, picked
from ochp_desktop.records.release import release_with
from ochp_desktop.sheet.sheet import Sheet

_ROWS_AT_ONCE = 1000


class Snapshot:
    """Rows of a sheet; taking it copies the columns and makes no row before it is asked for.

    It may be taken in another thread than the one that edits the sheet.
    """

    def __init__(self, sheet: Sheet, rows: Sequence[int] | None = None) -> None:
        """Take these rows, or all in the sheet's order."""
        revision = -1
        while revision != sheet.revision or sheet.is_changing:
            revision = sheet.revision
            self._rows = copied(sheet.order if rows is None else rows)
            self._columns = [copied(column) for column in sheet.columns]
        release_with(self, self._rows, *self._columns)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for start in range(0, len(self._rows), _ROWS_AT_ONCE):
            rows = self._rows[start : start + _ROWS_AT_ONCE]
            yield from zip(*(picked(column, rows) for column in self._columns), strict=True)
