"""How the reading child process talks to its parent: frames of one kind letter, a length and a body.

Rows travel as columns of joined texts, everything else as JSON: the child has parsed a file from anywhere, and neither
can build anything but texts, numbers and lists. (1,000,000 cells: 0.03 s to join, 0.04 s to part; JSON takes four
times as long.)
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import IO, Any, NamedTuple

# A chunk of rows with the longest cells there can be is smaller than this.
MAX_FRAME_BYTES = 256 << 20
ROWS_PER_FRAME = 1000
# No format has more; what reaches beyond is not from an honest child.
MAX_ROWS = 1_048_576 * 4
MAX_COLUMNS = 16_384

_HEAD = struct.Struct(">cI")
_BLOCK = struct.Struct(">II")
_SAME, _JOINED, _JSON = b"S", b"J", b"L"
# A sign that texts hardly ever have; a column in which one has it goes as JSON.
_BETWEEN = "\x1f"


class Block(NamedTuple):
    """Some rows, as columns.

    Attributes:
        rows: how many.
        columns: their texts; columns that are empty in all of these rows may be left out at the end.
    """

    rows: int
    columns: Sequence[Sequence[str]]


class Packed(NamedTuple):
    """A column as it travels."""

    form: bytes
    body: bytes

    @property
    def empty(self) -> bool:
        """Whether all its texts are."""
        return self.form == _SAME and not self.body


class PackedBlock(NamedTuple):
    """A block whose columns are packed already."""

    rows: int
    columns: Sequence[Packed]


class Frame(NamedTuple):
    """One message.

    Attributes:
        kind: "H" head: what the file is; "R" rows: a `Block`, to be written also a `PackedBlock`; "P" patches: [row,
            column, text] of cells sent before; "M" marks: [row, column, kind]; "E" error: title, text, detail; "Z" the
            end: what was noticed, and proof that nothing is missing.
        content: a block, or what JSON can say.
    """

    kind: str
    content: Any


def block(rows: Sequence[Sequence[str]]) -> Block:
    """Rows, which may differ in length, as a block."""
    return Block(len(rows), list(zip_longest(*rows, fillvalue="")))


def packed(texts: Sequence[Any]) -> Packed:
    """A column of at least one cell, for its journey.

    Raises:
        TypeError: not all of them are texts.
    """
    first = texts[0]
    if isinstance(first, str) and first == texts[-1] and texts.count(first) == len(texts):
        return Packed(_SAME, first.encode("utf-8", "replace"))
    joined = _BETWEEN.join(texts)
    if joined.count(_BETWEEN) == len(texts) - 1:
        return Packed(_JOINED, joined.encode("utf-8", "replace"))
    return Packed(_JSON, _json(list(texts)))


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    """Write one message; the caller flushes."""
    parts = _block_parts(frame.content) if frame.kind == "R" else [_json(frame.content)]
    stream.write(_HEAD.pack(frame.kind.encode("ascii"), sum(map(len, parts))))
    stream.writelines(parts)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _block_parts(rows: Block | PackedBlock) -> list[bytes]:
    parts = [_BLOCK.pack(rows.rows, len(rows.columns))]
    columns = rows.columns if isinstance(rows, PackedBlock) else map(packed, rows.columns)
    for form, body in columns:
        parts += (_HEAD.pack(form, len(body)), body)
    return parts


def read_frames(stream: IO[bytes]) -> Iterator[Frame]:
    """Read messages until the stream ends.

    Raises:
        ValueError: what comes is no message: cut off, too long, or not what its kind has.
    """
    rows = 0
    while head := stream.read(_HEAD.size):
        if len(head) < _HEAD.size:
            raise ValueError("cut off inside a frame's head")
        kind, length = _HEAD.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise ValueError("frame too long")
        body = stream.read(length)
        if len(body) < length:
            raise ValueError("cut off inside a frame")
        if kind == b"R":
            content = _read_block(body)
            rows += content.rows
            if rows > MAX_ROWS:
                raise ValueError("more rows than any table has")
            yield Frame("R", content)
        else:
            yield Frame(kind.decode("ascii", "replace"), json.loads(body))


def _read_block(body: bytes) -> Block:
    try:
        rows, width = _BLOCK.unpack_from(body)
        if rows > MAX_ROWS or width > MAX_COLUMNS:
            raise ValueError("more than any table has")
        columns = []
        at = _BLOCK.size
        for _column in range(width):
            form, length = _HEAD.unpack_from(body, at)
            at += _HEAD.size
            columns.append(_read_column(form, body[at : at + length], rows))
            at += length
    except struct.error as fault:
        raise ValueError("cut off inside a block") from fault
    if at != len(body):
        raise ValueError("a block of another length than it says")
    return Block(rows, columns)


def _read_column(form: bytes, body: bytes, rows: int) -> list[str]:
    if form == _SAME:
        return [body.decode("utf-8")] * rows
    if form == _JSON:
        texts: list[str] = json.loads(body)
        if type(texts) is not list or not {str}.issuperset(map(type, texts)):
            raise ValueError("no column of texts")
    else:
        texts = body.decode("utf-8").split(_BETWEEN)
    if len(texts) != rows:
        raise ValueError("a column of another length than its block")
    return texts
