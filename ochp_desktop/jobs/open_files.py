"""From chosen files to a checked list: read each, propose how to take it, put what was agreed into one sheet, check."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.import_file import Imported, build
from ochp_desktop.jobs.import_memory import remembered
from ochp_desktop.jobs.import_merge import Merge, edit_name, merge_edit
from ochp_desktop.jobs.import_proposal import Damage, Proposal, Remembered, find_file
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import TIMEZONE, Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.rules import Facts
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


@dataclass(frozen=True)
class Found:
    """Files that were read and how each would be taken.

    Attributes:
        proposals: one for each file.
        memory: what is remembered for header rows.
        timezone: where times without offset are meant, "" when nobody has said.
    """

    proposals: list[Proposal]
    memory: Mapping[str, Remembered]
    timezone: str


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


@dataclass(frozen=True)
class Taken:
    """A file that goes into the open list.

    Attributes:
        edit: the one edit that does it.
        merge: what it does.
        imported: the file.
        sheet: the list that was open when the file was chosen; another one may be shown by now.
        revision: the list's when the edit was made; once it is another one, the edit is out of date.
    """

    edit: Edit
    merge: Merge
    imported: Imported
    sheet: Sheet
    revision: int


def look_at_files(
    paths: Sequence[Path], workplace: Workplace | None, cancel: Cancel, sheet_name: str | None
) -> Job[Found]:
    """Read the files and propose how to take each; all after the first as the first's kind.

    Raises:
        FileError: a file cannot be read.
        Cancelled: stopped.
    """
    memory = remembered(workplace) if workplace is not None else {}
    zone = workplace.setting(TIMEZONE) if workplace is not None else ""
    timezone = zone if isinstance(zone, str) else ""
    proposals: list[Proposal] = []
    for path in paths:
        kind = proposals[0].kind if proposals else None
        proposals.append((yield from find_file(path, kind, cancel, sheet_name, memory=memory, timezone=timezone)))
    return Found(proposals, memory, timezone)


def open_proposals(
    proposals: Sequence[Proposal], wanted: RecordKind, workplace: Workplace | None, cancel: Cancel
) -> Job[Opening]:
    """Put the files' rows into one sheet and check it; the checker is left out when they are of another kind.

    Raises:
        Cancelled: stopped.
    """
    files = [build(proposal) for proposal in proposals]
    sheet = files[0].sheet
    if sheet.kind is not wanted:
        return Opening(files, sheet, None)
    if len(files) > 1:
        sheet = Sheet(wanted)
        for imported in files:
            first = sheet.slots
            sheet.load(imported.sheet.rows_texts())
            sheet.add_damage(imported.sheet.damage, first.__add__)
    checker = yield from check_sheet(sheet, facts(workplace), cancel)
    return Opening(files, sheet, checker)


def facts(workplace: Workplace | None) -> Facts:
    """What the rules may know here and now; touches the disk, so call it from a worker."""
    if workplace is None:
        return Facts()
    return workplace.facts(timezone=workplace.timezone)


def taken_into(sheet: Sheet, imported: Imported, merge: Merge) -> Taken:
    """The edit that takes a file into the open list; a million rows take a second."""
    revision = sheet.revision
    return Taken(merge_edit(sheet, imported, merge, edit_name(merge.way)), merge, imported, sheet, revision)


def repair_edit(sheet: Sheet, damages: Sequence[Damage]) -> Edit:
    """The edit that repairs damaged cells of a freshly opened list."""
    wanted = [damage for damage in damages if damage.repair is not None]
    rows = rows_from(sheet, {damage.row for damage in wanted})
    return sheet.set_cells(
        _("Repair damaged cells"),
        [
            (rows[damage.row], sheet.kind.index(damage.field), damage.repair)
            for damage in wanted
            if damage.repair is not None and damage.row in rows
        ],
    )


def rows_from(sheet: Sheet, numbers: Collection[int]) -> Mapping[int, int]:
    """Row number in the file -> row id, for those of the numbers that are in the sheet."""
    sources = sheet.sources
    found = {}
    for number in numbers:
        at = bisect_left(sources, number)
        if at == len(sources) or sources[at] != number:
            return _all_rows_from(sources)  # rows from elsewhere are among them, so that they are not in order
        found[number] = at
    return found


def _all_rows_from(sources: Iterable[int]) -> Mapping[int, int]:
    return {source: row for row, source in enumerate(sources) if source}
