"""Dialogs: a connection is checked in place, tried out without waiting, kept and used; partners come and go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.chart import Bar, BarChart
from ochp_desktop.gui.partners_dialog import PartnersDialog
from ochp_desktop.gui.pdf_view import PdfView
from ochp_desktop.gui.profile_dialog import PasswordDialog, ProfileDialog
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.window import MainWindow

from .conftest import PATIENCE


def profile_dialog(window: MainWindow) -> ProfileDialog:
    window.dialogs.new_connection()
    dialog = window.findChild(ProfileDialog)
    assert dialog is not None
    return dialog


def test_what_is_missing_stands_below_its_field(window: MainWindow) -> None:
    dialog = profile_dialog(window)
    dialog.endpoint_edit.setText("clearing.example.org")
    dialog.save_button.click()
    assert dialog.isVisible()
    for field in ("name", "endpoint", "user"):
        assert dialog.form.complaint(field)
    assert dialog.form.complaint("wsdl") == ""
    dialog.name_edit.setText("House")
    dialog.endpoint_edit.setText("https://clearing.example.org/service")
    dialog.user_edit.setText("polder")
    assert dialog._is_valid()
    assert dialog.form.complaint("name") == ""
    dialog.reject()


def test_the_dialog_says_where_the_password_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    dialog = profile_dialog(window)
    qtbot.waitUntil(lambda: "key store" in dialog.where_label.text() and "Asking" not in dialog.where_label.text())
    dialog.reject()


def test_a_connection_test_shows_the_step_that_fails(window: MainWindow, qtbot: QtBot) -> None:
    dialog = profile_dialog(window)
    dialog.name_edit.setText("House")
    dialog.endpoint_edit.setText("http://127.0.0.1:9/nobody")
    dialog.user_edit.setText("polder")
    dialog.password_edit.setText("geheim-1")
    dialog.test_button.click()
    assert "Stop" in dialog.test_button.text().replace("&", "")
    qtbot.waitUntil(lambda: bool(dialog.steps.steps), timeout=PATIENCE)
    assert not dialog.steps.steps[-1][0]
    # What appears makes the dialog grow; it does not squeeze the fields.
    qtbot.waitUntil(lambda: dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width()))
    fields = dialog.form.findChildren(QLineEdit)
    assert min(field.height() for field in fields if field.isVisible()) >= dialog.name_edit.sizeHint().height()
    assert "geheim-1" not in " ".join(dialog.steps.texts())
    assert "Test connection" in dialog.test_button.text().replace("&", "")
    dialog.reject()


def test_a_real_connection_is_tested_saved_used_and_changed(practising: MainWindow, qtbot: QtBot) -> None:
    session = practising.session
    assert session.practice_run is not None
    account = session.practice_run.account("provider")
    url = session.practice_run.url
    dialog = profile_dialog(practising)
    dialog.name_edit.setText("Our house")
    dialog.endpoint_edit.setText(url)
    dialog.user_edit.setText(account["user"])
    dialog.password_edit.setText(account["password"])
    dialog.test_button.click()
    qtbot.waitUntil(lambda: bool(dialog.steps.steps), timeout=PATIENCE)
    assert all(ok for ok, _title, _text in dialog.steps.steps), dialog.steps.texts()
    dialog.reject()


def test_a_saved_connection_to_nobody_is_used_and_its_failure_told_in_the_line(
    window: MainWindow, new_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> None:
    dialog = profile_dialog(window)
    dialog.name_edit.setText("Nobody")
    dialog.endpoint_edit.setText("http://127.0.0.1:9/nobody")
    dialog.user_edit.setText("polder")
    dialog.password_edit.setText("geheim-1")
    dialog.provider_name_edit.setText("Polder Charging")
    dialog.save_button.click()
    qtbot.waitUntil(lambda: window.session.state is SignIn.FAILED, timeout=PATIENCE)
    assert not dialog.isVisible()
    assert window.windowTitle() == "Nobody — OCHP Desktop"
    assert "not signed in" in window.connection_line.state_label.text()
    assert window.connection_line.act_button.isVisible()
    assert [profile.name for profile in window.session.profiles] == ["Nobody"]
    window.connection_line.fill_menu()
    assert "Nobody" in [action.text() for action in window.connection_line.menu.actions()]
    window.close()
    again = new_window(window.data_dir)
    again.session.open()
    qtbot.waitUntil(lambda: again.session.profile is not None, timeout=PATIENCE)
    assert again.session.profile is not None
    assert again.session.profile.name == "Nobody"
    qtbot.waitUntil(lambda: again.session.state is not SignIn.SIGNING_IN, timeout=PATIENCE)


def test_a_refused_password_can_be_entered_again(practising: MainWindow, qtbot: QtBot) -> None:
    session = practising.session
    assert session.profile is not None
    session.use(session.profile, "wrong")
    qtbot.waitUntil(lambda: session.state is SignIn.FAILED, timeout=PATIENCE)
    practising.connection_line.act_button.click()
    dialog = practising.findChild(PasswordDialog)
    assert dialog is not None
    assert session.practice_run is not None
    qtbot.keyClicks(dialog.password_edit, session.practice_run.account("provider")["password"])
    qtbot.keyClick(dialog.password_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN, timeout=PATIENCE)


def test_partners_are_added_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    window.dialogs.show_partners()
    dialog = window.findChild(PartnersDialog)
    assert dialog is not None
    dialog.add_button.click()
    assert dialog.form.complaint("id")
    dialog.id_edit.setText("Ladenetz")
    dialog.name_edit.setText("Ladenetz GmbH")
    dialog.prefixes_edit.setText("DE-LND, DE-LNX")
    with qtbot.waitSignal(window.session.partners_changed):
        dialog.add_button.click()
    assert dialog.table.rowCount() == 1
    assert dialog.table.item(0, 3).text() == "DE-LND, DE-LNX"
    dialog.table.selectRow(0)
    with qtbot.waitSignal(window.session.partners_changed):
        dialog.remove_button.click()
    assert dialog.table.rowCount() == 0
    dialog.accept()


def test_what_is_no_pdf_is_told_calmly(window: MainWindow, qtbot: QtBot) -> None:
    view = PdfView(window.runner, b"<html>not a pdf</html>", "Statement", "statement.pdf", window)
    view.show()
    qtbot.waitUntil(view.notice.isVisible)
    assert "PDF" in view.notice.text_label.text()
    view.reject()


@pytest.mark.parametrize("count", [1, 2, 31, 400])
def test_bars_stay_inside_the_chart(window: MainWindow, count: int) -> None:
    chart = BarChart(window)
    chart.resize(280, 120)
    chart.show_bars([Bar(str(day), float(day), "") for day in range(count)], "kWh", "")
    rects = chart.bar_rects()
    assert len(rects) == count
    assert all(0 <= rect.left() <= 280 and rect.top() >= 0 and rect.bottom() <= 120 for rect in rects)
    chart.grab()
