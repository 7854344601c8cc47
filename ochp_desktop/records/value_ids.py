"""Value types of the ids that people and cards carry: contract, token, printed number, PIN and plain identifiers."""

from __future__ import annotations

from ochp_desktop.records.values import ValueType


class Identifier(ValueType):
    """An id whose form is the sender's own business."""

    name = "identifier"


class ContractIdType(Identifier):
    """A contract id (EVCO-ID)."""

    name = "contract id"


class TokenIdType(Identifier):
    """The id of a card, key fob or phone."""

    name = "token id"


class PrintedNumber(Identifier):
    """The number printed on a card."""

    name = "printed number"


class Pin(ValueType):
    """A PIN: up to six digits; leading zeros matter."""

    name = "pin"
