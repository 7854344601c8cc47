"""Writing rows to Excel or CSV files that come back unchanged, templates, and reports of problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.parted import Parted
from ochp_desktop.records.pieces import copied
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.release import let_go
from ochp_desktop.records.turns import Turns
from ochp_desktop.sheet.places import places_of
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.snapshot import Snapshot
from ochp_desktop.texts import _, ngettext, number

# What can be counted and walked once: lists of rows, a Snapshot.
Rows = Collection[Sequence[str]] | Snapshot
# Files whose name says that they are no workbook of the new kind; what others are is found out when they are marked.
_NOT_MARKED = {".xls", ".xlt", ".xlsb", ".ods", ".ots", ".csv", ".tsv", ".tab", ".txt", ".htm", ".html", ".xml"}
_CHECK_EVERY = 1000


def export_rows(
    path: Path,
    kind: RecordKind,
    rows: Rows,
    cancel: Cancel,
    headers: Literal["labels", "wire"] = "labels",
    *,
    excel_csv: bool = False,
) -> Job[int]:
    """Write rows as .xlsx or .csv, by the file's ending; how many were written.

    Args:
        path: the file; it is written beside and then renamed.
        kind: what the rows are.
        rows: texts in the kind's field order.
        cancel: stops between rows; the old file then stays as it was.
        headers: "labels" for the user's language, "wire" for the protocol's names.
        excel_csv: write .csv as German and Dutch Excel open it with a double click: semicolons, byte order mark.

    Raises:
        UsageError: the file's ending is neither .xlsx nor .csv.
        FileError: the file cannot be written.
        Cancelled: stopped before the end.
    """

    def call(report: Report) -> int:
        from ochp_desktop.spreadsheet.write import EXCEL_CSV, write_csv, write_table

        told = _telling(cancel, report, len(rows))
        if excel_csv and path.suffix.lower() == ".csv":
            return write_csv(path, kind, rows, headers=headers, style=EXCEL_CSV, told=told)
        return write_table(path, kind, rows, headers=headers, told=told)

    return (yield from background(call, _writing(path)))


def export_sheet(path: Path, sheet: Sheet, rows: Sequence[int], cancel: Cancel, *, excel_csv: bool = False) -> Job[int]:
    """Write these rows of a sheet, by their ids, as they are now; the rest as for `export_rows`."""
    return (yield from export_rows(path, sheet.kind, Snapshot(sheet, rows), cancel, excel_csv=excel_csv))


def export_report(
    path: Path, sheet: Sheet, checker: Checker, cancel: Cancel, headers: Literal["labels", "wire"] = "labels"
) -> Job[int]:
    """Write the sheet's rows with their bad cells marked, all problems and all accepted warnings, as .xlsx.

    Args:
        path: the file.
        sheet: the rows.
        checker: what is wrong with them.
        cancel: stops between rows; the old file then stays as it was.
        headers: as for `export_rows`.

    Raises:
        UsageError: the name ends in something else.
        FileError: the file cannot be written.
        Cancelled: stopped before the end.
    """
    from ochp_desktop.spreadsheet.report import write_report

    _must_be_workbook(path)
    order = copied(sheet.order)
    rows = Snapshot(sheet, order)
    explained = _explained(sheet, checker)
    problems = Parted((row, explained(row)) for row in _checked(order, cancel) if checker.problems(row))
    accepted = {one.problem.row: checker.accepted(one.problem.row) for one in checker.all_accepted()}

    def where(problem: Problem) -> tuple[str, str]:
        return str(sheet.sources[problem.row] or ""), sheet.cell_name(problem.row, problem.field)

    def call(report: Report) -> int:
        told = _telling(cancel, report, len(rows) + sum(map(len, problems.values())))
        origin = sheet.origin
        name = Path(origin.path).name if origin is not None else ""
        place = where if origin else None
        return write_report(
            path, sheet.kind, rows, order, problems, name, where=place, accepted=accepted, headers=headers, told=told
        )

    try:
        return (yield from background(call, _writing(path)))
    finally:
        let_go(problems)


def write_template(path: Path, kind: RecordKind, cancel: Cancel) -> Job[int]:
    """Write an empty table with all columns and one example row; as .xlsx with a sheet that explains the columns.

    Raises:
        FileError: the file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        return (yield from export_rows(path, kind, [tuple(field.example for field in kind)], cancel))
    from ochp_desktop.spreadsheet import template

    cancel.check()
    return (yield from background(lambda _report: template.write_template(path, kind), _writing(path)))


def export_bad_rows(path: Path, sheet: Sheet, checker: Checker, cancel: Cancel) -> Job[int]:
    """Write the rows with errors or warnings alone, with reasons and a hidden key that brings them back to their place.

    Raises:
        UsageError: no row has any, or the name ends in something else than .xlsx.
        FileError: the file cannot be written.
        Cancelled: stopped before the end.
    """
    from ochp_desktop.spreadsheet.badrows import write_bad_rows

    _must_be_workbook(path)
    order = copied(sheet.order)
    explained = _explained(sheet, checker)
    bad = (row for row in _checked(order, cancel) if _is_bad(checker, row))
    problems = Parted((row, _worst_first(explained(row))) for row in bad)
    if not problems:
        raise UsageError(_("No bad rows"), _("No row has an error or a warning, so there is nothing to write."))
    rows = Parted((row, sheet.row_texts(row)) for row in _checked(list(problems), cancel))

    def call(report: Report) -> int:
        return write_bad_rows(path, sheet.kind, rows, problems, _telling(cancel, report, len(rows)))

    try:
        return (yield from background(call, _writing(path)))
    finally:
        let_go(rows, problems)


def can_be_marked(sheet: Sheet) -> bool:
    """Whether the sheet came from a workbook that marks can be put into, as far as its name tells."""
    origin = sheet.origin
    return origin is not None and bool(origin.sheet_name) and Path(origin.path).suffix.lower() not in _NOT_MARKED


def mark_copy(path: Path, sheet: Sheet, checker: Checker, cancel: Cancel) -> Job[tuple[int, int]]:
    """Write a copy of the workbook that the sheet came from, with notes and marks on its bad cells.

    Returns:
        How many cells were marked, and how many of them are only coloured, without a note.

    Raises:
        UsageError: the sheet came from no workbook, or Excel would not open the copy under that name.
        FileError: the workbook cannot be read any more or not be marked, or the copy cannot be written.
        Cancelled: stopped before the end.
    """
    from ochp_desktop.spreadsheet.annotate import annotate_copy

    origin = sheet.origin
    if origin is None or not origin.sheet_name:
        raise UsageError(
            _("No workbook to mark"),
            _("These rows did not come from a workbook. Export them with all problems marked instead."),
        )
    notes: Parted[str, tuple[Level, list[str]]] = Parted()
    nowhere: dict[str, list[Problem]] = {}
    for row in _checked(copied(sheet.order), cancel):
        for problem in _worst_first(checker.problems(row)):
            cell = sheet.cell_name(row, problem.field)
            if cell:
                notes.setdefault(cell, (problem.level, []))[1].append(problem.message())
            elif sheet.sources[row]:
                nowhere.setdefault(problem.field, []).append(problem)
    if origin.header_row > 0 and origin.letters and nowhere:
        # The header speaks for what has no cell: in each row it would be one and the same sentence.
        corner = f"{min(origin.letters.values(), key=lambda letters: (len(letters), letters))}{origin.header_row}"
        worst = max(problem.level for found in nowhere.values() for problem in found)
        notes[corner] = (worst, [_without_column(sheet, field, found) for field, found in nowhere.items()])
    source, name = Path(origin.path), origin.sheet_name

    def call(report: Report) -> tuple[int, int]:
        def progress(done: int, total: int) -> None:
            cancel.check()
            report(done, total)

        return annotate_copy(source, path, name, notes, progress)

    try:
        return (yield from background(call, _writing(path)))
    finally:
        let_go(notes)


def _without_column(sheet: Sheet, field: str, problems: Sequence[Problem]) -> str:
    """What the header says of a field that the file has no column for."""
    text = ngettext(
        "{field}: there is no column for it here; {count} row has this problem: {message}",
        "{field}: there is no column for it here; {count} rows have this problem: {message}",
        len(problems),
    )
    label = sheet.kind.field(field).title()
    return text.format(field=label, count=number(len(problems)), message=problems[0].message())


def _must_be_workbook(path: Path) -> None:
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            _("The name must end in {ending}").format(ending=".xlsx"),
            _("Notes and colours need an Excel file. Choose a name for it that ends in {ending}.").format(
                ending=".xlsx"
            ),
        )


def _explained(sheet: Sheet, checker: Checker) -> Callable[[int], list[Problem]]:
    """Row id -> its problems as the window tells them, with the other rows that they are about."""
    place = places_of(sheet)
    return lambda row: [checker.explained(problem, place) for problem in checker.problems(row)]


def _telling(cancel: Cancel, report: Report, total: int) -> Callable[[int], None]:
    """What writers tell how far they are, and where they are stopped."""

    def told(done: int) -> None:
        cancel.check()
        report(min(done, total), total)  # headers are rows too, where a file is put together

    return told


def _checked(rows: Sequence[int], cancel: Cancel) -> Iterator[int]:
    """The rows, with a look now and then whether to stop, and a moment's rest for the window."""
    turns = Turns()
    for done, row in enumerate(rows):
        if done % _CHECK_EVERY == 0:
            cancel.check()
            turns.rest()
        yield row


def _is_bad(checker: Checker, row: int) -> bool:
    level = checker.level(row)
    return level is not None and level >= Level.WARNING


def _worst_first(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: -problem.level)


def _writing(path: Path) -> str:
    return _("Writing {file}").format(file=path.name)


def save_bytes(path: Path, content: bytes) -> None:
    """Write a document that is already there, such as a statement's PDF.

    Raises:
        FileError: the file cannot be written; what stood there before stays whole.
    """
    from ochp_desktop.spreadsheet.output import replacing

    with replacing(path) as beside:
        beside.write_bytes(content)
