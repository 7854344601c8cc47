"""Keeping open sheets on disk as they are edited: every step, and where the user is, in a thread of its own."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ochp_desktop.errors import StoreError
from ochp_desktop.jobs.draft_origin import origin_text
from ochp_desktop.jobs.followed_sheet import FollowedSheet, copy_of, readable
from ochp_desktop.jobs.workplace import DRAFTS_NAME, Workplace
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.store.database import Database, identity
from ochp_desktop.store.drafts import Drafts, Snapshot
from ochp_desktop.store.schema import DRAFTS

if TYPE_CHECKING:
    from ochp_desktop.jobs.drafts import Reopened

RETRY_SECONDS = 1.0
# A log of this many cells takes longer to do again than a snapshot takes to read. That is written when there has been
# no edit for so long, and at the latest when the log is so many cells long.
_LONG_LOG = 20_000
_QUIET = 0.3  # seconds
_LONGEST_LOG = 200_000
# Copying so many rows is felt while the list is being painted for the first time, which is over after so long.
_MANY_ROWS = 50_000
_UNTIL_SHOWN = 0.5  # seconds
# The same for an edit of many rows, of which the window checks and shows what changed.
_MANY_EDITED = 1_000
_SHOWING = 0.1  # seconds


class DraftKeeper:
    """Writes each edit of the sheets it follows to disk, in order, in a thread of its own.

    A disk that does not take them is tried again every second until it does; nothing is forgotten meanwhile. When the
    file itself is gone (a stick was pulled, a folder deleted), it is made anew with all sheets as they are then.
    When a log gets long a new snapshot is written in another thread, so that edits are not held up.
    Call `follow`, `adopt`, `leave` and `set_place` from the thread that edits the sheets.

    Attributes:
        trouble: why the disk does not take what is to be written now, None while it does.
    """

    def __init__(
        self,
        workplace: Workplace,
        on_saved: Callable[[datetime], None],
        on_trouble: Callable[[StoreError], None],
        *,
        on_made_anew: Callable[[], None] = lambda: None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """Begin.

        Args:
            workplace: whose drafts are written.
            on_saved: called, in the keeper's thread, whenever everything known so far is on disk.
            on_trouble: called, in the keeper's thread, when the disk does not take an edit.
            on_made_anew: called, in the keeper's thread, when the file was gone and everything was written anew.
            retry_seconds: how long to wait before trying again.
        """
        self._workplace = workplace
        self._drafts: Drafts = workplace.drafts
        self._path = workplace.data_dir / DRAFTS_NAME
        self._file = identity(self._path)
        self._own_database: Database | None = None
        self._on_saved = on_saved
        self._on_trouble = on_trouble
        self._on_made_anew = on_made_anew
        self._retry_seconds = retry_seconds
        self.trouble: StoreError | None = None
        self._followed: dict[int, FollowedSheet] = {}
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._snapshot_thread: threading.Thread | None = None
        self._thread = threading.Thread(target=self._work, name="ochp-drafts", daemon=True)
        self._thread.start()

    # what is kept

    def follow(self, sheet: Sheet, title: str, place: str = "{}") -> None:
        """Keep a sheet from now on: as it is, and every edit after. It is on disk once `keeps` says so."""
        followed = self._listen(sheet, title, None, 0, place)

        def begin() -> None:
            if sheet.slots > _MANY_ROWS:
                # It is being shown at this moment, for which the window needs the interpreter again and again.
                self._stopping.wait(_UNTIL_SHOWN)
            if followed.draft is None:
                self._begin_anew(followed)

        self._tasks.put(begin)

    def keeps(self, sheet: Sheet) -> bool:
        """Whether a sheet that is followed is on disk; a million rows take a second or two."""
        followed = self._followed.get(id(sheet))
        return followed is not None and followed.draft is not None

    def is_behind(self, sheet: Sheet) -> bool:
        """Whether an edit of a sheet that is followed is not on disk yet."""
        followed = self._followed.get(id(sheet))
        return followed is not None and followed.seq > max(followed.saved, followed.covered)

    def adopt(self, reopened: Reopened) -> None:
        """Go on keeping a sheet that was opened from its draft."""
        followed = self._listen(reopened.sheet, reopened.title, reopened.draft, reopened.last_seq, reopened.place)
        followed.home, followed.cells = self._drafts, reopened.replayed
        if reopened.read_seq < reopened.last_seq:
            # Steps that could not be read must not be in the way of those to come.
            drafts = self._drafts

            def cut() -> None:
                # Where the file is made anew before, only what is in the sheet is written.
                if self._drafts is drafts:
                    drafts.cut_log(reopened.draft, reopened.read_seq)
                    self._compact_now(followed)

            self._tasks.put(cut)
        elif reopened.replayed:
            self._tasks.put(lambda: None)  # the log may be long

    def leave(self, sheet: Sheet) -> None:
        """Stop keeping a sheet: it was closed; its draft stays among the closed ones."""
        followed = self._followed.pop(id(sheet), None)
        if followed is None:
            return
        sheet.on_change.remove(followed.listener)
        if followed.draft is None:
            followed.last = copy_of(sheet), followed.seq, sheet.steps()
        followed.left = True

        def close() -> None:
            if followed.draft is not None and followed.home is self._drafts:
                self._drafts.close(followed.draft)

        self._tasks.put(close)

    def renew_origin(self, sheet: Sheet) -> None:
        """Keep what is known of the sheet's damaged cells anew: rows of another file came in."""
        followed = self._followed.get(id(sheet))
        if followed is not None:
            text = origin_text(sheet)

            def renew() -> None:
                if followed.draft is not None and followed.home is self._drafts:
                    self._drafts.rename(followed.draft, followed.title, text)

            self._tasks.put(renew)

    def set_place(self, sheet: Sheet, place: str) -> None:
        """Remember where the user is in a sheet (JSON, the window's own), also what is being typed at the moment."""
        followed = self._followed.get(id(sheet))
        if followed is None or followed.place == place:
            return
        followed.place = place
        if not followed.place_waits:
            followed.place_waits = True
            self._tasks.put(lambda: self._write_place(followed))

    def _write_place(self, followed: FollowedSheet) -> None:
        followed.place_waits = False
        try:
            if followed.draft is not None and followed.home is self._drafts:
                self._drafts.set_place(followed.draft, followed.place)
        except StoreError:
            followed.place_waits = True
            raise

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until everything so far is on disk; False when that took longer."""
        done = threading.Event()
        self._tasks.put(done.set)
        return done.wait(seconds)

    def stop(self, seconds: float = 10.0) -> bool:
        """Write what is left and end the thread; False when the disk did not take it in that time."""
        if not self._thread.is_alive():
            return True
        for followed in self._followed.values():
            followed.sheet.on_change.remove(followed.listener)
        flushed = self.flush(seconds)
        self._followed.clear()
        self._stopping.set()
        self._tasks.put(None)
        self._thread.join(seconds)
        if self._snapshot_thread is not None:
            self._snapshot_thread.join(seconds)
        if self._own_database is not None:
            self._own_database.close()
        return flushed

    def _listen(self, sheet: Sheet, title: str, draft: int | None, seq: int, place: str) -> FollowedSheet:
        def on_change(edit: Edit, direction: Direction) -> None:
            followed.seq += 1
            followed.revision = sheet.revision
            number = followed.seq
            shown = time.monotonic() + (_SHOWING if edit.is_larger_than(_MANY_EDITED) else 0.0)
            self._tasks.put(lambda: self._save(followed, number, edit, direction, shown))

        followed = FollowedSheet(sheet, title, on_change, draft, seq, sheet.revision, seq, place=place)
        sheet.on_change.append(on_change)
        self._followed[id(sheet)] = followed
        return followed

    # in the keeper's thread

    def _save(self, followed: FollowedSheet, number: int, edit: Edit, direction: Direction, shown: float) -> None:
        # A sheet that was closed before the file was gone is not made anew.
        if number > followed.covered and followed.home is self._drafts:
            # Turning a large paste into JSON takes a while: here it holds nobody up once the paste is on screen.
            self._stopping.wait(max(0.0, shown - time.monotonic()))
            line = edit.to_json() if direction is Direction.DO else None
            assert followed.draft is not None
            self._drafts.append_edit(followed.draft, number, line, direction)
            followed.saved = number
            followed.cells += edit.cell_count + len(edit.inserted) + len(edit.removed)
            followed.steps += 1
        if followed.is_long(_LONGEST_LOG):
            self._compact_now(followed)

    def _next_task(self) -> Callable[[], None] | None:
        """What is to be done next; None when the keeper shall end."""
        long = [followed for followed in list(self._followed.values()) if followed.is_long(_LONG_LOG)]
        if long:
            with contextlib.suppress(queue.Empty):
                return self._tasks.get(timeout=_QUIET)
            for followed in long:
                self._compact_now(followed)
        return self._tasks.get()

    def _work(self) -> None:
        while (task := self._next_task()) is not None:
            if not self._carried_out(task):
                return
            if self._tasks.empty():
                self._on_saved(datetime.now(UTC))

    def _carried_out(self, task: Callable[[], None]) -> bool:
        """Do a task, again and again until the disk takes it; False when the keeper was told to end meanwhile."""
        while True:
            try:
                self._make_sure_of_the_file()
                task()
            except StoreError as trouble:
                self.trouble = trouble
                self._on_trouble(trouble)
                if self._stopping.wait(self._retry_seconds):
                    return False
            else:
                self.trouble = None
                return True

    # when the file is gone

    def _make_sure_of_the_file(self) -> None:
        """SQLite goes on writing into a deleted file without a word, and all of it would be lost."""
        if self._file == identity(self._path):
            return
        database = Database(self._path, DRAFTS)
        if self._own_database is not None:
            self._own_database.close()
        self._own_database = database
        self._drafts = self._workplace.drafts = Drafts(database)
        for followed in list(self._followed.values()):
            self._begin_anew(followed)
        self._file = identity(self._path)
        self._on_made_anew()

    def _begin_anew(self, followed: FollowedSheet) -> None:
        """Write the draft of a sheet as it is now, with its undo history."""
        found = followed.steady_copy(forever=True)
        assert found is not None
        snapshot, seq, (done, undone) = found
        back, forth = readable(done), readable(undone)
        steps: list[tuple[str | None, Direction]] = [
            *((text, Direction.DO) for text in [*reversed(back), *forth]),
            *((None, Direction.UNDO) for _text in forth),
        ]
        # The log's last number must be that of the last edit: numbers of later edits follow it.
        if seq and not steps:
            steps = [(None, Direction.REDO)]
        first = seq - len(steps) + 1
        kind, origin = followed.sheet.kind.name, origin_text(followed.sheet)
        followed.cells = followed.steps = 0
        if not steps:
            followed.draft = self._drafts.create(kind, followed.title, origin, snapshot, followed.place)
            followed.home = self._drafts
            return
        empty = Snapshot([[] for _column in followed.sheet.columns], [], [])
        draft = self._drafts.create(kind, followed.title, origin, empty, followed.place)
        # Among the closed ones until it is whole, so that a kill on the way leaves no half of it open.
        self._drafts.close(draft)
        self._drafts.append_edits(draft, [(first + place, *step) for place, step in enumerate(steps)])
        self._drafts.compact(draft, seq, snapshot)
        self._drafts.reopen(draft)
        followed.draft, followed.covered, followed.saved, followed.home = draft, seq, seq, self._drafts

    # snapshots beside the edits

    def _compact_now(self, followed: FollowedSheet) -> None:
        running = self._snapshot_thread
        if followed.left or followed.draft is None or (running is not None and running.is_alive()):
            return
        found = followed.steady_copy()
        # Only what is in the log as well may be in the snapshot: numbers of later edits follow the log's last.
        if found is None or found[1] != followed.saved:
            return
        snapshot, seq, _steps = found
        drafts, draft = self._drafts, followed.draft
        followed.cells = followed.steps = 0

        def write() -> None:
            try:
                drafts.compact(draft, seq, snapshot)
            except StoreError:
                # The older snapshot counts, and the log is there as before.
                followed.cells = _LONGEST_LOG

        self._snapshot_thread = threading.Thread(target=write, name="ochp-snapshot", daemon=True)
        self._snapshot_thread.start()
