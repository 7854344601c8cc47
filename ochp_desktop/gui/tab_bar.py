"""The bar of tabs: each title with its count in the muted colour, the current one underlined."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from ochp_desktop.gui.theme import MARGIN, SPACING, theme_of
from ochp_desktop.texts import _

_UNDERLINE = 3
_PADDING = 17


class TabBar(QTabBar):
    """Tabs are as wide as their bold title and a place for their count, so that nothing moves when they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[str] = []
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setAccessibleName(_("Tabs"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def add(self, title: str) -> None:
        """One more tab."""
        self._counts.append("")
        self.addTab(title)

    def set_count(self, index: int, count: str) -> None:
        """Show a count behind the title."""
        if self._counts[index] != count:
            self._counts[index] = count
            self.setTabToolTip(index, f"{self.tabText(index)} {count} (Ctrl+{index + 1})".replace("  ", " "))
            self.setAccessibleTabName(index, f"{self.tabText(index)} {count}".strip())
            self.updateGeometry()
            # The bar caches its sizes until a text changes.
            self.setTabText(index, self.tabText(index))
            self.update()

    def count_text(self, index: int) -> str:
        """The count behind a title."""
        return self._counts[index]

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def tabSizeHint(self, index: int) -> QSize:
        """Room for the bold title and the count."""
        title = QFontMetrics(self._bold()).horizontalAdvance(self.tabText(index))
        count = self._counts[index] if index < len(self._counts) else ""
        counted = self.fontMetrics().horizontalAdvance(count) + SPACING if count else 0
        return QSize(title + counted + 2 * _PADDING, self.fontMetrics().height() + 4 * SPACING)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs are never squeezed."""
        return self.tabSizeHint(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint titles, counts, the line under the current tab and the focus frame."""
        look = theme_of(self.palette())
        painter = QPainter(self)
        painter.setPen(look.border)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        for index in range(self.count()):
            rect = self.tabRect(index)
            current = index == self.currentIndex()
            self._paint_words(painter, index, rect, current=current)
            if current:
                line = QRect(rect.left(), rect.bottom() - _UNDERLINE + 1, rect.width(), _UNDERLINE)
                painter.fillRect(line, look.accent)
                if self.hasFocus():
                    painter.setPen(look.accent)
                    painter.drawRoundedRect(rect.adjusted(SPACING, SPACING, -SPACING, -SPACING - 2), SPACING, SPACING)
        painter.end()

    def _paint_words(self, painter: QPainter, index: int, rect: QRect, *, current: bool) -> None:
        look = theme_of(self.palette())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        title, count = self.tabText(index), self._counts[index]
        font = self._bold() if current else self.font()
        width = QFontMetrics(font).horizontalAdvance(title)
        counted = self.fontMetrics().horizontalAdvance(count) + SPACING if count else 0
        left = rect.left() + (rect.width() - width - counted) // 2
        painter.setFont(font)
        painter.setPen(look.text)
        painter.drawText(QRect(left, rect.top(), width + MARGIN, rect.height()), middle, title)
        painter.setFont(self.font())
        painter.setPen(look.muted)
        painter.drawText(QRect(left + width + SPACING, rect.top(), counted + MARGIN, rect.height()), middle, count)
