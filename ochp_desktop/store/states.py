"""The states of a CDR on its way to the clearing house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ochp_desktop.texts import N_, _


class StateKind(Enum):
    """Where a CDR is; the value is the word that the journal and the commands use."""

    NOT_SENT = "not-sent"
    HELD_BACK = "held-back"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"

    def title(self) -> str:
        """The word that people see."""
        return _(_TITLES[self])


_TITLES = {
    StateKind.NOT_SENT: N_("Not sent"),
    StateKind.HELD_BACK: N_("Held back"),
    StateKind.SENDING: N_("Sending"),
    StateKind.CONFIRMED: N_("Confirmed"),
    StateKind.REFUSED: N_("Refused"),
    StateKind.UNCONFIRMED: N_("Unconfirmed"),
}


@dataclass(frozen=True, slots=True)
class RecordState:
    """What the journal knows of one CDR at one house.

    Attributes:
        kind: its state.
        reason: the house's or our own words for it, or "".
        when: since when, UTC.
        fingerprint: sha256 (hex) of the content that this state is about: another content under the same id differs.
            "" in what an upload tells of the records that it was given.
        batch: the request it went out with last, or None when it never did.
    """

    kind: StateKind
    reason: str
    when: datetime
    fingerprint: str
    batch: int | None
