"""The receipt of an upload as a workbook: its facts, its requests, and every record with its verdict."""

from __future__ import annotations

from pathlib import Path

from ochp_desktop.jobs.month_overview import SHOWN
from ochp_desktop.jobs.receipts import CdrReceipt, kwh_text
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.spreadsheet.book import Page, write_pages
from ochp_desktop.store.states import StateKind
from ochp_desktop.texts import _


def write_book(path: Path, receipt: CdrReceipt) -> None:
    """Write it; every cell is text.

    Raises:
        FileError: the file cannot be written; an old one stays whole.
    """
    pages = [
        Page(_("Receipt"), (_("What"), _("Value")), receipt.facts(), (26, 90)),
        Page(_("Sums"), (_("Infra provider"), _("Partner"), _("State"), _("Records"), _("kWh")), _sums(receipt)),
        Page(
            _("Requests"),
            (
                _("Number"),
                _("Sent"),
                _("Answered"),
                _("Records"),
                _("Verdict"),
                _("Answer"),
                _("Fingerprint (SHA-256)"),
            ),
            [
                (
                    str(one.number),
                    f"{one.begun.astimezone():%Y-%m-%d %H:%M:%S}",
                    f"{one.ended.astimezone():%Y-%m-%d %H:%M:%S}" if one.ended is not None else "",
                    str(one.count),
                    one.verdict,
                    one.answer,
                    one.fingerprint,
                )
                for one in receipt.requests
            ],
            (10, 20, 20, 10, 18, 70, 68),
        ),
    ]
    if receipt.accepted:
        pages.append(
            Page(
                _("Accepted warnings"),
                (_("Rule"), _("Where"), _("Reason")),
                [(one.rule, one.what, one.reason) for one in receipt.accepted],
                (26, 40, 70),
            )
        )
    records = [
        (*row, state.kind.title() if state is not None else StateKind.NOT_SENT.title(), state.reason if state else "")
        for row, state in zip(receipt.rows, receipt.states, strict=True)
    ]
    pages.append(Page(_("Records"), (*CDRS.names, _("State"), _("Reason")), records))
    write_pages(path, pages)


def _sums(receipt: CdrReceipt) -> list[tuple[str, ...]]:
    return [
        (line.infra, line.service, kind.title(), str(line.amount(kind).count), kwh_text(line.amount(kind)))
        for line in receipt.sums
        for kind in SHOWN
        if line.amount(kind).count
    ]
