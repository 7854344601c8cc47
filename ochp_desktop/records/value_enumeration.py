"""Value types of the protocol's enumerations: a number on the wire, number and name for people."""

from __future__ import annotations

from ochp_desktop.records.values import ValueType


class Enumeration(ValueType):
    """A small set of numbers with names."""

    name = "enumeration"


INFRASTRUCTURE_PROVIDER = Enumeration()
TOKEN_TYPE = Enumeration()
MANDATORY = Enumeration()
ACTIVATED = Enumeration()
