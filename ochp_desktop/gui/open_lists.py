"""The lists of one kind that are open at the same time, as tabs below the table, like the sheets of a workbook."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain, count

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QTabBar, QToolButton, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import SPACING
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.records.checker import Checker
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

_WIDEST = 260


@dataclass
class OpenList:
    """One open list, as it is while another one is shown.

    Attributes:
        sheet: its rows and undo history.
        title: what its tab says.
        checker: its problems; None while they are not known.
        place: where the user was in it, as JSON.
    """

    sheet: Sheet
    title: str
    checker: Checker | None = None
    place: str = "{}"


class OpenLists(QTabBar):
    """The open lists; nothing is to be seen while there is only one.

    Signals:
        chosen: (OpenList) the user wants to see it.
        close_wanted: (OpenList) the user wants to close it.
    """

    chosen = Signal(object)
    close_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lists: list[OpenList] = []
        self.setShape(QTabBar.Shape.RoundedSouth)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Open lists"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(self._on_current_changed)
        self.hide()

    @property
    def shown(self) -> OpenList | None:
        """The list that is in front."""
        at = self.currentIndex()
        return self.lists[at] if 0 <= at < len(self.lists) else None

    def of(self, sheet: Sheet) -> OpenList | None:
        """The open list with this sheet."""
        return next((one for one in self.lists if one.sheet is sheet), None)

    def add(self, one: OpenList) -> None:
        """One more list, in front; `chosen` is not told."""
        name = self._name_for(one)
        self.lists.append(one)
        self.blockSignals(True)
        at = self.addTab(name.replace("&", "&&"))
        self.setTabToolTip(at, plain_tooltip(_("{title} (Ctrl+Page Up, Ctrl+Page Down)").format(title=name)))
        self.setTabButton(at, QTabBar.ButtonPosition.RightSide, self._close_button(one, name))
        self.setCurrentIndex(at)
        self.blockSignals(False)
        self.setVisible(len(self.lists) > 1)

    def _name_for(self, one: OpenList) -> str:
        """The list's title, with a number where another open list has the same: a file may be opened twice."""
        taken = {self.tabText(at).replace("&&", "&") for at in range(self.count())}
        names = chain([one.title], (f"{one.title} ({number})" for number in count(2)))
        return next(name for name in names if name not in taken)

    def _close_button(self, one: OpenList, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icons.icon("close"))
        button.setAutoRaise(True)
        button.setIconSize(QSize(10, 10))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(_("Close {title}").format(title=name))
        button.setToolTip(_("Closes this list; it stays among the kept ones."))
        button.clicked.connect(lambda: self.close_wanted.emit(one))
        return button

    def take_out(self, one: OpenList) -> None:
        """The list is closed; its neighbour is in front, and `chosen` is not told."""
        at = self.lists.index(one)
        self.blockSignals(True)
        del self.lists[at]
        self.removeTab(at)
        self.blockSignals(False)
        self.setVisible(len(self.lists) > 1)

    def forget(self) -> None:
        """No list is open."""
        for one in list(self.lists):
            self.take_out(one)

    def step(self, by: int) -> None:
        """Show the next list, or the one before, round the end."""
        if len(self.lists) > 1:
            self.setCurrentIndex((self.currentIndex() + by) % len(self.lists))

    def _on_current_changed(self, at: int) -> None:
        if 0 <= at < len(self.lists):
            self.chosen.emit(self.lists[at])

    def tabSizeHint(self, index: int) -> QSize:
        """Room for a name, not for a path."""
        text = QFontMetrics(self.font()).horizontalAdvance(self.tabText(index)) + 24 + 6 * SPACING
        return QSize(min(_WIDEST, text), self.fontMetrics().height() + 3 * SPACING)


def in_front(place: str, *, shown: bool) -> str:
    """A place that tells as well whether its list is the one that is shown."""
    try:
        told = json.loads(place)
    except ValueError:
        return place
    if not isinstance(told, dict):
        return place
    told["shown"] = shown
    return json.dumps(told)


def was_in_front(place: str) -> bool:
    """Whether a place is that of the list that was shown."""
    try:
        told = json.loads(place)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("shown") is True
