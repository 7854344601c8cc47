"""What the tab Cleared CDRs can show: one statement, all of them, or what we sent; with a word on each row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from ochp_desktop.gui.moments import short_day, short_moment
from ochp_desktop.gui.table.state_columns import StateCell
from ochp_desktop.jobs.sent_records import Fate, SentRecords
from ochp_desktop.jobs.statements import AllStatements, Records, Statement
from ochp_desktop.texts import _, ngettext, number

ALL = "all"
SENT = "sent"
Key = int | str
"""A statement's number in the archive, `ALL` or `SENT`."""

_OLD = 30  # days after which a record that no statement names deserves a question


@dataclass(frozen=True)
class ClearedView:
    """Something the tab shows.

    Attributes:
        key: what it is.
        records: its rows and whose they are.
        partner_cell: row -> whose it is.
        clearing_cell: row -> a word on its contract or its clearing; None when there is nothing to say.
        attention: the rows that deserve a look.
        status: how old it is, for the status line.
        file_name: what an export is called.
    """

    key: Key
    records: Records
    partner_cell: Callable[[int], StateCell | None]
    clearing_cell: Callable[[int], StateCell | None]
    attention: frozenset[int]
    status: str
    file_name: str

    @property
    def statement(self) -> Statement | None:
        """The statement, when it is one."""
        return self.records if isinstance(self.records, Statement) else None

    @property
    def exported(self) -> frozenset[int]:
        """The rows that go into files: received ones of known partners, sent ones all."""
        if self.key == SENT:
            return frozenset(range(len(self.records.rows)))
        return frozenset(row for row, owner in enumerate(self.records.owners) if owner is not None)


def make_view(records: Records) -> ClearedView:
    """The view of what was loaded."""
    if isinstance(records, SentRecords):
        return _sent_view(records)
    unknown = (row for row, owner in enumerate(records.owners) if owner is None)
    attention = frozenset((*unknown, *records.strange))
    partner_cell = partial(_received_from, records)
    if isinstance(records, AllStatements):
        clearing_cell = partial(_statement_of, records, records.fetched)
        return ClearedView(ALL, records, partner_cell, clearing_cell, attention, _("from the archive"), "cleared-all")
    assert isinstance(records, Statement)
    return ClearedView(
        records.id,
        records,
        partner_cell,
        partial(_statement_of, records, [records.fetched] * len(records.rows)),
        attention,
        _("fetched {when}, archived").format(when=short_moment(records.fetched)),
        f"cleared-{records.fetched:%Y-%m-%d}",
    )


def _received_from(records: Records, row: int) -> StateCell | None:
    if row >= len(records.owners):
        return None
    owner = records.owners[row]
    if owner is None:
        why = _("This provider is not in your partner list: the record is left out of totals and files.")
        return StateCell(_("unknown partner"), "unconfirmed", why)
    return StateCell(owner.title)


def _statement_of(records: Records, fetched: Sequence[datetime], row: int) -> StateCell | None:
    if row >= len(fetched):
        return None
    when = _("Statement of {when}").format(when=short_moment(fetched[row]))
    if row not in records.strange:
        return StateCell(short_day(fetched[row]), tooltip=when)
    why = _(
        "This contract does not begin with one of your prefixes and is not in the list you uploaded last. "
        "Ask the partner before you pay for it."
    )
    return StateCell(_("not your contract"), "warning", f"{why} ({when})")


def _sent_view(records: SentRecords) -> ClearedView:
    now = datetime.now(UTC)
    ages = [None if fate.cleared is not None else max((now - fate.confirmed).days, 0) for fate in records.fates]

    def receiver(row: int) -> StateCell | None:
        if row >= len(records.owners):
            return None
        owner = records.owners[row]
        if owner is None:
            return StateCell(_("unknown partner"), "unconfirmed", _("This provider is not in your partner list."))
        return StateCell(owner.title)

    def clearing(row: int) -> StateCell | None:
        return _fate_cell(records.fates[row], ages[row]) if row < len(ages) else None

    open_ones = frozenset(row for row, age in enumerate(ages) if age is not None)
    status = ngettext(
        "{count} record in no statement yet", "{count} records in no statement yet", len(open_ones)
    ).format(count=number(len(open_ones)))
    return ClearedView(SENT, records, receiver, clearing, open_ones, status, "sent")


def _fate_cell(fate: Fate, age: int | None) -> StateCell:
    if fate.cleared is not None:
        when = _("It is in the statement of {when}.").format(when=short_moment(fate.cleared))
        return StateCell(_("cleared {day}").format(day=short_day(fate.cleared)), "confirmed", when)
    assert age is not None
    text = ngettext("not yet, {count} day", "not yet, {count} days", age).format(count=number(age))
    story = _("The house confirmed it on {when}.").format(when=short_moment(fate.confirmed))
    if fate.statements_since:
        since = ngettext(
            "It is not in the one statement that was fetched since.",
            "It is in none of the {count} statements that were fetched since.",
            fate.statements_since,
        ).format(count=number(fate.statements_since))
        doubt = _(
            "Many houses list received records only; then ask the partner whether it was cleared, before it is too old."
        )
        story = f"{story} {since} {doubt}"
    else:
        story = f"{story} " + _("No statement was fetched since.")
    return StateCell(text, "warning" if age > _OLD else "not-sent", story)
