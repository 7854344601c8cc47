"""One quiet line that says what happened and what can be done next, instead of a message box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _


@dataclass(frozen=True)
class Step:
    """Something that can be done next: the button's words and what it does."""

    text: str
    do: Callable[[], object]


class Notice(QWidget):
    """A line below the table; hidden until something is said, and again when it is closed.

    Signals:
        said: the text, when something is said.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Message"))
        self._icon = icons.IconLabel()
        self.text_label = layout.label(wrap=True)
        self.text_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail_label = layout.label(wrap=True)
        self.detail_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail_label.hide()
        self._buttons = layout.row()
        self.buttons: list[QPushButton] = []
        self.close_button = QToolButton()
        self.close_button.setIcon(icons.icon("close"))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(_("Close this message"))
        self.close_button.setAccessibleName(_("Close this message"))
        self.close_button.clicked.connect(self.clear)
        top = layout.row(self._icon, self.text_label)
        top.setStretch(1, 1)
        top.addLayout(self._buttons)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        whole = layout.column(top, self.detail_label, spacing=SPACING)
        whole.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        self.setLayout(whole)
        self.hide()

    def clear(self) -> None:
        """Say nothing any more."""
        self.hide()
        self.text_label.clear()

    def done(self, text: str, *steps: Step) -> None:
        """Say that something was done."""
        self._say("done", "check", text, steps)

    def tell(self, text: str, *steps: Step) -> None:
        """Say something worth knowing."""
        self._say("strip", "hint", text, steps)

    def warn(self, text: str, *steps: Step) -> None:
        """Say what is in the way, with the next step."""
        self._say("warning", "warning", text, steps)

    def error(self, error: OchpError, *steps: Step) -> None:
        """Say calmly what failed; its detail is shown when asked for."""
        told = f"{error.title}. {error.text}" if error.title else error.text
        detail = error.detail

        def show_detail() -> None:
            self.detail_label.setText(detail)
            self.detail_label.setVisible(not self.detail_label.isVisible())

        more = (Step(_("Details"), show_detail),) if detail else ()
        self._say("error", "error", told, (*steps, *more))

    def _say(self, kind: str, icon: str, text: str, steps: Sequence[Step]) -> None:
        layout.set_look(self, kind if kind == "strip" else f"notice-{kind}")
        self._icon.show_icon(icon)
        self.detail_label.hide()
        self.text_label.setText(text)
        layout.clear(self._buttons)
        self.buttons = [layout.button(step.text, step.do) for step in steps]
        for one in self.buttons:
            self._buttons.addWidget(one)
        self.setAccessibleDescription(text)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.said.emit(text)
