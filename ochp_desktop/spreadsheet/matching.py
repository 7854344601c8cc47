"""Which column of a sheet holds which field, and the records that this makes of its rows."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import copied, has, kept, same
from ochp_desktop.spreadsheet.cells import column_letter
from ochp_desktop.spreadsheet.rawtable import Rows
from ochp_desktop.spreadsheet.totals import find_totals, units_below
from ochp_desktop.spreadsheet.twocolumns import joined
from ochp_desktop.spreadsheet.vocabulary import catalogues, plain
from ochp_desktop.texts import N_

REASONS_LABEL = N_("What is wrong")
SURE = frozenset({"name", "label", "synonym", "remembered", "manual"})
# Columns of files that we wrote ourselves: what is wrong with a row, and which row of which sheet it was.
ROW_KEY_HEADER = "ochp-row"


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column holds which field.

    Attributes:
        kind: what kind of record was looked for.
        header_row: index of the header in the rows; -1 when the first row is a record already.
        columns: protocol name of a field -> column index.
        headers: protocol name of a field -> the header as it stands in the file.
        how: protocol name of a field -> what its column was recognised by: "name", "label", "synonym", "near" (nearly
            spelt so), "content" (its cells look so), "joined" (day and time of day in two columns), "remembered" (from
            last time) or "manual" (chosen by hand).
        unmatched: (column index, header) of the columns that hold none of the fields.
        missing: protocol names of the fields without a column.
        constants: protocol name of a field without a column -> the text that all its rows get.
        times: protocol name of a moment whose column holds the day alone -> column index of its time of day.
        first_column: index of the table's first column.
        end_column: index behind its last column.
        end_row: index behind its last row.
    """

    kind: RecordKind
    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, str] = field(default_factory=dict)
    unmatched: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    constants: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    first_column: int = 0
    end_column: int = sys.maxsize
    end_row: int = sys.maxsize

    @property
    def unsure(self) -> list[str]:
        """Protocol names of the fields whose column is a proposal."""
        return [name for name in self.columns if self.how.get(name, "manual") not in SURE]

    @property
    def letters(self) -> dict[str, str]:
        """Protocol name of a field -> letter of its column in the file."""
        return {name: column_letter(column) for name, column in self.columns.items()}

    def texts(self, rows: Rows, name: str, dates: Mapping[int, int] | None = None) -> list[str]:
        """The texts of a matched field in all rows below the header, day and time of day joined.

        Args:
            rows: the rows that were matched.
            name: protocol name of the field.
            dates: column index -> how many of its cells are real dates in the file.
        """
        start = self.header_row + 1
        found = copied(rows.columns[self.columns[name]], start, self.end_row)
        if name in self.times:
            real = dates is not None and dates.get(self.columns[name], 0) >= len(found) - found.count("") > 0
            found = joined(found, copied(rows.columns[self.times[name]], start, self.end_row), real=real)
        return found

    def taken(self, rows: Rows, first_row: int = 1, dates: Mapping[int, int] | None = None) -> Taken:
        """The rows below the header with a text in a matched column, as columns in field order.

        A missing field's texts are empty. Rows with nothing but remarks in other columns are no records, a header that
        is repeated is none either (printed lists have it on every page), nor are totals, nor units below the header.

        Args:
            rows: the rows that were matched.
            first_row: the row number in the file of `rows[0]`.
            dates: column index -> how many of its cells are real dates in the file.
        """
        start, stop = self.header_row + 1, max(self.header_row + 1, min(len(rows), self.end_row))
        matched = {name: self.texts(rows, name, dates) for name in self.columns}
        sources: Sequence[int] = range(first_row + start, first_row + stop)
        keep = _records(list(matched.values()), self._header(rows))
        units = self.header_row >= 0 and units_below(list(matched.values()))
        totals = find_totals(
            list(matched.values()), keep, lambda at: rows[start + at][self.first_column : self.end_column]
        )
        if totals or units:
            keep = [True] * len(sources) if keep is None else keep
            for at in [*totals, *([0] if units else [])]:
                keep[at] = False
        if keep is not None:
            matched = {name: kept(texts, keep) for name, texts in matched.items()}
            sources = kept(sources, keep)
        columns = [
            matched[name] if name in matched else same(self.constants.get(name, ""), len(sources))
            for name in self.kind.names
        ]
        return Taken(sources, columns, [first_row + start + at for at in totals], first_row + start if units else 0)

    def records(self, rows: Sequence[Sequence[str]], first_row: int = 1) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The same row by row: row number in the file, texts in field order."""
        taken = self.taken(rows if isinstance(rows, Rows) else Rows(rows), first_row)
        return zip(taken.sources, zip(*taken.columns, strict=True), strict=True)

    def _header(self, rows: Rows) -> list[str] | None:
        """The header's texts in the matched columns; None without a header or without a column."""
        if not (self.columns and 0 <= self.header_row < len(rows)):
            return None
        header = rows[self.header_row]
        return [
            joined([header[column]], [header[self.times[name]]], real=False)[0]
            if name in self.times
            else header[column]
            for name, column in self.columns.items()
        ]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a matching takes from a sheet.

    Attributes:
        sources: the row number in the file of each record.
        columns: the texts of each field, in field order; the lists belong to whoever asked.
        totals: the row number in the file of each row that was left out because it holds totals.
        units: the row number in the file of a row of units below the header, which was left out as well; 0 for none.
    """

    sources: Sequence[int]
    columns: list[list[str]]
    totals: Sequence[int] = ()
    units: int = 0


def _records(columns: Sequence[list[str]], header: Sequence[str] | None) -> list[bool] | None:
    """Which of the rows are records, None for all of them."""
    if not columns:
        return []
    has_blank = all(has(texts, "") for texts in columns)
    has_header = header is not None and all(has(texts, word) for word, texts in zip(header, columns, strict=True))
    if not has_blank and not has_header:
        return None
    repeated = tuple(header or ())
    return [any(row) and row != repeated for row in zip(*columns, strict=True)]


def matching_of(
    rows: Sequence[Sequence[str]],
    kind: RecordKind,
    header_row: int,
    columns: Mapping[str, int],
    how: Mapping[str, str],
    constants: Mapping[str, str] | None = None,
    bounds: tuple[int, int, int] | None = None,
    times: Mapping[str, int] | None = None,
) -> Matching:
    """A matching with everything that follows from which column holds which field.

    Args:
        rows: the rows of the sheet.
        kind: the kind of record.
        header_row: index of the header, -1 for none.
        columns: protocol name -> column index.
        how: protocol name -> what its column was recognised by.
        constants: protocol name -> text for all rows.
        bounds: first column, column behind the last, row behind the last; None for the whole sheet.
        times: protocol name of a moment -> column index of its time of day.
    """
    row: Sequence[str] = rows[header_row] if 0 <= header_row < len(rows) else ()
    first, end, end_row = bounds or (0, sys.maxsize, sys.maxsize)
    parts = {name: column for name, column in (times or {}).items() if name in columns}
    taken = {*columns.values(), *parts.values()}
    ignored = {plain(ROW_KEY_HEADER), *_reason_headers()}
    return Matching(
        kind=kind,
        header_row=header_row,
        columns={name: columns[name] for name in kind.names if name in columns},
        headers={name: row[column] if column < len(row) else "" for name, column in columns.items()},
        how=dict(how),
        unmatched=[
            (column, text)
            for column, text in enumerate(row)
            if first <= column < end and column not in taken and text.strip() and plain(text) not in ignored
        ],
        missing=[name for name in kind.names if name not in columns],
        constants=dict(constants or {}),
        times=parts,
        first_column=first,
        end_column=end,
        end_row=end_row,
    )


@cache
def _reason_headers() -> frozenset[str]:
    """Our own column of reasons, in every language."""
    return frozenset(plain(catalogue.gettext(REASONS_LABEL)) for catalogue in catalogues())
