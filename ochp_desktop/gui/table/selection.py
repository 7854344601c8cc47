"""What is selected in the table, as ranges: never cell by cell, so that a million selected rows cost nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain

from PySide6.QtCore import QItemSelection

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.value_time import Duration
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.texts import _, decimal, ngettext, number

# Cells that are added up in one go: about two milliseconds.
_SLICE = 5_000
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Area:
    """One rectangle of selected cells.

    Attributes:
        rows: visible positions.
        fields: indexes of the fields, in the order in which their columns are shown.
    """

    rows: range
    fields: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selected:
    """The selected cells of a sheet's fields; state columns and hidden columns are left out.

    Attributes:
        areas: rectangles that do not overlap.
        shown: indexes of all fields, in the order in which their columns are shown.
    """

    areas: tuple[Area, ...]
    shown: tuple[int, ...]

    @classmethod
    def of(cls, model: SheetModel, selection: QItemSelection, shown: Sequence[int]) -> Selected:
        """The selection, given the fields in the order of their columns."""
        areas = []
        for part in (selection.at(place) for place in range(selection.count())):
            first, last = part.left() - model.first_field, part.right() - model.first_field
            fields = tuple(field for field in shown if first <= field <= last)
            if fields and part.bottom() >= part.top():
                areas.append(Area(range(part.top(), part.bottom() + 1), fields))
        areas.sort(key=lambda area: (area.rows.start, area.fields))
        return cls(tuple(areas), tuple(shown))

    def __bool__(self) -> bool:
        return bool(self.areas)

    @property
    def cell_count(self) -> int:
        """How many cells are selected."""
        return sum(len(area.rows) * len(area.fields) for area in self.areas)

    def positions(self) -> list[int]:
        """Visible positions of the rows with a selected cell, ascending."""
        if len(self.areas) == 1:
            return list(self.areas[0].rows)
        return sorted(set(chain.from_iterable(area.rows for area in self.areas)))

    def fields(self) -> tuple[int, ...]:
        """The fields with a selected cell, in the order in which their columns are shown."""
        wanted = set(chain.from_iterable(area.fields for area in self.areas))
        return tuple(field for field in self.shown if field in wanted)

    def is_block(self) -> bool:
        """Whether rows and fields make up one block, so that it can be copied and put elsewhere."""
        return len(self.areas) == 1 or len(self.positions()) * len(self.fields()) == self.cell_count

    def rows_by_field(self, rows: Sequence[int]) -> dict[int, Sequence[int]]:
        """Field index -> ids of the rows with a selected cell in it, given the ids of the visible rows.

        Fields with the same rows share them.
        """
        found: dict[int, Sequence[int]] = {}
        for area in self.areas:
            part = rows[area.rows.start : area.rows.stop]
            for field in area.fields:
                found[field] = [*found[field], *part] if field in found else part
        return found

    def cells(self, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(row id, field index) of each selected cell, given the ids of the visible rows."""
        for area in self.areas:
            for field in area.fields:
                for row in rows[area.rows.start : area.rows.stop]:
                    yield row, field


class Summary:
    """Count, sum and average of the selected cells, added up in slices so that a million cells are not felt."""

    def __init__(self, model: SheetModel, selected: Selected) -> None:
        self._model = model
        self._selected = selected
        self._filled = 0
        self._count = 0
        self._total: Decimal | timedelta | None = None
        self._broken = False

    def slices(self) -> Iterator[None]:
        """Add up; pauses after every few thousand cells."""
        sheet, rows = self._model.sheet, self._model.view.rows
        for area in self._selected.areas:
            # Rows lie in memory as they are shown, or it is all of them: then nobody minds the order.
            direct = self._model.view.is_whole or len(area.rows) == len(rows) == sheet.slots
            for field in area.fields:
                column = sheet.columns[field]
                read = self._reader(field)
                for start in range(area.rows.start, area.rows.stop, _SLICE):
                    piece = slice(start, min(start + _SLICE, area.rows.stop))
                    texts = column[piece] if direct else picked(column, rows[piece])
                    self._filled += len(texts) - texts.count("")
                    if read is not None:
                        self._add(filter(None, map(read, filter(None, texts))))
                    yield

    def _reader(self, field: int) -> Callable[[str], Decimal | timedelta | None] | None:
        """What reads a field's numbers; None where it has none."""
        value_type = self._model.kind.fields[field].type
        if not isinstance(value_type, Volume | Duration):
            return None
        return lru_cache(maxsize=_REMEMBERED)(value_type.parse)

    def _add(self, values: Iterator[Decimal | timedelta]) -> None:
        for value in values:
            if self._total is not None and type(self._total) is not type(value):
                # Energy and time have no sum.
                self._broken = True
                return
            try:
                self._total = value if self._total is None else self._total + value  # type: ignore[operator]  # of one type
            except (InvalidOperation, OverflowError):
                self._broken = True
                return
            self._count += 1

    def text(self) -> str:
        """What the status line says."""
        count = self._selected.cell_count
        if not count:
            return ""
        text = ngettext("{count} cell selected", "{count} cells selected", count).format(count=number(count))
        if count == 1:
            return text
        if self._filled < count:
            text = _("{selected} · {filled} filled").format(selected=text, filled=number(self._filled))
        total = self._total
        if total is None or self._broken:
            return text
        written = (decimal(total, 4), decimal(total / self._count, 4)) if isinstance(total, Decimal) else None
        if written is None:
            assert isinstance(total, timedelta)
            written = Duration().format(total), Duration().format(total / self._count)
        return _("{selected} · sum {total}, average {average}").format(
            selected=text, total=written[0], average=written[1]
        )
