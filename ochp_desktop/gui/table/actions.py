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
    select_all: QAction
    insert_rows: QAction
    duplicate_rows: QAction
    remove_rows: QAction
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
            self.insert_rows,
            self.duplicate_rows,
            self.remove_rows,
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
            self.select_all,
            self.insert_rows,
            self.duplicate_rows,
            self.remove_rows,
        )


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
        fill_down=make(_("Fill &down"), ["Ctrl+D"]),
        select_all=make(_("Select &all"), ["Ctrl+A"]),
        insert_rows=make(_("&Insert rows"), ["Ctrl++", "Ctrl+Shift++", "Ctrl+="], "row-add"),
        duplicate_rows=make(_("D&uplicate rows"), ["Ctrl+Shift+D"]),
        remove_rows=make(_("D&elete rows"), ["Ctrl+-"], "row-delete"),
        find=make(_("&Find…"), ["Ctrl+F"], "find"),
        replace=make(_("Find and &replace…"), ["Ctrl+H"], "replace"),
        next_problem=make(_("&Next problem"), ["F8"]),
        previous_problem=make(_("&Previous problem"), ["Shift+F8"]),
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
