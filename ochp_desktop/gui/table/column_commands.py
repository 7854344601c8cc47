"""What can be done to columns: sort, filter, hide, move, fix, widen; from the header, the menu and by keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from ochp_desktop.gui.table.cell_grid import CellGrid
from ochp_desktop.gui.table.filter_popup import FilterPopup
from ochp_desktop.sheet.column_filter import ColumnFilter
from ochp_desktop.texts import _


class ColumnCommands(QObject):
    """Commands on the columns of one table.

    Signals:
        notice: a sentence about what just happened that is not plain to see.
    """

    notice = Signal(str)

    def __init__(self, table: CellGrid) -> None:
        super().__init__(table)
        self._table = table
        self._model = table.sheet_model
        self.popup: FilterPopup | None = None
        for header in table.headers():
            header.sort_wanted.connect(self.sort)
            header.filter_wanted.connect(self.open_filter)
            header.menu_wanted.connect(self._on_menu_wanted)
        self._model.modelReset.connect(self.show_state)
        self._model.layoutChanged.connect(self.show_state)

    def show_state(self) -> None:
        """Let the headers show how the table is sorted and filtered."""
        view, first = self._model.view, self._model.first_field
        keys = [(first + field, descending) for field, descending in view.sort_keys]
        filtered = {first + field for field in view.column_filters}
        for header in self._table.headers():
            header.show_state(keys, filtered)

    # sorting

    def sort(self, column: int, adding: bool) -> None:  # noqa: FBT001 - a Qt slot
        """Sort up, then down, then in the sheet's own order again; adding keeps the other columns in the sorting."""
        field = self._model.field_index(column)
        if field is None:
            return
        keys = list(self._model.wanted.keys)
        known = next((descending for one, descending in keys if one == field), None)
        if known is None:
            keys = [*keys, (field, False)] if adding else [(field, False)]
        elif not known:
            keys = [(one, True if one == field else down) for one, down in keys] if adding else [(field, True)]
        else:
            keys = [(one, down) for one, down in keys if one != field] if adding else []
        self.sort_by(keys)

    def sort_by(self, keys: list[tuple[int, bool]]) -> None:
        """Sort by (field index, descending), the most important first."""
        self._table.end_editing()
        self._model.sort_by(keys)

    def sort_here(self, *, descending: bool) -> None:
        """Sort by the current column."""
        field = self._model.field_index(self._table.currentIndex().column())
        if field is not None:
            self.sort_by([(field, descending)])

    # filtering

    def open_filter(self, column: int = -1) -> None:
        """Open the filter of a column, or of the current one."""
        column = self._table.currentIndex().column() if column < 0 else column
        field = self._model.field_index(column)
        if field is None:
            self.notice.emit(_("This column cannot be filtered. Choose a cell in one of the record's fields."))
            return
        self._table.end_editing()
        header = self._table.headers()[0]
        # A child of the window, not of the table: fields in tables have no frames.
        popup = FilterPopup(self._model, field, self._table.window())
        popup.chosen.connect(self.filter)
        corner = QPoint(max(0, header.sectionViewportPosition(column)), header.height())
        popup.show_at(header.viewport().mapToGlobal(corner))
        self.popup = popup
        popup.destroyed.connect(self._on_popup_gone)

    def _on_popup_gone(self) -> None:
        self.popup = None

    def filter(self, field: int, keep: ColumnFilter) -> None:
        """Filter one field."""
        self._model.filter_column(field, keep)

    # hiding, moving

    def selected_columns(self) -> list[int]:
        """The columns with a selected cell, else the current one."""
        first = self._model.first_field
        fields = [first + field for field in self._table.selected().fields()]
        current = self._table.currentIndex().column()
        return fields or ([current] if current >= 0 else [])

    def hide_selected(self) -> None:
        """Hide the columns with a selected cell."""
        self.hide(self.selected_columns())

    def hide(self, columns: list[int]) -> None:
        """Hide columns."""
        titles = ", ".join(self._table.columns.title(column) for column in columns)
        if not columns or not self._table.columns.hide(columns):
            self.notice.emit(_("One column must stay visible."))
            return
        order = self._table.columns.in_order()
        index = self._table.currentIndex()
        if index.column() not in order:
            self._table.stand_on(self._model.index(max(0, index.row()), order[0]))
        self.notice.emit(_("Hidden: {titles}. A right click on the header shows columns again.").format(titles=titles))

    def show_all(self) -> None:
        """Show all hidden columns."""
        self._table.columns.show(self._table.columns.hidden())

    def fix_here(self) -> None:
        """Fix the columns up to the current one, or let all scroll when they are fixed so already."""
        columns = self._table.columns
        order = columns.in_order()
        current = self._table.currentIndex().column()
        count = order.index(current) + 1 if current in order else 1
        columns.fix(0 if columns.fixed_count == count else count)

    # the menu

    def _on_menu_wanted(self, column: int, place: QPoint) -> None:
        menu = self.menu(column)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def menu(self, column: int) -> QMenu:
        """Everything that can be done to a column."""
        menu = QMenu(self._table)
        columns, view = self._table.columns, self._model.view
        field = self._model.field_index(column)
        if field is not None:
            self._add(menu, _("Sort &ascending"), lambda: self.sort_by([(field, False)]))
            self._add(menu, _("Sort descendin&g"), lambda: self.sort_by([(field, True)]))
            others = [key for key in view.sort_keys if key[0] != field]
            if others:
                self._add(menu, _("&Then by this, ascending"), lambda: self.sort_by([*others, (field, False)]))
                self._add(menu, _("Then by this, d&escending"), lambda: self.sort_by([*others, (field, True)]))
            if view.sort_keys:
                self._add(menu, _("&Own order again"), lambda: self.sort_by([]))
            menu.addSeparator()
            self._add(menu, _("&Filter…"), lambda: self.open_filter(column))
            if field in view.column_filters:
                self._add(menu, _("&Clear this filter"), lambda: self.filter(field, ColumnFilter()))
            menu.addSeparator()
        self._add(menu, _("&Hide"), lambda: self.hide([column]))
        hidden = columns.hidden()
        if hidden:
            again = menu.addMenu(_("&Show again"))
            for one in hidden:
                title = columns.title(one).replace("&", "&&")
                self._add(again, title, partial(columns.show, [one]))
            again.addSeparator()
            self._add(again, _("&All columns"), self.show_all)
        self._add(menu, _("&Move to the left"), lambda: columns.move(column, -1))
        self._add(menu, _("Move to the &right"), lambda: columns.move(column, 1))
        count = columns.in_order().index(column) + 1 if column in columns.in_order() else 0
        if count != columns.fixed_count:
            self._add(menu, _("Keep &in view up to here"), lambda: columns.fix(count))
        if columns.fixed_count:
            self._add(menu, _("Let all &columns scroll"), lambda: columns.fix(0))
        menu.addSeparator()
        self._add(menu, _("&Best width"), lambda: columns.fit([column]))
        self._add(menu, _("&Usual widths"), columns.set_usual_widths)
        return menu

    @staticmethod
    def _add(menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(lambda _checked=False: do())
        menu.addAction(action)
        return action
