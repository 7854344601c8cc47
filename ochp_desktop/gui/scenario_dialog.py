"""Chooses how the practice house misbehaves, each way with a sentence that says what happens and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QDialog, QFrame, QLineEdit, QRadioButton, QScrollArea, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.session import HOUSE, Session
from ochp_desktop.gui.theme import SPACING
from ochp_desktop.jobs.practice import ScenarioInfo, scenarios
from ochp_desktop.texts import _

_INDENT = 26


class ScenarioDialog(QDialog):
    """For training: what goes wrong at real houses goes wrong here on purpose, from the next request on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("Practise with faults"))
        layout.open_at_size(self, 680, 720)
        run = session.practice_run
        now, _colon, argument = (run.scenario if run is not None else "").partition(":")
        self.buttons: dict[str, QRadioButton] = {}
        self.argument_edits: dict[str, QLineEdit] = {}
        self._group = QButtonGroup(self)
        plain = ScenarioInfo("", _("No fault"), _("The clearing house works as it should."), "")
        parts: list[QWidget] = []
        for one in (plain, *scenarios()):
            parts += self._parts(one, chosen=one.name == now, argument=argument if one.name == now else "")
        choices = QWidget()
        choices.setLayout(layout.column(*parts, None, spacing=SPACING))
        scroll = QScrollArea()
        scroll.setWidget(choices)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.error_label = layout.label("", "error", wrap=True)
        self.error_label.hide()
        self.play_button = layout.button(_("&Apply"), self._on_play_clicked, look="main")
        self.play_button.setDefault(True)
        text = _("Nothing here is real: try how the program gets through what can go wrong at a clearing house.")
        whole = (
            layout.label(text, wrap=True),
            scroll,
            self.error_label,
            layout.row(None, layout.button(_("Cancel"), self.reject), self.play_button),
        )
        layout.dialog_layout(self, *whole)

    def _parts(self, one: ScenarioInfo, *, chosen: bool, argument: str) -> list[QWidget]:
        button = QRadioButton(one.title)
        button.setChecked(chosen)
        button.setAccessibleDescription(one.text)
        button.setToolTip(one.name)  # what the command line calls it
        self._group.addButton(button)
        self.buttons[one.name] = button
        sentence = layout.label(one.text, "muted", wrap=True)
        sentence.setIndent(_INDENT)
        parts: list[QWidget] = [button, sentence]
        if one.argument:
            edit = QLineEdit(argument)
            edit.setPlaceholderText(one.argument)
            edit.setAccessibleName(one.argument)
            edit.textEdited.connect(lambda _text: button.setChecked(True))
            self.argument_edits[one.name] = edit
            line = QWidget()
            row = layout.row(edit)
            row.setContentsMargins(_INDENT, 0, 0, 0)
            line.setLayout(row)
            parts.append(line)
        return parts

    def chosen(self) -> str:
        """The scenario as the house is told it; empty for none."""
        name = next((name for name, button in self.buttons.items() if button.isChecked()), "")
        edit = self.argument_edits.get(name)
        argument = edit.text().strip() if edit is not None else ""
        return f"{name}:{argument}" if argument else name

    def _on_play_clicked(self) -> None:
        run, scenario = self._session.practice_run, self.chosen()
        if run is None:
            self.reject()
            return
        self.play_button.setEnabled(False)
        self._session.runner.call(
            lambda: run.set_scenario(scenario), on_result=self._on_played, on_error=self._on_failed, lane=HOUSE
        )

    def _on_played(self, _nothing: object) -> None:
        self._session.changed.emit()
        self.accept()

    def _on_failed(self, error: OchpError) -> None:
        self.play_button.setEnabled(True)
        self.error_label.setText(error.text)
        self.error_label.show()
