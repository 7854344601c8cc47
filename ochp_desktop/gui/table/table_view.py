"""The table itself: keys, clipboard, selection and columns as people know them from Excel."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table import block_commands
from ochp_desktop.gui.table.actions import TableActions, connect_all, with_keys
from ochp_desktop.gui.table.delegate import CellDelegate
from ochp_desktop.gui.table.editors import Editor
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.selection import Selected, summary
from ochp_desktop.sheet.clipboard import parse_block
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.texts import _, ngettext, number

_Flag = QItemSelectionModel.SelectionFlag
_NARROWEST = 40
_MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Return: (0, 1),
    Qt.Key.Key_Enter: (0, 1),
    Qt.Key.Key_Tab: (1, 0),
    Qt.Key.Key_Backtab: (-1, 0),
}


class SheetView(QTableView):
    """A table over a `SheetModel` that is used like Excel.

    Signals:
        selection_text_changed: what the status line says about the selection.
        notice: a sentence about what just happened that is not plain to see.
    """

    selection_text_changed = Signal(str)
    notice = Signal(str)

    def __init__(self, model: SheetModel, actions: TableActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_model = model
        self.actions_ = actions
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
        model.edited.connect(lambda *_: self._on_edited())
        model.counts_changed.connect(self._fit_row_numbers)
        for action in actions.on_cells():
            self.addAction(action)
        connect_all(
            (
                (actions.cut, self.cut),
                (actions.copy, self.copy),
                (actions.paste, self.paste),
                (actions.clear, self.clear_cells),
                (actions.fill_down, self.fill_down),
                (actions.select_all, self.selectAll),
                (actions.insert_rows, self.insert_rows),
                (actions.duplicate_rows, self.duplicate_rows),
                (actions.remove_rows, self.remove_rows),
                (actions.undo, self.undo),
                (actions.redo, self.redo),
            )
        )
        self.update_actions()

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

    def _on_edited(self) -> None:
        self.update_actions()
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

    def _end_editing(self) -> None:
        """Take over what is being typed before a command works on the cells."""
        if self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            if editor is not None:
                self.commitData(editor)
                self.closeEditor(editor, CellDelegate.EndEditHint.NoHint)

    # commands

    def copy(self) -> bool:
        """Put the selected block on the clipboard; False, with a notice, when it is no block."""
        selected = self.selected()
        if not selected:
            return False
        if not selected.is_block():
            self.notice.emit(_("These separate blocks cannot be copied together: select one block."))
            return False
        QGuiApplication.clipboard().setText(block_commands.copied(self.sheet_model, selected))
        return True

    def cut(self) -> None:
        """Copy the selected block, then empty it."""
        if not self.sheet_model.read_only and self.copy():
            block_commands.clear(self.sheet_model, self.selected(), _("Cut"))

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        if not self.sheet_model.read_only:
            selected = self.selected()
            count = selected.cell_count
            name = ngettext("Clear {count} cell", "Clear {count} cells", count).format(count=number(count))
            block_commands.clear(self.sheet_model, selected, name)

    def paste(self) -> None:
        """Put the clipboard's cells in, where the selection begins, and select them."""
        if self.sheet_model.read_only:
            return
        self._end_editing()
        block = parse_block(QGuiApplication.clipboard().text())
        if not block:
            self.notice.emit(_("There is no text on the clipboard to paste."))
            return
        pasted = block_commands.paste(self.sheet_model, self.selected(), block)
        if pasted is None:
            return
        self.select_block(pasted.top, pasted.height, pasted.fields)
        if pasted.cut:
            self.notice.emit(
                ngettext(
                    "{count} column of the block did not fit beside the last column and was left out.",
                    "{count} columns of the block did not fit beside the last column and were left out.",
                    pasted.cut,
                ).format(count=number(pasted.cut))
            )
        elif pasted.new_rows:
            self.notice.emit(
                ngettext("{count} row was added.", "{count} rows were added.", pasted.new_rows).format(
                    count=number(pasted.new_rows)
                )
            )

    def fill_down(self) -> None:
        """Copy the first selected row's texts to the selected rows below."""
        if self.sheet_model.read_only:
            return
        self._end_editing()
        if not block_commands.fill_down(self.sheet_model, self.selected()):
            self.notice.emit(_("Select the cell to copy and the cells below it, then fill down."))

    def insert_rows(self) -> None:
        """Put as many empty rows in before the selection as are selected; one at the end of an empty table."""
        if self.sheet_model.read_only:
            return
        self._end_editing()
        positions = self.selected().positions()
        top = positions[0] if positions else self.sheet_model.rowCount()
        count = max(1, len(positions))
        block_commands.insert_rows(self.sheet_model, top, count)
        self._go_to_new_rows(count)

    def append_row(self) -> None:
        """Put an empty row in at the end and go there."""
        if not self.sheet_model.read_only:
            self._end_editing()
            block_commands.insert_rows(self.sheet_model, self.sheet_model.rowCount(), 1)
            self._go_to_new_rows(1)

    def duplicate_rows(self) -> None:
        """Put copies of the selected rows in behind them."""
        positions = self.selected().positions()
        if positions and not self.sheet_model.read_only:
            self._end_editing()
            block_commands.duplicate_rows(self.sheet_model, positions)
            self._go_to_new_rows(len(positions))

    def _go_to_new_rows(self, count: int) -> None:
        """New rows have the highest ids, in one run."""
        fields = self.shown_fields()
        if fields:
            self.go_to(self.sheet_model.sheet.slots - count, self.sheet_model.kind.fields[fields[0]].name)

    def remove_rows(self) -> None:
        """Take the selected rows out and stay at the same place."""
        positions = self.selected().positions()
        if not positions or self.sheet_model.read_only:
            return
        self._end_editing()
        column = self.currentIndex().column()
        block_commands.remove_rows(self.sheet_model, positions)
        rows = self.sheet_model.rowCount()
        if rows:
            self.stand_on(self.sheet_model.index(min(positions[0], rows - 1), max(0, column)))
        self.notice.emit(
            ngettext("{count} row deleted.", "{count} rows deleted.", len(positions)).format(
                count=number(len(positions))
            )
        )

    def undo(self) -> None:
        """Take the last edit back and show where it was."""
        self._end_editing()
        self._show_place_of(self.sheet_model.sheet.undo())

    def redo(self) -> None:
        """Do the last undone edit again and show where it is."""
        self._end_editing()
        self._show_place_of(self.sheet_model.sheet.redo())

    def _show_place_of(self, edit: Edit | None) -> None:
        if edit is None:
            return
        if edit.cells and edit.cells[0].rows:
            self.go_to(edit.cells[0].rows[0], self.sheet_model.kind.fields[edit.cells[0].column].name)
        elif edit.inserted:
            self.go_to(edit.inserted[0][1], self.sheet_model.kind.fields[0].name)

    def update_actions(self) -> None:
        """Name what undo and redo would do, and switch off what a read-only table cannot."""
        actions, sheet = self.actions_, self.sheet_model.sheet
        for action in actions.changing():
            action.setEnabled(not self.sheet_model.read_only)
        actions.undo.setEnabled(sheet.can_undo and not self.sheet_model.read_only)
        actions.redo.setEnabled(sheet.can_redo and not self.sheet_model.read_only)
        actions.undo.setText(_("&Undo: {name}").format(name=sheet.undo_name) if sheet.can_undo else _("&Undo"))
        actions.redo.setText(_("&Redo: {name}").format(name=sheet.redo_name) if sheet.can_redo else _("&Redo"))
        with_keys(actions.undo)
        with_keys(actions.redo)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The actions that make sense here."""
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos() if event.reason() != QContextMenuEvent.Reason.Keyboard else self._menu_place())

    def context_menu(self) -> QMenu:
        """The context menu, with every shortcut beside its action."""
        menu = QMenu(self)
        a = self.actions_
        groups: tuple[tuple[QAction, ...], ...] = (
            (a.undo, a.redo),
            (a.cut, a.copy, a.paste, a.clear, a.fill_down),
            (a.insert_rows, a.duplicate_rows, a.remove_rows),
            (a.find, a.replace),
            (a.next_problem, a.previous_problem),
        )
        read_only = {a.copy, a.find, a.next_problem, a.previous_problem}
        for group in groups:
            shown = [one for one in group if not self.sheet_model.read_only or one in read_only]
            menu.addActions(shown)
            if shown:
                menu.addSeparator()
        return menu

    def _menu_place(self) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if theme.is_palette_change(event) and hasattr(self, "_summing"):
            self._use_look()
