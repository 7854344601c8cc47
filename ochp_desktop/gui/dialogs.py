"""The dialogs that belong to the window as a whole: connections, partners, faults, handbook, about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui.about import AboutDialog, ShortcutsDialog
from ochp_desktop.gui.handbook import HandbookWindow
from ochp_desktop.gui.partners_dialog import PartnersDialog
from ochp_desktop.gui.profile_dialog import PasswordDialog, ProfileDialog
from ochp_desktop.gui.scenario_dialog import ScenarioDialog
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.worker import JobRunner


class Dialogs:
    """Opens them over the window; the handbook is one that stays."""

    def __init__(self, window: QWidget, session: Session, runner: JobRunner, data_dir: Path) -> None:
        self._window = window
        self._session = session
        self._runner = runner
        self._data_dir = data_dir
        self.handbook: HandbookWindow | None = None

    def new_connection(self) -> None:
        """Ask for a new connection."""
        ProfileDialog(self._session, None, self._window).open()

    def change_connection(self) -> None:
        """Change the current connection."""
        profile = self._session.profile
        if profile is None or profile.practice:
            self.new_connection()
        else:
            ProfileDialog(self._session, profile, self._window).open()

    def enter_password(self) -> None:
        """Ask for the current connection's password."""
        if self._session.profile is not None:
            PasswordDialog(self._session, self._session.profile, self._window).open()

    def show_scenarios(self) -> None:
        """Choose how the practice house misbehaves."""
        if self._session.practice_run is not None:
            ScenarioDialog(self._session, self._window).open()

    def show_partners(self) -> None:
        """Show the partners."""
        PartnersDialog(self._session, self._window).open()

    def show_about(self) -> None:
        """Say what this program is."""
        AboutDialog(self._data_dir, self._window).open()

    def show_handbook(self, chapter: str) -> None:
        """Open the handbook at a chapter of its English version."""
        if self.handbook is None:
            self.handbook = HandbookWindow(self._runner, self._window)
        self.handbook.open_at(chapter)

    def show_shortcuts(self, groups: Sequence[tuple[str, Sequence[QAction]]]) -> None:
        """Show every shortcut, by the menu it stands in."""
        ShortcutsDialog(groups, self._window).open()
