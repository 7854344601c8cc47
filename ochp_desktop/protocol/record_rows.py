"""Turns record elements, of one kind and as liberally as all that is read, into rows of texts."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.wire import ENUMERATIONS, field_names, plain, plain_word

_MEMORY = 10_000  # distinct texts of an enumeration that are remembered; hostile input may have any number
_LONGEST_NUMBER = 9  # digits; a hub number has one or two, more than an int holds is no number


class RecordRows:
    """Turns record elements of one kind into rows."""

    def __init__(self, contract: Contract, kind: str) -> None:
        """Set up for records of a kind, "tokens" or "cdrs", under a contract."""
        fields = field_names(kind)
        self._blank = [""] * len(fields)
        self._positions = {plain(name): index for index, name in enumerate(fields)}
        self._columns: dict[str, int | None] = {}
        self._coded: list[tuple[int, Mapping[str, str], dict[str, str]]] = [
            (index, contract.codes(name), {}) for index, name in enumerate(fields) if name in ENUMERATIONS
        ]

    def row(self, record: etree._Element) -> tuple[str, ...]:
        """The texts of a record, enumerations as numbers."""
        row = self.plain_row(record)
        return tuple(self._numbered(list(row))) if self._coded else row

    def plain_row(self, record: etree._Element) -> tuple[str, ...]:
        """The texts of a record as they stand there."""
        row = self._blank.copy()
        columns = self._columns
        for child in record:
            tag = child.tag
            try:
                column = columns[tag]  # type: ignore[index]  # comments, the only other tags, are not kept
            except KeyError:
                column = self._column(str(tag))
            if column is not None:
                text = child.text
                if text:
                    row[column] = text
        return tuple(row)

    def numbered(self, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Rows with enumerations as numbers; they nearly always are."""
        for column, words, _known in self._coded:
            if any(number_of(text, words) != text for text in {row[column] for row in rows}):
                return [tuple(self._numbered(list(row))) for row in rows]
        return rows

    def _numbered(self, row: list[str]) -> list[str]:
        for column, words, known in self._coded:
            text = row[column]
            try:
                row[column] = known[text]
            except KeyError:
                row[column] = number = number_of(text, words)
                if len(known) < _MEMORY:
                    known[text] = number
        return row

    def _column(self, tag: str) -> int | None:
        column = self._positions.get(plain(tag))
        if len(self._columns) < _MEMORY:
            self._columns[tag] = column
        return column


def number_of(text: str, words: Mapping[str, str]) -> str:
    """The number text of an enumeration's text; what is neither a number nor a known name stays as it is."""
    stripped = text.strip()
    digits = stripped.lstrip("+-")
    if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER:
        try:
            return str(int(stripped))
        except ValueError:
            return text
    return words.get(plain_word(stripped), text)
