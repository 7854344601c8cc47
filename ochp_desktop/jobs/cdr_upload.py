"""What an upload of CDRs did: the state of each record, and why it ended early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ochp_desktop.store.states import RecordState, StateKind

Record = tuple[int, Sequence[str]]
"""The id of a row and its texts."""


@dataclass(slots=True)
class CdrUpload:
    """What became of an upload.

    Attributes:
        upload: what the journal knows it by; a receipt is asked for with it. "" when nothing had to be sent.
        states: row id -> state of every record that was asked for.
        reasons: why batches were refused, in the house's words, with the number of records.
        culprits: row ids of records that the house refused alone, once they were looked for.
        stopped: why the upload ended before its last batch, or "".
    """

    upload: str = ""
    states: dict[int, RecordState] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    culprits: list[int] = field(default_factory=list)
    stopped: str = ""

    @property
    def counts(self) -> Counter[StateKind]:
        """How many records are in which state."""
        return Counter(state.kind for state in self.states.values())

    def rows_in(self, kind: StateKind) -> list[int]:
        """Row ids of the records in that state."""
        return [row for row, state in self.states.items() if state.kind is kind]
