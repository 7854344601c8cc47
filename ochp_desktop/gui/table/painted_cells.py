"""What the visible cells of a column show, asked for in one question, for painting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.records.problems import Level


@dataclass(frozen=True, slots=True)
class PaintedCells:
    """Cells of a column, from the first row asked for to the last.

    Attributes:
        texts: for each row, "" for nothing.
        marks: place in `texts` -> (level, name of the icon) of those that have a problem or a state.
    """

    texts: Sequence[str]
    marks: Mapping[int, tuple[Level | None, str]]


def bad_places(model: SheetModel, rows: Sequence[int]) -> list[int]:
    """Places among these row ids of those with problems: most rows are fine, and their cells need not be asked."""
    return [at for at, row in enumerate(rows) if model.level_of(row) is not None]


def painted_cells(model: SheetModel, rows: Sequence[int], bad: Collection[int], column: int) -> PaintedCells:
    """What a column shows.

    Args:
        model: whose cells.
        rows: row ids.
        bad: places among them of rows with problems, as `bad_places` finds them.
        column: its number in the model.
    """
    index = model.field_index(column)
    if index is None:
        return _states(model, rows, column)
    marks = {}
    for at in bad:
        problems = model.problems_at(rows[at], index)
        if problems:
            marks[at] = (problems[0].level, problems[0].level.word)
    texts = map(model.sheet.columns[index].__getitem__, rows)
    return PaintedCells(list(map(model.kind.fields[index].shown, texts)), marks)


def _states(model: SheetModel, rows: Sequence[int], column: int) -> PaintedCells:
    state = model.state_column(column)
    cells = list(map(state.cell, rows)) if state else []
    return PaintedCells(
        [cell.text if cell else "" for cell in cells],
        {at: (None, cell.icon) for at, cell in enumerate(cells) if cell and cell.icon},
    )
