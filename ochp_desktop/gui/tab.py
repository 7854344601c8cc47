"""What every tab has: actions for menu and toolbar, a count, a status, what it can find, and where F6 goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.sheet.haystack import holders
from ochp_desktop.sheet.sheet import Sheet

_LOOK_AT = 4_096  # rows searched between two pauses
Menu = Sequence[QAction | None]


class Tab(QWidget):
    """The base of the tabs.

    A tab's actions work while it is the visible one: the window puts them into its menus.

    Signals:
        count_changed: `count` has another text now.
        status_changed: `status` has other texts now.
        come_forward: this tab wants to be the one in front.
        wants_connection: the user wants to make a connection.
        wants_password: the user wants to enter the password.
    """

    count_changed = Signal()
    status_changed = Signal()
    come_forward = Signal()
    wants_connection = Signal()
    wants_password = Signal()

    title = ""
    chapter = ""
    """The chapter of the English handbook that is about this tab."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.notice = Notice()
        self._actions: list[QAction] = []

    # what the window asks for

    def count(self) -> str:
        """The text behind the tab's title, for example "812"."""
        return ""

    def status(self) -> tuple[str, str]:
        """The status line's left and right text."""
        return "", ""

    def file_menu(self) -> Menu:
        """Actions for the menu File; None is a separator."""
        return ()

    def edit_menu(self) -> Menu:
        """Actions for the menu Edit."""
        return ()

    def searches(self) -> Sequence[Search]:
        """What the search over everything looks through here."""
        return ()

    def areas(self) -> Sequence[QWidget]:
        """Where F6 stops, in order."""
        return ()

    def open_files(self, paths: Sequence[Path]) -> bool:
        """Take over files that were dropped or given; whether this tab can."""
        return not paths

    def remembered(self) -> Mapping[str, SheetArea]:
        """Tables whose columns are remembered, by a name."""
        return {}

    # for the tabs themselves

    def action(
        self, text: str, do: Callable[[], object], shortcut: QKeySequence.StandardKey | str = "", icon: str = ""
    ) -> QAction:
        """An action of this tab; its tooltip names its shortcut."""
        made = QAction(text, self)
        if icon:
            made.setIcon(icons.icon(icon))
        made.triggered.connect(lambda _checked=False: do())
        if shortcut:
            made.setShortcut(QKeySequence(shortcut))
        made.setToolTip(hint(made))
        self.addAction(made)
        self._actions.append(made)
        return made

    def all_actions(self) -> list[QAction]:
        """Every action of this tab."""
        return list(self._actions)


def hint(action: QAction) -> str:
    """An action's words with its shortcut."""
    words = action.text().replace("&", "")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{words} ({keys})" if keys else words


def action_button(action: QAction, text: str = "", *, look: str = "") -> QPushButton:
    """A toolbar button that does an action and follows whether it is possible."""
    button = layout.button(text or action.text(), action.trigger, look=look)

    def follow() -> None:
        button.setEnabled(action.isEnabled())
        button.setVisible(action.isVisible())
        button.setToolTip(action.toolTip())

    follow()
    action.changed.connect(follow)
    return button


def text_search(sheet: Sheet, names: Sequence[str], make: Callable[[int, str], Hit]) -> Search:
    """A search through some columns of a sheet.

    Args:
        sheet: where to search.
        names: protocol names of the fields that are looked at.
        make: makes the hit for (row id, protocol name of the field that fits).
    """
    columns = [(name, sheet.columns[sheet.kind.index(name)]) for name in names]

    def search(wanted: str) -> Iterator[Hit | None]:
        order = tuple(sheet.order)
        for start in range(0, len(order), _LOOK_AT):
            yield None
            rows = order[start : start + _LOOK_AT]
            found: dict[int, str] = {}
            for name, texts in columns:
                for at in holders([texts[row] for row in rows], wanted):
                    found.setdefault(at, name)
            yield from (make(rows[at], found[at]) for at in sorted(found))

    return search
