"""The PDF statement of a clearing for one service provider: whose CDRs, how much, and every record."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ochp_desktop.practice.schema import Clearing, Total
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.texts import _, number

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MARGIN = 36.0
LINE = 11.0
SIZE = 7.5
REGULAR, BOLD = "OchpVera", "OchpVeraBold"
INK, QUIET, RULE = 0.12, 0.42, 0.8
WATERMARK = 0.93
MOST_LETTERS = 60  # no column holds more; a hostile id may have a million
PAGES_FORM, PAGES_ROOM = "pages", 24.0


class Column(NamedTuple):
    """A column of the table: its field, where it stands, its width in points, and whether x is its right edge."""

    field: str
    x: float
    room: float
    right: bool = False


COLUMNS = (  # on A4 lying down, 842 points wide
    Column("cdrId", 36, 108),
    Column("startDatetime", 150, 116),
    Column("endDatetime", 272, 116),
    Column("volume", 446, 54, right=True),
    Column("evcoId", 460, 108),
    Column("chargePointId", 574, 130),
    Column("infraProviderId", 710, 96),
)
_registering = threading.Lock()


def kwh(volume: Decimal) -> str:
    """An amount of energy as the protocol writes volumes, with all four decimals: 1234,5000."""
    return f"{volume:.4f}".replace(".", ",")


def _register_fonts() -> None:
    """Make the font that comes with reportlab known, once; it is embedded in every statement."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _registering:
        known = pdfmetrics.getRegisteredFontNames()
        for name, file in ((REGULAR, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
            if name not in known:
                pdfmetrics.registerFont(TTFont(name, file))


class _Pages:
    """Writes lines from top to bottom and turns the page when it is full.

    How many pages there are is known last: each page shows a form that is filled at the end.
    """

    def __init__(self, canvas: Canvas, size: tuple[float, float], title: str) -> None:
        self.canvas = canvas
        self.width, self.height = size
        self.title = title
        self.page = 0
        self.y = 0.0
        self.turn()

    def turn(self) -> None:
        """Begin a new page: watermark, title and page number."""
        if self.page:
            self.canvas.showPage()
        self.page += 1
        canvas = self.canvas
        canvas.saveState()
        canvas.translate(self.width / 2, self.height / 2)
        canvas.rotate(30)
        canvas.setFillGray(WATERMARK)
        canvas.setFont(BOLD, 90)
        canvas.drawCentredString(0, -30, _("PRACTICE"))
        canvas.restoreState()
        canvas.setFillGray(QUIET)
        canvas.setFont(REGULAR, SIZE)
        canvas.drawString(MARGIN, MARGIN / 2, _("Practice clearing house: nobody owes anything on this page."))
        page = _("{title}, page {page} of").format(title=self.title, page=self.page)
        canvas.drawRightString(self.width - MARGIN - PAGES_ROOM, MARGIN / 2, page)
        canvas.doForm(PAGES_FORM)
        canvas.setFillGray(INK)
        self.y = self.height - MARGIN

    def finish(self) -> None:
        """End the last page and say on all of them how many there are."""
        self.canvas.showPage()
        self.canvas.beginForm(PAGES_FORM)
        self.canvas.setFillGray(QUIET)
        self.canvas.setFont(REGULAR, SIZE)
        self.canvas.drawString(self.width - MARGIN - PAGES_ROOM + 3, MARGIN / 2, str(self.page))
        self.canvas.endForm()

    def down(self, space: float = LINE) -> bool:
        """Go down for a line of that height; True when that took a new page."""
        turned = self.y - space < MARGIN + LINE
        if turned:
            self.turn()
        self.y -= space
        return turned


def _fitting(text: str, room: float, width: Callable[[str, str, float], float]) -> str:
    """The text, cut with an ellipsis where it is wider than its column."""
    if len(text) <= MOST_LETTERS and width(text, REGULAR, SIZE) <= room:
        return text
    text = text[:MOST_LETTERS]
    while text and width(text + "…", REGULAR, SIZE) > room:
        text = text[:-1]
    return text + "…"


def write_statement(clearing: Clearing, rows: Iterable[Sequence[str]]) -> bytes:
    """The statement as a PDF: sums per sender on the first page, then one line per CDR.

    Args:
        clearing: number, date, provider and totals; the totals count exactly the rows.
        rows: the CDRs, texts in field order.
    """
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfgen.canvas import Canvas

    _register_fonts()
    size: tuple[float, float] = landscape(A4)
    title = _("Statement {number} for {provider}").format(number=clearing.number, provider=clearing.provider_id)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(_("Practice clearing house"))
    pages = _Pages(canvas, size, title)
    _summary(pages, clearing)
    _table(pages, rows)
    pages.finish()
    canvas.save()
    return out.getvalue()


def _summary(pages: _Pages, clearing: Clearing) -> None:
    """Title, date, and how many CDRs and kWh came from whom."""
    canvas = pages.canvas
    pages.down(14)
    canvas.setFont(BOLD, 16)
    canvas.drawString(MARGIN, pages.y, pages.title)
    pages.down(18)
    canvas.setFont(REGULAR, SIZE)
    when = datetime.fromtimestamp(clearing.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    canvas.drawString(MARGIN, pages.y, _("Cleared {when}").format(when=when))
    pages.down(6)
    everything = Total(
        _("Total"),
        sum(total.count for total in clearing.totals),
        sum((total.volume for total in clearing.totals), Decimal(0)),
    )
    for total in (*clearing.totals, everything):
        pages.down()
        canvas.setFont(BOLD if total is everything else REGULAR, SIZE)
        canvas.drawString(MARGIN, pages.y, total.infra_provider_id)
        canvas.drawRightString(300, pages.y, _("{count} CDRs").format(count=number(total.count)))
        canvas.drawRightString(420, pages.y, _("{volume} kWh").format(volume=kwh(total.volume)))
    pages.down()


def _table(pages: _Pages, rows: Iterable[Sequence[str]]) -> None:
    """One line per CDR, the column titles on every page."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    canvas = pages.canvas
    kind = KINDS["cdrs"]

    def head() -> None:
        canvas.setFont(BOLD, SIZE)
        for column in COLUMNS:
            text = _fitting(kind.field(column.field).title(), column.room, stringWidth)
            (canvas.drawRightString if column.right else canvas.drawString)(column.x, pages.y, text)
        canvas.setStrokeGray(RULE)
        canvas.line(MARGIN, pages.y - 4, pages.width - MARGIN, pages.y - 4)
        pages.y -= 5
        canvas.setFont(REGULAR, SIZE)

    cells = [
        (kind.index(column.field), column.x, column.room, canvas.drawRightString if column.right else canvas.drawString)
        for column in COLUMNS
    ]
    pages.down()
    head()
    for row in rows:
        if pages.down():
            head()
            pages.down()
        for index, x, room, draw in cells:
            draw(x, pages.y, _fitting(row[index], room, stringWidth))
