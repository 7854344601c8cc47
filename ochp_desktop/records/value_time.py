"""Value types of time: expiry date, instant with offset, duration."""

from __future__ import annotations

from ochp_desktop.records.values import ValueType


class ExpiryDate(ValueType):
    """A day, dd/mm/yyyy."""

    name = "date"


class OffsetDateTime(ValueType):
    """An instant with its offset."""

    name = "date-time"


class Duration(ValueType):
    """A length of time, H:MM:SS."""

    name = "duration"
