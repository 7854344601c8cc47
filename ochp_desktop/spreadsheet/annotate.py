"""Marks bad cells in a copy of the user's own workbook: a note and a ground on each, everything else as it was."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ochp_desktop.errors import FileError
from ochp_desktop.records.problems import Level
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.recognise import FileKind, damaged, recognise
from ochp_desktop.spreadsheet.write import MAX_NOTES, NOTE_GROUNDS
from ochp_desktop.spreadsheet.zipguard import check_zip
from ochp_desktop.texts import _

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

AUTHOR = "OCHP Desktop"
_MAX_NOTE_CHARACTERS = 2000
_NOTE_SIZE = (320, 110)  # pixels
# What openpyxl does not carry over from one file to the next.
_LOST = ("xl/charts/", "xl/drawings/drawing", "xl/media/", "xl/pivottables/", "xl/slicers/", "xl/embeddings/")


def annotate_copy(
    source: Path, target: Path, sheet: str, notes: Mapping[str, tuple[Level, Sequence[str]]]
) -> tuple[int, bool]:
    """Write a copy of a workbook with notes and grounds on the named cells.

    Args:
        source: the user's own .xlsx or .xlsm; it is not touched.
        target: the copy; a failure leaves an existing file whole.
        sheet: name of the sheet.
        notes: cell name ("B17") -> its worst level and the sentences about it.

    Returns:
        How many cells were marked, and whether everything in the workbook could be carried over: pictures, charts and
        pivot tables cannot.

    Raises:
        FileError: the workbook is of another kind, cannot be read, or the copy cannot be written.
    """
    if recognise(source) is not FileKind.XLSX:
        raise FileError(
            _("Only new Excel files can be marked"),
            _("{name} is no .xlsx workbook. Save it as .xlsx in Excel, open that, and mark it then.").format(
                name=source.name
            ),
        )
    if source.resolve() == target.resolve():
        raise FileError(
            _("This is the file itself"),
            _("The marks go into a copy, so that {name} stays as it is. Choose another name.").format(name=source.name),
        )
    check_zip(source)
    book, whole = _load(source)
    if sheet not in book.sheetnames:
        raise FileError(
            _("No such sheet"),
            _("{name} has no sheet {sheet} any more. Open it again.").format(name=source.name, sheet=sheet),
        )
    count = _mark(book[sheet], notes)
    with replacing(target) as beside:
        book.save(beside)
    return count, whole


def _load(source: Path) -> tuple[Workbook, bool]:
    import openpyxl

    try:
        with zipfile.ZipFile(source) as archive:
            names = [name.lower() for name in archive.namelist()]
        book = openpyxl.load_workbook(source, keep_vba="xl/vbaproject.bin" in names, rich_text=True)
    except OSError as failure:
        raise damaged(source, str(failure)) from failure
    # openpyxl lets whatever it stumbles over in odd files escape.
    except Exception as failure:
        raise damaged(source, f"{type(failure).__name__}: {failure}") from failure
    # Drawings of notes are .vml and are made anew.
    whole = not any(name.startswith(_LOST) for name in names)
    return book, whole


def _mark(sheet: Any, notes: Mapping[str, tuple[Level, Sequence[str]]]) -> int:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {level: PatternFill("solid", fgColor=f"FF{colour[1:]}") for level, colour in NOTE_GROUNDS.items()}
    count = 0
    for name, (level, sentences) in notes.items():
        cell = sheet[name]
        if type(cell).__name__ == "MergedCell":
            continue  # its text, and its mark, stand in the first cell of the merged ones
        cell.fill = fills[level]
        if count < MAX_NOTES:
            before = [cell.comment.text] if cell.comment is not None else []
            text = "\n".join([*before, *sentences])[:_MAX_NOTE_CHARACTERS]
            cell.comment = Comment(text, AUTHOR, width=_NOTE_SIZE[0], height=_NOTE_SIZE[1])
        count += 1
    return count
