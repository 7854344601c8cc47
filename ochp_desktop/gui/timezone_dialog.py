"""Asks once where times without an offset are meant."""

from __future__ import annotations

from zoneinfo import available_timezones

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QDialog, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.session import STORE, Session
from ochp_desktop.jobs.workplace import TIMEZONE
from ochp_desktop.texts import _


class TimezoneDialog(QDialog):
    """Keeps the time zone for this and all later files.

    Signals:
        chosen: another one is kept now.
    """

    chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Time zone"))
        said = layout.label(
            _(
                "Some spreadsheets write times without saying how far they are from UTC. "
                "Where are such times meant? Each row then gets the offset of that place on that day."
            ),
            wrap=True,
        )
        said.setMinimumWidth(400)
        self.box = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.addItems(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
        self.box.setCurrentText(bytes(QTimeZone.systemTimeZoneId().data()).decode(errors="replace"))
        completer = self.box.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.box.setAccessibleName(_("Time zone"))
        self.use_button = layout.button(_("&Use this time zone"), self._on_use_clicked, look="main")
        self.use_button.setDefault(True)
        cancel = layout.button(_("Cancel"), self.reject)
        layout.dialog_layout(self, said, self.box, layout.row(None, cancel, self.use_button))
        if session.workplace is not None:
            workplace = session.workplace
            session.runner.call(lambda: workplace.setting(TIMEZONE), lane=STORE, on_result=self._on_known)

    def _on_known(self, name: object) -> None:
        if isinstance(name, str) and name:
            self.box.setCurrentText(name)

    def _on_use_clicked(self) -> None:
        name, workplace = self.box.currentText(), self._session.workplace
        if self.box.findText(name) < 0 or workplace is None:
            return
        self._session.runner.call(
            lambda: workplace.set_setting(TIMEZONE, name),
            lane=STORE,
            on_result=lambda _nothing: self.chosen.emit(),
            on_error=self._session.failed.emit,
        )
        self.accept()
