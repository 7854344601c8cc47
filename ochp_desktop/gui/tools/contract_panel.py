"""The contract id completer: ids in, one per line; check digits and the other forms out."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ochp_desktop.gui import icons, layout
from ochp_desktop.gui.table.gather import gather
from ochp_desktop.gui.tools.panel import ToolPanel, fill, make_table
from ochp_desktop.records.contract_help import Completed, complete_all, complete_texts
from ochp_desktop.records.contract_id import Form
from ochp_desktop.texts import _, ngettext, number

_MOST = 2_000


class ContractPanel(ToolPanel):
    """Completes contract ids as they are typed or pasted; several stand one per line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Contract id completer"), parent)
        self.completed: list[Completed] = []
        self._is_busy = False
        self.input = QPlainTextEdit()
        self.input.setPlaceholderText(_("Contract ids, one per line: NL-TNM-012204"))
        self.input.setAccessibleName(_("Contract ids"))
        self.input.setTabChangesFocus(True)
        self.input.setMaximumHeight(110)
        self.input.textChanged.connect(self._renew)
        self.table = make_table(
            (_("Given"), _("Form"), _("Check digit"), _("Completed"), "ISO 15118-1", "eMI3", "DIN SPEC 91286"),
            (180, 120, 130, 160, 160, 160, 0),
            _("Completed contract ids"),
        )
        self.said = layout.label("", "muted", wrap=True)
        self.copy_button = layout.button(_("&Copy the completed ids"), self.copy, look="main")
        foot = layout.row(self.said, self.copy_button)
        foot.setStretch(0, 1)
        layout.dialog_layout(self, self.input, self.table, foot)
        layout.open_at_size(self, 1100, 460)
        self._renew()

    def copy(self) -> None:
        """Put the completed ids into the clipboard, one per line, to be pasted into the table."""
        QGuiApplication.clipboard().setText("\n".join(complete_texts(self.completed)))
        count = len(self.completed)
        self.said.setText(
            ngettext("{count} contract id copied.", "{count} contract ids copied.", count).format(count=number(count))
        )

    def _renew(self) -> None:
        if not self._is_busy:
            # Whoever completes notices a change and begins anew.
            self._is_busy = True
            document = self.input.document()
            gather(self, lambda: complete_all(self.input.toPlainText()), document.revision, self._on_completed)

    def _on_completed(self, completed: list[Completed]) -> None:
        self._is_busy = False
        self.completed = completed
        shown = self.completed[:_MOST]
        marks = {True: icons.icon("check"), False: icons.icon("warning"), None: None}
        fill(
            self.table,
            [(one.text, _form(one), _digit(one), one.whole or "–", one.iso, one.emi3, one.din) for one in shown],
            [marks[one.is_right] for one in shown],
        )
        wrong = sum(one.is_right is False for one in self.completed)
        text = ngettext("{count} check digit does not fit.", "{count} check digits do not fit.", wrong)
        self.said.setText(text.format(count=number(wrong)) if wrong else "")
        self.copy_button.setEnabled(bool(self.completed))


def _form(one: Completed) -> str:
    return _("external id") if one.contract.form is Form.EXTERNAL else one.contract.form.value


def _digit(one: Completed) -> str:
    contract = one.contract
    if contract.form is Form.EXTERNAL:
        return _("has none")
    if one.is_right is None:
        return _("is {digit}").format(digit=contract.expected)
    if one.is_right:
        return _("{digit} fits").format(digit=contract.check)
    return _("{digit}, would be {expected}").format(digit=contract.check, expected=contract.expected)
