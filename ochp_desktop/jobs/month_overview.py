"""The month's overview: what became of a month's records, by sender and recipient, in numbers and kWh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ochp_desktop.jobs.amount import Amount, kwh_of
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.identity import normalised_provider
from ochp_desktop.store.reports import Reports
from ochp_desktop.store.states import StateKind

__all__ = ["SHOWN", "MonthOverview", "OverviewLine", "StateKind", "month_overview"]

SHOWN = (
    StateKind.CONFIRMED,
    StateKind.UNCONFIRMED,
    StateKind.REFUSED,
    StateKind.HELD_BACK,
    StateKind.SENDING,
)
"""The states in the order in which an overview shows them."""


@dataclass(slots=True)
class OverviewLine:
    """One sender and one recipient.

    Attributes:
        infra: the infra provider, whose charge points they were.
        service: the partner who gets the records.
        by_state: the amounts in each state.
    """

    infra: str
    service: str
    by_state: dict[StateKind, Amount] = field(default_factory=dict)

    def amount(self, kind: StateKind) -> Amount:
        """The amount in a state."""
        return self.by_state.get(kind, Amount())


@dataclass(slots=True)
class MonthOverview:
    """What is known of one month, or of all.

    Attributes:
        month: "2026-10", or "" for all.
        months: all months of which there are records, the newest first.
        lines: by infra provider and partner.
        total: the amounts in each state.
    """

    month: str
    months: list[str]
    lines: list[OverviewLine]
    total: Mapping[StateKind, Amount]


def month_overview(workplace: Workplace, month: str | None = None) -> MonthOverview:
    """What became of the records that began in a month, at the current house; touches the disk.

    Args:
        workplace: with a connection.
        month: "2026-10", "" for all months, None for the newest.

    Raises:
        UsageError: there is no connection.
        StoreError: the store cannot be read.
    """
    house = workplace.connected().house
    reports = Reports(workplace.database)
    months = reports.months(house)
    chosen = (months[0] if months else "") if month is None else month
    book = workplace.book
    names: dict[str, str] = {}

    def name_of(provider_id: str) -> str:
        """The provider's name as the partner list has it, so that all ways of writing make one line."""
        key = normalised_provider(provider_id)
        if key not in names:
            owner = book.owner_of_cdr(provider_id)
            names[key] = (owner.provider_id if owner is not None else "") or provider_id
        return names[key]

    lines: dict[tuple[str, str], OverviewLine] = {}
    total: dict[StateKind, Amount] = {}
    for record in reports.records(house, chosen):
        key = name_of(record.infra), name_of(record.service)
        line = lines.get(key)
        if line is None:
            line = lines[key] = OverviewLine(*key)
        kwh = kwh_of(record.volume)
        line.by_state.setdefault(record.state, Amount()).add(kwh)
        total.setdefault(record.state, Amount()).add(kwh)
    ordered = [lines[key] for key in sorted(lines, key=lambda pair: (pair[0].casefold(), pair[1].casefold()))]
    return MonthOverview(chosen, months, ordered, total)
