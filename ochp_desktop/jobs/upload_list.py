"""Uploading the roaming list: compared first, sent in one request, kept as a version with its receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused, OchpError, Unconfirmed, UsageError
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.columns_left_out import columns_left_out
from ochp_desktop.jobs.download_list import CONTRACT, fetch_rows, sort_out
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.list_change import ListChange, Row, list_change
from ochp_desktop.jobs.upload_details import AcceptedWarning, accepted_in
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.partners import contract_prefix
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import _, ngettext, number

_GOOD_FOR = timedelta(minutes=30)
"""So long after the comparison a list may be sent: other computers may send lists as well."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an upload left behind.

    Attributes:
        when: when it was sent.
        house: the house's endpoint, or "practice".
        user: the user id it was sent as.
        count: how many tokens.
        description: the house's own words.
        fingerprint: SHA-256 of the records as sent.
        version: number of this version of the list in the history.
        accepted: the warnings that were accepted, with their reasons.
    """

    when: datetime
    house: str
    user: str
    count: int
    description: str
    fingerprint: str
    version: int
    accepted: Sequence[AcceptedWarning] = ()


def compare_list(workplace: Workplace, rows: Sequence[Row], cancel: Cancel) -> Job[ListChange]:
    """Hold the list against what the house has of ours, and against our last upload; nothing is changed anywhere.

    Raises:
        UsageError: the list is empty.
        HouseRefused, SignInFailed, ConnectionFailed: the house said no, or nothing.
        Cancelled: stopped.
    """
    if not rows:
        text = _("The list has no tokens. A house wants at least one; to block all cards, upload them deactivated.")
        raise UsageError(_("Nothing to upload"), text)
    connection = workplace.connected()
    # Asked first: what is sent while we compare must be noticed.
    newest = workplace.lists.newest(connection.house, connection.user)
    global_rows = yield from fetch_rows(workplace, cancel)
    # Without prefixes in the profile, what we are about to upload tells which prefixes are ours.
    prefixes = set() if connection.profile.prefixes else {contract_prefix(row[CONTRACT]) for row in rows} - {""}
    house_rows = sort_out(workplace, global_rows, datetime.now(UTC), prefixes).own_rows
    cancel.check()
    last = workplace.lists.last(connection.house, connection.user)
    last_rows = None if last is None else workplace.lists.rows(last.id)
    change = list_change(rows, house_rows, last_rows, None if last is None else last.when)
    return replace(
        change,
        compared_with=(connection.house, connection.user),
        compared=datetime.now(UTC),
        newest=newest,
        left_out=columns_left_out(workplace, TOKENS, lambda column: (row[column] for row in change.rows)),
    )


def upload_list(
    workplace: Workplace,
    change: ListChange,
    cancel: Cancel,
    allowed_removals: int = 0,
    *,
    details: Mapping[str, Any] | None = None,
) -> Job[Receipt]:
    """Send the compared list in one request, which replaces our whole list at the house.

    Args:
        workplace: with a connection.
        change: from `compare_list`; exactly its rows are sent.
        cancel: stops the request; whether the house took it is then unknown.
        allowed_removals: the number of disappearing tokens that was agreed to.
        details: what receipt and history shall say beside (`upload_details`).

    Raises:
        UsageError: more tokens would disappear than was agreed to, the comparison is of another house, too old, or
            was overtaken by another upload; nothing was sent.
        HouseRefused: the house said no; its list is as before.
        Unconfirmed: the request left and no answer came.
        SignInFailed, ConnectionFailed: nothing was sent.
        Cancelled: stopped before anything was sent.
    """
    if change.needs_yes and allowed_removals < len(change.removed):
        raise UsageError(_("Cards would disappear"), removal_text(len(change.removed)))
    connection = workplace.connected()
    _must_fit(change, (connection.house, connection.user))
    client_call = _("Uploading {count} tokens").format(count=number(len(change.rows)))

    def prepare(_report: Report) -> None:
        with connection.stoppable(cancel) as client:
            if not client.signed_in:
                client.sign_in()

    yield from background(prepare, _("Signing in as {user}").format(user=connection.user))
    cancel.check()
    version = workplace.lists.begin_version(
        connection.house, connection.user, change.rows, details=details, after=change.newest
    )

    def call(report: Report) -> str:
        with connection.stoppable(cancel) as client:
            return client.set_list(change.rows, progress=report).description

    try:
        description = yield from background(call, client_call)
    except HouseRefused as refusal:
        workplace.lists.refuse(version, refusal.code, refusal.reason)
        raise
    except (ConnectionFailed, Cancelled) as failure:
        raise _fate(workplace, version, failure) from failure
    except OchpError as failure:
        workplace.lists.abandon(version, failure.text)
        raise
    except BaseException:
        # A bug, or nobody listens any more.
        workplace.lists.unconfirmed(version, _("The clearing house's answer was not noted."))
        raise
    workplace.lists.confirm(version, description)
    kept = next(one for one in workplace.lists.versions(connection.house, connection.user) if one.id == version)
    return Receipt(
        kept.when, kept.house, kept.user, kept.count, description, kept.fingerprint, version, accepted_in(details)
    )


def _must_fit(change: ListChange, here: tuple[str, str]) -> None:
    """Let a list go only where it was compared, and not long after: what disappears was agreed to for that list only.

    Raises:
        UsageError: it may not go.
    """
    if change.compared_with != here:
        raise UsageError(
            _("Another connection"),
            _("The list was compared with another clearing house. Nothing was sent; compare again."),
        )
    if change.compared is not None and datetime.now(UTC) - change.compared > _GOOD_FOR:
        raise UsageError(
            _("Compared too long ago"),
            _(
                "The list was compared with the house's at {time}; it may be another one by now. "
                "Nothing was sent; compare again."
            ).format(time=f"{change.compared.astimezone():%H:%M}"),
        )


def _fate(workplace: Workplace, version: int, failure: ConnectionFailed | Cancelled) -> OchpError:
    if not failure.sent:
        workplace.lists.abandon(version, failure.text)
        return failure
    workplace.lists.unconfirmed(version, failure.text)
    text = _(
        "The list was on its way when the connection ended, so nobody knows whether the house took it. "
        "Upload it again: a list replaces the one before, nothing is doubled. ({reason})"
    ).format(reason=failure.text)
    return Unconfirmed(_("No answer to the upload"), text)


def removal_text(count: int) -> str:
    """The sentence that says how many cards an upload takes away."""
    return ngettext(
        "{count} card that the house has now is not in this list: it would stop working. "
        "Confirm that it is to be removed.",
        "{count} cards that the house has now are not in this list: they would stop working. "
        "Confirm that they are to be removed.",
        count,
    ).format(count=number(count))
