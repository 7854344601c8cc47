"""Marks bad cells in a copy of the user's own workbook: a note and a ground on each, everything else as it was.

The workbook is copied part by part, byte for byte: pictures, charts, pivot tables, macros and whatever newer programs
put into it are not even looked at. Changed are the sheet's part (style numbers of the marked cells), the styles (added
ones), and the sheet's notes with their boxes.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from lxml import etree

from ochp_desktop.errors import FileError, UsageError
from ochp_desktop.records.parted import Parted
from ochp_desktop.records.problems import Level
from ochp_desktop.records.release import let_go
from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.markednotes import (
    COMMENTS_TYPE,
    DRAWING_TYPE,
    MarkedNotes,
    drawing_with,
    notes_text,
    used_blocks,
)
from ochp_desktop.spreadsheet.markedsheet import MarkedSheet, Place, place_of, sheet_facts, visible_places
from ochp_desktop.spreadsheet.markedstyles import MarkedStyles
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.package import Package, UnusualPackage, tree
from ochp_desktop.spreadsheet.recognise import FileKind, damaged, recognise, unreadable
from ochp_desktop.spreadsheet.recordsheet import MAX_NOTES, NOTE_GROUNDS
from ochp_desktop.spreadsheet.zipguard import check_zip
from ochp_desktop.texts import _

Notes = Mapping[str, tuple[Level, Sequence[str]]]

_MAX_NOTE_CHARACTERS = 2000
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# What Excel wants a workbook's name to end in, by what the workbook says it is.
_ENDINGS = {
    "sheet.macroEnabled.main+xml": ".xlsm",
    "template.macroEnabled.main+xml": ".xltm",
    "template.main+xml": ".xltx",
    "sheet.main+xml": ".xlsx",
}


def annotate_copy(
    source: Path, target: Path, sheet: str, notes: Notes, progress: Callable[[int, int], None] | None = None
) -> tuple[int, int]:
    """Write a copy of a workbook with notes and grounds on the named cells.

    Args:
        source: the user's own .xlsx or .xlsm; it is not touched.
        target: the copy; a failure leaves an existing file whole.
        sheet: name of the sheet.
        notes: cell name ("B17") -> its worst level and the sentences about it.
        progress: told the bytes done and all there are; may raise to stop.

    Returns:
        How many cells were marked, and how many of them are only coloured, because a threaded comment is there or the
        sheet has as many notes as Excel can bear.

    Raises:
        UsageError: the copy would get a name under which Excel does not open it.
        FileError: the workbook is of another kind, cannot be read, or the copy cannot be written.
    """
    if recognise(source) is not FileKind.XLSX:
        raise FileError(
            _("Only new Excel files can be marked"),
            _(
                "{name} is no .xlsx workbook. Export all rows with their problems marked instead; or save it as .xlsx "
                "in Excel, open that, and mark it then."
            ).format(name=source.name),
        )
    if source.resolve() == target.resolve():
        raise FileError(
            _("This is the file itself"),
            _("The marks go into a copy, so that {name} stays as it is. Choose another name.").format(name=source.name),
        )
    check_zip(source)
    try:
        with zipfile.ZipFile(source) as archive, replacing(target) as beside:
            copy = _Copy(Package(archive), source, sheet)
            copy.check_ending(target)
            return copy.write(beside, notes, progress or (lambda _done, _total: None))
    except UnusualPackage as failure:
        raise FileError(
            _("This workbook cannot be marked"),
            _(
                "{name} is built in a way that marks cannot be added to. Export all rows with their problems marked "
                "instead; or save it again in Excel, open that, and mark it then."
            ).format(name=source.name),
            detail=str(failure),
        ) from failure
    except OSError as failure:
        raise unreadable(source, failure) from failure
    # What the archive's decoders meet in a broken one.
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as failure:
        raise damaged(source, f"{type(failure).__name__}: {failure}") from failure


class _Copy:
    """A workbook on its way into its marked copy."""

    def __init__(self, package: Package, source: Path, sheet: str) -> None:
        self._package = package
        main = list(package.related("", "officeDocument").values())
        self._workbook = package.name(main[0] if main else "xl/workbook.xml")
        root = tree(package.read(self._workbook))
        self._space = etree.QName(root).namespace or ""
        relations = package.related(self._workbook, "worksheet")
        for entry in root.iterfind(".//{*}sheet"):
            if entry.get("name") == sheet:
                key = next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
                base = next(name for name in entry.attrib if name.endswith("}id"))[1:-3] if key else ""
                if key in relations:
                    self._part = package.name(relations[key])
                    self._relations = base
                    return
        raise FileError(
            _("No such sheet"),
            _("{name} has no sheet {sheet} any more. Open it again.").format(name=source.name, sheet=sheet),
        )

    def check_ending(self, target: Path) -> None:
        """Excel opens no workbook whose name says something else than it is."""
        kind = self._package.content_type(self._workbook)
        wanted = next((ending for name, ending in _ENDINGS.items() if kind.endswith(name)), "")
        if wanted and target.suffix.lower() != wanted:
            raise UsageError(
                _("The name must end in {ending}").format(ending=wanted),
                _("Excel would not open the copy under the name {name}. Choose one that ends in {ending}.").format(
                    name=target.name, ending=wanted
                ),
            )

    def write(self, target: Path, notes: Notes, progress: Callable[[int, int], None]) -> tuple[int, int]:
        """Write the copy."""
        package = self._package
        with package.open(self._part) as stream:
            facts = sheet_facts(stream)
        given = Parted((place, cell) for cell in notes if (place := place_of(cell)) is not None)
        moved = visible_places(given, facts)
        levels: Parted[Place, Level] = Parted()
        behind: dict[Place, list[Place]] = {}
        for place, cell in given.items():
            seen = moved.get(place, place)
            level = notes[cell][0]
            levels[seen] = max(levels.get(seen, level), level)
            if seen != place:
                behind.setdefault(seen, []).append(place)

        def text(seen: Place) -> str:
            places = [*([seen] if seen in given else []), *behind.get(seen, ())]
            lines = [notes_text(notes[given[place]][1], given[place], seen) for place in places]
            return "\n".join(lines)[:_MAX_NOTE_CHARACTERS]

        drawing, without = self._put_notes(levels, text, facts.drawing)
        styles_part, styles = self._styles()
        sheet = MarkedSheet(levels, lambda style, place: styles.marked(style, levels[place]), drawing, self._relations)
        package.put(self._part, sheet.rewrite)
        package.put(styles_part, lambda _old: iter((styles.content(),)))
        package.write(target, progress, last={styles_part})
        count = len(levels)
        let_go(given, levels)
        return count, without

    def _styles(self) -> tuple[str, MarkedStyles]:
        package = self._package
        found = [name for name in package.related(self._workbook, "styles").values() if name in package]
        if found:
            part = package.name(found[0])
            return part, MarkedStyles(package.read(part), self._space, NOTE_GROUNDS)
        part = "xl/styles.xml" if "xl/styles.xml" not in package else package.free_name("xl/styles{}.xml")
        styles = MarkedStyles(None, self._space, NOTE_GROUNDS)
        package.relate(self._workbook, "styles", part, self._relations)
        package.declare(part, _STYLES_TYPE)
        package.put(part, styles.content())
        return part, styles

    def _put_notes(
        self, places: Collection[Place], text_of: Callable[[Place], str], drawing_id: str
    ) -> tuple[str, int]:
        """Relation id of a drawing that the sheet must name from now on, "" for none; how many cells got no note."""
        package = self._package
        parts = [name for name in package.related(self._part, "comments").values() if name in package]
        notes = MarkedNotes(package.read(package.name(parts[0])) if parts else None, self._space)
        before = set(notes.cells)
        boxes: dict[Place, str] = {}
        done = 0
        for place in places:
            if done == MAX_NOTES:
                break
            cell, text = cell_name(place[0] + 1, place[1]), text_of(place)
            if notes.add(cell, text):
                done += 1
                if cell not in before:
                    boxes[place] = text
        if not done:
            return "", len(places)
        if parts:
            package.put(parts[0], notes.content())
        else:
            part = package.free_name("xl/comments{}.xml")
            package.put(part, notes.content())
            package.relate(self._part, "comments", part, self._relations)
            package.declare(part, COMMENTS_TYPE)
        return self._put_boxes(boxes, drawing_id, before), len(places) - done

    def _put_boxes(self, boxes: Mapping[Place, str], drawing_id: str, before: set[str]) -> str:
        if not boxes:
            return ""
        package = self._package
        taken = {block for part in package.parts_like(".vml") for block in used_blocks(package.read(part))}
        drawings = package.related(self._part, "vmlDrawing")
        if drawing_id in drawings:
            part = package.name(drawings[drawing_id])
            package.put(part, drawing_with(package.read(part), boxes, taken))
            return ""
        part = package.free_name("xl/drawings/vmlDrawing{}.vml")
        # Notes that have no box would not be seen beside those that have.
        others = {place: "" for cell in sorted(before) if (place := place_of(cell)) is not None}
        package.put(part, drawing_with(None, {**others, **boxes}, taken))
        package.declare(part, DRAWING_TYPE)
        return package.relate(self._part, "vmlDrawing", part, self._relations)
