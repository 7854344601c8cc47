"""How the table's columns stand: widths, order, hidden ones, and those that stay in view at the left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView

from ochp_desktop.gui.table.cell_painter import Span
from ochp_desktop.gui.table.column_header import ARROW, BUTTON, ColumnHeader
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.painted_cells import bad_places, painted_cells

NARROWEST = 40
_WIDEST = 2_000
_BEST = 600
# Rows that are looked at for the width that fits best: those around what is seen.
_LOOK_AT = 500
# Columns stay in view only while they leave at least this part of the table to the others.
_MOST = 0.6


class Columns(QObject):
    """The columns of a table, changed here only, so that the header for the fixed ones always agrees.

    Signals:
        changed: widths, order, hidden or fixed columns are other ones now.
    """

    changed = Signal()

    def __init__(self, table: QTableView, model: SheetModel, header: ColumnHeader, fixed_header: ColumnHeader) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self._header = header
        self._fixed_header = fixed_header
        self._fixed = 0
        self._busy = False
        header.sectionResized.connect(lambda *_: self._on_changed())
        header.sectionMoved.connect(lambda *_: self._on_changed())
        header.sectionCountChanged.connect(lambda *_: self._on_changed())
        fixed_header.sectionResized.connect(self._on_fixed_resized)

    def in_order(self) -> list[int]:
        """The columns that are not hidden, as shown."""
        header = self._header
        columns = (header.logicalIndex(at) for at in range(header.count()))
        return [column for column in columns if not header.isSectionHidden(column)]

    def hidden(self) -> list[int]:
        """The hidden columns."""
        return [column for column in range(self._header.count()) if self._header.isSectionHidden(column)]

    def title(self, column: int) -> str:
        """A column's title."""
        return self._model.title(column)

    # fixed ones

    @property
    def fixed_count(self) -> int:
        """How many of the first columns the user wants to stay in view."""
        return self._fixed

    def fix(self, count: int) -> None:
        """Let the first columns stay in view while the others are scrolled; 0 lets all scroll."""
        self._fixed = max(0, count)
        self._on_changed()

    def fixed_spans(self) -> list[Span]:
        """The columns that stay in view now; none where the table is too narrow for it."""
        spans = []
        left = 0
        for column in self.in_order()[: self._fixed]:
            width = self._header.sectionSize(column)
            spans.append(Span(column, left, width))
            left += width
        return spans if left <= self._table.viewport().width() * _MOST else []

    def place_fixed_header(self) -> None:
        """Bring the header over the fixed columns into agreement."""
        spans = self.fixed_spans()
        fixed = self._fixed_header
        self._busy = True
        for visual in range(self._header.count()):
            column = self._header.logicalIndex(visual)
            # Qt paints a section anew that is moved to where it is.
            if column < fixed.count() and fixed.visualIndex(column) != visual:
                fixed.moveSection(fixed.visualIndex(column), visual)
        widths = {span.column: span.width for span in spans}
        for column in range(fixed.count()):
            fixed.setSectionHidden(column, column not in widths)
            if column in widths:
                fixed.resizeSection(column, widths[column])
        self._busy = False
        fixed.setVisible(bool(spans))
        at = self._header.geometry()
        fixed.setGeometry(at.left(), at.top(), sum(widths.values()), at.height())
        children = self._table.children()
        if children.index(fixed) < children.index(self._header):
            fixed.raise_()

    def _on_fixed_resized(self, column: int, _old: int, new: int) -> None:
        # Qt hides and shows the sections by itself when the rows are sorted: only a user makes them wider.
        if not self._busy and new >= NARROWEST and column in {span.column for span in self.fixed_spans()}:
            self._header.resizeSection(column, new)

    def _on_changed(self) -> None:
        self.changed.emit()

    # changing

    def set_usual_widths(self) -> None:
        """Make each column as wide as its field usually needs."""
        model = self._model
        character = self._table.fontMetrics().horizontalAdvance("0")
        for column in range(model.columnCount()):
            field, state = model.field_at(column), model.state_column(column)
            characters = field.width if field else state.width if state else 8
            self._header.resizeSection(column, max(characters * character + 14, self._title_width(column)))

    def _title_width(self, column: int) -> int:
        """A title needs room for itself, the sort arrow and the filter's sign."""
        signs = ARROW + BUTTON if self._model.field_at(column) is not None else ARROW
        # The titles of selected columns are bold.
        font = self._header.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(self.title(column)) + signs + 14

    def fit(self, columns: Sequence[int]) -> None:
        """Make columns as wide as the texts around what is seen need."""
        metrics = QFontMetrics(self._table.font())
        first = max(0, self._table.rowAt(0))
        rows = self._model.view.rows[first : first + _LOOK_AT]
        bad = bad_places(self._model, rows)
        for column in columns:
            widest = self._title_width(column)
            cells = painted_cells(self._model, rows, bad, column)
            for at, text in enumerate(cells.texts):
                widest = max(widest, metrics.horizontalAdvance(text[:300]) + (34 if at in cells.marks else 14))
            self._header.resizeSection(column, min(widest, _BEST))

    def hide(self, columns: Sequence[int]) -> bool:
        """Hide columns; False, and nothing done, when none would be left."""
        if not set(self.in_order()) - set(columns):
            return False
        for column in columns:
            self._header.setSectionHidden(column, True)
        return True

    def show(self, columns: Sequence[int]) -> None:
        """Show hidden columns again."""
        for column in columns:
            self._header.setSectionHidden(column, False)
            if self._header.sectionSize(column) < NARROWEST:
                self._header.resizeSection(column, self._title_width(column))

    def move(self, column: int, step: int) -> None:
        """Move a column past its visible neighbour: -1 to the left, 1 to the right."""
        order = self.in_order()
        at = order.index(column) + step
        if 0 <= at < len(order):
            self._header.moveSection(self._header.visualIndex(column), self._header.visualIndex(order[at]))

    # remembering

    def save(self) -> bytes:
        """Widths, order, hidden and fixed columns, by field name."""
        header = self._header
        columns: list[list[Any]] = [
            [self._name(at), header.sectionSize(at), header.isSectionHidden(at)]
            for at in sorted(range(header.count()), key=header.visualIndex)
        ]
        columns.append(["", self._fixed, False])
        return json.dumps(columns).encode()

    def restore(self, state: bytes) -> bool:
        """Take what `save` gave over; False, and nothing done, when the state is no such thing."""
        try:
            columns = [(str(name), int(width), bool(hidden)) for name, width, hidden in json.loads(state)]
        except (ValueError, TypeError, RecursionError):
            return False
        header = self._header
        places = {self._name(at): at for at in range(header.count())}
        visual = 0
        for name, width, hidden in columns:
            at = places.get(name)
            if at is None:
                continue
            header.moveSection(header.visualIndex(at), visual)
            visual += 1
            header.setSectionHidden(at, hidden)
            if not hidden:
                header.resizeSection(at, max(NARROWEST, min(width, _WIDEST)))
        fixed = [width for name, width, _hidden in columns if not name]
        self.fix(fixed[0] if fixed else self._fixed)
        return True

    def _name(self, column: int) -> str:
        field = self._model.field_at(column)
        if field is not None:
            return field.name
        before = column < self._model.first_field
        return f"state-{column if before else column - len(self._model.kind)}"
