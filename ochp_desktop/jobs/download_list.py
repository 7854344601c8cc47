"""Downloading the global roaming list and telling whose token is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.list_change import token_key
from ochp_desktop.jobs.workplace import Connection, Workplace
from ochp_desktop.records.partners import Partner, contract_prefix
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.store.actions import ActionKind, Outcome
from ochp_desktop.store.lists import ListState
from ochp_desktop.texts import _

CONTRACT = TOKENS.index("evcoId")
HUB = TOKENS.index("roamingHubId")


@dataclass(frozen=True, slots=True)
class GlobalList:
    """The global list as it was downloaded.

    Attributes:
        rows: all tokens, texts in wire order.
        owners: per row our own provider or the partner it belongs to, or None when nobody known issued it.
        own: per row whether it is a token of ours.
        unknown: how many tokens of unknown providers, by the prefix of their contract ids.
        when: when it was downloaded.
    """

    rows: Sequence[tuple[str, ...]]
    owners: Sequence[Partner | None]
    own: Sequence[bool]
    unknown: Counter[str]
    when: datetime

    @property
    def own_rows(self) -> list[tuple[str, ...]]:
        """The tokens of ours."""
        return [row for row, mine in zip(self.rows, self.own, strict=True) if mine]

    @property
    def known_rows(self) -> list[tuple[str, ...]]:
        """The tokens of ours and of partners we know."""
        return [
            row for row, owner, mine in zip(self.rows, self.owners, self.own, strict=True) if mine or owner is not None
        ]


def download_list(workplace: Workplace, cancel: Cancel) -> Job[GlobalList]:
    """Download the global list and keep it on this computer.

    Raises:
        HouseRefused, SignInFailed, ConnectionFailed: the house said no, or nothing.
        Cancelled: stopped before the end; the list kept before stays.
    """
    rows = yield from fetch_rows(workplace, cancel)
    when = datetime.now(UTC)
    connection = workplace.connected()
    cancel.check()
    workplace.lists.save_global(connection.house, connection.user, rows, when)
    workplace.actions.record(
        ActionKind.DOWNLOAD_LIST, connection.house, connection.user, Outcome.DONE, count=len(rows), when=when
    )
    return sort_out(workplace, rows, when)


def kept_list(workplace: Workplace) -> GlobalList | None:
    """The global list as it was downloaded last, or None."""
    connection = workplace.connected()
    kept = workplace.lists.global_list(connection.house, connection.user)
    if kept is None:
        return None
    version, rows = kept
    return sort_out(workplace, rows, version.when)


def fetch_rows(workplace: Workplace, cancel: Cancel) -> Job[list[tuple[str, ...]]]:
    """The global list's rows, straight from the house."""
    connection = workplace.connected()

    def call(report: Report) -> list[tuple[str, ...]]:
        with connection.stoppable(cancel) as client:
            return [tuple(row) for row in client.get_list(progress=report)]

    return (yield from background(call, _("Downloading the global list")))


def sort_out(
    workplace: Workplace, rows: Sequence[tuple[str, ...]], when: datetime, own_prefixes: Collection[str] = ()
) -> GlobalList:
    """Tell for each row whose it is; `own_prefixes` are ours in addition to those of the profile."""
    book = workplace.book
    ours = uploaded_keys(workplace, workplace.connected())
    owners, own = [], []
    unknown: Counter[str] = Counter()
    for row in rows:
        owner = book.owner_of_token(row[CONTRACT], row[HUB])
        prefix = contract_prefix(row[CONTRACT])
        mine = (owner is not None and owner == book.own) or prefix in own_prefixes or token_key(row) in ours
        owners.append(owner)
        own.append(mine)
        if owner is None and not mine:
            unknown[prefix or row[CONTRACT]] += 1
    return GlobalList(rows, owners, own, unknown, when)


def uploaded_keys(workplace: Workplace, connection: Connection) -> Collection[str]:
    """Keys of the tokens in our last upload, and in later ones that the house may have taken.

    They are ours whatever the profile says of prefixes.
    """
    keys: set[str] = set()
    for version in workplace.lists.versions(connection.house, connection.user):
        if version.state in {ListState.CONFIRMED, ListState.UNCONFIRMED}:
            keys |= {token_key(row) for row in workplace.lists.rows(version.id)}
        if version.state is ListState.CONFIRMED:
            break
    return keys
