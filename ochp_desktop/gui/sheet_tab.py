"""What the two tabs with an editable sheet have in common: checking, filtering, keeping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QWidget

from ochp_desktop.gui import ask, layout
from ochp_desktop.gui.filter_field import FilterField
from ochp_desktop.gui.finder import Hit, Search
from ochp_desktop.gui.kept_lists import KeptLists
from ochp_desktop.gui.listed_tab import ListedTab
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.open_lists import OpenList
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.tab import Menu, action_button, text_search
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.problems import Level
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_COUNT_DELAY = 30  # milliseconds: one count for a burst of changes


class SheetTab(ListedTab):
    """A tab with editable sheets of one kind."""

    def __init__(self, kind: RecordKind, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(kind, session, parent)
        self._selection_text = ""
        self.filter_edit = FilterField(self.area)
        self._counting = QTimer(self, singleShot=True)
        self._counting.timeout.connect(self.refresh_main_button)
        self.area.counts_changed.connect(self.on_counts_changed)
        self.area.problems_changed.connect(self.on_counts_changed)
        self.area.model.arranging_changed.connect(self.status_changed)
        self.area.selection_text_changed.connect(self._on_selection_text_changed)
        self.area.notice.connect(self.notice.tell)
        self.area.edited.connect(lambda _edit, _direction: self._on_edited())
        self._make_actions()
        self._make_fields()

    def _make_actions(self) -> None:
        keys = QKeySequence.StandardKey
        self.open_action = self.action(_("&Open…"), self.choose_files, keys.Open, "open")
        self.import_action = self.action(_("&Import into the open list…"), self.choose_import, "Ctrl+I", "open")
        self.new_action = self.action(_("&New, empty"), self.new_sheet, keys.New, "new")
        self.kept = KeptLists(self.kind, self.session, self.notice, self._reopen, self)
        self.kept_action = self.action(_("Open a &kept list…"), self.kept.choose, "Ctrl+Shift+T", "history")
        self.close_action = self.action(_("&Close the list"), self.close_sheet, "Ctrl+W", "close")
        self.next_action = self.action(_("Ne&xt list"), lambda: self.lists.step(1), "Ctrl+PgDown")
        self.previous_action = self.action(_("P&revious list"), lambda: self.lists.step(-1), "Ctrl+PgUp")
        self.excel_action = self.action(
            _("Export as &Excel file…"), lambda: self._choose_export("xlsx"), "Ctrl+E", "export"
        )
        self.csv_action = self.action(_("Export as CS&V file…"), lambda: self._choose_export("csv"), "F12", "export")
        self.report_action = self.action(
            _("Export with all &problems marked…"), self._choose_report, "Shift+F7", "warning"
        )
        self.bad_rows_action = self.action(
            _("Export only the &bad rows…"), self._choose_bad_rows, "Ctrl+Shift+B", "warning"
        )
        self.mark_action = self.action(
            _("&Mark the problems in a copy of the file…"), self._choose_marked, "F7", "warning"
        )
        self.template_action = self.action(_("Save an empty &template…"), self._choose_template, "Ctrl+T", "new")
        self.filter_action = self.action(_("Filt&er rows"), self.filter_edit.begin, "Ctrl+L", "filter")
        self._menus = [QMenu(title, self) for title, _actions in self.area.actions_.more()]
        for menu, (_title, actions) in zip(self._menus, self.area.actions_.more(), strict=True):
            menu.addActions(list(actions))

    def _make_fields(self) -> None:
        self.problems_box = QCheckBox(_("Only rows with &problems"))
        self.problems_box.toggled.connect(self.area.set_only_problems)
        self.show_all_button = layout.button(_("Displa&y all rows"), lambda: self.area.show_only(None), look="link")
        self.show_all_button.setToolTip(_("Only some rows are shown; this brings the others back"))
        self.show_all_button.hide()
        self.export_button = layout.button(_("E&xport ▾"))
        menu = QMenu(self.export_button)
        menu.addActions([self.excel_action, self.csv_action])
        menu.addSeparator()
        menu.addActions([self.report_action, self.bad_rows_action, self.mark_action])
        menu.addSeparator()
        menu.addAction(self.template_action)
        self.export_button.setMenu(menu)

    def undo_buttons(self) -> tuple[QPushButton, QPushButton]:
        """Undo and redo for the toolbar."""
        return (
            action_button(self.area.actions_.undo, _("Undo")),
            action_button(self.area.actions_.redo, _("Redo")),
        )

    # what the window asks for

    def count(self) -> str:
        """Number of rows."""
        return number(len(self.area.sheet)) if self.area.sheet is not None else ""

    def status(self) -> tuple[str, str]:
        """Rows, selection, file; when saved."""
        sheet = self.area.sheet
        if sheet is None:
            return "", ""
        shown, total = self.area.model.rowCount(), len(sheet)
        rows = ngettext("{count} row", "{count} rows", total).format(count=number(total))
        if shown != total:
            rows = _("{shown} of {rows}").format(shown=number(shown), rows=rows)
        where = self.title_of_sheet
        if sheet.origin is not None and sheet.origin.sheet_name:
            where = _("{file}, sheet {sheet}").format(file=where, sheet=sheet.origin.sheet_name)
        doing = _("sorting and filtering…") if self.area.model.is_arranging else ""
        left = " · ".join(part for part in (rows, doing or self._selection_text, where) if part)
        return left, self.saving.text()

    def file_menu(self) -> Menu:
        """Open, new, export."""
        return (
            self.open_action,
            self.import_action,
            self.new_action,
            self.kept_action,
            self.close_action,
            self.next_action,
            self.previous_action,
            None,
            self.excel_action,
            self.csv_action,
            self.report_action,
            self.bad_rows_action,
            self.mark_action,
            self.template_action,
        )

    def edit_menu(self) -> Menu:
        """The table's actions."""
        a = self.area.actions_
        return (
            a.undo,
            a.redo,
            a.history,
            None,
            a.cut,
            a.copy,
            a.paste,
            a.clear,
            a.select_all,
            None,
            # Asked for anew each time: the window's menu forgets them when it is filled again.
            *(menu.menuAction() for menu in self._menus),
            None,
            a.find,
            a.replace,
            a.go_to,
            self.filter_action,
            None,
            a.next_problem,
            a.previous_problem,
        )

    def areas(self) -> Sequence[QWidget]:
        """Filter, table, problems."""
        return self.filter_edit, self.area.table, self.area.panel, self.lists

    def remembered(self) -> Mapping[str, SheetArea]:
        """Its table."""
        return {self.kind.name: self.area}

    def search_fields(self) -> Sequence[str]:
        """Names of the fields that the search over everything looks through."""
        raise NotImplementedError

    def searches(self) -> Sequence[Search]:
        """Ids in all open sheets, that in front first."""
        front = self.area.sheet
        return [self._search_in(one) for one in sorted(self.lists.lists, key=lambda one: one.sheet is not front)]

    def _search_in(self, one: OpenList) -> Search:
        sheet, place = one.sheet, f"{self.title}, {one.title}"

        def hit(row: int, name: str) -> Hit:
            field = self.kind.field(name)
            text = field.shown(sheet.text(row, self.kind.index(name)))
            return Hit(text, place, field.title(), self.search_icon(), lambda: self._go_to(sheet, row, name))

        return text_search(sheet, self.search_fields(), hit)

    def search_icon(self) -> str:
        """Icon of what is found here."""
        return "card"

    def _go_to(self, sheet: Sheet, row: int, name: str) -> None:
        """Show a row of an open sheet."""
        self.come_forward.emit()
        if self.bring(sheet):
            self.area.go_to(row, name)

    def on_other_sheet(self) -> None:
        """No filters yet."""
        self.filter_edit.clear()
        self.problems_box.setChecked(False)

    def on_filter_restored(self, text: str) -> None:
        """Show it where it is typed."""
        self.filter_edit.setText(text)

    # what stands in the way of an upload

    def in_the_way(self) -> bool:
        """Whether something keeps an upload from beginning; then it is said, with the next step."""
        sheet, session = self.area.sheet, self.session
        open_step = Step(_("Open a file…"), self.choose_files)
        if sheet is None or not len(sheet):
            self.notice.warn(_("There is nothing to upload yet: open a file or type rows into the table."), open_step)
        elif self.area.checker is None:
            self.notice.tell(_("The rows are still being checked. Upload when that is done."))
        elif not session.connected:
            self.notice.warn(
                _("There is no clearing house to upload to yet."),
                Step(_("New connection…"), self.wants_connection.emit),
            )
        elif session.state is SignIn.SIGNING_IN:
            self.notice.tell(_("The sign-in is still going on. Upload when that is done."))
        elif session.state is SignIn.NO_PASSWORD:
            self.notice.warn(
                _("You are not signed in: the password is missing."),
                Step(_("Enter password…"), self.wants_password.emit),
            )
        else:
            return False
        return True

    def error_rows(self) -> list[int]:
        """Ids of the rows with errors."""
        checker = self.area.checker
        return [row for row in checker.rows_with() if checker.level(row) is Level.ERROR] if checker else []

    # what changes

    def _on_edited(self) -> None:
        self.on_counts_changed()

    def _on_selection_text_changed(self, text: str) -> None:
        self._selection_text = text
        self.status_changed.emit()

    def on_counts_changed(self) -> None:
        """Fields, counts and status follow the rows."""
        wanted = self.area.model.wanted
        if self.area.sheet is not None and not wanted.text and not self.filter_edit.waiting:
            # Going to a hidden cell lifts the filter; the fields must say so.
            self.filter_edit.forget()
            if not wanted.is_filtered:
                self.problems_box.blockSignals(True)
                self.problems_box.setChecked(False)
                self.problems_box.blockSignals(False)
        self.show_all_button.setVisible(self.area.shows_only)
        for action in (self.next_action, self.previous_action):
            action.setEnabled(len(self.lists.lists) > 1)
        self._counting.start(_COUNT_DELAY)
        self.count_changed.emit()
        self.status_changed.emit()

    def refresh_main_button(self) -> None:
        """The main button's words fit the sheet."""
        raise NotImplementedError

    def replace_after_asking(self, what: str, do: Callable[[], object]) -> None:
        """Do something that replaces the open list, after a yes when it has rows."""
        sheet = self.area.sheet
        if sheet is None or not len(sheet):
            do()
            return
        ask.ask(
            self,
            _("Replace the open list?"),
            _("{what} Your open list stays among the kept drafts.").format(what=what),
            yes=_("Replace it"),
            no=_("Keep it open"),
            on_yes=lambda: self._replace(do),
        )

    def _replace(self, do: Callable[[], object]) -> None:
        self.close_sheet()
        do()
