"""A warning that was accepted stays accepted with its record: across a restart, in exports, receipts, other files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.export_file import export_report, export_rows
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.records.removal import removals
from ochp_desktop.records.tokens import TOKENS

from .conftest import PATIENCE

CODE, REASON = "contract-id.check-digit", "The partner writes it so"
CONTRACT = TOKENS.index("evcoId")


def settled(window: MainWindow, qtbot: QtBot) -> TokensTab:
    """The first tab, once its sheet is checked and nothing runs any more."""
    tab = window.tabs[0]
    assert isinstance(tab, TokensTab)
    qtbot.waitUntil(lambda: tab.area.checker is not None and not window.runner.jobs, timeout=PATIENCE)
    return tab


def accept_one(tab: TokensTab, qtbot: QtBot) -> int:
    """Accept the warning of one row by the buttons of its card; the row."""
    row = tab.area.checker.rows_with(CODE)[1]
    panel = tab.area.panel
    panel.cards[CODE].head.click()
    tab.area.go_to(row, "evcoId")
    panel.cards[CODE].accept_button.click()
    panel.cards[CODE].accept_form.reason.setText(REASON)
    panel.cards[CODE].accept_form.one_button.click()
    assert tab.area.checker.counts[CODE] == 7
    return row


def test_acceptance_lives_with_the_record(
    practising: MainWindow, new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    tab = settled(practising, qtbot)
    sheet, row = tab.area.sheet, accept_one(tab, qtbot)
    contract, cell = sheet.text(row, CONTRACT), sheet.cell_name(row, "evcoId")

    report = tmp_path / "report.xlsx"
    run(export_report(report, sheet, tab.area.checker, Cancel()))
    listed = list(openpyxl.load_workbook(report)["Accepted warnings"].iter_rows(values_only=True))
    assert listed[0] == ("Row", "Cell", "Field", "Message", "Value", "Reason", "Rule")
    assert [(line[1], line[4], line[5], line[6]) for line in listed[1:]] == [(cell, contract, REASON, CODE)]

    # The rows leave the program and come back in another file and another order.
    copy = tmp_path / "copy.csv"
    run(export_rows(copy, TOKENS, [sheet.row_texts(one) for one in reversed(sheet.order)], Cancel()))
    tab.open_files([copy])
    qtbot.waitUntil(lambda: tab.title_of_sheet == copy.name, timeout=PATIENCE)
    settled(practising, qtbot)
    assert [one.reason for one in tab.area.checker.all_accepted()] == [REASON]

    practising.close()
    again = new_window(practising.data_dir)
    again.session.practise()
    tab = settled(again, qtbot)
    sheet, checker = tab.area.sheet, tab.area.checker
    assert tab.title_of_sheet == copy.name
    (accepted,) = checker.all_accepted()
    assert (accepted.reason, sheet.text(accepted.problem.row, CONTRACT)) == (REASON, contract)
    assert checker.counts[CODE] == 7
    at = accepted.problem.row
    sheet.apply(sheet.set_cells("Type", [(at, CONTRACT, contract[:-1] + ("A" if contract[-1] != "A" else "B"))]))
    assert not checker.accepted_counts, "it was said of another text"
    assert checker.counts[CODE] == 8
    sheet.undo()
    assert checker.accepted(at)


def test_the_receipt_of_an_upload_names_what_was_accepted(practising: MainWindow, qtbot: QtBot) -> None:
    tab = settled(practising, qtbot)
    row = accept_one(tab, qtbot)
    token = tab.area.sheet.text(row, TOKENS.index("tokenId"))
    bad = [one.problem.row for one in removals(tab.area.checker) if one is not None]
    tab.area.sheet.apply(tab.area.sheet.remove_rows("Take out", bad))
    tab.main_button.click()
    qtbot.waitUntil(lambda: tab.review is not None, timeout=PATIENCE)
    tab.review.upload_button.click()
    qtbot.waitUntil(lambda: tab.receipt is not None, timeout=PATIENCE)
    (warning,) = tab.receipt.accepted
    assert warning.reason == REASON
    assert token in warning.what
