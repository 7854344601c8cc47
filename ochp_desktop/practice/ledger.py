"""The practice clearing house's books: users, auth tokens, roaming lists, CDRs, clearings and statements in SQLite.

Everything that was acknowledged is on disk (WAL, synchronous FULL): a killed process loses nothing of it.
A request is one transaction, so it is stored whole or not at all; rows are streamed into it, so a list of
several hundred thousand tokens needs no more memory than a short one.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ochp_desktop.errors import StoreError
from ochp_desktop.practice.answers import Refused, ResultCode, TokenRefused
from ochp_desktop.practice.blocks import blocks
from ochp_desktop.practice.schema import (
    CDR_COLUMNS,
    CDRS,
    INSERT_TOKEN,
    SCHEMA,
    SCHEMA_VERSION,
    TOKEN_COLUMNS,
    TOKENS,
    Clearing,
    Total,
    User,
)
from ochp_desktop.practice.taking import Taking, already_received
from ochp_desktop.records.identity import normalised_provider, normalised_token_id
from ochp_desktop.texts import _

_MOST_IDLE = 4  # connections for reading that are kept open

CACHE_KIB = 32 * 1024  # holds the token index of half a million rows; SQLite's 2 MB would thrash

_TOKEN_ID = TOKENS.index("tokenId")
_CDR_ID, _INFRA, _SERVICE, _VOLUME = (
    CDRS.index(name) for name in ("cdrId", "infraProviderId", "serviceProviderId", "volume")
)

Record = TypeVar("Record")
StatementWriter = Callable[[Clearing, Iterable[Sequence[str]]], bytes]


def _password_hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**13, r=8, p=1)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Nothing of SQLite leaves this module."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            text = _("The disk is full. Make room, then try again; nothing of this request was stored.")
        else:
            text = _("The practice clearing house cannot read or write its books; nothing of this request was stored.")
        raise StoreError(_("The practice clearing house cannot store this"), text, str(error)) from error


class Ledger:
    """The books of one house in one file; may be used from many threads at once.

    Writers wait for each other, readers never wait: they see the state before the write.

    Args:
        path: the database file; made when it is not there.
        token_lifetime: seconds without use after which an auth token ends.

    Raises:
        StoreError: the file cannot be opened, is no ledger, or was written by a newer program. The same from
            every method when the disk fails.
    """

    def __init__(self, path: Path, token_lifetime: float = 1800.0) -> None:
        self.path = path
        self.token_lifetime = token_lifetime
        self._lock = threading.Lock()
        self._giving_up = threading.Event()
        self._idle: list[sqlite3.Connection] = []  # for reading; opening one costs as much as a short request
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._open()
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                _("The practice clearing house cannot start"),
                _(
                    "Its books cannot be opened: {path}. Choose another folder, or delete this file to start again."
                ).format(path=path),
                str(error),
            ) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("PRAGMA journal_size_limit = 16777216")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            self._writer.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
        elif version != SCHEMA_VERSION:
            self._writer.close()
            raise StoreError(
                _("The practice clearing house cannot start"),
                _("Its books were written by another version of the program: {path}. Choose another folder.").format(
                    path=self.path
                ),
            )

    def close(self) -> None:
        """Close the file; a transaction that is still going on is undone."""
        self.give_up()
        with self._lock:
            self._writer.close()
        while self._idle:
            self._idle.pop().close()

    def give_up(self) -> None:
        """End what is going on at its next record, with a StoreError; nothing of it is stored."""
        self._giving_up.set()

    def _unless_given_up(self, rows: Iterable[Record]) -> Iterator[Record]:
        for row in rows:
            if self._giving_up.is_set():
                raise StoreError(
                    _("The practice clearing house is closing"),
                    _("The practice clearing house is closing; nothing of this request was stored."),
                )
            yield row

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: stored whole when the block ends, undone when it raises."""
        with self._lock, _translated():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the books."""
        with _translated():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("ROLLBACK")
            except BaseException:
                connection.close()
                raise
            if self._giving_up.is_set() or len(self._idle) >= _MOST_IDLE:
                connection.close()
            else:
                self._idle.append(connection)

    # users and auth tokens

    def erase(self) -> None:
        """Forget everything."""
        with self._writing() as books:
            for table in ("statements", "cdrs", "clearings", "tokens", "sessions", "users"):
                books.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names

    def add_users(self, users: Iterable[tuple[User, str]]) -> None:
        """Add users with their passwords, or replace those of the same name. Only salted hashes are kept."""
        entries = []
        for user, password in users:
            salt = secrets.token_bytes(16)
            key = normalised_provider(user.provider_id)
            prefixes = " ".join(user.prefixes)
            hashed = _password_hash(password, salt)
            entries.append((user.name, salt, hashed, user.admin, user.provider_id, key, user.hub, prefixes, user.role))
        with self._writing() as books:
            books.executemany("INSERT OR REPLACE INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entries)

    @staticmethod
    def _user(row: Sequence[object]) -> User:
        name, role, provider_id, hub, prefixes, admin = row
        return User(
            str(name),
            str(role),
            str(provider_id),
            hub if isinstance(hub, int) else None,
            tuple(str(prefixes).split()),
            bool(admin),
        )

    def users(self) -> list[User]:
        """All users, in the order in which they were added."""
        with self._reading() as books:
            rows = books.execute("SELECT name, role, provider_id, hub, prefixes, admin FROM users ORDER BY rowid")
            return [self._user(row) for row in rows]

    def providers(self) -> dict[str, str]:
        """Every provider of the house: normalised id -> id as written."""
        return {normalised_provider(user.provider_id): user.provider_id for user in self.users() if user.provider_id}

    def sign_in(self, name: str, password: str, now: float) -> str | None:
        """A new auth token for the right user id and password, else None."""
        with self._reading() as books:
            row = books.execute("SELECT salt, hash FROM users WHERE name = ?", (name,)).fetchone()
        salt, known = row or (b"nobody", b"")
        # The hash is computed for unknown users as well, so that the answer's time tells nothing.
        if not hmac.compare_digest(_password_hash(password, salt), known):
            return None
        token = secrets.token_urlsafe(32)
        with self._writing() as books:
            books.execute("DELETE FROM sessions WHERE last_used < ?", (now - self.token_lifetime - 86400,))
            books.execute("INSERT INTO sessions VALUES (?, ?, ?)", (hashlib.sha256(token.encode()).digest(), name, now))
        return token

    def user_of_token(self, token: str, now: float) -> User:
        """The user whose auth token this is; counts as a use of the token.

        Raises:
            TokenRefused: it is missing, unknown or expired; says which.
        """
        if not token:
            raise TokenRefused(_("The auth token is missing. Sign in first and send it in the UserIdentityHeader."))
        key = hashlib.sha256(token.encode()).digest()
        with self._reading() as books:
            row = books.execute(
                "SELECT last_used, name, role, provider_id, hub, prefixes, admin FROM sessions "
                "JOIN users ON users.name = sessions.user WHERE token_hash = ?",
                (key,),
            ).fetchone()
        if row is None:
            raise TokenRefused(_("The auth token is unknown. Sign in again."))
        if now - row[0] > self.token_lifetime:
            raise TokenRefused(_("The auth token has expired. Sign in again."))
        if now - row[0] > self.token_lifetime / 60:  # not every call needs a write
            with self._writing() as books:
                books.execute("UPDATE sessions SET last_used = max(last_used, ?) WHERE token_hash = ?", (now, key))
        return self._user(row[1:])

    def expire_tokens(self) -> None:
        """End every auth token now, as if none had been used for too long."""
        with self._writing() as books:
            books.execute("UPDATE sessions SET last_used = 0")

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
