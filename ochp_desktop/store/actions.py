"""Everything that left this computer or came from a house: when, who, to which house, how many, with what answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, stamp, storable
from ochp_desktop.texts import N_, _


class ActionKind(Enum):
    """What was done."""

    UPLOAD_LIST = "upload-list"
    DOWNLOAD_LIST = "download-list"
    UPLOAD_CDRS = "upload-cdrs"
    FETCH_STATEMENT = "fetch-statement"
    CLEAR = "clear"

    def title(self) -> str:
        """What people see."""
        return _(_KINDS[self])


class Outcome(Enum):
    """How it ended."""

    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    NEVER_SENT = "never-sent"

    def title(self) -> str:
        """What people see."""
        return _(_OUTCOMES[self])


_KINDS = {
    ActionKind.UPLOAD_LIST: N_("Roaming list uploaded"),
    ActionKind.DOWNLOAD_LIST: N_("Roaming list downloaded"),
    ActionKind.UPLOAD_CDRS: N_("CDRs uploaded"),
    ActionKind.FETCH_STATEMENT: N_("Cleared CDRs fetched"),
    ActionKind.CLEAR: N_("Clearing started"),
}
_OUTCOMES = {
    Outcome.SENDING: N_("On its way"),
    Outcome.DONE: N_("Done"),
    Outcome.REFUSED: N_("Refused"),
    Outcome.UNCONFIRMED: N_("Unconfirmed"),
    Outcome.NEVER_SENT: N_("Never sent"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the history.

    Attributes:
        id: its number.
        kind: what was done.
        house: the house, as `Profile.house`.
        user: user id there.
        begun: when it began, UTC.
        ended: when the answer came, or None.
        count: number of records.
        outcome: how it ended.
        code: the house's result code, or None.
        answer: the house's words, or ours where there was no answer.
        fingerprint: sha256 (hex) of the records, or "".
        subject: id of the list version, batch or statement, or None.
        details: accepted warnings with reasons, file names and the like.
    """

    id: int
    kind: ActionKind
    house: str
    user: str
    begun: datetime
    ended: datetime | None
    count: int
    outcome: Outcome
    code: int | None
    answer: str
    fingerprint: str
    subject: int | None
    details: Mapping[str, Any] = field(default_factory=dict)


_COLUMNS = "id, kind, house, user, begun, ended, count, outcome, code, answer, fingerprint, subject, details"
_SEARCHED = (2, 3, 9, 10, 12)  # house, user, answer, fingerprint, details


class Actions:
    """The history, written with a full sync: it is evidence."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def record(
        self,
        kind: ActionKind,
        house: str,
        user: str,
        outcome: Outcome,
        *,
        count: int = 0,
        code: int | None = None,
        answer: str = "",
        fingerprint: str = "",
        subject: int | None = None,
        details: Mapping[str, Any] | None = None,
        when: datetime | None = None,
    ) -> int:
        """Write down an action that has ended (uploads write their own lines); its number.

        Raises:
            StoreError: the store cannot be written.
        """
        with self._db.write(durable=True) as c:
            action = open_action(
                c, kind, house, user, count=count, fingerprint=fingerprint, details=details, when=stamp(when)
            )
            close_action(c, action, outcome, stamp(when), code=code, answer=answer)
            set_subject(c, action, subject)
        return action

    def history(
        self, *, kind: ActionKind | None = None, house: str | None = None, text: str = "", limit: int = 1000
    ) -> list[Action]:
        """The newest actions first; `text` is looked for in house, user, answer, details and fingerprint.

        Raises:
            StoreError: the store cannot be read.
        """
        conditions = ["1"]
        values: list[Any] = []
        if kind is not None:
            conditions.append("kind = ?")
            values.append(kind.value)
        if house is not None:
            conditions.append("house = ?")
            values.append(storable(house))
        wanted = storable(text).casefold()
        found: list[Action] = []
        with self._db.read() as c:
            for row in c.execute(
                f"SELECT {_COLUMNS} FROM actions WHERE {' AND '.join(conditions)} ORDER BY begun DESC, id DESC",  # noqa: S608 - fixed texts, values are bound
                values,
            ):
                # SQLite knows upper and lower case of ASCII only.
                if wanted and not any(wanted in str(row[column]).casefold() for column in _SEARCHED):
                    continue
                action = _action(row)
                if action is not None:
                    found.append(action)
                if len(found) == limit:
                    break
        return found


def open_action(
    c: sqlite3.Connection,
    kind: ActionKind,
    house: str,
    user: str,
    *,
    count: int,
    fingerprint: str,
    details: Mapping[str, Any] | None,
    when: str,
) -> int:
    """Write, inside the caller's transaction, that something is about to leave; the action's number."""
    cursor = c.execute(
        "INSERT INTO actions (kind, house, user, begun, count, outcome, fingerprint, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            kind.value,
            storable(house),
            storable(user),
            when,
            count,
            Outcome.SENDING.value,
            fingerprint,
            storable(json.dumps(details or {}, ensure_ascii=False)),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def set_subject(c: sqlite3.Connection, action: int, subject: int | None) -> None:
    """Say which list version, batch or statement an action is about."""
    c.execute("UPDATE actions SET subject = ? WHERE id = ?", (subject, action))


def close_action(
    c: sqlite3.Connection, action: int | None, outcome: Outcome, when: str, *, code: int | None = None, answer: str = ""
) -> None:
    """Write, inside the caller's transaction, how an action ended."""
    c.execute(
        "UPDATE actions SET outcome = ?, ended = ?, code = ?, answer = ? WHERE id = ?",
        (outcome.value, when, code, storable(answer), action),
    )


def _action(row: tuple[Any, ...]) -> Action | None:
    (number, kind, house, user, begun, ended, count, outcome, code, answer, fingerprint, subject, details) = row
    try:
        told = json.loads(details)
        return Action(
            number,
            ActionKind(kind),
            house,
            user,
            moment(begun),
            moment(ended) if ended else None,
            count,
            Outcome(outcome),
            code,
            answer,
            fingerprint,
            subject,
            told if isinstance(told, dict) else {},
        )
    except ValueError:
        # A line that a damaged page left half; the rest of the history stays readable.
        return None
