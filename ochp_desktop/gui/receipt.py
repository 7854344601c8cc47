"""The receipt of an upload: when, to whom, how many, what the house said, and the fingerprint of what was sent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.jobs.upload_list import Receipt
from ochp_desktop.jobs.workplace import house_name
from ochp_desktop.records.rulebook import rule
from ochp_desktop.texts import _, labelled, number

_SHOWN_ACCEPTED = 12


class ReceiptDialog(QDialog):
    """Shows a receipt and copies it as text."""

    def __init__(self, receipt: Receipt, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Receipt"))
        self.lines = (
            (_("Uploaded"), short_moment(receipt.when)),
            (_("Clearing house"), house_name(receipt.house)),
            (_("User"), receipt.user),
            (_("Tokens"), number(receipt.count)),
            (_("The house said"), receipt.description or _("nothing")),
            (_("Version of the list"), number(receipt.version)),
            (_("Fingerprint (SHA-256)"), receipt.fingerprint),
            *([(_("Accepted warnings"), _accepted(receipt))] if receipt.accepted else []),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(SPACING)
        grid.setColumnStretch(1, 1)
        for row, (title, text) in enumerate(self.lines):
            value = layout.label(text)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            grid.addWidget(layout.label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        copy = layout.button(_("&Copy"), self._on_copy_clicked)
        close = layout.button(_("Close"), self.accept, look="main")
        close.setDefault(True)
        layout.dialog_layout(self, grid, layout.row(copy, None, close))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(labelled(title, text) for title, text in self.lines))


def _accepted(receipt: Receipt) -> str:
    lines = []
    for one in receipt.accepted[:_SHOWN_ACCEPTED]:
        title = _(rule(one.rule).title)
        lines.append(labelled(one.what, f"{title} – {one.reason}"))
    more = len(receipt.accepted) - _SHOWN_ACCEPTED
    return "\n".join([*lines, *([_("and {count} more").format(count=number(more))] if more > 0 else [])])
