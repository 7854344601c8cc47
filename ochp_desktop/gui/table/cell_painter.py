"""Paints the visible cells in one go: grounds, marks, texts, grid, and a frame around the current cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.records.problems import Level

_PAD = 4
_MARK = 14
# More of a huge text is never seen in a cell.
_LONGEST_SHOWN = 300
_LINE_ENDS = str.maketrans({"\n": "↵", "\r": " ", "\t": " ", "\0": " ", "\u2028": "↵", "\u2029": "↵"})

Part = tuple[int, int, int, int]
"""Top, bottom, left and right of a selected range."""


@dataclass(frozen=True, slots=True)
class Span:
    """One column on the screen.

    Attributes:
        column: its number in the model.
        left: where it begins, in the viewport.
        width: how wide it is.
    """

    column: int
    left: int
    width: int


class CellPainter:
    """Cells with a ground and a mark for their worst problem; the mark keeps its ground when selected.

    One loop over what is seen costs half of what Qt's way costs, which asks a delegate for every cell.
    """

    def __init__(self, model: SheetModel, palette: QPalette, font: QFont) -> None:
        self._model = model
        self.look = theme.theme_of(palette)
        self._metrics = QFontMetrics(font)
        self._marks: dict[tuple[str, float], QPixmap] = {}
        # Texts of plain characters are measured by adding up; only those that may not fit are measured truly.
        self._widths = {chr(code): self._metrics.horizontalAdvance(chr(code)) for code in range(32, 127)}
        self._widest = max(self._widths.values())
        self._grounds = {
            Level.ERROR: self.look.error_ground,
            Level.WARNING: self.look.warning_ground,
            Level.HINT: self.look.hint_ground,
        }

    def paint(
        self, painter: QPainter, rows: range, top: int, height: int, spans: Sequence[Span], selected: Sequence[Part]
    ) -> None:
        """Paint rows of cells.

        Args:
            painter: on the viewport.
            rows: visible positions.
            top: where the first of them begins.
            height: of each.
            spans: the columns.
            selected: the selected ranges among them.
        """
        columns = [span.column for span in spans]
        across: list[tuple[int, int]] | None = None
        chosen: list[bool] = []
        runs: list[tuple[int, int]] = []
        selection, text_colour = self.look.selection, self.look.text
        baseline = (height + self._metrics.ascent() - self._metrics.descent()) // 2
        painter.setPen(text_colour)
        y = top
        for row in rows:
            here = [(part[2], part[3]) for part in selected if part[0] <= row <= part[1]]
            if here != across:
                across = here
                chosen = [any(first <= column <= last for first, last in here) for column in columns]
                runs = _runs(spans, chosen)
            for left, width in runs:
                painter.fillRect(left, y, width, height, selection)
            cells = self._model.painted(row, columns)
            for span, is_chosen, (text, level, mark) in zip(spans, chosen, cells, strict=True):
                left, width = span.left, span.width
                if level is not None and not is_chosen:
                    painter.fillRect(left, y, width, height, self._grounds[level])
                at = left + _PAD
                if mark:
                    if level is not None and is_chosen:
                        painter.fillRect(left, y, _MARK + 2 * _PAD, height, self._grounds[level])
                    painter.drawPixmap(QPointF(at, y + (height - _MARK) / 2), self._mark(mark, painter))
                    at += _MARK + _PAD + (_PAD if is_chosen else 2)
                if text:
                    room = left + width - at - 3
                    painter.drawText(at, y + baseline, self._fitting(text, room))
            y += height
        self._paint_grid(painter, top, y, height, spans)

    def _fitting(self, text: str, room: int) -> str:
        """The text in one line, shortened to the room."""
        if not text.isprintable() or len(text) > _LONGEST_SHOWN:
            text = text[:_LONGEST_SHOWN].translate(_LINE_ENDS)
        if text.isascii() and text.isprintable():
            short = len(text) * self._widest <= room
            if short or sum(map(self._widths.__getitem__, text)) <= room:
                return text
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _paint_grid(self, painter: QPainter, top: int, bottom: int, height: int, spans: Sequence[Span]) -> None:
        border = self.look.border
        for span in spans:
            painter.fillRect(span.left + span.width - 1, top, 1, bottom - top, border)
        if spans:
            first = min(span.left for span in spans)
            width = max(span.left + span.width for span in spans) - first
            for y in range(top + height - 1, bottom, height):
                painter.fillRect(first, y, width, 1, border)

    def paint_frame(self, painter: QPainter, rect: QRect) -> None:
        """The frame around the current cell."""
        painter.setPen(QPen(self.look.accent, 2))
        painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -1.5, -1.5))

    def _mark(self, name: str, painter: QPainter) -> QPixmap:
        """The mark drawn once for each sharpness: drawing it anew is most of the cost of a marked cell."""
        scale = painter.device().devicePixelRatio()
        pixmap = self._marks.get((name, scale))
        if pixmap is None:
            edge = round(_MARK * scale)
            pixmap = QPixmap(edge, edge)
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(QColor(Qt.GlobalColor.transparent))
            brush = QPainter(pixmap)
            icons.paint(brush, name, QRectF(0, 0, _MARK, _MARK), look=self.look)
            brush.end()
            self._marks[name, scale] = pixmap
        return pixmap


def _runs(spans: Sequence[Span], chosen: Sequence[bool]) -> list[tuple[int, int]]:
    """(left, width) of each stretch of chosen columns that lie side by side."""
    runs: list[tuple[int, int]] = []
    for span, is_chosen in zip(spans, chosen, strict=True):
        if not is_chosen:
            continue
        if runs and sum(runs[-1]) == span.left:
            runs[-1] = runs[-1][0], runs[-1][1] + span.width
        else:
            runs.append((span.left, span.width))
    return runs
