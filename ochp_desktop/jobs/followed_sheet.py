"""A sheet that is kept on disk: how far its edits were written, and a copy of it that is of one moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ochp_desktop.records.pieces import copied
from ochp_desktop.records.release import release_with
from ochp_desktop.sheet.edit import Direction, Edit, PackedEdit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.store.drafts import Drafts, Snapshot

# Steps that take long to do again, and the part of a sheet's cells that a log must have to be worth a snapshot.
_MANY_STEPS = 20_000
_PART_OF_SHEET = 4
# How often a sheet is copied before giving up for now, because it was edited meanwhile.
_TRIES = 20

Steps = tuple[list[Edit | PackedEdit], list[Edit | PackedEdit]]


@dataclass(slots=True)
class FollowedSheet:
    """A sheet whose edits are kept.

    Attributes:
        sheet: the sheet.
        title: what its place in the window says.
        listener: hears of its edits.
        draft: its number among the drafts, None until it is there.
        seq: number of its last edit.
        revision: the sheet's revision after that edit.
        saved: number of the last edit on disk.
        covered: edits up to this number are in the snapshot of a draft that was begun anew.
        cells, steps: how much was logged since the last snapshot.
        place: where the user is, as given last.
        place_waits: whether it is still to be written.
        left: whether it was closed.
        last: the sheet as it was then, number of its last edit and undo history, where it was not on disk yet.
        home: the drafts in which `draft` is a number.
    """

    sheet: Sheet
    title: str
    listener: Callable[[Edit, Direction], None]
    draft: int | None
    seq: int
    revision: int
    saved: int = 0
    covered: int = 0
    cells: int = 0
    steps: int = 0
    place: str = "{}"
    place_waits: bool = False
    left: bool = False
    last: tuple[Snapshot, int, Steps] | None = None
    home: Drafts | None = None

    def is_long(self, cells: int) -> bool:
        """Whether its log has more than so many cells, and is worth being put into a snapshot."""
        long = max(cells, self.sheet.slots * len(self.sheet.columns) // _PART_OF_SHEET)
        return self.draft is not None and (self.cells > long or self.steps > _MANY_STEPS)

    def steady_copy(self, *, forever: bool = False) -> tuple[Snapshot, int, Steps] | None:
        """A copy of the sheet, which may be edited in another thread, the number of its last edit, its undo history.

        None when it was edited again and again.
        """
        sheet = self.sheet
        tries = 0
        while forever or tries < _TRIES:
            if self.last is not None:
                return self.last
            tries += 1
            seq, revision = self.seq, sheet.revision
            if self.revision == revision:
                try:
                    snapshot, steps = copy_of(sheet), sheet.steps()
                except RuntimeError:
                    continue
                if sheet.revision == revision and self.seq == seq:
                    return snapshot, seq, steps
        return None


def copy_of(sheet: Sheet) -> Snapshot:
    """The sheet as it is now, in lists of its own."""
    columns, order = [copied(column) for column in sheet.columns], copied(sheet.order)
    snapshot = Snapshot(columns, sheet.sources[:], order)
    release_with(snapshot, *columns, order)
    return snapshot


def readable(steps: Sequence[Edit | PackedEdit]) -> list[str]:
    """The written form of steps, the next one first; what lies behind a damaged one cannot be reached."""
    texts: list[str] = []
    for step in reversed(steps):
        try:
            texts.append(step.to_json())
        except ValueError:
            break
    return texts
