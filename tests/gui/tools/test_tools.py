"""The small tools in the window: they open, answer, and change the list in one undo step."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.tools.card_panel import CardPanel
from ochp_desktop.gui.tools.contract_panel import ContractPanel
from ochp_desktop.gui.tools.expiry_panel import ExpiryPanel
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.rule_store import RuleChoices
from ochp_desktop.records.tokens import TOKENS

EXPIRY, ACTIVE = TOKENS.index("expiryDate"), TOKENS.index("tokenActivated")


@pytest.fixture
def with_list(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with five cards, three of which need a look."""
    tab = window.tabs[0]
    window._on_files_wanted()
    tab.new_sheet()
    sheet = tab.area.sheet
    good = [field.example for field in TOKENS]
    rows = []
    for number, day in enumerate(("31/10/2026", "15/11/2026", "15/01/2027", "31/12/2028", "31/10/2026")):
        texts = list(good)
        texts[TOKENS.index("tokenId")] = f"A5E3330{number}"
        texts[EXPIRY] = day
        rows.append(texts)
    rows[4][ACTIVE] = "0"
    sheet.apply(sheet.insert_rows("cards", 1, rows))
    sheet.apply(sheet.remove_rows("blank", [sheet.order[0]]))
    qtbot.waitUntil(lambda: tab.area.checker is not None)
    return window


def test_the_menu_opens_each_tool(window: MainWindow, qtbot: QtBot) -> None:
    for action in [action for action in window.menus.tools.actions() if not action.isSeparator()]:
        assert not action.shortcut().isEmpty()
        action.trigger()
    qtbot.waitUntil(lambda: window.tools.rules_dialog is not None)
    assert isinstance(window.tools.card_panel, CardPanel)
    assert isinstance(window.tools.contract_panel, ContractPanel)
    assert isinstance(window.tools.expiry_panel, ExpiryPanel)
    assert not window.tools.card_panel.isModal()
    window.tools.rules_dialog.reject()


def test_the_card_doctor_tells_readings_and_lists(with_list: MainWindow, qtbot: QtBot) -> None:
    with_list.tools.show_card()
    panel = with_list.tools.card_panel
    panel.number_edit.setText("0133e3a5")
    panel.look_button.click()
    qtbot.waitUntil(lambda: panel.report is not None)
    assert [panel.readings.item(line, 0).text() for line in range(2)] == ["0133E3A5", "A5E33301"]
    assert panel.readings.item(1, 4).text() == "Open list"
    assert panel.answers.rowCount() >= 3
    assert panel.verdict.text()


def test_the_completer_completes_while_typing_and_copies(qtbot: QtBot, with_list: MainWindow) -> None:
    with_list.tools.show_contracts()
    panel = with_list.tools.contract_panel
    panel.input.setPlainText("NL-TNM-012204\nNL-TNM-C00122045-X\n")
    assert [panel.table.item(line, 3).text() for line in range(2)] == ["NL-TNM-012204-5", "NL-TNM-C00122045-K"]
    assert panel.said.text() == "1 check digit does not fit."
    panel.copy_button.click()
    assert QGuiApplication.clipboard().text() == "NL-TNM-012204-5\nNL-TNM-C00122045-K"


def radar(window: MainWindow) -> ExpiryPanel:
    area = window.tabs[0].area
    panel = ExpiryPanel(area, window, lambda: date(2026, 11, 1))
    panel.bring_up()
    return panel


def test_expired_cards_are_extended_in_one_step(with_list: MainWindow) -> None:
    panel, sheet = radar(with_list), with_list.tabs[0].area.sheet
    assert [panel.span.itemText(index)[-1] for index in range(4)] == ["1", "1", "1", "2"]
    panel.span.setCurrentIndex(3)
    assert panel.table.rowCount() == 2
    panel.day_edit.setDate(QDate(2030, 6, 30))
    panel.extend_button.click()
    assert [sheet.text(row, EXPIRY) for row in sheet.order] == [
        "31/10/2026",
        "30/06/2030",
        "30/06/2030",
        "31/12/2028",
        "31/10/2026",
    ]
    assert panel.table.rowCount() == 0
    sheet.undo()
    assert sheet.text(sheet.order[1], EXPIRY) == "15/11/2026"
    assert panel.table.rowCount() == 2


def test_only_the_selected_cards_are_deactivated(with_list: MainWindow) -> None:
    panel, sheet = radar(with_list), with_list.tabs[0].area.sheet
    panel.span.setCurrentIndex(3)
    panel.table.selectRow(0)
    assert panel.off_button.text() == "&Deactivate 1 card"
    panel.off_button.click()
    assert [sheet.text(row, ACTIVE) for row in sheet.order] == ["1", "0", "1", "1", "0"]


def test_of_an_expired_card_no_days_are_left(with_list: MainWindow) -> None:
    panel = radar(with_list)
    panel.span.setCurrentIndex(0)
    assert panel.table.item(0, 4).text() == "expired"


def test_the_radar_without_a_list(window: MainWindow) -> None:
    panel = radar(window)
    assert "No list is open" in panel.said.text()
    assert not panel.extend_button.isEnabled()


def test_a_rule_is_switched_off_and_a_threshold_changed(with_list: MainWindow, qtbot: QtBot) -> None:
    area = with_list.tabs[0].area
    qtbot.waitUntil(lambda: "expiry-date.expired" in area.checker.counts)
    with_list.tools.show_rules()
    qtbot.waitUntil(lambda: with_list.tools.rules_dialog is not None)
    dialog = with_list.tools.rules_dialog
    assert dialog.table.rowCount() == len(dialog.rules)
    line = next(line for line, rule in enumerate(dialog.rules) if rule.code == "expiry-date.expired")
    dialog.table.item(line, 0).setCheckState(Qt.CheckState.Unchecked)
    dialog.spins["expiry-date.soon"].setValue(200)
    expected = RuleChoices(frozenset({"expiry-date.expired"}), {"expiry-date.soon": 200.0})
    assert dialog.choices() == expected
    dialog.accept()
    qtbot.waitUntil(lambda: area.checker is not None and "expiry-date.expired" not in area.checker.counts)
    assert with_list.session.workplace.rules.choices("") == expected


def test_rules_are_found_by_word_and_reset(with_list: MainWindow, qtbot: QtBot) -> None:
    with_list.tools.show_rules()
    qtbot.waitUntil(lambda: with_list.tools.rules_dialog is not None)
    dialog = with_list.tools.rules_dialog
    dialog.search.setText("overlap")
    shown = [rule.code for line, rule in enumerate(dialog.rules) if not dialog.table.isRowHidden(line)]
    assert shown == ["session.overlap"]
    dialog.spins["volume.much"].setValue(7)
    dialog._on_reset()
    assert dialog.choices() == RuleChoices()
    dialog.reject()


def test_an_accepted_warning_is_kept(with_list: MainWindow, qtbot: QtBot) -> None:
    area = with_list.tabs[0].area
    qtbot.waitUntil(lambda: "expiry-date.expired" in area.checker.counts)
    area.panel.accept("expiry-date.expired", "The customer has moved", True)
    rules = with_list.session.workplace.rules
    qtbot.waitUntil(lambda: set(rules.accepted().values()) == {"The customer has moved"})
    with_list.tabs[0].check_again()
    old = area.checker
    qtbot.waitUntil(lambda: area.checker is not old)
    assert "expiry-date.expired" in area.checker.accepted_counts
    assert "expiry-date.expired" not in area.checker.counts
