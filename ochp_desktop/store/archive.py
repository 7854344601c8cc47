"""Statements of cleared CDRs, archived the moment they are fetched: the next clearing replaces them at the house."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ochp_desktop.errors import StoreError
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.store.database import Database
from ochp_desktop.store.moments import moment, stamp, storable
from ochp_desktop.store.rows import Row, content_fingerprint, keep_blocks, pack, read_blocks, unpacked
from ochp_desktop.texts import _

_INFRA = CDRS.index("infraProviderId")
_CDR_ID = CDRS.index("cdrId")
_PDF = "EXISTS (SELECT 1 FROM documents WHERE statement = statements.id)"
_COLUMNS = f"id, house, user, at, count, doc_link, fingerprint, {_PDF}"


@dataclass(frozen=True, slots=True)
class StatementInfo:
    """A statement without its records.

    Attributes:
        id: its number, growing with time.
        house: the house, as `Profile.house`.
        user: user id there.
        when: when it was first fetched, UTC.
        count: number of records.
        doc_link: the house's link to the PDF, or "".
        fingerprint: sha256 (hex) of the records in any order.
        has_pdf: whether the PDF is in the archive.
    """

    id: int
    house: str
    user: str
    when: datetime
    count: int
    doc_link: str
    fingerprint: str
    has_pdf: bool


@dataclass(frozen=True, slots=True)
class StoredStatement:
    """A statement with its records, in the house's order, and its PDF, or None."""

    info: StatementInfo
    rows: list[Row]
    pdf: bytes | None


class Archive:
    """All statements ever fetched; nothing is removed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save_statement(
        self,
        house: str,
        user: str,
        rows: Sequence[Sequence[str]],
        doc_link: str = "",
        pdf: bytes | None = None,
        when: datetime | None = None,
    ) -> tuple[int, bool]:
        """Keep a statement, with a full sync; its id, and whether it is new.

        The same records again, in whatever order, are the same statement; then a PDF or link that was
        missing is added. Statements without records are told apart by their link.

        Raises:
            StoreError: the store cannot be written.
        """
        packed = pack(rows)
        content = content_fingerprint(rows)
        keys = [cdr_key(row[_INFRA], row[_CDR_ID]) if len(row) == len(CDRS) else ("", "") for row in rows]
        house, user, doc_link = storable(house), storable(user), storable(doc_link)
        with self._db.write(durable=True) as c:
            same = c.execute(
                "SELECT id FROM statements WHERE house = ? AND user = ? AND fingerprint = ? "
                "AND (count > 0 OR doc_link = ?) ORDER BY id DESC",
                (house, user, content, doc_link),
            ).fetchone()
            if same is None:
                cursor = c.execute(
                    "INSERT INTO statements (house, user, at, count, doc_link, fingerprint) VALUES (?, ?, ?, ?, ?, ?)",
                    (house, user, stamp(when), packed.count, doc_link, content),
                )
                statement = cursor.lastrowid
                assert statement is not None
                keep_blocks(c, "statement_blocks", "statement", statement, packed)
                c.executemany(
                    "INSERT INTO statement_cdrs (infra, cdr_id, statement, position) VALUES (?, ?, ?, ?)",
                    (
                        (storable(infra), storable(cdr_id), statement, position)
                        for position, (infra, cdr_id) in enumerate(keys)
                    ),
                )
            else:
                statement = int(same[0])
                if doc_link:
                    # The link may be good for one fetch only: the newest is the one that still works.
                    c.execute("UPDATE statements SET doc_link = ? WHERE id = ?", (doc_link, statement))
            if pdf is not None:
                c.execute(
                    "INSERT INTO documents (statement, data) VALUES (?, ?) ON CONFLICT DO NOTHING", (statement, pdf)
                )
        return statement, same is None

    def add_pdf(self, statement_id: int, pdf: bytes) -> None:
        """Add the PDF, with a full sync; one that is there already is kept.

        Raises:
            StoreError: the store cannot be written, or has no such statement.
        """
        with self._db.write(durable=True) as c:
            if c.execute("SELECT 1 FROM statements WHERE id = ?", (statement_id,)).fetchone() is None:
                raise _unknown_statement()
            c.execute(
                "INSERT INTO documents (statement, data) VALUES (?, ?) ON CONFLICT DO NOTHING", (statement_id, pdf)
            )

    def has_pdf(self, statement_id: int) -> bool:
        """Whether the statement's PDF is in the archive.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            return c.execute("SELECT 1 FROM documents WHERE statement = ?", (statement_id,)).fetchone() is not None

    def statements(self, house: str, user: str) -> list[StatementInfo]:
        """The statements of that user at that house, the newest first.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._db.read() as c:
            rows = c.execute(
                f"SELECT {_COLUMNS} FROM statements WHERE house = ? AND user = ? ORDER BY id DESC",  # noqa: S608 - fixed texts
                (storable(house), storable(user)),
            ).fetchall()
        return [_info(row) for row in rows]

    def load(self, statement_id: int) -> StoredStatement:
        """A statement with its records and PDF.

        Raises:
            StoreError: the store cannot be read, or has no such statement.
        """
        with self._db.read() as c:
            row = c.execute(f"SELECT {_COLUMNS} FROM statements WHERE id = ?", (statement_id,)).fetchone()  # noqa: S608 - fixed texts
            if row is None:
                raise _unknown_statement()
            blocks = read_blocks(c, "statement_blocks", "statement", statement_id)
            document = c.execute("SELECT data FROM documents WHERE statement = ?", (statement_id,)).fetchone()
        info = _info(row)
        return StoredStatement(info, unpacked(blocks, info.count), bytes(document[0]) if document else None)

    def cleared_in(self, house: str, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The newest statement of that house that holds each CDR; keys as `cdr_key` makes them, absent ones left out.

        Raises:
            StoreError: the store cannot be read.
        """
        found: dict[tuple[str, str], int] = {}
        with self._db.read() as c:
            for infra, cdr_id in keys:
                row = c.execute(
                    "SELECT max(statement) FROM statement_cdrs JOIN statements ON id = statement "
                    "WHERE infra = ? AND cdr_id = ? AND house = ?",
                    (storable(infra), storable(cdr_id), storable(house)),
                ).fetchone()
                if row[0] is not None:
                    found[infra, cdr_id] = row[0]
        return found

    def search(self, house: str, user: str, wanted: Callable[[Row], bool]) -> Iterator[tuple[StatementInfo, list[Row]]]:
        """Each statement, the newest first, with its records that are wanted; those without any are left out.

        Raises:
            StoreError: the store cannot be read.
        """
        for info in self.statements(house, user):
            with self._db.read() as c:
                blocks = read_blocks(c, "statement_blocks", "statement", info.id)
            found = [row for row in unpacked(blocks, info.count) if wanted(row)]
            if found:
                yield info, found


def _unknown_statement() -> StoreError:
    return StoreError(_("No such statement"), _("This statement is not in the program's archive."))


def _info(row: tuple[Any, ...]) -> StatementInfo:
    number, house, user, at, count, doc_link, content, has_pdf = row
    return StatementInfo(number, house, user, moment(at), count, doc_link, content, bool(has_pdf))
