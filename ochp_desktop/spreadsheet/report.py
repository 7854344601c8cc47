"""Writes what is wrong with a table as a workbook: its rows with the bad cells marked, and a list of the problems.

Accepted warnings are on a sheet of their own, with the reasons that were given.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.parted import Parted
from ochp_desktop.records.problems import Accepted, Level, Problem
from ochp_desktop.records.release import let_go
from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.newbook import MAX_ROWS, TELL_EVERY, NewBook, Told
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.recordsheet import Headers, RecordSheet
from ochp_desktop.texts import N_, _

Where = Callable[[Problem], tuple[str, str]]

_WORDS = {Level.ERROR: N_("Error"), Level.WARNING: N_("Warning"), Level.HINT: N_("Hint")}
_MESSAGE = 4  # the column that is wrapped
# Short enough for Excel whatever the characters are.
_MOST_CHARACTERS = 16_000
_WIDTHS = (8, 8, 18, 10, 70, 26, 26, 24, 12)


def write_report(
    path: Path | str,
    kind: RecordKind,
    rows: Iterable[Sequence[str]],
    row_ids: Sequence[int],
    problems: Mapping[int, Sequence[Problem]],
    source_name: str = "",
    *,
    where: Where | None = None,
    accepted: Mapping[int, Sequence[Accepted]] = MappingProxyType({}),
    headers: Headers = "labels",
    told: Told | None = None,
) -> int:
    """Write the report; returns the number of problems in it.

    Args:
        path: where to; a failure leaves an existing file whole.
        kind: the fields, in order.
        rows: texts in field order; walked once.
        row_ids: the id of each of the rows.
        problems: row id -> its problems.
        source_name: the file that was checked, for the list's first line.
        where: (row, cell name) of a problem in the checked file, ("17", "B17"), empty for rows that are not in it;
            None: the place in this workbook.
        accepted: row id -> its accepted warnings, which are no problems.
        headers: as in `write_xlsx`.
        told: told the number of rows and problems done, now and then; may raise to stop.

    Raises:
        FileError: the file cannot be written.
    """
    by_position = Parted((position, problems[row]) for position, row in enumerate(row_ids) if row in problems)
    allowed = {position: accepted[row] for position, row in enumerate(row_ids) if row in accepted} if accepted else {}
    kept: Parted[int, Sequence[str]] = Parted()
    with replacing(path) as beside, NewBook() as book:
        records = RecordSheet(book, kind, headers=headers)
        records.write(_kept(rows, by_position, allowed, kept), by_position, Path(path).name, told)
        sheet = book.sheet(_("Problems"))
        text, wrapped, head = book.style(), book.style(text_wrap=True), book.head_style()
        if source_name:
            sheet.add([(0, _("Checked: {files}").format(files=source_name)[:_MOST_CHARACTERS], text)])
        titles = (
            _("Row"),
            _("Cell"),
            _("Field"),
            _("Level"),
            _("Message"),
            _("Value"),
            _("Repair"),
            _("Rule"),
            _("Row in this workbook"),
        )
        top = sheet.count
        sheet.add([(column, title, head) for column, title in enumerate(titles)])
        for column, width in enumerate(_WIDTHS):
            sheet.set_width(column, width, text)
        count = 0
        for problem, position in islice(_in_order(kind, by_position), MAX_ROWS - sheet.count):
            if told is not None and count % TELL_EVERY == 0:
                told(len(row_ids) + count)
            count += 1
            line = position + 2
            cells = (*_place(kind, problem, line, where), *_cells(kind, kept[position], problem), str(line))
            sheet.add(
                (column, shown[:_MOST_CHARACTERS], wrapped if column == _MESSAGE else text)
                for column, shown in enumerate(cells)
            )
        sheet.frame.freeze_panes(top + 1, 0)
        sheet.frame.set_landscape()
        sheet.frame.fit_to_pages(1, 0)
        sheet.frame.repeat_rows(top)
        sheet.frame.autofilter(top, 0, max(sheet.count - 1, top + 1), len(titles) - 1)
        if allowed:
            _write_accepted(book, kind, allowed, kept, where)
        book.save(beside, told)
    let_go(by_position, allowed, kept)
    return count


def _write_accepted(
    book: NewBook,
    kind: RecordKind,
    allowed: Mapping[int, Sequence[Accepted]],
    kept: Mapping[int, Sequence[str]],
    where: Where | None,
) -> None:
    """The accepted warnings with their reasons, on a sheet of their own."""
    sheet = book.sheet(_("Accepted warnings"))
    text, wrapped, head = book.style(), book.style(text_wrap=True), book.head_style()
    titles = (_("Row"), _("Cell"), _("Field"), _("Message"), _("Value"), _("Reason"), _("Rule"))
    sheet.add([(column, title, head) for column, title in enumerate(titles)])
    for column, width in enumerate((8, 8, 18, 70, 26, 50, 24)):
        sheet.frame.set_column(column, column, width, text.format)
    each = ((position, one) for position, several in allowed.items() for one in several)
    for position, one in islice(each, MAX_ROWS - sheet.count):
        field, _level, message, value, _repair, code = _cells(kind, kept[position], one.problem)
        place = _place(kind, one.problem, position + 2, where)
        sheet.add(
            (column, shown[:_MOST_CHARACTERS], wrapped if column in {3, 5} else text)
            for column, shown in enumerate((*place, field, message, value, one.reason, code))
        )
    sheet.frame.freeze_panes(1, 0)
    sheet.frame.set_landscape()
    sheet.frame.fit_to_pages(1, 0)
    sheet.frame.repeat_rows(0)


def _place(kind: RecordKind, problem: Problem, line: int, where: Where | None) -> tuple[str, str]:
    """Row and cell, in the checked file or in this workbook."""
    return where(problem) if where is not None else (str(line), cell_name(line, kind.index(problem.field)))


def _kept(
    rows: Iterable[Sequence[str]],
    problems: Container[int],
    accepted: Container[int],
    kept: Parted[int, Sequence[str]],
) -> Iterator[Sequence[str]]:
    """The rows as they pass; those with a problem or an accepted warning are kept, others are gone with the next."""
    for position, row in enumerate(rows):
        if position in problems or position in accepted:
            kept[position] = row
        yield row


def _in_order(kind: RecordKind, by_position: Mapping[int, Sequence[Problem]]) -> Iterator[tuple[Problem, int]]:
    """(problem, position of its row), row by row and there column by column, the worst first."""
    for position, problems in by_position.items():
        for problem in sorted(problems, key=lambda one: (kind.index(one.field), -one.level)):
            yield problem, position


def _cells(kind: RecordKind, row: Sequence[str], problem: Problem) -> tuple[str, ...]:
    """Field, level, message, value, repair, rule; a secret is masked."""
    field = kind.field(problem.field)
    value = row[kind.index(problem.field)]
    repair = problem.repair or ""
    if field.secret:
        value, repair = field.shown(value), field.shown(repair)
    return field.title(), _(_WORDS[problem.level]), problem.message(), value, repair, problem.code
