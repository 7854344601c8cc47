"""What the status line says about how far the open sheet is on disk, and what is told when the disk fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.moments import short_time
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.session import Session
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


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
        self._failing = False
        session.opened.connect(self._on_opened)
        session.saved.connect(self._on_saved)
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
        if not keeper.keeps(sheet):
            return _("not saved yet…")
        return _("everything saved {time}").format(time=short_time(self._saved)) if self._saved is not None else ""

    def _on_opened(self) -> None:
        self._saved, self._failing = None, False

    def _on_saved(self, when: datetime) -> None:
        self._saved = when
        if self._failing:
            self._failing = False
            if self._sheet() is not None:
                self._notice.done(_("Everything is saved again; nothing was lost."))
        self.changed.emit()

    def _on_failed(self, error: OchpError) -> None:
        if self._sheet() is not None and not self._failing:
            self._notice.error(error)
        self._failing = True
        self.changed.emit()
