"""Taking a file into the list that is open: replace its rows, add to them, or update them by key, after a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.records.identity import cdr_key, normalised_token_id
from ochp_desktop.records.parted import Parted
from ochp_desktop.records.pieces import copied, different
from ochp_desktop.records.release import let_go
from ochp_desktop.records.values import trimmed
from ochp_desktop.sheet.edit import ColumnChange, Edit, consecutive
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.spreadsheet.rowkeys import fingerprint, parse_key
from ochp_desktop.texts import _

Key = tuple[str, ...]


class Way(Enum):
    """How a file's rows come into the open list."""

    NEW = "new"
    REPLACE = "replace"
    APPEND = "append"
    UPDATE = "update"
    MENDED = "mended"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the open list that gets other texts.

    Attributes:
        row: its id in the open list.
        source: the row's number in the file.
        cells: (field index, old text, new text).
    """

    row: int
    source: int
    cells: tuple[tuple[int, str, str], ...]


@dataclass(slots=True)
class Merge:
    """What taking a file into the open list will do.

    Attributes:
        way: how it is taken.
        new: ids, in the file's sheet, of the rows that are added.
        changed: rows of the open list that get other texts.
        untouched: how many rows of the open list stay as they are, though the file names them.
        unnamed: how many rows of the open list the file does not name; they stay too, unless all are replaced.
        removed: how many rows of the open list go.
        unclear: (row number in the file, why) of rows that are left out.
    """

    way: Way
    new: list[int] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    untouched: int = 0
    unnamed: int = 0
    removed: int = 0
    unclear: list[tuple[int, str]] = field(default_factory=list)


def row_keys(sheet: Sheet) -> list[Key | None]:
    """How each row is known, in the sheet's order: by token id, or by infra provider and CDR id; None without one."""
    kind, order = sheet.kind, sheet.order
    if kind.name == "tokens":
        tokens = sheet.columns[kind.index("tokenId")]
        return [(found,) if (found := normalised_token_id(tokens[row])) else None for row in order]
    infras, numbers = sheet.columns[kind.index("infraProviderId")], sheet.columns[kind.index("cdrId")]
    return [cdr_key(infras[row], numbers[row]) if trimmed(numbers[row]) else None for row in order]


def compare(sheet: Sheet, imported: Imported, way: Way) -> Merge:
    """What taking the file into the open list will do; nothing is changed yet."""
    fresh = imported.sheet
    merge = Merge(way)
    if way in {Way.REPLACE, Way.APPEND, Way.NEW}:
        merge.new = copied(fresh.order)
        merge.removed = len(sheet) if way is Way.REPLACE else 0
        merge.unnamed = len(sheet) - merge.removed
        return merge
    targets = _mended(sheet, imported, merge) if way is Way.MENDED else _by_key(sheet, fresh, merge)
    columns = _columns(imported)
    for row, target in targets.items():
        cells = tuple(
            (column, old, new)
            for column in columns
            if (old := sheet.columns[column][target]) != (new := fresh.columns[column][row])
        )
        if cells:
            merge.changed.append(Change(target, fresh.sources[row], cells))
        else:
            merge.untouched += 1
    merge.unnamed = len(sheet) - len(targets)
    let_go(targets)
    return merge


def _columns(imported: Imported) -> list[int]:
    """Indexes of the fields that the file speaks of: what it has no column for stays as it is."""
    matching = imported.matching
    kind = imported.sheet.kind
    if matching is None:
        return [kind.index(name) for name in kind.names if name not in imported.missing]
    return [kind.index(name) for name in kind.names if name in matching.columns or name in matching.constants]


def _by_key(sheet: Sheet, fresh: Sheet, merge: Merge) -> Parted[int, int]:
    known, keys = row_keys(sheet), row_keys(fresh)
    places, twice = _places(sheet.order, known)
    others, more = _places(fresh.order, keys)
    targets: Parted[int, int] = Parted()
    for row, key in zip(fresh.order, keys, strict=True):
        source = fresh.sources[row]
        if key is None:
            merge.unclear.append((source, _("no key")))
        elif key in more:
            merge.unclear.append((source, _("the same key twice in the file")))
        elif key in twice:
            merge.unclear.append((source, _("the same key twice in the open list")))
        elif key in places:
            targets[row] = places[key]
        else:
            merge.new.append(row)
    let_go(places, others, known, keys)
    return targets


def _places(rows: Sequence[int], keys: Sequence[Key | None]) -> tuple[Parted[Key, int], set[Key]]:
    """Key -> its last row, and the keys that more than one row has."""
    places: Parted[Key, int] = Parted()
    twice: set[Key] = set()
    for row, key in zip(rows, keys, strict=True):
        if key is not None:
            if key in places:
                twice.add(key)
            places[key] = row
    return places, twice


def _mended(sheet: Sheet, imported: Imported, merge: Merge) -> Parted[int, int]:
    """Rows that were exported to be mended, by their hidden key: exactly those, or none."""
    fresh = imported.sheet
    present = different(sheet.order)
    prints: Parted[str, int] = Parted()
    targets: Parted[int, int] = Parted()
    used: set[int] = set()
    for row in fresh.order:
        source = fresh.sources[row]
        parsed = parse_key(imported.row_keys.get(row, ""))
        if parsed is None:
            merge.new.append(row)
            continue
        target, wanted = parsed
        if target not in present or fingerprint(sheet.row_texts(target)) != wanted:
            if not prints:
                prints = Parted((fingerprint(sheet.row_texts(other)), other) for other in sheet.order)
            target = prints.get(wanted, -1)
        if target < 0:
            merge.unclear.append((source, _("the row was changed or removed here since")))
        elif target in used:
            merge.unclear.append((source, _("the same row twice in the file")))
        else:
            used.add(target)
            targets[row] = target
    return targets


def merge_edit(sheet: Sheet, imported: Imported, merge: Merge, name: str) -> Edit:
    """The one edit that does it, for `Sheet.apply`: undone in one step."""
    rows = imported.sheet.rows_texts(merge.new)
    first, at = sheet.slots, 0 if merge.removed else len(sheet.order)
    changes: dict[int, tuple[list[int], list[str], list[str]]] = {}
    for change in merge.changed:
        for column, old, new in change.cells:
            ids, before, after = changes.setdefault(column, ([], [], []))
            ids.append(change.row)
            before.append(old)
            after.append(new)
    for offset, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                ids, before, after = changes.setdefault(column, ([], [], []))
                ids.append(first + offset)
                before.append("")
                after.append(text)
    return Edit(
        name,
        tuple(
            ColumnChange(column, consecutive(ids), before, after)
            for column, (ids, before, after) in sorted(changes.items())
        ),
        inserted=tuple((at + offset, first + offset) for offset in range(len(rows))),
        removed=tuple(enumerate(sheet.order)) if merge.removed else (),
    )


def take_damage(sheet: Sheet, imported: Imported, merge: Merge) -> None:
    """Let the open list know what had happened to the file's cells; before `merge_edit` is applied."""
    if not imported.sheet.damage:
        return
    rows = {source: row for row, source in enumerate(imported.sheet.sources)}
    places = {rows[change.source]: change.row for change in merge.changed if change.source in rows}
    places |= {row: sheet.slots + offset for offset, row in enumerate(merge.new)}
    sheet.add_damage(imported.sheet.damage, places.get)


def edit_name(way: Way) -> str:
    """What the undo menu calls it."""
    names = {
        Way.REPLACE: _("Replace by a file's rows"),
        Way.APPEND: _("Add a file's rows"),
        Way.UPDATE: _("Update from a file"),
        Way.MENDED: _("Take corrected rows"),
    }
    return names.get(way, "")
