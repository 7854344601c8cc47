"""The table with its commands: clipboard, rows, undo, context menu; each is an action with a shortcut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from ochp_desktop.gui.table import block_commands
from ochp_desktop.gui.table.actions import TableActions, connect_all, with_keys
from ochp_desktop.gui.table.cell_grid import CellGrid
from ochp_desktop.gui.table.clipboard import TableClipboard
from ochp_desktop.gui.table.column_commands import ColumnCommands
from ochp_desktop.gui.table.fill_handle import FillHandle
from ochp_desktop.gui.table.go_to import GoToPopup
from ochp_desktop.gui.table.history_popup import HistoryPopup
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.selection import Selected
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.texts import _, ngettext, number


class SheetView(CellGrid):
    """The grid with the commands that people know from Excel.

    Signals:
        notice: a sentence about what just happened that is not plain to see.
        wanted: (row id, field) of a cell to go to, hidden or not.
    """

    notice = Signal(str)
    wanted = Signal(int, str)

    def __init__(self, model: SheetModel, actions: TableActions, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.actions_ = actions
        self.clipboard = TableClipboard(self)
        self.clipboard.notice.connect(self.notice)
        self.fill_handle = FillHandle(self)
        self.column_commands = ColumnCommands(self)
        self.column_commands.notice.connect(self.notice)
        self._row_header.menu_wanted.connect(self._on_row_menu_wanted)
        model.edited.connect(lambda *_: self.update_actions())
        for action in actions.on_cells():
            self.addAction(action)
        connect_all(
            (
                (actions.cut, self.clipboard.cut),
                (actions.copy, self.clipboard.copy),
                (actions.paste, self.clipboard.paste),
                (actions.clear, self.clipboard.clear_cells),
                (actions.fill_down, self.fill_down),
                (actions.fill_right, self.fill_right),
                (actions.fill_series, self.fill_series),
                (actions.fill_all, self.fill_all),
                (actions.copy_above, self.copy_above),
                (actions.today, self.put_today),
                (actions.select_all, self.selectAll),
                (actions.select_rows, self.select_rows),
                (actions.select_columns, self.select_columns),
                (actions.move_up, lambda: self.move_rows(-1)),
                (actions.move_down, lambda: self.move_rows(1)),
                (actions.sort_up, lambda: self.column_commands.sort_here(descending=False)),
                (actions.sort_down, lambda: self.column_commands.sort_here(descending=True)),
                (actions.own_order, lambda: self.column_commands.sort_by([])),
                (actions.filter_column, self.column_commands.open_filter),
                (actions.hide_columns, self.column_commands.hide_selected),
                (actions.show_columns, self.column_commands.show_all),
                (actions.fix_columns, self.column_commands.fix_here),
                (actions.go_to, self.open_go_to),
                (actions.history, self.open_history),
                (actions.insert_rows, self.insert_rows),
                (actions.duplicate_rows, self.duplicate_rows),
                (actions.remove_rows, self.remove_rows),
                (actions.undo, self.undo),
                (actions.redo, self.redo),
            )
        )
        self.update_actions()

    def fill_down(self) -> None:
        """Copy the first selected row's texts to the selected rows below."""
        self._fill(block_commands.fill_down, _("Select the cell to copy and the cells below it, then fill down."))

    def fill_right(self) -> None:
        """Copy the first selected column's texts to the selected columns at its right."""
        self._fill(block_commands.fill_right, _("Select the cell to copy and the cells at its right, then fill right."))

    def fill_series(self) -> None:
        """Go on with the series that the first selected cells begin."""
        hint = _("Select the cells that begin the series and the cells below them, then fill the series.")
        self._fill(block_commands.fill_series, hint)

    def copy_above(self) -> None:
        """Put the text of the cell above into the cell."""
        self._fill(block_commands.copy_above, _("There is no row above."))

    def put_today(self) -> None:
        """Put today's date into the selected cells that take one."""
        now = datetime.now().astimezone()
        hint = _("Only columns with dates take today's date.")
        self._fill(lambda model, selected: block_commands.put_today(model, selected, now), hint)

    def _fill(self, fill: Callable[[SheetModel, Selected], bool], hint: str) -> None:
        if self.sheet_model.read_only:
            return
        self.end_editing()
        if not fill(self.sheet_model, self.selected()):
            self.notice.emit(hint)

    def fill_all(self) -> None:
        """Put what is being typed, or what the current cell holds, into all selected cells."""
        if self.sheet_model.read_only:
            return
        self.end_editing()
        index = self.currentIndex()
        field = self.sheet_model.field_index(index.column()) if index.isValid() else None
        if field is not None:
            self.clipboard.fill_all(self.sheet_model.sheet.text(self.sheet_model.row_id(index.row()), field))

    def move_rows(self, step: int) -> None:
        """Move the selected rows up (-1) or down (1) in the sheet's own order."""
        model = self.sheet_model
        positions = self.selected().positions()
        if model.read_only or not positions:
            return
        self.end_editing()
        if model.view.sort_keys or model.view.is_filtered:
            self.notice.emit(_("Rows can be moved in the sheet's own order only: remove sorting and filters first."))
            return
        rows, column = [model.row_id(at) for at in positions], self.currentIndex().column()
        fields = self.selected().fields()
        if block_commands.move_rows(model, positions, step):
            first = model.view.position_of(rows[0])
            self.select_block(first, len(rows), fields)
            self.selectionModel().setCurrentIndex(
                model.index(first, column), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.scrollTo(self.currentIndex())

    # selecting

    def select_rows(self) -> None:
        """Select the rows of the selection from end to end."""
        last = self.sheet_model.columnCount() - 1
        self._widen(lambda top, bottom, _left, _right: (top, bottom, 0, last))

    def select_columns(self) -> None:
        """Select the columns of the selection from end to end."""
        last = self.sheet_model.rowCount() - 1
        self._widen(lambda _top, _bottom, left, right: (0, last, left, right))

    def _widen(self, widen: Callable[[int, int, int, int], tuple[int, int, int, int]]) -> None:
        wide = QItemSelection()
        parts = self.selectionModel().selection()
        for part in (parts.at(place) for place in range(parts.count())):
            top, bottom, left, right = widen(part.top(), part.bottom(), part.left(), part.right())
            wide.select(self.sheet_model.index(top, left), self.sheet_model.index(bottom, right))
        self.selectionModel().select(wide, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # going places

    def open_go_to(self) -> None:
        """Ask for a row or cell and go there."""
        self.end_editing()
        popup = GoToPopup(self.sheet_model, self.shown_fields(), self.window())
        popup.chosen.connect(self._on_place_chosen)
        popup.show_at(self.viewport().mapToGlobal(QPoint(8, 8)))

    def _on_place_chosen(self, row: int, field: int) -> None:
        current = self.sheet_model.field_index(self.currentIndex().column())
        at = field if field >= 0 else current or 0
        self.wanted.emit(row, self.sheet_model.kind.fields[at].name)

    def open_history(self) -> None:
        """Show everything that can be taken back or done again."""
        self.end_editing()
        popup = HistoryPopup(self.sheet_model.sheet, self.window())
        popup.chosen.connect(self.walk_history)
        popup.show_at(self.viewport().mapToGlobal(QPoint(8, 8)))

    def walk_history(self, steps: int) -> None:
        """Undo (negative) or redo (positive) several steps and show where the last one was."""
        sheet = self.sheet_model.sheet
        edit: Edit | None = None
        for _step in range(abs(steps)):
            edit = sheet.undo() if steps < 0 else sheet.redo()
        self._show_place_of(edit)

    def insert_rows(self) -> None:
        """Put as many empty rows in before the selection as are selected; one at the end of an empty table."""
        if self.sheet_model.read_only:
            return
        self.end_editing()
        positions = self.selected().positions()
        top = positions[0] if positions else self.sheet_model.rowCount()
        count = max(1, len(positions))
        block_commands.insert_rows(self.sheet_model, top, count)
        self._go_to_new_rows(count)

    def append_row(self) -> None:
        """Put an empty row in at the end and go there."""
        if not self.sheet_model.read_only:
            self.end_editing()
            block_commands.insert_rows(self.sheet_model, self.sheet_model.rowCount(), 1)
            self._go_to_new_rows(1)

    def duplicate_rows(self) -> None:
        """Put copies of the selected rows in behind them."""
        positions = self.selected().positions()
        if positions and not self.sheet_model.read_only:
            self.end_editing()
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
        self.end_editing()
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
        self.end_editing()
        self._show_place_of(self.sheet_model.sheet.undo())

    def redo(self) -> None:
        """Do the last undone edit again and show where it is."""
        self.end_editing()
        self._show_place_of(self.sheet_model.sheet.redo())

    def _show_place_of(self, edit: Edit | None) -> None:
        if edit is None:
            return
        if edit.cells and edit.cells[0].rows:
            self.go_to(edit.cells[0].rows[0], self.sheet_model.kind.fields[edit.cells[0].column].name)
        elif edit.inserted:
            self.go_to(edit.inserted[0][1], self.sheet_model.kind.fields[0].name)

    def viewportEvent(self, event: QEvent) -> bool:
        """The mouse at the square that is dragged is not the cells' affair."""
        if isinstance(event, QMouseEvent) and hasattr(self, "fill_handle") and self.fill_handle.took_mouse(event):
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """During a drag of the square keys are its own."""
        if not self.fill_handle.took_key(event):
            super().keyPressEvent(event)

    @property
    def is_working(self) -> bool:
        """Whether cells are still being copied or pasted."""
        return self.clipboard.is_busy

    def paint_over(self, painter: QPainter) -> None:
        """The square that is dragged to fill cells."""
        self.fill_handle.paint(painter, self.look())

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
        """The context menu of cells, with every shortcut beside its action."""
        a = self.actions_
        return self._menu(
            (a.undo, a.redo),
            (a.cut, a.copy, a.paste, a.clear, a.fill_down, a.fill_series),
            (a.insert_rows, a.duplicate_rows, a.remove_rows),
            (a.filter_column, a.sort_up, a.sort_down),
            (a.find, a.replace),
            (a.next_problem, a.previous_problem),
        )

    def row_menu(self, position: int) -> QMenu:
        """The context menu of a row number; a row that is not selected becomes the selected one."""
        a = self.actions_
        if not any(position in area.rows for area in self.selected().areas):
            self.stand_on(self.sheet_model.index(position, self.columns.in_order()[0]))
            self.select_rows()
        return self._menu(
            (a.cut, a.copy, a.paste, a.clear),
            (a.insert_rows, a.duplicate_rows, a.remove_rows, a.move_up, a.move_down),
            (a.go_to,),
        )

    def _menu(self, *groups: tuple[QAction, ...]) -> QMenu:
        menu = QMenu(self)
        changing = set(self.actions_.changing())
        for group in groups:
            shown = [one for one in group if not self.sheet_model.read_only or one not in changing]
            menu.addActions(shown)
            if shown:
                menu.addSeparator()
        return menu

    def _on_row_menu_wanted(self, position: int, place: QPoint) -> None:
        menu = self.row_menu(position)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _menu_place(self) -> QPoint:
        return self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
