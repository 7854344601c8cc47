"""Records that are held back for their errors: noted for the month's overview, and forgotten when they are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.identity import cdr_key

if TYPE_CHECKING:
    from ochp_desktop.store.held_notes import HeldNote

Id = tuple[str, str]
"""Infra provider and CDR id, as they stand in the cells."""


class HeldRecords:
    """Keeps the journal's notes about held-back records in step with a sheet that is edited.

    Who leaves the sheet is forgotten, and whoever is brought back by undoing that is held back again as before. What a
    house has refused stays known in any case: it did leave this computer.
    """

    def __init__(self) -> None:
        self._forgotten: dict[tuple[str, Id], HeldNote] = {}

    def follow(self, workplace: Workplace, gone: Iterable[Id], back: Iterable[Id] = ()) -> None:
        """These are no longer in the sheet, and those are there again. Touches the disk; one call at a time.

        Raises:
            StoreError: the journal cannot be written.
        """
        house, journal = workplace.connected().house, workplace.journal
        keys = {cdr_key(*one) for one in gone}
        if keys:
            for note in journal.forget_held(house, keys):
                self._forgotten[house, note.key] = note
        again = [(house, cdr_key(*one)) for one in back]
        notes = [self._forgotten.pop(key) for key in again if key in self._forgotten]
        if notes:
            journal.note_held_again(house, notes)


def follow_file(workplace: Workplace, file: Path, present: Collection[Id], held: Collection[Id] = ()) -> int:
    """Forget what an earlier upload of the same file held back and what is no longer in it; how many.

    A command sees a file only as it is. So what was held back of it is remembered with the file's place, until the
    next time. Touches the disk.

    Args:
        workplace: with a connection.
        file: the file.
        present: all records that this upload is about, from this file and others.
        held: those from this file that are to be held back now.

    Raises:
        StoreError: the store cannot be read or written.
    """
    house = workplace.connected().house
    name = f"held back of {file.resolve()} for {house}"
    remembered = workplace.setting(name, [])
    before = {(str(one[0]), str(one[1])) for one in remembered if isinstance(one, list) and len(one) == 2}  # noqa: PLR2004 - a pair
    still = before & {cdr_key(*one) for one in present}
    gone = before - still
    forgotten = workplace.journal.forget_held(house, gone) if gone else []
    now = sorted(still | {cdr_key(*one) for one in held if one[1].strip() and one[0].strip()})
    if now or remembered:
        workplace.set_setting(name, now or None)
    return len(forgotten)
