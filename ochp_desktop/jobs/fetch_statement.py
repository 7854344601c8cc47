"""Fetching the cleared CDRs and their PDF, and archiving both the moment they arrive."""

from __future__ import annotations

from datetime import UTC, datetime

from ochp_desktop.errors import ConnectionFailed, HouseRefused, SignInFailed
from ochp_desktop.jobs.background import Report, background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.statements import Statement, load_statement
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.actions import ActionKind, Outcome
from ochp_desktop.store.rows import Row
from ochp_desktop.texts import _

PDF_LIMIT = 50_000_000


def fetch_statement(workplace: Workplace, cancel: Cancel) -> Job[Statement]:
    """Fetch the CDRs of the last clearing and archive them, then fetch and archive their PDF.

    The CDRs are kept even when the PDF cannot be had: `trouble` then says why, `fetch_pdf` tries again.

    Raises:
        HouseRefused, SignInFailed, ConnectionFailed: the house said no, or nothing.
        Cancelled: stopped before the CDRs were there.
    """
    connection = workplace.connected()

    def get(report: Report) -> tuple[list[Row], str]:
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
    trouble = ""
    if doc_link and not workplace.archive.has_pdf(number):
        try:
            yield from fetch_pdf(workplace, number, doc_link, cancel)
        except (ConnectionFailed, HouseRefused, SignInFailed) as failure:
            trouble = failure.text
    return load_statement(workplace, number, new=new, trouble=trouble)


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
