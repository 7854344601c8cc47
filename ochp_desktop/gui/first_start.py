"""The one screen of the first start: try the program at the practice house, or connect to a clearing house."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.texts import _

_CARD = 300


class FirstStart(QWidget):
    """Offers the two ways to begin, inside the window.

    Signals:
        practice_wanted: try it out.
        connection_wanted: connect to a clearing house.
        files_wanted: just open and check files, without a connection.
    """

    practice_wanted = Signal()
    connection_wanted = Signal()
    files_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = icons.IconLabel("app", edge=64)
        title = layout.label(_("Welcome to OCHP Desktop"), "title", size=1.6)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = layout.label(
            _(
                "Keep the roaming list right, upload charge data records and file the cleared ones: "
                "from your spreadsheets, with everything checked before it leaves this computer."
            ),
            "muted",
            wrap=True,
        )
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setFixedWidth(2 * _CARD)
        self.practice_button = layout.button(
            _("&Try it at the practice house"), self.practice_wanted.emit, look="main", icon="practice"
        )
        self.connection_button = layout.button(
            _("Co&nnect to a clearing house…"), self.connection_wanted.emit, icon="connection"
        )
        self.files_button = layout.button(
            _("or &only check a file, without a connection"), self.files_wanted.emit, look="link"
        )
        practice = self._card(
            _("Look around first"),
            _(
                "The practice clearing house runs inside the program, with sample cards, partners and records. "
                "Nothing you do there leaves this computer, and it is kept apart from your real data."
            ),
            self.practice_button,
        )
        connection = self._card(
            _("Start working"),
            _(
                "You need what your clearing house gave you: the address of its service, a user id and a password. "
                "The connection can be tested before anything is sent."
            ),
            self.connection_button,
        )
        whole = layout.column(
            None,
            layout.row(None, picture, None),
            title,
            layout.row(None, text, None),
            layout.row(None, practice, connection, None, spacing=MARGIN),
            layout.row(None, self.files_button, None),
            None,
            spacing=MARGIN,
            margin=MARGIN,
        )
        whole.setStretch(6, 1)
        self.setLayout(whole)

    @staticmethod
    def _card(title: str, text: str, button: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        card.setFixedWidth(_CARD)
        said = layout.label(text, "muted", wrap=True)
        card.setLayout(layout.column(layout.label(title, "strong"), said, None, button, margin=4 * SPACING))
        return card
