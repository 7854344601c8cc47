"""Value types of the ids that people and cards carry: contract, token, printed number, PIN and plain identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import ClassVar

from ochp_desktop.records import contract_id
from ochp_desktop.records.identity import normalised_token_id
from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_

# What a spreadsheet makes of an id that it takes for a number. A real hexadecimal id may be all digits and an E
# (12E45678) or go on after a hyphen (12E-1), so only a point, a comma or a plus sign betrays the ruin.
_SCIENTIFIC = re.compile(r"[+-]?(?:[0-9]{1,400}[.,][0-9]{1,400}[Ee][+-]?[0-9]{1,3}|[0-9]{1,400}[Ee]\+[0-9]{1,3})")
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|nan|∞)", re.IGNORECASE)
_NUMBER_TAIL = re.compile(r"([0-9]{1,64})[.,]0{1,10}")
# A card's id of a usual length, with the tail that its neighbours of digits alone got.
_CARD_TAIL = re.compile(r"((?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20}))[.,]0{1,10}")


class Identifier(ValueType):
    """An id whose form is the sender's own business; only what a spreadsheet ruins is found."""

    name = "identifier"
    faults: ClassVar[Mapping[str, str]] = {
        "excel": N_(
            "“{value}” is what a spreadsheet makes of an id that looks like a number; the id itself is lost. "
            "Take it from its source again, into a column formatted as text."
        ),
        "number-tail": N_(
            "“{value}” ends like a decimal number: a spreadsheet took the id for one. Compare it with its source."
        ),
    }
    clean = re.compile(r"(?![Ii]nf|INF|[Nn]a[Nn]|NAN)[0-9A-Za-z]+(?:[ _:/*#-][0-9A-Za-z]+)*")

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Scientific notation, infinity and the tail of a decimal number."""
        trim = trimmed(text)
        if _SCIENTIFIC.fullmatch(trim) or _INFINITE.fullmatch(trim):
            return self.complain("excel", value=quoted(trim))
        if tail := _NUMBER_TAIL.fullmatch(trim):
            # Leading zeros may be gone as well, so that the repair is not certain.
            return self.complain("number-tail", tail[1], value=quoted(trim))
        return None


class ContractIdType(Identifier):
    """A contract id (EVCO-ID) in any of its forms; any other text is an external id, which is allowed."""

    name = "contract id"

    def parse(self, text: str) -> contract_id.ContractId | None:
        """The id taken apart."""
        contract = contract_id.read(text)
        return contract if contract.instance else None


class TokenIdType(Identifier):
    """The id of a card, key fob or phone; what fits depends on the token's type, so row rules look at that."""

    name = "token id"

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:
        """As for all ids; those of cards may hold letters before the tail."""
        trim = trimmed(text)
        if tail := _CARD_TAIL.fullmatch(trim):
            return self.complain("number-tail", tail[1], value=quoted(trim))
        return super().check(text, zone)

    def parse(self, text: str) -> str | None:
        """The id as it is compared."""
        return normalised_token_id(text) or None


class PrintedNumber(Identifier):
    """The number printed on a card."""

    name = "printed number"


class Pin(ValueType):
    """A PIN: up to six digits; leading zeros matter. Its complaints never name it."""

    name = "PIN"
    faults: ClassVar[Mapping[str, str]] = {
        "digits": N_("A PIN consists of digits 0 to 9 only. Type it again, or leave the cell empty."),
        "length": N_(
            "This PIN has {length} digits; the clearing house takes at most {most}. Give the customer a shorter one."
        ),
        "number-tail": N_(
            "This PIN ends like a decimal number: a spreadsheet took it for one. Compare it with its "
            "source: leading zeros may be lost."
        ),
    }
    clean = re.compile(r"[0-9]{1,6}")
    most = 6

    def parse(self, text: str) -> str | None:
        """The digits."""
        trim = trimmed(text)
        return trim if self.clean.fullmatch(trim) else None

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Anything but up to six digits."""
        trim = trimmed(text)
        if not trim or self.clean.fullmatch(trim):
            return None
        if (tail := _NUMBER_TAIL.fullmatch(trim)) and self.clean.fullmatch(tail[1]):
            return self.complain("number-tail", tail[1])
        if trim.isascii() and trim.isdigit():
            return self.complain("length", length=str(len(trim)), most=str(self.most))
        return self.complain("digits")
