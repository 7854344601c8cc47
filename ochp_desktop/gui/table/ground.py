"""The ground of the table and its headers, which they paint themselves, and the lines on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractScrollArea


def own_ground(view: QAbstractScrollArea) -> None:
    """Let a view paint its ground with `paint_ground`: Qt needs a tenth of a frame's time to do that before."""
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


def paint_ground(painter: QPainter, view: QAbstractScrollArea, part: QRect) -> None:
    """Paint the ground of a part, up to the last pixel where the screen's scale is not a whole number."""
    painter.fillRect(part.adjusted(-1, -1, 1, 1), view.palette().brush(view.viewport().backgroundRole()))


class Lines:
    """Lines that are equally thick everywhere, also where the screen's scale is not a whole number.

    A line one unit thick covers one pixel here and two there at 125 %, as it begins between two pixels.
    """

    def __init__(self, painter: QPainter) -> None:
        """For what this painter paints on."""
        device = painter.deviceTransform()
        self._across = device.m11(), device.dx()
        self._down = device.m22(), device.dy()

    def below(self, bottom: int, left: int, width: int) -> QRectF:
        """A line that lies across and ends at `bottom`."""
        at, size = _placed(bottom, *self._down)
        return QRectF(left, at, width, size)

    def beside(self, right: int, top: int, height: int) -> QRectF:
        """A line that goes down and ends at `right`."""
        at, size = _placed(right, *self._across)
        return QRectF(at, top, size, height)

    @staticmethod
    def paint(painter: QPainter, lines: Sequence[QRectF], colour: QColor) -> None:
        """Paint lines."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRects(lines)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _placed(end: int, scale: float, offset: float) -> tuple[float, float]:
    """(where a line that ends there begins, how thick it is), in whole pixels."""
    pixels = max(1, int(scale))
    # As Qt rounds the edges of what is filled beside the line.
    edge = math.floor(end * scale + offset + 0.5)
    return (edge - pixels - offset) / scale, pixels / scale
