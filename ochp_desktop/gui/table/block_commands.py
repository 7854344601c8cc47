"""What the table's commands do to a block of cells: each is one edit of the sheet, and one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.selection import Area, Selected
from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import picked
from ochp_desktop.records.release import let_go
from ochp_desktop.records.value_time import ExpiryDate, OffsetDateTime
from ochp_desktop.sheet.blocks import filling, pasting
from ochp_desktop.sheet.clipboard import bare_lines, format_columns, text_of
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.even_lines import cell_count, width_of
from ochp_desktop.sheet.series import continued
from ochp_desktop.sheet.slices import Slices
from ochp_desktop.texts import _, ngettext, number

# Lines that are copied in one go: some two milliseconds.
_LINES = 4_096


@dataclass(frozen=True, slots=True)
class Pasted:
    """Where a pasted block went.

    Attributes:
        top: visible position of its first row.
        height: how many rows it has.
        fields: the fields it covers, in the order in which their columns are shown.
        new_rows: how many rows were added for it.
        cut: how many of its columns did not fit beside the last column.
    """

    top: int
    height: int
    fields: tuple[int, ...]
    new_rows: int
    cut: int


def copying(model: SheetModel, selected: Selected) -> Slices[list[str]]:
    """The text of the selected block, with the texts as they are in the cells, in pieces of whole lines."""
    columns = [model.sheet.columns[field] for field in selected.fields()]
    shown: Sequence[int] = selected.areas[0].rows if len(selected.areas) == 1 else selected.positions()
    rows: Sequence[int]
    if isinstance(shown, range):
        rows = shown if model.view.is_whole else model.view.rows[shown.start : shown.stop]
    else:
        rows = [model.view.rows[at] for at in shown]
    if not model.view.is_ascending and len(rows) * 2 > model.sheet.slots:
        return (yield from _copying_scattered(model, columns, rows))
    pieces = []
    for start in range(0, len(rows), _LINES):
        part = rows[start : start + _LINES]
        pieces.append(format_columns([picked(column, part) for column in columns]))
        if start + _LINES < len(rows):
            yield
    return pieces


def _copying_scattered(model: SheetModel, columns: Sequence[Sequence[str]], rows: Sequence[int]) -> Slices[list[str]]:
    """Cells of sorted rows lie scattered in memory: all lines are made first, then taken, in a third of the time."""
    lines: list[str] = []
    for start in range(0, model.sheet.slots, _LINES):
        lines += bare_lines([column[start : start + _LINES] for column in columns])
        yield
    pieces = []
    for start in range(0, len(rows), _LINES):
        part = rows[start : start + _LINES]
        text = text_of(picked(lines, part), len(columns))
        pieces.append(format_columns([picked(column, part) for column in columns]) if text is None else text)
        yield
    let_go(lines)
    return pieces


def emptying(model: SheetModel, selected: Selected, name: str) -> Slices[Edit]:
    """An edit that empties the selected cells."""
    return filling(model.sheet, name, selected.rows_by_field(model.view.rows), "")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A paste that is ready to be done.

    Attributes:
        edit: what changes.
        pasted: where the block goes; None when it goes into separate cells.
    """

    edit: Edit
    pasted: Pasted | None


def preparing(model: SheetModel, selected: Selected, block: Sequence[Sequence[str]]) -> Slices[Prepared | None]:
    """Prepare to put a block over the selection; None when there is nothing in it.

    One value fills all selected cells; a block that fits several times into the selection is repeated, as in
    Excel; else it begins at the selection's first cell. What reaches below the last row becomes new rows.
    """
    width = width_of(block)
    if not width:
        return None
    sheet = model.sheet
    fields, positions = selected.fields(), selected.positions()
    if width == 1 and len(block) == 1 and selected.cell_count > 1:
        name = _("Paste into {count} cells").format(count=number(selected.cell_count))
        edit = yield from filling(sheet, name, selected.rows_by_field(model.view.rows), block[0][0])
        return Prepared(edit, Pasted(positions[0], len(positions), fields, 0, 0) if selected.is_block() else None)
    left = selected.shown.index(fields[0]) if selected else 0
    if selected and selected.is_block():
        block = _repeated(block, width, len(positions), len(fields))
        width = width_of(block)
    top = positions[0] if positions else len(model.view.rows)
    cells = cell_count(block)
    name = ngettext("Paste {count} cell", "Paste {count} cells", cells).format(count=number(cells))
    edit = yield from pasting(sheet, name, top, left, block, order=model.view.rows, columns=selected.shown)
    room = len(selected.shown) - left
    covered = selected.shown[left : left + width]
    return Prepared(edit, Pasted(top, len(block), covered, len(edit.inserted), max(0, width - room)))


def _repeated(block: Sequence[Sequence[str]], width: int, rows: int, columns: int) -> Sequence[Sequence[str]]:
    down, across = divmod(rows, len(block)), divmod(columns, width)
    fits = not down[1] and not across[1] and down[0] * across[0] > 1
    if not fits or cell_count(block) != width * len(block):
        return block
    return [list(line) * across[0] for line in block] * down[0]


def fill_down(model: SheetModel, selected: Selected) -> bool:
    """Copy each column's first selected cell to the selected cells below, or to a single row the row above it.

    False when there is nothing to copy.
    """
    if all(len(area.rows) == 1 for area in selected.areas):
        return copy_above(model, selected)
    rows = model.view.rows
    sheet = model.sheet
    changes: dict[int, dict[int, str]] = {}
    for area in selected.areas:
        below = rows[area.rows.start + 1 : area.rows.stop]
        for field in area.fields:
            text = sheet.columns[field][rows[area.rows.start]]
            changes.setdefault(field, {}).update(dict.fromkeys(below, text))
    if not any(changes.values()):
        return False
    sheet.apply(sheet.set_columns(_("Fill down"), changes))
    return True


def fill_right(model: SheetModel, selected: Selected) -> bool:
    """Copy each row's first selected cell to the selected cells at its right, or to a single column that at its left.

    False when there is nothing to copy.
    """
    fields = selected.fields()
    if len(fields) == 1:
        return _copy_left(model, selected, fields[0])
    columns = model.sheet.columns
    changes: dict[int, dict[int, str]] = {}
    areas = selected.areas
    if len(areas) > 1 and selected.is_block():
        positions = selected.positions()
        if len(positions) == positions[-1] - positions[0] + 1:
            areas = (Area(range(positions[0], positions[-1] + 1), selected.fields()),)
    for area in areas:
        rows = model.view.rows[area.rows.start : area.rows.stop]
        first = columns[area.fields[0]]
        for field in area.fields[1:]:
            changes.setdefault(field, {}).update({row: first[row] for row in rows})
    if not any(changes.values()):
        return False
    model.sheet.apply(model.sheet.set_columns(_("Fill right"), changes))
    return True


def _copy_left(model: SheetModel, selected: Selected, field: int) -> bool:
    place = selected.shown.index(field)
    if not place:
        return False
    left = model.sheet.columns[selected.shown[place - 1]]
    cells = [(row, field, left[row]) for row, _field in selected.cells(model.view.rows)]
    model.sheet.apply(model.sheet.set_cells(_("Fill right"), cells))
    return True


def fill_series(model: SheetModel, selected: Selected) -> bool:
    """Go on in each column with the series that its filled cells at the top begin; False when none is below."""
    changes: dict[int, dict[int, str]] = {}
    for area in selected.areas:
        rows = model.view.rows[area.rows.start : area.rows.stop]
        for field in area.fields:
            column = model.sheet.columns[field]
            texts = list(takewhile(bool, (column[row] for row in rows)))
            # All filled: then the first two give the step, or the first alone where there are no more.
            begun = texts if len(texts) < len(rows) else texts[: max(1, min(2, len(rows) - 1))]
            below = rows[len(begun) :]
            if begun and below:
                more = continued(begun, len(below), model.kind.fields[field].type)
                changes.setdefault(field, {}).update(zip(below, more, strict=True))
    if not changes:
        return False
    model.sheet.apply(model.sheet.set_columns(_("Fill series"), changes))
    return True


def going_on(model: SheetModel, area: Area, field: int, to: int, *, other: bool) -> list[str]:
    """The texts of the cells below a block, down to a visible position, when it is gone on with as in Excel.

    A single number is copied, as is what cannot go on; anything else goes on as a series.

    Args:
        model: whose cells.
        area: the block.
        field: the field.
        to: the last visible position.
        other: do the other of the two.
    """
    column, rows = model.sheet.columns[field], model.view.rows
    texts = [column[row] for row in rows[area.rows.start : area.rows.stop]]
    count = to + 1 - area.rows.stop
    single = len(texts) == 1 and texts[0].replace(".", "").replace(",", "").strip().isdecimal()
    if single is other:
        return continued(texts, count, model.kind.fields[field].type)
    return [texts[at % len(texts)] for at in range(count)]


def go_on(model: SheetModel, area: Area, to: int, *, other: bool) -> None:
    """Fill the cells below a block, down to a visible position, as `going_on` tells."""
    below = model.view.rows[area.rows.stop : to + 1]
    changes = {
        field: dict(zip(below, going_on(model, area, field, to, other=other), strict=True)) for field in area.fields
    }
    model.sheet.apply(model.sheet.set_columns(_("Fill by dragging"), changes))


def filling_all(model: SheetModel, selected: Selected, text: str) -> Slices[Edit]:
    """An edit that puts one text into all selected cells."""
    count = selected.cell_count
    name = ngettext("Fill {count} cell", "Fill {count} cells", count).format(count=number(count))
    return filling(model.sheet, name, selected.rows_by_field(model.view.rows), text)


def copy_above(model: SheetModel, selected: Selected) -> bool:
    """Put into each selected cell at the top of its block the text of the cell above; False at the first row."""
    rows = model.view.rows
    cells = [
        (rows[area.rows.start], field, model.sheet.text(rows[area.rows.start - 1], field))
        for area in selected.areas
        if area.rows.start
        for field in area.fields
    ]
    model.sheet.apply(model.sheet.set_cells(_("Copy from above"), cells))
    return bool(cells)


def put_today(model: SheetModel, selected: Selected, now: datetime) -> bool:
    """Put today's date, or the time where the field wants one, into the selected cells that take dates."""
    texts = {field: today_text(model.kind.fields[field], now) for field in selected.fields()}
    cells = [(row, field, text) for row, field in selected.cells(model.view.rows) if (text := texts[field])]
    model.sheet.apply(model.sheet.set_cells(_("Today's date"), cells))
    return bool(cells)


def today_text(field: Field, now: datetime) -> str:
    """Today as the field writes it, "" where it takes no date."""
    if isinstance(field.type, ExpiryDate):
        return field.type.format(now)
    if isinstance(field.type, OffsetDateTime):
        return field.type.format(now.replace(microsecond=0))
    return ""


def move_rows(model: SheetModel, positions: Sequence[int], step: int) -> bool:
    """Move rows past their neighbour, -1 up or 1 down; False when they are at the end of the sheet."""
    sheet = model.sheet
    rows = [model.view.rows[at] for at in positions]
    taken = sheet.positions(rows)
    to = taken[0][0] - 1 if step < 0 else taken[-1][0] - len(taken) + 2
    if to < 0 or to > len(sheet) - len(taken):
        return False
    name = ngettext("Move {count} row", "Move {count} rows", len(rows)).format(count=number(len(rows)))
    sheet.apply(sheet.move_rows(name, rows, to))
    return True


def insert_rows(model: SheetModel, position: int, count: int) -> None:
    """Put empty rows in before the row that is shown at that position, or at the end."""
    name = ngettext("Insert {count} row", "Insert {count} rows", count).format(count=number(count))
    model.sheet.apply(model.sheet.insert_rows(name, _place(model, position), [()] * count))


def duplicate_rows(model: SheetModel, positions: Sequence[int]) -> None:
    """Put copies of the rows in behind the last of them."""
    rows = [model.view.rows[at] for at in positions]
    name = ngettext("Duplicate {count} row", "Duplicate {count} rows", len(rows)).format(count=number(len(rows)))
    at = max(place for place, _row in model.sheet.positions(rows)) + 1
    model.sheet.apply(model.sheet.insert_rows(name, at, model.sheet.rows_texts(rows)))


def remove_rows(model: SheetModel, positions: Sequence[int]) -> None:
    """Take the rows out."""
    name = ngettext("Delete {count} row", "Delete {count} rows", len(positions)).format(count=number(len(positions)))
    model.sheet.apply(model.sheet.remove_rows(name, [model.view.rows[at] for at in positions]))


def _place(model: SheetModel, position: int) -> int:
    """The place in the sheet's own order of the row that is shown at a position."""
    if position >= len(model.view.rows):
        return len(model.sheet)
    return model.sheet.positions([model.view.rows[position]])[0][0]
