"""How many records, and how much energy: what overviews, statements and receipts count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(slots=True)
class Amount:
    """A number of records and their energy.

    Attributes:
        count: how many.
        kwh: their volume in kWh.
        unreadable: how many volumes could not be read and are missing in `kwh`.
    """

    count: int = 0
    kwh: Decimal = Decimal(0)
    unreadable: int = 0

    def add(self, kwh: Decimal | None) -> None:
        """Count one more record, whose volume is None when it cannot be read."""
        self.count += 1
        if kwh is None:
            self.unreadable += 1
        else:
            self.kwh += kwh

    def add_all(self, other: Amount) -> None:
        """Count the other's records as well."""
        self.count += other.count
        self.kwh += other.kwh
        self.unreadable += other.unreadable


def kwh_of(volume: str) -> Decimal | None:
    """The number of kWh of a volume with decimal comma or point, as records are held back with either; else None."""
    try:
        amount = Decimal(volume.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
