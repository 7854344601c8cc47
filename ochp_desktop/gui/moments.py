"""Dates and times as people here write them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale


def short_time(when: datetime) -> str:
    """The local time of day, for example "11:42"."""
    return QLocale().toString(_local(when).time(), QLocale.FormatType.ShortFormat)


def short_moment(when: datetime) -> str:
    """The local date and time, in few characters."""
    return QLocale().toString(_local(when), QLocale.FormatType.ShortFormat)


def short_day(when: datetime) -> str:
    """The local date, in few characters."""
    return QLocale().toString(_local(when).date(), QLocale.FormatType.ShortFormat)


def _local(when: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(when.timestamp()))
