"""Versions of the roaming list: comparing any two, and following one card through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.list_change import TOKEN_ID, difference, token_key
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.card_doctor import readings
from ochp_desktop.records.identity import normalised_contract_id, normalised_token_id
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.values import trimmed
from ochp_desktop.store.lists import ListState, ListVersion
from ochp_desktop.store.rows import Row
from ochp_desktop.texts import N_, _

__all__ = ["Comparison", "Event", "Kind", "Line", "ListVersion", "card_history", "compare_versions", "list_versions"]

CONTRACT, PRINTED, PIN = (TOKENS.index(name) for name in ("evcoId", "printedNumber", "pin"))


class Kind(Enum):
    """What happened to a card between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"

    def title(self) -> str:
        """The word that people see."""
        return _(_TITLES[self])


_TITLES = {Kind.ADDED: N_("Added"), Kind.CHANGED: N_("Changed"), Kind.REMOVED: N_("Removed")}


@dataclass(frozen=True, slots=True)
class Line:
    """One card that differs between two versions.

    Attributes:
        kind: what happened to it.
        old: its row in the older version; None when it was added.
        new: its row in the newer one; None when it was removed.
    """

    kind: Kind
    old: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        """The row that names the card."""
        row = self.new or self.old
        assert row is not None
        return row

    def changes(self) -> str:
        """Field by field, old and new; "" unless it was changed. PINs are not shown."""
        if self.old is None or self.new is None:
            return ""
        told = []
        for index, (old, new) in enumerate(zip(self.old, self.new, strict=True)):
            if old != new:
                name, type_ = TOKENS.fields[index].title(), TOKENS.fields[index].type
                if index == PIN:
                    told.append(_("{field}: changed").format(field=name))
                    continue
                before, after = type_.display(old) or _("empty"), type_.display(new) or _("empty")
                told.append(_("{field}: {old} → {new}").format(field=name, old=before, new=after))
        return "; ".join(told)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of the list.

    Attributes:
        old: the older one.
        new: the newer one.
        lines: cards that differ: removed, changed, added.
        same: how many cards are equal in every field.
    """

    old: ListVersion
    new: ListVersion
    lines: Sequence[Line]
    same: int

    def count(self, kind: Kind) -> int:
        """How many cards that happened to."""
        return sum(line.kind is kind for line in self.lines)


def list_versions(workplace: Workplace, house: str = "", user: str = "") -> list[ListVersion]:
    """The versions that were uploaded to a house, or to the present one, the newest first; touches the disk.

    Raises:
        UsageError: there is no connection, and no house is given.
        StoreError: the store cannot be read.
    """
    if not house:
        connection = workplace.connected()
        house, user = connection.house, connection.user
    return [version for version in workplace.lists.versions(house, user) if version.state is not ListState.SENDING]


def compare_versions(workplace: Workplace, one: ListVersion, other: ListVersion, cancel: Cancel) -> Job[Comparison]:
    """Hold two versions against each other; what both keep in common is not even read.

    Raises:
        StoreError: a version cannot be read.
        Cancelled: stopped.
    """
    old, new = sorted((one, other), key=lambda version: version.id)
    yield Progress(_("Comparing two versions of the list"))
    old_rows, new_rows = workplace.lists.apart(old.id, new.id)
    cancel.check()
    found = difference(old_rows, new_rows)
    lines = [Line(Kind.REMOVED, tuple(row), None) for row in found.removed]
    lines += [Line(Kind.CHANGED, tuple(was), tuple(row)) for was, row in (*found.deactivated, *found.changed)]
    lines += [Line(Kind.ADDED, None, tuple(row)) for row in found.added]
    return Comparison(old, new, lines, new.count - len(new_rows) + found.same)


class Happened(Enum):
    """What happened to a card with an upload."""

    APPEARED = "appeared"
    CHANGED = "changed"
    VANISHED = "vanished"

    def title(self) -> str:
        """The word that people see."""
        return _(_HAPPENED[self])


_HAPPENED = {
    Happened.APPEARED: N_("Appeared"),
    Happened.CHANGED: N_("Changed"),
    Happened.VANISHED: N_("Disappeared"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One moment in a card's history.

    Attributes:
        version: the upload with which it came.
        what: what happened.
        row: the card's row then; the last known one where it vanished.
        changes: field by field, old and new.
    """

    version: ListVersion
    what: Happened
    row: Row
    changes: str


@dataclass(frozen=True, slots=True)
class CardHistory:
    """What became of the cards that fit a number.

    Attributes:
        asked: the number.
        events: the oldest first.
        there: how many of these cards are in the newest version.
        versions: how many versions were looked through.
    """

    asked: str
    events: Sequence[Event]
    there: int
    versions: int

    def story(self) -> str:
        """The answer in a sentence."""
        if not self.versions:
            return _("No list has been uploaded from this computer yet.")
        if not self.events:
            return _("{card} is in none of the uploaded versions, neither as card nor as contract.").format(
                card=self.asked
            )
        last = self.events[-1]
        when = f"{last.version.when.astimezone():%Y-%m-%d %H:%M}"
        if self.there:
            return _("It is in the newest version; what changed last came with the upload of {when}.").format(when=when)
        return _("It disappeared with the upload of {when} (version {version}).").format(
            when=when, version=last.version.id
        )


def card_history(workplace: Workplace, text: str, cancel: Cancel, house: str = "", user: str = "") -> Job[CardHistory]:
    """When did a card appear, change, disappear? Refused versions never came into force and are left out.

    Args:
        workplace: with a connection, unless house and user are given.
        text: a card number in any of its readings, a contract id, or the number printed on the card.
        cancel: stops between two versions.
        house: where the versions went.
        user: as whom.

    Raises:
        UsageError: nothing is asked for, or there is no connection.
        StoreError: the store cannot be read.
        Cancelled: stopped.
    """
    if not trimmed(text):
        raise UsageError(_("Which card?"), _("Type a card number, a contract id, or the number printed on the card."))
    if not house:
        connection = workplace.connected()
        house, user = connection.house, connection.user
    events: list[Event] = []
    present: dict[str, Row] = {}
    versions = 0
    for version, rows in workplace.lists.find(house, user, _wanted(text)):
        cancel.check()
        yield Progress(_("Looking through the versions"), versions)
        if version.state is ListState.REFUSED:
            continue
        versions += 1
        now = {token_key(row): row for row in rows}
        events += _between(version, present, now)
        present = now
    return CardHistory(trimmed(text), events, len(present), versions)


def _between(version: ListVersion, before: dict[str, Row], now: dict[str, Row]) -> Iterator[Event]:
    for key, row in before.items():
        if key not in now:
            yield Event(version, Happened.VANISHED, row, "")
    for key, row in now.items():
        old = before.get(key)
        if old is None:
            yield Event(version, Happened.APPEARED, row, "")
        elif old != row:
            yield Event(version, Happened.CHANGED, row, Line(Kind.CHANGED, old, row).changes())


def _wanted(text: str) -> Callable[[Row], bool]:
    """Whether a row is the card, by number, contract or print."""
    plain = trimmed(text)
    tokens = {reading.token_id for reading in readings(plain)} | {normalised_token_id(plain)}
    contract = normalised_contract_id(plain)

    def fits(row: Row) -> bool:
        return (
            normalised_token_id(row[TOKEN_ID]) in tokens
            or (contract != "" and normalised_contract_id(row[CONTRACT]) == contract)
            or (row[PRINTED] != "" and trimmed(row[PRINTED]) == plain)
        )

    return fits
