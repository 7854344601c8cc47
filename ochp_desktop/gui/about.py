"""About the program, and the overview of its keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from ochp_desktop import __version__
from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _


class AboutDialog(QDialog):
    """What the program is, its version, and where it keeps its data."""

    def __init__(self, data_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("About OCHP Desktop"))
        picture = icons.IconLabel("app", edge=64)
        name = layout.label(f"OCHP Desktop {__version__}", "title", size=1.3)
        what = layout.label(
            _(
                "Roaming lists, charge data records and cleared CDRs over OCHP 0.1, "
                "with a practice clearing house built in."
            ),
            wrap=True,
        )
        what.setMinimumWidth(380)
        where = layout.label(_("Your data is kept in {folder}").format(folder=data_dir), "muted", wrap=True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        licence = layout.label(_("Free software under the Apache License 2.0."), "muted")
        close = layout.button(_("Close"), self.accept, look="main")
        close.setDefault(True)
        words = layout.column(name, what, where, licence)
        top = layout.row(spacing=4 * SPACING)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        layout.dialog_layout(self, top, layout.row(None, close))


class ShortcutsDialog(QDialog):
    """Every action with its shortcut, by menu."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[QAction]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keyboard shortcuts"))
        layout.open_at_size(self, 520, 620)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * MARGIN)
        grid.setVerticalSpacing(SPACING)
        grid.setColumnStretch(0, 1)
        row = 0
        for title, actions in groups:
            named = [
                (action.text().replace("&", ""), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
                for action in actions
                if not action.shortcut().isEmpty()
            ]
            if not named:
                continue
            grid.addWidget(layout.label(title.replace("&", ""), "strong"), row, 0, 1, 2)
            for text, keys in named:
                row += 1
                grid.addWidget(layout.label(text), row, 0)
                grid.addWidget(layout.label(keys, "muted"), row, 1)
            row += 1
            grid.setRowMinimumHeight(row, MARGIN)
            row += 1
        inside = QWidget()
        inside.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        close = layout.button(_("Close"), self.accept, look="main")
        close.setDefault(True)
        layout.dialog_layout(self, scroll, layout.row(None, close))
