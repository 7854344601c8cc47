"""What we sent, beside what was cleared: which confirmed CDRs stand in a statement, and how old the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.statements import Records, statements
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.store.reports import Reports
from ochp_desktop.texts import _

_INFRA = CDRS.index("infraProviderId")
_CDR_ID = CDRS.index("cdrId")
_SERVICE = CDRS.index("serviceProviderId")
_PIECE = 2000  # records looked up between two looks at the cancel flag


@dataclass(frozen=True, slots=True)
class Fate:
    """What is known of a confirmed record's clearing.

    Attributes:
        confirmed: when the house confirmed it, UTC.
        cleared: when the newest statement that holds it was fetched, or None.
        statements_since: how many statements were fetched for the first time after it was confirmed.
    """

    confirmed: datetime
    cleared: datetime | None
    statements_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRecords(Records):
    """Every CDR that the house has confirmed; its owner is the partner who receives it.

    Attributes:
        fates: per row what is known of its clearing.
    """

    fates: Sequence[Fate]


def load_sent_records(workplace: Workplace, cancel: Cancel) -> Job[SentRecords]:
    """Compare the journal with the archive of statements.

    A house that tells a provider of received records only never names these; then `statements_since` is all there is.

    Raises:
        StoreError: journal or archive cannot be read.
        Cancelled: stopped.
    """
    connection = workplace.connected()
    yield Progress(_("Reading what was sent"))
    sent = list(Reports(workplace.database).confirmed(connection.house))
    fetched = {info.id: info.when for info in statements(workplace)}
    book = workplace.book
    fates: list[Fate] = []
    for start in range(0, len(sent), _PIECE):
        yield Progress(_("Comparing with the statements"), start, len(sent))
        cancel.check()
        piece = [(cdr_key(row[_INFRA], row[_CDR_ID]), when) for row, when in sent[start : start + _PIECE]]
        found = workplace.archive.cleared_in(connection.house, [key for key, _when in piece])
        for key, confirmed in piece:
            statement = found.get(key)
            since = sum(when > confirmed for when in fetched.values())
            fates.append(Fate(confirmed, None if statement is None else fetched.get(statement), since))
    rows = [row for row, _when in sent]
    return SentRecords(rows=rows, owners=[book.owner_of_cdr(row[_SERVICE]) for row in rows], fates=fates)
