"""The table model over a sheet, its view and its checker; there is no proxy model."""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableSequence, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ochp_desktop.gui import icons
from ochp_desktop.gui.table import cell_words
from ochp_desktop.gui.table.arranger import Arranger
from ochp_desktop.gui.table.rechecking import Rechecking
from ochp_desktop.gui.table.state_columns import StateColumn
from ochp_desktop.gui.tooltips import as_tooltip
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import Field, RecordKind
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.sheet.arranging import Conditions
from ochp_desktop.sheet.column_filter import ColumnFilter
from ochp_desktop.sheet.edit import Direction, Edit
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View
from ochp_desktop.texts import _, number

# Roles are compared as plain ints: an enum comparison costs more than all the rest of a look-up.
DISPLAY = int(Qt.ItemDataRole.DisplayRole)
EDIT = int(Qt.ItemDataRole.EditRole)
DECORATION = int(Qt.ItemDataRole.DecorationRole)
TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
ACCESSIBLE_TEXT = int(Qt.ItemDataRole.AccessibleTextRole)
ACCESSIBLE_DESCRIPTION = int(Qt.ItemDataRole.AccessibleDescriptionRole)
LEVEL = int(Qt.ItemDataRole.UserRole) + 1
"""Role: the worst `Level` of the cell, or None; the delegate paints ground and mark from it."""
MARK = int(Qt.ItemDataRole.UserRole) + 2
"""Role: name of the icon before the text, or None."""

_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_WRITE = _READ | Qt.ItemFlag.ItemIsEditable
# Checking more rows than this takes longer than people wait without noticing.
_MANY_ROWS = 10_000
# Looking up where more rows than this are costs more than painting all that is seen.
_MANY_PLACES = 1_000

Index = QModelIndex | QPersistentModelIndex


class SheetModel(QAbstractTableModel):
    """Rows and columns as the table shows them: state columns, the record's fields, state columns.

    Every change of the sheet, whoever makes it, comes in through the sheet's `on_change`, is checked again
    and shown; the model never changes a cell in any other way than by an edit of the sheet.

    Signals:
        edited: (Edit as it was done, Direction) after the table shows it.
        problems_changed: problems or their counts are other ones now.
        counts_changed: the number of rows, or of those shown, is another one now.
        reordering: the same rows will be shown in another order, before Qt hears of it.
        check_wanted: so many rows changed at once that the checker was let go: the sheet is to be checked anew.
        arranging_changed: whether rows are being sorted or filtered is another answer now.
    """

    edited = Signal(object, object)
    problems_changed = Signal()
    counts_changed = Signal()
    reordering = Signal()
    arranging_changed = Signal()
    check_wanted = Signal()

    def __init__(self, kind: RecordKind, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.sheet = Sheet(kind)
        self.view = View(self.sheet)
        self.read_only = False
        self.checks_beside = False
        """Whether somebody answers `check_wanted`, so that a huge edit need not wait for its checks."""
        self._before: tuple[StateColumn, ...] = ()
        self._after: tuple[StateColumn, ...] = ()
        self._once_shown: list[Callable[[], object]] = []
        self._rechecking = Rechecking(self)
        self._rechecking.done.connect(self._on_rechecked)
        self._arranger = Arranger(self)
        self._arranger.ready.connect(self._show)
        self._arranger.changed.connect(self._on_arranging_changed)
        self.sheet.on_change.append(self._on_sheet_changed)

    # what is shown

    def set_sheet(self, sheet: Sheet, checker: Checker | None = None) -> None:
        """Show another sheet of the same kind; its checker may come later (`set_checker`)."""
        self._once_shown.clear()
        self._arranger.stop()
        self.beginResetModel()
        self.sheet.on_change.remove(self._on_sheet_changed)
        self.sheet = sheet
        self.view = View(sheet)
        self._rechecking.use(checker)
        sheet.on_change.append(self._on_sheet_changed)
        self.endResetModel()
        self.counts_changed.emit()
        self.problems_changed.emit()

    def set_checker(self, checker: Checker | None) -> None:
        """Take over the checker of this sheet, which knows of every edit until now (`gui.checking`)."""
        self._rechecking.use(checker)
        self._repaint_all()
        self.problems_changed.emit()

    def set_state_columns(self, before: Sequence[StateColumn] = (), after: Sequence[StateColumn] = ()) -> None:
        """Show these columns before and after the record's fields."""
        self.beginResetModel()
        self._before, self._after = tuple(before), tuple(after)
        self.endResetModel()

    def refresh_states(self, rows: Collection[int] | None = None) -> None:
        """Paint the state columns again, of these rows or of all."""
        for columns in (range(len(self._before)), range(self._last_field + 1, self.columnCount())):
            if columns:
                self._repaint(self._positions(rows), columns[0], columns[-1])

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; one that is no field, for example -1, gives the sheet's own order back."""
        field = self.field_index(column)
        self.sort_by(() if field is None else ((field, order is Qt.SortOrder.DescendingOrder),))

    def sort_by(self, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort by several (field index, descending), the most important first; () gives the sheet's own order back."""
        if tuple(keys) != self.wanted.keys:
            self.arrange(replace(self.wanted, keys=tuple(keys)))

    def filter_text(self, text: str) -> None:
        """Show only rows with this text; "" shows all."""
        self.arrange(replace(self.wanted, text=text.strip().casefold()))

    def only(self, rows: Collection[int] | None) -> None:
        """Show only these row ids; None shows all."""
        self.arrange(replace(self.wanted, only=rows))

    def filter_column(self, field: int, keep: ColumnFilter | None) -> None:
        """Show only rows that a filter of one field lets through; None lifts it."""
        filters = {at: one for at, one in self.wanted.filters.items() if at != field}
        self.arrange(replace(self.wanted, filters={**filters, field: keep} if keep else filters))

    def lift_filters(self) -> None:
        """Show all rows."""
        if self.wanted.is_filtered:
            self.arrange(Conditions(self.wanted.keys))

    # which rows are shown, and in what order

    @property
    def wanted(self) -> Conditions:
        """What decides about the rows: that which is being worked out, or that which is shown."""
        return self._arranger.wanted or self.view.conditions

    @property
    def is_arranging(self) -> bool:
        """Whether rows are being sorted or filtered; until they are, the table stays as it is."""
        return self._arranger.wanted is not None

    def arrange(self, conditions: Conditions) -> None:
        """Sort and filter: a few thousand rows at once, more of them in slices, while the window goes on."""
        self._arranger.start(self.view, conditions)

    def once_shown(self, do: Callable[[], object]) -> None:
        """Do something now, or as soon as what is being sorted or filtered is shown."""
        if self.is_arranging:
            self._once_shown.append(do)
        else:
            do()

    def _on_arranging_changed(self) -> None:
        if not self.is_arranging:
            waiting, self._once_shown = self._once_shown, []
            for do in waiting:
                do()
        self.arranging_changed.emit()

    def _show(self, conditions: Conditions, rows: MutableSequence[int]) -> None:
        # A row that was edited may be hidden or shown only now.
        if len(rows) != len(self.view.rows) or not conditions.hides_as(self.view.conditions):
            self.beginResetModel()
            self.view.show(conditions, rows)
            self.endResetModel()
            self.counts_changed.emit()
            return
        self.reordering.emit()
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        ids = [(self.view.rows[index.row()], index.column()) for index in kept]
        self.view.show(conditions, rows)
        self.view.look_up({row for row, _at in ids})
        moved = [self._index_or_none(self.view.position_of(row), at) for row, at in ids]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    # where things are

    @property
    def first_field(self) -> int:
        """Column of the record's first field."""
        return len(self._before)

    @property
    def _last_field(self) -> int:
        return len(self._before) + len(self.kind) - 1

    def field_index(self, column: int) -> int | None:
        """Index of the field that a column shows, None for a state column."""
        at = column - len(self._before)
        return at if 0 <= at < len(self.kind) else None

    def field_at(self, column: int) -> Field | None:
        """The field that a column shows, None for a state column."""
        at = self.field_index(column)
        return None if at is None else self.kind.fields[at]

    def state_column(self, column: int) -> StateColumn | None:
        """The state column there, None for a field."""
        if column < len(self._before):
            return self._before[column]
        after = column - self._last_field - 1
        return self._after[after] if 0 <= after < len(self._after) else None

    def row_id(self, position: int) -> int:
        """Id of the row that is shown there."""
        return self.view.rows[position]

    def index_of(self, row: int, field: str) -> QModelIndex:
        """The index of a cell; an invalid one when the row is not shown."""
        return self._index_or_none(self.view.position_of(row), self.first_field + self.kind.index(field))

    def _index_or_none(self, position: int, column: int) -> QModelIndex:
        return self.index(position, column) if position >= 0 else QModelIndex()

    # Qt's questions

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.view.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns there are."""
        if parent is not None and parent.isValid():
            return 0
        return len(self._before) + len(self.kind) + len(self._after)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Fields can be edited unless the sheet is read-only; states cannot."""
        column = index.column()
        if column < 0:
            return Qt.ItemFlag.NoItemFlags
        first = len(self._before)
        return _WRITE if not self.read_only and first <= column < first + len(self.kind.fields) else _READ

    def data(self, index: Index, role: int = DISPLAY) -> Any:  # noqa: C901, PLR0911 - one way out per role
        """What one cell says in a role."""
        position, column = index.row(), index.column()
        if not 0 <= position < len(self.view.rows):
            return None
        row = self.view.rows[position]
        at = column - len(self._before)
        if not 0 <= at < len(self.kind):
            return self._state_data(row, column, role)
        if role == DISPLAY:
            return self.kind.fields[at].shown(self.sheet.columns[at][row])
        if role == EDIT:
            return self.sheet.columns[at][row]
        if role == LEVEL:
            return self._level(row, at)
        if role == MARK:
            level = self._level(row, at)
            return None if level is None else level.word
        if role == DECORATION:
            level = self._level(row, at)
            return None if level is None else icons.icon(level.word)
        if role == TOOLTIP:
            return cell_words.tooltip(self.sheet, self._rechecking.checker, row, at)
        if role == ACCESSIBLE_TEXT:
            return cell_words.spoken(self.sheet, row, at, self._level(row, at))
        if role == ACCESSIBLE_DESCRIPTION:
            return cell_words.description(self.sheet, self._rechecking.checker, row, at)
        return None

    def _state_data(self, row: int, column: int, role: int) -> Any:
        if role not in {DISPLAY, MARK, DECORATION, TOOLTIP, ACCESSIBLE_TEXT}:
            return None
        state = self.state_column(column)
        cell = state.cell(row) if state else None
        if cell is None:
            return None
        if role == MARK:
            return cell.icon or None
        if role == DECORATION:
            return icons.icon(cell.icon) if cell.icon else None
        if role == TOOLTIP:
            return as_tooltip([cell.tooltip]) if cell.tooltip else None
        return cell.text

    def title(self, column: int) -> str:
        """A column's title."""
        field, state = self.field_at(column), self.state_column(column)
        return field.title() if field else state.title if state else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Titles with their help, and row numbers with their place in the file."""
        if orientation == Qt.Orientation.Vertical:
            return self._row_header(section, role)
        if role in {DISPLAY, ACCESSIBLE_TEXT}:
            return self.title(section) or None
        if role != TOOLTIP:
            return None
        field, state = self.field_at(section), self.state_column(section)
        if field is None:
            return as_tooltip([state.help or state.title]) if state else None
        need = _("Must be filled.") if field.mandatory else _("May be empty.")
        return as_tooltip([field.title(), _(field.help), f"{need} ({field.source}, {field.name})"])

    def _row_header(self, section: int, role: int) -> Any:
        if role == DISPLAY:
            return number(section + 1)
        if role == TOOLTIP and section < len(self.view.rows):
            source = self.sheet.sources[self.view.rows[section]]
            if source:
                return as_tooltip([_("Row {row} in the file").format(row=number(source))])
            return as_tooltip([_("Not from the file")]) if self.sheet.origin else None
        return None

    def setData(self, index: Index, value: Any, role: int = EDIT) -> bool:
        """Type a text into a cell: one edit."""
        at = self.field_index(index.column()) if index.isValid() else None
        if role != EDIT or at is None or self.read_only:
            return False
        name = _("Change “{field}”").format(field=self.kind.fields[at].title())
        self.sheet.apply(self.sheet.set_cells(name, [(self.row_id(index.row()), at, str(value))]))
        return True

    # problems

    @property
    def checker(self) -> Checker | None:
        """What knows the problems of all rows as they are now: if it is behind, the rest is checked before."""
        self._rechecking.finish()
        return self._rechecking.checker

    @property
    def is_behind(self) -> bool:
        """Whether rows of a large edit are still being checked; `problems_changed` tells when that is done."""
        return self._rechecking.is_behind

    def problems_at(self, row: int, field_index: int) -> Sequence[Problem]:
        """The problems of one cell, worst first, as far as they are known."""
        checker = self._rechecking.checker
        return () if checker is None else checker.at(row, self.kind.fields[field_index].name)

    def level_of(self, row: int) -> Level | None:
        """The worst level of a row's problems, as far as they are known."""
        checker = self._rechecking.checker
        return None if checker is None else checker.level(row)

    def _level(self, row: int, at: int) -> Level | None:
        problems = self.problems_at(row, at)
        return problems[0].level if problems else None

    # following the sheet

    def _on_sheet_changed(self, edit: Edit, direction: Direction) -> None:
        resized = bool(edit.removed or edit.inserted)
        self._arranger.begin_again()
        if resized:
            self._follow_rows(edit)
        beside = self.checks_beside and edit.touches_more_than(_MANY_ROWS)
        if beside:
            self._rechecking.use(None)
        changed = self._rechecking.follow(edit)
        touched = None if edit.is_larger_than(_MANY_PLACES) else edit.touched() | changed
        self._repaint(self._positions(touched), 0, self.columnCount() - 1)
        self.edited.emit(edit, direction)
        if resized:
            self.counts_changed.emit()
        if not self._rechecking.is_behind:
            self.problems_changed.emit()
        if beside:
            self.check_wanted.emit()

    def _on_rechecked(self, changed: Collection[int]) -> None:
        self._repaint(self._positions(changed), 0, self.columnCount() - 1)
        self.problems_changed.emit()

    def _follow_rows(self, edit: Edit) -> None:
        steps = self.view.steps(edit)
        if steps is None:
            self.beginResetModel()
            self.view.follow(edit)
            self.endResetModel()
            return
        for step in steps:
            if step.gone:
                self.beginRemoveRows(QModelIndex(), step.first, step.last)
                self.view.take(step)
                self.endRemoveRows()
            else:
                self.beginInsertRows(QModelIndex(), step.first, step.last)
                self.view.take(step)
                self.endInsertRows()

    def _positions(self, rows: Collection[int] | None) -> tuple[int, int] | None:
        """The first and last visible position of these rows, or of all; of many rows nobody wants to know."""
        if rows is None or len(rows) > _MANY_PLACES:
            return (0, len(self.view.rows) - 1) if self.view.rows else None
        places = self.view.look_up(rows)
        return (places[0], places[-1]) if places else None

    def _repaint(self, positions: tuple[int, int] | None, left: int, right: int) -> None:
        if positions is not None:
            self.dataChanged.emit(self.index(positions[0], left), self.index(positions[1], right))

    def _repaint_all(self) -> None:
        self._repaint(self._positions(None), 0, self.columnCount() - 1)
