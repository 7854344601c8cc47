"""Small pieces that every screen is put together from: rows, columns, labels and buttons with the shared spacing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ochp_desktop.gui import icons
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _

TITLE_BAR = 32
"""About the height of what a system sets on top of a window."""


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


def open_at_size(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size; less where the screen is smaller, as with a large scale."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width()), min(height, room.height() - TITLE_BAR))


class Scrolled(QScrollArea):
    """Shows all of a widget where the screen has room for it, and scrolls it where it has not."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._inside = widget
        self.setWidget(widget)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell what is around when the widget wants another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def heightForWidth(self, width: int) -> int:
        """The widget's height, all of it."""
        return max(self._inside.heightForWidth(width), self._inside.sizeHint().height())

    def sizeHint(self) -> QSize:
        """All of the widget."""
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """A few lines of it, and the bar."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._inside.minimumSizeHint().width() + bar, 8 * self.fontMetrics().lineSpacing())


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
                self.resize(self.width(), min(needed, self.screen().availableGeometry().height() - TITLE_BAR))
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
