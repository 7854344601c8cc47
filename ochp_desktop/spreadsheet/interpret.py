"""What a column must decide because a cell cannot: day or month first, comma or point, and the time zone of its times.

What the column settles is found; what it leaves open is asked for once. The answers turn doubtful texts into the
protocol's form; all other texts stay as they are and are judged by the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from ochp_desktop.records.date_forms import hour_of, plain_form
from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import counted, different
from ochp_desktop.records.value_time import ExpiryDate, OffsetDateTime
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import trimmed
from ochp_desktop.spreadsheet.matching import Matching
from ochp_desktop.spreadsheet.rawtable import RawTable
from ochp_desktop.spreadsheet.vocabulary import ZONE

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
COMMA, POINT = ",", "."
OPEN = "?"
"""The column cannot tell."""

_NUMBERED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[ ,T]+(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)(.*))?")
_REST = re.compile(r"(\.\d{1,9})?\s*(?:([AP])\.?M\.?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?", re.IGNORECASE)
"""What may follow a time: a fraction of a second, the half of the day, the offset."""
_PROTOCOL = re.compile(r"\d{2}/\d{2}/\d{4}")
_OFFSET = re.compile(r".*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|\d[+-]\d{2})", re.IGNORECASE)
_FURTHEST = timedelta(hours=14)
_CLOCK = re.compile(r".*\d[:.]\d{2}.*")
_THREE = re.compile(r"([1-9]\d{0,2})([.,])(\d{3})")
_SIGN = re.compile(r"[^.,]*([.,])\d+\s*(?:k?wh)?", re.IGNORECASE)
_BOTH_SIGNS = re.compile(r".*[.,].*([.,])\d+\s*(?:k?wh)?", re.IGNORECASE)
_MONTHS = 12
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Signs:
    """What the columns say; each is "" where it does not matter, `OPEN` where they cannot tell.

    Attributes:
        date_order: `DAY_FIRST` or `MONTH_FIRST`.
        decimal: `COMMA` or `POINT`.
        without_offset: how many times do not say how far they are from UTC.
        moments: how many times there are.
        date_guess: the likelier order where the columns cannot tell.
        decimal_guess: the likelier sign where the columns cannot tell.
        date_example: a date that shows the doubt.
        decimal_example: a volume that shows the doubt.
    """

    date_order: str = ""
    decimal: str = ""
    without_offset: int = 0
    date_example: str = ""
    decimal_example: str = ""
    moments: int = 0
    date_guess: str = ""
    decimal_guess: str = ""

    @property
    def open_questions(self) -> int:
        """How many of date order and decimal sign the columns leave open."""
        return (self.date_order == OPEN) + (self.decimal == OPEN)


@dataclass(frozen=True, slots=True)
class Answers:
    """What people said, or what the columns say; "" leaves texts as they are.

    Attributes:
        date_order: `DAY_FIRST`, `MONTH_FIRST` or "".
        decimal: `COMMA`, `POINT` or "".
        timezone: name of the zone in which times without offset are meant, or "".
    """

    date_order: str = ""
    decimal: str = ""
    timezone: str = ""


def find_signs(table: RawTable, matching: Matching) -> Signs:
    """What the matched columns say about their dates, decimal signs and times."""
    dates: Counter[str] = Counter()
    volumes: Counter[str] = Counter()
    without_offset = moments = 0
    sure_decimal = ""
    for name, column in matching.columns.items():
        kind = matching.kind.field(name).type
        if not isinstance(kind, (ExpiryDate, OffsetDateTime, Volume)):
            continue
        texts = _texts(table, matching, name)
        if isinstance(kind, OffsetDateTime):
            moments += texts.total()
            without_offset += (
                0
                if zone_of(matching.headers.get(name, ""))
                else sum(many for text, many in texts.items() if _CLOCK.fullmatch(text) and not _OFFSET.fullmatch(text))
            )
        if isinstance(kind, Volume):
            volumes += texts
            if table.numbers.get(column, 0) >= sum(many for text, many in texts.items() if "." in text) > 0:
                sure_decimal = POINT
        elif table.dates.get(column, 0) < texts.total():
            dates += texts
    order, date_example = _date_order(dates)
    decimal, decimal_example = _decimal(volumes)
    return Signs(
        order,
        sure_decimal or decimal,
        without_offset,
        date_example,
        decimal_example,
        moments,
        _likelier_order(dates) if order == OPEN else "",
        # As thousands it would be a thousand kWh and more in one session.
        (COMMA if "," in decimal_example else POINT) if decimal == OPEN and decimal_example else "",
    )


def zone_of(header: str) -> tzinfo | None:
    """The zone that a header names for the times below it, as "Start (UTC)" or "End GMT+1" do."""
    found = ZONE.search(header)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
    if offset > _FURTHEST:
        return None
    return timezone(-offset if found[1] == "-" else offset)


def zones_of(matching: Matching) -> dict[str, tzinfo]:
    """Protocol name of a moment -> the zone that its header names."""
    moments = [name for name in matching.columns if isinstance(matching.kind.field(name).type, OffsetDateTime)]
    return {name: zone for name in moments if (zone := zone_of(matching.headers.get(name, ""))) is not None}


def _texts(table: RawTable, matching: Matching, name: str) -> Counter[str]:
    """The different texts of a field in the order in which they first appear, and how often each is there."""
    found: Counter[str] = Counter()
    for text, many in counted(matching.texts(table.rows, name, table.dates)).items():
        if text:
            found[plain_form(trimmed(text)[:_LONGEST])] += many
    return found


def _date_order(texts: Collection[str]) -> tuple[str, str]:
    """(order, a doubtful text): one 25/12 settles a column; the protocol's own form is day first where it can be."""
    day = month = other_form = False
    doubtful = ""
    for text in texts:
        found = _NUMBERED.fullmatch(text)
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if first > _MONTHS >= second:
            day = True
        elif second > _MONTHS >= first:
            month = True
        elif first != second:
            doubtful = doubtful or text
            other_form = other_form or not (_PROTOCOL.fullmatch(text) or found[2] == ".")
    if day and month:
        return OPEN, doubtful or next(text for text in texts if _NUMBERED.fullmatch(text))
    if day or month:
        return (DAY_FIRST if day else MONTH_FIRST), doubtful
    if not doubtful:
        return "", ""
    return (OPEN if other_form else DAY_FIRST), doubtful


def _likelier_order(texts: Collection[str]) -> str:
    """The order in which the days lie closer together: a month's sessions, read wrongly, are spread over the year."""
    spans: dict[str, int] = {}
    for order in (DAY_FIRST, MONTH_FIRST):
        days: list[int] = []
        for text in texts:
            found = _NUMBERED.fullmatch(text)
            if found is not None:
                day, month = _day_and_month(found, order)
                days.append(int(_year(found[4])) * 372 + month * 31 + day)
        spans[order] = max(days, default=0) - min(days, default=0)
    return MONTH_FIRST if spans[MONTH_FIRST] * 2 < spans[DAY_FIRST] else DAY_FIRST


def _decimal(texts: Collection[str]) -> tuple[str, str]:
    """(sign, a doubtful text): three digits after a single sign may be thousands, anything else settles the column."""
    seen: set[str] = set()
    doubtful = ""
    for text in texts:
        if _THREE.fullmatch(text):
            doubtful = doubtful or text
        elif both := _BOTH_SIGNS.fullmatch(text):
            seen.add(both[1])
        elif one := _SIGN.fullmatch(text):
            seen.add(one[1])
    if len(seen) == 1:
        return seen.pop(), doubtful
    if not doubtful:
        return "", ""
    return OPEN, doubtful


def interpreter(item: Field, answers: Answers, zone: tzinfo | None = None) -> Callable[[str], str] | None:
    """What the answers make of a text of this field, or None when they change nothing in it.

    Args:
        item: the field.
        answers: what people said.
        zone: the zone that the column's header names; it is asked about no more.
    """
    kind = item.type
    zone = zone or (ZoneInfo(answers.timezone) if answers.timezone else None)
    if isinstance(kind, ExpiryDate) and answers.date_order:
        return lambda text: _ordered_day(text, answers.date_order)
    if isinstance(kind, OffsetDateTime) and (answers.date_order or zone):
        return lambda text: _ordered_moment(kind, text, answers.date_order, zone)
    if isinstance(kind, Volume) and answers.decimal:
        return lambda text: _with_decimal(text, answers.decimal)
    return None


def _ordered_day(text: str, order: str) -> str:
    found = _NUMBERED.fullmatch(plain_form(trimmed(text)[:_LONGEST]))
    if found is None or found[5]:
        return text
    day, month = _day_and_month(found, order)
    return f"{day:02}/{month:02}/{_year(found[4])}" if month <= _MONTHS else text


def _ordered_moment(kind: OffsetDateTime, text: str, order: str, zone: tzinfo | None) -> str:
    changed = text
    found = _NUMBERED.fullmatch(plain_form(trimmed(text)[:_LONGEST]))
    rest = _REST.fullmatch(found[6]) if found is not None and found[5] else None
    if found is not None and rest is not None and order:
        day, month = _day_and_month(found, order)
        if month <= _MONTHS:
            hour, clock = found[5].replace(".", ":").split(":", 1)
            seconds = "" if ":" in clock else ":00"
            after = f"{rest[1] or ''}{rest[3] or ''}"
            changed = f"{_year(found[4])}-{month:02}-{day:02}T{hour_of(hour, rest[2])}:{clock}{seconds}{after}"
    if zone is not None:
        complaint = kind.check(changed, zone)
        # The doubled and the missing hour have no repair: they stay marked.
        if complaint is not None and complaint.repair and complaint.fault in {"no-offset", "other-form"}:
            return complaint.repair
    return changed


def _day_and_month(found: re.Match[str], order: str) -> tuple[int, int]:
    """The order that was said, except where only the other one is a date."""
    first, second = int(found[1]), int(found[3])
    if order == MONTH_FIRST:
        return (second, first) if first <= _MONTHS else (first, second)
    return (first, second) if second <= _MONTHS else (second, first)


def _year(text: str) -> str:
    return text if len(text) > 2 else f"20{text}"  # noqa: PLR2004 - two digits are of this century


def _with_decimal(text: str, sign: str) -> str:
    found = _THREE.fullmatch(trimmed(text)[:_LONGEST])
    if found is None:
        return text
    return f"{found[1]},{found[3]}0" if found[2] == sign else f"{found[1]}{found[3]},0000"


def interpret(columns: Sequence[Sequence[str]], matching: Matching, answers: Answers) -> dict[int, dict[int, str]]:
    """Field index -> row -> the protocol's form of its text, for those that the answers change.

    Args:
        columns: the texts, in field order.
        matching: which fields the file has.
        answers: what people said.
    """
    changes: dict[int, dict[int, str]] = {}
    zones = zones_of(matching)
    for position, item in enumerate(matching.kind):
        change = interpreter(item, answers, zones.get(item.name)) if item.name in matching.columns else None
        if change is not None:
            texts = columns[position]
            forms = {text: new for text in different(texts) if text and (new := change(text)) != text}
            if forms:
                changes[position] = {row: forms[text] for row, text in enumerate(texts) if text in forms}
    return changes
