"""Opening the sheets again that were open when the program ended, however it ended; and those that were closed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from ochp_desktop.errors import StoreError
from ochp_desktop.jobs.draft_origin import take_origin
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.kinds import kind_named
from ochp_desktop.sheet.edit import Direction, Edit, PackedEdit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.store.drafts import Draft, DraftInfo, LoggedEdit
from ochp_desktop.texts import _

__all__ = [
    "KeptDraft",
    "Reopened",
    "Unfinished",
    "kept_drafts",
    "reopen_drafts",
    "reopen_kept",
    "unfinished_drafts",
]

_KEPT = 30


@dataclass(frozen=True, slots=True)
class Reopened:
    """A sheet that was open when the program ended.

    Attributes:
        sheet: as it was, with its undo history.
        draft: its number among the drafts.
        title: what its place in the window said.
        last_seq: number of its last saved edit.
        read_seq: number of the last one up to which all could be read; less than `last_seq` with a notice only.
        place: JSON of where the user was in it, as the window gave it to the keeper.
        replayed: how many cells had to be changed again after its last snapshot.
        notice: a sentence when not all of it could be read, else "".
    """

    sheet: Sheet
    draft: int
    title: str
    last_seq: int
    read_seq: int
    place: str = "{}"
    replayed: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A sheet that was closed and can be opened again.

    Attributes:
        draft: its number among the drafts.
        kind: "tokens" or "cdrs".
        title: what its place in the window said.
        closed: when, UTC.
    """

    draft: int
    kind: str
    title: str
    closed: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A sheet that was open when the program ended, so soon after it was opened that it was not on disk yet.

    Attributes:
        kind: "tokens" or "cdrs".
        title: what its place in the window said.
        path: the file that it was opened from, or "".
        sheet_name: the sheet in that workbook, or "".
    """

    kind: str
    title: str
    path: str
    sheet_name: str


def unfinished_drafts(workplace: Workplace) -> list[Unfinished]:
    """The sheets that must be opened from their files again; `reopen_drafts` forgets about them.

    Raises:
        StoreError: the drafts cannot be read.
    """
    found = []
    for info in workplace.drafts.unfinished():
        try:
            told = json.loads(info.origin)
            path, name = str(told.get("path", "")), str(told.get("sheet_name", ""))
        except (ValueError, AttributeError, RecursionError):
            path, name = "", ""
        found.append(Unfinished(info.kind, info.title, path, name))
    return found


def reopen_drafts(workplace: Workplace, cancel: Cancel) -> Job[list[Reopened]]:
    """Open every sheet that was open when the program ended; one that cannot be read does not stop the others.

    Raises:
        StoreError: no draft can be read.
        Cancelled: stopped.
    """
    found: list[Reopened] = []
    infos = workplace.drafts.open_drafts()
    failure: StoreError | None = None
    for done, info in enumerate(infos):
        cancel.check()
        yield Progress(_("Opening {title}").format(title=info.title), done, len(infos))
        try:
            found.append(_loaded(workplace, info.id))
        except StoreError as problem:
            failure = problem
    if failure is not None:
        if not found:
            raise failure
        found[-1] = _with_notice(found[-1], failure.text)
    workplace.drafts.purge(_KEPT)
    return found


def kept_drafts(workplace: Workplace) -> list[KeptDraft]:
    """The sheets that were closed, the last closed first.

    Raises:
        StoreError: the drafts cannot be read.
    """
    return [
        KeptDraft(info.id, info.kind, info.title, info.closed)
        for info in workplace.drafts.closed_drafts()
        if info.closed is not None
    ]


def reopen_kept(workplace: Workplace, draft: int, cancel: Cancel) -> Job[Reopened]:
    """Open a sheet that was closed, with its undo history.

    Raises:
        StoreError: it cannot be read.
        Cancelled: stopped.
    """
    cancel.check()
    yield Progress(_("Opening"))
    reopened = _loaded(workplace, draft)
    workplace.drafts.reopen(draft)
    return reopened


def _with_notice(reopened: Reopened, text: str) -> Reopened:
    notice = f"{reopened.notice} {text}".strip()
    return Reopened(
        reopened.sheet,
        reopened.draft,
        reopened.title,
        reopened.last_seq,
        reopened.read_seq,
        reopened.place,
        reopened.replayed,
        notice,
    )


def _loaded(workplace: Workplace, number: int) -> Reopened:
    draft = workplace.drafts.load(number)
    try:
        sheet = _filled(draft)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as fault:
        raise _damaged(draft.info, str(fault)) from fault
    cells, read = 0, draft.info.last_seq
    notice = ""
    for logged in draft.edits:
        try:
            cells += _replay(sheet, logged)
        except ValueError:
            read = logged.seq - 1
            notice = _(
                "The last changes of {title} could not be read and are missing. Compare it with its file."
            ).format(title=draft.info.title)
            break
    return Reopened(sheet, number, draft.info.title, draft.info.last_seq, read, draft.info.place, cells, notice)


def _damaged(info: DraftInfo, detail: str) -> StoreError:
    return StoreError(
        _("Draft damaged"),
        _("The saved sheet {title} cannot be read any more. Open its file again.").format(title=info.title),
        detail,
    )


def _filled(draft: Draft) -> Sheet:
    sheet = Sheet(kind_named(draft.info.kind))
    take_origin(sheet, draft.info.origin)
    columns = [list(column) if not isinstance(column, list) else column for column in draft.snapshot.columns]
    sheet.restore(columns, draft.snapshot.sources, draft.snapshot.order)
    return sheet


def _replay(sheet: Sheet, logged: LoggedEdit) -> int:
    """Do one logged step again, or only remember it where the snapshot has it already; how many cells it changed."""
    if logged.applied:
        try:
            packed = None if logged.data is None else PackedEdit(logged)
            sheet.recall(packed, logged.direction)
        except ValueError:
            # The snapshot is right, but steps from before the damaged one cannot be taken back any more.
            sheet.forget_steps()
        return 0
    done: Edit | None = None
    if logged.direction is Direction.UNDO:
        done = sheet.undo()
    elif logged.direction is Direction.REDO:
        done = sheet.redo()
    elif logged.data is not None:
        done = Edit.from_json(logged.text())
        sheet.apply(done)
    return 0 if done is None else done.cell_count + len(done.inserted) + len(done.removed)
