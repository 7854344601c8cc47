"""The lines of the table on screens of any scale."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from ochp_desktop.gui.table.ground import Lines

HEIGHT, ROWS = 24, 20
LINE = QColor("black")


@pytest.mark.parametrize("offset", [0, 26, 33])
@pytest.mark.parametrize(("scale", "pixels"), [(1.0, 1), (1.25, 1), (1.5, 1), (1.75, 1), (2.0, 2), (2.25, 2), (3.0, 3)])
def test_all_lines_are_equally_thick(qapp: QApplication, scale: float, pixels: int, offset: int) -> None:
    edge = round((offset + HEIGHT * (ROWS + 1)) * scale)
    image = QImage(edge, edge, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(offset, offset)
    lines = Lines(painter)
    lines.paint(painter, [lines.below(row * HEIGHT, 0, 10) for row in range(1, ROWS + 1)], LINE)
    lines.paint(painter, [lines.beside(row * HEIGHT, 0, 10) for row in range(1, ROWS + 1)], LINE)
    painter.end()
    at = round((offset + 2) * scale)
    for found in (
        [image.pixelColor(at, y) == LINE for y in range(edge)],
        [image.pixelColor(x, at) == LINE for x in range(edge)],
    ):
        runs = "".join(" #"[dark] for dark in found).split()
        assert runs == ["#" * pixels] * ROWS
