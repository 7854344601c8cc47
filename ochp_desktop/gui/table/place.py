"""Where the user is in a sheet, as text to be kept: cell, scrolling, sorting, filters, and what is being typed."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ochp_desktop.gui.table.cell_grid import CellGrid
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.sheet.arranging import Conditions
from ochp_desktop.sheet.column_filter import ColumnFilter, TextTest

_PAUSE = 300  # milliseconds: with the keeper's way to the disk well within a second
# A filter of more chosen values than this is not kept.
_MOST_VALUES = 5_000


class Place(QObject):
    """Watches one table and tells its place a moment after it changed, also while an editor is open.

    Signals:
        changed: the place as JSON.
    """

    changed = Signal(str)

    def __init__(self, table: CellGrid) -> None:
        super().__init__(table)
        self._table = table
        self._model: SheetModel = table.sheet_model
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(lambda: self.changed.emit(self.text()))
        table.selectionModel().currentChanged.connect(lambda *_: self._on_moved())
        table.verticalScrollBar().valueChanged.connect(lambda _value: self._on_moved())
        table.typing_changed.connect(self._on_moved)
        self._model.layoutChanged.connect(self._on_moved)
        self._model.modelReset.connect(self._on_moved)

    def _on_moved(self) -> None:
        # Not started anew each time: who types on and on must be on disk as well.
        if not self._timer.isActive():
            self._timer.start()

    def text(self) -> str:
        """The place now."""
        table, view, kind = self._table, self._model.view, self._model.kind
        index = table.currentIndex()
        field = self._model.field_at(index.column()) if index.isValid() else None
        top = table.rowAt(0)
        place: dict[str, Any] = {
            "row": view.rows[index.row()] if index.isValid() and index.row() < len(view.rows) else -1,
            "field": field.name if field else "",
            "top": view.rows[top] if 0 <= top < len(view.rows) else -1,
            "sort": [[kind.names[at], down] for at, down in view.sort_keys],
            "quick": view.filter,
            "filters": {kind.names[at]: _told(keep) for at, keep in view.column_filters.items() if _can_be_told(keep)},
        }
        typing = table.typing()
        if typing is not None:
            place["typing"] = typing
        return json.dumps(place)

    def restore(self, text: str) -> str:
        """Go to a place that `text` told; the quick filter's text, for the field that shows it. Anything else is ""."""
        try:
            told = json.loads(text)
            keys = tuple((self._model.kind.index(name), bool(down)) for name, down in told.get("sort", []))
            filters = {self._model.kind.index(name): _filter(one) for name, one in told.get("filters", {}).items()}
            quick, field = str(told.get("quick", "")), str(told.get("field", ""))
            row, top = int(told.get("row", -1)), int(told.get("top", -1))
            typing = told.get("typing")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return ""
        if keys or filters or quick:
            self._model.arrange(Conditions(keys, quick, None, {at: keep for at, keep in filters.items() if keep}))
        self._model.once_shown(lambda: self._go_to(row, field, top, typing))
        return quick

    def _go_to(self, row: int, field: str, top: int, typing: object) -> None:
        table, model = self._table, self._model
        first = model.view.position_of(top)
        if first >= 0:
            table.scrollTo(model.index(first, model.first_field), table.ScrollHint.PositionAtTop)
        if field not in model.kind.names or model.view.position_of(row) < 0:
            return
        index = model.index_of(row, field)
        table.stand_on(index)
        if isinstance(typing, str) and not model.read_only:
            table.type_again(typing)


def _can_be_told(keep: ColumnFilter) -> bool:
    return keep.rows is None and (keep.values is None or len(keep.values) <= _MOST_VALUES)


def _told(keep: ColumnFilter) -> list[Any]:
    return [None if keep.values is None else sorted(keep.values), keep.text, keep.test.value, keep.empty]


def _filter(told: Any) -> ColumnFilter:
    values, text, test, empty = told
    return ColumnFilter(
        None if values is None else frozenset(map(str, values)),
        str(text),
        TextTest(test),
        None if empty is None else bool(empty),
    )
