"""The window Versions of the list: compare any two, follow a card through all, take rows back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.history.card_page import CardPage
from ochp_desktop.gui.history.compare_page import ComparePage
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.theme import SPACING
from ochp_desktop.jobs.list_versions import ListVersion, list_versions
from ochp_desktop.texts import _


class VersionsDialog(QDialog):
    """Stands beside the main window while one works.

    Signals:
        restore_wanted: (rows) these are to come back into the open list.
    """

    restore_wanted = Signal(object)

    def __init__(
        self, session: Session, place: tuple[str, str], newest: int | None = None, parent: QWidget | None = None
    ) -> None:
        """Set up.

        Args:
            session: reads the versions.
            place: house and user whose versions they are.
            newest: number of the version to be compared with the one before; None for the newest.
            parent: the window.
        """
        super().__init__(parent)
        self.setWindowTitle(_("Versions of the list"))
        layout.open_at_size(self, 980, 620)
        self._newest = newest
        self.compare_page = ComparePage(session)
        self.card_page = CardPage(session, place)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.compare_page, _("&Compare two versions"))
        self.pages.addTab(self.card_page, _("&When did a card disappear?"))
        for page in (self.compare_page, self.card_page):
            page.restore_wanted.connect(self.restore_wanted)
            page.setContentsMargins(0, 2 * SPACING, 0, 0)
        self.close_button = layout.button(_("Close"), self.accept)
        layout.dialog_layout(self, self.pages, layout.row(None, self.close_button))
        workplace = session.workplace
        if workplace is not None:
            house, user = place
            session.runner.call(
                lambda: list_versions(workplace, house, user), on_result=self._on_read, on_error=self._on_failed
            )

    def _on_read(self, versions: Sequence[ListVersion]) -> None:
        self.compare_page.show_versions(versions, self._newest)

    def _on_failed(self, error: OchpError) -> None:
        self.compare_page.sum_label.setText(error.text)
