"""Value types of places and meters: country and OBIS code."""

from __future__ import annotations

from ochp_desktop.records.values import ValueType


class Country(ValueType):
    """A country, ISO 3166-1 alpha-3."""

    name = "country"


class ObisCode(ValueType):
    """An OBIS code."""

    name = "OBIS code"
