"""What was agreed to goes to the house that is shown, with the records that are shown, or nowhere."""

from __future__ import annotations

import threading
from dataclasses import replace

from pytestqt.qtbot import QtBot

from ochp_desktop.gui.session import HOUSE, SignIn
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.workplace import Profile
from ochp_desktop.paths import resource
from ochp_desktop.sheet.sheet import Sheet

from .conftest import PATIENCE


def test_a_sign_in_that_was_stopped_while_waiting_sends_nothing_to_the_house_before(
    practising: MainWindow, qtbot: QtBot
) -> None:
    session = practising.session
    workplace = session.workplace
    assert workplace is not None
    assert session.profile is not None
    other = replace(session.profile, name="Other house", endpoint=f"{session.profile.endpoint}?other")
    held = threading.Event()
    session.runner.call(lambda: held.wait(30), lane=HOUSE)
    session.use(other, "secret")
    waiting = next(running for running in session.runner.jobs if not running.begun)
    waiting.stop()
    qtbot.waitUntil(lambda: session.state is SignIn.FAILED, timeout=PATIENCE)
    held.set()
    tokens = practising.tabs[0]
    tokens.download()
    qtbot.waitUntil(lambda: "Other house" in tokens.notice.text_label.text(), timeout=PATIENCE)
    assert tokens.global_list.list is None
    session.sign_in_again()
    qtbot.waitUntil(lambda: session.state is not SignIn.SIGNING_IN, timeout=PATIENCE)
    assert workplace.connection is not None
    assert workplace.connection.profile == other


def test_another_sheet_in_front_takes_no_part_in_an_upload_agreed_to_before(
    practising: MainWindow, qtbot: QtBot
) -> None:
    cdrs = practising.tabs[1]
    cdrs.open_files([resource("samples", "cdrs-november.xlsx")])
    qtbot.waitUntil(lambda: cdrs.area.checker is not None, timeout=PATIENCE)
    cdrs.upload()
    first = cdrs.area.sheet
    # A file that was still being read arrives while the question is open.
    second = Sheet(first.kind)
    second.load([(f"second-{number}", *row[1:]) for number, row in enumerate(first.rows_texts())])
    cdrs.show_sheet(second, None, "second.xlsx")
    cdrs.sending.asked.yes_button.click()
    assert "nothing was sent" in cdrs.notice.text_label.text()
    qtbot.waitUntil(lambda: not practising.runner.jobs, timeout=PATIENCE)
    assert practising.session.workplace is not None
    assert not practising.session.workplace.actions.history()


def test_a_second_start_with_a_connection_does_not_open_the_store_again(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    for name in ("One", "Two"):
        save_connection(window, name, qtbot)
    before = session.workplace
    window.on_started_again({"practice": False, "profile": "One"})
    qtbot.waitUntil(lambda: session.profile is not None and session.profile.name == "One", timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.state is not SignIn.SIGNING_IN, timeout=PATIENCE)
    assert session.workplace is before


def test_a_clearing_agreed_to_at_one_house_is_not_started_at_another(practising: MainWindow, qtbot: QtBot) -> None:
    session, cleared = practising.session, practising.tabs[2]
    session.practise_as("admin")
    qtbot.waitUntil(lambda: session.state is SignIn.SIGNED_IN, timeout=PATIENCE)
    cleared.clearing.clear()
    session.practise_as("provider")
    cleared.clearing.asked.yes_button.click()
    assert "no clearing was started" in cleared.notice.text_label.text()
    qtbot.waitUntil(lambda: not practising.runner.jobs, timeout=PATIENCE)
    assert session.workplace is not None
    assert not session.workplace.actions.history()


def save_connection(window: MainWindow, name: str, qtbot: QtBot) -> None:
    """Save and use a connection to a house that nobody runs."""
    saved: list[bool] = []
    profile = Profile(name, f"http://127.0.0.1:9/{name}", "polder")
    window.session.save_profile(profile, "geheim", None, saved.append, window.session.failed.emit)
    qtbot.waitUntil(lambda: bool(saved) and window.session.state is SignIn.FAILED, timeout=PATIENCE)
