"""Rows of texts as bytes: one canonical form for keeping and for fingerprints, in blocks that versions can share.

A row is one line: a JSON array in ASCII. Lines are cut into blocks where a line's own checksum says so, not at
fixed places; so a row that is added or removed changes one block and leaves the others as they were, and a new
version of a list of 500,000 cards costs a few kilobytes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii

from ochp_desktop.errors import StoreError
from ochp_desktop.texts import _

Row = tuple[str, ...]

_CUT_MASK = 0x3FF  # a block has some 1,000 rows
_MOST_ROWS = 8192
_LEVEL = 1  # 3 times faster than the default for a fifth more bytes


_SPELLED_OTHERWISE = bytes({*range(0x20), 0x5C} - {0x0A})  # in JSON; quotes and line ends are counted


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows that follow each other: their sha256, their number and their compressed lines."""

    hash: bytes
    rows: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows, ready to be kept: blocks in order, number of rows, sha256 (hex) of all lines."""

    blocks: list[Block]
    count: int
    fingerprint: str


def line(row: Sequence[str]) -> bytes:
    """The canonical form of one row: what its fingerprint is made of."""
    return ("[" + ",".join(map(encode_basestring_ascii, row)) + "]\n").encode("ascii")


def lines(rows: Sequence[Sequence[str]]) -> list[bytes]:
    """The canonical form of each of these rows, made together: that takes an eighth of the time."""
    made = ['["' + '","'.join(row) + '"]\n' for row in rows if row]
    text = "".join(made)
    # Right as it is where no text holds anything that JSON spells otherwise: nearly always.
    if text.isascii() and text.count('"') == 2 * sum(map(len, rows)) and text.count("\n") == len(rows):
        together = text.encode("ascii")
        if len(together.translate(None, _SPELLED_OTHERWISE)) == len(together):
            return together.splitlines(keepends=True)
    return [line(row) for row in rows]


def record_digest(row: Sequence[str]) -> bytes:
    """The sha256 of one row's canonical form."""
    return hashlib.sha256(line(row)).digest()


def record_fingerprint(row: Sequence[str]) -> str:
    """The same as hex digits: equal for records with equal texts, else different."""
    return record_digest(row).hex()


def fingerprint(rows: Iterable[Sequence[str]]) -> str:
    """The sha256, in hex digits, of the rows in this order."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(line(row))
    return digest.hexdigest()


def content_fingerprint(rows: Iterable[Sequence[str]]) -> str:
    """The sha256, in hex digits, of the rows in any order."""
    digest = hashlib.sha256()
    for text in sorted(map(line, rows)):
        digest.update(text)
    return digest.hexdigest()


def pack(rows: Iterable[Sequence[str]]) -> Packed:
    """Make rows ready to be kept; 500,000 tokens take some two seconds, so do it outside of a transaction."""
    digest = hashlib.sha256()
    blocks: list[Block] = []
    lines: list[bytes] = []
    count = 0

    def cut() -> None:
        text = b"".join(lines)
        digest.update(text)
        blocks.append(Block(hashlib.sha256(text).digest(), len(lines), zlib.compress(text, _LEVEL)))
        lines.clear()

    for row in rows:
        text = line(row)
        lines.append(text)
        count += 1
        if zlib.crc32(text) & _CUT_MASK == 0 or len(lines) == _MOST_ROWS:
            cut()
    if lines:
        cut()
    return Packed(blocks, count, digest.hexdigest())


def unpack(data: bytes) -> list[Row]:
    """The rows of one block.

    Raises:
        StoreError: the block is damaged.
    """
    try:
        # Text holds no bare line ends in JSON, so the lines of a block are one array but for the commas.
        return list(map(tuple, json.loads(b"[" + zlib.decompress(data).rstrip(b"\n").replace(b"\n", b",") + b"]")))
    except (zlib.error, ValueError, TypeError) as problem:
        raise damaged(str(problem)) from problem


def keep_blocks(c: sqlite3.Connection, table: str, owner: str, owner_id: int, packed: Packed) -> None:
    """Write the blocks that are not there yet, and that the owner consists of them."""
    c.executemany(
        "INSERT INTO blocks (hash, rows, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((block.hash, block.rows, block.data) for block in packed.blocks),
    )
    c.executemany(
        f"INSERT INTO {table} ({owner}, position, hash) VALUES (?, ?, ?)",  # noqa: S608 - our own table names
        ((owner_id, position, block.hash) for position, block in enumerate(packed.blocks)),
    )


def read_blocks(c: sqlite3.Connection, table: str, owner: str, owner_id: int) -> list[bytes]:
    """The blocks of an owner in order, still packed: unpack them outside of the transaction."""
    return [
        data
        for (data,) in c.execute(
            f"SELECT data FROM {table} JOIN blocks USING (hash) WHERE {owner} = ? ORDER BY position",  # noqa: S608 - our own table names
            (owner_id,),
        )
    ]


def drop_unused_blocks(c: sqlite3.Connection) -> None:
    """Delete the blocks that nothing consists of any more."""
    c.execute(
        "DELETE FROM blocks WHERE NOT EXISTS (SELECT 1 FROM list_blocks WHERE list_blocks.hash = blocks.hash) "
        "AND NOT EXISTS (SELECT 1 FROM statement_blocks WHERE statement_blocks.hash = blocks.hash)"
    )


def unpacked(blocks: Iterable[bytes], count: int) -> list[Row]:
    """The rows of several blocks, one after the other; `count` is how many there must be.

    Raises:
        StoreError: a block is damaged or lost. Part of a list must never pass for the whole.
    """
    rows = [row for data in blocks for row in unpack(data)]
    if len(rows) != count:
        raise damaged(f"{len(rows)} of {count} rows")
    return rows


def damaged(detail: str) -> StoreError:
    """What to raise when stored rows are not what they were."""
    return StoreError(
        _("Data damaged"),
        _("A part of the stored records cannot be read any more. Records in other places are not touched by this."),
        detail,
    )
