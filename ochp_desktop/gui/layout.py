"""Small pieces that every screen is put together from: rows, columns, labels and buttons with the shared spacing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _


def row(*parts: QWidget | QLayout | None, margin: int = 0, spacing: int = 2 * SPACING) -> QHBoxLayout:
    """Parts side by side; None is a stretch."""
    layout = QHBoxLayout()
    _fill(layout, parts, margin, spacing)
    return layout


def column(*parts: QWidget | QLayout | None, margin: int = 0, spacing: int = 2 * SPACING) -> QVBoxLayout:
    """Parts below each other; None is a stretch."""
    layout = QVBoxLayout()
    _fill(layout, parts, margin, spacing)
    return layout


def _fill(layout: QBoxLayout, parts: tuple[QWidget | QLayout | None, ...], margin: int, spacing: int) -> None:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)


def dialog_layout(widget: QWidget, *parts: QWidget | QLayout | None) -> None:
    """Give a dialog its layout with the usual margins."""
    widget.setLayout(column(*parts, margin=MARGIN, spacing=MARGIN))


class GrowingDialog(QDialog):
    """A dialog that grows when texts appear in it, up to the screen's height, instead of squeezing its fields."""

    def event(self, event: QEvent) -> bool:
        """Look at the height whenever something in the dialog asks for another one."""
        done = super().event(event)
        inner = self.layout()
        if event.type() == QEvent.Type.LayoutRequest and inner is not None and self.isVisible():
            inner.activate()
            needed = max(inner.totalHeightForWidth(self.width()), inner.totalMinimumSize().height())
            if needed > self.height():
                self.resize(self.width(), min(needed, self.screen().availableGeometry().height()))
        return done


def file_filter(kinds: str) -> str:
    """The choices of a file dialog: these kinds ("Excel (*.xlsx)"), or all files."""
    everything = _("All files")
    return f"{kinds};;{everything} (*)"


def label(text: str = "", look: str = "", *, wrap: bool = False, size: float = 1.0) -> QLabel:
    """A text; `look` is one of the theme's ("muted", "error", "warning", "strong", "title")."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        made.setProperty("look", look)
    made.setWordWrap(wrap)
    if size != 1.0:
        font = QFont(made.font())
        font.setPointSizeF(font.pointSizeF() * size)
        made.setFont(font)
    return made


def button(text: str, on_clicked: Callable[[], object] | None = None, *, look: str = "", icon: str = "") -> QPushButton:
    """A push button; `look` is "main" for the main action or "link"."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if look:
        made.setProperty("look", look)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if look == "main" else ""))
    if on_clicked is not None:
        made.clicked.connect(lambda _checked=False: on_clicked())
    return made


def set_look(widget: QWidget, look: str) -> None:
    """Change a widget's look after it was shown."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def clear(layout: QBoxLayout) -> None:
    """Take everything out of a layout and let go of its widgets."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def gap(width: int = 2 * SPACING) -> QWidget:
    """An empty place between groups of a toolbar."""
    made = QWidget()
    made.setFixedWidth(width)
    return made
