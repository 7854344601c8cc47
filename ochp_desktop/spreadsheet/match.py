"""Finds the header row of a table and which column holds which field.

A header is compared by its letters and digits alone: case, blanks, punctuation and accents do not matter. It may be the
protocol's name, our label in any language that the program speaks, or a synonym that the field declares.
"""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from ochp_desktop.errors import FileError
from ochp_desktop.paths import resource
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.spreadsheet.cells import column_letter
from ochp_desktop.texts import DOMAIN, LANGUAGES, _

# Titles, addresses and dates may stand above a table, but not more than this.
HEADER_SEARCH_ROWS = 50

_RANKS = {"name": 0, "label": 1, "synonym": 2}
_MAX_SHOWN_HEADERS = 12


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column holds which field.

    Attributes:
        kind: what kind of record was looked for.
        header_row: index of the header in the rows.
        columns: protocol name of a field -> column index.
        headers: protocol name of a field -> the header as it stands in the file.
        how: protocol name of a field -> "name", "label" or "synonym": what the header was recognised by.
        unmatched: (column index, header) of the columns that hold none of the fields.
        missing: protocol names of the fields without a column.
    """

    kind: RecordKind
    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, str] = field(default_factory=dict)
    unmatched: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def letters(self) -> dict[str, str]:
        """Protocol name of a field -> letter of its column in the file."""
        return {name: column_letter(column) for name, column in self.columns.items()}

    def records(self, rows: Sequence[Sequence[str]], first_row: int = 1) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(row number in the file, texts in field order) of each row below the header with a text in a matched column.

        A missing field's text is empty. Rows with nothing but remarks in other columns are no records.

        Args:
            rows: the rows that were matched.
            first_row: the row number in the file of `rows[0]`.
        """
        width = max((len(row) for row in rows), default=0)
        # A missing field reads from a column that is always empty.
        needed = width + 1 if self.missing else width
        take = itemgetter(*(self.columns.get(name, width) for name in self.kind.names))
        for index in range(self.header_row + 1, len(rows)):
            row = rows[index]
            texts: tuple[str, ...] = take(row if len(row) >= needed else [*row, *[""] * (needed - len(row))])
            if any(texts):
                yield first_row + index, texts


def plain(header: str) -> str:
    """A header reduced to what is compared: lower-case letters and digits without accents."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in letters if letter.isalnum() and not unicodedata.combining(letter))


def match_columns(rows: Sequence[Sequence[str]], kind: RecordKind) -> Matching:
    """Find the header row and the columns of a kind of record.

    The header row is the one, among the first 50, that names the most fields; of equals the first.

    Raises:
        FileError: no row names any field; the text says which headers were found and which are expected.
    """
    found = best_header(rows, kind)
    if found is None:
        raise _no_header(rows, (kind,))
    return found


def guess_kind(rows: Sequence[Sequence[str]]) -> RecordKind:
    """The kind of record whose fields the headers name.

    The kind with more columns wins; of equals the one that lacks fewer of its fields.

    Raises:
        FileError: no row names a field of any kind.
    """
    best: tuple[tuple[int, int], RecordKind] | None = None
    for kind in KINDS.values():
        found = best_header(rows, kind)
        if found is not None:
            score = (len(found.columns), -len(found.missing))
            if best is None or score > best[0]:
                best = (score, kind)
    if best is None:
        raise _no_header(rows, tuple(KINDS.values()))
    return best[1]


def best_header(rows: Sequence[Sequence[str]], kind: RecordKind) -> Matching | None:
    """The matching of the row that names the most fields, or None when none names any."""
    words = vocabulary(kind)
    best: Matching | None = None
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        found = _match_row(index, row, kind, words)
        if found.columns and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


@cache
def vocabulary(kind: RecordKind) -> Mapping[str, tuple[str, str]]:
    """Plain header -> (protocol name, "name", "label" or "synonym"); a name beats a label, a label a synonym."""
    words: dict[str, tuple[str, str]] = {}
    for item in kind:
        words.setdefault(plain(item.name), (item.name, "name"))
    for catalogue in _catalogues():
        for item in kind:
            words.setdefault(plain(catalogue.gettext(item.label)), (item.name, "label"))
    for item in kind:
        for synonym in item.synonyms:
            words.setdefault(plain(synonym), (item.name, "synonym"))
    words.pop("", None)
    return words


def _catalogues() -> list[gettext.NullTranslations]:
    """English and every translation that ships with the program."""
    catalogues = [gettext.NullTranslations()]
    for code in LANGUAGES:
        try:
            catalogues.append(gettext.translation(DOMAIN, resource("locale"), [code]))
        except OSError:  # English has none, and a source tree may not have compiled the others yet
            continue
    return catalogues


def _match_row(index: int, row: Sequence[str], kind: RecordKind, words: Mapping[str, tuple[str, str]]) -> Matching:
    claims: dict[str, tuple[int, int]] = {}  # protocol name -> (rank, column) of the best claim
    for column, header in enumerate(row):
        named = _named(header, words)
        if named is not None:
            claim = (_RANKS[named[1]], column)
            claims[named[0]] = min(claim, claims.get(named[0], claim))
    columns = {name: claims[name][1] for name in kind.names if name in claims}
    ranks = {rank: how for how, rank in _RANKS.items()}
    taken = set(columns.values())
    return Matching(
        kind=kind,
        header_row=index,
        columns=columns,
        headers={name: row[column] for name, column in columns.items()},
        how={name: ranks[claims[name][0]] for name in columns},
        unmatched=[(column, text) for column, text in enumerate(row) if column not in taken and text.strip()],
        missing=[name for name in kind.names if name not in columns],
    )


def _named(header: str, words: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The field a header names; a remark in brackets after the name, such as "(kWh)", may be left out."""
    if not header:
        return None
    named = words.get(plain(header))
    if named is None and ("(" in header or "[" in header):
        named = words.get(plain(header.replace("[", "(").split("(", 1)[0]))
    return named


def _no_header(rows: Sequence[Sequence[str]], kinds: Sequence[RecordKind]) -> FileError:
    first: Sequence[str] = next((row for row in rows if any(text.strip() for text in row)), [])
    headers = [text.strip() for text in first if text.strip()]
    shown = ", ".join(text[:40] for text in headers[:_MAX_SHOWN_HEADERS])
    if len(headers) > _MAX_SHOWN_HEADERS:
        shown += ", …"
    expected = "; ".join(f"{_(kind.label)}: {', '.join(item.title() for item in kind)}" for kind in kinds)
    return FileError(
        _("No known column"),
        _(
            "None of the columns is known. The first row says: {found}. Expected are headers such as these: "
            "{expected}. Put one of these words above each column and open the file again."
        ).format(found=shown or "-", expected=expected),
    )
