"""Ids as numbers that stand in the same order: a million numbers side by side are compared in less time than texts.

Ids of one length differ in a few characters only. Those are packed behind each other into the eight bytes of a float,
whose order, for positive ones, is the order of its bytes. The texts themselves lie scattered in memory, and to read
them in any other order than their own takes longer than to compare them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ochp_desktop.records.values import ValueType
from ochp_desktop.sheet.slices import SLICE, Slices

_SAMPLE = 4_096
_BLANKS = "".join(chr(code) for code in range(128) if chr(code).isspace())
_WIDTH = array("d").itemsize
# The first byte keeps the float positive, whole and no zero; so many are left.
_FIRST = b"\x10"
_ROOM = _WIDTH - 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column's texts as numbers.

    Attributes:
        values: by row id; 0.0 for an empty text, and for no other.
        has_empty: whether there are empty ones.
    """

    values: array[float]
    has_empty: bool


class OrderOfTexts:
    """Whether texts, as they are, stand in the order of their keys: then a million keys need not be made."""

    def __init__(self, value_type: ValueType) -> None:
        self._folded = self._capitals = type(value_type).sort_key is ValueType.sort_key

    @property
    def is_right(self) -> bool:
        """Of all texts that were looked at."""
        return self._folded or self._capitals

    def look_at(self, texts: Sequence[str]) -> None:
        """Take more texts into account."""
        if not self.is_right:
            return
        together = "".join(texts)
        if not together.isascii() or any(map(together.__contains__, _BLANKS)):
            self._folded = self._capitals = False
            return
        self._folded = self._folded and together == together.casefold()
        # These stand between the capitals and the small letters.
        self._capitals = (
            self._capitals and together == together.upper() and not any(map(together.__contains__, "[\\]^_`"))
        )


def numbers_of(texts: Sequence[str], value_type: ValueType) -> Slices[Numbers | None]:
    """The texts as numbers in the order of their sort keys.

    None where that cannot be: texts of several lengths, ones that differ in too many characters, or ones that are not
    in the order of their keys as they are.
    """
    example = next(filter(None, texts[:_SAMPLE]), "")
    length = len(example)
    right = OrderOfTexts(value_type)
    differing: set[int] = set()
    has_empty = False
    blocks: list[bytes] = []
    for start in range(0, len(texts), SLICE):
        part = texts[start : start + SLICE]
        lengths = set(map(len, part))
        if 0 in lengths:
            has_empty = True
            part = [text or example for text in part]
        right.look_at(part)
        if not length or not example.isascii() or not right.is_right or not lengths <= {0, length}:
            return None
        block = "".join(part).encode("ascii")
        differing.update(at for at in range(length) if at not in differing and _differs(block, at, example))
        blocks.append(block)
        if start + SLICE < len(texts):
            yield
    places = sorted(differing)
    if len(places) > 2 * _ROOM:
        return None
    values = array("d")
    for at, block in enumerate(blocks):
        packed = _packed(block, places, length)
        if packed is None:
            return None
        values.frombytes(packed)
        if at + 1 < len(blocks):
            yield
    if has_empty:
        yield from _mark_empty(values, texts)
    return Numbers(values, has_empty)


def _differs(block: bytes, at: int, example: str) -> bool:
    """Whether not all texts have the same character at a place."""
    column = block[at :: len(example)]
    return column.count(ord(example[at])) < len(column)


def _packed(block: bytes, places: Sequence[int], length: int) -> bytes | None:
    """The characters at some places of each text as eight bytes; None when they have no room.

    The first character is in the last byte but one, as floats of little-endian machines have it.
    """
    columns: Iterator[bytes]
    count = len(block) // length
    if len(places) <= _ROOM:
        columns = (block[place::length] for place in places)
    else:
        # Digits of hexadecimal numbers have room by twos.
        width = len(places) + len(places) % 2
        digits = bytearray(b"0") * (width * count)
        for at, place in enumerate(places):
            digits[at::width] = block[place::length]
        try:
            pairs = bytes.fromhex(digits.decode("ascii"))
        except ValueError:
            return None
        columns = (pairs[at :: width // 2] for at in range(width // 2))
    packed = bytearray(_WIDTH * count)
    packed[_ROOM::_WIDTH] = _FIRST * count
    for at, column in enumerate(columns, 1):
        packed[_ROOM - at :: _WIDTH] = column
    return bytes(packed)


def _mark_empty(values: array[float], texts: Sequence[str]) -> Slices[None]:
    for start in range(0, len(texts), SLICE):
        for row, text in enumerate(texts[start : start + SLICE], start):
            if not text:
                values[row] = 0.0
        if start + SLICE < len(texts):
            yield
