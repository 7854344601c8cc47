"""From a cell's value to the text a person would type for it, and cell names as Excel writes them.

The choices, once for all readers:

- whole numbers have no ".0"; other numbers show at most 15 significant digits, as Excel does, with a point;
- numbers beyond 15 digits keep every digit the file knows; from 1E+21 on they keep Excel's own notation ("1.2E+46"),
  because nobody knows their digits any more;
- dates are dd/mm/yyyy, date-times are ISO 8601 without offset, times and durations are H:MM:SS;
- TRUE and FALSE are 1 and 0, the form the protocol's yes-or-no fields have.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from ochp_desktop.texts import number

# From here on Excel has rounded a whole number: it keeps 15 digits.
FIRST_ROUNDED = 1e15
_FIRST_SCIENTIFIC = 1e21
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")
_LETTERS = 26
_MOST_ROWS_SHOWN = 5


def column_letter(column: int) -> str:
    """Excel's name of a column counted from 0: 0 is "A", 26 is "AA"."""
    letters = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column counted from 1: "A" is 1, "AA" is 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def some_rows(rows: Sequence[int]) -> str:
    """Row numbers for a sentence: the first ones, and that there are more."""
    shown = ", ".join(number(row) for row in rows[:_MOST_ROWS_SHOWN])
    return f"{shown}, …" if len(rows) > _MOST_ROWS_SHOWN else shown


def cell_name(row: int, column: int) -> str:
    """Excel's name of a cell: the row as its number in the file, counted from 1; the column counted from 0."""
    return f"{column_letter(column)}{row}"


def number_text(value: float) -> str:
    """A number as text, by the module's rules."""
    size = abs(value)
    if not size < _FIRST_SCIENTIFIC:  # "not a number" is in this branch as well
        return repr(float(value)).replace("e", "E")
    if size >= FIRST_ROUNDED:
        return _written_out(repr(value)).removesuffix(".0")
    if value == int(value):
        return str(int(value))
    text = f"{value:.15g}"
    return _written_out(text) if "e" in text else text


def _written_out(text: str) -> str:
    """A number without an exponent."""
    from decimal import Decimal  # hardly any file has such a number

    return format(Decimal(text), "f")


def hours_text(seconds: int) -> str:
    """A time of day or a duration as H:MM:SS; hours may pass 24."""
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{sign}{hour}:{minute:02}:{second:02}"


def date_time_text(value: dt.datetime) -> str:
    """A date-time to the nearest second; Excel's own fractions are rounding noise."""
    rounded = value.replace(microsecond=0)
    if value.microsecond >= 500_000 and rounded.year < dt.MAXYEAR:  # noqa: PLR2004 - half a second
        rounded += dt.timedelta(seconds=1)
    return rounded.isoformat()


def cell_text(value: Any) -> str:
    """The text for any value that the spreadsheet reader yields, by the module's rules."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, dt.date):
        return (
            date_time_text(value)
            if isinstance(value, dt.datetime)
            else f"{value.day:02}/{value.month:02}/{value.year:04}"
        )
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    return hours_text(round(value.total_seconds())) if isinstance(value, dt.timedelta) else str(value)


def duration_text(text: str) -> str:
    """An OpenDocument duration ("PT30H05M07S") as H:MM:SS; other texts unchanged."""
    found = _DURATION.fullmatch(text) if text.startswith(("P", "-P")) else None
    if found is None or found.end() < 4:  # noqa: PLR2004 - "PT0S" is the shortest
        return text
    sign, days, hours, minutes, seconds, fraction = found.groups()
    total = int(days or 0) * 86_400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    if fraction and fraction[0] >= "5":
        total += 1
    return hours_text(-total if sign else total)
