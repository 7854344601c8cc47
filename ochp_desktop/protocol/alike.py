"""Reads records that are written alike with one pattern, several times as quickly as an XML parser hands them over."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ochp_desktop.protocol.contract import Form, Part
from ochp_desktop.protocol.wire import plain

Row = tuple[str, ...]

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
# A text that means what it says: no references, nothing that XML forbids or turns into something else.
_TEXT = "[^<&>\x00-\x1f\ufffe\uffff]*+"
_BLANK = "[ \t\r\n]*+"
# UTF-8, said or unsaid. Anything else is the parser's business.
_DECLARATION = re.compile(rb"<\?xml\s+version=[\"']1\.0[\"'](?:\s+encoding=[\"']utf-8[\"'])?[^?<>]*\?>", re.IGNORECASE)
_LONGEST = 1 << 20  # characters of a record that is still arriving; the parser's limits apply to what is longer
_MOST_SPELLINGS = 4  # ways of writing the names within a message: prefixes do not change in an honest one


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a record is written: the expression that takes it apart, and how its parts become a row."""

    match: Callable[[str, int], re.Match[str] | None]
    row: Callable[[Row], Row]


class AlikeRecords:
    """Finds, in the bytes of one message, the records that a pattern can read.

    The XML parser stays the judge of the message: it reads everything up to and with the first such record, and
    everything from the first byte on that is not a record of exactly this form. What is left out between the two are
    whole elements without attributes, under names that the parser has seen in their place, with texts that need no
    interpretation. A message with comments, CDATA or processing instructions is left to the parser altogether,
    because tags need not be tags there.

    Attributes:
        possible: whether the pattern may be used in this message at all.
    """

    def __init__(self) -> None:
        self.possible = True
        self._begun = False
        self._last = b""
        self._start: re.Pattern[bytes] | None = None
        self._children: tuple[str, ...] = ()
        self._fields: tuple[str, ...] = ()
        self._spellings: set[tuple[str, str]] = set()
        self._pattern: _Pattern | None = None
        self._tag = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held = ""

    def watch(self, data: bytes) -> None:
        """Look at bytes that the parser gets."""
        if not self.possible:
            return
        if not self._begun:
            self._begun = True
            declared = _DECLARATION.match(data)
            self._last = data[:1] if declared is None else b">"
            data = data[1:] if declared is None else data[declared.end() :]
            self.possible = self._last in {b"<", b">"}
        joint = self._last + data[:1]
        if b"<!" in data or b"<?" in data or joint in {b"<!", b"<?"}:
            self.possible = False
        self._last = data[-1:] or self._last

    def expect(self, record: Part, fields: Sequence[str]) -> None:
        """Say what a record looks like: its element in the contract, and our fields in our order."""
        positions = {plain(name): index for index, name in enumerate(fields)}
        known = [positions.get(plain(part.tag)) for part in record.children]
        filled = [index for index in known if index is not None]
        if any(part.form is Form.GROUP for part in record.children) or len(set(filled)) != len(filled):
            self.possible = False
            return
        self._children = tuple(part.name for part in record.children)
        self._fields = tuple(fields)
        self._start = re.compile(rf"<((?:{_NAME}:)?{re.escape(record.name)})>\s*<((?:{_NAME}:)?)".encode())

    def enter(self, data: bytes, skip: int) -> tuple[int, Row] | None:
        """The end of a record in these bytes that the pattern reads, and its row; None when there is none.

        Whoever parses the bytes up to there, and finds that row in its place, may go on with `take`.

        Args:
            data: bytes that the parser has not seen.
            skip: where to begin to look.
        """
        found = self._start.search(data, skip) if self.possible and self._start is not None else None
        if found is None:
            return None
        tag, prefix = found[1].decode(), found[2].decode()
        end = data.find(f"</{tag}>".encode(), found.end())
        if end < 0:
            return None
        self._spellings.add((tag, prefix))
        if len(self._spellings) > _MOST_SPELLINGS:
            self.possible = False
            return None
        end += len(tag) + 3
        self._tag = tag
        self._pattern = _compiled(tag, prefix, self._children, self._fields)
        try:
            text = data[found.start() : end].decode()
        except UnicodeDecodeError:
            return None
        match = self._pattern.match(text, 0)
        if match is None or match.end() != len(text):
            return None
        self._decoder.reset()
        self._held = ""
        return end, self._pattern.row(match.groups(""))

    def take(self, data: bytes) -> tuple[list[Row], bytes]:
        """The records in these bytes, which follow those before; and what the parser must read, from there to the end.

        A record that is still arriving is held for the next call.
        """
        try:
            text = self._held + self._decoder.decode(data)
        except UnicodeDecodeError:
            return [], self._leave(self._held.encode() + self._decoder.getstate()[0] + data)
        assert self._pattern is not None
        match, row = self._pattern.match, self._pattern.row
        rows: list[Row] = []
        at = 0
        while found := match(text, at):
            rows.append(row(found.groups("")))
            at = found.end()
        rest = text[at:]
        if self._may_go_on(rest):
            self._held = rest
            return rows, b""
        return rows, self._leave(rest.encode() + self._decoder.getstate()[0])

    def held(self) -> bytes:
        """What was held for more that did not come."""
        return self._leave(self._held.encode() + self._decoder.getstate()[0])

    def _leave(self, rest: bytes) -> bytes:
        self._held = ""
        self._decoder.reset()
        return rest

    def _may_go_on(self, rest: str) -> bool:
        """Whether this is the beginning of a record whose end has not come yet."""
        opening = f"<{self._tag}>"
        begins = rest.lstrip(" \t\r\n")
        return (
            (begins.startswith(opening) or opening.startswith(begins))
            and f"</{self._tag}>" not in begins
            and len(rest) < _LONGEST
        )


@lru_cache(maxsize=32)
def _compiled(tag: str, prefix: str, children: tuple[str, ...], fields: tuple[str, ...]) -> _Pattern:
    """The pattern of a record: the contract's children in its order, each of them once, empty, or left out."""
    positions = {plain(name): index for index, name in enumerate(fields)}
    parts = []
    order: list[int] = []
    for child in children:
        name = re.escape(prefix + child)
        index = positions.get(plain(child))
        if index is not None:
            order.append(index)
        text = _TEXT if index is None else f"({_TEXT})"
        parts.append(f"(?:<{name}(?:/>|>{text}</{name}>){_BLANK})?+")
    whole = re.compile(f"{_BLANK}<{re.escape(tag)}>{_BLANK}{''.join(parts)}</{re.escape(tag)}>")
    return _Pattern(whole.match, _arranged(order, len(fields)))


def _arranged(order: Sequence[int], count: int) -> Callable[[Row], Row]:
    """How texts that come in this order of fields become a row of so many; those that never come are empty."""
    if list(order) == list(range(count)):
        return _as_it_is
    places = {index: place for place, index in enumerate(order)}
    pick = itemgetter(*[places.get(index, len(order)) for index in range(count)])

    def arranged(texts: Row) -> Row:
        row: Row = pick((*texts, ""))
        return row

    return arranged


def _as_it_is(texts: Row) -> Row:
    return texts
