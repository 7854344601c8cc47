"""Versions of the own roaming list as they were uploaded, and the downloaded global list."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.store.actions import ActionKind, Outcome, close_action, open_action, set_subject
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, stamp, storable
from ochp_desktop.store.rows import (
    Packed,
    Row,
    damaged,
    drop_unused_blocks,
    keep_blocks,
    pack,
    read_blocks,
    unpack,
    unpacked,
)
from ochp_desktop.store.states import StateKind
from ochp_desktop.texts import _


class ListState(Enum):
    """What became of an uploaded version."""

    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"

    def title(self) -> str:
        """The word that people see."""
        return StateKind(self.value).title()


@dataclass(frozen=True, slots=True)
class ListVersion:
    """One version of a list, without its rows.

    Attributes:
        id: its number, growing with time.
        house: the house, as `Profile.house`.
        user: user id there.
        when: when it was sent or fetched, UTC.
        count: number of rows.
        description: what the user or the program said about it.
        fingerprint: sha256 (hex) of the rows in their order.
        state: what became of it.
        code: the house's result code, or None.
        answer: the house's words, or ours where there was no answer.
    """

    id: int
    house: str
    user: str
    when: datetime
    count: int
    description: str
    fingerprint: str
    state: ListState
    code: int | None
    answer: str


_COLUMNS = "id, house, user, at, count, description, fingerprint, state, code, answer"
_OWN = "own"
_GLOBAL = "global"


class Lists:
    """Every uploaded version of the roaming list, for ever, and the last downloaded global list.

    Rows are kept in blocks that versions share, so a new version costs what changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        # Versions that this process is sending; one of ours that is not among them was given up without a verdict.
        self._on_its_way: set[int] = set()
        self._bury_dead()

    # ---- uploads

    def begin_version(
        self,
        house: str,
        user: str,
        rows: Iterable[Sequence[str]],
        description: str = "",
        *,
        details: Mapping[str, Any] | None = None,
        when: datetime | None = None,
        after: int | None = None,
    ) -> int:
        """Write down the whole list before it leaves, with a full sync; the version's id.

        Args:
            house: where it goes.
            user: as whom.
            rows: the list.
            description: what the user or the program says about it.
            details: accepted warnings with reasons and the like, for the history.
            when: the instant, now when None.
            after: the `newest` version when the list was compared: a list takes the place of the whole one before,
                so it may not follow one that it was not compared with. None for no such check.

        Raises:
            UsageError: another version was sent meanwhile, or is on its way; then do not send.
            StoreError: the store cannot be written; then do not send.
        """
        packed = pack(rows)
        at = stamp(when)
        self._bury_dead()
        with self._db.write(durable=True) as c:
            if after is not None:
                _refuse_overtaken(c, storable(house), storable(user), after)
            action = open_action(
                c,
                ActionKind.UPLOAD_LIST,
                house,
                user,
                count=packed.count,
                fingerprint=packed.fingerprint,
                details=details,
                when=at,
            )
            version = self._insert(c, _OWN, house, user, packed, at, description, ListState.SENDING, action)
            set_subject(c, action, version)
            self._on_its_way.add(version)
        return version

    def confirm(self, version_id: int, description: str = "") -> None:
        """The house has taken the version; `description` is its answer.

        Raises:
            StoreError: the store cannot be written, or has no such version.
        """
        self._end(version_id, ListState.CONFIRMED, Outcome.DONE, 0, description)

    def refuse(self, version_id: int, code: int | None, reason: str) -> None:
        """The house did not take the version.

        Raises:
            StoreError: the store cannot be written, or has no such version.
        """
        self._end(version_id, ListState.REFUSED, Outcome.REFUSED, code, reason)

    def unconfirmed(self, version_id: int, reason: str) -> None:
        """The version left, and no answer came.

        Raises:
            StoreError: the store cannot be written, or has no such version.
        """
        self._end(version_id, ListState.UNCONFIRMED, Outcome.UNCONFIRMED, None, reason)

    def abandon(self, version_id: int, reason: str = "") -> None:
        """The version certainly never left: it is no version, but the history keeps the attempt.

        Raises:
            StoreError: the store cannot be written.
        """
        try:
            with self._db.write(durable=True) as c:
                row = c.execute("SELECT action FROM lists WHERE id = ? AND state = 'sending'", (version_id,)).fetchone()
                if row is None:
                    return
                close_action(c, row[0], Outcome.NEVER_SENT, stamp(), answer=reason)
                set_subject(c, row[0], None)
                c.execute("DELETE FROM lists WHERE id = ?", (version_id,))
                drop_unused_blocks(c)
        finally:
            self._on_its_way.discard(version_id)

    def save_version(
        self,
        house: str,
        user: str,
        rows: Iterable[Sequence[str]],
        description: str = "",
        *,
        when: datetime | None = None,
    ) -> int:
        """Keep a list that is known to be the house's present one, as a confirmed version; its id.

        Raises:
            StoreError: the store cannot be written.
        """
        packed = pack(rows)
        with self._db.write(durable=True) as c:
            return self._insert(c, _OWN, house, user, packed, stamp(when), description, ListState.CONFIRMED, None)

    # ---- asking

    def versions(self, house: str, user: str) -> list[ListVersion]:
        """All uploaded versions, the newest first, whatever became of them.

        Raises:
            StoreError: the store cannot be read.
        """
        self._bury_dead()
        with self._db.read() as c:
            rows = c.execute(
                f"SELECT {_COLUMNS} FROM lists WHERE house = ? AND user = ? AND scope = ? ORDER BY id DESC",  # noqa: S608 - fixed texts
                (storable(house), storable(user), _OWN),
            ).fetchall()
        return [_version(row) for row in rows]

    def last(self, house: str, user: str) -> ListVersion | None:
        """The newest version that the house has confirmed, or None. A newer one may be unconfirmed: see `versions`.

        Raises:
            StoreError: the store cannot be read.
        """
        return next((one for one in self.versions(house, user) if one.state is ListState.CONFIRMED), None)

    def newest(self, house: str, user: str) -> int:
        """Number of the newest version that the house has or may have, or that is on its way there; 0 for none.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            return _newest(c, storable(house), storable(user))

    def rows(self, version_id: int) -> list[Row]:
        """The rows of a version, in their order.

        Raises:
            StoreError: the store cannot be read, or has no such version.
        """
        with self._db.read() as c:
            row = c.execute("SELECT count FROM lists WHERE id = ?", (version_id,)).fetchone()
            if row is None:
                raise _unknown_version()
            blocks = read_blocks(c, "list_blocks", "list", version_id)
        return unpacked(blocks, row[0])

    def apart(self, one: int, other: int) -> tuple[list[Row], list[Row]]:
        """The rows of two versions but for the blocks that both have: all that can differ between them.

        Raises:
            StoreError: the store cannot be read, or lacks one of the versions.
        """
        with self._db.read() as c:
            hashes = [
                [
                    digest
                    for (digest,) in c.execute(
                        "SELECT hash FROM list_blocks WHERE list = ? ORDER BY position", (number,)
                    )
                ]
                for number in (one, other)
            ]
        if not all(hashes):
            raise _unknown_version()
        common = Counter(hashes[0]) & Counter(hashes[1])
        return self._without(hashes[0], common), self._without(hashes[1], common)

    def _without(self, hashes: Sequence[bytes], common: Mapping[bytes, int]) -> list[Row]:
        left = dict(common)
        rows: list[Row] = []
        for digest in hashes:
            if left.get(digest):
                left[digest] -= 1
                continue
            with self._db.read() as c:
                found = c.execute("SELECT data FROM blocks WHERE hash = ?", (digest,)).fetchone()
            if found is None:
                raise damaged("blocks")
            rows += unpack(found[0])
        return rows

    def find(self, house: str, user: str, wanted: Callable[[Row], bool]) -> Iterator[tuple[ListVersion, list[Row]]]:
        """Each version, the oldest first, with its rows that are wanted: when did a card appear, change, disappear?

        Blocks that versions share are read once; nothing is read before the first version is asked for.

        Raises:
            StoreError: the store cannot be read.
        """
        known: dict[bytes, list[Row]] = {}
        for version in reversed(self.versions(house, user)):
            if version.state is ListState.SENDING:
                continue  # it may yet turn out never to have left
            with self._db.read() as c:
                parts = c.execute(
                    "SELECT hash, rows FROM list_blocks JOIN blocks USING (hash) WHERE list = ? ORDER BY position",
                    (version.id,),
                ).fetchall()
            if sum(count for _digest, count in parts) != version.count:
                raise damaged("blocks")
            found: list[Row] = []
            for digest, _count in parts:
                if digest not in known:
                    with self._db.read() as c:
                        (data,) = c.execute("SELECT data FROM blocks WHERE hash = ?", (digest,)).fetchone()
                    known[digest] = [row for row in unpack(data) if wanted(row)]
                found += known[digest]
            yield version, found

    # ---- the global list

    def save_global(
        self, house: str, user: str, rows: Iterable[Sequence[str]], when: datetime | None = None
    ) -> ListVersion:
        """Keep the downloaded global list in place of the one before.

        Raises:
            StoreError: the store cannot be written; then the one before is still there.
        """
        packed = pack(rows)
        with self._db.write() as c:
            c.execute(
                "DELETE FROM lists WHERE house = ? AND user = ? AND scope = ?",
                (storable(house), storable(user), _GLOBAL),
            )
            version = self._insert(c, _GLOBAL, house, user, packed, stamp(when), "", ListState.CONFIRMED, None)
            drop_unused_blocks(c)
            row = c.execute(f"SELECT {_COLUMNS} FROM lists WHERE id = ?", (version,)).fetchone()  # noqa: S608 - fixed texts
        return _version(row)

    def global_list(self, house: str, user: str) -> tuple[ListVersion, list[Row]] | None:
        """The global list as last downloaded, with its rows, or None.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            row = c.execute(
                f"SELECT {_COLUMNS} FROM lists WHERE house = ? AND user = ? AND scope = ? ORDER BY id DESC",  # noqa: S608 - fixed texts
                (storable(house), storable(user), _GLOBAL),
            ).fetchone()
            if row is None:
                return None
            blocks = read_blocks(c, "list_blocks", "list", row[0])
        version = _version(row)
        return version, unpacked(blocks, version.count)

    # ---- inside

    def _insert(
        self,
        c: sqlite3.Connection,
        scope: str,
        house: str,
        user: str,
        packed: Packed,
        at: str,
        description: str,
        state: ListState,
        action: int | None,
    ) -> int:
        sender = self._db.sender.hold() if state is ListState.SENDING else None
        cursor = c.execute(
            "INSERT INTO lists (scope, house, user, at, count, description, fingerprint, state, sender, action) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                scope,
                storable(house),
                storable(user),
                at,
                packed.count,
                storable(description),
                packed.fingerprint,
                state.value,
                sender,
                action,
            ),
        )
        version = cursor.lastrowid
        assert version is not None
        keep_blocks(c, "list_blocks", "list", version, packed)
        return version

    def _end(self, version_id: int, state: ListState, outcome: Outcome, code: int | None, answer: str) -> None:
        try:
            with self._db.write(durable=True) as c:
                row = c.execute("SELECT action FROM lists WHERE id = ?", (version_id,)).fetchone()
                if row is None:
                    raise _unknown_version()
                c.execute(
                    "UPDATE lists SET state = ?, code = ?, answer = ?, sender = NULL WHERE id = ?",
                    (state.value, code, storable(answer), version_id),
                )
                close_action(c, row[0], outcome, stamp(), code=code, answer=answer)
        finally:
            # Also when this could not be written (full disk): then it counts as unconfirmed at the next look.
            self._on_its_way.discard(version_id)

    def _bury_dead(self) -> None:
        """Mark what ended processes left on its way as unconfirmed, and what this one has given up."""
        own = self._db.sender.token
        with self._db.read() as c:
            sending = c.execute("SELECT id, sender FROM lists WHERE state = 'sending'").fetchall()
            if all(sender == own and version in self._on_its_way for version, sender in sending):
                return
        with self._db.write(durable=True) as c:
            for version, sender, action in c.execute(
                "SELECT id, sender, action FROM lists WHERE state = 'sending'"
            ).fetchall():
                if sender == own:
                    lost, reason = version not in self._on_its_way, _("The clearing house's answer was not noted.")
                else:
                    lost = not self._db.sender.is_alive(sender)
                    reason = _("The program ended before the clearing house answered.")
                if lost:
                    c.execute(
                        "UPDATE lists SET state = 'unconfirmed', answer = ?, sender = NULL WHERE id = ?",
                        (reason, version),
                    )
                    close_action(c, action, Outcome.UNCONFIRMED, stamp(), answer=reason)


def _newest(c: sqlite3.Connection, house: str, user: str) -> int:
    found: int = c.execute(
        "SELECT coalesce(max(id), 0) FROM lists WHERE house = ? AND user = ? AND scope = ? AND state != 'refused'",
        (house, user, _OWN),
    ).fetchone()[0]
    return found


def _refuse_overtaken(c: sqlite3.Connection, house: str, user: str, after: int) -> None:
    """Let no list pass that was not compared with the newest one.

    Raises:
        UsageError: there is a newer one, or one on its way.
    """
    sending = c.execute(
        "SELECT 1 FROM lists WHERE house = ? AND user = ? AND scope = ? AND state = 'sending'", (house, user, _OWN)
    ).fetchone()
    if sending is None and _newest(c, house, user) == after:
        return
    raise UsageError(
        _("List changed meanwhile"),
        _(
            "Another window or command of this program has sent a list to this clearing house since yours was compared "
            "with it, or is sending one now. Nothing was sent; compare again, so that no card is lost."
        ),
    )


def _unknown_version() -> StoreError:
    return StoreError(_("No such version"), _("This version of the list is not in the program's data."))


def _version(row: tuple[Any, ...]) -> ListVersion:
    number, house, user, at, count, description, fingerprint, state, code, answer = row
    return ListVersion(number, house, user, moment(at), count, description, fingerprint, ListState(state), code, answer)
