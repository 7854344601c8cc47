"""The window of a column's filter: values with their counts, a text, empty cells, cells with problems."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ochp_desktop.gui.table.gather import Turns
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.value_list import ValueList
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.sheet.column_filter import ColumnFilter, TextTest
from ochp_desktop.sheet.column_values import ColumnValues, counting, finding
from ochp_desktop.texts import N_, _, ngettext, number

_WIDTH = 320
_LIST_HEIGHT = 220
_TESTS: tuple[tuple[TextTest, str], ...] = (
    (TextTest.HOLDS, N_("contains")),
    (TextTest.LACKS, N_("does not contain")),
    (TextTest.BEGINS, N_("begins with")),
    (TextTest.ENDS, N_("ends with")),
    (TextTest.IS, N_("is")),
    (TextTest.IS_NOT, N_("is not")),
)
_FILLINGS: tuple[tuple[bool | None, str], ...] = (
    (None, N_("Filled and empty cells")),
    (False, N_("Only filled cells")),
    (True, N_("Only empty cells")),
)


class FilterPopup(QFrame):
    """Chooses what one column lets through; nothing changes before "Filter" or Enter, Esc leaves all as it is.

    Signals:
        chosen: (field index, `ColumnFilter`); an empty one lifts the filter.
    """

    chosen = Signal(int, object)

    def __init__(self, model: SheetModel, field_index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("look", "card")
        self._model = model
        self._at = field_index
        self._field = model.kind.fields[field_index]
        self._before = model.view.column_filters.get(field_index, ColumnFilter())
        self.setAccessibleName(_("Filter “{field}”").format(field=self._field.title()))
        self.values = ValueList(self._field, self)
        self._finding: Turns[Sequence[str]] | None = None
        self._build()
        self.every.setEnabled(False)
        self.every.setText(_("Counting the values…"))
        self._counting: Turns[ColumnValues] | None = None
        if not self._field.secret:
            self._counting = Turns(
                self,
                lambda: counting(model.sheet, model.view.conditions, field_index),
                lambda: (model.sheet, model.sheet.revision),
                self._on_counted,
            )

    def _build(self) -> None:
        self.test = QComboBox()
        self.test.setAccessibleName(_("How the text is compared"))
        for test, name in _TESTS:
            self.test.addItem(_(name), test)
        self.test.setCurrentIndex(self.test.findData(self._before.test))
        self.text = QLineEdit(self._before.text, placeholderText=_("any text"), clearButtonEnabled=True)
        self.text.setAccessibleName(_("Text"))
        self.filling = QComboBox()
        self.filling.setAccessibleName(_("Filled or empty"))
        for filling, name in _FILLINGS:
            self.filling.addItem(_(name), filling)
        self.filling.setCurrentIndex([filling for filling, _name in _FILLINGS].index(self._before.empty))
        self.problems = QCheckBox(_("Only cells with &problems"))
        self.problems.setChecked(self._before.rows is not None)
        self.problems.setEnabled(self._model.checker is not None)
        self.search = QLineEdit(placeholderText=_("Search the values…"), clearButtonEnabled=True)
        self.search.setAccessibleName(_("Search the values"))
        self.search.textChanged.connect(self._on_searched)
        self.every = QCheckBox()
        self.every.clicked.connect(self._on_every_clicked)
        self.values.dataChanged.connect(self._say_every)
        self.list = QListView()
        self.list.setModel(self.values)
        self.list.setProperty("look", "checks")
        self.list.setUniformItemSizes(True)
        self.list.setLayoutMode(QListView.LayoutMode.Batched)
        self.list.setSpacing(2)
        self.list.setMinimumHeight(_LIST_HEIGHT)
        self.list.setAccessibleName(_("Values"))
        self.more = QLabel(wordWrap=True)
        self.more.setProperty("look", "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel(_("Filter “{field}”").format(field=self._field.title()))
        title.setProperty("look", "title")
        lift = QPushButton(_("&Clear this filter"), autoDefault=False)
        lift.setEnabled(bool(self._before))
        lift.clicked.connect(self.lift)
        go = QPushButton(_("&Filter"), default=True)
        go.setProperty("look", "main")
        go.clicked.connect(self.accept)
        condition = QGridLayout()
        condition.setSpacing(2 * SPACING)
        condition.addWidget(self.test, 0, 0)
        condition.addWidget(self.text, 0, 1)
        condition.addWidget(self.filling, 1, 0, 1, 2)
        condition.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(lift)
        buttons.addStretch(1)
        buttons.addWidget(go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(title)
        layout.addLayout(condition)
        layout.addWidget(self.problems)
        for part in (self.search, self.every, self.list, self.more):
            layout.addWidget(part)
            part.setVisible(not self._field.secret)
        layout.addLayout(buttons)
        # Which rows stay would give a secret away.
        self.test.setVisible(not self._field.secret)
        self.text.setVisible(not self._field.secret)
        self.setFixedWidth(max(_WIDTH, self.sizeHint().width()))

    def show_at(self, place: QPoint) -> None:
        """Open below a place on the screen, all of it in view."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(place.x(), room.right() - self.width()))
        top = max(room.top(), min(place.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        (self.filling if self._field.secret else self.search).setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def is_busy(self) -> bool:
        """Whether values are being counted or looked for."""
        return any(work is not None and not work.is_done for work in (self._counting, self._finding))

    def _on_counted(self, found: ColumnValues) -> None:
        self.values.set_values(found.texts, found.counts, self._before.values)
        self.every.setEnabled(True)
        self._on_searched()

    def _on_searched(self) -> None:
        """Look for the text in all values; those that were found before stay until it is done."""
        if self._finding is not None:
            self._finding.forget()
        text, all_texts = self.search.text().strip(), self.values.texts
        if self.every.isEnabled():
            self._finding = Turns(self, lambda: finding(all_texts, text, self._field), lambda: None, self._on_found)

    def _on_found(self, texts: Sequence[str]) -> None:
        self.values.show_only(texts)
        shown = self.values.rowCount()
        hidden = self.values.found - shown
        self.more.setText(
            _("{count} more values: search to see them.").format(count=number(hidden)) if hidden > 0 else ""
        )
        self.more.setVisible(hidden > 0)
        self._say_every()

    def _say_every(self) -> None:
        found, chosen = self.values.found, self.values.found_checked
        self.every.setTristate(0 < chosen < found)
        state = Qt.CheckState.Checked if chosen == found else Qt.CheckState.PartiallyChecked
        self.every.setCheckState(state if chosen else Qt.CheckState.Unchecked)
        self.every.setText(
            ngettext("{chosen} of {count} value", "{chosen} of {count} values", found).format(
                chosen=number(chosen), count=number(found)
            )
        )

    def _on_every_clicked(self) -> None:
        self.values.check_all(self.values.found_checked < self.values.found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter filters; Esc is the popup's own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Filter by what is chosen; values that the search hides are left out, as in Excel."""
        if self.search.text().strip() and self._counting is not None:
            # Whoever searches and presses Enter at once means what will be found.
            self._counting.finish()
        if self._finding is not None:
            self._finding.finish()
        self.chosen.emit(self._at, self.filter())
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is not counted yet is not wanted any more."""
        for work in (self._counting, self._finding):
            if work is not None:
                work.forget()
        super().closeEvent(event)

    def lift(self) -> None:
        """Let everything through."""
        self.chosen.emit(self._at, ColumnFilter())
        self.close()

    def filter(self) -> ColumnFilter:
        """What is chosen now."""
        counted = self._counting is not None and self._counting.is_done
        values = None if self._field.secret else self.values.chosen() if counted else self._before.values
        rows: frozenset[int] | None = None
        checker = self._model.checker
        if self.problems.isChecked() and checker is not None:
            name = self._field.name
            rows = frozenset(row for row in checker.rows_with() if checker.at(row, name))
        test = self.test.currentData()
        return ColumnFilter(values, self.text.text(), TextTest(test), self.filling.currentData(), rows)
