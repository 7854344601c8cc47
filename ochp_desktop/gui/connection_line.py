"""The line below the menu: which clearing house, signed in as whom or why not, and the search over everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from ochp_desktop.errors import SignInFailed
from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.texts import _

_DOTS = {
    SignIn.NO_CONNECTION: ("ring", "muted"),
    SignIn.NO_PASSWORD: ("ring", "warning_mark"),
    SignIn.SIGNING_IN: ("ring", "accent"),
    SignIn.SIGNED_IN: ("dot", "accent"),
    SignIn.FAILED: ("error", "error_mark"),
}


class ConnectionLine(QWidget):
    """Shows the session's connection and offers the others.

    Signals:
        new_wanted: the user wants a new connection.
        edit_wanted: the user wants to change the current one.
        password_wanted: the user wants to enter the password.
    """

    new_wanted = Signal()
    edit_wanted = Signal()
    password_wanted = Signal()

    def __init__(self, session: Session, finder: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.profile_button = layout.button("")
        self.profile_button.setMenu(self.menu)
        self.profile_button.setMinimumWidth(132)
        self.profile_button.setAccessibleName(_("Connection"))
        self.profile_button.setToolTip(_("Choose or change the connection"))
        self.dot = icons.IconLabel()
        self.state_label = layout.label()
        self.user_label = layout.label("", "strong")
        self.owner_label = layout.label("", "muted")
        self.act_button = layout.button("", self._on_act_clicked, look="link")
        whole = layout.row(
            self.profile_button,
            self.dot,
            self.state_label,
            self.user_label,
            self.owner_label,
            self.act_button,
            finder,
            spacing=SPACING,
        )
        whole.insertStretch(whole.count() - 1, 1)
        whole.setStretch(whole.count() - 1, 2)
        whole.insertSpacing(1, SPACING)
        whole.setContentsMargins(MARGIN, 2 * SPACING, MARGIN, SPACING)
        self.setLayout(whole)
        session.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state as it is now."""
        session = self._session
        profile = session.profile
        self.profile_button.setText((profile.name if profile else _("No connection")) + "  ▾")
        user = profile.user if profile else ""
        words = {
            SignIn.NO_CONNECTION: _("not connected"),
            SignIn.NO_PASSWORD: _("not signed in: the password is missing"),
            SignIn.SIGNING_IN: _("signing in as"),
            SignIn.SIGNED_IN: _("signed in as"),
            SignIn.FAILED: _("not signed in: {reason}").format(
                reason=session.error.title if session.error else _("stopped")
            ),
        }
        self.state_label.setText(words[session.state])
        self.state_label.setToolTip(plain_tooltip(session.error.text) if session.error else "")
        self.user_label.setText(user if session.state in {SignIn.SIGNED_IN, SignIn.SIGNING_IN} else "")
        owner = [profile.provider_name or profile.provider_id] if profile else []
        if profile and profile.hub is not None:
            owner.append(_("hub {number}").format(number=profile.hub))
        self.owner_label.setText(", ".join(part for part in owner if part))
        self._make_room()
        self.act_button.setVisible(session.state in {SignIn.NO_PASSWORD, SignIn.FAILED})
        self.act_button.setText(
            _("Enter password…") if session.state is SignIn.NO_PASSWORD or self._refused() else _("Try again")
        )
        said = " ".join(label.text() for label in (self.state_label, self.user_label) if label.text())
        self.dot.setAccessibleName(said)
        self.dot.show_icon(*_DOTS[session.state])

    def _make_room(self) -> None:
        """Say whose connection it is where there is room for that; the connection's name is never cut off."""
        inside, owner = self.layout(), self.owner_label
        if inside is None:
            return
        gap = inside.spacing()
        others = inside.sizeHint().width() - (0 if owner.isHidden() else owner.sizeHint().width() + gap)
        wanted = self._session.state in {SignIn.SIGNED_IN, SignIn.SIGNING_IN} and bool(owner.text())
        owner.setVisible(wanted and others + owner.sizeHint().width() + gap <= self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other room."""
        super().resizeEvent(event)
        self._make_room()

    def _refused(self) -> bool:
        return isinstance(self._session.error, SignInFailed)

    def _on_act_clicked(self) -> None:
        if self._session.state is SignIn.NO_PASSWORD or self._refused():
            self.password_wanted.emit()
        else:
            self._session.sign_in_again()

    def fill_menu(self) -> None:
        """Offer every connection, the practice house and what can be done with them."""
        self.menu.clear()
        session = self._session
        for profile in session.profiles:
            self._add(
                profile.name,
                "connection",
                partial(session.use, profile),
                checked=session.profile is not None and not session.practising and session.profile.name == profile.name,
            )
        if session.practising:
            role = session.profile.user if session.profile else ""
            run = session.practice_run
            for name, text in (("provider", _("Practise as provider")), ("admin", _("Practise as administrator"))):
                here = run is not None and run.account(name)["user"] == role
                self._add(text, "practice", partial(session.practise_as, name), checked=here)
        else:
            self._add(_("Practice clearing house"), "practice", session.practise)
        self.menu.addSeparator()
        if session.profile is not None and not session.practising:
            self._add(_("Change this connection…"), "settings", self.edit_wanted.emit)
        self._add(_("New connection…"), "new", self.new_wanted.emit)

    def _add(self, text: str, icon: str, do: Callable[[], object], *, checked: bool = False) -> None:
        action = QAction(icons.icon(icon), text.replace("&", "&&"), self.menu)
        action.setCheckable(checked)
        action.setChecked(checked)
        action.triggered.connect(lambda _checked=False: do())
        self.menu.addAction(action)
