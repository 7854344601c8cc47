"""The grid under the table: looks, columns, selection, and the keys that move and type, as in Excel."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.delegate import CellDelegate
from ochp_desktop.gui.table.editors import Editor
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.selection import Selected, summary
from ochp_desktop.texts import _, number

_Flag = QItemSelectionModel.SelectionFlag
_NARROWEST = 40
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
    """

    selection_text_changed = Signal(str)

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_model = model
        self._kept_row = -1
        self._kept_column = -1
        self._kept_sheet = model.sheet
        self._delegate = CellDelegate(self)
        self._delegate.leave.connect(self._move_by)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._set_looks()
        self._set_headers()
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setTabKeyNavigation(False)
        self._summing = QTimer(self, singleShot=True, interval=0)
        self._summing.timeout.connect(self._sum_up)
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
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        height = max(theme.ROW_HEIGHT, self.fontMetrics().height() + 2 * theme.SPACING)
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        rows.setAccessibleName(_("Row numbers"))
        columns.setSectionsMovable(True)
        columns.setMinimumSectionSize(_NARROWEST)
        columns.setFixedHeight(height + 2)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(True)
        columns.setAccessibleName(_("Columns"))
        # The third click on a header gives the file's own order back.
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        # Qt asks about every cell of a column to learn whether all of it is selected, at every painting of the
        # header. So the header looks at a selection of its own that has one cell for each column.
        self._marked_columns = QItemSelectionModel(self.sheet_model, self)
        columns.setSelectionModel(self._marked_columns)
        self.set_usual_widths()
        self._use_look()
        self._fit_row_numbers()

    def _use_look(self) -> None:
        look = theme.theme_of(self.palette())
        for header in (self.horizontalHeader(), self.verticalHeader()):
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.ButtonText, look.muted)
            palette.setColor(QPalette.ColorRole.Button, look.window)
            header.setPalette(palette)
        self._delegate.use_look()

    def _fit_row_numbers(self) -> None:
        """Wide enough for the highest row number, so that the table does not shift while it is scrolled."""
        highest = number(max(self.sheet_model.rowCount(), 99))
        font = self.verticalHeader().font()
        font.setBold(True)
        self.verticalHeader().setFixedWidth(QFontMetrics(font).horizontalAdvance(highest) + 16)

    def set_usual_widths(self) -> None:
        """Make each column as wide as its field usually needs."""
        model = self.sheet_model
        character = self.fontMetrics().horizontalAdvance("0")
        titles = self.horizontalHeader().fontMetrics()
        for column in range(model.columnCount()):
            field, state = model.field_at(column), model.state_column(column)
            characters, title = (
                (field.width, field.title()) if field else (state.width, state.title) if state else (8, "")
            )
            # A title needs room for itself and the sort arrow beside it.
            width = max(characters * character + 14, titles.horizontalAdvance(title) + 26)
            self.setColumnWidth(column, width)

    # remembering the columns

    def save_columns(self) -> bytes:
        """Widths, order and hidden columns, by field name."""
        header = self.horizontalHeader()
        columns = [
            [self._column_name(at), header.sectionSize(at), header.isSectionHidden(at)]
            for at in sorted(range(header.count()), key=header.visualIndex)
        ]
        return json.dumps(columns).encode()

    def restore_columns(self, state: bytes) -> bool:
        """Take widths, order and hidden columns over; False, and nothing done, when the state is no such thing."""
        try:
            columns = [(str(name), int(width), bool(hidden)) for name, width, hidden in json.loads(state)]
        except (ValueError, TypeError, RecursionError):
            return False
        header = self.horizontalHeader()
        places = {self._column_name(at): at for at in range(header.count())}
        visual = 0
        for name, width, hidden in columns:
            at = places.get(name)
            if at is None:
                continue
            header.moveSection(header.visualIndex(at), visual)
            visual += 1
            header.setSectionHidden(at, hidden)
            if not hidden:
                header.resizeSection(at, max(_NARROWEST, min(width, 2_000)))
        return True

    def _column_name(self, column: int) -> str:
        field = self.sheet_model.field_at(column)
        if field is not None:
            return field.name
        before = column < self.sheet_model.first_field
        return f"state-{column if before else column - len(self.sheet_model.kind)}"

    # where the user is

    def selected(self) -> Selected:
        """The selected cells."""
        return Selected.of(self.sheet_model, self.selectionModel().selection(), self.shown_fields())

    def shown_fields(self) -> list[int]:
        """Indexes of the fields that are not hidden, in the order of their columns."""
        header = self.horizontalHeader()
        columns = (header.logicalIndex(at) for at in range(header.count()))
        fields = (self.sheet_model.field_index(at) for at in columns if not header.isSectionHidden(at))
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

    def _sum_up(self) -> None:
        self.selection_text_changed.emit(summary(self.sheet_model, self.selected()))

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
        empties = event.key() == Qt.Key.Key_Backspace and not modifiers and self.currentIndex().isValid()
        if empties and self.edit(self.currentIndex(), QAbstractItemView.EditTrigger.AnyKeyPressed, event):
            return
        super().keyPressEvent(event)

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
        if opened and not typed and self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            if isinstance(editor, Editor):
                editor.line().deselect()
                editor.line().end(False)
        return opened

    def keyboardSearch(self, search: str) -> None:
        """Nothing: in a read-only table Qt would look through every row for what is typed."""

    def _move_by(self, across: int, down: int) -> None:
        """Go to the next cell: within the row, and on to the next row at its end."""
        index = self.currentIndex()
        header = self.horizontalHeader()
        columns = [at for i in range(header.count()) if not header.isSectionHidden(at := header.logicalIndex(i))]
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

    def end_editing(self) -> None:
        """Take over what is being typed before a command works on the cells."""
        if self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            if editor is not None:
                self.commitData(editor)
                self.closeEditor(editor, CellDelegate.EndEditHint.NoHint)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if theme.is_palette_change(event) and hasattr(self, "_summing"):
            self._use_look()
