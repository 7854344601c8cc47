"""Which language the window speaks: the one chosen in the View menu, else the first of the system's that we have."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QLocale, QSettings
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from ochp_desktop.gui.notice import Notice
from ochp_desktop.texts import LANGUAGES, _, language

_KEY = "language"


def wanted_language(settings: QSettings) -> str:
    """Code of the chosen language; of the system's when none is chosen, or one that is no longer there."""
    chosen = str(settings.value(_KEY, ""))
    return chosen if chosen in LANGUAGES else system_language()


def system_language() -> str:
    """Code of the system's first language that we speak; English when there is none.

    Qt knows the languages of Windows and macOS as well; only on Linux does the environment name them.
    """
    codes = (tag.split("-")[0] for tag in QLocale.system().uiLanguages())
    return next((code for code in codes if code in LANGUAGES), "en")


class LanguageMenu(QMenu):
    """Every language by its own name; the chosen one is kept, and spoken from the next start on."""

    def __init__(self, settings: QSettings, notice: Notice, parent: QMenu) -> None:
        super().__init__(_("&Language"), parent)
        self._settings = settings
        self._notice = notice
        group = QActionGroup(self)
        now = str(settings.value(_KEY, ""))
        system = LANGUAGES[system_language()]
        entries = {"": _("As the &system ({language})").format(language=system)}
        entries |= {code: f"&{name}" for code, name in LANGUAGES.items()}
        for code, text in entries.items():
            one = QAction(text, group, checkable=True)
            one.setChecked(code == (now if now in LANGUAGES else ""))
            one.triggered.connect(partial(self.choose, code))
            self.addAction(one)

    def choose(self, code: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - as Qt's signal hands it over
        """Keep the language, "" for the system's, and say from when on it is spoken."""
        self._settings.setValue(_KEY, code)
        wanted = wanted_language(self._settings)
        if wanted == language():
            self._notice.clear()
            return
        text = _("The program speaks {language} from its next start on. Close it and open it again.")
        self._notice.tell(text.format(language=LANGUAGES[wanted]))
