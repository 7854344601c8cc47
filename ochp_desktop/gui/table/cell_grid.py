"""The grid under the table: selection, and the keys that move and type, as in Excel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ochp_desktop.gui.table.delegate import CellDelegate
from ochp_desktop.gui.table.editors import Editor
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.moves import edge, within
from ochp_desktop.gui.table.painted_table import PaintedTable
from ochp_desktop.gui.table.selection import Selected, Summary
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import runs

# Adding up goes on in pieces of this length.
_SUM_SECONDS = 0.006
# Selected rows that go along when the table is sorted; more of them would be scattered all over it.
_ALONG = 1_000
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


class CellGrid(PaintedTable):
    """A table over a `SheetModel`: walked through, selected and typed into like Excel.

    Signals:
        selection_text_changed: what the status line says about the selection.
        typing_changed: an editor was opened, its text changed, or it is gone.
    """

    selection_text_changed = Signal(str)
    typing_changed = Signal()

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._kept_row = -1
        self._kept_column = -1
        self._kept_sheet: Sheet | None = None
        self._is_taken_away = False
        self._kept_selection: list[tuple[tuple[int, ...] | None, int, int]] = []
        self._tabs_began = -1
        self._delegate = CellDelegate(self)
        self._delegate.leave.connect(self._move_by)
        self._delegate.typing.connect(self.typing_changed)
        self.setItemDelegate(self._delegate)
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
        self.selectionModel().currentChanged.connect(lambda *_: self._on_moved())
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        model.reordering.connect(self._keep_selection)
        model.layoutChanged.connect(self._restore_selection)
        model.edited.connect(lambda *_: self._summing.start())
        # Their marks go with the first row of the selection.
        model.rowsRemoved.connect(lambda *_: self._mark_columns())

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
        # One range for columns that follow each other: each range is looked at again and again.
        for _offset, run in groupby(enumerate(sorted(fields)), lambda place: place[1] - place[0]):
            columns = [model.first_field + field for _at, field in run]
            selection.select(model.index(top, columns[0]), model.index(bottom, columns[-1]))
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
        if self._is_taken_away:
            return
        self._summing.start()
        self._mark_columns()

    def _mark_columns(self) -> None:
        """Show in the header which columns have a selected cell."""
        marked = QItemSelection()
        for part in self.selectionModel().selection().toList():
            top, left, right = part.top(), part.left(), part.right()
            marked.select(self.sheet_model.index(top, left), self.sheet_model.index(top, right))
        self._marked_columns.select(marked, _Flag.ClearAndSelect)

    def _on_moved(self) -> None:
        self._tabs_began = -1

    @property
    def is_working(self) -> bool:
        """Whether a command is not done yet, for which the sum of the selection waits."""
        return False

    @property
    def is_adding(self) -> bool:
        """Whether what the status line says about the selection is being worked out."""
        return self._summing.isActive() or self._adding.isActive()

    def _begin_sum(self) -> None:
        self._summary = Summary(self.sheet_model, self.selected())
        self._sum_slices = self._summary.slices()
        self._adding.start()
        self._sum_on()

    def _sum_on(self) -> None:
        if self.is_working:
            return
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
        # A sheet that was closed shall be gone.
        self._kept_row, self._kept_sheet = -1, None
        self._summing.start()

    def _keep_selection(self) -> None:
        """Take the selection away while the rows change places: Qt would keep an index for each selected cell.

        Rows that are selected go along; of many, and of all, only what is the same in any order stays.
        """
        rows, count = self.sheet_model.view.rows, self.sheet_model.rowCount()
        parts = self.selectionModel().selection().toList()
        some = [part for part in parts if part.height() < count]
        if sum(part.height() for part in some) > _ALONG:
            parts = [part for part in parts if part.height() == count]
        self._kept_selection = [
            (None if part.height() == count else tuple(rows[part.top() : part.bottom() + 1]), part.left(), part.right())
            for part in parts
        ]
        self._is_taken_away = True
        self.selectionModel().select(QItemSelection(), _Flag.Clear)

    def _restore_selection(self) -> None:
        """Select what was selected before the rows changed places, else the current cell."""
        model, selection = self.sheet_model, QItemSelection()
        kept, self._kept_selection = self._kept_selection, []
        model.view.look_up({row for rows, _left, _right in kept for row in rows or ()})
        for rows, left, right in kept:
            blocks = [(0, model.rowCount())] if rows is None else runs(sorted(map(model.view.position_of, rows)))
            for first, count in blocks:
                selection.select(model.index(first, left), model.index(first + count - 1, right))
        if not kept and self.currentIndex().isValid():
            selection.select(self.currentIndex(), self.currentIndex())
        self._is_taken_away = False
        self.selectionModel().select(selection, _Flag.ClearAndSelect)
        if not selection.count():
            self._on_selection_changed()  # which Qt does not tell of nothing
        # Qt lays the rows out a moment later, after it has painted, and then paints once more.
        self.executeDelayedItemsLayout()

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
        """Go to the next cell: within the row, and on to the next row at its end.

        In a selected block of several cells it goes round in the block. Enter after a run of Tabs goes back to the
        column where the run began.
        """
        index = self.currentIndex()
        columns = self.columns.in_order()
        if not index.isValid() or not columns:
            return
        inside = within(self.selected(), index.row(), self.sheet_model.field_index(index.column()), across, down)
        if inside is not None:
            row, field = inside
            target = self.sheet_model.index(row, self.sheet_model.first_field + field)
            self.selectionModel().setCurrentIndex(target, _Flag.NoUpdate)
            self.scrollTo(target)
            return
        began = self._tabs_began if down > 0 else -1
        at = columns.index(index.column()) if index.column() in columns else 0
        place, row = (columns.index(began) if began in columns else at) + across, index.row() + down
        if place >= len(columns):
            place, row = (0, row + 1) if row + 1 < self.sheet_model.rowCount() else (at, row)
        elif place < 0:
            place, row = (len(columns) - 1, row - 1) if row else (at, row)
        row = max(0, min(row, self.sheet_model.rowCount() - 1))
        began = (index.column() if self._tabs_began < 0 else self._tabs_began) if across else -1
        self.stand_on(self.sheet_model.index(row, columns[place]))
        self._tabs_began = began

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
