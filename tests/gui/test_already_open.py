"""A window over drafts that another program has open says so, writes nothing, and stays calm whatever is clicked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.menus import actions_within
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.workplace import Workplace

HOLDS = """
import sys
from pathlib import Path
from ochp_desktop.store.claim import Claim
held = Claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
# They open windows of the system or end the program.
LEFT_OUT = ("Quit", "Open", "Export", "Save", "Practi", "Handbook", "Import")


def test_it_says_so_and_harms_nothing(new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path) -> None:
    Workplace.open(tmp_path).close()
    before = (tmp_path / "drafts.sqlite").read_bytes()
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        window = new_window(tmp_path)
        window.session.open()
        qtbot.waitUntil(lambda: "Already open" in window.notice.text_label.text())
        for index in range(len(window.tabs)):
            window.show_tab(index)
            for menu in (window.menus.file, window.menus.edit, window.menus.connection):
                for action in list(actions_within(menu)):
                    words = action.text().replace("&", "")
                    if action.isEnabled() and not action.isSeparator() and not words.startswith(LEFT_OUT):
                        action.trigger()
                        for box in QApplication.topLevelWidgets():
                            if box is not window and box.isVisible():
                                box.close()
        other.kill()
    assert (tmp_path / "drafts.sqlite").read_bytes() == before
