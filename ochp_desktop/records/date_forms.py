"""How dates and times are written elsewhere: year or month first, with month names or a clock of twelve hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# Where a number could be a year of two digits or a day number, only these years are meant.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_NOON, _NO_HOUR = 12, 99
_SERIAL_START = date(1899, 12, 30)

_HALF = r"(?:\s?([AaPp])\.?[Mm]\.?)?"
_CLOCK_TAIL = (
    r"(?:[T ]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?"
    rf"(?:{_HALF}|Z|[+-][0-9]{{2}}:?[0-9]{{2}}))?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})\s?([-/.])\s?([0-9]{1,2})\s?\2\s?([0-9]{1,2})" + _CLOCK_TAIL)
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s?([-/.])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})" + _CLOCK_TAIL)
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{4})")
_SERIAL = re.compile(r"([2-9][0-9]{4})(?:[.,]0{1,10})?")
_DAY_MONTH_NAME = re.compile(r"([0-9]{1,2})\.?[\s-]{0,3}([^\W\d_]{3,10})\.?[\s,-]{0,3}([0-9]{4})")
_MONTH_NAME_DAY = re.compile(r"([^\W\d_]{3,10})\.?\s{0,3}([0-9]{1,2})(?:st|nd|rd|th)?,?\s{1,3}([0-9]{4})")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari januar jänner janv janvier",
            "feb february februari februar feber févr fév février",
            "mar march mrt maart mär märz mars",
            "apr april avr avril",
            "may mei mai",
            "jun june juni juin",
            "jul july juli juil juillet",
            "aug august augustus août aout",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember déc décembre",
        ),
        start=1,
    )
    for name in names.split()
}

_WEEKDAY = re.compile(
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|ma(?:andag)?|di(?:nsdag)?|wo(?:ensdag)?|do(?:nderdag)?|vr(?:ijdag)?|za(?:terdag)?|zo(?:ndag)?"
    r"|mo(?:ntag)?|di(?:enstag)?|mi(?:ttwoch)?|do(?:nnerstag)?|fr(?:eitag)?|sa(?:mstag)?|so(?:nntag)?"
    r"|lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)[.,]{0,2}\s{1,3}(?=[0-9])",
    re.IGNORECASE,
)
_CLOCK = r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
_ZONE = r"\s?(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_NUMBERS_OR_NAME = (
    r"([0-9]{1,4}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?[0-9]{1,4}|[0-9]{1,2}[.\s-]{0,3}[^\W\d_]{3,10}[.\s,-]{0,3}[0-9]{4})"
)
_MOMENT = re.compile(_NUMBERS_OR_NAME + r",?[T ]{1,3}" + _CLOCK + _HALF + _ZONE, re.IGNORECASE)
# As in: 25.12.2025 um 15.05 Uhr; 25-12-2025, 15:05 uur; 25/12/2025 à 15h05.
_SPOKEN = re.compile(
    r"(.{5,40}[0-9]),?\s{1,3}(?:(?:um|om|à|at)\s{1,3})?([0-9]{1,2})\s?[:.h]\s?([0-9]{2})(?:[:.]([0-9]{2}))?"
    r"\s?(?:uhr|uur|u\.?|h\.?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"([0-9]{8})T([0-9]{2})([0-9]{2})([0-9]{2})()()(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?", re.IGNORECASE)
_SERIAL_MOMENT = re.compile(r"([2-9][0-9]{4})[.,]([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Days:
    """What a text may mean as a day.

    Attributes:
        order: "year-first", "month-first", "other-form" (day first) or "serial".
        days: the days it may mean; none when it looks like one that does not exist.
        certain: whether nothing else can be meant.
    """

    order: str
    days: tuple[date, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """What a text may mean as a moment.

    Attributes:
        year_first: whether its date is written year first.
        moments: the moments it may mean, with tzinfo where the text says the offset; none when there is no such time.
        certain: whether nothing else can be meant.
    """

    year_first: bool
    moments: tuple[datetime, ...]
    certain: bool


def day_of(year: str, month: str, day: str) -> date | None:
    """The day of these numbers, or None when the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def hour_of(hour: str, half: str | None) -> str:
    """Two digits of the hour whose half of the day may be said ("a", "PM"); "99" when there is no such hour."""
    number = int(hour)
    if half and half[0] in "aA":
        number = number % _NOON if number <= _NOON else _NO_HOUR
    elif half:
        # 15:05 PM is written, too.
        number = (number if number >= _NOON else number + _NOON) if number else _NO_HOUR
    return f"{number:02}"


def read_day(text: str) -> Days | None:  # noqa: PLR0911 - one for each form
    """What a text means that is not written dd/mm/yyyy, or None when it does not look like a day."""
    if found := _YEAR_FIRST.fullmatch(text):
        return Days("year-first", _some(day_of(found[1], found[3], found[4])), certain=True)
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(found[1], found[2], found[3], found[4])
    if found := _EIGHT_DIGITS.fullmatch(text):
        return _eight_digits(text)
    if found := _SERIAL.fullmatch(text):
        return Days("serial", (_SERIAL_START + timedelta(days=int(found[1])),), certain=False)
    if found := _DAY_MONTH_NAME.fullmatch(text):
        return _named(found[3], found[2], found[1])
    if found := _MONTH_NAME_DAY.fullmatch(text):
        return _named(found[3], found[1], found[2])
    return read_day(rest) if (rest := _WEEKDAY.sub("", text, count=1)) != text else None


def plain_form(text: str) -> str:
    """A day or moment without its weekday, its time of day told in words or with an "h" with colons instead.

    Other texts are unchanged.
    """
    text = _WEEKDAY.sub("", text, count=1) if text[:1].isalpha() else text
    found = _SPOKEN.fullmatch(text)
    return f"{found[1]} {found[2]}:{found[3]}:{found[4] or '00'}" if found else text


def read_moment(text: str) -> Moments | None:
    """What a text means that is not ISO 8601 with offset, or None when it does not look like a moment."""
    if found := _SERIAL_MOMENT.fullmatch(text):
        seconds = round(float(f"0.{found[2]}") * 86_400)
        start = datetime.combine(_SERIAL_START, time.min)
        return Moments(
            year_first=False, moments=(start + timedelta(days=int(found[1]), seconds=seconds),), certain=False
        )
    found = _MOMENT.fullmatch(text) or _COMPACT.fullmatch(text) or _MOMENT.fullmatch(plain_form(text))
    if found is None:
        return None
    days = read_day(found[1])
    if days is None:
        return None
    clock = f"{hour_of(found[2], found[6])}:{found[3]}:{found[4] or '00'}"
    if found[5]:
        clock += f".{found[5]}"
    try:
        moments = tuple(datetime.fromisoformat(f"{day.isoformat()}T{clock}{_offset(found[7])}") for day in days.days)
    except ValueError:
        moments = ()
    return Moments(days.order == "year-first", moments, days.certain)


_SLASHES = re.compile(r"([0-9]{1,2})\s?([-/])\s?([0-9]{1,2})\s?\2\s?[0-9]{4}(?![0-9])")
_MONTHS_IN_YEAR = 12
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"


def order_of(text: str) -> str:
    """Which number of a date with slashes or hyphens is the day, where only one can be; else ""."""
    found = _SLASHES.match(text)
    if found is None:
        return ""
    first, second = int(found[1]), int(found[3])
    if first > _MONTHS_IN_YEAR >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > _MONTHS_IN_YEAR >= first else ""


def _some(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)


def _year_last(first: str, mark: str, second: str, year: str) -> Days:
    full = year if len(year) > 2 else f"20{year}"  # noqa: PLR2004 - years of two digits
    day_first, month_first = day_of(full, second, first), day_of(full, first, second)
    # Years of two digits may as well be days: 31/12/27.
    certain = len(year) > 2  # noqa: PLR2004 - as above
    if mark == ".":
        # With points it is the German way to write a date, which is day first.
        return Days("other-form", _some(day_first), certain=True)
    if day_first is not None and month_first is not None and day_first != month_first:
        return Days("other-form", (day_first, month_first), certain=False)
    if day_first is not None:
        return Days("other-form", (day_first,), certain)
    return Days("month-first", _some(month_first), certain)


def _eight_digits(text: str) -> Days | None:
    year_first = day_of(text[:4], text[4:6], text[6:])
    day_first = day_of(text[4:], text[2:4], text[:2])
    if year_first is not None and _FIRST_YEAR <= year_first.year <= _LAST_YEAR:
        return Days("year-first", (year_first,), certain=True)
    if day_first is not None and _FIRST_YEAR <= day_first.year <= _LAST_YEAR:
        return Days("other-form", (day_first,), certain=True)
    return None


def _named(year: str, month: str, day: str) -> Days | None:
    number = _MONTHS.get(month.casefold())
    return None if number is None else Days("other-form", _some(day_of(year, str(number), day)), certain=True)


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return "+00:00"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
