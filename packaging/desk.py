"""Someone at the desk: works in the real window with mouse and keys, waits for it, takes pictures of it.

What the guided tour and the tour of troubles have in common.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from pictures import keep
from PySide6.QtCore import QEventLoop, QMessageLogContext, QPoint, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from ochp_desktop.app import GarbageCollector, make_application
from ochp_desktop.gui.cdrs_tab import CdrsTab
from ochp_desktop.gui.cleared_tab import ClearedTab
from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.texts import LANGUAGES

HERE = Path(__file__).resolve().parent
IMAGES = HERE.parent / "docs" / "images"
PATIENCE = 60.0  # seconds until a step counts as failed
LOOKS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


class NotGotThrough(Exception):
    """A step did not come to its end."""


class Desk:
    """A window, and hands and eyes for it."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window = window
        self.out = out
        self.pictures: list[Path] = []
        self.tokens, self.cdrs, self.cleared = window.tabs[:3]
        assert isinstance(self.tokens, TokensTab)
        assert isinstance(self.cdrs, CdrsTab)
        assert isinstance(self.cleared, ClearedTab)

    def wait(self, what: str, done: Callable[[], object]) -> None:
        """Let the program work until it is done."""
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise NotGotThrough(f"waited {PATIENCE:.0f} s in vain: {what}; the program says: {self.said()}")
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()

    def said(self) -> str:
        """What the line at the bottom of the tab in front says."""
        return self.window.tab.notice.text_label.text()

    def idle(self) -> bool:
        """Whether no job is running."""
        return not self.window.runner.jobs

    def click(self, button: QAbstractButton) -> None:
        """Press a button with the mouse."""
        if not button.isVisible() or not button.isEnabled():
            raise NotGotThrough(f"the button “{button.text()}” cannot be pressed")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, 8))

    def dialog(self) -> QDialog:
        """The box that is open; waited for."""
        self.wait("a box opens", lambda: QApplication.activeModalWidget() is not None)
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        return found

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Keep what is on the screen, once layouts and timers have settled."""
        QTest.qWait(100)
        path = self.out / f"{name}.png"
        keep((widget or self.window).grab().toImage(), path)
        self.pictures.append(path)

    def show(self, tab: QWidget) -> None:
        """Bring a tab to the front."""
        self.window.tab_bar.setCurrentIndex(self.window.tabs.index(tab))
        QApplication.processEvents()


def tell(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's own remarks, but for those that every window causes where there is no screen."""
    if "plugin does not support" not in text:
        print(f"Qt {kind.name}: {text}", file=sys.stderr)


def take_pictures(
    description: str | None,
    heading: str,
    folder: str,
    take: Callable[[Literal["light", "dark"], Path], int],
    handbook: Sequence[str],
    prefix: str = "",
) -> int:
    """Read the command line and go the way in each look; the exit code, 1 when it could not be gone to its end.

    Args:
        description: what the program says of itself.
        heading: what the way is called.
        folder: where pictures go when the command line does not say.
        take: goes the way in one look and leaves its pictures in a folder; how many there are.
        handbook: names of the pictures that the handbook shows.
        prefix: what stands before those names in docs/images.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(folder))
    parser.add_argument("--theme", choices=(*LOOKS, "both"), default="both")
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--handbook", action="store_true", help="also renew the pictures in docs/images")
    arguments = parser.parse_args()
    if arguments.language:
        os.environ["LANGUAGE"] = arguments.language
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        # Its own screen has 800 x 800 pixels, which no desk has.
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={HERE / 'screen.json'}"
    qInstallMessageHandler(tell)
    collector = GarbageCollector(make_application())
    try:
        for look in LOOKS if arguments.theme == "both" else (arguments.theme,):
            print(f"{heading}, {look}:")
            out = arguments.out / look
            out.mkdir(parents=True, exist_ok=True)
            print(f"{take(look, out)} pictures are in {out}")
            if arguments.handbook:
                IMAGES.mkdir(parents=True, exist_ok=True)
                for name in handbook:
                    shutil.copy(out / f"{name}.png", IMAGES / f"{prefix}{name}-{look}.png")
    except NotGotThrough as failure:
        print(f"not got through: {failure}", file=sys.stderr)
        return 1
    finally:
        collector.stop()
    return 0
