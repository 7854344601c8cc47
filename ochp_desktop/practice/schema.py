"""What stands in the practice house's books: tables, the statements that fill them, users, clearings and totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ochp_desktop.records.kinds import KINDS

TOKENS = KINDS["tokens"]
CDRS = KINDS["cdrs"]

TOKEN_COLUMNS = ", ".join(f'"{name}"' for name in TOKENS.names)

_BETWEEN = "\x1f"  # between the texts of a stored CDR: no text of a message can hold it

_CDRS = """
CREATE TABLE cdrs (
    id INTEGER PRIMARY KEY, infra_key TEXT NOT NULL, cdr_key TEXT NOT NULL, service_key TEXT NOT NULL,
    record TEXT NOT NULL  -- its texts in the protocol's order, U+001F between them
);
CREATE UNIQUE INDEX cdr_identity ON cdrs (infra_key, cdr_key);
"""

SCHEMA = f"""
CREATE TABLE users (
    name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, admin INTEGER NOT NULL,
    provider_id TEXT NOT NULL, provider_key TEXT NOT NULL, hub INTEGER, prefixes TEXT NOT NULL, role TEXT NOT NULL
);
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users(name), last_used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY, provider_key TEXT NOT NULL, position INTEGER NOT NULL, token_key TEXT NOT NULL,
    {", ".join(f'"{name}" TEXT NOT NULL' for name in TOKENS.names)}
);
CREATE UNIQUE INDEX token_identity ON tokens (provider_key, token_key);
CREATE TABLE clearings (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, by_user TEXT NOT NULL,
    last_cdr INTEGER NOT NULL  -- a clearing takes all that came after the one before: up to this CDR
);
{_CDRS}
CREATE TABLE statements (
    link TEXT PRIMARY KEY, clearing INTEGER NOT NULL REFERENCES clearings(id), provider_key TEXT NOT NULL,
    pdf BLOB NOT NULL
);
"""

INSERT_TOKEN = (
    f"INSERT INTO tokens (provider_key, position, token_key, {TOKEN_COLUMNS}) "  # noqa: S608 - our own field names
    f"VALUES (?, ?, ?, {', '.join('?' * len(TOKENS))})"
)


@cache
def insert_cdrs(count: int) -> str:
    """The statement that stores so many CDRs; its values are infra_key, cdr_key, service_key and record of each."""
    return f"INSERT INTO cdrs (infra_key, cdr_key, service_key, record) VALUES {', '.join(['(?, ?, ?, ?)'] * count)}"  # noqa: S608 - only marks are filled in


_TO_2 = f"""
ALTER TABLE clearings ADD COLUMN last_cdr INTEGER NOT NULL DEFAULT 0;
UPDATE clearings SET last_cdr = coalesce((SELECT max(id) FROM cdrs WHERE clearing <= clearings.id), 0);
ALTER TABLE cdrs RENAME TO cdrs_1;
DROP INDEX cdr_identity;
{_CDRS}
INSERT INTO cdrs SELECT id, infra_key, cdr_key, service_key, {"|| char(31) ||".join(f'"{name}"' for name in CDRS.names)}
    FROM cdrs_1 ORDER BY id;
DROP TABLE cdrs_1;
"""  # noqa: S608 - our own field names

MIGRATIONS = (_TO_2,)
"""What makes the books of version 1 those of version 2, and so on: one script after the other, never edited."""

SCHEMA_VERSION = 1 + len(MIGRATIONS)

packed: Callable[[Sequence[str]], str] = _BETWEEN.join
"""The texts of a CDR as they are stored."""


def unpacked(record: str) -> tuple[str, ...]:
    """The texts of a stored CDR."""
    return tuple(record.split(_BETWEEN))


@dataclass(frozen=True, slots=True)
class User:
    """One who may sign in.

    Attributes:
        name: the user id.
        role: "provider", "partner" or "admin".
        provider_id: the provider it acts for, as written in CDRs; empty for an administrator.
        hub: its roaming hub number, or None.
        prefixes: the prefixes of the contract ids it issues.
        admin: whether it may start a clearing.
    """

    name: str
    role: str
    provider_id: str
    hub: int | None
    prefixes: tuple[str, ...]
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """Sum of a statement over one sender of CDRs: how many, and how much energy in kWh."""

    infra_provider_id: str
    count: int
    volume: Decimal


@dataclass(frozen=True, slots=True)
class Clearing:
    """A clearing as one service provider sees it.

    Attributes:
        number: counts clearings from 1.
        at: when, in seconds since 1970.
        provider_id: the service provider.
        totals: one per provider that sent CDRs.
        link: the unguessable name of the PDF statement, empty when there is none.
    """

    number: int
    at: float
    provider_id: str
    totals: tuple[Total, ...] = ()
    link: str = ""
