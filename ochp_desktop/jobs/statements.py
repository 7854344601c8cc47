"""Statements of cleared CDRs: one, or all that were ever fetched, with totals and what stands out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ochp_desktop.jobs.amount import Amount
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.identity import normalised_contract_id
from ochp_desktop.records.partners import Partner
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.store.archive import StatementInfo, StoredStatement
from ochp_desktop.store.rows import Row
from ochp_desktop.texts import _

__all__ = [
    "AllStatements",
    "Records",
    "Statement",
    "StatementInfo",
    "Totals",
    "load_all_statements",
    "load_statement",
    "statements",
    "totals",
]

INFRA = CDRS.index("infraProviderId")
START = CDRS.index("startDatetime")
VOLUME = CDRS.index("volume")
_CONTRACT = CDRS.index("evcoId")
_TOKEN_CONTRACT = TOKENS.index("evcoId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """CDRs with the partner each belongs to.

    Attributes:
        rows: the CDRs, texts in wire order.
        owners: per row the partner it came from or went to, or None when we do not know that provider.
        unknown: how many records of unknown providers, by the name they give.
        strange: numbers of the rows whose contract is not one of ours, as far as that can be told.
    """

    rows: Sequence[Row]
    owners: Sequence[Partner | None]
    unknown: Counter[str] = field(default_factory=Counter)
    strange: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Records):
    """The CDRs of one clearing that concern us.

    Attributes:
        id: its number in the archive.
        fetched: when it was fetched.
        pdf: the house's PDF, or None when it could not be fetched.
        doc_link: where the house offers it.
        new: whether it was not in the archive before.
        trouble: why there is no PDF, or "".
    """

    id: int
    fetched: datetime
    pdf: bytes | None
    doc_link: str
    new: bool = False
    trouble: str = ""

    @property
    def known_rows(self) -> list[Row]:
        """The CDRs of providers we know; only these go into totals and files."""
        return [row for row, owner in zip(self.rows, self.owners, strict=True) if owner is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllStatements(Records):
    """The CDRs of every archived statement, the newest statement first.

    Attributes:
        fetched: per row when its statement was fetched.
    """

    fetched: Sequence[datetime]


@dataclass(slots=True)
class Totals:
    """Sums over the CDRs of known providers.

    Attributes:
        all: everything.
        partners: by partner name.
        months: by "2026-10".
        days: by "2026-10-31".
    """

    all: Amount = field(default_factory=Amount)
    partners: dict[str, Amount] = field(default_factory=dict)
    months: dict[str, Amount] = field(default_factory=dict)
    days: dict[str, Amount] = field(default_factory=dict)


def statements(workplace: Workplace) -> list[StatementInfo]:
    """All archived statements of the current connection, newest first."""
    connection = workplace.connected()
    return workplace.archive.statements(connection.house, connection.user)


def load_statement(workplace: Workplace, statement: int, *, new: bool = False, trouble: str = "") -> Statement:
    """An archived statement, with owners as the partner list says today.

    Raises:
        StoreError: there is no such statement, or it cannot be read.
    """
    kept = workplace.archive.load(statement)
    owners, unknown = _owners(workplace, kept.rows)
    return Statement(
        rows=kept.rows,
        owners=owners,
        unknown=unknown,
        strange=_strange(workplace, kept.rows, owners),
        id=kept.info.id,
        fetched=kept.info.when,
        pdf=kept.pdf,
        doc_link=kept.info.doc_link,
        new=new,
        trouble=trouble,
    )


def load_all_statements(workplace: Workplace, cancel: Cancel) -> Job[AllStatements]:
    """Everything that was ever fetched from this house; a record in several statements counts once, in the newest.

    Raises:
        StoreError: the archive cannot be read.
        Cancelled: stopped.
    """
    infos = statements(workplace)
    rows: dict[Row, datetime] = {}
    for number, info in enumerate(infos):
        yield Progress(_("Reading the statements"), number, len(infos))
        cancel.check()
        kept: StoredStatement = workplace.archive.load(info.id)
        for row in kept.rows:
            rows.setdefault(row, info.when)
    owners, unknown = _owners(workplace, list(rows))
    return AllStatements(
        rows=list(rows),
        owners=owners,
        unknown=unknown,
        strange=_strange(workplace, list(rows), owners),
        fetched=list(rows.values()),
    )


def totals(records: Records) -> Totals:
    """Sums by partner, month and day; records of unknown providers are left out."""
    result = Totals()
    by_partner: dict[str, Amount] = defaultdict(Amount)
    by_month: dict[str, Amount] = defaultdict(Amount)
    by_day: dict[str, Amount] = defaultdict(Amount)
    volume_type = CDRS.fields[VOLUME].type
    for row, owner in _known(records):
        volume = volume_type.parse(row[VOLUME])
        day = row[START][:10]
        for total in (result.all, by_partner[owner.title], by_month[day[:7]], by_day[day]):
            total.add(volume)
    result.partners = dict(sorted(by_partner.items()))
    result.months = dict(sorted(by_month.items()))
    result.days = dict(sorted(by_day.items()))
    return result


def _known(records: Records) -> Iterator[tuple[Row, Partner]]:
    for row, owner in zip(records.rows, records.owners, strict=True):
        if owner is not None:
            yield row, owner


def _owners(workplace: Workplace, rows: Sequence[Row]) -> tuple[list[Partner | None], Counter[str]]:
    book = workplace.book
    owners = [book.owner_of_cdr(row[INFRA]) for row in rows]
    return owners, Counter(row[INFRA] for row, owner in zip(rows, owners, strict=True) if owner is None)


def _strange(workplace: Workplace, rows: Sequence[Row], owners: Sequence[Partner | None]) -> frozenset[int]:
    is_ours = _own_contracts(workplace)
    if is_ours is None:
        return frozenset()
    is_own = workplace.book.is_own
    return frozenset(
        number
        for number, (row, owner) in enumerate(zip(rows, owners, strict=True))
        # What we sent ourselves is for a partner's contract.
        if not is_own(owner) and not is_ours(row[_CONTRACT])
    )


def _own_contracts(workplace: Workplace) -> Callable[[str], bool] | None:
    """Tells whether a contract is ours: by our prefixes or the list uploaded last; None when neither is known."""
    connection = workplace.connected()
    prefixes = tuple(normalised_contract_id(prefix) for prefix in connection.profile.prefixes if prefix.strip())
    listed: set[str] = set()
    last = workplace.lists.last(connection.house, connection.user)
    if last is not None:
        listed = {normalised_contract_id(row[_TOKEN_CONTRACT]) for row in workplace.lists.rows(last.id)}
    if not prefixes and not listed:
        return None

    def is_ours(contract_id: str) -> bool:
        plain = normalised_contract_id(contract_id)
        return plain.startswith(prefixes) or plain in listed

    return is_ours
