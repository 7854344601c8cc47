"""The language is the system's until another one is chosen in the View menu; it is spoken from the next start on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from ochp_desktop import texts
from ochp_desktop.gui.language import wanted_language
from ochp_desktop.gui.window import MainWindow, window_settings

START = """
import json, sys, urllib.request
from collections.abc import Callable
from pathlib import Path
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from ochp_desktop import app

def look():
    window = next((one for one in QApplication.topLevelWidgets() if hasattr(one, "session")), None)
    if window is None or not window.session.practising or window.tabs[0].area.checker is None:
        QTimer.singleShot(20, look)
        return
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    with urllib.request.urlopen(window.session.practice_run.url) as page:
        house = page.read().decode()
    print(json.dumps([
        window.tabs[0].title, window.tabs[0].count(), box.buttons()[0].text(), QLocale().toString(1.5, "f", 1), house,
    ]))
    window.close()

make = app.make_application

def make_and_look(wanted):
    made = make(wanted)
    QTimer.singleShot(20, look)
    return made

app.make_application = make_and_look
raise SystemExit(app.run_window(Path(sys.argv[1]), practice=True, profile=None))
"""


def test_a_chosen_language_is_kept_and_said_in_place(window: MainWindow) -> None:
    texts_of = {action.text(): action for action in window.language_menu.actions()}
    assert {f"&{name}" for name in texts.LANGUAGES.values()} < set(texts_of)
    assert [action.isChecked() for action in window.language_menu.actions()].index(True) == 0
    texts_of["&Français"].trigger()
    assert wanted_language(window.settings) == "fr"
    assert "Français" in window.notice.text_label.text()
    texts_of["&English"].trigger()
    assert wanted_language(window.settings) == "en"
    assert not window.notice.isVisible()


@pytest.mark.parametrize(
    ("system", "wanted"),
    [(["fr-Latn-BE", "fr-BE", "fr"], "fr"), (["pt-BR", "pt", "nl-NL"], "nl"), (["pt-BR"], "en"), (["C"], "en")],
)
def test_without_a_choice_it_is_the_first_of_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: list[str], wanted: str
) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self: system)
    settings = window_settings(tmp_path)
    assert wanted_language(settings) == wanted
    settings.setValue("language", "tlh")
    assert wanted_language(settings) == wanted


def test_the_next_start_speaks_it_everywhere(tmp_path: Path) -> None:
    """Our words, Qt's, the numbers, and the practice house, which is a process of its own."""
    settings = window_settings(tmp_path)
    settings.setValue("language", "fr")
    settings.sync()
    run = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "LANGUAGE": "de", "QT_QPA_PLATFORM": "offscreen"},
    )
    assert run.returncode == 0, run.stderr
    title, count, cancel, decimal, house = json.loads(run.stdout)
    assert (title, count, cancel, decimal) == ("Badges d’itinérance", "5\u202f000", "Annuler", "1,5")
    assert '<html lang="fr">' in house


def test_actions_are_found_without_accents(new_window: Callable[[Path], MainWindow], tmp_path: Path) -> None:
    texts.use_language("fr")
    window = new_window(tmp_path)
    assert [hit.title for hit in window._search_actions("echeances") if hit] == ["Échéances des badges…"]
    assert any(hit for hit in window._search_actions("d'origine"))
