"""The history: every action that left this computer or brought something, with search; an upload is one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ochp_desktop.jobs.find_culprit import SEARCH
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.actions import Action, ActionKind, Outcome
from ochp_desktop.store.profiles import house_name
from ochp_desktop.store.reports import Reports
from ochp_desktop.store.states import StateKind

__all__ = ["ActionKind", "Entry", "Outcome", "history"]

MOST = 5_000
"""The newest so many actions are looked through for what is shown."""
# The worst that happened to one of the requests is what the whole upload shows.
_WORST = (Outcome.UNCONFIRMED, Outcome.SENDING, Outcome.REFUSED, Outcome.NEVER_SENT, Outcome.DONE)


@dataclass(slots=True)
class Entry:
    """One line of the history.

    Attributes:
        kind: what was done.
        house: where, as the journal knows it.
        user: as whom.
        begun: when it began, UTC.
        ended: when the last answer came, or None.
        count: number of records.
        requests: how many requests it took.
        outcome: how it ended; of several requests the worst.
        answers: the house's words, each once.
        fingerprint: sha256 (hex) of the records of a single request, else "".
        upload: what the journal knows a CDR upload by, for its receipt; "" for all else.
        batches: numbers of its batches.
        version: number of the version of the list that was uploaded, or None.
        details: names of files, accepted warnings and the like.
        states: how many of an upload's records are in which state now.
    """

    kind: ActionKind
    house: str
    user: str
    begun: datetime
    ended: datetime | None
    count: int
    requests: int
    outcome: Outcome
    answers: list[str]
    fingerprint: str
    upload: str = ""
    batches: list[int] = field(default_factory=list)
    version: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[StateKind, int] = field(default_factory=dict)

    @property
    def unsettled(self) -> bool:
        """Whether something of it is still unconfirmed."""
        return self.outcome is Outcome.UNCONFIRMED

    @property
    def counted(self) -> bool:
        """Whether its records can be counted: of a clearing only the house knows what it took in."""
        return self.kind is not ActionKind.CLEAR

    def files(self) -> list[str]:
        """Names of the files that it came from."""
        files = self.details.get("files", ())
        return [str(name) for name in files] if isinstance(files, Sequence) and not isinstance(files, str) else []


def history(workplace: Workplace, text: str = "", *, limit: int = 500) -> list[Entry]:
    """The newest entries that fit the text, the newest first; touches the disk.

    Searched are kind, outcome, day, house, user, answer, details, fingerprint, and the ids of records.

    Raises:
        StoreError: the store cannot be read.
    """
    reports = Reports(workplace.database)
    actions = workplace.actions.history(limit=MOST)
    batches = [action.subject for action in actions if _is_batch(action) and action.subject is not None]
    uploads = reports.uploads_of(batches)
    wanted = text.strip().casefold()
    with_record = reports.batches_with(text.strip()) if wanted else set()
    entries: list[Entry] = []
    by_upload: dict[str, Entry] = {}
    fits: set[int] = set()
    for action in actions:
        upload, part = uploads.get(action.subject or 0, ("", False)) if _is_batch(action) else ("", False)
        part = part or bool(action.details.get(SEARCH))
        entry = by_upload.get(upload) if upload else None
        if entry is None:
            entry = _entry(action, upload)
            entry.count = 0 if part else action.count
            entries.append(entry)
            if upload:
                by_upload[upload] = entry
        else:
            _join(entry, action)
            entry.count += 0 if part else action.count
        if _fits(action, wanted) or (_is_batch(action) and action.subject in with_record):
            fits.add(id(entry))
    found = [entry for entry in entries if id(entry) in fits][:limit]
    states = reports.states_of_uploads() if by_upload else {}
    for entry in found:
        if entry.upload in states:
            entry.states = states[entry.upload]
            entry.outcome = _outcome(entry.states)
    return found


def _outcome(states: Mapping[StateKind, int]) -> Outcome:
    """How an upload stands now: what was unconfirmed or refused at first may have been settled since."""
    if StateKind.UNCONFIRMED in states:
        return Outcome.UNCONFIRMED
    if StateKind.SENDING in states:
        return Outcome.SENDING
    return Outcome.REFUSED if {StateKind.REFUSED, StateKind.HELD_BACK} & states.keys() else Outcome.DONE


def _is_batch(action: Action) -> bool:
    return action.kind is ActionKind.UPLOAD_CDRS


def _entry(action: Action, upload: str) -> Entry:
    return Entry(
        action.kind,
        action.house,
        action.user,
        action.begun,
        action.ended,
        action.count,
        1,
        action.outcome,
        [action.answer] if action.answer else [],
        action.fingerprint,
        upload,
        [action.subject] if _is_batch(action) and action.subject is not None else [],
        action.subject if action.kind is ActionKind.UPLOAD_LIST else None,
        action.details,
    )


def _join(entry: Entry, action: Action) -> None:
    """Make an earlier request of the same upload part of the entry; they come the newest first."""
    entry.begun = min(entry.begun, action.begun)
    if action.ended is not None and (entry.ended is None or action.ended > entry.ended):
        entry.ended = action.ended
    entry.requests += 1
    entry.outcome = min(entry.outcome, action.outcome, key=_WORST.index)
    if action.answer and action.answer not in entry.answers:
        entry.answers.insert(0, action.answer)
    entry.fingerprint = ""
    entry.details = {**action.details, **entry.details}
    if action.subject is not None:
        entry.batches.insert(0, action.subject)


def _fits(action: Action, wanted: str) -> bool:
    if not wanted:
        return True
    texts = (
        action.kind.title(),
        action.outcome.title(),
        f"{action.begun.astimezone():%Y-%m-%d %d.%m.%Y}",
        house_name(action.house),
        action.user,
        action.answer,
        action.fingerprint,
        str(dict(action.details)),
    )
    return any(wanted in text.casefold() for text in texts)
