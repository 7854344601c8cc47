"""What an empty place says: what it is for, and the two likely next steps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.theme import MARGIN

_ICON = 48
_WIDTH = 460


class EmptyState(QWidget):
    """A heading, a sentence and buttons in the middle of an empty place."""

    def __init__(self, icon: str, title: str, text: str, *steps: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = icons.IconLabel(icon, "muted", _ICON)
        self.title_label = layout.label(title, "title", size=1.3)
        self.title_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text_label = layout.label(text, "muted", wrap=True)
        self.text_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text_label.setFixedWidth(_WIDTH)
        self.buttons = [
            layout.button(step.text, step.do, look="main" if index == 0 else "") for index, step in enumerate(steps)
        ]
        inside = layout.column(
            None,
            layout.row(None, picture, None),
            self.title_label,
            layout.row(None, self.text_label, None),
            layout.row(None, *self.buttons, None),
            None,
            spacing=MARGIN,
        )
        inside.setStretch(5, 2)
        self.setLayout(inside)
