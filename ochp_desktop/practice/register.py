"""Who may sign in at the practice house: users, passwords as salted hashes, auth tokens and their end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from ochp_desktop.practice.answers import TokenRefused
from ochp_desktop.practice.books import Books
from ochp_desktop.practice.schema import User
from ochp_desktop.records.identity import normalised_provider
from ochp_desktop.texts import _


def _password_hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**13, r=8, p=1)


class Register(Books):
    """The books' part about people.

    Args:
        path: the database file; made when it is not there.
        token_lifetime: seconds without use after which an auth token ends.
    """

    def __init__(self, path: Path, token_lifetime: float = 1800.0) -> None:
        super().__init__(path)
        self.token_lifetime = token_lifetime

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
