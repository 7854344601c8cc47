"""Which records a house has confirmed before, for the rule that finds them in a sheet: read when it is asked, once."""

from __future__ import annotations

import threading
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping

from ochp_desktop.store.batches import Key
from ochp_desktop.store.journal import Journal

# Every layer is looked into for every record.
_MOST_LAYERS = 8


class KnownSent:
    """The confirmed records by house. After years there are very many: they are read once, then those that are new.

    May be used from many threads.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        # Later confirmations are a layer of their own: a check that was made before them must not see them.
        self._layers: dict[str, list[dict[Key, str]]] = {}

    def at(self, house: str) -> Mapping[Key, str]:
        """Record -> the day of its confirmation (ISO date, local time); reads the disk when it is first looked into.

        What is confirmed after that look is not in it.
        """
        return _ReadWhenAsked(lambda: self._read(house))

    def _read(self, house: str) -> Mapping[Key, str]:
        with self._lock:
            layers = self._layers.setdefault(house, [])
            known = sum(map(len, layers))
            there = self._journal.count_confirmed(house)
            if there != known:
                newest = max((day for layer in layers for day in layer.values()), default="")
                found = self._journal.sent_keys(house, since=newest)
                fresh = {key: day for key, day in found.items() if not any(key in layer for layer in layers)}
                if known + len(fresh) == there:
                    layers.append(fresh)
                    if len(layers) > _MOST_LAYERS:
                        layers[:] = [dict(ChainMap(*reversed(layers)))]
                else:
                    # The clock was set back, or records are gone after a rescue: what was known says nothing.
                    layers[:] = [self._journal.sent_keys(house)]
            return ChainMap(*reversed(layers)) if len(layers) != 1 else layers[0]


class _ReadWhenAsked(Mapping[Key, str]):
    """A mapping that is there once somebody looks into it."""

    def __init__(self, read: Callable[[], Mapping[Key, str]]) -> None:
        self._read = read
        self._known: Mapping[Key, str] | None = None

    def _there(self) -> Mapping[Key, str]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def __getitem__(self, key: Key) -> str:
        return self._there()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._there())

    def __len__(self) -> int:
        return len(self._there())
