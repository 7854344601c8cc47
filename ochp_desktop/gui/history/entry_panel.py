"""The panel beside the history: all that is known of the chosen entry, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QWidget

from ochp_desktop.gui import layout
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.jobs.history import Entry
from ochp_desktop.jobs.workplace import house_name
from ochp_desktop.texts import _, labelled, number

_MOST_WARNINGS = 20
_WIDTH = 340


class EntryPanel(QWidget):
    """Shows one entry.

    Signals:
        receipt_wanted: ("pdf" or "xlsx") write the receipt.
        settle_wanted: find out what became of the unconfirmed records.
        answer_wanted: note what the house told people.
        versions_wanted: compare this upload of the list with others.
    """

    receipt_wanted = Signal(str)
    settle_wanted = Signal()
    answer_wanted = Signal()
    versions_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH)
        self.setAccessibleName(_("The chosen entry"))
        self.title_label = layout.label("", "title", wrap=True)
        self._lines: list[tuple[str, str]] = []
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(2 * SPACING)
        self._form.setHorizontalSpacing(MARGIN)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        facts = QWidget()
        facts.setLayout(self._form)
        scroll = QScrollArea()
        scroll.setWidget(facts)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubt_label = layout.label(
            _(
                "It is not known whether the house has these records. Settling asks it again and sends nothing twice. "
                "When the house cannot be understood, call it, name the ids, and note its answer here."
            ),
            "warning",
            wrap=True,
        )
        self.settle_button = layout.button(_("&Settle…"), self.settle_wanted.emit, look="main")
        self.answer_button = layout.button(_("&Note the house's answer…"), self.answer_wanted.emit)
        self.doubt = QWidget()
        self.doubt.setLayout(
            layout.column(self.doubt_label, layout.row(self.settle_button, self.answer_button, None), spacing=SPACING)
        )
        self.pdf_button = layout.button(_("Receipt as &PDF…"), lambda: self.receipt_wanted.emit("pdf"))
        self.book_button = layout.button(_("Receipt as E&xcel file…"), lambda: self.receipt_wanted.emit("xlsx"))
        self.receipts = QWidget()
        self.receipts.setLayout(layout.row(self.pdf_button, self.book_button, None))
        self.versions_button = layout.button(_("Compare with &another version…"), self.versions_wanted.emit)
        self.compared = QWidget()
        self.compared.setLayout(layout.row(self.versions_button, None))
        whole = layout.column(self.title_label, self.doubt, scroll, self.compared, self.receipts, margin=MARGIN)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_entry(None)

    def lines(self) -> list[tuple[str, str]]:
        """Title and text of all that is shown."""
        return list(self._lines)

    def show_entry(self, entry: Entry | None) -> None:
        """Show another entry, or none."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._lines = described(entry) if entry is not None else []
        self.title_label.setText(entry.kind.title() if entry is not None else _("Choose an entry to see all about it."))
        self.doubt.setVisible(entry is not None and entry.unsettled and bool(entry.batches))
        self.compared.setVisible(entry is not None and entry.version is not None)
        self.receipts.setVisible(entry is not None and bool(entry.upload))
        for title, text in self._lines:
            value = layout.label(text, wrap=True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._form.addRow(layout.label(title, "muted"), value)


def described(entry: Entry) -> list[tuple[str, str]]:
    """All that is known of an entry, in the user's language."""
    lines = [
        (_("Started"), short_moment(entry.begun)),
        (_("Last answer"), short_moment(entry.ended) if entry.ended is not None else _("none yet")),
        (_("Clearing house"), house_name(entry.house)),
        (_("User"), entry.user),
        (_("Outcome"), entry.outcome.title()),
    ]
    if entry.counted:
        lines.append((_("Records"), number(entry.count)))
    if entry.states:
        now = ", ".join(labelled(kind.title(), number(count)) for kind, count in entry.states.items())
        lines.append((_("States now"), now))
    if entry.requests > 1:
        lines.append((_("Requests"), number(entry.requests)))
    if entry.batches:
        lines.append((_("Numbers of the requests"), ", ".join(map(str, entry.batches[:_MOST_WARNINGS]))))
    if entry.files():
        lines.append((_("Files"), ", ".join(entry.files())))
    lines.append((_("Answer"), "\n".join(entry.answers) or _("none")))
    accepted = entry.details.get("accepted")
    if isinstance(accepted, list) and accepted:
        told = [
            f"{one.get('what', '')}: {one.get('reason', '')} ({one.get('rule', '')})"
            for one in accepted[:_MOST_WARNINGS]
            if isinstance(one, dict)
        ]
        if len(accepted) > _MOST_WARNINGS:
            told.append(_("… and {count} more, in the receipt").format(count=number(len(accepted) - _MOST_WARNINGS)))
        lines.append((_("Accepted warnings"), "\n".join(told)))
    if entry.fingerprint:
        # In groups, so that it can be broken into lines.
        lines.append((_("Fingerprint (SHA-256)"), " ".join(_groups(entry.fingerprint))))
    return lines


def _groups(text: str) -> list[str]:
    return [text[start : start + 8] for start in range(0, len(text), 8)]
