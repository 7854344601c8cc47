"""The window of a column's filter: values with their counts, a text, empty cells, cells with problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
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

from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.records.fields import Field
from ochp_desktop.sheet.column_filter import ColumnFilter, TextTest, counted_values
from ochp_desktop.texts import N_, _, ngettext, number

Index = QModelIndex | QPersistentModelIndex

# More different values than this nobody reads through; a search brings the others.
MOST_SHOWN = 10_000
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


class ValueList(QAbstractListModel):
    """A column's values with their counts, each with a check box; what is not shown keeps its check."""

    def __init__(
        self, field: Field, counts: Counter[str], chosen: frozenset[str] | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._counts = counts
        self.checked = set(counts) if chosen is None else set(chosen) & set(counts)
        key = field.type.sort_key
        self._all = sorted(counts, key=lambda text: (not text, key(text)))
        self._fitting: Sequence[str] = self._all
        self._shown: Sequence[str] = self._all[:MOST_SHOWN]

    def search(self, text: str) -> None:
        """Show only values with this text, as stored or as shown."""
        wanted = text.strip().casefold()
        self.beginResetModel()
        self._fitting = [one for one in self._all if not wanted or wanted in self.caption(one).casefold()]
        self._shown = self._fitting[:MOST_SHOWN]
        self.endResetModel()

    def fitting(self) -> Sequence[str]:
        """All values that the search found, also those that are too many to be shown."""
        return self._fitting

    @property
    def found(self) -> int:
        """How many values the search found."""
        return len(self._fitting)

    def chosen(self) -> frozenset[str] | None:
        """The checked values among those that the search found; None when these are all that there are."""
        checked = self.checked & set(self._fitting) if len(self._fitting) < len(self._all) else self.checked
        return frozenset(checked) if len(checked) < len(self._all) else None

    def caption(self, text: str) -> str:
        """How a value is named."""
        return self._field.shown(text) if text else _("(empty)")

    def check_all(self, on: bool) -> None:  # noqa: FBT001 - a slot of a check box
        """Check or uncheck all values that the search found."""
        if on:
            self.checked.update(self.fitting())
        else:
            self.checked.difference_update(self.fitting())
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """How many values are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Value, count and check."""
        if not 0 <= index.row() < len(self._shown):
            return None
        text = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _("{value}   ({count})").format(value=self.caption(text)[:80], count=number(self._counts[text]))
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if text in self.checked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Check or uncheck a value."""
        if role != Qt.ItemDataRole.CheckStateRole or not 0 <= index.row() < len(self._shown):
            return False
        text = self._shown[index.row()]
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.checked.add(text)
        else:
            self.checked.discard(text)
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Each can be checked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemNeverHasChildren
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
        counts = Counter[str]()
        if not self._field.secret:
            counts = counted_values(model.view.passing(without=field_index), model.sheet.columns[field_index])
        self.values = ValueList(self._field, counts, self._before.values, self)
        self._build()
        self._on_searched()

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

    def _on_searched(self) -> None:
        self.values.search(self.search.text())
        shown = self.values.rowCount()
        hidden = self.values.found - shown
        self.more.setText(
            _("{count} more values: search to see them.").format(count=number(hidden)) if hidden > 0 else ""
        )
        self.more.setVisible(hidden > 0)
        self._say_every()

    def _say_every(self) -> None:
        found = self.values.found
        chosen = sum(map(self.values.checked.__contains__, self.values.fitting()))
        self.every.setTristate(0 < chosen < found)
        state = Qt.CheckState.Checked if chosen == found else Qt.CheckState.PartiallyChecked
        self.every.setCheckState(state if chosen else Qt.CheckState.Unchecked)
        self.every.setText(
            ngettext("{chosen} of {count} value", "{chosen} of {count} values", found).format(
                chosen=number(chosen), count=number(found)
            )
        )

    def _on_every_clicked(self) -> None:
        chosen = sum(map(self.values.checked.__contains__, self.values.fitting()))
        self.values.check_all(chosen < self.values.found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter filters; Esc is the popup's own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        """Filter by what is chosen; values that the search hides are left out, as in Excel."""
        self.chosen.emit(self._at, self.filter())
        self.close()

    def lift(self) -> None:
        """Let everything through."""
        self.chosen.emit(self._at, ColumnFilter())
        self.close()

    def filter(self) -> ColumnFilter:
        """What is chosen now."""
        values = None if self._field.secret else self.values.chosen()
        rows: frozenset[int] | None = None
        checker = self._model.checker
        if self.problems.isChecked() and checker is not None:
            name = self._field.name
            rows = frozenset(row for row in checker.rows_with() if checker.at(row, name))
        test = self.test.currentData()
        return ColumnFilter(values, self.text.text(), TextTest(test), self.filling.currentData(), rows)
