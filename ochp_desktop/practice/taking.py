"""Taking a request's CDRs into the practice house's books: many at a time, one by one where some are known."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.practice.schema import CDRS, insert_cdrs, packed, unpacked
from ochp_desktop.records.identity import cdr_key, normalised_provider
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import _

_ROWS_AT_ONCE = 50  # takes two thirds of the time of one by one; more are not quicker
NAMED_IDS = 5  # how many CDR ids a reason names before it says "and others"

_CDR_ID, _INFRA, _SERVICE = (CDRS.index(name) for name in ("cdrId", "infraProviderId", "serviceProviderId"))


class Taking:
    """Takes the CDRs of one request into the books."""

    def __init__(self, books: sqlite3.Connection) -> None:
        self._books = books
        (self._before,) = books.execute("SELECT coalesce(max(id), 0) FROM cdrs").fetchone()

    def take(self, rows: Sequence[Sequence[str]], before: int) -> list[str]:
        """Store these; the ids of those that were there before, with the same content.

        Args:
            rows: the CDRs, checked.
            before: how many of the request have been taken already.

        Raises:
            Refused: one is there with another content, or came in this request before.
        """
        columns = list(zip(*rows, strict=True))
        entries = list(
            zip(
                map(normalised_provider, columns[_INFRA]),
                map(trimmed, columns[_CDR_ID]),
                map(normalised_provider, columns[_SERVICE]),
                map(packed, rows),
                strict=True,
            )
        )
        self._books.execute("SAVEPOINT block")
        try:
            for first in range(0, len(entries), _ROWS_AT_ONCE):
                part = entries[first : first + _ROWS_AT_ONCE]
                self._books.execute(insert_cdrs(len(part)), list(chain.from_iterable(part)))
        except sqlite3.IntegrityError:
            # Some are there already: one by one, to tell which.
            self._books.execute("ROLLBACK TO block")
            known = [row[_CDR_ID] for number, row in enumerate(rows, before + 1) if not self._take_one(number, row)]
        else:
            known = []
        self._books.execute("RELEASE block")
        return known

    def _take_one(self, number: int, row: Sequence[str]) -> bool:
        """Whether it is new."""
        key = cdr_key(row[_INFRA], row[_CDR_ID])
        held = self._books.execute("SELECT id, record FROM cdrs WHERE infra_key = ? AND cdr_key = ?", key).fetchone()
        if held is None:
            self._books.execute(insert_cdrs(1), (*key, normalised_provider(row[_SERVICE]), packed(row)))
            return True
        if held[0] > self._before:
            raise Refused(
                ResultCode.INVALID,
                _("CDR {cdr} stands twice in this request (record {record}). Nothing was stored.").format(
                    cdr=row[_CDR_ID], record=number
                ),
            )
        content = unpacked(held[1])
        if content != tuple(row):
            raise Refused(
                ResultCode.CONFLICT,
                _(
                    "CDR {cdr} (record {record}) is already here with other content: {fields} differ. "
                    "A CDR id is used once per infraProviderId. Nothing was stored."
                ).format(
                    cdr=row[_CDR_ID],
                    record=number,
                    fields=", ".join(name for name, a, b in zip(CDRS.names, content, row, strict=True) if a != b),
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
