"""Problems: what a rule found in a cell, as data with a message and, where there is one, a repair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

from ochp_desktop.texts import _


class Level(IntEnum):
    """How bad: an error blocks its record's upload, a warning may be accepted, a hint only helps."""

    HINT = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word commands and reports use: "error", "warning", "hint"."""
        return self.name.lower()


# Tuples, because there may be millions of them: a frozen dataclass takes three times as long to make.
class Hit(NamedTuple):
    """What a rule says about one cell of the row it looked at.

    Attributes:
        field: the protocol's name of the cell's field.
        args: values for the placeholders of the rule's message, never a PIN; "field" is a field's label, which is
            translated with the message.
        repair: the text that would mend the cell, or None.
        certain: whether the repair cannot be wrong (offered for "repair all certain ones").
    """

    field: str
    args: Mapping[str, str] = MappingProxyType({})
    repair: str | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one cell.

    Attributes:
        row: the row id in its sheet.
        field: the protocol's name of the cell's field.
        code: the rule's stable code ("expiry-date.format").
        level: error, warning or hint.
        text: the rule's message, untranslated, with placeholders.
        args: their values.
        repair: the text that would mend the cell, or None.
        certain: whether that repair cannot be wrong.
        note: a sentence to say after the message, in the user's language, such as which other rows it is about.
    """

    row: int
    field: str
    code: str
    level: Level
    text: str
    args: Mapping[str, str]
    repair: str | None = None
    certain: bool = False
    note: str = ""

    def message(self) -> str:
        """What is wrong and what to do, in the user's language."""
        args = dict(self.args)
        if "field" in args:
            args["field"] = _(args["field"])
        message = _(self.text).format_map(args)
        return f"{message} {self.note}" if self.note else message


@dataclass(frozen=True, slots=True)
class Accepted:
    """A warning or hint that someone has looked at and accepted.

    Attributes:
        problem: as it would be shown if it were not accepted.
        reason: why it is all right, in the words of whoever accepted it.
    """

    problem: Problem
    reason: str
