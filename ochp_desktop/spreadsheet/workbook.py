"""Reads one sheet of an Excel or OpenDocument workbook as frames; runs in the child process only."""

from __future__ import annotations

import datetime as dt
import itertools
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.cells import FIRST_ROUNDED, cell_name, cell_text, column_letter, duration_text
from ochp_desktop.spreadsheet.frames import ROWS_PER_FRAME, Block, Frame, Packed, PackedBlock, packed
from ochp_desktop.spreadsheet.looks import Finding, Glance, SecondLook, finding_notice
from ochp_desktop.spreadsheet.ooxml import SheetPart, sheet_part
from ochp_desktop.spreadsheet.recognise import FileKind, damaged, password_protected
from ochp_desktop.spreadsheet.zipguard import check_zip
from ochp_desktop.texts import _, ngettext, number

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

# The fast reader keeps the whole area, empty cells too, in memory: about 32 bytes a cell.
MAX_AREA_CELLS = 40_000_000
# One mark per formula is of use up to some number; the notice counts them all.
MAX_MARKS = 100_000

PATCHES_PER_FRAME = 10_000

# So that a sheet of 16,384 columns does not come in one piece.
_CELLS_PER_FRAME = 200_000


def read_workbook(path: Path, kind: FileKind, wanted: str | None) -> Iterator[Frame]:
    """The frames of one sheet: head, rows as they come, then patches and marks, then the end.

    Args:
        path: a file that `recognise` found to be of this kind.
        kind: any but CSV.
        wanted: name of the sheet, or None for the first visible one that is not empty.

    Raises:
        FileError: broken, protected, refused, empty, or there is no sheet of that name.
    """
    import python_calamine as calamine

    if kind.zipped:
        check_zip(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            yield from _Reading(path, kind, workbook, wanted).frames()
    except calamine.PasswordError:
        raise password_protected(path) from None
    except calamine.CalamineError as failure:
        if "limit exceeded" in str(failure):
            raise too_wide(path) from None
        raise damaged(path, str(failure)) from failure


def too_wide(path: Path, cell: str = "") -> FileError:
    """The error for a sheet whose cells are spread over an area that no table has."""
    if cell:
        text = _(
            "The sheet in {name} reaches far beyond any table, to {cell}. Delete the rows below and the columns to the "
            "right of your table, save the file and open it again."
        )
    else:
        text = _(
            "The sheet in {name} reaches far beyond any table. Delete the rows below and the columns to the right of "
            "your table, save the file and open it again."
        )
    return FileError(_("The table is too large"), text.format(name=path.name, cell=cell))


class _Reading:
    """One sheet on its way from the workbook into frames."""

    def __init__(self, path: Path, kind: FileKind, workbook: CalamineWorkbook, wanted: str | None) -> None:
        import python_calamine as calamine

        self._path = path
        self._kind = kind
        self._workbook = workbook
        self._wanted = wanted
        tables = [data for data in workbook.sheets_metadata if data.typ == calamine.SheetTypeEnum.WorkSheet]
        self._names = [data.name for data in tables]
        self._hidden = [data.name for data in tables if data.visible != calamine.SheetVisibleEnum.Visible]
        self._part: SecondLook | None = None
        self._glance: _GlanceBeside | None = None
        self._large: list[tuple[int, int]] = []
        self._booleans: Counter[int] = Counter()
        self._numbers: Counter[int] = Counter()
        self._dates: dict[int, array[int]] = {}
        self._date_times: Counter[int] = Counter()
        self._rows = 0
        self._width = 0

    def frames(self) -> Iterator[Frame]:
        """All frames of the sheet."""
        name, sheet = self._choose()
        head = {"kind": self._kind.value, "sheets": self._names, "hidden": self._hidden, "sheet": name}
        yield Frame("H", head)
        yield from self._row_frames(sheet)
        if self._rows == 0:
            raise self._empty(name)
        patches = self._midnights()
        if patches:
            yield Frame("P", patches)
        notices = self._sheet_notices(name)
        yield from self._close_look(notices)
        dates = self._date_times + Counter({column: len(pairs) // 2 for column, pairs in self._dates.items()})
        counts = {"numbers": list(self._numbers.items()), "dates": list(dates.items())}
        yield Frame("Z", {"rows": self._rows, "width": self._width, "notices": notices, **counts})

    def _choose(self) -> tuple[str, CalamineSheet]:
        """The wanted sheet, or the first visible one with a cell in it, or the first hidden one."""
        if self._wanted is not None:
            if self._wanted not in self._names:
                raise FileError(
                    _("No such sheet"),
                    _("{name} has no sheet {sheet}. It has: {sheets}.").format(
                        name=self._path.name, sheet=self._wanted, sheets=", ".join(self._names) or "-"
                    ),
                )
            return self._wanted, self._load(self._wanted)
        for name in [name for name in self._names if name not in self._hidden] + self._hidden:
            sheet = self._load(name)
            if sheet.end is not None:
                return name, sheet
        raise self._empty("")

    def _load(self, name: str) -> CalamineSheet:
        self._part = self._second_look(name)
        if self._part is not None:
            # The values' reader leaves the other core free.
            self._glance = _GlanceBeside(self._part)
        return self._workbook.get_sheet_by_name(name)

    def _second_look(self, name: str) -> SecondLook | None:
        # Imported here for the reason given in `child.table_frames`.
        if self._kind is FileKind.XLS:
            from ochp_desktop.spreadsheet.biff import XlsPart

            return XlsPart(self._path, name)
        if self._kind is FileKind.XLSB:
            from ochp_desktop.spreadsheet.binarysheet import XlsbPart

            return XlsbPart(self._path, name)
        if self._kind is FileKind.ODS:
            from ochp_desktop.spreadsheet.odsheet import OdsPart

            return OdsPart(self._path, name)
        part = _find_part(self._path, name)
        if part is not None and part.declared_cells() > MAX_AREA_CELLS:
            rows, columns, last = part.extent()
            if rows * columns > MAX_AREA_CELLS:
                raise too_wide(self._path, last)
        return part

    def _empty(self, sheet: str) -> FileError:
        if sheet and len(self._names) > 1:
            text = _("The sheet {sheet} in {name} is empty. Choose another sheet: {sheets}.")
        else:
            text = _("{name} has no filled cell in any sheet. Check that the right file was saved.")
        others = ", ".join(name for name in self._names if name != sheet)
        return FileError(_("The table is empty"), text.format(name=self._path.name, sheet=sheet, sheets=others))

    def _row_frames(self, sheet: CalamineSheet) -> Iterator[Frame]:
        """Row frames; blank rows at the end are left out."""
        if sheet.start is None:
            return
        before = sheet.start[1]
        chunk = max(1, min(ROWS_PER_FRAME, _CELLS_PER_FRAME // max(1, sheet.width)))
        blank = 0
        rows = sheet.iter_rows()
        while cells := list(zip(*itertools.islice(rows, chunk), strict=True)):
            count = len(cells[0])
            filled = _filled(cells, count)
            if filled and blank:
                yield Frame("R", Block(blank, []))
                self._rows += blank
                blank = 0
            blank += count - filled
            if filled:
                columns = [self._packed(column, values[:filled]) for column, values in enumerate(cells, before)]
                while columns[-1].empty:
                    del columns[-1]
                self._width = max(self._width, before + len(columns))
                empty = [packed([""] * filled)] * before
                yield Frame("R", PackedBlock(filled, [*empty, *columns]))
                self._rows += filled

    def _packed(self, column: int, values: Sequence[Any]) -> Packed:
        """Some cells of one column as texts, packed; what the notices need is counted on the way."""
        if self._kind is not FileKind.ODS:
            try:
                return packed(values)
            except TypeError:
                pass  # not only texts
        return packed(self._texts(column, values))

    def _texts(self, column: int, values: Sequence[Any]) -> Sequence[str]:
        kinds = set(map(type, values))
        whole = kinds == {int} or (kinds == {float} and all(map(float.is_integer, values)))
        if whole and max(map(abs, values)) < FIRST_ROUNDED:
            self._numbers[column] += len(values)
            return list(map(str, map(int, values)))
        return list(self._mixed_texts(column, values))

    def _mixed_texts(self, column: int, values: Sequence[Any]) -> Iterator[str]:
        for row, value in enumerate(values, self._rows):
            kind = type(value)
            if kind is str:
                yield duration_text(value) if self._kind is FileKind.ODS else value
                continue
            if kind is float or kind is int:
                self._numbers[column] += 1
                if not -FIRST_ROUNDED < value < FIRST_ROUNDED:
                    self._large.append((row, column))
            elif kind is dt.datetime:
                self._date_times[column] += 1
            elif kind is dt.date:
                self._dates.setdefault(column, array("l")).extend((row, value.toordinal()))
            elif kind is bool:
                self._booleans[column] += 1
            yield cell_text(value)

    def _midnights(self) -> list[list[Any]]:
        """Patches for dates in columns of date-times: midnight is a time there, which the file does not spell out."""
        patches: list[list[Any]] = []
        for column, pairs in self._dates.items():
            if self._date_times[column] > len(pairs) // 2:
                for row, ordinal in zip(pairs[::2], pairs[1::2], strict=True):
                    patches.append([row, column, f"{dt.date.fromordinal(ordinal).isoformat()}T00:00:00"])
        return patches

    def _sheet_notices(self, name: str) -> list[str]:
        notices = []
        if len(self._names) > 1:
            notices.append(
                _("The workbook has {count} sheets; {sheet} was read.").format(
                    count=number(len(self._names)), sheet=name
                )
            )
        if name in self._hidden:
            notices.append(_("The sheet {sheet} is hidden in the file.").format(sheet=name))
        for column, count in sorted(self._booleans.items()):
            notices.append(
                ngettext(
                    "TRUE or FALSE in column {column} was read as 1 or 0, in {count} cell.",
                    "TRUE or FALSE in column {column} was read as 1 or 0, in {count} cells.",
                    count,
                ).format(column=column_letter(column), count=number(count))
            )
        return notices

    def _close_look(self, notices: list[str]) -> Iterator[Frame]:
        """Patches and marks for what the values alone do not tell; adds the notices about it."""
        marks: list[list[Any]] = []
        patches: list[list[Any]] = []
        counts: Counter[str] = Counter()
        first: dict[str, str] = {}
        for finding in self._findings(notices):
            counts[finding.kind] += 1
            first.setdefault(finding.kind, cell_name(finding.row + 1, finding.column))
            if finding.text:
                patches.append([finding.row, finding.column, finding.text])
            if len(marks) < MAX_MARKS:
                marks.append([finding.row, finding.column, finding.kind])
        for start in range(0, len(patches), PATCHES_PER_FRAME):
            yield Frame("P", patches[start : start + PATCHES_PER_FRAME])
        if marks:
            yield Frame("M", marks)
        for kind, count in counts.items():
            notices.append(finding_notice(kind, count, first[kind]))

    def _findings(self, notices: list[str]) -> Iterator[Finding]:
        large = set(self._large)
        try:
            if self._part is not None:
                assert self._glance is not None
                glance = self._glance.result()
                if glance.hidden_rows:
                    notices.append(_("Some rows are hidden in the file; they were read as well."))
                if glance.hidden_columns:
                    notices.append(_("Some columns are hidden in the file; they were read as well."))
                if glance.close_look or large:
                    yield from self._part.look(large)
                return
        except (expat.ExpatError, zipfile.BadZipFile, OSError) as failure:
            raise damaged(self._path, str(failure)) from failure
        yield from (Finding(row, column, "rounded", "") for row, column in self._large)


class _GlanceBeside(Thread):
    """The quick look at a sheet, in a thread of its own."""

    def __init__(self, part: SecondLook) -> None:
        super().__init__(daemon=True)
        self._part = part
        self._seen: Glance | None = None
        self._failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Look."""
        try:
            self._seen = self._part.glance()
        except BaseException as failure:  # noqa: BLE001 - raised again where it is asked for
            self._failure = failure

    def result(self) -> Glance:
        """What was seen; raises what the look raised."""
        self.join()
        if self._failure is not None:
            raise self._failure
        assert self._seen is not None
        return self._seen


def _filled(columns: Sequence[Sequence[Any]], count: int) -> int:
    """How many of the rows are left when blank ones at the end are taken away."""
    while count and all(column[count - 1] == "" for column in columns):
        count -= 1
    return count


def _find_part(path: Path, sheet: str) -> SheetPart | None:
    try:
        return sheet_part(path, sheet)
    except (expat.ExpatError, zipfile.BadZipFile, KeyError) as failure:
        raise damaged(path, str(failure)) from failure
