"""What a cell says besides its text: tooltip, what is spoken, and why it is bad."""

from __future__ import annotations

from collections.abc import Sequence

from ochp_desktop.gui.tooltips import as_tooltip
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.sheet.places import places_of
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, labelled

# Longer texts are told in full, as they may not fit their column.
_LONG = 24


def level_word(level: Level) -> str:
    """The level's name in the user's language."""
    return {Level.ERROR: _("Error"), Level.WARNING: _("Warning"), Level.HINT: _("Hint")}[level]


def tooltip(sheet: Sheet, checker: Checker | None, row: int, at: int) -> str | None:
    """The problems of a cell with their repairs, or a long text in full; None where there is nothing to tell."""
    field = sheet.kind.fields[at]
    lines = []
    for problem in _explained(sheet, checker, row, at):
        lines.append(labelled(level_word(problem.level), problem.message()))
        if problem.repair is not None and not field.secret:
            lines.append(_("Repair offered: {text}").format(text=field.shown(problem.repair) or _("(empty)")))
    for one in checker.accepted(row) if checker is not None else ():
        if one.problem.field == field.name:
            reason = _("Accepted: {reason}").format(reason=one.reason)
            lines.append(f"{one.problem.message()} {reason}")
    if lines:
        name = sheet.cell_name(row, field.name)
        if name:
            lines.append(_("Cell {cell} in the file").format(cell=name))
        return as_tooltip(lines)
    text = "" if field.secret else field.shown(sheet.columns[at][row])
    return as_tooltip([text]) if len(text) > _LONG else None


def spoken(sheet: Sheet, row: int, at: int, level: Level | None) -> str:
    """A cell for a screen reader: field, text, and how bad it is."""
    field = sheet.kind.fields[at]
    text = sheet.columns[at][row]
    if field.secret:
        shown = _("hidden, {count} characters").format(count=len(text)) if text else ""
    else:
        shown = field.shown(text)
    shown = shown or _("empty")
    words = f"{field.title()}: {shown}"
    return words if level is None else f"{words}, {level_word(level)}"


def description(sheet: Sheet, checker: Checker | None, row: int, at: int) -> str | None:
    """The problems of a cell for a screen reader; None when it has none."""
    told = (f"{level_word(one.level)}: {one.message()}" for one in _explained(sheet, checker, row, at))
    return " ".join(told) or None


def _explained(sheet: Sheet, checker: Checker | None, row: int, at: int) -> Sequence[Problem]:
    """The problems of one cell, worst first, with the other rows that they are about."""
    if checker is None:
        return ()
    place = places_of(sheet)
    return [checker.explained(problem, place) for problem in checker.at(row, sheet.kind.fields[at].name)]
