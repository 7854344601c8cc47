"""Counts a sheet's records by state as states arrive, so that a large upload does not make the window count anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from ochp_desktop.jobs.upload_cdrs import RecordState, StateKind

_GONE = frozenset({StateKind.CONFIRMED, StateKind.UNCONFIRMED, StateKind.SENDING, StateKind.HELD_BACK})


class StateCounts:
    """How many records of a sheet could be sent, are held back, and are in each state.

    Attributes:
        kinds: number of records in each state that the journal knows.
        sendable: records without errors that were not sent before.
        held: records that are not sent because something is wrong with them.
    """

    def __init__(self) -> None:
        self.kinds: Counter[StateKind] = Counter()
        self.sendable = 0
        self.held = 0
        self._bad: set[int] = set()

    def count(self, rows: Iterable[int], states: Mapping[int, RecordState], bad: Collection[int]) -> None:
        """Count all rows of the sheet anew; `bad` are those with errors."""
        self._bad = bad = set(bad)
        kinds: Counter[StateKind] = Counter()
        sendable = held = 0
        for row in rows:
            state = states.get(row)
            if state is None:
                if row in bad:
                    held += 1
                else:
                    sendable += 1
                continue
            kinds[state.kind] += 1
            sendable += self._is_sendable(row, state.kind)
            held += self._is_held(row, state.kind)
        self.kinds, self.sendable, self.held = kinds, sendable, held

    def change(self, before: Mapping[int, RecordState], states: Mapping[int, RecordState]) -> None:
        """Some rows of the sheet have other states than before."""
        for row, new in states.items():
            old = before.get(row)
            if old is not None:
                self.kinds[old.kind] -= 1
            kind = old.kind if old is not None else None
            self.kinds[new.kind] += 1
            self.sendable += self._is_sendable(row, new.kind) - self._is_sendable(row, kind)
            self.held += self._is_held(row, new.kind) - self._is_held(row, kind)

    def _is_sendable(self, row: int, kind: StateKind | None) -> bool:
        return kind not in _GONE and row not in self._bad

    def _is_held(self, row: int, kind: StateKind | None) -> bool:
        return kind is StateKind.HELD_BACK or (kind in {None, StateKind.NOT_SENT} and row in self._bad)
