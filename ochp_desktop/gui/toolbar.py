"""The toolbar of a tab: what opens and shows stands left, the main action right; narrow windows break the line."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.gui.theme import MARGIN, SPACING


class ToolbarLayout(FlowLayout):
    """One line as long as there is room: fields give way first, then the line breaks, so that nothing is cut off.

    Args:
        first_right: number of the first widget that stands at the right.
    """

    def __init__(self, first_right: int) -> None:
        super().__init__(spacing=SPACING + 2)
        self._first_right = first_right

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return self._with_margins(QSize(width, max((size.height() for size in shown), default=0)))

    def minimumSize(self) -> QSize:
        """Room for the widest item."""
        return self._with_margins(super().minimumSize())

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        margins = self.contentsMargins()
        inside = self._arrange(QRect(0, 0, width - margins.left() - margins.right(), 0), move=False)
        return inside + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        """Set the items."""
        super(FlowLayout, self).setGeometry(rect)
        self._arrange(rect.marginsRemoved(self.contentsMargins()), move=True)

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item, _width, _right in line)
            if move:
                self._set(line, QRect(rect.x(), y, rect.width(), height))
            y += height + self._gap
        return max(0, y - self._gap - rect.y())

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int, bool]]]:
        """The shown items by lines, each with its width and whether it stands at the right."""
        shown = [(item, place >= self._first_right) for place, item in enumerate(self._items) if not item.isEmpty()]
        lines: list[list[tuple[QLayoutItem, int, bool]]] = [[]]
        for item, right in shown:
            width = min(item.sizeHint().width(), room)
            lines[-1].append((item, width, right))
        over = self._width(lines[0]) - room
        if over <= 0:
            return lines if shown else []
        narrowed = []
        for item, width, right in lines[0]:
            fields = bool(item.expandingDirections() & Qt.Orientation.Horizontal)
            less = min(max(0, over), width - item.minimumSize().width()) if fields else 0
            over -= less
            narrowed.append((item, width - less, right))
        if over <= 0:
            return [narrowed]
        whole, lines = lines[0], [[]]
        for item, width, right in whole:
            if lines[-1] and self._width([*lines[-1], (item, width, right)]) > room:
                lines.append([])
            if lines[-1] or len(lines) == 1 or not is_gap(item):
                lines[-1].append((item, width, right))
        return lines

    def _width(self, line: list[tuple[QLayoutItem, int, bool]]) -> int:
        return sum(width for _item, width, _right in line) + self._gap * max(0, len(line) - 1)

    def _set(self, line: list[tuple[QLayoutItem, int, bool]], rect: QRect) -> None:
        x = rect.x()
        rest = rect.width() - self._width(line)
        for item, width, right in line:
            if right:
                x, rest = x + rest, 0
            height = min(item.sizeHint().height(), rect.height())
            item.setGeometry(QRect(QPoint(x, rect.y() + (rect.height() - height) // 2), QSize(width, height)))
            x += width + self._gap


def is_gap(item: QLayoutItem) -> bool:
    """Whether it is only a distance between groups, as `layout.gap` makes it."""
    widget = item.widget()
    return type(widget) is QWidget and widget.layout() is None


def toolbar(*parts: QWidget | None) -> QWidget:
    """The toolbar of a tab; what comes after None stands at the right."""
    bar = QWidget()
    inside = ToolbarLayout(parts.index(None) if None in parts else len(parts))
    inside.setContentsMargins(MARGIN, 2 * SPACING, MARGIN, 2 * SPACING)
    for part in parts:
        if part is not None:
            inside.addWidget(part)
    bar.setLayout(inside)
    return bar
