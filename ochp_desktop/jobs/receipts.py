"""Receipts for CDR uploads: who sent what to which house, when, what became of it, and the fingerprint of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.amount import Amount, kwh_of
from ochp_desktop.jobs.month_overview import SHOWN, OverviewLine
from ochp_desktop.jobs.upload_details import AcceptedWarning, accepted_in
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store.batches import Batch, BatchState, key_of
from ochp_desktop.store.profiles import house_name
from ochp_desktop.store.rows import fingerprint
from ochp_desktop.store.states import RecordState, StateKind
from ochp_desktop.texts import N_, _, decimal, ngettext, number

__all__ = ["AcceptedWarning", "CdrReceipt", "Request", "cdr_receipt"]

_INFRA, _SERVICE, _VOLUME = (CDRS.index(name) for name in ("infraProviderId", "serviceProviderId", "volume"))
_VERDICTS = {
    BatchState.SENDING: N_("on its way"),
    BatchState.CONFIRMED: N_("confirmed"),
    BatchState.REFUSED: N_("refused"),
    BatchState.UNCONFIRMED: N_("unconfirmed"),
    BatchState.DIVIDED: N_("settled in parts"),
    BatchState.NEVER_SENT: N_("never sent"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the upload.

    Attributes:
        number: its number in the journal.
        begun: when it was written down, just before it left.
        ended: when its verdict came, or None.
        count: number of records.
        verdict: what became of it, in the user's language.
        answer: the house's words.
        fingerprint: sha256 (hex) of its records.
        part: whether it repeats a part of an earlier request, to settle it or to find a record at fault.
    """

    number: int
    begun: datetime
    ended: datetime | None
    count: int
    verdict: str
    answer: str
    fingerprint: str
    part: bool


@dataclass(frozen=True, slots=True)
class CdrReceipt:
    """All that is known of one upload.

    Attributes:
        upload: what the journal knows it by.
        house: the house.
        user: as whom.
        begun: when it began, UTC.
        ended: when the last verdict came, or None.
        files: names of the files it came from.
        requests: its requests, in order.
        rows: its records as they went on the wire, each once, in the order in which they left first.
        states: the state of each of these records now.
        sums: amounts by infra provider and partner.
        accepted: warnings that were accepted before.
        fingerprint: sha256 (hex) of all records in this order.
    """

    upload: str
    house: str
    user: str
    begun: datetime
    ended: datetime | None
    files: Sequence[str]
    requests: Sequence[Request]
    rows: Sequence[Sequence[str]]
    states: Sequence[RecordState | None]
    sums: Sequence[OverviewLine]
    accepted: Sequence[AcceptedWarning]
    fingerprint: str

    def total(self, kind: StateKind) -> Amount:
        """The amount in a state."""
        whole = Amount()
        for line in self.sums:
            whole.add_all(line.amount(kind))
        return whole

    def facts(self) -> list[tuple[str, str]]:
        """Title and text of what stands at the head of the receipt, in the user's language."""
        lines = [
            (_("Clearing house"), house_name(self.house)),
            (_("User"), self.user),
            (_("Started"), _moment(self.begun)),
            (_("Last answer"), _moment(self.ended) if self.ended is not None else _("none yet")),
            (_("Files"), ", ".join(self.files) or _("not named")),
            (_("Records"), number(len(self.rows))),
        ]
        for kind in SHOWN:
            amount = self.total(kind)
            if amount.count:
                words = ngettext("{count} record, {kwh} kWh", "{count} records, {kwh} kWh", amount.count)
                text = words.format(count=number(amount.count), kwh=kwh_text(amount))
                lines.append((kind.title(), text))
        lines.append((_("Fingerprint (SHA-256)"), self.fingerprint))
        return lines


def kwh_text(amount: Amount) -> str:
    """The energy with the protocol's four decimals, for people."""
    return decimal(amount.kwh, 4, grouped=False)


def _moment(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M:%S %z}"


def cdr_receipt(workplace: Workplace, upload: str) -> CdrReceipt:
    """The receipt of an upload as things stand now; touches the disk.

    Args:
        workplace: its journal; no connection is needed.
        upload: as `CdrUpload.upload` or the history has it.

    Raises:
        UsageError: the journal knows no such upload.
        StoreError: the journal cannot be read.
    """
    journal = workplace.journal
    batches = journal.batches_of(upload) if upload else []
    if not batches:
        raise UsageError(_("No receipt"), _("The journal knows no such upload. Look it up in the history."))
    first = batches[0]
    rows: dict[tuple[str, str], Sequence[str]] = {}
    requests: list[Request] = []
    for batch in batches:
        # Of an unsettled batch the journal gives what is left of it; the rest is in its parts.
        repeats = batch.parent is not None or all(key_of(row) in rows for row in batch.rows)
        for row in batch.rows:
            rows.setdefault(key_of(row), row)
        requests.append(_request(batch, part=repeats and batch is not first))
    states = journal.states(first.house, list(rows))
    known = [states.get(key) for key in rows]
    details = _details(workplace, [batch.id for batch in batches])
    ended = max((batch.ended for batch in batches if batch.ended is not None), default=None)
    return CdrReceipt(
        upload,
        first.house,
        first.user,
        first.begun,
        ended,
        [str(name) for name in _listed(details.get("files"))],
        requests,
        list(rows.values()),
        known,
        _sums(list(rows.values()), known),
        accepted_in(details),
        fingerprint(rows.values()),
    )


def _request(batch: Batch, *, part: bool) -> Request:
    verdict = _(_VERDICTS[batch.state])
    return Request(batch.id, batch.begun, batch.ended, batch.count, verdict, batch.answer, batch.fingerprint, part)


def _details(workplace: Workplace, batches: Sequence[int]) -> Mapping[str, Any]:
    """What was noted with the requests, joined."""
    joined: dict[str, Any] = {}
    for details in workplace.journal.details(batches):
        for name, value in details.items():
            if isinstance(value, list) and isinstance(joined.get(name), list):
                joined[name] += [one for one in value if one not in joined[name]]
            else:
                joined.setdefault(name, list(value) if isinstance(value, list) else value)
    return joined


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _sums(rows: Sequence[Sequence[str]], states: Sequence[RecordState | None]) -> list[OverviewLine]:
    lines: dict[tuple[str, str], OverviewLine] = {}
    for row, state in zip(rows, states, strict=True):
        key = row[_INFRA], row[_SERVICE]
        line = lines.setdefault(key, OverviewLine(*key))
        kind = state.kind if state is not None else StateKind.NOT_SENT
        line.by_state.setdefault(kind, Amount()).add(kwh_of(row[_VOLUME]))
    return [lines[key] for key in sorted(lines)]
