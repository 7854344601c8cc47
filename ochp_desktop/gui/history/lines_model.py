"""Lines of texts for a table that is only read, of any number: texts are made when they are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import ROW_HEIGHT
from ochp_desktop.gui.tooltips import plain_tooltip

_NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class LinesModel(QAbstractTableModel):
    """Shows items, each as a line.

    Args:
        titles: of the columns.
        texts: an item's texts, one per column.
        mark: the name of the icon in the first column, or "".
    """

    def __init__(
        self, titles: Sequence[str], texts: Callable[[Any], Sequence[str]], mark: Callable[[Any], str]
    ) -> None:
        super().__init__()
        self._titles = titles
        self._texts = texts
        self._mark = mark
        self.items: Sequence[Any] = ()

    def show_items(self, items: Sequence[Any]) -> None:
        """Show others."""
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """How many lines."""
        return 0 if parent.isValid() else len(self.items)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """How many columns."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles, at the left."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip, icon."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(self.items[index.row()])[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._texts(self.items[index.row()])[index.column()])
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            mark = self._mark(self.items[index.row()])
            return icons.icon(mark) if mark else None
        return None


class LinesTable(QTableView):
    """The table of such lines: whole lines are chosen.

    Args:
        model: what it shows.
        widths: of the columns in characters; the last one takes what is left.
        name: for screen readers.
    """

    def __init__(self, model: LinesModel, widths: Sequence[int], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        character = self.fontMetrics().averageCharWidth()
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width * character + 24)
        self.setAccessibleName(name)

    def chosen(self) -> list[Any]:
        """The chosen items, in their order."""
        parts = self.selectionModel().selection().toList()
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return [self.lines.items[row] for row in sorted(rows)]
