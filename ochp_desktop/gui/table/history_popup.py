"""The list of everything that can be taken back or done again, by name; choosing a line goes there in one step."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListView, QVBoxLayout, QWidget

from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

Index = QModelIndex | QPersistentModelIndex

_WIDTH, _HEIGHT = 380, 420


class HistoryList(QAbstractListModel):
    """Undone steps, the sheet as it is now, done steps: the newest first."""

    def __init__(self, sheet: Sheet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        done, undone = sheet.history()
        self._undone = list(reversed(undone))
        self._done = done

    @property
    def here(self) -> int:
        """The line of the sheet as it is now."""
        return len(self._undone)

    def steps(self, line: int) -> int:
        """How many steps to undo (negative) or redo (positive) to be where a line says."""
        return self.here - line

    def rowCount(self, parent: Index | None = None) -> int:
        """All steps, and the sheet as it was opened."""
        return 0 if parent is not None and parent.isValid() else len(self._undone) + len(self._done) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What was done, as the last thing before the sheet was as this line says."""
        line = index.row()
        if not 0 <= line < self.rowCount():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = self._name(line)
            return _("{name}   (now)").format(name=name) if line == self.here else name
        if role == Qt.ItemDataRole.FontRole and line == self.here:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ToolTipRole:
            steps = self.steps(line)
            return _("Takes back what was done after this.") if steps < 0 else _("Does it again.") if steps else None
        return None

    def _name(self, line: int) -> str:
        if line < self.here:
            return self._undone[line]
        at = line - self.here
        return self._done[at] if at < len(self._done) else _("As it was opened")


class HistoryPopup(QFrame):
    """The list in a small window.

    Signals:
        chosen: how many steps to undo (negative) or redo (positive).
    """

    chosen = Signal(int)

    def __init__(self, sheet: Sheet, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "card")
        self.setAccessibleName(_("Undo history"))
        self.steps = HistoryList(sheet, self)
        title = QLabel(_("Undo history"))
        title.setProperty("look", "title")
        self.list = QListView()
        self.list.setModel(self.steps)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        self.list.setAccessibleName(_("Steps, the newest first"))
        self.list.setCurrentIndex(self.steps.index(self.steps.here))
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        hint = QLabel(_("Enter goes to the chosen step, Esc leaves all as it is."), wordWrap=True)
        hint.setProperty("look", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        for part in (title, self.list, hint):
            layout.addWidget(part)
        self.resize(_WIDTH, _HEIGHT)

    def show_at(self, place: QPoint) -> None:
        """Open at a place on the screen."""
        self.move(place)
        self.show()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.scrollTo(self.list.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose(self.list.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _choose(self, line: int) -> None:
        steps = self.steps.steps(line)
        self.close()
        if steps:
            self.chosen.emit(steps)
