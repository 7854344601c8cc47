"""Two versions of the roaming list side by side: what was added, changed, removed; rows to be restored from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.lines import LinesModel, LinesTable
from ochp_desktop.gui.moments import short_moment
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.list_change import TOKEN_ID
from ochp_desktop.jobs.list_versions import CONTRACT, Comparison, Kind, Line, ListVersion, compare_versions
from ochp_desktop.texts import _, ngettext, number

_MARKS = {Kind.ADDED: "row-add", Kind.CHANGED: "replace", Kind.REMOVED: "row-delete"}


class ComparePage(QWidget):
    """Compares as soon as two versions are chosen.

    Signals:
        restore_wanted: (rows) these are to come back into the open list.
    """

    restore_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._versions: Sequence[ListVersion] = ()
        self._running: Running | None = None
        self.found: Comparison | None = None
        self.old_box, self.new_box = QComboBox(), QComboBox()
        older, newer = layout.label(_("&Older version:")), layout.label(_("&Newer version:"))
        for box, label in ((self.old_box, older), (self.new_box, newer)):
            label.setBuddy(box)
            box.setAccessibleName(label.text().replace("&", ""))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self.compare)
        self.search_edit = QLineEdit()
        self.search_edit.setPlaceholderText(_("Only cards with this text"))
        self.search_edit.setClearButtonEnabled(True)
        self.search_edit.setAccessibleName(self.search_edit.placeholderText())
        self.search_edit.textChanged.connect(self._show_lines)
        titles = (_("What"), _("Token id"), _("Contract id"), _("Old and new"))
        model = LinesModel(titles, _texts, lambda line: _MARKS[line.kind])
        self.table = LinesTable(model, (14, 22, 22, 40), _("What differs"))
        self.table.selectionModel().selectionChanged.connect(self._on_chosen)
        self.sum_label = layout.label("", "muted", wrap=True)
        self.restore_button = layout.button(_("&Restore into the open list"), self._on_restore_clicked, look="main")
        told = _("The chosen cards get the values of the older version back. You can undo this.")
        sums = layout.row(self.sum_label, self.search_edit)
        foot = layout.row(layout.label(told, "muted", wrap=True), self.restore_button)
        for line in (sums, foot):
            line.setStretch(0, 1)
        whole = layout.column(layout.row(older, self.old_box, newer, self.new_box, None), sums, self.table, foot)
        whole.setStretch(2, 1)
        self.search_edit.setMinimumWidth(220)
        self.setLayout(whole)
        self._show_lines()

    def show_versions(self, versions: Sequence[ListVersion], newest: int | None = None) -> None:
        """Offer these, the newest first, and compare one with the one before it."""
        self._versions = versions
        for box in (self.old_box, self.new_box):
            with QSignalBlocker(box):
                box.clear()
                for version in versions:
                    box.addItem(version_text(version), version.id)
        at = next((place for place, version in enumerate(versions) if version.id == newest), 0)
        self.new_box.setCurrentIndex(at if versions else -1)
        self.old_box.setCurrentIndex(min(at + 1, len(versions) - 1))
        self.compare()

    def compare(self) -> None:
        """Compare the two that are chosen."""
        old, new = self.old_box.currentIndex(), self.new_box.currentIndex()
        workplace = self._session.workplace
        if self._running is not None:
            self._running.stop()
            self._running = None
        self.found = None
        if workplace is None or min(old, new) < 0 or old == new:
            self.sum_label.setText(
                _("Choose two different versions.")
                if len(self._versions) > 1
                else _("There is nothing to compare yet: every upload of the list makes a version.")
            )
            self._show_lines()
            return
        one, other = self._versions[old], self._versions[new]
        self.sum_label.setText(_("Comparing…"))
        self._running = self._session.runner.start(
            _("Comparing two versions of the list"),
            lambda cancel: compare_versions(workplace, one, other, cancel),
            on_result=self._on_compared,
            on_error=self._on_failed,
        )

    def _on_compared(self, found: Comparison) -> None:
        self._running = None
        self.found = found
        added, changed, removed = (found.count(kind) for kind in (Kind.ADDED, Kind.CHANGED, Kind.REMOVED))
        text = _("{added} added, {changed} changed, {removed} removed, {same} the same").format(
            added=number(added), changed=number(changed), removed=number(removed), same=number(found.same)
        )
        self.sum_label.setText(text)
        self._show_lines()

    def _on_failed(self, error: OchpError) -> None:
        self._running = None
        self.sum_label.setText(error.text)
        self._show_lines()

    def _show_lines(self) -> None:
        lines: Sequence[Line] = () if self.found is None else self.found.lines
        wanted = self.search_edit.text().strip().casefold()
        if wanted:
            lines = [line for line in lines if any(wanted in text.casefold() for text in line.row)]
        self.table.lines.show_items(lines)
        self._on_chosen()

    def _restorable(self) -> list[Sequence[str]]:
        return [line.old for line in self.table.chosen() if line.old is not None]

    def _on_chosen(self) -> None:
        count = len(self._restorable())
        words = ngettext("&Restore {count} card into the open list", "&Restore {count} cards into the open list", count)
        self.restore_button.setText(words.format(count=number(count)) if count else _("&Restore into the open list"))
        self.restore_button.setEnabled(count > 0)

    def _on_restore_clicked(self) -> None:
        self.restore_wanted.emit(self._restorable())


def version_text(version: ListVersion) -> str:
    """A version in a choice: number, moment, size, fate."""
    count = ngettext("{count} card", "{count} cards", version.count).format(count=number(version.count))
    return f"{version.id}: {short_moment(version.when)}, {count}, {version.state.title()}"


def _texts(line: Line) -> Sequence[str]:
    return line.kind.title(), line.row[TOKEN_ID], line.row[CONTRACT], line.changes()
