"""The receipt of an upload as a PDF: facts, sums, requests, accepted warnings, and what is not confirmed."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ochp_desktop.jobs.month_overview import SHOWN
from ochp_desktop.jobs.receipts import CdrReceipt, kwh_text
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.store.states import StateKind
from ochp_desktop.texts import _, number

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MARGIN, LINE, SIZE = 42.0, 12.0, 8.0
REGULAR, BOLD = "OchpReceipt", "OchpReceiptBold"
MOST_RECORDS = 2_000
"""Records not confirmed that are listed; the workbook has them all."""
_CDR_ID, _EVCO, _VOLUME = (CDRS.index(name) for name in ("cdrId", "evcoId", "volume"))
_registering = threading.Lock()


class _Paper:
    """A4 pages that are filled from top to bottom."""

    def __init__(self, canvas: Canvas, size: tuple[float, float], title: str) -> None:
        self.canvas = canvas
        self.width, self.height = size
        self._title = title
        self._page = 0
        self.y = 0.0
        self._turn()

    def _turn(self) -> None:
        if self._page:
            self.canvas.showPage()
        self._page += 1
        self.canvas.setFont(REGULAR, SIZE)
        self.canvas.setFillGray(0.42)
        text = _("{title}, page {page}").format(title=self._title, page=number(self._page))
        self.canvas.drawRightString(self.width - MARGIN, MARGIN / 2, text)
        self.canvas.setFillGray(0.12)
        self.y = self.height - MARGIN

    def down(self, space: float = LINE) -> None:
        """Go down, to a new page where there is no room left."""
        self.y -= space
        if self.y < MARGIN:
            self._turn()
            self.y -= LINE

    def heading(self, text: str) -> None:
        """A line in bold, with room above."""
        self.down(2 * LINE)
        self.canvas.setFont(BOLD, SIZE + 2)
        self.canvas.drawString(MARGIN, self.y, text)
        self.canvas.setFont(REGULAR, SIZE)

    def line(self, cells: Sequence[tuple[float, str]], *, bold: bool = False) -> None:
        """Texts at their places; long ones go on below, the last cell's in full."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        font = BOLD if bold else REGULAR
        wrapped: list[tuple[float, list[str]]] = []
        for index, (x, text) in enumerate(cells):
            right = cells[index + 1][0] - 6 if index + 1 < len(cells) else self.width - MARGIN - x
            room = right - x if index + 1 < len(cells) else right
            wrapped.append((x, _wrapped(text, lambda part: stringWidth(part, font, SIZE), room)))
        for step in range(max(len(parts) for _x, parts in wrapped)):
            self.down()
            self.canvas.setFont(font, SIZE)
            for x, parts in wrapped:
                if step < len(parts):
                    self.canvas.drawString(MARGIN + x, self.y, parts[step])


def _wrapped(text: str, width_of: object, room: float) -> list[str]:
    """The text in lines that fit, broken between words where there are any."""
    assert callable(width_of)
    lines, line = [], ""
    for word in " ".join(text.split())[:2000].split(" "):
        longer = f"{line} {word}".strip()
        if width_of(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > room and len(line) > 1:
            cut = max(1, next((end for end in range(len(line) - 1, 0, -1) if width_of(line[:end]) <= room), 1))
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _registering:
        known = pdfmetrics.getRegisteredFontNames()
        for name, file in ((REGULAR, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
            if name not in known:
                pdfmetrics.registerFont(TTFont(name, file))


def write_pdf(path: Path, receipt: CdrReceipt) -> None:
    """Write it.

    Raises:
        FileError: the file cannot be written; an old one stays whole.
    """
    content = receipt_pdf(receipt)
    with replacing(path) as beside:
        beside.write_bytes(content)


def receipt_pdf(receipt: CdrReceipt) -> bytes:
    """The receipt as a PDF."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    title = _("Receipt of a CDR upload")
    canvas.setTitle(title)
    canvas.setAuthor("OCHP Desktop")
    paper = _Paper(canvas, A4, title)
    canvas.setFont(BOLD, 16)
    paper.down(16)
    canvas.drawString(MARGIN, paper.y, title)
    paper.down()
    for name, text in receipt.facts():
        paper.line([(0, name), (130, text)])
    _sums(paper, receipt)
    paper.heading(_("Requests"))
    paper.line([(0, _("Sent")), (100, _("Records")), (150, _("Verdict")), (240, _("Answer"))], bold=True)
    for one in receipt.requests:
        sent = f"{one.begun.astimezone():%Y-%m-%d %H:%M:%S}"
        verdict = _("{verdict} (part)").format(verdict=one.verdict) if one.part else one.verdict
        paper.line([(0, sent), (100, number(one.count)), (150, verdict), (240, one.answer)])
    if receipt.accepted:
        paper.heading(_("Accepted warnings"))
        for warning in receipt.accepted:
            paper.line([(0, warning.rule), (130, warning.what), (300, warning.reason)])
    _not_confirmed(paper, receipt)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sums(paper: _Paper, receipt: CdrReceipt) -> None:
    paper.heading(_("Sums"))
    head = [(0, _("Infra provider")), (130, _("Partner")), (260, _("State")), (360, _("Records")), (430, _("kWh"))]
    paper.line([(float(x), text) for x, text in head], bold=True)
    for line in receipt.sums:
        for kind in (*SHOWN, StateKind.NOT_SENT):
            amount = line.amount(kind)
            if amount.count:
                paper.line(
                    [
                        (0, line.infra),
                        (130, line.service),
                        (260, kind.title()),
                        (360, number(amount.count)),
                        (430, kwh_text(amount)),
                    ]
                )


def _not_confirmed(paper: _Paper, receipt: CdrReceipt) -> None:
    left = [
        (row, state)
        for row, state in zip(receipt.rows, receipt.states, strict=True)
        if state is None or state.kind is not StateKind.CONFIRMED
    ]
    if not left:
        paper.down()
        paper.line([(0, _("Every record of this upload is confirmed by the clearing house."))])
        return
    paper.heading(_("Records that are not confirmed"))
    head = [(0, _("CDR id")), (120, _("Contract id")), (230, _("kWh")), (280, _("State")), (350, _("Reason"))]
    paper.line([(float(x), text) for x, text in head], bold=True)
    for row, state in left[:MOST_RECORDS]:
        kind = state.kind if state is not None else StateKind.NOT_SENT
        reason = state.reason if state is not None else ""
        paper.line([(0, row[_CDR_ID]), (120, row[_EVCO]), (230, row[_VOLUME]), (280, kind.title()), (350, reason)])
    if len(left) > MOST_RECORDS:
        more = number(len(left) - MOST_RECORDS)
        paper.line([(0, _("… and {count} more; the receipt as a workbook has them all.").format(count=more))])
