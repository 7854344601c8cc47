"""The values of one column, with their counts and check boxes, as a filter's window lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ochp_desktop.records.fields import Field
from ochp_desktop.texts import _, number

Index = QModelIndex | QPersistentModelIndex

# More different values than this nobody reads through; a search brings the others.
MOST_SHOWN = 10_000


class ValueList(QAbstractListModel):
    """A column's values with their counts, each with a check box; what is not shown keeps its check.

    Of a million values that are nearly all checked, or nearly none, only the others are remembered.
    """

    def __init__(self, field: Field, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._counts: Mapping[str, int] = {}
        self._all: Sequence[str] = ()
        self._fitting: Sequence[str] = ()
        self._shown: Sequence[str] = ()
        self._on = True
        self._others: set[str] = set()

    def set_values(self, texts: Sequence[str], counts: Mapping[str, int], chosen: frozenset[str] | None) -> None:
        """List these values, in order; those that are chosen are checked, None for all."""
        known = None if chosen is None else chosen & counts.keys()
        self._on = known is None or len(known) * 2 > len(counts)
        self._others = set() if known is None else set(counts.keys() - known) if self._on else set(known)
        self._all, self._counts = texts, counts
        self.show_only(texts)

    def show_only(self, texts: Sequence[str]) -> None:
        """List only some of the values, which a search has found."""
        self.beginResetModel()
        self._fitting = texts
        self._shown = texts[:MOST_SHOWN]
        self.endResetModel()

    @property
    def texts(self) -> Sequence[str]:
        """All values, in order."""
        return self._all

    @property
    def found(self) -> int:
        """How many values the search found, also those that are too many to be shown."""
        return len(self._fitting)

    @property
    def found_checked(self) -> int:
        """How many of these are checked."""
        if not self._others:
            return len(self._fitting) if self._on else 0
        if len(self._fitting) == len(self._all):
            return len(self._all) - len(self._others) if self._on else len(self._others)
        return sum(map(self.is_checked, self._fitting))

    def is_checked(self, text: str) -> bool:
        """Whether a value is checked."""
        return (text in self._others) is not self._on

    def chosen(self) -> frozenset[str] | None:
        """The checked values among those that the search found; None when these are all that there are."""
        if len(self._fitting) == len(self._all) and self._on and not self._others:
            return None
        if self._on:
            return frozenset(self._fitting) - self._others
        return frozenset(self._others.intersection(self._fitting))

    def caption(self, text: str) -> str:
        """How a value is named."""
        return caption(self._field, text)

    def check_all(self, on: bool) -> None:  # noqa: FBT001 - a slot of a check box
        """Check or uncheck all values that the search found."""
        if len(self._fitting) == len(self._all):
            self._on, self._others = on, set()
        elif on is self._on:
            self._others.difference_update(self._fitting)
        else:
            self._others.update(self._fitting)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """How many values are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Value, count and check."""
        if not 0 <= index.row() < len(self._shown):
            return None
        text = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _("{value}   ({count})").format(value=self.caption(text)[:80], count=number(self._counts[text]))
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self.is_checked(text) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Check or uncheck a value."""
        if role != Qt.ItemDataRole.CheckStateRole or not 0 <= index.row() < len(self._shown):
            return False
        text = self._shown[index.row()]
        if (Qt.CheckState(value) == Qt.CheckState.Checked) is self._on:
            self._others.discard(text)
        else:
            self._others.add(text)
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Each can be checked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemNeverHasChildren
        )


def caption(field: Field, text: str) -> str:
    """How a field's value is named in the list."""
    return field.shown(text) if text else _("(empty)")
