"""A small bar chart of sums, painted without a chart library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ochp_desktop.gui.theme import SPACING, theme_of
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.texts import _, decimal, labelled

_GAP = 2
_WIDEST_BAR = 28


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how high, and what its tooltip says."""

    label: str
    value: float
    tooltip: str


class BarChart(QWidget):
    """Bars over a base line, the highest value written beside the top, first and last label below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: list[Bar] = []
        self.unit = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Chart"))

    def sizeHint(self) -> QSize:
        """Room for bars and two lines of words."""
        return QSize(280, 6 * self.fontMetrics().height() + 4 * SPACING)

    def show_bars(self, bars: Sequence[Bar], unit: str, description: str) -> None:
        """Show other bars; the description is read aloud."""
        self.bars = list(bars)
        self.unit = unit
        self.setAccessibleDescription(description)
        self.update()

    def bar_rects(self) -> list[QRectF]:
        """Where each bar is painted."""
        if not self.bars:
            return []
        words = self.fontMetrics().height()
        room = QRectF(0, words + SPACING, self.width(), self.height() - 2 * words - 3 * SPACING)
        top = max(bar.value for bar in self.bars) or 1.0
        step = min(room.width() / len(self.bars), _WIDEST_BAR + _GAP)
        rects = []
        for index, bar in enumerate(self.bars):
            height = max(1.0, room.height() * max(bar.value, 0.0) / top)
            left = room.left() + index * step
            rects.append(QRectF(left, room.bottom() - height, max(1.0, step - _GAP), height))
        return rects

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars and their words."""
        look = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rects = self.bar_rects()
        words = self.fontMetrics().height()
        base = self.height() - words - 2 * SPACING
        painter.setPen(look.border)
        painter.drawLine(0, base, self.width(), base)
        for rect in rects:
            painter.fillRect(rect, look.accent)
        if rects:
            painter.setPen(look.muted)
            highest = max(self.bars, key=lambda bar: bar.value)
            line = QRectF(0, 0, self.width(), words)
            painter.drawText(
                line, Qt.AlignmentFlag.AlignLeft, labelled(highest.label, f"{decimal(highest.value, 0)} {self.unit}")
            )
            below = QRectF(0, self.height() - words - SPACING, self.width(), words)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self.bars[0].label)
            if len(self.bars) > 1:
                last = min(float(self.width()), max(rects[-1].right(), 2.2 * self._width(self.bars[-1].label)))
                painter.drawText(QRectF(0, below.top(), last, words), Qt.AlignmentFlag.AlignRight, self.bars[-1].label)
        painter.end()

    def _width(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def event(self, event: QEvent) -> bool:
        """Tell a bar's story under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            for bar, rect in zip(self.bars, self.bar_rects(), strict=True):
                if rect.left() <= event.pos().x() <= rect.right():
                    QToolTip.showText(event.globalPos(), plain_tooltip(bar.tooltip), self)
                    return True
        return super().event(event)
