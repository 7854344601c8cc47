"""The strip above the table that finds and replaces: it counts first, and never stands in the way."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ochp_desktop.gui import icons, theme
from ochp_desktop.gui.table.flow import FlowLayout
from ochp_desktop.gui.table.table_view import SheetView
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.sheet.edit import Edit
from ochp_desktop.sheet.find import BadPattern, Match, Matches, Query
from ochp_desktop.sheet.slices import Slices, at_once
from ochp_desktop.texts import _, ngettext, number

# Milliseconds after the last edit before everything is counted again.
_PAUSE = 200
# How long looking may take in one go: less than a frame.
_TURN_SECONDS = 0.008
# Places in the list of where to look.
_TABLE, _COLUMN, _SELECTION = range(3)


class FindBar(QWidget):
    """Find in the whole table, the current column or the selection as it was when that was chosen.

    Signals:
        notice: a sentence about what a replacement did.
    """

    notice = Signal(str)

    def __init__(self, table: SheetView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._model = table.sheet_model
        self._matches: Matches | None = None
        self._wrong_pattern = ""
        self._rows: set[int] | None = None
        self._fields: tuple[int, ...] | None = None
        self._counting = QTimer(self, singleShot=True, interval=_PAUSE)
        self._counting.timeout.connect(self._look)
        self._being_found: tuple[Matches, Slices[None]] | None = None
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._look_on)
        self._build()
        self._model.edited.connect(lambda edit, _direction: self._on_edited(edit))
        self._model.modelReset.connect(self._forget)
        self._model.layoutChanged.connect(self._forget)
        self.hide()

    def _build(self) -> None:
        self.text = QLineEdit(placeholderText=_("Find…"), clearButtonEnabled=True)
        self.text.setAccessibleName(_("Find"))
        self.text.textChanged.connect(self._on_query_changed)
        self.count = QLabel()
        self.count.setProperty("look", "muted")
        self.previous_button = self._button(_("Prev&ious"), self.previous, _("Shift+Enter"))
        self.next_button = self._button(_("&Next"), self.next, _("Enter"))
        self.scope = QComboBox()
        self.scope.setAccessibleName(_("Where to look"))
        self.scope.addItems([_("Whole table"), _("This column"), _("Selection")])
        self.scope.activated.connect(self._on_scope_chosen)
        self.whole = QCheckBox(_("&Whole cell"))
        self.case = QCheckBox(_("&Match case"))
        self.pattern = QCheckBox(_("Pa&ttern"))
        self.pattern.setToolTip(
            _(
                "The text is a regular expression: . any character, \\d a digit, + once or more, ^ the beginning, "
                "$ the end. In the replacement \\1 is what the first pair of brackets found."
            )
        )
        for box in (self.whole, self.case, self.pattern):
            box.toggled.connect(self._on_query_changed)
        self.close_button = self._button("", self.dismiss, _("Esc"))
        self.close_button.setIcon(icons.icon("close"))
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.setProperty("look", "link")
        self.by = QLineEdit(placeholderText=_("Replace by…"), clearButtonEnabled=True)
        self.by.setAccessibleName(_("Replace by"))
        self.replace_button = self._button(_("&Replace"), self.replace, "")
        self.replace_all_button = self._button(_("Replace &all"), self.replace_all, "")
        self.text.setFixedWidth(200)
        self.by.setFixedWidth(200)
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance(self._found(88_888, 88_888)))
        # Lines that wrap: in longer languages the bar gets higher, never wider than the window.
        finding, replacing = FlowLayout(), FlowLayout()
        finding_parts = (
            self.text,
            self.previous_button,
            self.next_button,
            self.count,
            self.scope,
            self.whole,
            self.case,
            self.pattern,
        )
        for widget in finding_parts:
            finding.addWidget(widget)
        for widget in (self.by, self.replace_button, self.replace_all_button):
            replacing.addWidget(widget)
        lines = QVBoxLayout()
        lines.setSpacing(2 * theme.SPACING)
        lines.addLayout(finding)
        lines.addLayout(replacing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, 2 * theme.SPACING)
        layout.addLayout(lines, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._replacing = (self.by, self.replace_button, self.replace_all_button)

    @staticmethod
    def _button(text: str, slot: object, keys: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        plain = text.replace("&", "")
        button.setToolTip(" ".join(part for part in (plain, f"({keys})" if keys else "") if part))
        button.clicked.connect(slot)
        return button

    # opening and closing

    def open(self, *, replacing: bool) -> None:
        """Show the strip, for finding or replacing; a selection of several cells becomes the place to look."""
        for widget in self._replacing:
            widget.setVisible(replacing and not self._model.read_only)
        selected = self._table.selected()
        if selected.cell_count > 1:
            self.scope.setCurrentIndex(_SELECTION)
        elif self.scope.currentIndex() == _SELECTION or not self.isVisible():
            self.scope.setCurrentIndex(_TABLE)
        self._on_scope_chosen()
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def dismiss(self) -> None:
        """Hide the strip and give the table the keys back."""
        self._stop_looking()
        self.hide()
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter finds the next one, Shift+Enter the one before, Esc closes."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.by.hasFocus():
                self.replace()
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous()
            else:
                self.next()
        else:
            super().keyPressEvent(event)

    # what is looked for

    def _on_scope_chosen(self) -> None:
        self._rows = self._fields = None
        chosen = self.scope.currentIndex()
        if chosen == _COLUMN:
            field = self._model.field_index(self._table.currentIndex().column())
            self._fields = None if field is None else (field,)
        elif chosen == _SELECTION:
            selected = self._table.selected()
            rows = self._model.view.rows
            self._rows = {rows[at] for at in selected.positions()}
            self._fields = selected.fields()
        self._on_query_changed()

    def _on_query_changed(self) -> None:
        self._matches = None
        self._look()

    def _look(self) -> None:
        """Look for it and say how many there are; a large table is looked through while the window goes on."""
        self._stop_looking()
        if self._matches is None:
            self._being_found = self._begun()
            self._look_on()
        else:
            self._say_count()

    def _look_on(self) -> None:
        if self._being_found is None:
            return
        matches, slices = self._being_found
        end = time.perf_counter() + _TURN_SECONDS
        for _slice in slices:
            if time.perf_counter() >= end:
                # The count of what was looked for before would be wrong.
                self.count.clear()
                self._turns.start()
                return
        self._stop_looking()
        self._matches = matches
        self._say_count()

    def _stop_looking(self) -> None:
        self._turns.stop()
        self._being_found = None

    def _forget(self) -> None:
        """What was found may be elsewhere now; counted again when the edits pause, as that reads the whole table."""
        self._stop_looking()
        self._matches = None
        if self.isVisible():
            self._counting.start()

    def _on_edited(self, edit: Edit) -> None:
        """A few cells are looked at again at once; after more everything is counted again when the edits pause."""
        if self._matches is None or not self._matches.follow(edit):
            self._forget()
        elif self.isVisible():
            self._counting.start()

    def query(self) -> Query:
        """What is looked for now."""
        return Query(
            self.text.text(),
            whole=self.whole.isChecked(),
            case=self.case.isChecked(),
            pattern=self.pattern.isChecked(),
            rows=self._rows,
            fields=self._fields,
        )

    def matches(self) -> Matches:
        """The cells that are found now; none while the pattern cannot be read."""
        if self._matches is None:
            self._matches, slices = self._being_found or self._begun()
            self._stop_looking()
            at_once(slices)
        return self._matches

    def _begun(self) -> tuple[Matches, Slices[None]]:
        """What is to be found, and the looking for it that is still to be done."""
        query, fields = self.query(), self._table.shown_fields()
        self._wrong_pattern = ""
        try:
            matches = Matches(self._model.view, query, fields, in_slices=True)
        except BadPattern as fault:
            self._wrong_pattern = str(fault)
            matches = Matches(self._model.view, Query(""), fields, in_slices=True)
        return matches, matches.look()

    def _here(self) -> tuple[int, int]:
        """The current cell as (position, place in reading order)."""
        index = self._table.currentIndex()
        field = self._model.field_index(index.column()) if index.isValid() else None
        shown = self._table.shown_fields()
        return max(0, index.row()), shown.index(field) if field in shown and field is not None else -1

    def _say_count(self) -> None:
        matches = self.matches()
        count = len(matches)
        for button in (self.previous_button, self.next_button, self.replace_button, self.replace_all_button):
            button.setEnabled(bool(count))
        at = matches.number_at(*self._here()) if count else -1
        looking = bool(self.text.text())
        text = _("no pattern") if self._wrong_pattern else self._found(at + 1, count) if looking else ""
        self.count.setText(text)
        self.count.setToolTip(
            plain_tooltip(_("This pattern cannot be read: {reason}").format(reason=self._wrong_pattern))
            if self._wrong_pattern
            else ""
        )
        self.count.setProperty("look", "muted" if count or not looking else "error")
        self.count.style().polish(self.count)
        if count:
            self.replace_all_button.setText(_("Replace &all {count}").format(count=number(count)))
        else:
            self.replace_all_button.setText(_("Replace &all"))

    @staticmethod
    def _found(at: int, count: int) -> str:
        if not count:
            return _("not found")
        if at:
            return _("{at} of {count}").format(at=number(at), count=number(count))
        return ngettext("{count} found", "{count} found", count).format(count=number(count))

    # going through them

    def next(self) -> None:
        """Go to the next one, round the end."""
        self._go(self.matches().after(*self._here()))

    def previous(self) -> None:
        """Go to the one before, round the start."""
        self._go(self.matches().before(*self._here()))

    def _go(self, match: Match | None) -> None:
        if match is not None:
            self._table.go_to(self._model.row_id(match.position), self._model.kind.fields[match.field].name)
            self._say_count()

    def replace(self) -> None:
        """Replace in the current cell, if it is one of them, and go to the next one."""
        if self._model.read_only:
            return
        matches = self.matches()
        position, place = self._here()
        if matches.number_at(position, place) >= 0:
            here = Match(position, place, self._table.shown_fields()[place])
            self._put(_("Replace"), here)
        self.next()

    def replace_all(self) -> None:
        """Replace in all of them, as one undo step."""
        if self._model.read_only:
            return
        count = len(self.matches())
        name = ngettext("Replace in {count} cell", "Replace in {count} cells", count).format(count=number(count))
        done = self._put(name)
        if done is not None:
            self.notice.emit(
                ngettext("Replaced in {count} cell.", "Replaced in {count} cells.", done).format(count=number(done))
            )

    def _put(self, name: str, only: Match | None = None) -> int | None:
        """Replace; how many cells have another text now, None when the replacement cannot be read."""
        try:
            changes = self.matches().replacements(self.by.text(), only)
        except BadPattern as fault:
            self.notice.emit(_("The replacement cannot be read: {reason}").format(reason=fault))
            return None
        edit = self._model.sheet.set_columns(name, changes)
        self._model.sheet.apply(edit)
        return edit.cell_count
