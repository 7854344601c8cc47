"""CDRs as they go on the wire: their texts without outer blanks, in the protocol's forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.values import ValueType, trimmed

# Nearly every field's form on the wire is its text without outer blanks.
_OWN_FORMS = [
    (index, declared.type.wire)
    for index, declared in enumerate(CDRS.fields)
    if type(declared.type).wire is not ValueType.wire
]


def wire_cdr(texts: Sequence[str]) -> tuple[str, ...]:
    """A CDR's texts as they go on the wire."""
    row = list(map(_stripper([texts]), texts))
    for index, wire in _OWN_FORMS:
        row[index] = wire(texts[index])
    return tuple(row)


def wire_cdrs(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The same for many CDRs, column by column, which takes half the time."""
    strip = _stripper(rows)
    columns = list(zip(*rows, strict=True))
    wired: list[Iterable[str]] = [map(strip, column) for column in columns]
    for index, wire in _OWN_FORMS if rows else ():
        wired[index] = map(wire, columns[index])
    return list(zip(*wired, strict=True))


def _stripper(rows: Sequence[Sequence[str]]) -> Callable[[str], str]:
    return str.strip if "".join(map("".join, rows)).isascii() else trimmed
