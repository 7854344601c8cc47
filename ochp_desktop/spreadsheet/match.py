"""Finds the header row of a table and which column holds which field.

A header is compared by its letters and digits alone: case, blanks, punctuation and accents do not matter. It may be the
protocol's name, our label in any language that the program speaks, or a synonym that the field declares. What no header
names may be found by near words and by content: that is a proposal, marked as such, for people to look at.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise

from ochp_desktop.errors import FileError
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.spreadsheet.content import SAMPLE, by_content
from ochp_desktop.spreadsheet.matching import Matching, matching_of
from ochp_desktop.spreadsheet.near import nearly
from ochp_desktop.spreadsheet.rawtable import Rows
from ochp_desktop.spreadsheet.twocolumns import find_pairs
from ochp_desktop.spreadsheet.vocabulary import named, plain, vocabulary
from ochp_desktop.texts import _, labelled

# Titles, addresses and dates may stand above a table, but not more than this.
HEADER_SEARCH_ROWS = 50

# Tables further down than that on one sheet are not looked for.
_MOST_TABLES = 50
_MOST_MISSPELT_ROWS = 5
# A column that its cells alone speak for needs some of them.
_LEAST_BY_CONTENT = 2
_LEAST_WITHOUT_HEADER = 1
_RANKS = {"name": 0, "label": 1, "synonym": 2}
_MAX_SHOWN_HEADERS = 12
# Taken for kWh, such a column would be a thousand times too much, or too little: rather none.
_OTHER_UNIT = re.compile(r"(?<![^\W_])m?wh(?![^\W_])", re.IGNORECASE)


def match_columns(rows: Sequence[Sequence[str]], kind: RecordKind) -> Matching:
    """Find the header row and the columns of a kind of record.

    The header row is the one that names the most fields; of equals the first.

    Raises:
        FileError: no row names any field; the text says which headers were found and which are expected.
    """
    found = best_match(rows, kind)
    if not found.columns:
        raise no_header(rows, (kind,))
    return found


def guess_kind(rows: Sequence[Sequence[str]]) -> RecordKind:
    """The kind of record whose fields the headers name.

    The kind of which more mandatory fields have a column wins; of equals the one with more columns, then the one that
    lacks fewer of its fields. Address and city, which stand in many a list of cards, make no charge data of it.

    Raises:
        FileError: no row names a field of any kind.
    """
    best: tuple[tuple[int, ...], RecordKind] | None = None
    for kind in KINDS.values():
        found = best_match(rows, kind)
        if found.columns:
            sure = [name for name in found.columns if name not in found.unsure]
            needed = sum(kind.field(name).mandatory for name in sure)
            score = (needed, len(sure), len(found.columns), -len(found.missing))
            if best is None or score > best[0]:
                best = (score, kind)
    if best is None:
        raise no_header(rows, tuple(KINDS.values()))
    return best[1]


def best_match(rows: Sequence[Sequence[str]], kind: RecordKind) -> Matching:
    """The matching of the table that fits best; without any column when there is none."""
    found = find_tables(rows, kind)
    return found[0] if found else _by_content_alone(rows, kind)


def find_tables(rows: Sequence[Sequence[str]], kind: RecordKind) -> list[Matching]:
    """All tables on the sheet whose header names a field, the one that names the most first."""
    candidates = [
        found
        for index in _header_candidates(rows)
        for stretch in _stretches(rows, index)
        if (found := _match_row(rows, index, kind, stretch)).columns
    ]
    if not candidates:
        # Not one known word: perhaps they are all misspelt.
        filled = [index for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]) if any(row)][:_MOST_MISSPELT_ROWS]
        guesses = [_match_row(rows, index, kind, (0, len(rows[index])), misspelt=True) for index in filled]
        candidates = [max(guesses, key=lambda guess: len(guess.columns))] if guesses else []
        candidates = [guess for guess in candidates if guess.columns]
    tables: list[Matching] = []
    for found in candidates:
        below = [
            other.header_row
            for other in candidates
            if other.header_row > found.header_row + 1
            and other.first_column < found.end_column
            and found.first_column < other.end_column
            and len(other.columns) > 1
            and not any(rows[other.header_row - 1])
            and list(rows[other.header_row]) != list(rows[found.header_row])
        ]
        tables.append(dataclasses.replace(found, end_row=min(below, default=sys.maxsize)))
    tables.sort(key=lambda found: (-(len(found.columns) - len(found.unsure)), -len(found.columns), found.header_row))
    if tables:
        # One that names a single field beside one that names many is a remark that happens to be such a word.
        most = len(tables[0].columns)
        tables = [table for table in tables if len(table.columns) * 3 >= most]
    return [tables[0], *_others(tables)] if tables else []


def _others(tables: Sequence[Matching]) -> list[Matching]:
    """Other tables than the first: not rows of the very table that was found already."""
    first = tables[0]
    return [
        table
        for table in tables[1:]
        if table.header_row >= first.end_row
        or table.first_column >= first.end_column
        or table.end_column <= first.first_column
        or (table.end_row <= first.header_row and len(table.columns) > 1)
    ]


def _header_candidates(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """The first rows, and further down every row that follows a blank one."""
    yield from range(min(len(rows), HEADER_SEARCH_ROWS))
    blank = rows.blank() if isinstance(rows, Rows) else [index for index, row in enumerate(rows) if not any(row)]
    after = (index + 1 for index, next_blank in pairwise([*blank, len(rows)]) if index + 1 != next_blank)
    yield from islice((index for index in after if index > HEADER_SEARCH_ROWS), _MOST_TABLES)


def _stretches(rows: Sequence[Sequence[str]], index: int) -> Iterator[tuple[int, int]]:
    """(first column, column behind the last) of each stretch of headers with an empty column between."""
    row = rows[index]
    below = rows[index + 1 : index + 1 + HEADER_SEARCH_ROWS]
    start: int | None = None
    end = 0
    found: list[tuple[int, int]] = []
    for column, text in enumerate(row):
        if text:
            if start is None:
                start = column
            end = column + 1
        elif start is not None and not any(column < len(line) and line[column] for line in below):
            found.append((start, end))
            start = None
    if start is not None:
        found.append((start, len(row)))
    if len(found) > 1:
        yield from found
    if len({_filled_rows(below, stretch) for stretch in found}) <= 1:
        # As long as each other: rather one table with an empty column in it.
        yield 0, len(row)


def _filled_rows(rows: Sequence[Sequence[str]], stretch: tuple[int, int]) -> int:
    """How far down a stretch of columns has texts."""
    return max((at for at, row in enumerate(rows, 1) if any(row[slice(*stretch)])), default=0)


def _by_content_alone(rows: Sequence[Sequence[str]], kind: RecordKind) -> Matching:
    """The matching of a table without a header that says anything."""
    first = next((index for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]) if any(row)), 0)
    width = max((len(row) for row in rows[:SAMPLE]), default=0)
    samples = _samples(rows, first, range(width))
    found = by_content(samples, kind, kind.names, least=_LEAST_WITHOUT_HEADER)
    header_row = first
    if found and first < len(rows):
        row = rows[first]
        alone = {column: [row[column]] for column in found.values() if column < len(row) and row[column]}
        if len(by_content(alone, kind, list(found))) * 2 > len(found):
            header_row = first - 1  # its first row looks like all others
    return matching_of(rows, kind, header_row, found, dict.fromkeys(found, "content"))


def _samples(rows: Sequence[Sequence[str]], start: int, columns: Iterable[int]) -> dict[int, list[str]]:
    """Column index -> its first filled cells from a row on."""
    wanted = list(columns)
    part = rows[start : start + SAMPLE]
    return {column: [row[column] for row in part if column < len(row) and row[column]] for column in wanted}


def _match_row(
    rows: Sequence[Sequence[str]], index: int, kind: RecordKind, stretch: tuple[int, int], *, misspelt: bool = False
) -> Matching:
    row = rows[index]
    words = vocabulary(kind)
    claims: dict[str, tuple[int, int]] = {}  # protocol name -> (rank, column) of the best claim
    unnamed: list[int] = []
    above = _headers_above(rows, index)
    for column in range(*stretch):
        if _OTHER_UNIT.search(row[column]):
            continue
        found = named(row[column], words) or named(above.get(column, ""), words)
        if found is not None:
            claim = (_RANKS[found[1]], column)
            claims[found[0]] = min(claim, claims.get(found[0], claim))
        else:
            unnamed.append(column)
    if not claims and not misspelt:
        return Matching(kind, index, {})
    ranks = {rank: how for how, rank in _RANKS.items()}
    columns = {name: column for name, (_rank, column) in claims.items()}
    how = {name: ranks[rank] for name, (rank, _column) in claims.items()}
    _add_near(row, unnamed, words, columns, how)
    if not columns:
        return Matching(kind, index, {})
    times: dict[str, int] = {}
    if index + 1 < len(rows):
        samples = _samples(rows, index + 1, range(*stretch))
        spoken = [above.get(column) or text for column, text in enumerate(row)] if _grouped(rows, index) else row
        for name, (day, time, sure) in find_pairs(spoken, samples, kind, columns).items():
            columns[name], times[name] = day, time
            how[name] = how.get(name, "synonym") if sure else "joined"
        used = {*columns.values(), *times.values()}
        free = [column for column in unnamed if column not in used]
        wanted = [name for name in kind.names if name not in columns]
        looks = {column: samples[column] for column in free}
        for name, column in by_content(looks, kind, wanted, least=_LEAST_BY_CONTENT).items():
            columns[name], how[name] = column, "content"
    bounds = (stretch[0], stretch[1], sys.maxsize) if stretch != (0, len(row)) else None
    return matching_of(rows, kind, index, columns, how, bounds=bounds, times=times)


def _add_near(
    row: Sequence[str],
    unnamed: Sequence[int],
    words: Mapping[str, tuple[str, str]],
    columns: dict[str, int],
    how: dict[str, str],
) -> None:
    for column in unnamed:
        name = nearly(row[column], plain(row[column]), words) if row[column] else ""
        if name and name not in columns:
            columns[name], how[name] = column, "near"


def _headers_above(rows: Sequence[Sequence[str]], index: int) -> dict[int, str]:
    """What a header of two rows says in its upper row: alone where the lower cell is empty, else before its word."""
    if index == 0:
        return {}
    row, upper = rows[index], rows[index - 1]
    texts: dict[int, str] = {}
    reaching = ""
    for column, text in enumerate(row):
        over = upper[column] if column < len(upper) else ""
        reaching = over or reaching  # a merged cell has its text in its first column
        if not text:
            texts[column] = over
        elif reaching:
            texts[column] = f"{reaching} {text}"
    return texts


def _grouped(rows: Sequence[Sequence[str]], index: int) -> bool:
    """Whether the row above a header says what its columns belong to: several words, neither a title nor values."""
    words = [text for text in rows[index - 1] if text] if index else []
    return len(words) > 1 and not any(letter.isdigit() for word in words for letter in word)


def no_header(rows: Sequence[Sequence[str]], kinds: Sequence[RecordKind]) -> FileError:
    """The error for a sheet on which no column is known."""
    first: Sequence[str] = next((row for row in rows if any(text.strip() for text in row)), [])
    headers = [text.strip() for text in first if text.strip()]
    shown = ", ".join(text[:40] for text in headers[:_MAX_SHOWN_HEADERS])
    if len(headers) > _MAX_SHOWN_HEADERS:
        shown += ", …"
    labels = [_(kind.label) for kind in kinds]
    expected = "; ".join(
        labelled(label, ", ".join(item.title() for item in kind)) for label, kind in zip(labels, kinds, strict=True)
    )
    return FileError(
        _("No known column"),
        _(
            "None of the columns is known. The first row says: {found}. Expected are headers such as these: "
            "{expected}. Put one of these words above each column and open the file again."
        ).format(found=shown or "-", expected=expected),
    )
