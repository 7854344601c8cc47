"""What people chose for a header row, to be applied when the same header comes again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.spreadsheet.interpret import Answers
from ochp_desktop.spreadsheet.match import HEADER_SEARCH_ROWS
from ochp_desktop.spreadsheet.matching import Matching, matching_of
from ochp_desktop.spreadsheet.vocabulary import plain


@dataclass(frozen=True, slots=True)
class Remembered:
    """The choices for one header row.

    Attributes:
        kind: name of the kind of record.
        title: the header row as people know it, shortened.
        columns: protocol name -> column index.
        constants: protocol name -> text for all rows.
        answers: how its doubtful texts are read.
        times: protocol name of a moment -> column index of its time of day.
    """

    kind: str
    title: str
    columns: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)
    times: Mapping[str, int] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """The same as what JSON can say."""
        answers = {"date_order": self.answers.date_order, "decimal": self.answers.decimal}
        return {
            "kind": self.kind,
            "title": self.title,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "answers": {**answers, "timezone": self.answers.timezone},
            "times": dict(self.times),
        }

    @classmethod
    def from_data(cls, data: Any) -> Remembered | None:
        """What `to_data` made, or None for anything else."""
        try:
            kind = KINDS[data["kind"]]
            columns = {str(name): int(column) for name, column in data["columns"].items() if name in kind.names}
            constants = {str(name): str(text) for name, text in data["constants"].items() if name in kind.names}
            answers = Answers(**{str(name): str(text) for name, text in data["answers"].items()})
            times = {str(name): int(column) for name, column in data.get("times", {}).items() if name in columns}
            return cls(kind.name, str(data["title"]), columns, constants, answers, times)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def header_key(row: Sequence[str]) -> str:
    """By what a header row is known again: its words in their order, however they are spelt."""
    words = [plain(text) for text in row]
    while words and not words[-1]:
        words.pop()
    return hashlib.blake2b("|".join(words).encode(), digest_size=8).hexdigest() if any(words) else ""


def recall(
    rows: Sequence[Sequence[str]], kind: RecordKind | None, memory: Mapping[str, Remembered]
) -> tuple[Matching, Answers] | None:
    """The matching that was chosen for one of the first rows before, or None."""
    if not memory:
        return None
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        known = memory.get(header_key(row))
        if known is not None and (kind is None or known.kind == kind.name):
            columns = {name: column for name, column in known.columns.items() if 0 <= column < len(row)}
            how = dict.fromkeys(columns, "remembered")
            times = {name: column for name, column in known.times.items() if 0 <= column < len(row)}
            matching = matching_of(rows, KINDS[known.kind], index, columns, how, known.constants, times=times)
            return matching, known.answers
    return None
