"""Lists that were closed, to be opened again: closing never asks, so it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.moments import short_time
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.session import STORE, Session
from ochp_desktop.jobs.drafts import KeptDraft, Reopened, kept_drafts, reopen_kept
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.texts import _

_MOST = 20


class KeptLists(QObject):
    """Shows the closed lists of one kind as a menu and opens the chosen one."""

    def __init__(
        self, kind: RecordKind, session: Session, notice: Notice, on_opened: Callable[[Reopened], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._session = session
        self._notice = notice
        self._on_opened = on_opened
        self._parent = parent
        self.menu: QMenu | None = None

    def choose(self) -> None:
        """Show which there are."""
        workplace = self._session.workplace
        if workplace is not None:
            self._session.runner.call(
                lambda: kept_drafts(workplace), lane=STORE, on_result=self._on_known, on_error=self._on_error
            )

    def _on_known(self, kept: list[KeptDraft]) -> None:
        mine = [one for one in kept if one.kind == self._kind.name][:_MOST]
        if not mine:
            self._notice.tell(_("No list was closed yet: closed lists are kept and can be opened again here."))
            return
        menu = QMenu(self._parent)
        for one in mine:
            title = _("{title}   closed {time}").format(title=one.title, time=short_time(one.closed))
            action = QAction(title.replace("&", "&&"), menu)
            action.triggered.connect(partial(self._open, one))
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._parent.mapToGlobal(self._parent.rect().topLeft()) if self._keyboard() else QCursor.pos())
        self.menu = menu

    def _keyboard(self) -> bool:
        return not self._parent.underMouse()

    def _open(self, kept: KeptDraft, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        workplace = self._session.workplace
        if workplace is None:
            return
        self._session.runner.start(
            _("Opening {title}").format(title=kept.title),
            lambda cancel: reopen_kept(workplace, kept.draft, cancel),
            lane=STORE,
            on_result=self._on_opened,
            on_error=self._on_error,
        )

    def _on_error(self, error: OchpError) -> None:
        self._notice.error(error)
