"""Autosave: each open sheet as a snapshot and the log of its edits since, on disk as they are made.

The drafts live in a file of their own, `Database(path, DRAFTS)`. An edit is an opaque JSON text of the sheet.
"""

from __future__ import annotations

import codecs
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from ochp_desktop.errors import StoreError
from ochp_desktop.sheet.edit import Direction
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, stamp, storable
from ochp_desktop.store.snapshot_blocks import LEVEL, Snapshot, blocks_of, snapshot_of
from ochp_desktop.texts import _

_LARGE = 4096  # characters; an edit above this is compressed


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """One line of a draft's log.

    Attributes:
        seq: its number in the log, growing.
        direction: done, undone or done again.
        data: the edit as it is stored; None for undone and done again, which mean the edit on top of the sheet's stack.
        applied: whether the snapshot holds it already: then it only fills the undo history.
    """

    seq: int
    direction: Direction
    data: str | bytes | None
    applied: bool

    def text(self) -> str:
        """The edit's JSON.

        Raises:
            ValueError: it is damaged, or there is none.
        """
        return self._spread(None)

    def beginning(self, size: int) -> str:
        """About so many characters of the edit's JSON, without unpacking the rest.

        Raises:
            ValueError: it is damaged.
        """
        return self._spread(size)

    def _spread(self, size: int | None) -> str:
        if isinstance(self.data, str):
            return self.data[:size]
        if not isinstance(self.data, bytes):
            raise ValueError("no edit")  # noqa: TRY004 - what is damaged in a file is a wrong value
        try:
            plain = zlib.decompress(self.data) if size is None else zlib.decompressobj().decompress(self.data, size)
        except zlib.error as fault:
            raise ValueError("a damaged edit") from fault
        # A beginning may end within a character.
        decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        return decoder.decode(plain, final=size is None)


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """A draft without its cells.

    Attributes:
        id: its number.
        kind: kind of record ("tokens", "cdrs").
        title: what its tab says.
        origin: JSON of the sheet's origin.
        place: JSON of the window's own: tab, selection, widths.
        opened: when it was made, UTC.
        closed: when its tab was closed, or None.
        last_seq: number of the last edit in the log; 0 when there is none.
    """

    id: int
    kind: str
    title: str
    origin: str
    place: str
    opened: datetime
    closed: datetime | None
    last_seq: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with all that is needed to open it where it was."""

    info: DraftInfo
    snapshot: Snapshot
    edits: list[LoggedEdit] = field(default_factory=list)


_COLUMNS = (
    "id, kind, title, origin, place, opened, closed, (SELECT coalesce(max(seq), 0) FROM edits WHERE draft = drafts.id)"
)


class Drafts:
    """The sheets that are or were open.

    Guarantees: an edit that `append_edit` took is there after the end of the program, however it ends. A snapshot that
    was interrupted leaves the one before, with its log. Snapshots are written in steps, so edits of other
    sheets are not held up by a large one.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        # Drafts whose snapshot is being written just now; touched inside of transactions only.
        self._writing: set[int] = set()

    def create(self, kind: str, title: str, origin: str, snapshot: Snapshot, place: str = "{}") -> int:
        """Begin the draft of a sheet; its id. It is among the open drafts once this has returned.

        While the snapshot is being written it is among the `unfinished` ones for the next start of the program.

        The snapshot is read while this runs: give it copies of the lists when the sheet may change meanwhile.

        Raises:
            StoreError: the drafts cannot be written; nothing is left of it.
        """
        with self._db.write() as c:
            cursor = c.execute(
                "INSERT INTO drafts (kind, title, origin, place, opened) VALUES (?, ?, ?, ?, ?)",
                (kind, storable(title), storable(origin), storable(place), stamp()),
            )
            draft = cursor.lastrowid
            assert draft is not None
            self._writing.add(draft)
        try:
            self._write_snapshot(draft, 0, snapshot)
        except BaseException:
            self._discard_quietly(draft)
            raise
        return draft

    def unfinished(self) -> list[DraftInfo]:
        """The drafts that the program had begun to write when it ended, however it ended; they hold no cells.

        Raises:
            StoreError: the drafts cannot be read.
        """
        with self._db.read():
            return [info for info in self._infos("closed IS NULL AND snapshot IS NULL") if info.id not in self._writing]

    def append_edit(self, draft_id: int, seq: int, edit: str | None, direction: Direction = Direction.DO) -> None:
        """Log one edit; see `append_edits`."""
        self.append_edits(draft_id, [(seq, edit, direction)])

    def append_edits(self, draft_id: int, edits: Iterable[tuple[int, str | None, Direction]]) -> None:
        """Log edits (seq, JSON or None for undo and redo, direction), all or none; the same ones again do no harm.

        Raises:
            StoreError: the drafts cannot be written, or there is no such draft; keep the edits and try again.
        """
        lines = [(draft_id, seq, direction.value, _squeezed(edit)) for seq, edit, direction in edits]
        with self._db.write() as c:
            c.executemany(
                "INSERT INTO edits (draft, seq, direction, data) VALUES (?, ?, ?, ?) ON CONFLICT (draft, seq) "
                "DO UPDATE SET direction = excluded.direction, data = excluded.data",
                lines,
            )

    def compact(self, draft_id: int, seq: int, snapshot: Snapshot) -> None:
        """Put the sheet as it stands after edit `seq` in place of the older snapshot.

        Of the log stays what can still be undone or redone; opening no longer has to do it all over again.

        Raises:
            StoreError: the drafts cannot be written; the older snapshot counts.
        """
        self._write_snapshot(draft_id, seq, snapshot)
        with self._db.write() as c:
            log = c.execute(
                "SELECT seq, direction, data IS NOT NULL FROM edits WHERE draft = ? AND seq <= ? ORDER BY seq",
                (draft_id, seq),
            ).fetchall()
            # The last line stays in any case: numbers of later edits follow it.
            gone = _out_of_reach((number, Direction(direction), bool(edit)) for number, direction, edit in log[:-1])
            c.executemany("DELETE FROM edits WHERE draft = ? AND seq = ?", ((draft_id, number) for number in gone))

    def cut_log(self, draft_id: int, seq: int) -> None:
        """Forget what was logged after edit `seq`, which could not be read: it must not count as done.

        Raises:
            StoreError: the drafts cannot be written; all of it is there as before.
        """
        with self._db.write() as c:
            (last,) = c.execute("SELECT coalesce(max(seq), 0) FROM edits WHERE draft = ?", (draft_id,)).fetchone()
            c.execute("DELETE FROM edits WHERE draft = ? AND seq > ? AND seq < ?", (draft_id, seq, last))
            # Numbers of later edits follow the last line: it stays, and does nothing.
            c.execute(
                "UPDATE edits SET direction = 'do', data = NULL WHERE draft = ? AND seq = ? AND seq > ?",
                (draft_id, last, seq),
            )

    def set_place(self, draft_id: int, place: str) -> None:
        """Remember where in the window the draft is (JSON, the window's own).

        Raises:
            StoreError: the drafts cannot be written.
        """
        with self._db.write() as c:
            c.execute("UPDATE drafts SET place = ? WHERE id = ?", (storable(place), draft_id))

    def rename(self, draft_id: int, title: str, origin: str) -> None:
        """Give the draft another title and origin: it was saved under another name.

        Raises:
            StoreError: the drafts cannot be written.
        """
        with self._db.write() as c:
            c.execute(
                "UPDATE drafts SET title = ?, origin = ? WHERE id = ?", (storable(title), storable(origin), draft_id)
            )

    def open_drafts(self) -> list[DraftInfo]:
        """The drafts whose tabs were open, in the order in which they were opened.

        Raises:
            StoreError: the drafts cannot be read.
        """
        return self._infos("closed IS NULL AND snapshot IS NOT NULL ORDER BY id")

    def closed_drafts(self) -> list[DraftInfo]:
        """The drafts whose tabs were closed, the last closed first: closing never asks, so it can be taken back.

        Raises:
            StoreError: the drafts cannot be read.
        """
        return self._infos("closed IS NOT NULL AND snapshot IS NOT NULL ORDER BY closed DESC")

    def load(self, draft_id: int) -> Draft:
        """The draft with its cells and its log.

        Raises:
            StoreError: the drafts cannot be read, are damaged there, or have no such draft.
        """
        with self._db.read() as c:
            row = c.execute(f"SELECT {_COLUMNS}, snapshot FROM drafts WHERE id = ?", (draft_id,)).fetchone()  # noqa: S608 - fixed texts
            if row is None or row[-1] is None:
                raise StoreError(_("No such draft"), _("This sheet is not among the saved drafts any more."))
            (seq,) = c.execute("SELECT seq FROM snapshots WHERE id = ?", (row[-1],)).fetchone()
            cells = _parts(c, row[-1], "cells")
            order = _parts(c, row[-1], "order")
            log = c.execute(
                "SELECT seq, direction, data FROM edits WHERE draft = ? ORDER BY seq", (draft_id,)
            ).fetchall()
        try:
            snapshot = snapshot_of(cells, order)
            edits = [LoggedEdit(number, Direction(direction), data, number <= seq) for number, direction, data in log]
        except (zlib.error, ValueError, TypeError, KeyError, IndexError, RecursionError) as problem:
            raise StoreError(
                _("Draft damaged"),
                _("The saved sheet {title} cannot be read any more. Open its file again.").format(title=row[2]),
                str(problem),
            ) from problem
        return Draft(_info(row[:-1]), snapshot, edits)

    def close(self, draft_id: int) -> None:
        """The tab was closed; the draft stays among the closed ones until it is purged.

        Raises:
            StoreError: the drafts cannot be written.
        """
        with self._db.write() as c:
            c.execute("UPDATE drafts SET closed = ? WHERE id = ?", (stamp(), draft_id))

    def reopen(self, draft_id: int) -> None:
        """The tab was opened again.

        Raises:
            StoreError: the drafts cannot be written.
        """
        with self._db.write() as c:
            c.execute("UPDATE drafts SET closed = NULL WHERE id = ?", (draft_id,))

    def purge(self, keep: int = 20) -> int:
        """Delete all but the last closed drafts, and what interrupted work left; how many drafts.

        Raises:
            StoreError: the drafts cannot be written.
        """
        with self._db.write() as c:
            writing = ", ".join(map(str, self._writing)) or "0"
            count = c.execute(
                f"DELETE FROM drafts WHERE id NOT IN ({writing}) AND (snapshot IS NULL OR id IN "  # noqa: S608 - numbers of our own
                "(SELECT id FROM drafts WHERE closed IS NOT NULL ORDER BY closed DESC, id DESC LIMIT -1 OFFSET ?))",
                (keep,),
            ).rowcount
            c.execute(
                f"DELETE FROM snapshots WHERE draft NOT IN ({writing}) "  # noqa: S608 - as above
                "AND id NOT IN (SELECT snapshot FROM drafts WHERE snapshot IS NOT NULL)"
            )
        return count

    # ---- inside

    def _infos(self, condition: str) -> list[DraftInfo]:
        with self._db.read() as c:
            rows = c.execute(f"SELECT {_COLUMNS} FROM drafts WHERE {condition}").fetchall()  # noqa: S608 - fixed texts
        return [_info(row) for row in rows]

    def _write_snapshot(self, draft: int, seq: int, snapshot: Snapshot) -> None:
        """Write the blocks in short transactions; the snapshot counts only when all are there."""
        try:
            with self._db.write() as c:
                self._writing.add(draft)
                cursor = c.execute(
                    "INSERT INTO snapshots (draft, seq, rows) VALUES (?, ?, ?)", (draft, seq, snapshot.count)
                )
                number = cursor.lastrowid
                assert number is not None
            for part, position, form, data in blocks_of(snapshot):
                with self._db.write() as c:
                    c.execute(
                        "INSERT INTO snapshot_blocks (snapshot, part, position, form, data) VALUES (?, ?, ?, ?, ?)",
                        (number, part, position, form, data),
                    )
            with self._db.write() as c:
                c.execute("UPDATE drafts SET snapshot = ? WHERE id = ?", (number, draft))
                c.execute("DELETE FROM snapshots WHERE draft = ? AND id <> ?", (draft, number))
        finally:
            self._writing.discard(draft)

    def _discard_quietly(self, draft: int) -> None:
        try:
            with self._db.write() as c:
                c.execute("DELETE FROM drafts WHERE id = ?", (draft,))
        except StoreError:
            # It has no snapshot, so it is not among the open drafts, and the next purge removes it.
            return


def _parts(c: sqlite3.Connection, snapshot: int, part: str) -> list[tuple[str, bytes]]:
    return c.execute(
        "SELECT form, data FROM snapshot_blocks WHERE snapshot = ? AND part = ? ORDER BY position", (snapshot, part)
    ).fetchall()


def _out_of_reach(log: Iterable[tuple[int, Direction, bool]]) -> list[int]:
    """Numbers of the lines of a log, (number, direction, whether it has an edit), that nothing leads to any more."""
    done: list[int] = []
    undone: list[tuple[int, int]] = []
    gone: list[int] = []
    for number, direction, has_edit in log:
        if direction is Direction.DO and has_edit:
            gone += chain.from_iterable(undone)
            undone.clear()
            done.append(number)
        elif direction is Direction.UNDO and done:
            undone.append((done.pop(), number))
        elif direction is Direction.REDO and undone:
            edit, undo = undone.pop()
            gone += (undo, number)
            done.append(edit)
        else:
            gone.append(number)
    return gone


def _squeezed(edit: str | None) -> str | bytes | None:
    if edit is None or (len(edit) < _LARGE and storable(edit) == edit):
        return edit
    return zlib.compress(edit.encode("utf-8", "surrogatepass"), LEVEL)


def _info(row: tuple[Any, ...]) -> DraftInfo:
    number, kind, title, origin, place, opened, closed, last = row
    return DraftInfo(number, kind, title, origin, place, moment(opened), moment(closed) if closed else None, last)


__all__ = ["Draft", "DraftInfo", "Drafts", "LoggedEdit", "Snapshot"]
