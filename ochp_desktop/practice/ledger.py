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
from ochp_desktop.practice.blocks import blocks
from ochp_desktop.practice.register import Register
from ochp_desktop.practice.schema import (
    CDR_COLUMNS,
    INSERT_TOKEN,
    TOKEN_COLUMNS,
    TOKENS,
    Clearing,
    Total,
)
from ochp_desktop.practice.taking import Taking, already_received
from ochp_desktop.records.identity import normalised_provider, normalised_token_id
from ochp_desktop.texts import _

_TOKEN_ID = TOKENS.index("tokenId")
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

    def add_cdrs(self, rows: Iterable[Sequence[str]]) -> int:
        """Take these CDRs as pending, all or none; returns how many.

        Raises:
            Refused: no rows; a CDR that the house holds already (with the same or another content) or that stands
                twice among these; also whatever `rows` raises. Nothing is stored then.
        """
        count = 0
        known: list[str] = []
        with self._writing() as books:
            last = books.execute("SELECT request FROM cdrs ORDER BY id DESC LIMIT 1").fetchone()
            taking = Taking(books, last[0] + 1 if last else 1)
            for block in blocks(self._unless_given_up(rows)):
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
            is_what = "IS NOT NULL" if cleared else "IS NULL"
            row = books.execute(f"SELECT count(*) FROM cdrs WHERE clearing {is_what}").fetchone()  # noqa: S608 - fixed
            return int(row[0])

    def clear(self, user: str, now: float, write_statement: StatementWriter) -> int:
        """Move every pending CDR to cleared, with one PDF statement per service provider; returns how many CDRs.

        It is the last clearing from now on, also when nothing was pending.
        """
        names = self.providers()
        with self._writing() as books:
            number = books.execute("INSERT INTO clearings (at, by_user) VALUES (?, ?)", (now, user)).lastrowid
            assert number is not None
            count = books.execute("UPDATE cdrs SET clearing = ? WHERE clearing IS NULL", (number,)).rowcount
            receivers = books.execute(
                "SELECT DISTINCT service_key FROM cdrs WHERE clearing = ? ORDER BY 1", (number,)
            ).fetchall()
            for (key,) in receivers:
                clearing = self._clearing(books, number, now, key, names.get(key, key))
                pdf = write_statement(clearing, self._cleared(books, number, key))
                books.execute(
                    "INSERT INTO statements VALUES (?, ?, ?, ?)", (secrets.token_urlsafe(24), number, key, pdf)
                )
        return count

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

    @staticmethod
    def _clearing(books: sqlite3.Connection, number: int, at: float, key: str, provider_id: str) -> Clearing:
        rows = books.execute(
            'SELECT min("infraProviderId"), count(*), sum(amount) FROM cdrs '
            "WHERE clearing = ? AND service_key = ? GROUP BY infra_key ORDER BY 1",
            (number, key),
        )
        totals = tuple(Total(name, count, Decimal(amount).scaleb(-4)) for name, count, amount in rows)
        link = books.execute(
            "SELECT link FROM statements WHERE clearing = ? AND provider_key = ?", (number, key)
        ).fetchone()
        return Clearing(number, at, provider_id, totals, link[0] if link else "")

    def _cleared(self, books: sqlite3.Connection, number: int, key: str) -> Iterator[tuple[str, ...]]:
        rows = books.execute(
            f"SELECT {CDR_COLUMNS} FROM cdrs "  # noqa: S608 - our own field names
            "WHERE clearing = ? AND service_key = ? ORDER BY id",
            (number, key),
        )
        yield from self._unless_given_up(rows)
