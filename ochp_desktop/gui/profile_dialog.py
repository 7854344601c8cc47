"""The dialog for one connection: everything about a clearing house, checked in place and tried out on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import ask, layout
from ochp_desktop.gui.form import Form, HubField, PathField
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.step_list import StepList
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Profile, check_profile
from ochp_desktop.texts import _

if TYPE_CHECKING:
    from ochp_desktop.jobs.try_connection import Step


class ProfileDialog(layout.GrowingDialog):
    """Makes a new connection, or changes one.

    What is wrong stands below its field when saving is tried. Testing runs beside the dialog and keeps nothing.
    """

    def __init__(self, session: Session, profile: Profile | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._old = profile
        self._testing: Running | None = None
        self.setWindowTitle(_("Change connection") if profile else _("New connection"))
        self.setMinimumWidth(620)
        self._make_fields(profile or Profile("", "", ""))
        self.steps = StepList()
        self.message = layout.label("", "error", wrap=True)
        self.message.hide()
        self.test_button = layout.button(_("&Test connection"), self._on_test_clicked, icon="connection")
        self.remove_button = layout.button(_("&Remove…"), self._on_remove_clicked)
        self.remove_button.setVisible(profile is not None)
        self.cancel_button = layout.button(_("Cancel"), self.reject)
        self.save_button = layout.button(_("&Save and connect"), self._on_save_clicked, look="main")
        self.save_button.setDefault(True)
        buttons = layout.row(self.test_button, self.remove_button, None, self.cancel_button, self.save_button)
        layout.dialog_layout(self, layout.Scrolled(self.form), self.steps, self.message, buttons)
        self.name_edit.setFocus()
        self._ask_key_store()

    def _make_fields(self, start: Profile) -> None:
        self.name_edit = QLineEdit(start.name)
        self.name_edit.setPlaceholderText(_("What you call it, for example: Clearing house"))
        self.endpoint_edit = QLineEdit(start.endpoint)
        self.endpoint_edit.setPlaceholderText("https://clearing.example.org/service")
        self.user_edit = QLineEdit(start.user)
        self.password_edit = QLineEdit()
        self.password_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.password_edit.setPlaceholderText(_("leave empty to keep the one you entered before") if start.name else "")
        self.where_label = layout.label(_("Asking this computer's key store…"), "muted", wrap=True)
        # Room for two lines from the start, so that nothing jumps when the answer comes.
        self.where_label.setMinimumHeight(2 * self.where_label.fontMetrics().lineSpacing())
        self.where_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.wsdl_field = PathField(
            start.wsdl, _("the one that ships with the program"), self._on_choose, _("WSDL files (*.wsdl *.xml)")
        )
        self.ca_field = PathField(
            start.ca_file, _("the system's"), self._on_choose, _("Certificates (*.pem *.crt *.cer)")
        )
        self.cert_field = PathField(start.cert_file, _("none"), self._on_choose, _("Certificates (*.pem *.crt *.cer)"))
        self.key_field = PathField(
            start.key_file, _("in the certificate's file"), self._on_choose, _("Keys (*.pem *.key)")
        )
        self.provider_edit = QLineEdit(start.provider_id)
        self.provider_edit.setPlaceholderText(_("as it is written in charge data records"))
        self.provider_name_edit = QLineEdit(start.provider_name)
        self.hub_edit = HubField(start.hub)
        self.prefixes_edit = QLineEdit(", ".join(start.prefixes))
        self.prefixes_edit.setPlaceholderText("NL-ESS, NL-TNM")

        self.form = Form()
        self.form.heading(_("The clearing house"))
        self.form.add("name", _("&Name"), self.name_edit)
        self.form.add("endpoint", _("&Address of the service"), self.endpoint_edit)
        self.form.add("user", _("&User id"), self.user_edit)
        self.form.add("password", _("&Password"), self.password_edit, self.where_label)
        self.form.heading(_("Only if your clearing house says so"))
        self.form.add("wsdl", _("&WSDL: file or address"), self.wsdl_field)
        self.form.add("ca_file", _("Certificate auth&ority"), self.ca_field)
        self.form.add("cert_file", _("Client &certificate"), self.cert_field)
        self.form.add("key_file", _("Its &key"), self.key_field)
        self.form.heading(_("Your own company"))
        self.form.add("provider_id", _("Pro&vider id"), self.provider_edit)
        self.form.add("provider_name", _("Na&me of the company"), self.provider_name_edit)
        self.form.add("hub", _("&Hub number"), self.hub_edit)
        self.form.add("prefixes", _("Contract ids &begin with"), self.prefixes_edit)

    def profile(self) -> Profile:
        """The connection as it is filled in."""
        return Profile(
            name=self.name_edit.text().strip(),
            endpoint=self.endpoint_edit.text().strip(),
            user=self.user_edit.text().strip(),
            wsdl=self.wsdl_field.text(),
            ca_file=self.ca_field.text(),
            cert_file=self.cert_field.text(),
            key_file=self.key_field.text(),
            provider_id=self.provider_edit.text().strip(),
            provider_name=self.provider_name_edit.text().strip(),
            hub=self.hub_edit.hub(),
            prefixes=tuple(part.strip() for part in self.prefixes_edit.text().split(",") if part.strip()),
            batch_size=self._old.batch_size if self._old else Profile("", "", "").batch_size,
        )

    def _ask_key_store(self) -> None:
        workplace = self._session.workplace
        if workplace is not None:
            self._session.runner.call(workplace.credentials.available, on_result=self._on_key_store_known)

    def _on_key_store_known(self, found: tuple[bool, str]) -> None:
        self.where_label.setText(found[1])

    def _is_valid(self) -> bool:
        complaints = check_profile(self.profile())
        taken = {one.name.casefold() for one in self._session.profiles if self._old is None or one != self._old}
        if self.name_edit.text().strip().casefold() in taken:
            complaints.append(("name", _("There is a connection of this name already.")))
        self.form.complain(complaints)
        return not complaints

    # testing

    def _on_test_clicked(self) -> None:
        if self._testing is not None:
            self._testing.stop()
            return
        if not self._is_valid():
            return
        profile, typed = self.profile(), self.password_edit.text()
        workplace = self._session.workplace
        old = self._old

        def work(cancel: Cancel) -> Job[list[Step]]:
            from ochp_desktop.jobs.try_connection import try_connection  # the client is not needed for the window

            known = typed
            if not known and old is not None and workplace is not None:
                known = workplace.credentials.get(old.name, old.user) or ""
            return (yield from try_connection(profile, known, cancel))

        self.steps.wait(_("Testing the connection…"))
        self.test_button.setText(_("Stop the &test"))
        self._testing = self._session.runner.start(
            _("Testing the connection"),
            work,
            quiet=True,
            on_result=self._on_tested,
            on_error=self._on_test_failed,
            on_end=self._on_test_ended,
        )

    def _on_tested(self, steps: Sequence[Step]) -> None:
        self.steps.show_steps([(step.ok, step.title, step.text) for step in steps])

    def _on_test_failed(self, error: OchpError) -> None:
        self.steps.show_steps([(False, error.title, error.text)])

    def _on_test_ended(self) -> None:
        if self._testing is not None and self._testing.cancel.is_set():
            self.steps.wait(_("The test was stopped."))
        self._testing = None
        self.test_button.setText(_("&Test connection"))

    # saving

    def _on_save_clicked(self) -> None:
        if not self._is_valid():
            return
        self.save_button.setEnabled(False)
        password = self.password_edit.text() or None
        self._session.save_profile(
            self.profile(), password, self._old.name if self._old else None, self._on_saved, self._on_save_failed
        )

    def _on_saved(self, _kept: bool) -> None:  # noqa: FBT001 - what the job returns
        self.accept()

    def _on_save_failed(self, error: OchpError) -> None:
        self.save_button.setEnabled(True)
        self.message.setText(f"{error.title}. {error.text}")
        self.message.show()

    def _on_remove_clicked(self) -> None:
        assert self._old is not None
        name = self._old.name
        ask.ask(
            self,
            _("Remove this connection?"),
            _("“{name}” and its password are forgotten on this computer. Lists and statements are kept.").format(
                name=name
            ),
            yes=_("Remove connection"),
            no=_("Keep it"),
            on_yes=self._on_remove_confirmed,
        )

    def _on_remove_confirmed(self) -> None:
        assert self._old is not None
        self._session.remove_profile(self._old.name)
        self.accept()

    def _on_choose(self, field: PathField, kinds: str) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose a file"), field.text(), layout.file_filter(kinds))
        if path:
            field.set_text(path)

    def done(self, result: int) -> None:
        """Stop a test that still runs when the dialog closes."""
        if self._testing is not None:
            self._testing.stop()
        super().done(result)


class PasswordDialog(layout.GrowingDialog):
    """Asks for the password of a connection that has none, or whose password was refused."""

    def __init__(self, session: Session, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._profile = profile
        self.setWindowTitle(_("Sign in"))
        self.setMinimumWidth(420)
        self.password_edit = QLineEdit()
        self.password_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.where_label = layout.label("", "muted", wrap=True)
        said = _("Password of {user} at “{name}”").format(user=profile.user, name=profile.name)
        asked = QLabel(said)
        asked.setTextFormat(Qt.TextFormat.PlainText)
        asked.setBuddy(self.password_edit)
        reason = layout.label(session.error.text if session.error else "", "error", wrap=True)
        reason.setVisible(session.error is not None)
        self.sign_in_button = layout.button(_("&Sign in"), self._on_sign_in_clicked, look="main")
        self.sign_in_button.setDefault(True)
        buttons = layout.row(None, layout.button(_("Cancel"), self.reject), self.sign_in_button)
        layout.dialog_layout(self, reason, asked, self.password_edit, self.where_label, buttons)
        self.password_edit.setAccessibleName(said)
        self.password_edit.setFocus()
        if session.workplace is not None:
            session.runner.call(session.workplace.credentials.available, on_result=self._on_key_store_known)

    def _on_key_store_known(self, found: tuple[bool, str]) -> None:
        self.where_label.setText(found[1])

    def _on_sign_in_clicked(self) -> None:
        password = self.password_edit.text()
        if not password:
            return
        session, profile = self._session, self._profile
        if profile.practice:
            session.use(profile, password)
        else:
            session.save_profile(profile, password, profile.name, lambda _kept: None, session.failed.emit)
        self.accept()
