"""Writes what is wrong with a table as a workbook: its rows with the bad cells marked, and a list of the problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.write import MAX_ROWS, Headers, Table, close_workbook, open_workbook, sheet_name, xml_text
from ochp_desktop.texts import N_, _

_WORDS = {Level.ERROR: N_("Error"), Level.WARNING: N_("Warning"), Level.HINT: N_("Hint")}
_MESSAGE = 4  # the column that is wrapped
_WIDTHS = (8, 8, 18, 10, 70, 26, 26, 24)


def write_report(
    path: Path | str,
    kind: RecordKind,
    rows: Sequence[Sequence[str]],
    problems: Iterable[Problem],
    source_names: Sequence[str] = (),
    *,
    row_ids: Sequence[int] | None = None,
    where: Callable[[Problem], tuple[int, str]] | None = None,
    headers: Headers = "labels",
) -> int:
    """Write the report; returns the number of problems in it.

    Args:
        path: where to; a failure leaves an existing file whole.
        kind: the fields, in order.
        rows: texts in field order.
        problems: their problems; `row` is a row id.
        source_names: the files that were checked, for the list's first line.
        row_ids: the id of each of the rows; their position when None.
        where: (row number, cell name) of a problem in the checked file, (17, "B17"); None: its place in this workbook.
        headers: as in `write_xlsx`.

    Raises:
        FileError: the file cannot be written.
    """
    positions = {row: position for position, row in enumerate(range(len(rows)) if row_ids is None else row_ids)}
    ordered = sorted(
        (problem for problem in problems if problem.row in positions),
        key=lambda problem: (positions[problem.row], kind.index(problem.field), -problem.level),
    )
    by_row: dict[int, list[Problem]] = {}
    for problem in ordered:
        by_row.setdefault(positions[problem.row], []).append(problem)

    def place_here(problem: Problem) -> tuple[int, str]:
        line = positions[problem.row] + 2
        return line, cell_name(line, kind.index(problem.field))

    with replacing(path) as beside:
        book = open_workbook(beside)
        try:
            Table(book, kind, headers=headers).write(rows, by_row, Path(path).name)
            sheet = book.add_worksheet(sheet_name(_("Problems")))
            text = book.add_format({"num_format": "@", "valign": "top"})
            wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
            head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E9E9E6", "bottom": 1})
            titles = (_("Row"), _("Cell"), _("Field"), _("Level"), _("Message"), _("Value"), _("Repair"), _("Rule"))
            top = 0
            if source_names:
                sheet.write_string(0, 0, xml_text(_("Checked: {files}").format(files=", ".join(source_names)))[:32_000])
                top = 1
            for column, (title, width) in enumerate(zip(titles, _WIDTHS, strict=True)):
                sheet.set_column(column, column, width, text)
                sheet.write_string(top, column, title, head)
            count = 0
            for line, problem in enumerate(ordered[: MAX_ROWS - top - 1], top + 1):
                row, cell = (where or place_here)(problem)
                cells = _cells(kind, rows[positions[problem.row]], problem)
                for column, shown in enumerate((str(row), cell, *cells)):
                    if shown:
                        style = wrapped if column == _MESSAGE else text
                        sheet.write_string(line, column, xml_text(shown)[:32_000], style)
                count += 1
            sheet.freeze_panes(top + 1, 0)
            sheet.autofilter(top, 0, top + max(count, 1), len(titles) - 1)
        finally:
            close_workbook(book, Path(path))
    return count


def _cells(kind: RecordKind, row: Sequence[str], problem: Problem) -> tuple[str, ...]:
    """Field, level, message, value, repair, rule; a secret is masked."""
    field = kind.field(problem.field)
    value = row[kind.index(problem.field)]
    repair = problem.repair or ""
    if field.secret:
        value, repair = field.shown(value), field.shown(repair)
    return field.title(), _(_WORDS[problem.level]), problem.message(), value, repair, problem.code
