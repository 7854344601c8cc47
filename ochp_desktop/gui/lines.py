"""Tables that are only read: how they all look, and one whose lines are made when they are painted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import ROW_HEIGHT
from ochp_desktop.gui.tooltips import plain_tooltip

_NO_INDEX = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


def dress(table: QTableView, name: str) -> None:
    """Make a table one that is only read: whole lines are chosen, titles stand over their texts.

    Args:
        table: any table.
        name: what a screen reader calls it.
    """
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(_LEFT)
    table.setAccessibleName(name)


class LinesModel(QAbstractTableModel):
    """Shows items, each as a line.

    Args:
        titles: of the columns.
        texts: an item's texts, one per column.
        mark: the name of an item's icon, or "".
        mark_column: where that icon stands.
        right: columns whose texts stand right.
        is_sum: whether an item sums the others up.
    """

    def __init__(
        self,
        titles: Sequence[str],
        texts: Callable[[Any], Sequence[str]],
        mark: Callable[[Any], str] | None = None,
        *,
        mark_column: int = 0,
        right: Collection[int] = (),
        is_sum: Callable[[Any], bool] | None = None,
    ) -> None:
        super().__init__()
        self._titles = titles
        self._texts = texts
        self._mark = mark
        self._mark_column = mark_column
        self._right = frozenset(right)
        self._is_sum = is_sum
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
        """The titles, on the side of their texts."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip, side, icon; sums in bold."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(self.items[index.row()])[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self._texts(self.items[index.row()])[index.column()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self._right else None
        if role == Qt.ItemDataRole.DecorationRole and index.column() == self._mark_column and self._mark is not None:
            mark = self._mark(self.items[index.row()])
            return icons.icon(mark) if mark else None
        if role == Qt.ItemDataRole.FontRole and self._is_sum is not None and self._is_sum(self.items[index.row()]):
            bold = QFont()
            bold.setBold(True)
            return bold
        return None


class LinesTable(QTableView):
    """The table of such lines.

    Args:
        model: what it shows.
        widths: of the columns in characters, more where a title needs more; the last one takes what is left.
        name: for screen readers.
    """

    def __init__(self, model: LinesModel, widths: Sequence[int], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = model
        self.setModel(model)
        dress(self, name)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        character = self.fontMetrics().averageCharWidth()
        for column, width in enumerate(widths):
            self.setColumnWidth(column, max(width * character + 24, header.sectionSizeHint(column)))

    def chosen(self) -> list[Any]:
        """The chosen items, in their order."""
        parts = self.selectionModel().selection().toList()
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return [self.lines.items[row] for row in sorted(rows)]
