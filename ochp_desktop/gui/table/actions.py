"""The table's actions, once, for its shortcuts, context menu, toolbars and menus alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui import icons
from ochp_desktop.texts import _


@dataclass(frozen=True, slots=True)
class TableActions:
    """All of them; put them into as many menus and toolbars as you like."""

    undo: QAction
    redo: QAction
    cut: QAction
    copy: QAction
    paste: QAction
    clear: QAction
    fill_down: QAction
    fill_right: QAction
    fill_series: QAction
    fill_all: QAction
    copy_above: QAction
    today: QAction
    select_all: QAction
    select_rows: QAction
    select_columns: QAction
    insert_rows: QAction
    duplicate_rows: QAction
    remove_rows: QAction
    move_up: QAction
    move_down: QAction
    sort_up: QAction
    sort_down: QAction
    own_order: QAction
    filter_column: QAction
    lift_filters: QAction
    hide_columns: QAction
    show_columns: QAction
    fix_columns: QAction
    go_to: QAction
    history: QAction
    find: QAction
    replace: QAction
    next_problem: QAction
    previous_problem: QAction

    def __iter__(self) -> Iterator[QAction]:
        return (getattr(self, field.name) for field in fields(self))

    def changing(self) -> tuple[QAction, ...]:
        """Those that change the sheet, and are of no use when it is read-only."""
        return (
            self.undo,
            self.redo,
            self.cut,
            self.paste,
            self.clear,
            self.fill_down,
            self.fill_right,
            self.fill_series,
            self.fill_all,
            self.copy_above,
            self.today,
            self.insert_rows,
            self.duplicate_rows,
            self.remove_rows,
            self.move_up,
            self.move_down,
            self.history,
            self.replace,
        )

    def on_cells(self) -> tuple[QAction, ...]:
        """Those whose shortcut belongs to the table alone, because other fields use the same keys."""
        return (
            self.cut,
            self.copy,
            self.paste,
            self.clear,
            self.fill_down,
            self.fill_right,
            self.fill_series,
            self.fill_all,
            self.copy_above,
            self.today,
            self.select_all,
            self.select_rows,
            self.select_columns,
            self.insert_rows,
            self.duplicate_rows,
            self.remove_rows,
            self.move_up,
            self.move_down,
            self.hide_columns,
            self.show_columns,
            self.fix_columns,
        )

    def on_area(self) -> tuple[QAction, ...]:
        """Those whose shortcut works beside the table as well."""
        return (
            self.undo,
            self.redo,
            self.history,
            self.sort_up,
            self.sort_down,
            self.own_order,
            self.filter_column,
            self.lift_filters,
            self.go_to,
            self.find,
            self.replace,
            self.next_problem,
            self.previous_problem,
        )

    def more(self) -> tuple[tuple[str, tuple[QAction, ...]], ...]:
        """(title, actions) of the submenus that keep the menus short."""
        return (
            (
                _("F&ill"),
                (self.fill_down, self.fill_right, self.fill_series, self.fill_all, self.copy_above, self.today),
            ),
            (
                _("Ro&ws"),
                (
                    self.insert_rows,
                    self.duplicate_rows,
                    self.remove_rows,
                    self.move_up,
                    self.move_down,
                    self.select_rows,
                ),
            ),
            (_("&Sort and filter"), self.sorting()),
            (_("Colu&mns"), (self.select_columns, self.hide_columns, self.show_columns, self.fix_columns)),
        )

    def sorting(self) -> tuple[QAction, ...]:
        """Those that sort and filter."""
        return self.sort_up, self.sort_down, self.own_order, self.filter_column, self.lift_filters


def make_actions(parent: QWidget) -> TableActions:
    """The actions, with texts, icons and shortcuts, connected to nothing yet."""
    keys = QKeySequence.StandardKey

    def make(text: str, shortcuts: Sequence[str] | QKeySequence.StandardKey, icon: str = "") -> QAction:
        action = QAction(text, parent)
        if isinstance(shortcuts, QKeySequence.StandardKey):
            action.setShortcuts(shortcuts)
        else:
            action.setShortcuts([QKeySequence(shortcut) for shortcut in shortcuts])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if icon:
            action.setIcon(icons.icon(icon))
        with_keys(action)
        return action

    return TableActions(
        undo=make(_("&Undo"), ["Ctrl+Z"], "undo"),
        redo=make(_("&Redo"), ["Ctrl+Y", "Ctrl+Shift+Z"], "redo"),
        cut=make(_("Cu&t"), keys.Cut),
        copy=make(_("&Copy"), keys.Copy),
        paste=make(_("&Paste"), keys.Paste),
        clear=make(_("C&lear cells"), ["Del"]),
        fill_down=make(_("Fill do&wn"), ["Ctrl+D"]),
        fill_right=make(_("Fill &right"), ["Ctrl+R"]),
        fill_series=make(_("Fill &series"), ["Ctrl+Shift+K"]),
        fill_all=make(_("Fill &all selected"), ["Ctrl+Return"]),
        copy_above=make(_("Copy from a&bove"), ["Ctrl+'", "Ctrl+Shift+'"]),
        today=make(_("&Today's date"), ["Ctrl+;", "Ctrl+."]),
        select_rows=make(_("&Select rows"), ["Shift+Space"]),
        select_columns=make(_("&Select columns"), ["Ctrl+Space"]),
        move_up=make(_("Move rows &up"), ["Alt+Shift+Up"]),
        move_down=make(_("Move rows do&wn"), ["Alt+Shift+Down"]),
        sort_up=make(_("Sort &ascending"), ["Alt+Shift+A"]),
        sort_down=make(_("Sort descendin&g"), ["Alt+Shift+D"]),
        own_order=make(_("&Own order again"), ["Alt+Shift+O"]),
        filter_column=make(_("Filter t&his column…"), ["Ctrl+Shift+L", "Alt+Shift+F"], "filter"),
        lift_filters=make(_("&Clear all filters"), ["Alt+Shift+L"]),
        hide_columns=make(_("&Hide columns"), ["Ctrl+0"]),
        show_columns=make(_("Show &all columns"), ["Ctrl+Shift+0", "Ctrl+)"]),
        fix_columns=make(_("Keep &in view up to here"), ["Alt+Shift+K"]),
        go_to=make(_("&Go to row or cell…"), ["Ctrl+G"]),
        history=make(_("Undo &history…"), ["Ctrl+Shift+H"], "history"),
        select_all=make(_("Select &all"), ["Ctrl+A"]),
        insert_rows=make(_("&Insert rows"), ["Ctrl++", "Ctrl+Shift++", "Ctrl+="], "row-add"),
        duplicate_rows=make(_("Duplicate r&ows"), ["Ctrl+J"]),
        remove_rows=make(_("D&elete rows"), ["Ctrl+-"], "row-delete"),
        find=make(_("&Find…"), ["Ctrl+F"], "find"),
        replace=make(_("Fin&d and replace…"), ["Ctrl+H"], "replace"),
        next_problem=make(_("&Next problem"), ["F8"]),
        previous_problem=make(_("Previous pro&blem"), ["Shift+F8"]),
    )


def with_keys(action: QAction) -> None:
    """Name the shortcut in the tooltip."""
    text = action.text().replace("&", "").removesuffix("…")
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{text} ({shortcut})" if shortcut else text)


def connect_all(pairs: Sequence[tuple[QAction, Callable[[], object]]]) -> None:
    """Connect each action, without the `checked` that Qt would hand over."""
    for action, slot in pairs:
        action.triggered.connect(lambda _checked=False, slot=slot: slot())
