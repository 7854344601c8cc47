"""What every value type can do: parse, check, format and suggest for the text of one cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + _INVISIBLE
_LONGEST_SHOWN = 40


def trimmed(text: str) -> str:
    """The text without blanks, no-break spaces and invisible characters before and after it."""
    return text.strip() if text.isascii() else text.strip(_BLANKS)


def quoted(text: str) -> str:
    """The text as a message may name it: one line, printable, cut off where it is long."""
    head = trimmed(text)[: _LONGEST_SHOWN + 1]
    if not head.isprintable():
        head = "".join(char if char.isprintable() else " " for char in head)
    return head if len(head) <= _LONGEST_SHOWN else head[:_LONGEST_SHOWN] + "…"


class Complaint(NamedTuple):
    """Why a text is not a value of its type.

    Attributes:
        text: the sentence for people, untranslated, with placeholders.
        args: values for the placeholders.
        repair: the text that would mend it, or None.
        certain: whether the repair cannot be wrong.
        fault: which of the type's faults it is.
    """

    text: str
    args: Mapping[str, str] = MappingProxyType({})
    repair: str | None = None
    certain: bool = False
    fault: str = "form"


class ValueType:
    """Text of any form; the base of all value types.

    A cell keeps its text as typed. The type says what the text means (`parse`), what is wrong
    with it (`check`), how a value is written (`format`), how a wrong text could be mended
    (`Complaint.repair`), what goes out on the wire (`wire`) and what the table shows (`display`).
    No method raises for any text. Blanks before and after a text never count.

    Attributes:
        name: what the type is called in the handbook.
        faults: the sentence, untranslated, for each fault that `check` can find.
        clean: a pattern; a text that matches it as a whole has nothing to complain about. It only saves time.
        ways: the two ways in which a column of this type may be read where single texts can be read in both.
    """

    name: ClassVar[str] = "text"
    faults: ClassVar[Mapping[str, str]] = {}
    clean: re.Pattern[str] | None = None
    ways: ClassVar[tuple[str, ...]] = ()

    def parse(self, text: str) -> Any:
        """The value that the text stands for, or None when it stands for none."""
        return trimmed(text) or None

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - for types that do
        """What is wrong with a text that is not empty, or None; `zone` is where times without offset are meant."""
        return None

    def vote(self, text: str) -> tuple[str, bool]:  # noqa: ARG002 - for types that do
        """What a text says about its column: the one of `ways` it can only be read in, or "", and whether it is open.

        Args:
            text: without blanks before and after it.
        """
        return "", False

    def settled(self, text: str, way: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - as above
        """The complaint about a text that can be read in both ways, read in the way of its column; None for others."""
        return None

    def complain(self, fault: str, repair: str | None = None, *, certain: bool = False, **args: str) -> Complaint:
        """The complaint about one of the type's faults."""
        return Complaint(self.faults[fault], args, repair, certain and repair is not None, fault)

    def format(self, value: Any) -> str:
        """The protocol's text for a value that `parse` returned."""
        return str(value)

    def wire(self, text: str) -> str:
        """The text to send for this cell: the protocol's form of a valid text, else the text without outer blanks."""
        return trimmed(text)

    def display(self, text: str) -> str:
        """The text as the table shows it."""
        return text

    def choices(self) -> Sequence[tuple[str, str]]:
        """(text, shown text) of each allowed value where there are few, else nothing."""
        return ()

    def sort_key(self, text: str) -> Any:
        """What to sort by: values before texts that stand for none, empty cells last; comparable within a type."""
        trim = trimmed(text)
        return (0, trim.casefold()) if trim else (2, "")


class Verbatim(ValueType):
    """Text that is carried unchanged, blanks and all."""

    name = "unchanged text"

    def wire(self, text: str) -> str:
        """The text itself."""
        return text
