"""What all tests of the window share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ochp_desktop.gui import theme
from ochp_desktop.gui.session import SignIn
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import MainWindow

HERE = Path(__file__).parent
NOTHING = ("propagateSizeHints", r"does not support raise\(\)", "does not support grabbing the keyboard")
PATIENCE = 30_000  # milliseconds: the practice house starts as a process of its own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen platform says this about every dialog and small window; it means nothing."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_ignore(*NOTHING))


@pytest.fixture(scope="session")
def light(qapp: QApplication) -> QApplication:
    """The application in its light look, applied once: it is dear."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def new_window(light: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path], MainWindow]]:
    """Makes windows; each ends in order, and a bug in a worker fails the test."""
    made: list[MainWindow] = []
    crashes: list[BaseException] = []

    def make(data_dir: Path) -> MainWindow:
        window = MainWindow(data_dir, make_tabs)
        window.runner.crashed.disconnect(window.reporter.report)
        window.runner.crashed.connect(crashes.append)
        qtbot.addWidget(window)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        # pytest-qt has closed all of them already; one is gone where another had to wait for its jobs meanwhile.
        if isValid(window):
            window._closing = True
            window.close()
    assert not crashes, crashes


@pytest.fixture
def window(new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window at its first start."""
    made = new_window(tmp_path)
    with qtbot.waitSignal(made.session.changed):
        made.session.open()
    return made


@pytest.fixture
def practising(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window at the practice house, signed in, its sample list open and checked."""
    window.first_start.practice_button.click()
    qtbot.waitUntil(lambda: window.session.state is SignIn.SIGNED_IN, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.tabs[0].area.checker is not None, timeout=PATIENCE)
    return window
