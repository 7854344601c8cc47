"""Puts the window together and runs it: language, look, crash reports, practice house or last connection."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.garbage import GarbageCollector
from ochp_desktop.gui.language import wanted_language
from ochp_desktop.gui.single_instance import SingleInstance
from ochp_desktop.gui.tabs import make_tabs
from ochp_desktop.gui.window import APP_TITLE, MainWindow, window_settings
from ochp_desktop.sheet.arranging import load_sorting
from ochp_desktop.texts import language, use_language

# When the window has been opened and what was open before is on screen, in milliseconds.
_SOON = 1_500


def run_window(data_dir: Path, *, practice: bool = False, profile: str | None = None) -> int:
    """Show the window, or the one that is open over this folder already, and stay until it is closed; the exit code.

    Args:
        data_dir: the folder of the program's store; made when it is not there.
        practice: start at the practice clearing house, with its sample list.
        profile: name of the connection to start with, or None for the last one.
    """
    app = make_application(wanted_language(window_settings(data_dir)))
    instance = SingleInstance(data_dir, app)
    if not instance.claim({"practice": practice, "profile": profile}):
        return 0
    window = MainWindow(data_dir, make_tabs)
    window.reporter.install()
    collector = GarbageCollector(app)
    mode = window.settings.value("look", "system")
    theme.apply(app, mode if mode in {"light", "dark"} else "system")
    window.show()
    instance.asked.connect(window.on_started_again)
    # Everything that touches the disk or the network begins when the window is on screen.
    QTimer.singleShot(0, window.session.practise if practice else lambda: window.session.open(profile))
    QTimer.singleShot(_SOON, window, lambda: window.session.runner.call(load_sorting))
    code = app.exec()
    instance.release()
    collector.stop()
    return code


def make_application(wanted: str | None = None) -> QApplication:
    """The Qt application, speaking the wanted language, or the system's when None."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(APP_TITLE)
    app.setApplicationDisplayName(APP_TITLE)
    app.setDesktopFileName("ochp-desktop")
    app.setWindowIcon(icons.icon("app"))
    use_language(wanted)
    translate_qt(app)
    return app


def translate_qt(app: QApplication) -> None:
    """Let Qt's own words ("Cancel", file dialogs) speak the same language."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    QLocale.setDefault(own_locale())
    if translator.load(QLocale(language()), "qtbase", "_", folder):
        app.installTranslator(translator)


def own_locale() -> QLocale:
    """How dates and numbers are written: as the system does if it speaks our language, else as that does.

    A language without formats of its own, as LANGUAGE=de alone sets it, would write dates as "23 11 2026".
    """
    system, plain = QLocale.system(), QLocale.c()
    short = QLocale.FormatType.ShortFormat
    if system.name()[:2] != language():
        # British English writes the day first, as our users do.
        own = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
        return own if language() == "en" else QLocale(language())
    return QLocale(system.name()) if system.dateFormat(short) == plain.dateFormat(short) else system
