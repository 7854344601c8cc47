"""Opening files as one job: read, put together, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.import_file import Imported, import_file
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

TIMEZONE = "timezone"
"""The setting that says where times without offset are meant."""


@dataclass(frozen=True)
class Opening:
    """Files that were opened.

    Attributes:
        files: each as it was read.
        sheet: their rows; with one file it knows its cells' places there.
        checker: follows the sheet; None when the files hold another kind of record than was wanted.
    """

    files: Sequence[Imported]
    sheet: Sheet
    checker: Checker | None

    @property
    def title(self) -> str:
        """The files' names."""
        return ", ".join(imported.path.name for imported in self.files)

    def noticed(self) -> list[str]:
        """Sentences about what was noticed while reading: oddities, columns left out, columns missing."""
        texts: list[str] = []
        for imported in self.files:
            texts += imported.notices
            if imported.unmatched:
                names = ", ".join(f"{header} ({letter})" for letter, header in imported.unmatched)
                texts.append(_("Columns that were left out: {names}.").format(names=names))
            if imported.missing:
                names = ", ".join(self.sheet.kind.field(name).title() for name in imported.missing)
                texts.append(_("Columns that the file does not have: {names}.").format(names=names))
        return texts


def open_files(
    paths: Sequence[Path],
    wanted: RecordKind,
    workplace: Workplace | None,
    cancel: Cancel,
    sheet_name: str | None = None,
) -> Job[Opening]:
    """Read the files into one sheet and check it.

    Raises:
        FileError: a file cannot be read.
        Cancelled: stopped.
    """
    files: list[Imported] = []
    for path in paths:
        files.append((yield from import_file(path, None if not files else files[0].sheet.kind, cancel, sheet_name)))
    sheet = files[0].sheet
    if sheet.kind is not wanted:
        return Opening(files, sheet, None)
    if len(files) > 1:
        sheet = Sheet(wanted)
        for imported in files:
            sheet.load(imported.sheet.rows_texts())
    checker = yield from check_sheet(sheet, facts(workplace), cancel)
    return Opening(files, sheet, checker)


def facts(workplace: Workplace | None) -> Facts:
    """What the rules may know here and now; touches the disk, so call it from a worker."""
    if workplace is None:
        return Facts()
    name = workplace.setting(TIMEZONE)
    return workplace.facts(timezone=ZoneInfo(name) if isinstance(name, str) and name else None)
