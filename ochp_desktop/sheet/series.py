"""Continuing a series of texts as Excel's fill handle does: numbers, dates, and texts that end in a number."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ochp_desktop.records.values import ValueType

_NUMBER = re.compile(r"(-?)([0-9]{1,40})(?:([.,])([0-9]{1,20}))?")
# A text with its last number, and what stands behind it.
_NUMBERED = re.compile(r"(.*?)([0-9]{1,40})([^0-9]{0,10})", re.DOTALL)
_YEAR = 12


def continued(texts: Sequence[str], count: int, value_type: ValueType) -> list[str]:
    """The next texts of a series.

    Two or more texts give the step: numbers, dates (by days, or by whole months where the day stays the same), texts
    that differ in their last number. One text that is a date or has a number goes on by one; anything else is repeated.
    Leading zeros and decimal marks are kept.

    Args:
        texts: what the series begins with, at least one.
        count: how many more are wanted.
        value_type: reads and writes dates.
    """
    if not texts:
        return []
    for attempt in (_moments, _numbers, _numbered):
        found = attempt(texts, count, value_type)
        if found is not None:
            return found
    return [texts[at % len(texts)] for at in range(count)]


def _moments(texts: Sequence[str], count: int, value_type: ValueType) -> list[str] | None:
    values = [value_type.parse(text) for text in texts]
    if not all(isinstance(value, date | datetime) for value in values):
        return None
    last = values[-1]
    try:
        months = _months(values)
        if months:
            return [value_type.format(_later(last, months * step)) for step in range(1, count + 1)]
        step = last - values[-2] if len(values) > 1 else timedelta(days=1)
        if any(second - first != step for first, second in pairwise(values)):
            return None
        return [value_type.format(last + step * number) for number in range(1, count + 1)]
    except (OverflowError, ValueError, TypeError):
        return None


def _months(values: Sequence[Any]) -> int:
    """The months between neighbours, when the day stays and the months are the same everywhere; else 0."""
    steps = {(b.year - a.year) * _YEAR + b.month - a.month for a, b in pairwise(values)}
    step = steps.pop() if len(steps) == 1 else 0
    same_day = len({value.day for value in values}) == 1
    ends = all(value.day == calendar.monthrange(value.year, value.month)[1] for value in values)
    return step if same_day or ends else 0


def _later(value: Any, months: int) -> Any:
    """The same day some months later; the last of a month stays the last."""
    year, month = divmod(value.year * _YEAR + value.month - 1 + months, _YEAR)
    length = calendar.monthrange(year, month + 1)[1]
    was_last = value.day == calendar.monthrange(value.year, value.month)[1]
    return value.replace(year=year, month=month + 1, day=length if was_last else min(value.day, length))


def _numbers(texts: Sequence[str], count: int, _value_type: ValueType) -> list[str] | None:
    found = [_NUMBER.fullmatch(text.strip()) for text in texts]
    if not all(found):
        return None
    values = [Decimal(f"{one[1]}{one[2]}.{one[4] or 0}") for one in found if one]
    step = values[-1] - values[-2] if len(values) > 1 else Decimal(1)
    if any(second - first != step for first, second in pairwise(values)):
        return None
    last = found[-1]
    assert last is not None
    decimals = max(len(one[4] or "") for one in found if one)
    mark = last[3] or next((one[3] for one in found if one and one[3]), ".")
    width = len(last[2]) if last[2].startswith("0") else 1
    return [_written(values[-1] + step * number, width, decimals, mark) for number in range(1, count + 1)]


def _written(value: Decimal, width: int, decimals: int, mark: str) -> str:
    sign = "-" if value < 0 else ""
    whole, _point, rest = f"{abs(value):.{decimals}f}".partition(".")
    return f"{sign}{whole.zfill(width)}{mark + rest if rest else ''}"


def _numbered(texts: Sequence[str], count: int, _value_type: ValueType) -> list[str] | None:
    found = [_NUMBERED.fullmatch(text) for text in texts]
    if not all(found) or len({(one[1], one[3]) for one in found if one}) > 1:
        return None
    numbers = [int(one[2]) for one in found if one]
    step = numbers[-1] - numbers[-2] if len(numbers) > 1 else 1
    if any(second - first != step for first, second in pairwise(numbers)):
        return None
    last = found[-1]
    assert last is not None
    if numbers[-1] + step * count < 0:
        return None
    return [
        f"{last[1]}{str(numbers[-1] + step * number).zfill(len(last[2]))}{last[3]}" for number in range(1, count + 1)
    ]
