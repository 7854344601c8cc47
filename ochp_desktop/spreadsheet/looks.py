"""What a second look at a sheet can find beyond its values, whatever the file format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple, Protocol

from ochp_desktop.texts import N_, _, number

# How Excel and LibreOffice show an error.
ERROR_TEXT = re.compile(r"(?:#[A-Z/0]{2,7}[!?]?|Err:\d{3}|#{3,})")

# What is said about each kind of finding: one cell, several cells.
FINDING_NOTICES = {
    "error": (
        N_("{cell} holds an Excel error such as #N/A instead of a value."),
        N_("{count} cells hold an Excel error such as #N/A instead of a value; the first is {cell}."),
    ),
    "formula": (
        N_("{cell} holds a formula; the value it shows was taken."),
        N_("{count} cells hold a formula; the values they show were taken. The first is {cell}."),
    ),
    "formula-without-value": (
        N_("{cell} holds a formula that was never calculated. Open the file in Excel, save it and open it here again."),
        N_(
            "{count} cells hold formulas that were never calculated; the first is {cell}. "
            "Open the file in Excel, save it and open it here again."
        ),
    ),
    "number-format": (
        N_("{cell} holds a number that its format shows with leading zeros; it was read as shown."),
        N_(
            "{count} cells hold numbers that their format shows with leading zeros; they were read as shown. "
            "The first is {cell}."
        ),
    ),
    "rounded": (
        N_("{cell} holds a number with more than 15 digits: Excel has rounded it. Check it against its source."),
        N_(
            "{count} cells hold numbers with more than 15 digits: Excel has rounded them. The first is {cell}. "
            "Check them against their source."
        ),
    ),
}


class Finding(NamedTuple):
    """What the close look found in one cell; row and column are counted from 0.

    Attributes:
        kind: "error", "formula", "formula-without-value", "number-format" or "rounded".
        text: the text to show instead of the plain value, or "" to keep the value.
    """

    row: int
    column: int
    kind: str
    text: str


class Glance:
    """What the quick search says about a sheet."""

    # No data class: importing what makes those would be a tenth of the reading child's start.
    def __init__(self) -> None:
        self.errors = self.formulas = self.id_formats = False
        self.hidden_rows = self.hidden_columns = False

    @property
    def close_look(self) -> bool:
        """Whether there are cells whose value alone misleads."""
        return self.errors or self.formulas or self.id_formats


class SecondLook(Protocol):
    """One sheet, looked at beside the reader of its values."""

    def glance(self) -> Glance:
        """A quick search for signs of what values alone do not tell."""

    def look(self, large: Collection[tuple[int, int]] = ()) -> Iterator[Finding]:
        """The cells whose value alone misleads; `large` are those with numbers beyond 15 digits."""


def finding_notice(kind: str, count: int, first: str) -> str:
    """The sentence about all findings of one kind; `first` is the name of the first cell."""
    one, many = FINDING_NOTICES[kind]
    return _(one if count == 1 else many).format(count=number(count), cell=first)
