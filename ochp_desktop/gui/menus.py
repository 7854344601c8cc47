"""The window's menus: each action with its shortcut and tooltip, those of the tab in front, and the search for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ochp_desktop.gui import icons
from ochp_desktop.gui.tab import Menu, hint
from ochp_desktop.texts import _


class Menus:
    """The menu bar of one window; File and Edit have the actions of the tab in front.

    Attributes:
        file, edit, view, connection, tools, help: the menus.
        quit_action: always the last in File.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        bar = window.menuBar()
        self.file = bar.addMenu(_("&File"))
        self.edit = bar.addMenu(_("&Edit"))
        self.view = bar.addMenu(_("&View"))
        self.connection = bar.addMenu(_("&Connection"))
        self.tools = bar.addMenu(_("Too&ls"))
        self.help = bar.addMenu(_("&Help"))
        self.quit_action = self._action(_("&Quit"), window.close, QKeySequence.StandardKey.Quit, "Ctrl+Q")

    def all(self) -> tuple[QMenu, ...]:
        """The menus, from the left."""
        return self.file, self.edit, self.view, self.connection, self.tools, self.help

    def add(self, menu: QMenu, text: str, do: Callable[[], object], key: str = "", icon: str = "") -> QAction:
        """Put one more action into a menu."""
        made = self._action(text, do, *([key] if key else []))
        if icon:
            made.setIcon(icons.icon(icon))
        menu.addAction(made)
        return made

    def _action(self, text: str, do: Callable[[], object], *keys: QKeySequence.StandardKey | str) -> QAction:
        made = QAction(text, self._window)
        made.triggered.connect(lambda _checked=False: do())
        for key in keys:
            sequence = QKeySequence(key)
            if not sequence.isEmpty():
                made.setShortcut(sequence)
                break
        made.setToolTip(hint(made))
        return made

    def show_tab(self, file: Menu, edit: Menu) -> None:
        """Fill File and Edit with the actions of another tab."""
        for menu, actions in ((self.file, (*file, None, self.quit_action)), (self.edit, edit)):
            # Not `clear`: with it PySide forgets the menus within this one as well.
            for old in menu.actions():
                menu.removeAction(old)
                if old.isSeparator():
                    old.deleteLater()
            for action in actions:
                if action is None:
                    menu.addSeparator()
                else:
                    menu.addAction(action)


def actions_within(menu: QMenu) -> Iterator[QAction]:
    """The actions of a menu and of the menus in it."""
    for action in menu.actions():
        yield from single_actions(action)


def single_actions(action: QAction) -> Iterator[QAction]:
    """The action, or those of the menu that it opens."""
    inner = action.menu()
    if isinstance(inner, QMenu):
        yield from actions_within(inner)
    else:
        yield action
