"""The lower half of the import dialog: the first rows as they will be, what was noticed, what the open list gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPlainTextEdit, QTableWidget, QTableWidgetItem, QTabWidget, QWidget

from ochp_desktop.gui.lines import LinesModel, LinesTable, dress
from ochp_desktop.gui.theme import theme_of
from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.jobs.import_merge import Merge
from ochp_desktop.jobs.import_proposal import TITLES, Damage, Proposal
from ochp_desktop.records.fields import Field
from ochp_desktop.records.values import trimmed
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, labelled, ngettext, number

PREVIEW_ROWS = 30
MOST_SHOWN = 500
_MOST_CELLS = 6
_MOST_CHARACTERS = 30  # of a column of the preview
_PADDING = 20

ChangeLine = tuple[str, str, str, str]
"""What happens, row in the file, record, old and new."""


class Preview(QTabWidget):
    """What a proposal will make of the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.rows_table = _table(_("The first rows as they will be"))
        self.noticed_edit = QPlainTextEdit()
        self.noticed_edit.setReadOnly(True)
        self.noticed_edit.setTabChangesFocus(True)
        self.noticed_edit.setAccessibleName(_("What was noticed in the file"))
        self.changes_table = LinesTable(
            LinesModel([_("What"), _("Row in the file"), _("Record"), _("Old → new")], tuple),
            [14, 14, 24],
            _("What changes in the open list"),
        )
        self.addTab(self.rows_table, _("Preview"))
        self.addTab(self.noticed_edit, _("Noticed"))

    def show_rows(self, imported: Imported) -> None:
        """Show the first rows with what is wrong in them."""
        sheet = imported.sheet
        fields = [item for item in sheet.kind if item.name not in imported.missing]
        rows = sheet.order[:PREVIEW_ROWS]
        damaged = {(damage.row, damage.field) for damage in imported.damages if damage.kind in TITLES}
        table = self.rows_table
        table.clear()
        table.setColumnCount(len(fields))
        table.setRowCount(len(rows))
        table.setHorizontalHeaderLabels([item.title() for item in fields])
        table.setVerticalHeaderLabels([str(sheet.sources[row]) for row in rows])
        for line, row in enumerate(rows):
            for column, item in enumerate(fields):
                text = sheet.text(row, sheet.kind.index(item.name))
                table.setItem(line, column, self._cell(item, text, (sheet.sources[row], item.name) in damaged))
        metrics = table.fontMetrics()
        for column, item in enumerate(fields):
            cells = filter(None, (table.item(line, column) for line in range(len(rows))))
            widest = max((metrics.horizontalAdvance(cell.text()) for cell in cells), default=0)
            wanted = max(
                min(widest, _MOST_CHARACTERS * metrics.averageCharWidth()), metrics.horizontalAdvance(item.title())
            )
            table.setColumnWidth(column, wanted + _PADDING)

    def _cell(self, item: Field, text: str, damaged: bool) -> QTableWidgetItem:  # noqa: FBT001 - one caller
        cell = QTableWidgetItem(item.shown(text))
        complaint = item.type.check(text) if trimmed(text) else None
        colours = theme_of(self.palette())
        if damaged or (item.mandatory and not trimmed(text)):
            cell.setBackground(QColor(colours.error_ground))
        elif complaint is not None:
            cell.setBackground(QColor(colours.warning_ground))
        return cell

    def show_noticed(self, proposal: Proposal) -> None:
        """Say what was noticed, damage first, each with its cells."""
        lines = [*damage_lines(proposal.damages), *proposal.table.notices]
        self.noticed_edit.setPlainText("\n".join(f"•  {line}" for line in lines) or _("Nothing out of the ordinary."))
        self.setTabText(1, _("Noticed ({count})").format(count=number(len(lines))) if lines else _("Noticed"))

    def show_changes(self, merge: Merge | None, lines: Sequence[ChangeLine]) -> None:
        """Show new and changed rows, old and new; without a merge the tab goes."""
        self.changes_table.lines.show_items(lines)
        at = self.indexOf(self.changes_table)
        if merge is None:
            if at >= 0:
                self.removeTab(at)
            return
        count = len(merge.new) + len(merge.changed) + len(merge.unclear)
        title = _("What changes ({count})").format(count=number(count))
        if at < 0:
            self.setCurrentIndex(self.addTab(self.changes_table, title))
        else:
            self.setTabText(at, title)


def _table(name: str) -> QTableWidget:
    table = QTableWidget()
    dress(table, name)
    table.verticalHeader().show()
    table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return table


def damage_lines(damages: Sequence[Damage]) -> list[str]:
    """One line for each kind of damage: how many cells, the first of them, and whether they can be repaired."""
    lines: list[str] = []
    for kind, title in TITLES.items():
        found = [damage for damage in damages if damage.kind == kind]
        if not found:
            continue
        cells = ", ".join(damage.cell for damage in found[:_MOST_CELLS])
        if len(found) > _MOST_CELLS:
            cells += ", …"
        line = ngettext("{title}: {count} cell ({cells}).", "{title}: {count} cells ({cells}).", len(found)).format(
            title=_(title), count=number(len(found)), cells=cells
        )
        repairs = sum(damage.repair is not None for damage in found)
        if repairs:
            line += " " + ngettext(
                "{count} of them can probably be repaired.", "{count} of them can probably be repaired.", repairs
            ).format(count=number(repairs))
        lines.append(line)
    return lines


def change_lines(merge: Merge, sheet: Sheet, fresh: Sheet) -> Iterator[ChangeLine]:
    """The first rows of each sort; secrets only by name."""
    kind = sheet.kind

    def record(texts: Sequence[str]) -> str:
        return " / ".join(texts[kind.index(name)] for name in kind.key)

    for source, why in merge.unclear[:MOST_SHOWN]:
        yield _("left out"), str(source), "", why
    for change in merge.changed[:MOST_SHOWN]:
        parts = []
        for column, old, new in change.cells:
            item = kind.fields[column]
            parts.append(item.title() if item.secret else labelled(item.title(), f"{old or '–'} → {new or '–'}"))
        yield _("changed"), str(change.source), record(sheet.row_texts(change.row)), "; ".join(parts)
    for row in merge.new[:MOST_SHOWN]:
        yield _("new"), str(fresh.sources[row]), record(fresh.row_texts(row)), ""
