"""Taking rows of an older version back into the list that is open, as one step to be undone."""

from __future__ import annotations

from collections.abc import Sequence

from ochp_desktop.jobs.list_change import token_key
from ochp_desktop.records.identity import normalised_token_id
from ochp_desktop.sheet.edit import ColumnChange, Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


def restore_edit(sheet: Sheet, rows: Sequence[Sequence[str]]) -> Edit:
    """The edit that gives cards of the open list the texts they had, and puts those back that are not in it."""
    column = sheet.columns[sheet.kind.index("tokenId")]
    wanted = {token_key(row): row for row in rows}
    places = {key: row for row in sheet.order if (key := normalised_token_id(column[row])) in wanted}
    changes: dict[int, tuple[list[int], list[str], list[str]]] = {}

    def change(row: int, field: int, old: str, new: str) -> None:
        if old != new:
            ids, before, after = changes.setdefault(field, ([], [], []))
            ids.append(row)
            before.append(old)
            after.append(new)

    first, at, added = sheet.slots, len(sheet.order), 0
    for key, texts in wanted.items():
        place = places.get(key)
        for field, text in enumerate(texts):
            change(
                first + added if place is None else place,
                field,
                "" if place is None else sheet.columns[field][place],
                text,
            )
        added += place is None
    return Edit(
        _("Restore from an older version"),
        tuple(ColumnChange(field, *changes[field]) for field in sorted(changes)),
        inserted=tuple((at + offset, first + offset) for offset in range(added)),
    )
