"""What else mends a problem than another text in its own cell: setting another field of the same record."""

from __future__ import annotations

from dataclasses import dataclass

from ochp_desktop.texts import N_


@dataclass(frozen=True, slots=True)
class Remedy:
    """Another way to mend, which people choose; it is never done by itself.

    Attributes:
        title: what it does, marked for translation.
        field: the protocol's name of the field that is set.
        text: to what.
    """

    title: str
    field: str
    text: str


REMEDIES: dict[str, Remedy] = {
    "expiry-date.expired": Remedy(N_("Set these cards to inactive"), "tokenActivated", "0"),
    "pin.missing": Remedy(N_("Set “PIN needed” to no"), "pinMandatory", "0"),
}
"""By the rule's code."""
