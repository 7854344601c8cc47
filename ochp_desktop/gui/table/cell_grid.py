"""The grid under the table: looks, columns, selection, and the keys that move and type, as in Excel."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.cell_painter import CellPainter, Span
from ochp_desktop.gui.table.column_header import ColumnHeader
from ochp_desktop.gui.table.columns import NARROWEST, Columns
from ochp_desktop.gui.table.delegate import CellDelegate
from ochp_desktop.gui.table.editors import Editor
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.moves import edge
from ochp_desktop.gui.table.selection import Selected, Summary
from ochp_desktop.texts import _, number

# Adding up goes on in pieces of this length.
_SUM_SECONDS = 0.006
_Flag = QItemSelectionModel.SelectionFlag
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENDS: dict[int, int] = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
_MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Return: (0, 1),
    Qt.Key.Key_Enter: (0, 1),
    Qt.Key.Key_Tab: (1, 0),
    Qt.Key.Key_Backtab: (-1, 0),
}


class CellGrid(QTableView):
    """A table over a `SheetModel`: walked through, selected and typed into like Excel.

    Signals:
        selection_text_changed: what the status line says about the selection.
        typing_changed: an editor was opened, its text changed, or it is gone.
    """

    selection_text_changed = Signal(str)
    typing_changed = Signal()

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_model = model
        self._kept_row = -1
        self._kept_column = -1
        self._kept_sheet = model.sheet
        self._delegate = CellDelegate(self)
        self._delegate.leave.connect(self._move_by)
        self._delegate.typing.connect(self.typing_changed)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._set_looks()
        self._header = ColumnHeader(model, self)
        self._fixed_header = ColumnHeader(model, self)
        self.setHorizontalHeader(self._header)
        self.columns = Columns(self, model, self._header, self._fixed_header)
        self._set_headers()
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self._summing = QTimer(self, singleShot=True, interval=0)
        self._summing.timeout.connect(self._begin_sum)
        self._adding = QTimer(self, interval=0)
        self._adding.timeout.connect(self._sum_on)
        self.selectionModel().selectionChanged.connect(lambda *_: self._on_selection_changed())
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        model.edited.connect(lambda *_: self._summing.start())
        model.counts_changed.connect(self._fit_row_numbers)

    def _set_looks(self) -> None:
        self.setAccessibleName(_(self.sheet_model.kind.label))
        font = QFont(self.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)
        self.setWordWrap(False)
        # The delegate paints the grid, in the theme's colour.
        self.setShowGrid(False)
        self.setCornerButtonEnabled(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)

    def _set_headers(self) -> None:
        rows = self.verticalHeader()
        height = max(theme.ROW_HEIGHT, self.fontMetrics().height() + 2 * theme.SPACING)
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.setAccessibleName(_("Row numbers"))
        self._fixed_header.setModel(self.sheet_model)
        # Qt asks about every cell of a column to learn whether all of it is selected, at every painting of the
        # header. So the headers look at a selection of their own that has one cell for each column.
        self._marked_columns = QItemSelectionModel(self.sheet_model, self)
        for header in (self._header, self._fixed_header):
            header.setMinimumSectionSize(NARROWEST)
            header.setFixedHeight(height + 2)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            header.setAccessibleName(_("Columns"))
            header.setSelectionModel(self._marked_columns)
            header.sectionHandleDoubleClicked.connect(lambda column: self.columns.fit([column]))
        self._header.setSectionsMovable(True)
        self.columns.set_usual_widths()
        self.columns.changed.connect(self._on_columns_changed)
        self.columns.fix(1)
        self._use_look()
        self._fit_row_numbers()

    def _use_look(self) -> None:
        look = theme.theme_of(self.palette())
        for header in (self._header, self._fixed_header, self.verticalHeader()):
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.ButtonText, look.muted)
            palette.setColor(QPalette.ColorRole.Button, look.window)
            header.setPalette(palette)
        self._painter = CellPainter(self.sheet_model, self.palette(), self.font())

    def _fit_row_numbers(self) -> None:
        """Wide enough for the highest row number, so that the table does not shift while it is scrolled."""
        highest = number(max(self.sheet_model.rowCount(), 99))
        font = self.verticalHeader().font()
        font.setBold(True)
        self.verticalHeader().setFixedWidth(QFontMetrics(font).horizontalAdvance(highest) + 16)

    def headers(self) -> tuple[ColumnHeader, ColumnHeader]:
        """The header of all columns, and the one over the fixed ones."""
        return self._header, self._fixed_header

    # painting and places, with the fixed columns over the others

    def _on_columns_changed(self) -> None:
        self.columns.place_fixed_header()
        self.viewport().update()

    def _fixed_width(self) -> int:
        return sum(span.width for span in self.columns.fixed_spans())

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one loop."""
        model, dirty = self.sheet_model, event.rect()
        first = self.rowAt(max(0, dirty.top()))
        if first < 0:
            return
        last = self.rowAt(dirty.bottom())
        rows = range(first, (model.rowCount() if last < 0 else last + 1))
        top, height = self.rowViewportPosition(first), self.verticalHeader().defaultSectionSize()
        fixed = self.columns.fixed_spans()
        edge = sum(span.width for span in fixed)
        known = {span.column for span in fixed}
        header = self._header
        rest = [
            Span(column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in self.columns.in_order()
            if column not in known
        ]
        seen = [one for one in rest if one.left + one.width > max(edge, dirty.left()) and one.left <= dirty.right()]
        selected = [
            (part.top(), part.bottom(), part.left(), part.right())
            for part in map(self.selectionModel().selection().at, range(self.selectionModel().selection().count()))
            if part.top() <= rows.stop and part.bottom() >= rows.start
        ]
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        bounds = self.viewport().rect()
        painter.setClipRect(bounds.adjusted(edge, 0, 0, 0))
        self._painter.paint(painter, rows, top, height, seen, selected)
        self._paint_frame(painter, known, fixed=False)
        painter.setClipping(False)
        if fixed and dirty.left() <= edge:
            self._painter.paint(painter, rows, top, height, fixed, selected)
            painter.fillRect(edge - 1, top, 1, height * len(rows), self._painter.look.muted)
            self._paint_frame(painter, known, fixed=True)
        painter.end()

    def _paint_frame(self, painter: QPainter, known: set[int], *, fixed: bool) -> None:
        index = self.currentIndex()
        if index.isValid() and (index.column() in known) is fixed and (self.hasFocus() or self.viewport().hasFocus()):
            self._painter.paint_frame(painter, self.visualRect(index))

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        """Everything: working out which part changed costs more than painting what is seen."""
        return QRegion(self.viewport().rect())

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where a cell is."""
        for span in self.columns.fixed_spans():
            if span.column == index.column():
                return QRect(span.left, self.rowViewportPosition(index.row()), span.width, self.rowHeight(index.row()))
        return super().visualRect(index)

    def indexAt(self, pos: QPoint) -> QModelIndex:
        """The cell at a place."""
        for span in self.columns.fixed_spans():
            if span.left <= pos.x() < span.left + span.width:
                return self.sheet_model.index(self.rowAt(pos.y()), span.column)
        return super().indexAt(pos)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell into view, out from under the fixed columns."""
        bar, before = self.horizontalScrollBar(), self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        if any(span.column == index.column() for span in self.columns.fixed_spans()):
            bar.setValue(before)
            return
        covered = self._fixed_width() - super().visualRect(index).left()
        if covered > 0:
            bar.setValue(bar.value() - covered)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Fixed columns do not move along."""
        super().scrollContentsBy(dx, dy)
        if dx and self.columns.fixed_count:
            self.viewport().update()

    def updateGeometries(self) -> None:
        """The fixed header has its place over the other one."""
        super().updateGeometries()
        if hasattr(self, "columns"):
            self.columns.place_fixed_header()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table has no fixed columns."""
        super().resizeEvent(event)
        self._on_columns_changed()

    # where the user is

    def selected(self) -> Selected:
        """The selected cells."""
        return Selected.of(self.sheet_model, self.selectionModel().selection(), self.shown_fields())

    def shown_fields(self) -> list[int]:
        """Indexes of the fields that are not hidden, in the order of their columns."""
        fields = map(self.sheet_model.field_index, self.columns.in_order())
        return [field for field in fields if field is not None]

    def go_to(self, row: int, field: str) -> bool:
        """Select a cell and bring it into view; False when its row is hidden by a filter."""
        index = self.sheet_model.index_of(row, field)
        if not index.isValid():
            return False
        self.setColumnHidden(index.column(), False)
        self.stand_on(index)
        self.scrollTo(index)
        return True

    def stand_on(self, index: QModelIndex) -> None:
        """Make one cell the current and only selected one, whatever keys are held down.

        Qt's own `setCurrentIndex` extends the selection while Shift or Ctrl is down, as in Shift+F8.
        """
        self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect)

    def select_block(self, top: int, height: int, fields: Sequence[int]) -> None:
        """Select rows by position and fields by index; the first cell becomes the current one."""
        if not height or not fields or top >= self.sheet_model.rowCount():
            return
        model = self.sheet_model
        bottom = min(top + height, model.rowCount()) - 1
        selection = QItemSelection()
        for field in fields:
            column = model.first_field + field
            selection.select(model.index(top, column), model.index(bottom, column))
        first = model.index(top, model.first_field + fields[0])
        self.selectionModel().setCurrentIndex(first, _Flag.NoUpdate)
        self.selectionModel().select(selection, _Flag.ClearAndSelect)

    def selectAll(self) -> None:
        """Select all cells as one range: Qt's own way asks about every cell."""
        model = self.sheet_model
        if model.rowCount():
            last = model.index(model.rowCount() - 1, model.columnCount() - 1)
            self.selectionModel().select(QItemSelection(model.index(0, 0), last), _Flag.ClearAndSelect)

    def _on_selection_changed(self) -> None:
        self._summing.start()
        marked = QItemSelection()
        selection = self.selectionModel().selection()
        for part in (selection.at(place) for place in range(selection.count())):
            top, left, right = part.top(), part.left(), part.right()
            marked.select(self.sheet_model.index(top, left), self.sheet_model.index(top, right))
        self._marked_columns.select(marked, _Flag.ClearAndSelect)

    def _begin_sum(self) -> None:
        self._summary = Summary(self.sheet_model, self.selected())
        self._sum_slices = self._summary.slices()
        self._adding.start()
        self._sum_on()

    def _sum_on(self) -> None:
        end = time.monotonic() + _SUM_SECONDS
        while time.monotonic() < end:
            try:
                next(self._sum_slices)
            except StopIteration:
                self._adding.stop()
                self.selection_text_changed.emit(self._summary.text())
                return
            except IndexError:
                # The rows are other ones now; it begins again.
                self._adding.stop()
                self._summing.start()
                return

    def _keep_place(self) -> None:
        index = self.currentIndex()
        rows = self.sheet_model.view.rows
        self._kept_row = rows[index.row()] if index.isValid() and index.row() < len(rows) else -1
        self._kept_column = index.column() if index.isValid() else -1
        self._kept_sheet = self.sheet_model.sheet
        # Qt works through every row that was scrolled past when the rows are other ones; at the top there are none.
        self.scrollToTop()

    def _restore_place(self) -> None:
        model = self.sheet_model
        same = self._kept_sheet is model.sheet
        position = model.view.position_of(self._kept_row) if same else -1
        if position >= 0 and 0 <= self._kept_column < model.columnCount():
            index = model.index(position, self._kept_column)
            self.stand_on(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        self._kept_row = -1
        self._summing.start()

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Tab move on; Backspace empties the cell and opens it; typing replaces what is there."""
        step = _MOVES.get(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step is not None and modifiers in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}:
            across, down = step
            self._move_by(across, -down if modifiers else down)
            return
        if self._jumped(event) or self._opened_list(event):
            return
        empties = event.key() == Qt.Key.Key_Backspace and not modifiers and self.currentIndex().isValid()
        if empties and self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.AnyKeyPressed, event):
            return
        super().keyPressEvent(event)

    def _jumped(self, event: QKeyEvent) -> bool:
        """Ctrl and an arrow, Home or End go to the edge of the filled cells; with Shift the selection goes along."""
        direction = _ARROWS.get(event.key())
        end = _ENDS.get(event.key())
        index = self.currentIndex()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        columns = self.columns.in_order()
        if (direction is None and end is None) or index.column() not in columns:
            return False
        if modifiers & ~shift != Qt.KeyboardModifier.ControlModifier:
            return False
        if direction is not None:
            row, column = edge(self.sheet_model, columns, index.row(), index.column(), *direction)
        else:
            row, column = (0 if end == 0 else self.sheet_model.rowCount() - 1), columns[end or 0]
        target = self.sheet_model.index(row, column)
        if modifiers & shift:
            parts = self.selectionModel().selection()
            anchor = self._anchor(index, parts)
            self.selectionModel().select(
                QItemSelection(
                    self.sheet_model.index(min(anchor[0], row), min(anchor[1], column)),
                    self.sheet_model.index(max(anchor[0], row), max(anchor[1], column)),
                ),
                _Flag.ClearAndSelect,
            )
            self.selectionModel().setCurrentIndex(target, _Flag.NoUpdate)
        else:
            self.stand_on(target)
        self.scrollTo(target)
        return True

    @staticmethod
    def _anchor(index: QModelIndex, parts: QItemSelection) -> tuple[int, int]:
        """The corner of the selected block that lies across from the current cell."""
        for part in (parts.at(place) for place in range(parts.count())):
            if part.contains(index):
                row = part.top() if index.row() == part.bottom() else part.bottom()
                column = part.left() if index.column() == part.right() else part.right()
                return row, column
        return index.row(), index.column()

    def _opened_list(self, event: QKeyEvent) -> bool:
        """Alt and Down open the list of choices or the calendar, as in Excel."""
        wanted = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        index = self.currentIndex()
        if not wanted or event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not index.isValid():
            return False
        if not self.sheet_model.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        self.edit(index)
        editor = self._editor()
        if editor is not None:
            editor.open_list()
        return True

    def focusNextPrevChild(self, next_: bool) -> bool:  # noqa: ARG002, FBT001 - Qt's signature
        """Tab moves from cell to cell; F6 leaves the table."""
        return False

    def edit(self, *arguments: object) -> bool:  # type: ignore[override]  # Qt calls two overloads by one name
        """Open the editor; F2 and a double click put the caret behind the text, typing replaces the text."""
        if len(arguments) == 1:
            super().edit(*arguments)  # type: ignore[call-overload]  # handed on as it came
            return True
        trigger = arguments[1]
        typed = trigger == QAbstractItemView.EditTrigger.AnyKeyPressed
        self._delegate.typed_into = typed
        opened = bool(super().edit(*arguments))  # type: ignore[call-overload]  # handed on as it came
        editor = self._editor() if opened and not typed else None
        if editor is not None:
            editor.line().deselect()
            editor.line().end(False)
        return opened

    def keyboardSearch(self, search: str) -> None:
        """Nothing: in a read-only table Qt would look through every row for what is typed."""

    def _move_by(self, across: int, down: int) -> None:
        """Go to the next cell: within the row, and on to the next row at its end."""
        index = self.currentIndex()
        columns = self.columns.in_order()
        if not index.isValid() or not columns:
            return
        at = columns.index(index.column()) if index.column() in columns else 0
        place, row = at + across, index.row() + down
        if place >= len(columns):
            place, row = (0, row + 1) if row + 1 < self.sheet_model.rowCount() else (at, row)
        elif place < 0:
            place, row = (len(columns) - 1, row - 1) if row else (at, row)
        row = max(0, min(row, self.sheet_model.rowCount() - 1))
        self.stand_on(self.sheet_model.index(row, columns[place]))

    def typing(self) -> str | None:
        """The text in the open editor when it was changed, else None."""
        editor = self._editor()
        if editor is None or editor.line().text() == editor.untouched:
            return None
        return editor.line().text()

    def type_again(self, text: str) -> None:
        """Open the current cell with a text that was being typed when the program ended."""
        self.edit(self.currentIndex())
        editor = self._editor()
        if editor is not None:
            editor.line().setText(text)

    def _editor(self) -> Editor | None:
        if self.state() != QAbstractItemView.State.EditingState:
            return None
        editor = self.indexWidget(self.currentIndex())
        return editor if isinstance(editor, Editor) else None

    def end_editing(self) -> None:
        """Take over what is being typed before a command works on the cells."""
        editor = self._editor()
        if editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, CellDelegate.EndEditHint.NoHint)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if theme.is_palette_change(event) and hasattr(self, "_summing"):
            self._use_look()
