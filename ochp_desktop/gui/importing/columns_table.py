"""Which column of a file becomes which field: one line per column with sample values, then the fields without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ochp_desktop.gui.theme import ROW_HEIGHT, theme_of
from ochp_desktop.gui.tooltips import plain_tooltip
from ochp_desktop.jobs.import_proposal import Matching, Proposal, column_letter
from ochp_desktop.records.fields import Field
from ochp_desktop.records.value_time import OffsetDateTime
from ochp_desktop.texts import N_, _

MOST_COLUMNS = 200
"""Columns shown; a table of records has no more."""
_SAMPLES = 4
_SAMPLE_ROWS = 200
_LONGEST_SAMPLE = 26
# One column may hold the time of day of a moment, or the day of several.
_TIME, _BOTH = "/time", "&"
_ROW = ROW_HEIGHT + 6
# Column -> its least and greatest width.
_WIDTHS = {0: (150, 240), 2: (150, 280)}
_PADDING = 24
_HOW = {
    "name": N_("by its header"),
    "label": N_("by its header"),
    "synonym": N_("by its header"),
    "near": N_("spelt almost like this – please check"),
    "joined": N_("day and time joined – please check"),
    "content": N_("by its values – please check"),
    "remembered": N_("as last time"),
    "manual": N_("chosen by you"),
}


class ColumnsTable(QTableWidget):
    """The columns and fields of one proposal.

    Signals:
        chosen: people gave a column another field, or a field a constant.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setHorizontalHeaderLabels([_("In the file"), _("Becomes"), _("How it was found"), _("Values")])
        self.setAccessibleName(_("Columns of the file and the fields they become"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setColumnWidth(1, 220)
        self._uses: _Uses | None = None
        self.boxes: dict[int, _FieldBox] = {}  # column of the file -> its choice
        self.constants: dict[str, QWidget] = {}  # protocol name -> where its constant is typed or chosen

    def show_proposal(self, proposal: Proposal, *, updating: bool = False) -> None:
        """Show all columns of the proposal's table, and its fields without a column.

        Args:
            proposal: how the file would be taken.
            updating: whether rows that are there already keep what the file says nothing about.
        """
        position = self.verticalScrollBar().value()
        self.setRowCount(0)
        self.boxes.clear()
        self.constants.clear()
        matching, table = proposal.matching, proposal.table
        header = table.rows[matching.header_row] if 0 <= matching.header_row < len(table.rows) else []
        width = max((len(row) for row in table.rows[:_SAMPLE_ROWS]), default=0)
        uses = uses_of(matching)
        shown = [
            column
            for column in range(matching.first_column, min(width, matching.end_column))
            if column in uses or (column < len(header) and header[column]) or samples(proposal, column)
        ][:MOST_COLUMNS]
        missing = [name for name in matching.kind.names if name not in matching.columns]
        missing.sort(key=lambda name: not matching.kind.field(name).mandatory)
        self.setRowCount(len(shown) + len(missing))
        if self._uses is not None:
            self._uses.deleteLater()
        self._uses = _Uses(matching.kind.fields, self)
        for line, column in enumerate(shown):
            text = header[column].strip() if column < len(header) else ""
            self._show_column(line, column, text, uses.get(column, ""), proposal)
        for line, name in enumerate(missing, len(shown)):
            self._show_missing(line, matching.kind.field(name), matching.constants.get(name, ""), updating=updating)
        self._fit_columns()
        self.verticalScrollBar().setValue(position)

    def _fit_columns(self) -> None:
        """Room for the longest header and the longest reason; the values get what is left."""
        for column, (least, most) in _WIDTHS.items():
            texts = [item.text() for line in range(self.rowCount()) if (item := self.item(line, column)) is not None]
            wanted = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=0) + _PADDING
            self.setColumnWidth(column, max(least, min(wanted, most)))

    def _show_column(self, line: int, column: int, header: str, use: str, proposal: Proposal) -> None:
        letter = column_letter(column)
        self._put(line, 0, f"{letter}   {header}" if header else letter, strong=bool(use))
        assert self._uses is not None
        box = _FieldBox(self._uses, use)
        name = parts_of(use)[0][0] if use else ""
        spoken = _("Field of column {letter} {header}").format(letter=letter, header=header)
        box.setAccessibleName(spoken)
        box.activated.connect(lambda _index, box=box: self._on_chosen(box))
        self.boxes[column] = box
        self.setCellWidget(line, 1, box)
        how = proposal.matching.how.get(name, "") if name else ""
        unsure = name in proposal.matching.unsure
        self._put(line, 2, _(_HOW[how]) if how else _("not used"), look="warning" if unsure else "muted")
        texts = samples(proposal, column)
        if name and proposal.kind.field(name).secret:
            texts = [proposal.kind.field(name).shown(text) for text in texts]
        self._put(line, 3, "   ·   ".join(text[:_LONGEST_SAMPLE] for text in texts))

    def _show_missing(self, line: int, item: Field, text: str, *, updating: bool) -> None:
        self._put(line, 0, _("no column"), look="muted")
        self._put(line, 1, item.title(), strong=item.mandatory)
        needed = item.mandatory and not text and not updating
        said = _("stays as it is") if updating else _("required in every row") if needed else _("may stay empty")
        self._put(line, 2, said, look="warning" if needed else "muted")
        edit: QComboBox | QLineEdit
        choices = item.type.choices()
        if choices:
            edit = _Choice()
            edit.addItem(_("the same for all rows…"), "")
            for value, shown in choices:
                edit.addItem(shown, value)
            edit.setCurrentIndex(max(0, edit.findData(text)))
            edit.activated.connect(self.chosen)
        else:
            edit = QLineEdit(text)
            edit.setPlaceholderText(_("the same for all rows…"))
            edit.editingFinished.connect(self._on_constant_typed)
        edit.setAccessibleName(_("{field}, the same for all rows").format(field=item.title()))
        self.constants[item.name] = edit
        self.setCellWidget(line, 3, edit)

    def _put(self, line: int, column: int, text: str, *, look: str = "", strong: bool = False) -> None:
        item = QTableWidgetItem(text)
        item.setToolTip(plain_tooltip(text))
        if look:
            colour = theme_of(self.palette()).colour("warning_mark" if look == "warning" else "muted")
            item.setForeground(QColor(colour))
        if strong:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
        self.setItem(line, column, item)

    def _on_chosen(self, box: _FieldBox) -> None:
        parts = set(parts_of(box.use()))
        for other in self.boxes.values():
            if other is not box and parts.intersection(parts_of(other.use())):
                other.set_use("")  # a field has one column, or one for its day and one for its time
        self.chosen.emit()

    def _on_constant_typed(self) -> None:
        edit = self.sender()
        if isinstance(edit, QLineEdit) and edit.isModified():
            edit.setModified(False)
            self.chosen.emit()

    def chosen_columns(self) -> dict[str, int]:
        """Protocol name -> column of the file, as chosen now."""
        return {name: column for name, column, time in self._chosen() if not time}

    def chosen_times(self) -> dict[str, int]:
        """Protocol name of a moment -> column of its time of day, as chosen now."""
        return {name: column for name, column, time in self._chosen() if time}

    def _chosen(self) -> list[tuple[str, int, bool]]:
        return [(name, column, time) for column, box in self.boxes.items() for name, time in parts_of(box.use())]

    def chosen_constants(self) -> dict[str, str]:
        """Protocol name -> text for all rows, as chosen now."""
        texts: dict[str, str] = {}
        for name, edit in self.constants.items():
            text = (
                edit.currentData()
                if isinstance(edit, QComboBox)
                else edit.text()
                if isinstance(edit, QLineEdit)
                else ""
            )
            if text:
                texts[name] = str(text)
        return texts


def samples(proposal: Proposal, column: int) -> list[str]:
    """Some different texts of a column."""
    start = proposal.matching.header_row + 1
    rows = proposal.table.rows[start : start + _SAMPLE_ROWS]
    found: Mapping[str, None] = dict.fromkeys(row[column].strip() for row in rows if column < len(row) and row[column])
    return [text for text in found if text][:_SAMPLES]


class _Choice(QComboBox):
    """A choice in a list: the wheel scrolls the list and never changes the choice."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Uses(QStandardItemModel):
    """What a column may be used for; one list for the choices of all columns."""

    def __init__(self, fields: Sequence[Field], parent: QWidget) -> None:
        super().__init__(parent)
        self._offer(_("(not used)"), "")
        moments = [item for item in fields if isinstance(item.type, OffsetDateTime)]
        for item in fields:
            self._offer(item.title(), item.name)
            if item in moments:
                self._offer(_("{field}: time of day").format(field=item.title()), item.name + _TIME)
        if len(moments) > 1:
            titles = ", ".join(item.title() for item in moments)
            self._offer(_("Day of: {fields}").format(fields=titles), _BOTH.join(item.name for item in moments))

    def _offer(self, text: str, use: str) -> None:
        item = QStandardItem(text)
        item.setData(use, Qt.ItemDataRole.UserRole)
        self.appendRow(item)


class _FieldBox(_Choice):
    """Which field a column becomes."""

    def __init__(self, uses: _Uses, use: str) -> None:
        super().__init__()
        self.setModel(uses)
        self.set_use(use)

    def use(self) -> str:
        """What the column is used for, as `parts_of` reads it; "" for a column that is not used."""
        return str(self.currentData() or "")

    def set_use(self, use: str) -> None:
        """Choose what the column is used for."""
        self.setCurrentIndex(max(0, self.findData(use)))


def uses_of(matching: Matching) -> dict[int, str]:
    """Column -> what it is used for, as `parts_of` reads it."""
    uses: dict[int, str] = {column: name + _TIME for name, column in matching.times.items()}
    for name, column in matching.columns.items():
        uses[column] = f"{uses[column]}{_BOTH}{name}" if column in uses else name
    return uses


def parts_of(use: str) -> list[tuple[str, bool]]:
    """(protocol name, whether its time of day) of everything that a column is used for."""
    return [(part.removesuffix(_TIME), part.endswith(_TIME)) for part in use.split(_BOTH) if part]
