"""Texts of any script are painted as their readers know them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QImage, QPainter

from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

FIELD = TOKENS.index("printedNumber")


@pytest.mark.parametrize("text", ["سلام", "ÄVATAR To", "Cafe\u0301", "東京"])
def test_texts_that_are_not_plain_are_painted_by_the_font_with_all_its_rules(
    area: SheetArea, sheet: Sheet, text: str
) -> None:
    """Letters that join must join: only plain texts may be painted without looking at what stands side by side."""
    sheet.apply(sheet.set_columns("Edit", {FIELD: {3: text}}))
    table = area.table
    table.stand_on(area.model.index(0, 0))
    cell = table.visualRect(area.model.index(3, FIELD)).adjusted(0, 0, -1, -1)
    ratio = table.devicePixelRatioF()
    expected = QImage(table.viewport().size() * ratio, QImage.Format.Format_RGB32)
    expected.setDevicePixelRatio(ratio)
    expected.fill(table.look().table)
    painter = QPainter(expected)
    font = QFont(table.font())
    font.setStyleStrategy(QFont.StyleStrategy.PreferDefault)
    painter.setFont(font)
    painter.setPen(table.look().text)
    metrics = painter.fontMetrics()
    down = (table.rowHeight(3) + metrics.ascent() - metrics.descent()) // 2
    painter.drawText(cell.left() + 4, cell.top() + down, text)
    painter.end()
    painted = table.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    inside = QRect(cell.topLeft() * ratio, cell.size() * ratio)
    assert painted.copy(inside) == expected.copy(inside)
    assert any(
        painted.pixelColor(x, y) != table.look().table
        for x in range(inside.left(), inside.right())
        for y in range(inside.top(), inside.bottom())
    ), "nothing was painted"
