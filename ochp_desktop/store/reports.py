"""Questions about all that was uploaded: sums for the overview, uploads as wholes, where a record went."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, storable
from ochp_desktop.store.rows import Row, unpack
from ochp_desktop.store.states import StateKind

_PIECE = 500


@dataclass(frozen=True, slots=True)
class Filed:
    """One record as the overview counts it.

    Attributes:
        state: where it is.
        infra: its sender, as records are compared.
        service: its recipient, as written.
        month: when it began, "2026-10"; "" where the text is none.
        volume: its volume, as written.
    """

    state: StateKind
    infra: str
    service: str
    month: str
    volume: str


class Reports:
    """Reads the journal's tables; changes nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def records(self, house: str, month: str = "") -> Iterator[Filed]:
        """Every record that the journal knows at this house, or those of one month.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            rows = c.execute(
                "SELECT state, infra, service_provider, substr(started, 1, 7), volume FROM cdr_states "
                "WHERE house = ?1 AND (?2 = '' OR substr(started, 1, 7) = ?2)",
                (storable(house), month),
            ).fetchall()
        for state, infra, service, began, volume in rows:
            yield Filed(StateKind(state), infra, service, began, volume)

    def confirmed(self, house: str) -> Iterator[tuple[Row, datetime]]:
        """Every record that this house has confirmed, as it left, with the moment of its answer (UTC); oldest first.

        Raises:
            StoreError: the store cannot be read, or a batch in it is damaged.
        """
        with self._db.read() as c:
            filed = c.execute(
                "SELECT batch, position, at FROM cdr_states WHERE house = ? AND state = ? AND batch IS NOT NULL "
                "ORDER BY batch, position",
                (storable(house), StateKind.CONFIRMED.value),
            ).fetchall()
        moments: dict[str, datetime] = {}
        for batch, group in groupby(filed, key=itemgetter(0)):
            with self._db.read() as c:
                data = c.execute("SELECT data FROM batches WHERE id = ?", (batch,)).fetchone()
            rows = unpack(data[0])
            for _batch, position, at in group:
                yield rows[position], moments.setdefault(at, moment(at))

    def months(self, house: str) -> list[str]:
        """The months of which there are records, the newest first.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            found = c.execute(
                "SELECT DISTINCT substr(started, 1, 7) FROM cdrs WHERE house = ? ORDER BY 1 DESC", (storable(house),)
            ).fetchall()
        return [month for (month,) in found if _is_month(month)]

    def uploads_of(self, batches: Collection[int]) -> dict[int, tuple[str, bool]]:
        """Batch -> (the upload it belongs to, or ""; whether it settles a part of another batch).

        Raises:
            StoreError: the store cannot be read.
        """
        found: dict[int, tuple[str, bool]] = {}
        numbers = list(batches)
        with self._db.read() as c:
            for start in range(0, len(numbers), _PIECE):
                part = numbers[start : start + _PIECE]
                for batch, upload, parent in c.execute(
                    f"SELECT id, upload, parent FROM batches WHERE id IN ({','.join('?' * len(part))})",  # noqa: S608 - only marks
                    part,
                ):
                    found[batch] = upload, parent is not None
        return found

    def states_of_uploads(self, upload: str | None = None) -> dict[str, dict[StateKind, int]]:
        """Upload -> how many of the records that it carried last are in which state; of one upload, or of all.

        Raises:
            StoreError: the store cannot be read.
        """
        found: dict[str, dict[StateKind, int]] = {}
        with self._db.read() as c:
            # Of a confirmed request every record is confirmed and stays so; there are too many of them to be counted.
            rows = c.execute(
                "SELECT upload, state, sum(count) FROM batches "
                "WHERE state = 'confirmed' AND upload != '' AND (?1 IS NULL OR upload = ?1) GROUP BY upload "
                "UNION ALL SELECT upload, coalesce(cdrs.state, batches.state), count(*) "
                "FROM batches JOIN cdrs ON cdrs.batch = batches.id "
                "WHERE batches.state != 'confirmed' AND upload != '' AND (?1 IS NULL OR upload = ?1) "
                "GROUP BY 1, 2",
                (upload,),
            ).fetchall()
        for name, state, count in rows:
            states = found.setdefault(name, {})
            kind = StateKind(state)
            states[kind] = states.get(kind, 0) + count
        return found

    def batches_with(self, text: str) -> set[int]:
        """The requests whose records' ids hold this text, as the journal has filed them last.

        Raises:
            StoreError: the store cannot be read.
        """
        wanted = storable(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        with self._db.read() as c:
            found = c.execute(
                "SELECT DISTINCT batch FROM cdrs WHERE batch IS NOT NULL AND cdr_id LIKE ? ESCAPE '\\'",
                (f"%{wanted}%",),
            ).fetchall()
        return {batch for (batch,) in found}


def _is_month(text: str) -> bool:
    return len(text) == len("2026-10") and text[:4].isdigit() and text[4] == "-" and text[5:].isdigit()
