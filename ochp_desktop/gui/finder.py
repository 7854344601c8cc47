"""The search over everything: actions of the window, cards, contracts, records and statements, from one box."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.theme import SPACING
from ochp_desktop.texts import _

MOST, EACH = 24, 5
"""Hits shown at most, of all places and of one."""
_LEAST, _MOST = 150, 300  # width of the box
_FRAME = 24  # what of it is not there for text
_SLICE = 0.008  # seconds of searching between two looks at the keyboard: never felt while typing


@dataclass(frozen=True)
class Hit:
    """Something that was found.

    Attributes:
        title: what it is called.
        place: where it is; hits of one place stand together.
        detail: which field it is, or its shortcut.
        icon: name of its icon.
        go: goes there, or does it.
    """

    title: str
    place: str
    detail: str
    icon: str
    go: Callable[[], object]


Search = Callable[[str], Iterator[Hit | None]]
"""Given a case-folded text, yields hits, and None now and then so that the search can pause."""


class Finder(QLineEdit):
    """The search box; hits appear below it while typing, Up, Down and Return choose, Escape leaves.

    Everything that is open is searched; of a place with many hits the first few are shown, so that every place has
    its turn. Searching goes on in slices of a few milliseconds, so that a million rows are searched without a pause
    in typing.
    """

    def __init__(self, searches: Callable[[], Iterable[Search]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._searches = searches
        self._running: list[Iterator[Hit | None]] = []
        self._hits: list[Hit] = []
        self._lines: list[Hit | None] = []
        self._found_here = 0
        self._before: QWidget | None = None
        self.setPlaceholderText(_("Find card, contract, record…   Ctrl+K"))
        self.setAccessibleName(_("Find anything"))
        self.setAccessibleDescription(_("Finds actions, cards, contracts, records and statements"))
        self.setToolTip(_("Find actions, cards, contracts, records and statements (Ctrl+K)"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(_MOST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.panel = QFrame()
        self.panel.setProperty("look", "card")
        self.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setIconSize(QSize(icons.SIZE, icons.SIZE))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Found"))
        self.list.itemClicked.connect(self._on_item_chosen)
        self.nothing_label = layout.label(_("Nothing found"), "muted")
        inside = layout.column(self.list, self.nothing_label)
        inside.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        self.panel.setLayout(inside)
        self.panel.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_next_slice)
        self.textChanged.connect(self._on_text_changed)
        self.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say in fewer words what this is where the window is narrow."""
        super().resizeEvent(event)
        whole, short = _("Find card, contract, record…   Ctrl+K"), _("Find…   Ctrl+K")
        fits = self.fontMetrics().horizontalAdvance(whole) <= self.width() - _FRAME
        self.setPlaceholderText(whole if fits else short)

    def begin(self) -> None:
        """Put the keyboard here, remembering where it was."""
        focused = self.window().focusWidget()
        if focused is not self:
            self._before = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def hits(self) -> list[Hit]:
        """What is shown now."""
        return list(self._hits)

    def searching(self) -> bool:
        """Whether the search still goes on."""
        return self._timer.isActive()

    def _on_text_changed(self, text: str) -> None:
        self._timer.stop()
        self._hits.clear()
        self._lines.clear()
        self._found_here = 0
        self.list.clear()
        wanted = text.strip().casefold()
        if not wanted:
            self.panel.hide()
            return
        self._running = [search(wanted) for search in self._searches()]
        self._timer.start()

    def _on_next_slice(self) -> None:
        end = time.monotonic() + _SLICE
        while self._running and len(self._hits) < MOST and time.monotonic() < end:
            try:
                hit = next(self._running[0])
            except StopIteration:
                hit, self._found_here = None, EACH
            if hit is not None:
                self._add(hit)
                self._found_here += 1
            if self._found_here >= EACH:
                self._running.pop(0)
                self._found_here = 0
        if not self._running or len(self._hits) >= MOST:
            self._timer.stop()
            self._running = []
        self._show_panel()

    def _add(self, hit: Hit) -> None:
        if not self._hits or self._hits[-1].place != hit.place:
            self._add_line(QListWidgetItem(hit.place), None)
        self._hits.append(hit)
        shown = f"{hit.title}    {hit.detail}" if hit.detail else hit.title
        self._add_line(QListWidgetItem(icons.icon(hit.icon), shown), hit)
        if len(self._hits) == 1:
            self.list.setCurrentRow(self._lines.index(hit))

    def _add_line(self, item: QListWidgetItem, hit: Hit | None) -> None:
        """A hit, or the name of the place of those below it."""
        if hit is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._lines.append(hit)
        self.list.addItem(item)

    def _show_panel(self) -> None:
        window = self.window()
        if self.panel.parent() is not window:
            self.panel.setParent(window)
        width = max(self.width(), 440)
        corner = self.mapTo(window, QPoint(self.width() - width, self.height() + 2))
        self.nothing_label.setVisible(not self._hits)
        self.list.setVisible(bool(self._hits))
        height = sum(map(self.list.sizeHintForRow, range(len(self._lines))))
        height = (height if self._hits else self.nothing_label.sizeHint().height()) + 3 * SPACING
        room = window.height() - corner.y() - SPACING
        self.panel.setGeometry(max(corner.x(), 0), corner.y(), width, min(height, room))
        if self._hits or not self._timer.isActive():
            self.panel.show()
            self.panel.raise_()

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        self._choose(self.list.row(item))

    def _choose(self, index: int) -> None:
        hit = self._lines[index] if 0 <= index < len(self._lines) else None
        if hit is None:
            return
        self.leave()
        hit.go()

    def _step(self, by: int) -> None:
        """Go to the next hit, or the one before, round the end."""
        places = [place for place, hit in enumerate(self._lines) if hit is not None]
        at = places.index(self.list.currentRow()) if self.list.currentRow() in places else -1
        self.list.setCurrentRow(places[(at + by) % len(places)])

    def leave(self) -> None:
        """Close the search and give the keyboard back."""
        self.clear()
        self.panel.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        else:
            self.clearFocus()
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that choose among the hits."""
        if watched is self and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
            if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._hits:
                self._step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._choose(self.list.currentRow())
                return True
        if watched is self and event.type() is QEvent.Type.FocusOut and not self.panel.underMouse():
            self.panel.hide()
        return super().eventFilter(watched, event)
