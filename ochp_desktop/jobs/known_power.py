"""How much power each charge point gave in the sessions that were confirmed before, from the journal."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ochp_desktop.errors import StoreError
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.rules import Facts, Peak
from ochp_desktop.records.session_rules import POWER_READS, mean_power
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.settings import Settings

_READS = [CDRS.index(name) for name in POWER_READS]
_SETTING = "power of "


@dataclass(slots=True)
class _Seen:
    """What was read until now.

    Attributes:
        limit: the power above which sessions were left out.
        batches: the batches of the journal that were read.
        peaks: the highest mean power by charge point.
    """

    limit: float | None
    batches: set[int] = field(default_factory=set)
    peaks: dict[str, Peak] = field(default_factory=dict)


class KnownPower:
    """The highest mean power by charge point, for each house; a batch of the journal is read once and for all.

    After some years the journal takes many seconds to read: what was found is kept among the settings. Its method
    touches the disk, so call it from a worker.
    """

    def __init__(self, journal: Journal, settings: Settings) -> None:
        self._journal = journal
        self._settings = settings
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}

    def seen(self, house: str, facts: Facts) -> Mapping[str, Peak]:
        """What was confirmed at that house until now.

        Args:
            house: what the journal knows it by.
            facts: which power is more than any charge point has.

        Raises:
            StoreError: the journal cannot be read.
        """
        limit = facts.thresholds.get("volume.power")
        with self._lock:
            seen = self._seen.get(house) or _from_data(self._settings.get(_SETTING + house))
            if seen is None or seen.limit != limit:
                seen = _Seen(limit)
            self._seen[house] = seen
            unread = [batch for batch in self._journal.confirmed_batches(house) if batch not in seen.batches]
            for batch in unread:
                self._read(batch, seen, facts)
            if unread:
                # It can be found again: a store that cannot be written now is no reason not to check.
                with contextlib.suppress(StoreError):
                    self._settings.set(_SETTING + house, _to_data(seen))
            return dict(seen.peaks)

    def _read(self, batch: int, seen: _Seen, facts: Facts) -> None:
        for row in self._journal.batch(batch).rows:
            found = mean_power([row[at] for at in _READS], facts)
            if found is not None:
                point, kilowatts = found
                count, highest = seen.peaks.get(point, (0, 0.0))
                seen.peaks[point] = Peak(count + 1, max(highest, kilowatts))
        seen.batches.add(batch)


def _to_data(seen: _Seen) -> dict[str, Any]:
    return {"limit": seen.limit, "batches": sorted(seen.batches), "peaks": seen.peaks}


def _from_data(data: Any) -> _Seen | None:
    """What `_to_data` made; None for anything else."""
    try:
        peaks = {str(point): Peak(int(count), float(highest)) for point, (count, highest) in data["peaks"].items()}
        limit = data["limit"]
        return _Seen(None if limit is None else float(limit), set(map(int, data["batches"])), peaks)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
