"""Taking a request's CDRs into the practice house's books: many at a time, one by one where some are known."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.practice.schema import CDR_COLUMNS, CDRS, INSERT_CDR
from ochp_desktop.records.identity import cdr_key, normalised_provider
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import _

NAMED_IDS = 5  # how many CDR ids a reason names before it says "and others"

_CDR_ID, _INFRA, _SERVICE, _VOLUME = (
    CDRS.index(name) for name in ("cdrId", "infraProviderId", "serviceProviderId", "volume")
)


def _amount(volume: str) -> int:
    """A checked volume in ten-thousandths of a kWh, so that sums are exact."""
    return int(trimmed(volume).replace(",", ""))


class Taking:
    """Takes the CDRs of one request into the books."""

    def __init__(self, books: sqlite3.Connection, request: int) -> None:
        self._books = books
        self._request = request
        self._providers: dict[str, str] = {}

    def take(self, rows: Sequence[Sequence[str]], before: int) -> list[str]:
        """Store these; the ids of those that were there before, with the same content.

        Raises:
            Refused: one is there with another content, or came in this request before.
        """
        entries = [self._entry(row) for row in rows]
        self._books.execute("SAVEPOINT block")
        try:
            self._books.executemany(INSERT_CDR, entries)
        except sqlite3.IntegrityError:
            # Some are there already: one by one, to tell which.
            self._books.execute("ROLLBACK TO block")
            known = [row[_CDR_ID] for number, row in enumerate(rows, before + 1) if not self._take_one(number, row)]
        else:
            known = []
        self._books.execute("RELEASE block")
        return known

    def _key(self, provider_id: str) -> str:
        key = self._providers.get(provider_id)
        if key is None:
            key = self._providers[provider_id] = normalised_provider(provider_id)
        return key

    def _entry(self, row: Sequence[str]) -> tuple[object, ...]:
        key = self._key(row[_INFRA]), trimmed(row[_CDR_ID]), self._key(row[_SERVICE])
        return (*key, _amount(row[_VOLUME]), self._request, *row)

    def _take_one(self, number: int, row: Sequence[str]) -> bool:
        """Whether it is new."""
        held = self._books.execute(
            f"SELECT request, {CDR_COLUMNS} FROM cdrs WHERE infra_key = ? AND cdr_key = ?",  # noqa: S608 - our own field names
            cdr_key(row[_INFRA], row[_CDR_ID]),
        ).fetchone()
        if held is None:
            self._books.execute(INSERT_CDR, self._entry(row))
            return True
        if held[0] == self._request:
            raise Refused(
                ResultCode.INVALID,
                _("CDR {cdr} stands twice in this request (record {record}). Nothing was stored.").format(
                    cdr=row[_CDR_ID], record=number
                ),
            )
        if held[1:] != tuple(row):
            raise Refused(
                ResultCode.CONFLICT,
                _(
                    "CDR {cdr} (record {record}) is already here with other content: {fields} differ. "
                    "A CDR id is used once per infraProviderId. Nothing was stored."
                ).format(
                    cdr=row[_CDR_ID],
                    record=number,
                    fields=", ".join(name for name, a, b in zip(CDRS.names, held[1:], row, strict=True) if a != b),
                ),
            )
        return False


def already_received(ids: Sequence[str], count: int) -> Refused:
    """The protocol's own words "already received" lead the reason in every language, and how many of how many."""
    if len(ids) == count:
        text = _("Every record of this request is here with the same content. Nothing was stored again.")
        return Refused(ResultCode.ALREADY_RECEIVED, f"already received: all {count}. " + text)
    named = ", ".join(ids[:NAMED_IDS]) + ("…" if len(ids) > NAMED_IDS else "")
    text = _("{known} of the {count} records of this request, with the same content: {ids}. Nothing was stored.")
    return Refused(
        ResultCode.PARTLY_RECEIVED,
        f"already received: {len(ids)} of {count}. " + text.format(known=len(ids), count=count, ids=named),
    )
