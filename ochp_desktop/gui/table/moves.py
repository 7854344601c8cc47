"""Where keys go, as in Excel: to the edge of the filled cells, and round in a selected block."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.selection import Selected


def edge(model: SheetModel, columns: Sequence[int], row: int, column: int, across: int, down: int) -> tuple[int, int]:
    """The cell to which Ctrl and an arrow key go: the last filled one of a run, or the first of the next run.

    Args:
        model: the table's.
        columns: the columns as shown.
        row: visible position where one stands.
        column: the column where one stands, one of `columns`.
        across: -1 or 1 to go sideways, else 0.
        down: -1 or 1 to go up or down, else 0.
    """
    if down:
        field = model.field_index(column)
        if field is None:
            return (model.rowCount() - 1 if down > 0 else 0), column
        texts, rows = model.sheet.columns[field], model.view.rows
        end = len(rows) if down > 0 else -1
        return _stop(row, range(row + down, end, down), lambda place: bool(texts[rows[place]])), column
    here, row_id = columns.index(column), model.row_id(row)

    def filled(place: int) -> bool:
        field = model.field_index(columns[place])
        return field is None or bool(model.sheet.columns[field][row_id])

    end = len(columns) if across > 0 else -1
    return row, columns[_stop(here, range(here + across, end, across), filled)]


def _stop(here: int, path: range, filled: Callable[[int], bool]) -> int:
    """The last filled place of the run that one stands in; else the next filled one; else the end of the path."""
    if not path:
        return here
    if filled(here) and filled(path[0]):
        last = path[0]
        for place in path[1:]:
            if not filled(place):
                break
            last = place
        return last
    return next((place for place in path if filled(place)), path[-1])


def within(selected: Selected, row: int, field: int | None, across: int, down: int) -> tuple[int, int] | None:
    """The (visible position, field) to which Enter and Tab go in a selected block; None where there is no such block.

    Args:
        selected: what is selected.
        row: visible position where one stands.
        field: index of the field where one stands, None for a state column.
        across: 1 or -1 for Tab, which goes line by line, else 0.
        down: 1 or -1 for Enter, which goes column by column, else 0.
    """
    if selected.cell_count < 2 or any(area.rows != selected.areas[0].rows for area in selected.areas):  # noqa: PLR2004 - several
        return None
    rows, fields = selected.areas[0].rows, selected.fields()
    if row not in rows or field not in fields or len(rows) * len(fields) != selected.cell_count:
        return None
    line, place = row - rows.start, fields.index(field)
    if across:
        line, place = divmod((line * len(fields) + place + across) % selected.cell_count, len(fields))
    else:
        place, line = divmod((place * len(rows) + line + down) % selected.cell_count, len(rows))
    return rows.start + line, fields[place]
