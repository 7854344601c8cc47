"""The program's own icons: drawn as SVG, coloured by the theme when painted, crisp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from ochp_desktop.gui import theme
from ochp_desktop.paths import resource

SIZE = 16
"""Edge of an icon beside text, in device-independent pixels."""

# The files are drawn in these two colours, so that they can be looked at as they are.
_INK = "#1d1f21"
_KNOCKED_OUT = "#ffffff"

# Marks have a ground of their own; what is knocked out of them takes its colour.
_MARK_GROUNDS = {"error_mark": "error_ground", "warning_mark": "warning_ground", "hint_mark": "hint_ground"}
_OWN_ROLES = {"error": "error_mark", "warning": "warning_mark", "hint": "hint_mark"}


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _renderer(name: str, ink: str, knocked_out: str) -> QSvgRenderer:
    drawing = _source(name)
    if name != "app":
        # In one pass, else ink that equals the other colour would be replaced twice.
        drawing = drawing.replace(_INK, "{ink}").replace(_KNOCKED_OUT, knocked_out).replace("{ink}", ink)
    return QSvgRenderer(QByteArray(drawing.encode()))


def paint(painter: QPainter, name: str, rect: QRectF, role: str = "", look: theme.Theme | None = None) -> None:
    """Paint an icon into a square rectangle, in the colour of a role; marks have their own role.

    Raises:
        FileNotFoundError: no icon of that name ships with the program.
    """
    look = look or theme.current()
    role = role or _OWN_ROLES.get(name, "text")
    knocked_out = look.colour(_MARK_GROUNDS.get(role, "table"))
    _renderer(name, look.colour(role).name(), knocked_out.name()).render(painter, rect)


class _ThemedEngine(QIconEngine):
    """Paints one drawing in the colours of the theme that is in use at that moment."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        role = "muted" if mode is QIcon.Mode.Disabled else self._role
        edge = min(rect.width(), rect.height())
        square = QRectF(rect.x() + (rect.width() - edge) / 2, rect.y() + (rect.height() - edge) / 2, edge, edge)
        paint(painter, self._name, square, role)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(QColor(Qt.GlobalColor.transparent))
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._role)


def icon(name: str, role: str = "") -> QIcon:
    """The icon of that name, in the colour of a theme role ("text" unless the icon is a mark).

    It follows the theme by itself.

    Raises:
        FileNotFoundError: no icon of that name ships with the program.
    """
    _source(name)
    return QIcon(_ThemedEngine(name, role))


class IconLabel(QWidget):
    """An icon by itself; always in the colours of the theme in use."""

    def __init__(self, name: str = "", role: str = "", edge: int = SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._role = role
        self.setFixedSize(edge, edge)

    def show_icon(self, name: str, role: str = "") -> None:
        """Show another icon."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon over the whole square."""
        if self._name:
            painter = QPainter(self)
            paint(painter, self._name, QRectF(self.rect()), self._role, theme.theme_of(self.palette()))
            painter.end()
