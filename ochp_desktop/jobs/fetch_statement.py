"""Fetching the cleared CDRs and their PDF, archiving both at once, and summing them up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from ochp_desktop.errors import ConnectionFailed, HouseRefused, SignInFailed
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.partners import Partner
from ochp_desktop.store.actions import ActionKind, Outcome
from ochp_desktop.store.archive import StatementInfo
from ochp_desktop.texts import _

__all__ = [
    "Statement",
    "StatementInfo",
    "Sum",
    "Totals",
    "fetch_pdf",
    "fetch_statement",
    "load_statement",
    "statements",
    "totals",
]

INFRA = CDRS.index("infraProviderId")
START = CDRS.index("startDatetime")
VOLUME = CDRS.index("volume")
PDF_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class Statement:
    """The CDRs of one clearing that concern us.

    Attributes:
        id: its number in the archive.
        fetched: when it was fetched.
        rows: its CDRs, texts in wire order.
        owners: per row the provider in infraProviderId, or None when we do not know it.
        unknown: how many records of unknown providers, by the name they give.
        pdf: the house's PDF, or None when it could not be fetched.
        doc_link: where the house offers it.
        new: whether it was not in the archive before.
        trouble: why there is no PDF, or "".
    """

    id: int
    fetched: datetime
    rows: Sequence[tuple[str, ...]]
    owners: Sequence[Partner | None]
    unknown: Counter[str]
    pdf: bytes | None
    doc_link: str
    new: bool = False
    trouble: str = ""

    @property
    def known_rows(self) -> list[tuple[str, ...]]:
        """The CDRs of providers we know; only these go into totals and files."""
        return [row for row, owner in zip(self.rows, self.owners, strict=True) if owner is not None]


@dataclass(slots=True)
class Sum:
    """A number of CDRs and their energy.

    Attributes:
        count: how many.
        kwh: their volume in kWh.
        unreadable: how many volumes could not be read and are missing in `kwh`.
    """

    count: int = 0
    kwh: Decimal = Decimal(0)
    unreadable: int = 0

    def add(self, volume: object) -> None:
        """Count one more CDR."""
        self.count += 1
        if isinstance(volume, Decimal):
            self.kwh += volume
        else:
            self.unreadable += 1


@dataclass(slots=True)
class Totals:
    """Sums over the CDRs of known providers.

    Attributes:
        all: everything.
        partners: by partner name.
        months: by "2026-10".
        days: by "2026-10-31".
    """

    all: Sum = field(default_factory=Sum)
    partners: dict[str, Sum] = field(default_factory=dict)
    months: dict[str, Sum] = field(default_factory=dict)
    days: dict[str, Sum] = field(default_factory=dict)


def fetch_statement(workplace: Workplace, cancel: Cancel) -> Job[Statement]:
    """Fetch the CDRs of the last clearing and archive them, then fetch and archive their PDF.

    The CDRs are kept even when the PDF cannot be had: `trouble` then says why, `fetch_pdf` tries again.

    Raises:
        HouseRefused, SignInFailed, ConnectionFailed: the house said no, or nothing.
        Cancelled: stopped before the CDRs were there.
    """
    connection = workplace.connected()

    def get(report: Report) -> tuple[list[tuple[str, ...]], str]:
        with connection.stoppable(cancel) as client:
            answer = client.get_cdrs(progress=report)
            return [tuple(row) for row in answer.rows], answer.doc_link

    rows, doc_link = yield from background(get, _("Fetching the cleared CDRs"))
    when = datetime.now(UTC)
    number, new = workplace.archive.save_statement(connection.house, connection.user, rows, doc_link, None, when)
    workplace.actions.record(
        ActionKind.FETCH_STATEMENT,
        connection.house,
        connection.user,
        Outcome.DONE,
        count=len(rows),
        subject=number,
        when=when,
    )
    kept = load_statement(workplace, number)
    pdf, trouble = kept.pdf, ""
    if pdf is None and doc_link:
        try:
            pdf = yield from fetch_pdf(workplace, number, doc_link, cancel)
        except (ConnectionFailed, HouseRefused, SignInFailed) as failure:
            trouble = failure.text
    return _statement(workplace, number, kept.fetched, rows, doc_link, pdf, new=new, trouble=trouble)


def fetch_pdf(workplace: Workplace, statement: int, doc_link: str, cancel: Cancel) -> Job[bytes]:
    """Fetch a statement's PDF and put it into the archive.

    Raises:
        ConnectionFailed, HouseRefused: it could not be had, is too large or is not a PDF.
        Cancelled: stopped.
    """
    connection = workplace.connected()

    def call(_report: Report) -> bytes:
        with connection.stoppable(cancel) as client:
            return client.fetch_document(doc_link, limit=PDF_LIMIT)

    pdf = yield from background(call, _("Fetching the PDF"))
    workplace.archive.add_pdf(statement, pdf)
    return pdf


def statements(workplace: Workplace) -> list[StatementInfo]:
    """All archived statements of the current connection, newest first."""
    connection = workplace.connected()
    return workplace.archive.statements(connection.house, connection.user)


def load_statement(workplace: Workplace, statement: int) -> Statement:
    """An archived statement, with owners as the partner list says today.

    Raises:
        StoreError: there is no such statement, or it cannot be read.
    """
    kept = workplace.archive.load(statement)
    info = kept.info
    return _statement(workplace, info.id, info.when, kept.rows, info.doc_link, kept.pdf)


def totals(statement: Statement) -> Totals:
    """Sums by partner, month and day; records of unknown providers are left out."""
    result = Totals()
    by_partner: dict[str, Sum] = defaultdict(Sum)
    by_month: dict[str, Sum] = defaultdict(Sum)
    by_day: dict[str, Sum] = defaultdict(Sum)
    volume_type = CDRS.fields[VOLUME].type
    for row, owner in _known(statement):
        volume = volume_type.parse(row[VOLUME])
        day = row[START][:10]
        for total in (result.all, by_partner[owner.title], by_month[day[:7]], by_day[day]):
            total.add(volume)
    result.partners = dict(sorted(by_partner.items()))
    result.months = dict(sorted(by_month.items()))
    result.days = dict(sorted(by_day.items()))
    return result


def _known(statement: Statement) -> Iterator[tuple[tuple[str, ...], Partner]]:
    for row, owner in zip(statement.rows, statement.owners, strict=True):
        if owner is not None:
            yield row, owner


def _statement(
    workplace: Workplace,
    number: int,
    fetched: datetime,
    rows: Sequence[Sequence[str]],
    doc_link: str,
    pdf: bytes | None,
    *,
    new: bool = False,
    trouble: str = "",
) -> Statement:
    book = workplace.book
    owners = [book.owner_of_cdr(row[INFRA]) for row in rows]
    unknown = Counter(row[INFRA] for row, owner in zip(rows, owners, strict=True) if owner is None)
    return Statement(number, fetched, [tuple(row) for row in rows], owners, unknown, pdf, doc_link, new, trouble)
