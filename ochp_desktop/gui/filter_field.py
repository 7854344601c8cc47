"""The field that filters a table's rows, a moment after the last key."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.texts import _

_DELAY = 150  # milliseconds: a filter over many rows for every key would be felt
_WIDEST = 220
_FRAME = 28  # what of it is not there for text


class FilterField(QLineEdit):
    """Shows only rows of a table that hold its text."""

    def __init__(self, area: SheetArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self.setPlaceholderText(_("Filter rows…"))
        self.setAccessibleName(_("Filter rows"))
        self.setToolTip(_("Show only rows with this text (Ctrl+L)"))
        self.setClearButtonEnabled(True)
        self.setMaximumWidth(_WIDEST)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(self.placeholderText()) + _FRAME)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_due)
        self.textChanged.connect(lambda _text: self._timer.start(_DELAY))

    def sizeHint(self) -> QSize:
        """Room for an id; less where the window is narrow."""
        return QSize(_WIDEST, super().sizeHint().height())

    @property
    def waiting(self) -> bool:
        """Whether the text is not applied yet."""
        return self._timer.isActive()

    def begin(self) -> None:
        """Put the keyboard here."""
        self.setFocus()
        self.selectAll()

    def forget(self) -> None:
        """Become empty without filtering: the table shows all rows already."""
        self.blockSignals(True)
        self.clear()
        self.blockSignals(False)
        self._timer.stop()

    def _on_due(self) -> None:
        self._area.set_filter(self.text())
