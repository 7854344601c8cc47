"""Texts of a clearing house or a file never act as markup: Qt would fetch the pictures that they name."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QTableWidget
from pytestqt.qtbot import QtBot

from ochp_desktop.errors import ConnectionFailed
from ochp_desktop.gui.lines import LinesModel
from ochp_desktop.gui.open_lists import OpenList, OpenLists
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.tools.panel import fill, make_table
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.download_list import GlobalList
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

HOSTILE = '<img src="file://house.example/share/x.png"><b>5 < 6 & 7</b>\nsecond line'


def shows_only_text(tip: str) -> bool:
    """Whether the tooltip shows the hostile text letter by letter."""
    return HOSTILE in QTextDocumentFragment.fromHtml(tip).toPlainText().replace("\u2028", "\n")


def test_the_text_stands_in_the_tooltip_as_it_is() -> None:
    assert shows_only_text(plain_tooltip(HOSTILE))
    assert plain_tooltip("") == ""


def test_the_lines_of_history_and_compared_lists() -> None:
    model = LinesModel(["What"], lambda item: [item], lambda _item: "")
    model.show_items([HOSTILE])
    assert model.index(0, 0).data() == HOSTILE
    assert shows_only_text(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole))


def test_a_tools_table(light: QApplication, qtbot: QtBot) -> None:
    table: QTableWidget = make_table(["What"], [0], "Table")
    qtbot.addWidget(table)
    fill(table, [[HOSTILE]])
    assert shows_only_text(table.item(0, 0).toolTip())


def test_the_name_of_a_file_that_is_open(light: QApplication, qtbot: QtBot) -> None:
    lists = OpenLists()
    qtbot.addWidget(lists)
    lists.add(OpenList(Sheet(TOKENS), HOSTILE))
    assert shows_only_text(lists.tabToolTip(0))


def test_why_the_sign_in_failed_and_whose_tokens_are_unknown(window: MainWindow) -> None:
    window.session._set_state(SignIn.FAILED, ConnectionFailed("No", HOSTILE))
    assert shows_only_text(window.connection_line.state_label.toolTip())
    view = window.tabs[0].global_list
    view.show_list(GlobalList([], [], [], Counter({HOSTILE: 3}), datetime.now(UTC)))
    assert shows_only_text(view.unknown_button.toolTip())
