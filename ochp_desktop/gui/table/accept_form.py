"""The lines in a problem's card in which a warning is accepted: the reason, and for which rows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ochp_desktop.gui import layout, theme
from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.texts import _, ngettext, number


class AcceptForm(QWidget):
    """Asks for a reason; an empty one is not taken.

    Signals:
        given: (reason, whether for all rows; else for the row of the current cell alone).
        closed: the user thought better of it.
    """

    given = Signal(str, bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why is it all right?"))
        self.reason.setMaxLength(300)
        self.reason.setAccessibleName(_("Reason for accepting"))
        self.all_button = layout.button("", lambda: self._give(everywhere=True), look="main")
        self.one_button = layout.button(_("Only the current row"), lambda: self._give(everywhere=False))
        self.one_button.setToolTip(_("Accepts it for the row of the current cell alone."))
        back = layout.button(_("Back"), self.closed.emit)
        buttons = FlowLayout(spacing=2 * theme.SPACING)
        for button in (self.all_button, self.one_button, back):
            buttons.addWidget(button)
        self.setLayout(layout.column(self.reason, buttons))
        self.reason.textChanged.connect(lambda _text: self._renew())
        self.reason.returnPressed.connect(lambda: self._give(everywhere=self._count == 1))
        self._renew()

    def set_count(self, count: int) -> None:
        """How many cells have the problem."""
        self._count = count
        text = ngettext("Accept it", "Accept all {count}", count).format(count=number(count))
        self.all_button.setText(text)
        self.one_button.setVisible(count > 1)

    def _renew(self) -> None:
        for button in (self.all_button, self.one_button):
            button.setEnabled(bool(self.reason.text().strip()))

    def _give(self, *, everywhere: bool) -> None:
        reason = self.reason.text().strip()
        if reason:
            self.given.emit(reason, everywhere)
            self.reason.clear()
