"""Reads one stream out of the container that Excel 97 files are kept in (the OLE compound file)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA  # this and above end a chain or mark a sector that is none
_ENTRY = 128
_HEADER_TABLES = 109


def stream(path: Path, names: Sequence[str]) -> bytes:
    """The content of the first stream that has one of these names.

    Raises:
        ValueError: the container is broken, or has no such stream.
        OSError: the file cannot be read.
    """
    try:
        return _Container(path.read_bytes()).stream(names)
    except (struct.error, IndexError) as failure:
        raise ValueError("broken container") from failure


class _Container:
    """The sectors of a compound file and how they hang together."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(_MAGIC):
            raise ValueError("no compound file")
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or mini_shift != 6:  # noqa: PLR2004 - the only sizes there are
            raise ValueError("strange sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        (directory,) = struct.unpack_from("<I", content, 48)
        self._cutoff, mini_table = struct.unpack_from("<II", content, 56)
        self._table = self._allocation()
        self._directory = self._chain(directory)
        self._mini_table = (
            struct.unpack_from(f"<{len(found) // 4}I", found) if (found := self._chain(mini_table)) else ()
        )

    def stream(self, names: Sequence[str]) -> bytes:
        """The named stream's bytes."""
        entries: dict[str, tuple[int, int]] = {}
        for at in range(0, len(self._directory) - _ENTRY + 1, _ENTRY):
            (length,) = struct.unpack_from("<H", self._directory, at + 64)
            name = self._directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.setdefault(name, struct.unpack_from("<II", self._directory, at + 116))
        for name in names:
            if name in entries:
                start, size = entries[name]
                if size >= self._cutoff:
                    return self._chain(start)[:size]
                inside = self._chain(entries["Root Entry"][0]) if "Root Entry" in entries else b""
                return self._mini_chain(start, inside)[:size]
        raise ValueError("no such stream")

    def _allocation(self) -> tuple[int, ...]:
        numbers = list(struct.unpack_from(f"<{_HEADER_TABLES}I", self._content, 76))
        (more,) = struct.unpack_from("<I", self._content, 68)
        per_sector = self._size // 4
        seen: set[int] = set()
        while more < _FREE and more not in seen:
            seen.add(more)
            found = struct.unpack_from(f"<{per_sector}I", self._content, (more + 1) * self._size)
            numbers += found[:-1]
            more = found[-1]
        table: list[int] = []
        for number in numbers:
            if number < _FREE:
                sector = self._sector(number)
                table += struct.unpack_from(f"<{len(sector) // 4}I", sector)
        return tuple(table)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._content[start : start + self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _linked(self._table, start)))

    def _mini_chain(self, start: int, inside: bytes) -> bytes:
        size = self._mini_size
        return b"".join(inside[one * size : (one + 1) * size] for one in _linked(self._mini_table, start))


def _linked(table: Sequence[int], start: int) -> Iterator[int]:
    """The numbers of a chain's sectors."""
    seen: set[int] = set()
    while start < _FREE:
        if start in seen:
            raise ValueError("sectors in a circle")
        seen.add(start)
        yield start
        start = table[start]
