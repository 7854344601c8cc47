"""What an upload of the list will change, shown before anything is sent; removed cards need a deliberate yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import dress
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.jobs.columns_left_out import left_out_text
from ochp_desktop.jobs.list_change import Difference, ListChange, Row
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import _, labelled, ngettext, number

MOST_SHOWN = 1_000
"""Rows shown in each list; the counts are always of all."""
_COLUMNS = ("evcoId", "tokenId", "printedNumber", "expiryDate")


class UploadReview(QDialog):
    """Added, changed, deactivated and removed tokens; the main button says what it will do.

    Cards that disappear must be agreed to: with a tick, or by typing their number when there are many.
    """

    def __init__(
        self, change: ListChange, house: str, on_upload: Callable[[int], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.change = change
        self._on_upload = on_upload
        self.setWindowTitle(_("Before the upload"))
        layout.open_at_size(self, 760, 560)
        total = len(change.rows)
        title = ngettext(
            "{count} token goes to “{house}” and replaces the list there",
            "{count} tokens go to “{house}” and replace the list there",
            total,
        ).format(count=number(total), house=house)
        self.summary_label = layout.label(self._summary(), "muted", wrap=True)
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        difference = change.house
        self._add(_("Removed"), change.removed)
        self._add(_("Deactivated"), [new for _old, new in difference.deactivated])
        self._add(_("Changed"), [new for _old, new in difference.changed], [old for old, _new in difference.changed])
        self._add(_("Added"), difference.added)
        if not self.lists.count():
            self.lists.hide()
        removed = len(change.removed)
        self.agree_box = QCheckBox(
            ngettext(
                "&Remove {count} card: it stops working", "&Remove {count} cards: they stop working", removed
            ).format(count=number(removed))
        )
        self.agree_box.toggled.connect(self._on_agreement_changed)
        self.number_edit = QLineEdit()
        self.number_edit.setMaximumWidth(120)
        self.number_edit.textChanged.connect(self._on_agreement_changed)
        asked = layout.label(
            ngettext(
                "{count} card stops working. Type this number to remove it:",
                "{count} cards stop working. Type this number to remove them:",
                removed,
            ).format(count=number(removed)),
            "error",
        )
        asked.setBuddy(self.number_edit)
        self.number_edit.setAccessibleName(asked.text())
        number_row = QWidget()
        number_row.setLayout(layout.row(asked, self.number_edit, None))
        number_row.setVisible(change.needs_yes and change.needs_number)
        self.agree_box.setVisible(change.needs_yes and not change.needs_number)
        keep = _("Keep them") if change.needs_yes else _("Cancel")
        self.cancel_button = layout.button(keep, self.reject)
        self.upload_button = layout.button(
            ngettext("&Upload {count} token", "&Upload {count} tokens", total).format(count=number(total)),
            self._on_upload_clicked,
            look="main",
        )
        (self.cancel_button if change.needs_yes else self.upload_button).setDefault(True)
        layout.dialog_layout(
            self,
            layout.label(title, "title", wrap=True),
            self.summary_label,
            self.lists,
            *(() if self.lists.count() else (None,)),
            self.agree_box,
            number_row,
            layout.row(None, self.cancel_button, self.upload_button),
        )
        self._on_agreement_changed()

    def _summary(self) -> str:
        change = self.change
        if change.house_total:
            text = ngettext(
                "Compared with the {count} token of yours that the house has now: {what}.",
                "Compared with the {count} tokens of yours that the house has now: {what}.",
                change.house_total,
            )
        else:
            text = _("The house has no tokens of yours yet: {what}.")
        lines = [text.format(count=number(change.house_total), what=said(change.house))]
        if change.last is not None and change.last_upload is not None:
            when = short_moment(change.last_upload)
            lines.append(
                _("Compared with your last upload of {when}: {what}.").format(when=when, what=said(change.last))
            )
        if change.left_out:
            lines.append(left_out_text(change.left_out))
        return "\n".join(lines)

    def _add(self, title: str, rows: Sequence[Row], before: Sequence[Row] = ()) -> None:
        if not rows:
            return
        columns = [TOKENS.index(name) for name in _COLUMNS]
        titles = [TOKENS.fields[column].title() for column in columns]
        if before:
            titles.append(_("What changes"))
        table = QTableWidget(min(len(rows), MOST_SHOWN), len(titles))
        table.setHorizontalHeaderLabels(titles)
        dress(table, title)
        table.horizontalHeader().setStretchLastSection(True)
        for at, row in enumerate(rows[:MOST_SHOWN]):
            for place, column in enumerate(columns):
                table.setItem(at, place, QTableWidgetItem(row[column]))
            if before:
                table.setItem(at, len(columns), QTableWidgetItem(changed_fields(before[at], row)))
        for place, column in enumerate(columns):
            table.setColumnWidth(place, TOKENS.fields[column].width * table.fontMetrics().averageCharWidth() + 24)
        self.lists.addTab(table, f"{title} {number(len(rows))}")

    def _on_agreement_changed(self) -> None:
        removed = len(self.change.removed)
        if not self.change.needs_yes:
            agreed = True
        elif self.change.needs_number:
            typed = "".join(mark for mark in self.number_edit.text() if mark.isdigit())
            agreed = typed == str(removed)
        else:
            agreed = self.agree_box.isChecked()
        self.upload_button.setEnabled(agreed)

    def _on_upload_clicked(self) -> None:
        self.accept()
        self._on_upload(len(self.change.removed))


def said(difference: Difference) -> str:
    """The numbers of a difference in words."""
    parts = (
        (len(difference.added), _("{count} added")),
        (len(difference.changed), _("{count} changed")),
        (len(difference.deactivated), _("{count} deactivated")),
        (len(difference.removed), _("{count} removed")),
        (difference.same, _("{count} as before")),
    )
    return ", ".join(text.format(count=number(count)) for count, text in parts if count) or _("nothing changes")


def changed_fields(old: Row, new: Row) -> str:
    """Which fields of a token change, old and new; a secret only by name."""
    changes = []
    for field, before, after in zip(TOKENS.fields, old, new, strict=True):
        if before != after:
            changes.append(
                field.title()
                if field.secret
                else labelled(field.title(), f"{field.shown(before)} → {field.shown(after)}")
            )
    return "; ".join(changes)
