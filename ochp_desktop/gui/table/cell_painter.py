"""Paints the visible cells in one go: grounds, marks, texts, grid, and a frame around the current cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.ground import Lines
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.painted_cells import PaintedCells, bad_places, painted_cells
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

    A loop for each column over what is seen costs a third of what Qt's way costs, which asks a delegate for every cell.
    """

    def __init__(self, model: SheetModel, palette: QPalette, font: QFont) -> None:
        self._model = model
        self.look = theme.theme_of(palette)
        self._font, self._metrics = font, QFontMetrics(font)
        self._plain_font = _unshaped(font)
        self._plain_metrics = QFontMetrics(self._plain_font)
        self._marks: dict[tuple[str, float], QPixmap] = {}
        # Texts of plain characters are measured by adding up; only those that may not fit are measured truly.
        self._widths = {chr(code): self._metrics.horizontalAdvance(chr(code)) for code in range(32, 127)}
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
        for part in selected:
            seen = range(max(rows.start, part[0]), min(rows.stop, part[1] + 1))
            for left, width in _runs(spans, part):
                y = top + (seen.start - rows.start) * height
                painter.fillRect(left, y, width, len(seen) * height, self.look.selection)
        painter.setPen(self.look.text)
        ids = self._model.view.rows[rows.start : rows.stop]
        bad = bad_places(self._model, ids)
        for span in spans:
            cells = painted_cells(self._model, ids, bad, span.column)
            here = [part for part in selected if part[2] <= span.column <= part[3]]
            chosen = {at for at in cells.marks if any(part[0] <= rows[at] <= part[1] for part in here)}
            self._paint_column(painter, cells, chosen, span, top, height)
        self._paint_grid(painter, len(rows), top, height, spans)

    def _paint_column(
        self, painter: QPainter, cells: PaintedCells, chosen: Collection[int], span: Span, top: int, height: int
    ) -> None:
        indents = {
            at: self._paint_mark(painter, span, top + at * height, height, level, mark, chosen=at in chosen)
            for at, (level, mark) in cells.marks.items()
        }
        room = span.width - _PAD - 3
        y = top + (height + self._metrics.ascent() - self._metrics.descent()) // 2
        together = "".join(cells.texts)
        plain = together.isascii() and together.isprintable()
        all_fit = plain and self._surely_fit(cells.texts, together, room - max(indents.values(), default=0))
        painter.setFont(self._plain_font if plain else self._font)
        metrics = self._plain_metrics if plain else self._metrics
        for at, text in enumerate(cells.texts):
            if text:
                indent = indents.get(at, 0)
                short = text if all_fit else self._fitting(text, room - indent, metrics)
                painter.drawText(span.left + _PAD + indent, y, short)
            y += height

    def _paint_mark(
        self, painter: QPainter, span: Span, y: int, height: int, level: Level | None, mark: str, *, chosen: bool
    ) -> int:
        """Paint the ground and the mark of a cell with a problem or a state; how far its text is moved."""
        if level is not None:
            # In a selected cell the mark keeps its ground.
            width = _MARK + 2 * _PAD if chosen else span.width
            painter.fillRect(span.left, y, width, height, self._grounds[level])
        if not mark:
            return 0
        painter.drawPixmap(QPointF(span.left + _PAD, y + (height - _MARK) / 2), self._mark(mark, painter))
        return _MARK + _PAD + (_PAD if chosen else 2)

    def _surely_fit(self, texts: Sequence[str], together: str, room: int) -> bool:
        """Whether plain texts all fit into the room even if each had the widest character only: no need to measure."""
        widest = max(map(self._widths.__getitem__, set(together)), default=0)
        return max(map(len, texts), default=0) * widest <= room

    def _fitting(self, text: str, room: int, metrics: QFontMetrics) -> str:
        """The text in one line, shortened to the room."""
        if not text.isprintable() or len(text) > _LONGEST_SHOWN:
            text = text[:_LONGEST_SHOWN].translate(_LINE_ENDS)
        if text.isascii() and text.isprintable() and sum(map(self._widths.__getitem__, text)) <= room:
            return text
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _paint_grid(self, painter: QPainter, rows: int, top: int, height: int, spans: Sequence[Span]) -> None:
        if not spans:
            return
        left = min(span.left for span in spans)
        width = max(span.left + span.width for span in spans) - left
        lines = Lines(painter)
        beside = [lines.beside(span.left + span.width, top, rows * height) for span in spans]
        below = [lines.below(top + row * height, left, width) for row in range(1, rows + 1)]
        lines.paint(painter, [*beside, *below], self.look.border)

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


def _unshaped(font: QFont) -> QFont:
    """The font for plain texts, in which nothing needs to be joined: they are painted in two thirds of the time.

    One whose figures have to be asked to stand below each other is used as it is.
    """
    plain = QFont(font)
    if not font.featureTags():
        plain.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
    return plain


def _runs(spans: Sequence[Span], part: Part) -> list[tuple[int, int]]:
    """(left, width) of each stretch of a selected range's columns that lie side by side."""
    runs: list[tuple[int, int]] = []
    for span in spans:
        if not part[2] <= span.column <= part[3]:
            continue
        if runs and sum(runs[-1]) == span.left:
            runs[-1] = runs[-1][0], runs[-1][1] + span.width
        else:
            runs.append((span.left, span.width))
    return runs
