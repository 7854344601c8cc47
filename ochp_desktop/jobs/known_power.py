"""How much power each charge point gave in the sessions that were confirmed before, from the journal."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.rules import Facts, Peak
from ochp_desktop.records.session_rules import POWER_READS, mean_power
from ochp_desktop.store.journal import Journal

_READS = [CDRS.index(name) for name in POWER_READS]


class KnownPower:
    """The highest mean power by charge point, for each house; a batch of the journal is read once.

    Its method reads the disk, so call it from a worker.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._batches: dict[object, set[int]] = {}
        self._peaks: dict[object, dict[str, Peak]] = {}

    def seen(self, house: str, facts: Facts) -> Mapping[str, Peak]:
        """What was confirmed at that house until now.

        Args:
            house: what the journal knows it by.
            facts: which power is more than any charge point has.

        Raises:
            StoreError: the journal cannot be read.
        """
        which = house, facts.thresholds.get("volume.power")
        with self._lock:
            read, peaks = self._batches.setdefault(which, set()), self._peaks.setdefault(which, {})
            for batch in self._journal.confirmed_batches(house):
                if batch not in read:
                    for row in self._journal.batch(batch).rows:
                        found = mean_power([row[at] for at in _READS], facts)
                        if found is not None:
                            point, kilowatts = found
                            count, highest = peaks.get(point, (0, 0.0))
                            peaks[point] = Peak(count + 1, max(highest, kilowatts))
                    read.add(batch)
            return dict(peaks)
