"""The table with its find bar and problems panel, as the tabs embed it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ochp_desktop.gui.table.actions import connect_all, make_actions
from ochp_desktop.gui.table.find_bar import FindBar
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.place import Place
from ochp_desktop.gui.table.problems_panel import ProblemsPanel
from ochp_desktop.gui.table.state_columns import StateColumn
from ochp_desktop.gui.table.table_view import SheetView
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.view import View
from ochp_desktop.texts import _

_PANEL_WIDTH = 330
_PANEL_LEAST = 240


class SheetArea(QWidget):
    """Everything around one sheet: find bar, table, problems panel, and what is shown while there is no sheet.

    Attributes:
        actions_: the table's actions, for menus and toolbars.
        model, table, find_bar, panel: its parts.

    Signals:
        edited: (Edit as it was done, Direction) after the table shows it; the autosave record.
        problems_changed: the checker's problems are other ones now.
        counts_changed: the number of rows, or of those shown, is another one now.
        selection_text_changed: what the status line says about the selection.
        notice: a sentence about what just happened.
        place_changed: where the user is, and what is being typed, as JSON for `restore_place`.
    """

    edited = Signal(object, object)
    problems_changed = Signal()
    counts_changed = Signal()
    selection_text_changed = Signal(str)
    notice = Signal(str)
    place_changed = Signal(str)

    def __init__(self, kind: RecordKind, parent: QWidget | None = None, *, with_problems: bool = True) -> None:
        super().__init__(parent)
        self.kind = kind
        self._has_sheet = False
        self._only_problems = False
        self._only_rows: Collection[int] | None = None
        self.model = SheetModel(kind, self)
        self.actions_ = make_actions(self)
        self.table = SheetView(self.model, self.actions_)
        self.find_bar = FindBar(self.table)
        self.panel = ProblemsPanel(self.model)
        self.panel.setVisible(with_problems)
        self._empty: QWidget = QWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.panel)
        self.panel.setMinimumWidth(_PANEL_LEAST)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setCollapsible(0, False)
        self.splitter.setSizes([950, _PANEL_WIDTH])
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.find_bar)
        inside.addWidget(self.splitter, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        a = self.actions_
        for action in a.on_area():
            self.addAction(action)
        connect_all(
            (
                (a.find, lambda: self.find_bar.open(replacing=False)),
                (a.replace, lambda: self.find_bar.open(replacing=True)),
                (a.next_problem, self.next_problem),
                (a.previous_problem, self.previous_problem),
                (a.lift_filters, self.lift_filters),
            )
        )
        self.model.edited.connect(self.edited)
        self.model.problems_changed.connect(self.problems_changed)
        self.model.counts_changed.connect(self.counts_changed)
        self.table.selection_text_changed.connect(self.selection_text_changed)
        for part in (self.table, self.find_bar, self.panel):
            part.notice.connect(self.notice)
        self.panel.go_to.connect(self.go_to)
        self.table.wanted.connect(self.go_to)
        self.place = Place(self.table)
        self.place.changed.connect(self.place_changed)
        self.panel.show_only.connect(self.show_only)
        self.panel.step.connect(self._step_problem)
        self.panel.current_row = self._current_row

    # the sheet

    @property
    def sheet(self) -> Sheet | None:
        """The sheet that is shown, or None."""
        return self.model.sheet if self._has_sheet else None

    @property
    def view(self) -> View:
        """Which of its rows are shown, and in what order."""
        return self.model.view

    @property
    def checker(self) -> Checker | None:
        """The checker, once it has arrived."""
        return self.model.checker

    def set_sheet(self, sheet: Sheet | None, checker: Checker | None = None) -> None:
        """Show a sheet, or the empty page; filters are lifted, and a checker may follow with `set_checker`."""
        self._has_sheet = sheet is not None
        self._only_problems, self._only_rows = False, None
        self.model.set_sheet(Sheet(self.kind) if sheet is None else sheet, checker)
        self._stack.setCurrentIndex(1 if self._has_sheet else 0)
        self.table.update_actions()
        if self.model.rowCount():
            self.table.stand_on(self.model.index(0, self.model.first_field))

    def set_checker(self, checker: Checker | None) -> None:
        """Take over the checker of the sheet that is shown; rows edited in the meantime are checked again."""
        self.model.set_checker(checker)

    def set_state_columns(self, before: Sequence[StateColumn] = (), after: Sequence[StateColumn] = ()) -> None:
        """Show columns that are not part of the record, before and after its fields."""
        self.model.set_state_columns(before, after)
        self.table.columns.set_usual_widths()

    def refresh_states(self, rows: Collection[int] | None = None) -> None:
        """Paint the state columns again, of these rows or of all."""
        self.model.refresh_states(rows)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - as Qt's setters
        """Whether the cells can be changed."""
        self.model.read_only = read_only
        self.table.update_actions()
        self.panel.renew()

    def set_empty_page(self, page: QWidget) -> None:
        """What is shown while there is no sheet."""
        old, self._empty = self._empty, page
        self._stack.insertWidget(0, page)
        self._stack.removeWidget(old)
        old.deleteLater()
        self._stack.setCurrentIndex(1 if self._has_sheet else 0)

    def add_below(self, widget: QWidget) -> None:
        """Put something below table and panel."""
        whole = self.layout()
        assert whole is not None
        whole.addWidget(widget)

    # which rows are shown

    def set_filter(self, text: str) -> None:
        """Show only rows with this text in any field; "" shows all."""
        self.model.filter_text(text)

    def set_only_problems(self, only: bool) -> None:  # noqa: FBT001 - a slot of a check box
        """Show only rows with a problem; a repaired row stays until this is asked for again."""
        self._only_problems = only
        self._apply_only()

    def show_only(self, rows: Collection[int] | None) -> None:
        """Show only these row ids, until called with None."""
        self._only_rows = None if rows is None else set(rows)
        self._apply_only()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def shows_only(self) -> bool:
        """Whether `show_only` hides rows."""
        return self._only_rows is not None

    def _apply_only(self) -> None:
        rows: set[int] | None = set(self._only_rows) if self._only_rows is not None else None
        if self._only_problems:
            bad = set(self.checker.rows_with()) if self.checker else set()
            rows = bad if rows is None else rows & bad
        self.model.only(rows)

    def lift_filters(self) -> None:
        """Show all rows: no quick filter, no filters of columns, no "only"."""
        self._only_problems, self._only_rows = False, None
        self.model.lift_filters()

    # going places

    def go_to(self, row: int, field: str) -> bool:
        """Select a cell, bring it into view and give the table the keys; filters that hide its row are lifted."""
        if self._has_sheet and self.view.position_of(row) < 0 and self.view.is_filtered:
            self.lift_filters()
            self.notice.emit(_("The filter was cleared because it hid this row."))
        if self.model.is_arranging:
            self.model.once_shown(lambda: self.go_to(row, field))
            return True
        found = self.table.go_to(row, field)
        if found:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        return found

    def next_problem(self) -> bool:
        """Go to the next cell with a problem, round the end; False when no shown row has one."""
        return self._step_problem(1)

    def previous_problem(self) -> bool:
        """Go to the cell with a problem before, round the start."""
        return self._step_problem(-1)

    def _step_problem(self, step: int) -> bool:
        checker = self.checker
        if checker is None:
            return False
        places = self.view.look_up(checker.rows_with())
        if not places:
            hidden = bool(checker.rows_with())
            self.notice.emit(_("All problems are in rows that the filter hides.") if hidden else _("No problems."))
            return False
        row, place = self._here()
        if step > 0:
            ring = [at for at in places if at >= row] + [at for at in places if at <= row]
        else:
            ring = [at for at in reversed(places) if at <= row] + [at for at in reversed(places) if at >= row]
        for number, at in enumerate(ring):
            cells = self._problem_cells(at)
            if number == 0 and at == row:
                cells = [cell for cell in cells if (cell[0] > place if step > 0 else cell[0] < place)]
            if cells:
                _place, field = cells[0 if step > 0 else -1]
                return self.go_to(self.model.row_id(at), field)
        return False

    def _here(self) -> tuple[int, int]:
        """(visible position, place of the column as shown) of the current cell."""
        index = self.table.currentIndex()
        return (index.row(), self.table.horizontalHeader().visualIndex(index.column())) if index.isValid() else (0, -1)

    def _current_row(self) -> int | None:
        """Row id of the current cell."""
        index = self.table.currentIndex()
        return self.model.row_id(index.row()) if index.isValid() else None

    def _problem_cells(self, position: int) -> list[tuple[int, str]]:
        """(place of the column as shown, field) of each cell with a problem in a row, in reading order."""
        assert self.checker is not None
        fields = {problem.field for problem in self.checker.problems(self.view.rows[position])}
        header = self.table.horizontalHeader()
        return sorted((header.visualIndex(self.model.first_field + self.kind.index(name)), name) for name in fields)

    # remembering

    def save_state(self) -> bytes:
        """Columns and the panel's width."""
        state = {"columns": self.table.columns.save().decode(), "panel": self.splitter.sizes()}
        return json.dumps(state).encode()

    def restore_state(self, state: bytes) -> bool:
        """Take over what `save_state` gave; False when it is no such thing."""
        try:
            data = json.loads(state)
            columns = str(data["columns"]).encode()
            sizes = [max(0, int(size)) for size in data["panel"]][:2]
        except (ValueError, TypeError, KeyError, RecursionError):
            return False
        if not self.table.columns.restore(columns):
            return False
        if sum(sizes) > 0:
            self.splitter.setSizes(sizes)
        return True
