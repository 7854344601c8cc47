"""What an upload of the roaming list would change: added, changed, deactivated and removed tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ochp_desktop.records.identity import normalised_token_id
from ochp_desktop.records.tokens import TOKENS

Row = Sequence[str]

TOKEN_ID = TOKENS.index("tokenId")
ACTIVATED = TOKENS.index("tokenActivated")

# Removing more than this many cards, or this share of the list, wants the number typed (product decision).
MANY_CARDS = 20
MANY_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """New list against an older one, rows in wire texts.

    Attributes:
        added: tokens that only the new list has.
        changed: (old, new) where any field differs, deactivated ones apart.
        deactivated: (old, new) where an activated token becomes deactivated.
        removed: tokens that only the old list has.
        same: how many are equal in every field.
    """

    added: Sequence[Row] = ()
    changed: Sequence[tuple[Row, Row]] = ()
    deactivated: Sequence[tuple[Row, Row]] = ()
    removed: Sequence[Row] = ()
    same: int = 0


def wire_row(row: Row) -> tuple[str, ...]:
    """The row's texts as they go on the wire (enumeration names as numbers)."""
    return tuple(declared.type.wire(text) for declared, text in zip(TOKENS.fields, row, strict=True))


def token_key(row: Row) -> str:
    """What makes two rows the same token: the token id without separators and case."""
    return normalised_token_id(row[TOKEN_ID])


def difference(old: Iterable[Row], new: Iterable[Row]) -> Difference:
    """Compare two lists by token id; both in wire texts."""
    before = {token_key(row): row for row in old}
    added: list[Row] = []
    changed: list[tuple[Row, Row]] = []
    deactivated: list[tuple[Row, Row]] = []
    same = 0
    for row in new:
        was = before.pop(token_key(row), None)
        if was is None:
            added.append(row)
        elif tuple(was) == tuple(row):
            same += 1
        elif was[ACTIVATED] == "1" and row[ACTIVATED] == "0":
            deactivated.append((was, row))
        else:
            changed.append((was, row))
    return Difference(added, changed, deactivated, list(before.values()), same)


@dataclass(frozen=True, slots=True)
class ListChange:
    """What will happen when this list is uploaded.

    Attributes:
        rows: the list itself in wire texts: exactly these rows are uploaded.
        house: against the tokens of ours that the house holds now.
        house_total: how many tokens of ours the house holds.
        last: against our last confirmed upload, or None when there was none from this computer.
        last_upload: when that was.
        removed: every token that disappears, from the house's list or from the last upload.
        compared_with: (house, user id) that it was held against: it is for no other.
        compared: when that was.
        newest: number of the newest version that had been sent there until then, 0 for none.
        left_out: titles of columns that hold something and that the house has no place for.
    """

    rows: Sequence[Row]
    house: Difference
    house_total: int
    last: Difference | None = None
    last_upload: datetime | None = None
    removed: Sequence[Row] = field(default_factory=list)
    compared_with: tuple[str, str] = ("", "")
    compared: datetime | None = None
    newest: int = 0
    left_out: Sequence[str] = ()

    @property
    def needs_yes(self) -> bool:
        """Whether cards disappear: then a deliberate yes is needed."""
        return bool(self.removed)

    @property
    def needs_number(self) -> bool:
        """Whether so many disappear that their number must be typed (or given to the command)."""
        basis = max(self.house_total, len(self.removed))
        return len(self.removed) > MANY_CARDS or len(self.removed) > MANY_SHARE * basis


def list_change(
    rows: Iterable[Row], house_rows: Sequence[Row], last_rows: Sequence[Row] | None, last_upload: datetime | None
) -> ListChange:
    """Hold a new list against what the house has of ours and against the last upload."""
    new = [wire_row(row) for row in rows]
    house = difference(house_rows, new)
    last = None if last_rows is None else difference(last_rows, new)
    removed = {token_key(row): row for row in house.removed}
    if last is not None:
        removed |= {token_key(row): row for row in last.removed}
    return ListChange(new, house, len(house_rows), last, last_upload, list(removed.values()))
