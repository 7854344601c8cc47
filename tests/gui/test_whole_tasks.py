"""The three jobs from end to end, through real widgets, against the practice clearing house."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.receipt import ReceiptDialog
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.list_change import wire_row
from ochp_desktop.jobs.upload_cdrs import StateKind
from ochp_desktop.paths import resource
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.tokens import TOKENS

from .conftest import PATIENCE


def test_the_practice_house_is_unmistakable(practising: MainWindow) -> None:
    assert practising.practice_band.isVisible()
    assert practising.windowTitle() == "Practice clearing house — OCHP Desktop"
    assert practising.connection_line.state_label.text() == "signed in as"
    assert practising.tabs[0].title_of_sheet == "tokens-5000.xlsx"


def test_a_damaged_list_is_mended_uploaded_and_downloaded_again(practising: MainWindow, qtbot: QtBot) -> None:
    tokens = practising.tabs[0]
    assert tokens.error_rows()
    tokens.main_button.click()
    assert "errors" in tokens.notice.text_label.text()
    tokens.notice.buttons[0].click()
    current = tokens.area.table.currentIndex()
    assert tokens.area.model.row_id(current.row()) == tokens.error_rows()[0]
    tokens.area.show_only(tokens.error_rows())
    tokens.area.table.selectAll()
    tokens.area.table.remove_rows()
    tokens.area.show_only(None)
    assert not tokens.error_rows()
    count = len(tokens.area.sheet)
    tokens.main_button.click()
    qtbot.waitUntil(lambda: tokens.review is not None, timeout=PATIENCE)
    assert tokens.review.lists.count() == 1
    tokens.review.upload_button.click()
    qtbot.waitUntil(lambda: tokens.receipt is not None, timeout=PATIENCE)
    assert tokens.receipt.count == count
    assert tokens.notice.buttons[0].text() == "Show receipt"
    tokens.notice.buttons[0].click()
    receipt = tokens.findChild(ReceiptDialog)
    assert receipt is not None
    receipt.accept()

    tokens.house_action.trigger()
    qtbot.waitUntil(lambda: tokens.pages.currentIndex() == 1, timeout=PATIENCE)
    found = tokens.global_list.list
    sent = {wire_row(row) for row in tokens.area.sheet.rows_texts()}
    assert {tuple(row) for row in found.own_rows} == sent
    assert len(found.rows) > count
    tokens.global_list.back_button.click()
    assert tokens.pages.currentIndex() == 0


def test_an_unknown_partner_of_the_global_list_is_added_with_one_click(practising: MainWindow, qtbot: QtBot) -> None:
    tokens = practising.tabs[0]
    practising.session.change_partners(remove=[one.provider_id for one in practising.session.workplace.partners()])
    tokens.house_action.trigger()
    qtbot.waitUntil(lambda: tokens.pages.currentIndex() == 1, timeout=PATIENCE)
    view = tokens.global_list
    qtbot.waitUntil(lambda: view.list.unknown.total() == 700)
    assert not view.own_button.isVisible(), "none of these tokens is ours to be edited"
    view.unknown_button.click()
    assert [action.text() for action in view.add_menu.actions()] == ["DE-LND: 420 tokens", "BE-BLC: 280 tokens"]
    view.add_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: view.area.model.rowCount() == 280)
    view.add_menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: view.area.model.rowCount() == 700)
    assert not view.add_button.isVisible()
    assert not view.unknown_button.isVisible()


def test_removed_cards_need_a_deliberate_yes(practising: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    tokens = practising.tabs[0]
    tokens.open_files([resource("samples", "tokens-small.csv")])
    qtbot.waitUntil(lambda: tokens.title_of_sheet == "tokens-small.csv" and tokens.area.checker is not None)
    tokens.area.show_only(tokens.error_rows())
    tokens.area.table.selectAll()
    tokens.area.table.remove_rows()
    tokens.area.show_only(None)
    tokens.main_button.click()
    qtbot.waitUntil(lambda: tokens.review is not None, timeout=PATIENCE)
    tokens.review.upload_button.click()
    qtbot.waitUntil(lambda: tokens.receipt is not None, timeout=PATIENCE)
    first = tokens.receipt

    sheet = tokens.area.sheet
    sheet.apply(sheet.remove_rows("Delete", sheet.order[: len(sheet) // 2]))
    tokens.main_button.click()
    qtbot.waitUntil(lambda: tokens.review is not None, timeout=PATIENCE)
    review = tokens.review
    removed = len(review.change.removed)
    assert removed
    assert not review.upload_button.isEnabled()
    assert review.cancel_button.isDefault()
    assert review.cancel_button.text() == "Keep them"
    assert review.change.needs_number
    review.number_edit.setText(str(removed + 1))
    assert not review.upload_button.isEnabled()
    review.cancel_button.click()
    assert tokens.notice.text_label.text() == "Nothing was uploaded."
    assert tokens.receipt is first

    tokens.main_button.click()
    qtbot.waitUntil(lambda: tokens.review is not None and tokens.review is not review, timeout=PATIENCE)
    tokens.review.number_edit.setText(str(removed))
    assert tokens.review.upload_button.isEnabled()
    tokens.review.upload_button.click()
    qtbot.waitUntil(lambda: tokens.receipt is not first, timeout=PATIENCE)
    assert tokens.receipt.count == len(sheet)


def test_records_are_uploaded_cleared_fetched_and_their_pdf_is_shown(
    practising: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window, session = practising, practising.session
    window.show_tab(1)
    cdrs, cleared = window.tabs[1], window.tabs[2]
    cdrs.open_files([resource("samples", "cdrs-november.xlsx")])
    qtbot.waitUntil(lambda: cdrs.area.checker is not None, timeout=PATIENCE)
    good, bad = len(cdrs.sendable()), len(cdrs.error_rows())
    assert good
    assert bad
    cdrs.main_button.click()
    assert str(bad) in cdrs.sending.asked.text_label.text()
    qtbot.keyClick(cdrs.sending.asked, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: sum(state.kind is StateKind.CONFIRMED for state in cdrs.states.values()) == good, timeout=PATIENCE
    )
    qtbot.waitUntil(lambda: not window.runner.jobs, timeout=PATIENCE)
    shown = cdrs.area.model.index(0, 0).data()
    assert shown == "Confirmed"
    assert not cdrs.sendable()
    cdrs.main_button.click()
    assert cdrs.notice.buttons

    window.show_tab(2)
    cleared.clearing.clear()
    assert cleared.clearing.asked.no_button.isDefault()
    cleared.clearing.asked.yes_button.click()
    qtbot.waitUntil(cleared.notice.isVisible, timeout=PATIENCE)
    assert "administrator" in cleared.notice.text_label.text()

    session.practise_as("admin")
    admin = session.practice_run.account("admin")["user"]
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN and session.profile.user == admin, timeout=PATIENCE)
    cleared.notice.clear()
    cleared.clearing.clear()
    cleared.clearing.asked.yes_button.click()
    qtbot.waitUntil(lambda: "clearing is done" in cleared.notice.text_label.text(), timeout=PATIENCE)

    session.practise_as("provider")
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN and session.profile.user != admin, timeout=PATIENCE)
    cleared.main_button.click()
    qtbot.waitUntil(lambda: cleared.statement is not None and cleared.statement.pdf is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.runner.jobs, timeout=PATIENCE)
    assert cleared.area.model.rowCount() == len(cleared.statement.rows) > 0
    assert cleared.totals_panel.sums()
    for index in range(3):
        cleared.totals_panel.by_box.setCurrentIndex(index)
        assert sum(one.count for one in cleared.totals_panel.sums().values()) == len(cleared.statement.known_rows)
    cleared.pdf_button.click()
    qtbot.waitUntil(
        lambda: bool(cleared.pdf.view.pages) and not cleared.pdf.view.pages[0].pixmap().isNull(), timeout=PATIENCE
    )
    saved = tmp_path / "statement.pdf"
    cleared.pdf.view.save(saved)
    qtbot.waitUntil(cleared.pdf.view.notice.isVisible)
    assert saved.read_bytes().startswith(b"%PDF")
    cleared.pdf.view.close()
    out = tmp_path / "cleared.xlsx"
    cleared.export_to(out)
    qtbot.waitUntil(lambda: "cleared.xlsx" in cleared.notice.text_label.text(), timeout=PATIENCE)
    assert out.stat().st_size > 1000


def test_unknown_partners_stand_out_and_one_click_adds_them(practising: MainWindow, qtbot: QtBot) -> None:
    window, session = practising, practising.session
    session.change_partners(remove=[partner.provider_id for partner in session.partners])
    qtbot.waitUntil(lambda: not session.partners)
    session.practise_as("admin")
    admin = session.practice_run.account("admin")["user"]
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN and session.profile.user == admin, timeout=PATIENCE)
    window.show_tab(2)
    cleared = window.tabs[2]
    cleared.clearing.clear()
    cleared.clearing.asked.yes_button.click()
    qtbot.waitUntil(lambda: "clearing is done" in cleared.notice.text_label.text(), timeout=PATIENCE)
    session.practise_as("provider")
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN and session.profile.user != admin, timeout=PATIENCE)
    cleared.main_button.click()
    qtbot.waitUntil(lambda: cleared.statement is not None, timeout=PATIENCE)
    unknown = sum(cleared.statement.unknown.values())
    assert unknown == len(cleared.statement.rows)
    assert cleared.totals_panel.unknown_card.isVisible()
    assert cleared.area.model.index(0, 0).data() == "unknown partner"
    name = cleared.statement.rows[0][CDRS.index("infraProviderId")]
    cleared.totals_panel.partner_wanted.emit(name)
    qtbot.waitUntil(lambda: sum(cleared.statement.unknown.values()) < unknown, timeout=PATIENCE)
    assert cleared.statement.owners[0] is not None


def test_what_is_typed_survives_and_opens_again(
    practising: MainWindow, new_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> None:
    tokens = practising.tabs[0]
    column = TOKENS.index("printedNumber")
    sheet = tokens.area.sheet
    sheet.apply(sheet.set_cells("Type", [(sheet.order[0], column, "typed just now")]))
    rows = len(sheet)
    practising.close()
    again = new_window(practising.data_dir)
    again.session.practise()
    qtbot.waitUntil(lambda: again.tabs[0].area.checker is not None, timeout=PATIENCE)
    reopened = again.tabs[0].area.sheet
    assert len(reopened) == rows
    assert reopened.text(reopened.order[0], column) == "typed just now"
    assert reopened.can_undo


def test_no_dialog_is_left_open(practising: MainWindow) -> None:
    assert not [dialog for dialog in practising.findChildren(QDialog) if dialog.isVisible()]


def test_what_belongs_to_one_house_is_not_shown_at_another(practising: MainWindow, qtbot: QtBot) -> None:
    tokens, session = practising.tabs[0], practising.session
    tokens.house_action.trigger()
    qtbot.waitUntil(lambda: tokens.pages.currentIndex() == 1, timeout=PATIENCE)
    tokens.house_action.trigger()
    session.open()  # leaves the practice house while the second download runs
    qtbot.waitUntil(lambda: not session.practising, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not practising.runner.jobs, timeout=PATIENCE)
    assert tokens.pages.currentIndex() == 0
    assert tokens.global_list.list is None
    assert tokens.area.sheet is None
    assert not practising.practice_band.isVisible()
