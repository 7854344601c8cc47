"""What the cells of a column look like, where its header says nothing: a column of 14-digit hex is a token id."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.values import trimmed

# So many filled cells say enough.
SAMPLE = 200
# Of the cells looked at, this share must look alike.
_SHARE = 0.8
_LEAST_CELLS = 1

_DATE = r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2})"
_UID = re.compile(
    r"(?=\S*[A-Fa-f])(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20})|(?:[0-9A-Fa-f]{2}[:-]){3,9}[0-9A-Fa-f]{2}"
)
_PLAIN_UID = re.compile(r"[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20}")
_CONTRACT = re.compile(r"[A-Za-z]{2}[-*]?[0-9A-Za-z]{3}[-*]?[Cc]?[0-9A-Za-z]{6,9}(?:[-*]?[0-9A-Za-z])?")
_EVSE = re.compile(r"[A-Z]{2}\*?[0-9A-Z]{3}\*?E[0-9A-Z][0-9A-Z*]{0,30}|\+\d{1,3}\*\d{3,6}\*[\d*]+")
_MOMENT = re.compile(_DATE + r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?")
_DAY = re.compile(_DATE)
_CLOCK = re.compile(r"\d{1,3}:[0-5]\d:[0-5]\d")
_OBIS = re.compile(r"\d-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3}(?:\*\d{1,3})?|1\.8\.\d")
_DECIMAL = re.compile(r"\d{1,4}[.,]\d{1,6}")
_COUNTRY = re.compile(r"NLD|DEU|BEL|FRA|LUX|AUT|CHE|DNK|GBR|ITA|ESP|POL|NOR|SWE")

# In the order in which they are tried; a field is given to one column only.
_LOOKS: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]] = {
    "tokens": (("evcoId", _CONTRACT), ("tokenId", _UID), ("expiryDate", _DAY)),
    "cdrs": (
        ("startDatetime", _MOMENT),
        ("endDatetime", _MOMENT),
        ("evseId", _EVSE),
        ("evcoId", _CONTRACT),
        ("authenticationId", _UID),
        ("obisCode", _OBIS),
        ("chargePointCountry", _COUNTRY),
        ("duration", _CLOCK),
        ("volume", _DECIMAL),
    ),
}


def by_content(
    columns: Mapping[int, Sequence[str]], kind: RecordKind, wanted: Collection[str], *, least: int = _LEAST_CELLS
) -> dict[str, int]:
    """Protocol name -> column index, for the wanted fields that one column alone looks like.

    Start and end of a session are told apart by which is earlier; three columns of moments say nothing.

    Args:
        columns: column index -> some of its filled cells.
        kind: the kind of record.
        wanted: fields that no header named.
        least: how many filled cells a column must have to be looked at.
    """
    free = {column: [trimmed(text) for text in texts] for column, texts in columns.items() if len(texts) >= least}
    found: dict[str, int] = {}
    for name, pattern in _LOOKS[kind.name]:
        if name not in wanted or name in found:
            continue
        alike = [column for column, texts in free.items() if looks_like(texts, pattern)]
        if pattern is _MOMENT:
            found |= _moments(alike, free, wanted)
        elif len(alike) == 1:
            found[name] = alike[0]
        for column in set(found.values()) & free.keys():
            del free[column]
    return found


def looks_like(texts: Iterable[str], pattern: re.Pattern[str]) -> bool:
    """Whether nearly all of the texts match; a UID of digits alone counts among others with letters."""
    known = list(texts)
    matches = sum(pattern.fullmatch(text) is not None for text in known)
    if pattern is _UID and matches:
        matches = sum(bool(pattern.fullmatch(text) or _PLAIN_UID.fullmatch(text)) for text in known)
    return bool(known) and matches >= _SHARE * len(known)


def _moments(alike: Sequence[int], texts: Mapping[int, Sequence[str]], wanted: Collection[str]) -> dict[str, int]:
    names = [name for name in ("startDatetime", "endDatetime") if name in wanted]
    if len(alike) != len(names):
        return {}
    if len(names) == 1:
        return {names[0]: alike[0]}
    one, other = alike
    pairs = list(zip(texts[one], texts[other], strict=False))
    earlier = sum(a < b for a, b in pairs if a[:8] == b[:8])
    later = sum(a > b for a, b in pairs if a[:8] == b[:8])
    return dict(zip(names, (one, other) if earlier >= later else (other, one), strict=True))
