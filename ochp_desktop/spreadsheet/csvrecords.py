"""The records of a text table, also where a quotation mark is missing or too many.

Read by the letter, a cell whose quotation mark never closes swallows all rows up to the next mark or the end of the
file, without a word. Such a record is known by its lines: two of them would make whole rows.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

# Lines among which there is no quotation mark need no care.
_AT_ONCE = 500


class _Lines:
    """Lines that can be put back.

    Attributes:
        taken: those that were taken since it was cleared.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.taken: list[str] = []
        self._rest = iter(lines)
        self._back: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._rest)
        self.taken.append(line)
        return line

    @property
    def are_back(self) -> bool:
        return bool(self._back)

    def put_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))

    def some(self, count: int) -> list[str]:
        """The next lines, at most so many; none when there are no more."""
        found = list(islice(self._back, count))
        for _line in found:
            self._back.popleft()
        found += islice(self._rest, count - len(found))
        return found


class CsvRecords:
    """Walks through the records once.

    Args:
        lines: the table's lines with their ends.
        options: for the `csv` module.

    Attributes:
        torn: numbers, from 1, of the records in which a quotation mark was taken as part of the text.
    """

    def __init__(self, lines: Iterable[str], options: dict[str, Any]) -> None:
        self.torn: list[int] = []
        self._lines = _Lines(lines)
        self._options = options
        self._width = 0
        self._count = 0

    def __iter__(self) -> Iterator[list[str]]:
        """One by one.

        Raises:
            csv.Error: a cell is too long, and it does not look as if a quotation mark were the reason.
        """
        mark = self._options.get("quotechar")
        while some := self._lines.some(_AT_ONCE):
            if mark and any(mark in line for line in some):
                self._lines.put_back(some)
                yield from self._carefully()
                continue
            for record in csv.reader(some, **self._options):
                self._count += 1
                self._width = max(self._width, len(record))
                yield record

    def _carefully(self) -> Iterator[list[str]]:
        """The records that begin in the lines that were put back."""
        lines = self._lines
        reader = csv.reader(lines, **self._options)
        while lines.are_back:
            lines.taken.clear()
            try:
                record = next(reader)
            except csv.Error:
                if not self._is_torn(1):
                    raise
                reader = csv.reader(lines, **self._options)  # the old one is in the middle of a cell
                record = []
            self._count += 1
            if self._is_torn(len(record)) if len(lines.taken) > 1 else self._is_glued(record):
                self.torn.append(self._count)
                lines.put_back(lines.taken[1:])
                record = self._by_line(lines.taken[0])
            self._width = max(self._width, len(record))
            yield record

    def _is_torn(self, width: int) -> bool:
        """Whether two of the lines taken would be whole rows; in an honest record all lines together are one."""
        least = max(1, (self._width or width) - 1)
        delimiter = self._options["delimiter"]
        rows = 0
        for line in self._lines.taken:
            rows += line.count(delimiter) >= least
            if rows > 1:
                return True
        return False

    def _is_glued(self, record: list[str]) -> bool:
        """Whether cells of one line were taken for one; an honest line has as many marks that open as that close."""
        if len(record) >= self._width:
            return False
        mark, (line,) = self._options.get("quotechar"), self._lines.taken
        if not mark or line.count(mark) % 2 == 0:
            return False
        return line.count(self._options["delimiter"]) == self._width - 1

    def _by_line(self, line: str) -> list[str]:
        """The cells of one line, cut at each delimiter; quotation marks around a cell are taken away all the same."""
        mark = self._options["quotechar"]
        cells = line.rstrip("\r\n").split(self._options["delimiter"])
        return [
            cell[1:-1].replace(mark * 2, mark) if len(cell) > 1 and cell[0] == cell[-1] == mark else cell
            for cell in cells
        ]
