"""Frames for files that were read whole: the wanted one of several small tables, with its notices and marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ochp_desktop.errors import FileError
from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.frames import ROWS_PER_FRAME, Frame, block
from ochp_desktop.spreadsheet.looks import Finding, finding_notice
from ochp_desktop.spreadsheet.recognise import FileKind
from ochp_desktop.texts import _, number


@dataclass(slots=True)
class ReadTable:
    """A table as its file has it.

    Attributes:
        rows: texts; rows may differ in length.
        findings: cells whose value alone misleads.
        hidden: whether the program that wrote it would not show it.
        hidden_rows: whether some of its rows are hidden.
        hidden_columns: whether some of its columns are hidden.
    """

    rows: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: bool = False
    hidden_columns: bool = False

    @property
    def filled(self) -> int:
        """How many cells have a text."""
        return sum(1 for row in self.rows for text in row if text)


def table_frames(
    path: Path, kind: FileKind, tables: Mapping[str, ReadTable], wanted: str | None, notices: Sequence[str]
) -> Iterator[Frame]:
    """The frames of one of the tables.

    Raises:
        FileError: none of them has a filled cell, or there is none of that name.
    """
    names = list(tables)
    if wanted is not None and wanted not in tables:
        raise FileError(
            _("No such sheet"),
            _("{name} has no sheet {sheet}. It has: {sheets}.").format(
                name=path.name, sheet=wanted, sheets=", ".join(names) or "-"
            ),
        )
    chosen = wanted if wanted is not None else _first_of(tables, largest=kind is FileKind.HTML)
    table = tables[chosen] if chosen is not None else ReadTable()
    rows = table.rows
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise FileError(
            _("The table is empty"),
            _("{name} has no filled cell in any sheet. Check that the right file was saved.").format(name=path.name),
        )
    hidden = [name for name, one in tables.items() if one.hidden]
    yield Frame("H", {"kind": kind.value, "sheets": names, "hidden": hidden, "sheet": chosen})
    for start in range(0, len(rows), ROWS_PER_FRAME):
        yield Frame("R", block(rows[start : start + ROWS_PER_FRAME]))
    if table.findings:
        yield Frame("P", [[found.row, found.column, found.text] for found in table.findings if found.text])
        yield Frame("M", [[found.row, found.column, found.kind] for found in table.findings])
    width = max((index for row in rows for index, text in enumerate(row, 1) if text), default=0)
    said = [*notices, *(_about(table, chosen or "", len(names)))]
    yield Frame("Z", {"rows": len(rows), "width": width, "notices": said})


def _first_of(tables: Mapping[str, ReadTable], *, largest: bool) -> str | None:
    """The first visible table with something in it; of a web page's tables, which may be menus, the largest."""
    filled = {name: table.filled for name, table in tables.items()}
    shown = [name for name in tables if filled[name] and not tables[name].hidden] or [
        name for name in tables if filled[name]
    ]
    if not shown:
        return None
    return max(shown, key=lambda name: filled[name]) if largest else shown[0]


def _about(table: ReadTable, name: str, count: int) -> Iterator[str]:
    if count > 1:
        yield _("The workbook has {count} sheets; {sheet} was read.").format(count=number(count), sheet=name)
    if table.hidden:
        yield _("The sheet {sheet} is hidden in the file.").format(sheet=name)
    if table.hidden_rows:
        yield _("Some rows are hidden in the file; they were read as well.")
    if table.hidden_columns:
        yield _("Some columns are hidden in the file; they were read as well.")
    counts = Counter(found.kind for found in table.findings)
    for kind, cells in counts.items():
        first = next(found for found in table.findings if found.kind == kind)
        yield finding_notice(kind, cells, cell_name(first.row + 1, first.column))
