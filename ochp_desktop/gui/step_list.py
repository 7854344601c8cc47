"""The steps of a connection test: each with its mark, what was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _

_BELOW = 100  # a row below all steps, which takes the room that is left


class StepList(QFrame):
    """Hidden until a test begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setAccessibleName(_("Result of the connection test"))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(MARGIN, 2 * SPACING, MARGIN, 2 * SPACING)
        self._grid.setHorizontalSpacing(2 * SPACING)
        self._grid.setVerticalSpacing(SPACING)
        self._grid.setColumnStretch(2, 1)
        self._grid.setRowStretch(_BELOW, 1)
        self.setLayout(self._grid)
        self.steps: list[tuple[bool, str, str]] = []
        self.hide()

    def wait(self, text: str) -> None:
        """Say that it is being tried."""
        self._clear()
        self._grid.addWidget(layout.label(text, "muted"), 0, 0, 1, 3)
        self.show()

    def show_steps(self, steps: Sequence[tuple[bool, str, str]]) -> None:
        """Show (went well, title, sentence) of each step."""
        self._clear()
        self.steps = list(steps)
        for row, (ok, title, text) in enumerate(steps):
            mark = icons.IconLabel("confirmed" if ok else "error", "accent" if ok else "")
            mark.setAccessibleName(_("went well") if ok else _("failed"))
            said = layout.label(text, "muted" if ok else "error", wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(layout.label(title, "strong"), row, 1, Qt.AlignmentFlag.AlignTop)
            said.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(said, row, 2)
        self.setAccessibleDescription("; ".join(f"{title}: {text}" for _ok, title, text in steps))
        self.show()

    def texts(self) -> list[str]:
        """All that is shown, for reading aloud and for tests."""
        return [label.text() for label in self.findChildren(QLabel) if not label.isHidden()]

    def _clear(self) -> None:
        self.steps = []
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
