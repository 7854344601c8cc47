"""The practice clearing house's books: users, auth tokens, roaming lists, CDRs, clearings and statements in SQLite.

Everything that was acknowledged is on disk (WAL, synchronous FULL): a killed process loses nothing of it.
A request is one transaction, so it is stored whole or not at all; rows are streamed into it, so a list of
several hundred thousand tokens needs no more memory than a short one.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.practice.register import Register
from ochp_desktop.practice.schema import (
    CDRS,
    INSERT_TOKEN,
    TOKEN_COLUMNS,
    TOKENS,
    Clearing,
    Total,
    unpacked,
)
from ochp_desktop.practice.taking import Taking, already_received
from ochp_desktop.records.identity import normalised_provider, normalised_token_id
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import _

_TOKEN_ID = TOKENS.index("tokenId")
_INFRA, _VOLUME = CDRS.index("infraProviderId"), CDRS.index("volume")
_LAST_CLEARED = "(SELECT coalesce(max(last_cdr), 0) FROM clearings)"
StatementWriter = Callable[[Clearing, Iterable[Sequence[str]]], bytes]


class Ledger(Register):
    """The books of one house in one file; may be used from many threads at once.

    Writers wait for each other, readers never wait: they see the state before the write.

    Args:
        path: the database file; made when it is not there.
        token_lifetime: seconds without use after which an auth token ends.

    Raises:
        StoreError: the file cannot be opened, is no ledger, or was written by a newer program. The same from
            every method when the disk fails.
    """

    def erase(self) -> None:
        """Forget everything."""
        with self._writing() as books:
            for table in ("statements", "cdrs", "clearings", "tokens", "sessions", "users"):
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names

    # roaming lists

    def replace_list(self, provider_id: str, rows: Iterable[Sequence[str]]) -> int:
        """Put these tokens in place of the provider's whole list; returns how many.

        Raises:
            Refused: no rows, or a token id that stands twice in the list; also whatever `rows` raises.
                The old list stays then.
        """
        provider = normalised_provider(provider_id)
        position = 0
        current: Sequence[str] = ()

        def entries() -> Iterator[tuple[object, ...]]:
            nonlocal position, current
            for position, current in enumerate(self._unless_given_up(rows), 1):
                yield (provider, position, normalised_token_id(current[_TOKEN_ID]), *current)

        with self._writing() as books:
            books.execute("DELETE FROM tokens WHERE provider_key = ?", (provider,))
            try:
                books.executemany(INSERT_TOKEN, entries())
            except sqlite3.IntegrityError as error:
                first = books.execute(
                    "SELECT position FROM tokens WHERE provider_key = ? AND token_key = ?",
                    (provider, normalised_token_id(current[_TOKEN_ID])),
                ).fetchone()
                raise Refused(
                    ResultCode.INVALID,
                    _(
                        "Records {first} and {second} have the same tokenId {token}: "
                        "it must be unique in the list. Nothing was stored; your previous list is still in place."
                    ).format(first=first[0] if first else "?", second=position, token=current[_TOKEN_ID]),
                ) from error
            if position == 0:
                raise Refused(
                    ResultCode.EMPTY,
                    _("The list has no records; it must have at least one. Your previous list is still in place."),
                )
        return position

    def tokens(self, provider_id: str | None = None) -> Iterator[tuple[str, ...]]:
        """The tokens of the global list, or of one provider's, as they were sent; one consistent view."""
        where, values = ("WHERE provider_key = ?", (normalised_provider(provider_id),)) if provider_id else ("", ())
        with self._reading() as books:
            yield from self._unless_given_up(
                books.execute(
                    f"SELECT {TOKEN_COLUMNS} FROM tokens {where} ORDER BY id",  # noqa: S608 - our own field names
                    values,
                )
            )

    # CDRs

    def add_cdrs(self, blocks: Iterable[Sequence[Sequence[str]]]) -> int:
        """Take these CDRs as pending, all or none; returns how many.

        Args:
            blocks: the CDRs of one request, some hundred at a time: stored together they cost a fraction of what they
                cost one by one.

        Raises:
            Refused: no rows; a CDR that the house holds already (with the same or another content) or that stands
                twice among these; also whatever `blocks` raises. Nothing is stored then.
        """
        count = 0
        known: list[str] = []
        with self._writing() as books:
            taking = Taking(books)
            for block in self._unless_given_up(blocks):
                if block:
                    known += taking.take(block, count)
                    count += len(block)
            if count == 0:
                raise Refused(ResultCode.EMPTY, _("The request has no records; it must have at least one."))
            if known:
                raise already_received(known, count)
        return count

    def count_cdrs(self, *, cleared: bool) -> int:
        """How many CDRs are pending, or cleared."""
        with self._reading() as books:
            which = "<=" if cleared else ">"
            row = books.execute(f"SELECT count(*) FROM cdrs WHERE id {which} {_LAST_CLEARED}").fetchone()  # noqa: S608 - fixed
            return int(row[0])

    def clear(self, user: str, now: float, write_statement: StatementWriter) -> int:
        """Move every pending CDR to cleared, with one PDF statement per service provider; returns how many CDRs.

        It is the last clearing from now on, also when nothing was pending.
        """
        names = self.providers()
        with self._writing() as books:
            number = books.execute(
                "INSERT INTO clearings (at, by_user, last_cdr) SELECT ?, ?, coalesce(max(id), 0) FROM cdrs", (now, user)
            ).lastrowid
            assert number is not None
            span = _span(books, number)
            receivers = books.execute(
                "SELECT service_key, count(*) FROM cdrs WHERE id > ? AND id <= ? GROUP BY 1 ORDER BY 1", span
            ).fetchall()
            for key, _count in receivers:
                clearing = self._clearing(books, number, now, key, names.get(key, key))
                pdf = write_statement(clearing, self._cleared(books, number, key))
                books.execute(
                    "INSERT INTO statements VALUES (?, ?, ?, ?)", (secrets.token_urlsafe(24), number, key, pdf)
                )
        return sum(count for _key, count in receivers)

    def last_clearing(self, provider_id: str) -> Clearing | None:
        """The last clearing as it concerns this provider, or None when there was none."""
        key = normalised_provider(provider_id)
        with self._reading() as books:
            last = books.execute("SELECT id, at FROM clearings ORDER BY id DESC LIMIT 1").fetchone()
            return self._clearing(books, last[0], last[1], key, provider_id) if last else None

    def cleared(self, clearing: Clearing) -> Iterator[tuple[str, ...]]:
        """The CDRs of that clearing that concern its provider, in the order in which they came."""
        with self._reading() as books:
            yield from self._cleared(books, clearing.number, normalised_provider(clearing.provider_id))

    def statement(self, link: str) -> bytes | None:
        """The PDF of that name, or None."""
        with self._reading() as books:
            row = books.execute("SELECT pdf FROM statements WHERE link = ?", (link,)).fetchone()
            return bytes(row[0]) if row else None

    def _clearing(self, books: sqlite3.Connection, number: int, at: float, key: str, provider_id: str) -> Clearing:
        sums: dict[str, tuple[str, int, Decimal]] = {}
        for row in self._cleared(books, number, key):
            infra = normalised_provider(row[_INFRA])
            name, count, volume = sums.get(infra, (row[_INFRA], 0, Decimal(0)))
            # A checked volume always has four decimals, so that the sum is exact.
            amount = Decimal(trimmed(row[_VOLUME]).replace(",", "."))
            sums[infra] = min(name, row[_INFRA]), count + 1, volume + amount
        link = books.execute(
            "SELECT link FROM statements WHERE clearing = ? AND provider_key = ?", (number, key)
        ).fetchone()
        return Clearing(
            number, at, provider_id, tuple(Total(*one) for one in sorted(sums.values())), link[0] if link else ""
        )

    def _cleared(self, books: sqlite3.Connection, number: int, key: str) -> Iterator[tuple[str, ...]]:
        rows = books.execute(
            "SELECT record FROM cdrs WHERE id > ? AND id <= ? AND service_key = ? ORDER BY id",
            (*_span(books, number), key),
        )
        for (record,) in self._unless_given_up(rows):
            yield unpacked(record)


def _span(books: sqlite3.Connection, clearing: int) -> tuple[int, int]:
    """The CDRs of a clearing: those after the first number, up to the second."""
    found = books.execute(
        "SELECT last_cdr FROM clearings WHERE id <= ? ORDER BY id DESC LIMIT 2", (clearing,)
    ).fetchall()
    return (found[1][0] if len(found) > 1 else 0), found[0][0]
