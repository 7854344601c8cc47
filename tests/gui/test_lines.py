"""The tables that are only read."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.lines import LinesModel, LinesTable


def test_no_title_is_cut_off(light: QApplication, qtbot: QtBot) -> None:
    titles = ["kWh", "Zurückgehalten", "Avertissements acceptés", ""]
    table = LinesTable(LinesModel(titles, lambda texts: texts, right=(0, 1)), (4, 4, 4, 4), "Sums")
    qtbot.addWidget(table)
    table.show()
    for column, title in enumerate(titles):
        assert table.columnWidth(column) > table.fontMetrics().horizontalAdvance(title)
