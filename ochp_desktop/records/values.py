"""What every value type can do: parse, check, format and suggest for the text of one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a text is not a value of its type.

    Attributes:
        text: the sentence for people, untranslated, with placeholders.
        args: values for the placeholders.
        repair: the text that would mend it, or None.
        certain: whether the repair cannot be wrong.
    """

    text: str
    args: Mapping[str, str] = field(default_factory=dict)
    repair: str | None = None
    certain: bool = False


class ValueType:
    """Text of any form; the base of all value types.

    A cell keeps its text as typed. The type says what the text means (`parse`), what is wrong
    with it (`check`), how a value is written (`format`), how a wrong text could be mended
    (`Complaint.repair`), what goes out on the wire (`wire`) and what the table shows (`display`).
    No method raises for any text.
    """

    name = "text"

    def parse(self, text: str) -> Any:
        """The value that the text stands for, or None when it stands for none."""
        return text

    def check(self, text: str) -> Complaint | None:  # noqa: ARG002 - the base accepts any text
        """What is wrong with a text that is not empty, or None."""
        return None

    def format(self, value: Any) -> str:
        """The protocol's text for a value that `parse` returned."""
        return str(value)

    def wire(self, text: str) -> str:
        """The text to send for this cell: the protocol's form of a valid text, else the text unchanged."""
        return text

    def display(self, text: str) -> str:
        """The text as the table shows it."""
        return text

    def choices(self) -> Sequence[tuple[str, str]]:
        """(text, shown text) of each allowed value where there are few, else nothing."""
        return ()

    def sort_key(self, text: str) -> Any:
        """What to sort by: values before texts that stand for none; comparable with every other key of this type."""
        return text.casefold()
