"""What the status line says about how far the open sheet is on disk, and what is told when the disk fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.moments import short_time
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.session import Session
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _

# Milliseconds within which an edit is on disk; a disk that takes longer is told.
_SOON = 1_000


class SaveState(QObject):
    """Follows the session's keeper for one tab; trouble is told once, and once more when it is over.

    Signals:
        changed: `text` is another one now.
    """

    changed = Signal()

    def __init__(self, session: Session, notice: Notice, sheet: Callable[[], Sheet | None], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._notice = notice
        self._sheet = sheet
        self._saved: datetime | None = None
        self._failing = self._behind = self._anew = False
        self._late = QTimer(self, singleShot=True, interval=_SOON)
        self._late.timeout.connect(self._on_late)
        session.opened.connect(self._on_opened)
        session.saved.connect(self._on_saved)
        session.saved_anew.connect(self._on_saved_anew)
        session.save_failed.connect(self._on_failed)

    def text(self) -> str:
        """For the right end of the status line."""
        sheet, keeper = self._sheet(), self._session.keeper
        if sheet is None:
            return ""
        if keeper is None:
            return _("nothing is being saved")
        if self._failing:
            if self._saved is None:
                return _("not saved; it is tried again every second")
            return _("not saved since {time}; it is tried again").format(time=short_time(self._saved))
        if self._behind or not keeper.keeps(sheet):
            return _("not saved yet…")
        return _("everything saved {time}").format(time=short_time(self._saved)) if self._saved is not None else ""

    def expect(self) -> None:
        """Something was edited: look whether it is on disk in time."""
        if not self._late.isActive():
            self._late.start()

    def _on_late(self) -> None:
        sheet, keeper = self._sheet(), self._session.keeper
        self._behind = sheet is not None and keeper is not None and keeper.is_behind(sheet)
        if self._behind:
            self.changed.emit()

    def _on_opened(self) -> None:
        self._saved, self._failing, self._behind, self._anew = None, False, False, False

    def _on_saved(self, when: datetime) -> None:
        self._saved, self._behind = when, False
        if self._failing:
            self._failing = False
            if self._sheet() is not None and not self._anew:
                self._notice.done(_("Everything is saved again; nothing was lost."))
        if self._anew:
            self._anew = False
            self._tell_anew()
        self.changed.emit()

    def _on_saved_anew(self) -> None:
        self._anew = True

    def _tell_anew(self) -> None:
        if self._sheet() is not None:
            self._notice.warn(
                _(
                    "The folder with the program's data was removed or replaced. Your open lists are saved anew; "
                    "nothing in them was lost. Close the program and start it again, so that everything else is "
                    "opened anew."
                )
            )

    def _on_failed(self, error: OchpError) -> None:
        if self._sheet() is not None and not self._failing:
            self._notice.error(error)
        self._failing = True
        self.changed.emit()
