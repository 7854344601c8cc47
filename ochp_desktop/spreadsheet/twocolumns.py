"""A moment that stands in two columns, a day and a time of day: found by headers and content, and joined into one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from ochp_desktop.records.date_forms import hour_of
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.pieces import different
from ochp_desktop.records.value_time import OffsetDateTime
from ochp_desktop.records.values import trimmed
from ochp_desktop.spreadsheet.vocabulary import plain

_DAY = re.compile(r"(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00)?)?")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\s?(?:uhr|uur|u\.?|h\.?|[ap]\.?m\.?))?", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?$")
_PARTS = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(?:uhr|uur|u\.?|h\.?|([ap])\.?m\.?)?", re.IGNORECASE)
_EXCEL_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
# Of the cells looked at, this share must look so.
_SHARE = 0.8
# By their first letters, without accents: English, Dutch, German and French.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "startDatetime": ("start", "begin", "debut", "von", "van", "from", "ab", "anfang"),
    "endDatetime": ("end", "eind", "stop", "fin", "bis", "tot", "to", "jusqu"),
}
# Prepositions that say so only where they stand alone or at the end: "Heure de fin" is no beginning.
_LAST_WORDS: Mapping[str, str] = {"startDatetime": "de", "endDatetime": "a"}
_TIME_WORDS = ("zeit", "uhrzeit", "tijd", "tijdstip", "time", "heure", "clock")
_DATE_WORDS = ("datum", "date", "tag", "dag", "jour", "day")


def find_pairs(
    headers: Sequence[str],
    samples: Mapping[int, Sequence[str]],
    kind: RecordKind,
    columns: Mapping[str, int],
) -> dict[str, tuple[int, int, bool]]:
    """Protocol name of a moment -> (column of its day, column of its time, whether both headers say so).

    Args:
        headers: the header row.
        samples: column index -> some of its filled cells.
        kind: the kind of record.
        columns: protocol name -> the column that its header named.
    """
    names = [name for name in _WORDS if name in kind.names and isinstance(kind.field(name).type, OffsetDateTime)]
    days = [column for column, texts in samples.items() if _alike(texts, _DAY)]
    clocks = [column for column, texts in samples.items() if _alike(texts, _CLOCK)]
    taken = {column for name, column in columns.items() if name not in names}
    clocks = [column for column in clocks if column not in taken]
    days = [column for column in days if column not in taken]
    found: dict[str, tuple[int, int, bool]] = {}
    for name in names:
        known = columns.get(name)
        if known is not None and known not in days and known not in clocks:
            continue  # a whole moment stands in its column
        time = _choose(headers, clocks, name, known, used=[pair[1] for pair in found.values()])
        if time is None:
            continue
        free = [day for day in days if day not in [pair[0] for pair in found.values()]]
        day = _choose(headers, free, name, known, near=time) if free else None
        if day is None and days:
            # One day for both: sessions rarely last past midnight, and where they do the rules will say so.
            day = min(days, key=lambda column: abs(column - time))
        if day is not None:
            found[name] = (day, time, _says(headers[day], name) and _says(headers[time], name))
    return found


def _choose(
    headers: Sequence[str],
    candidates: Sequence[int],
    name: str,
    known: int | None,
    *,
    used: Collection[int] = (),
    near: int | None = None,
) -> int | None:
    """The column that the header row means for a moment: named so, beside the other part, or the next one in order."""
    others = [other for other in _WORDS if other != name]
    free = [
        column
        for column in candidates
        if column not in used and not any(_says(headers[column], other) for other in others)
    ]
    if known in free:
        return known
    said = [column for column in free if _says(headers[column], name)]
    if said:
        return said[0]
    beside = near if near is not None else known
    if beside is not None:
        adjacent = [column for column in free if abs(column - beside) == 1]
        return adjacent[0] if adjacent else None
    plain_words = [column for column in free if plain(headers[column]).startswith((*_TIME_WORDS, *_DATE_WORDS))]
    return plain_words[0] if plain_words and name == "startDatetime" else None


def _says(header: str, name: str) -> bool:
    """Whether a header speaks of the beginning, or the end, of a session."""
    words = re.findall(r"[^\W_]+", header.casefold())
    return any(_begins(plain(word), name) for word in words) or plain(words[-1] if words else "") == _LAST_WORDS[name]


def _begins(word: str, name: str) -> bool:
    return any(word == stem or (len(stem) > 2 and word.startswith(stem)) for stem in _WORDS[name])  # noqa: PLR2004 - short words only whole


def _alike(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(texts) and sum(pattern.fullmatch(trimmed(text)) is not None for text in texts) >= _SHARE * len(texts)


def joined(days: Sequence[str], times: Sequence[str], *, real: bool) -> list[str]:
    """The moments that days and times of day make; a text that is neither stays beside the other for people to see.

    Args:
        days: texts of the days.
        times: texts of the times.
        real: whether the days are real dates of the file, so that their day and month are sure.
    """
    forms = {day: _day(day, real=real) for day in different(days)}
    clocks = {time: _clock(time) for time in different(times)}
    return [
        f"{forms[day]}{'T' if forms[day][4:5] == '-' else ' '}{clocks[time]}" if day and time else day or time
        for day, time in zip(days, times, strict=True)
    ]


def _day(text: str, *, real: bool) -> str:
    day = _MIDNIGHT.sub("", trimmed(text))
    found = _EXCEL_DAY.fullmatch(day) if real else None
    return f"{found[3]}-{found[2]}-{found[1]}" if found else day


def _clock(text: str) -> str:
    """A time of day as HH:MM:SS; others unchanged."""
    found = _PARTS.fullmatch(trimmed(text))
    if found is None:
        return trimmed(text)
    return f"{hour_of(found[1], found[4])}:{found[2]}:{found[3] or '00'}"
