"""The commands about charge data records: upload, settle, overview, history and receipts."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from ochp_desktop.cli.files import read, tell_problems
from ochp_desktop.cli.house import open_workplace
from ochp_desktop.cli.output import Output
from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.amount import Amount
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.columns_left_out import columns_left_out, left_out_text
from ochp_desktop.jobs.declare import declare
from ochp_desktop.jobs.find_culprit import explanation, find_culprit
from ochp_desktop.jobs.held_records import follow_file
from ochp_desktop.jobs.history import Entry, history
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.month_overview import SHOWN, month_overview
from ochp_desktop.jobs.receipt_files import save_receipt
from ochp_desktop.jobs.receipts import cdr_receipt
from ochp_desktop.jobs.settle import Settled, settle
from ochp_desktop.jobs.upload_cdrs import CdrUpload, StateKind, upload_cdrs
from ochp_desktop.jobs.upload_details import held_records, upload_details
from ochp_desktop.jobs.workplace import Workplace, house_name
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.problems import Level
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, decimal, labelled, number

REFUSED, NO_CONNECTION, UNCONFIRMED = 1, 3, 4
SHORT_ID = 12
"""So much of an upload's id is shown and understood."""


def upload_records(chosen: argparse.Namespace, output: Output) -> int:
    """Send the records of the files that were not sent before."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        sheet, parts = _read_all(chosen.files, output, cancel)
        checker = output.run(check_sheet(sheet, workplace.facts(chosen.timezone), cancel), cancel)
        bad = [row for row in sheet.order if checker.level(row) is Level.ERROR]
        good = [row for row in sheet.order if checker.level(row) is not Level.ERROR]
        _follow_files(workplace, sheet, parts, set(bad) if chosen.hold_back and good else set())
        if bad and not chosen.hold_back:
            output.say(_("Nothing was sent: some records have errors. --hold-back sends the others."))
            return tell_problems(sheet, checker, output)
        if not good:
            output.say(_("Nothing was sent: no record is free of errors."))
            return tell_problems(sheet, checker, output)
        if bad:
            text = _("{good} records go, {bad} with errors are held back.")
            output.say(text.format(good=number(len(good)), bad=number(len(bad))))
        records = list(zip(good, sheet.rows_texts(good), strict=True))
        workplace.connected().client()  # reads the WSDL
        left_out = columns_left_out(workplace, sheet.kind, lambda column: (texts[column] for _row, texts in records))
        if left_out:
            output.say(left_out_text(left_out))
        details = upload_details(sheet, checker, good, [path.name for path in chosen.files])
        held = held_records(sheet, checker, bad)
        result = output.run(upload_cdrs(workplace, records, cancel, held=held, details=details), cancel)
        if chosen.find_culprit and result.rows_in(StateKind.REFUSED) and not result.stopped:
            output.say(explanation(len(result.rows_in(StateKind.REFUSED))))
            found = output.run(find_culprit(workplace, records, cancel, details=details), cancel)
            result = _joined(result, found)
        if chosen.receipt and result.upload:
            save_receipt(chosen.receipt, cdr_receipt(workplace, result.upload))
            output.say(_("Receipt: {file}").format(file=chosen.receipt))
    return _tell_upload(result, len(bad), sheet, output, left_out)


def _read_all(paths: list[Path], output: Output, cancel: Cancel) -> tuple[Sheet, dict[Path, list[int]]]:
    """The files as one sheet, and which rows came from which; a single one knows its cells' places."""
    sheets = [read(path, CDRS.name, output, cancel, must_hold=True).sheet for path in paths]
    if len(sheets) == 1:
        return sheets[0], {paths[0]: list(sheets[0].order)}
    joined = Sheet(CDRS)
    parts: dict[Path, list[int]] = {}
    for path, sheet in zip(paths, sheets, strict=True):
        before = len(joined.order)
        joined.load(sheet.rows_texts(), [sheet.sources[row] for row in sheet.order])
        parts.setdefault(path, []).extend(joined.order[before:])
    return joined, parts


def _follow_files(
    workplace: Workplace, sheet: Sheet, parts: Mapping[Path, Sequence[int]], bad: AbstractSet[int]
) -> None:
    """What was held back of these files before, and is no longer in them, is not held back any more."""
    infra, cdr_id = (sheet.columns[CDRS.index(name)] for name in ("infraProviderId", "cdrId"))
    present = [(infra[row], cdr_id[row]) for row in sheet.order]
    for path, rows in parts.items():
        follow_file(workplace, path, present, [(infra[row], cdr_id[row]) for row in rows if row in bad])


def _joined(upload: CdrUpload, search: CdrUpload) -> CdrUpload:
    """What became of the records after the search."""
    states = {**upload.states, **search.states}
    return CdrUpload(upload.upload, states, search.reasons, search.culprits, search.stopped)


def _tell_upload(result: CdrUpload, held: int, sheet: Sheet, output: Output, left_out: Sequence[str]) -> int:
    counts = result.counts
    counts[StateKind.HELD_BACK] += held
    cdr_id = CDRS.index("cdrId")
    culprits = [{"cdrId": sheet.text(row, cdr_id), "reason": result.states[row].reason} for row in result.culprits]
    output.data(
        {
            **{kind.name.lower(): counts[kind] for kind in StateKind},
            "refusals": [{"reason": reason, "records": count} for reason, count in result.reasons],
            "culprits": culprits,
            "stopped": result.stopped,
            "columns_left_out": list(left_out),
            "upload": result.upload,
        }
    )
    _tell_states(output, counts)
    for reason, count in result.reasons:
        output.say(_("Refused ({count} records): {reason}").format(count=number(count), reason=reason))
    for one in culprits:
        output.say(labelled(one["cdrId"], one["reason"]))
    refused = counts[StateKind.REFUSED]
    if refused > 1 and not culprits:
        output.say(_("--find-culprit finds the records at fault by halves and sends the others."))
    if result.stopped:
        output.say(result.stopped)
    if counts[StateKind.UNCONFIRMED]:
        output.say(_("Run “ochp-desktop cdrs settle” with the same connection; nothing is sent twice."))
        return UNCONFIRMED
    if counts[StateKind.NOT_SENT]:
        return NO_CONNECTION
    return REFUSED if refused or counts[StateKind.HELD_BACK] else 0


def settle_records(chosen: argparse.Namespace, output: Output) -> int:
    """Find out what became of unconfirmed records, or note what the house told people about them."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        told = chosen.told_there or chosen.told_not_there
        if told:
            count = declare(workplace, None, there=bool(chosen.told_there), words=told)
            kind = StateKind.CONFIRMED if chosen.told_there else StateKind.REFUSED
            result = Settled(confirmed=count) if chosen.told_there else Settled(refused=count)
            output.say(_("{count} records noted as: {state}.").format(count=number(count), state=kind.title()))
        else:
            result = output.run(settle(workplace, cancel, by_halves=chosen.by_halves), cancel)
    output.data(
        {
            "confirmed": result.confirmed,
            "refused": result.refused,
            "unconfirmed": result.open,
            "reasons": [*result.reasons, *result.unread],
            "stopped": result.stopped,
        }
    )
    if result.confirmed == result.refused == result.open == 0:
        output.say(_("Nothing is unconfirmed."))
    else:
        found = Counter({StateKind.CONFIRMED: result.confirmed, StateKind.REFUSED: result.refused})
        found[StateKind.UNCONFIRMED] = result.open
        _tell_states(output, found)
    for text in (*result.reasons, result.story()):
        if text:
            output.say(text)
    if result.open and result.unread:
        output.say(_("By halves: cdrs settle --by-halves. The house's word: --told-there WHO or --told-not-there WHO."))
    if result.open:
        return UNCONFIRMED
    return REFUSED if result.refused else 0


def overview(chosen: argparse.Namespace, output: Output) -> int:
    """What became of a month's records, by infra provider and partner; sends nothing."""
    with open_workplace(chosen) as workplace:
        found = month_overview(workplace, chosen.month)
    output.data(
        {
            "month": found.month,
            "months": found.months,
            "lines": [
                {"infra_provider": line.infra, "partner": line.service, **_amounts(line.by_state)}
                for line in found.lines
            ],
            "total": _amounts(found.total),
        }
    )
    output.say(_("Month: {month}").format(month=found.month or _("all months")))
    for line in found.lines:
        output.say(labelled(f"{line.infra} → {line.service}", _said(line.by_state)))
    output.say(_("Total: {amounts}").format(amounts=_said(found.total) or _("nothing")))
    return 0


def show_history(chosen: argparse.Namespace, output: Output) -> int:
    """Every action that left this computer, the newest first; sends nothing."""
    workplace = Workplace.open(chosen.data_dir)
    try:
        entries = history(workplace, chosen.text, limit=chosen.limit)
    finally:
        workplace.close()
    output.data({"entries": [_entry(entry) for entry in entries]})
    for entry in entries:
        parts = (
            f"{entry.begun.astimezone():%Y-%m-%d %H:%M}",
            entry.kind.title(),
            entry.outcome.title(),
            number(entry.count),
            house_name(entry.house),
            entry.upload[:SHORT_ID],
            "; ".join(entry.answers)[:120],
        )
        output.say("  ".join(part for part in parts if part))
    if not entries:
        output.say(_("Nothing matches."))
    return 0


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "outcome": entry.outcome.value,
        "begun": entry.begun.isoformat(),
        "ended": entry.ended.isoformat() if entry.ended else None,
        "house": entry.house,
        "user": entry.user,
        "records": entry.count,
        "requests": entry.requests,
        "answers": entry.answers,
        "fingerprint": entry.fingerprint,
        "upload": entry.upload,
        "states": {kind.value: count for kind, count in entry.states.items()},
        "details": dict(entry.details),
    }


def write_receipt(chosen: argparse.Namespace, output: Output) -> int:
    """Write the receipt of an upload as .pdf or .xlsx; sends nothing."""
    workplace = Workplace.open(chosen.data_dir)
    try:
        uploads = [entry.upload for entry in history(workplace, limit=10_000) if entry.upload]
        fitting = [upload for upload in uploads if upload.startswith(chosen.upload)]
        if chosen.upload == "last":
            fitting = uploads[:1]
        if len(fitting) != 1:
            raise UsageError(_("No receipt"), _("Name one upload, as “cdrs history” shows it, or “last”."))
        receipt = cdr_receipt(workplace, fitting[0])
        save_receipt(chosen.out, receipt)
    finally:
        workplace.close()
    output.data({"upload": receipt.upload, "records": len(receipt.rows), "fingerprint": receipt.fingerprint})
    output.say(_("Receipt: {file}").format(file=chosen.out))
    return 0


def _amounts(by_state: Mapping[StateKind, Amount]) -> dict[str, Any]:
    return {
        kind.value: {"records": by_state[kind].count, "kwh": f"{by_state[kind].kwh:.4f}"}
        for kind in SHOWN
        if kind in by_state
    }


def _said(by_state: Mapping[StateKind, Amount]) -> str:
    return " · ".join(
        _("{state}: {count} ({kwh} kWh)").format(
            state=kind.title(), count=number(by_state[kind].count), kwh=decimal(by_state[kind].kwh, 4)
        )
        for kind in SHOWN
        if kind in by_state
    )


def _tell_states(output: Output, counts: Mapping[StateKind, int]) -> None:
    words = {
        StateKind.CONFIRMED: _("{count} confirmed"),
        StateKind.REFUSED: _("{count} refused"),
        StateKind.UNCONFIRMED: _("{count} unconfirmed"),
        StateKind.HELD_BACK: _("{count} held back"),
        StateKind.NOT_SENT: _("{count} not sent"),
    }
    parts = [text.format(count=number(counts[kind])) for kind, text in words.items() if counts.get(kind)]
    output.say(" · ".join(parts))
