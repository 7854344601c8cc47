"""Writes the rows that have problems alone, with the reasons, so that they can be mended elsewhere and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.parted import Parted
from ochp_desktop.records.problems import Problem
from ochp_desktop.records.release import let_go
from ochp_desktop.spreadsheet.matching import REASONS_LABEL, ROW_KEY_HEADER
from ochp_desktop.spreadsheet.newbook import NewBook, Told
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.recordsheet import Extra, RecordSheet
from ochp_desktop.spreadsheet.rowkeys import row_key
from ochp_desktop.texts import _, labelled

_REASONS_WIDTH = 56


def write_bad_rows(
    path: Path | str,
    kind: RecordKind,
    rows: Mapping[int, Sequence[str]],
    problems: Mapping[int, Sequence[Problem]],
    told: Told | None = None,
) -> int:
    """Write rows as .xlsx with what is wrong in each, and a hidden key by which they find their way back.

    Args:
        path: where to; a failure leaves an existing file whole.
        kind: the fields, in order.
        rows: row id -> texts in field order, in the order to be written.
        problems: row id -> its problems, worst first.
        told: told the number of rows done, now and then; may raise to stop.

    Returns:
        How many rows were written.

    Raises:
        FileError: the file cannot be written.
    """
    ids = list(rows)
    reasons = ["\n".join(_reason(kind, problem) for problem in problems.get(row, ())) for row in ids]
    keys = [row_key(row, rows[row]) for row in ids]
    # Before the fields: there are up to thirty of them, and the reasons are what people must read first.
    before = (Extra(_(REASONS_LABEL), reasons, _REASONS_WIDTH),)
    # Protocol files have no such column, so it needs no translation.
    behind = (Extra(ROW_KEY_HEADER, keys, hidden=True),)
    marked = Parted((position, problems[row]) for position, row in enumerate(ids) if row in problems)
    with replacing(path) as beside, NewBook() as book:
        sheet = RecordSheet(book, kind, headers="labels", before=before, behind=behind)
        count = sheet.write((rows[row] for row in ids), marked, Path(path).name, told)
        book.save(beside, told)
    let_go(ids, reasons, keys, marked)
    return count


def _reason(kind: RecordKind, problem: Problem) -> str:
    return labelled(kind.field(problem.field).title(), problem.message())
