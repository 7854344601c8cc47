"""Keeping open sheets on disk as they are edited, and opening them again where they were."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ochp_desktop.errors import StoreError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.kinds import kind_named
from ochp_desktop.sheet.edit import Direction as EditDirection
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.store.drafts import Direction, Draft, Drafts, Snapshot
from ochp_desktop.texts import _

RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Reopened:
    """A sheet that was open when the program ended.

    Attributes:
        sheet: as it was, with its undo history.
        draft: its number among the drafts.
        title: what its place in the window said.
        last_seq: number of its last saved edit.
    """

    sheet: Sheet
    draft: int
    title: str
    last_seq: int


def reopen_drafts(workplace: Workplace, cancel: Cancel) -> Job[list[Reopened]]:
    """Open every sheet that was open when the program ended, however it ended.

    Raises:
        StoreError: a draft cannot be read.
        Cancelled: stopped.
    """
    found = []
    infos = workplace.drafts.open_drafts()
    for done, info in enumerate(infos):
        cancel.check()
        yield Progress(_("Opening {title}").format(title=info.title), done, len(infos))
        found.append(_reopened(workplace.drafts.load(info.id)))
    return found


def _reopened(draft: Draft) -> Reopened:
    told = json.loads(draft.info.origin)
    sheet = Sheet(kind_named(draft.info.kind), origin=Origin(**told) if told else None)
    sheet.load(zip(*draft.snapshot.columns, strict=True), draft.snapshot.sources)
    for logged in draft.edits:
        if logged.direction is Direction.UNDO:
            sheet.undo()
        elif logged.direction is Direction.REDO:
            sheet.redo()
        elif logged.edit is not None:
            sheet.apply(Edit.from_json(logged.edit))
    return Reopened(sheet, draft.info.id, draft.info.title, draft.info.last_seq)


@dataclass(slots=True)
class _Followed:
    """A sheet whose edits are kept."""

    sheet: Sheet
    listener: Callable[[Edit, EditDirection], None]
    draft: int | None
    seq: int


class DraftKeeper:
    """Writes each edit of the sheets it follows to disk, in order, in a thread of its own.

    A disk that does not take them is tried again every second until it does; nothing is forgotten meanwhile.
    Call `follow`, `adopt` and `leave` from the thread that edits the sheets.
    """

    def __init__(
        self, workplace: Workplace, on_saved: Callable[[datetime], None], on_trouble: Callable[[StoreError], None]
    ) -> None:
        """Begin.

        Args:
            workplace: whose drafts are written.
            on_saved: called, in the keeper's thread, whenever everything known so far is on disk.
            on_trouble: called, in the keeper's thread, when the disk does not take an edit.
        """
        self._drafts: Drafts = workplace.drafts
        self._on_saved = on_saved
        self._on_trouble = on_trouble
        self._followed: dict[int, _Followed] = {}
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ochp-drafts", daemon=True)
        self._thread.start()

    def follow(self, sheet: Sheet, title: str) -> None:
        """Keep a sheet from now on: as it is, and every edit after."""
        snapshot = Snapshot([list(column) for column in sheet.columns], list(sheet.sources), list(sheet.order))
        origin = json.dumps(asdict(sheet.origin) if sheet.origin else {}, default=dict)
        followed = self._listen(sheet, None, 0)

        def create() -> None:
            followed.draft = self._drafts.create(sheet.kind.name, title, origin, snapshot)

        self._tasks.put(create)

    def adopt(self, reopened: Reopened) -> None:
        """Go on keeping a sheet that was opened from its draft."""
        self._listen(reopened.sheet, reopened.draft, reopened.last_seq)

    def leave(self, sheet: Sheet) -> None:
        """Stop keeping a sheet: it was closed; its draft stays among the closed ones."""
        followed = self._followed.pop(id(sheet), None)
        if followed is None:
            return
        sheet.on_change.remove(followed.listener)

        def close() -> None:
            if followed.draft is not None:
                self._drafts.close(followed.draft)

        self._tasks.put(close)

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until everything so far is on disk; False when that took longer."""
        done = threading.Event()
        self._tasks.put(done.set)
        return done.wait(seconds)

    def stop(self, seconds: float = 10.0) -> bool:
        """Write what is left and end the thread; False when the disk did not take it in that time."""
        for followed in self._followed.values():
            followed.sheet.on_change.remove(followed.listener)
        self._followed.clear()
        flushed = self.flush(seconds)
        self._stopping.set()
        self._tasks.put(None)
        self._thread.join(seconds)
        return flushed

    def _listen(self, sheet: Sheet, draft: int | None, seq: int) -> _Followed:
        def on_change(edit: Edit, direction: EditDirection) -> None:
            followed.seq += 1
            number = followed.seq

            def save() -> None:
                # Turning a large paste into JSON takes a while: here it holds nobody up.
                line = edit.to_json() if direction is EditDirection.DO else None
                assert followed.draft is not None
                self._drafts.append_edit(followed.draft, number, line, Direction(direction.value))

            self._tasks.put(save)

        followed = _Followed(sheet, on_change, draft, seq)
        sheet.on_change.append(on_change)
        self._followed[id(sheet)] = followed
        return followed

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            if not self._carried_out(task):
                return
            if self._tasks.empty():
                self._on_saved(datetime.now(UTC))

    def _carried_out(self, task: Callable[[], None]) -> bool:
        """Do a task, again and again until the disk takes it; False when the keeper was told to end meanwhile."""
        while True:
            try:
                task()
            except StoreError as trouble:
                self._on_trouble(trouble)
                if self._stopping.wait(RETRY_SECONDS):
                    return False
            else:
                return True
