"""Chooses which states of records the table shows."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QComboBox, QWidget

from ochp_desktop.gui import icons
from ochp_desktop.jobs.upload_cdrs import StateKind
from ochp_desktop.texts import _


class StateFilter(QComboBox):
    """All states, or one of them.

    Args:
        rows_in: ids of the rows that show a state.
        show: shows only these rows, or all when None.
    """

    def __init__(
        self,
        rows_in: Callable[[StateKind], Collection[int]],
        show: Callable[[Collection[int] | None], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows_in = rows_in
        self._show = show
        self.setAccessibleName(_("Only rows in this state"))
        self.setToolTip(_("Only rows in this state"))
        self.addItem(_("All states"), None)
        for kind in StateKind:
            self.addItem(icons.icon(kind.value), kind.title(), kind)
        self.activated.connect(lambda _index: self.renew())

    def kind(self) -> StateKind | None:
        """The chosen state."""
        found: StateKind | None = self.currentData()
        return found

    def choose(self, kind: StateKind | None) -> None:
        """Show only the rows in this state, or all."""
        self.setCurrentIndex(self.findData(kind) if kind is not None else 0)
        self.renew()

    def renew(self) -> None:
        """Show what fits now."""
        kind = self.kind()
        self._show(None if kind is None else self._rows_in(kind))

    def forget(self) -> None:
        """The table shows all rows again, by whatever way."""
        self.setCurrentIndex(0)
