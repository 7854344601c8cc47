"""The ground of the table and its headers, which they paint themselves."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea


def own_ground(view: QAbstractScrollArea) -> None:
    """Let a view paint its ground with `paint_ground`: Qt needs a tenth of a frame's time to do that before."""
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


def paint_ground(painter: QPainter, view: QAbstractScrollArea, part: QRect) -> None:
    """Paint the ground of a part, up to the last pixel where the screen's scale is not a whole number."""
    painter.fillRect(part.adjusted(-1, -1, 1, 1), view.palette().brush(view.viewport().backgroundRole()))
