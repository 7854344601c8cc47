"""What is selected in the table, as ranges: never cell by cell, so that a million selected rows cost nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain

from PySide6.QtCore import QItemSelection

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.texts import _, ngettext, number

# Adding up more cells than this would be felt while selecting.
_MOST_TO_ADD = 100_000


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

    def cells(self, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(row id, field index) of each selected cell, given the ids of the visible rows."""
        for area in self.areas:
            for field in area.fields:
                for row in rows[area.rows.start : area.rows.stop]:
                    yield row, field


def summary(model: SheetModel, selected: Selected) -> str:
    """What the status line says about the selection: how many, and the sum where it is of numbers."""
    count = selected.cell_count
    if not count:
        return ""
    text = ngettext("{count} cell selected", "{count} cells selected", count).format(count=number(count))
    if not 1 < count <= _MOST_TO_ADD:
        return text
    numbers = list(_numbers(model, selected))
    if not numbers:
        return text
    try:
        total = sum(numbers, Decimal(0))
    except InvalidOperation:
        return text
    return _("{selected} · sum {total}, average {average}").format(
        selected=text, total=_decimal(total), average=_decimal(total / len(numbers))
    )


def _numbers(model: SheetModel, selected: Selected) -> Iterator[Decimal]:
    rows = model.view.rows
    for row, field in selected.cells(rows):
        text = model.sheet.columns[field][row]
        value = model.kind.fields[field].type.parse(text) if text else None
        if isinstance(value, Decimal):
            yield value


def _decimal(value: Decimal) -> str:
    whole, point, rest = f"{value:,.4f}".partition(".")
    grouped = number(int(whole.replace(",", "")))
    sign = "-" if value < 0 and not grouped.startswith("-") else ""
    mark = "." if number(1000) == "1,000" else ","
    return f"{sign}{grouped}{mark if point else ''}{rest}"
