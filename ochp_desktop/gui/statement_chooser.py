"""The list of what the tab Cleared CDRs can show: each statement, all of them, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from ochp_desktop.gui.cleared_views import ALL, SENT, Key
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.jobs.statements import StatementInfo
from ochp_desktop.texts import _, ngettext, number


class StatementChooser(QComboBox):
    """Chooses by hand only: showing other choices chooses nothing.

    Signals:
        chosen: (Key) the user wants to see this.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(240)
        self.setMinimumHeight(27)
        self.setAccessibleName(_("Statement"))
        self.setToolTip(_("Every statement that was ever fetched, all of them at once, or what you sent"))
        self.activated.connect(self._on_activated)

    def show_choices(self, infos: Sequence[StatementInfo], shown: Key | None) -> None:
        """List the statements, the newest first, with what is shown now in front."""
        self.clear()
        for info in infos:
            count = ngettext("{count} record", "{count} records", info.count).format(count=number(info.count))
            self.addItem(f"{short_moment(info.when)} · {count}", info.id)
        if infos:
            self.insertSeparator(self.count())
        if len(infos) > 1:
            self.addItem(_("All statements"), ALL)
        self.addItem(_("What you sent: cleared or not"), SENT)
        self.setCurrentIndex(-1 if shown is None else self.findData(shown))

    def _on_activated(self, index: int) -> None:
        key = self.itemData(index)
        if key is not None:
            self.chosen.emit(key)
