"""The table as it looks: cells painted in one go, headers, and columns that stay in view over the others."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.cell_painter import CellPainter, Span
from ochp_desktop.gui.table.column_header import ColumnHeader
from ochp_desktop.gui.table.columns import NARROWEST, Columns
from ochp_desktop.gui.table.ground import Lines, own_ground, paint_ground
from ochp_desktop.gui.table.model import SheetModel
from ochp_desktop.gui.table.row_header import RowHeader
from ochp_desktop.texts import _


class PaintedTable(QTableView):
    """A table over a `SheetModel`, painted by itself; the first columns may stay while the others scroll.

    Attributes:
        sheet_model: the model.
        columns: widths, order, hidden and fixed columns.
    """

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet_model = model
        self.setModel(model)
        self._set_looks()
        self._row_header = RowHeader(self)
        self.setVerticalHeader(self._row_header)
        self._header = ColumnHeader(model, self)
        self._fixed_header = ColumnHeader(model, self)
        self.setHorizontalHeader(self._header)
        self.columns = Columns(self, model, self._header, self._fixed_header)
        self._set_headers()
        model.counts_changed.connect(self._fit_row_numbers)

    def _set_looks(self) -> None:
        self.setAccessibleName(_(self.sheet_model.kind.label))
        self.setFont(_font_of_cells(self.font()))
        self.setWordWrap(False)
        # The delegate paints the grid, in the theme's colour.
        self.setShowGrid(False)
        self.setCornerButtonEnabled(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        own_ground(self)

    def _set_headers(self) -> None:
        rows = self._row_header
        height = max(theme.ROW_HEIGHT, self.fontMetrics().height() + 2 * theme.SPACING)
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fixed_header.setModel(self.sheet_model)
        # Qt asks about every cell of a column to learn whether all of it is selected, at every painting of the
        # header. So the headers look at a selection of their own that has one cell for each column.
        self._marked_columns = QItemSelectionModel(self.sheet_model, self)
        for header in (self._header, self._fixed_header):
            header.setMinimumSectionSize(NARROWEST)
            header.setFixedHeight(height + 2)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            header.setAccessibleName(_("Columns"))
            header.setSelectionModel(self._marked_columns)
            header.sectionHandleDoubleClicked.connect(lambda column: self.columns.fit([column]))
        self._header.setSectionsMovable(True)
        self.columns.set_usual_widths()
        self.columns.changed.connect(self._on_columns_changed)
        self.columns.fix(1)
        self._use_look()
        self._fit_row_numbers()

    def _use_look(self) -> None:
        look = theme.theme_of(self.palette())
        for header in (self._header, self._fixed_header, self.verticalHeader()):
            palette = QPalette(self.palette())
            palette.setColor(QPalette.ColorRole.ButtonText, look.muted)
            palette.setColor(QPalette.ColorRole.Button, look.window)
            header.setPalette(palette)
        self._painter = CellPainter(self.sheet_model, self.palette(), self.font())

    def _fit_row_numbers(self) -> None:
        # For all rows of the sheet, so that the cells stay where they are when a filter hides most of them.
        self._row_header.fit(len(self.sheet_model.sheet))
        # Qt lays the rows out a moment later, after it has painted, and then paints once more.
        self.executeDelayedItemsLayout()

    def headers(self) -> tuple[ColumnHeader, ColumnHeader]:
        """The header of all columns, and the one over the fixed ones."""
        return self._header, self._fixed_header

    # painting and places, with the fixed columns over the others

    def _on_columns_changed(self) -> None:
        self.columns.place_fixed_header()
        self.viewport().update()

    def _fixed_width(self) -> int:
        return sum(span.width for span in self.columns.fixed_spans())

    def paintEvent(self, event: QPaintEvent) -> None:
        """All cells in one loop."""
        model, dirty = self.sheet_model, event.rect()
        painter = QPainter(self.viewport())
        paint_ground(painter, self, dirty)
        first = self.rowAt(max(0, dirty.top()))
        if first < 0:
            painter.end()
            return
        last = self.rowAt(dirty.bottom())
        rows = range(first, (model.rowCount() if last < 0 else last + 1))
        top, height = self.rowViewportPosition(first), self.verticalHeader().defaultSectionSize()
        fixed = self.columns.fixed_spans()
        edge = sum(span.width for span in fixed)
        known = {span.column for span in fixed}
        header = self._header
        rest = [
            Span(column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in self.columns.in_order()
            if column not in known
        ]
        seen = [one for one in rest if one.left + one.width > max(edge, dirty.left()) and one.left <= dirty.right()]
        selected = [
            (part.top(), part.bottom(), part.left(), part.right())
            for part in self.selectionModel().selection().toList()
            if part.top() <= rows.stop and part.bottom() >= rows.start
        ]
        bounds = self.viewport().rect()
        painter.setClipRect(bounds.adjusted(edge, 0, 0, 0))
        self._painter.paint(painter, rows, top, height, seen, selected)
        self._paint_frame(painter, known, fixed=False)
        painter.setClipping(False)
        if fixed and dirty.left() <= edge:
            self._painter.paint(painter, rows, top, height, fixed, selected)
            lines = Lines(painter)
            lines.paint(painter, [lines.beside(edge, top, height * len(rows))], self._painter.look.muted)
            self._paint_frame(painter, known, fixed=True)
        self.paint_over(painter)
        painter.end()

    def look(self) -> theme.Theme:
        """The theme that it is painted in."""
        return self._painter.look

    def paint_over(self, painter: QPainter) -> None:
        """What is painted over the cells."""

    def in_sight(self, place: QPoint, column: int) -> bool:
        """Whether a place in a column is in the viewport and not behind the fixed columns."""
        fixed = any(span.column == column for span in self.columns.fixed_spans())
        return self.viewport().rect().contains(place) and (fixed or place.x() >= self._fixed_width())

    def _paint_frame(self, painter: QPainter, known: set[int], *, fixed: bool) -> None:
        index = self.currentIndex()
        if index.isValid() and (index.column() in known) is fixed and (self.hasFocus() or self.viewport().hasFocus()):
            self._painter.paint_frame(painter, self.visualRect(index))

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        """Everything: working out which part changed costs more than painting what is seen."""
        return QRegion(self.viewport().rect())

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Where a cell is."""
        for span in self.columns.fixed_spans():
            if span.column == index.column():
                return QRect(span.left, self.rowViewportPosition(index.row()), span.width, self.rowHeight(index.row()))
        return super().visualRect(index)

    def indexAt(self, pos: QPoint) -> QModelIndex:
        """The cell at a place."""
        for span in self.columns.fixed_spans():
            if span.left <= pos.x() < span.left + span.width:
                return self.sheet_model.index(self.rowAt(pos.y()), span.column)
        return super().indexAt(pos)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell into view, out from under the fixed columns."""
        bar, before = self.horizontalScrollBar(), self.horizontalScrollBar().value()
        super().scrollTo(index, hint)
        if any(span.column == index.column() for span in self.columns.fixed_spans()):
            bar.setValue(before)
            return
        covered = self._fixed_width() - super().visualRect(index).left()
        if covered > 0:
            bar.setValue(bar.value() - covered)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Fixed columns do not move along."""
        super().scrollContentsBy(dx, dy)
        if dx and self.columns.fixed_count:
            self.viewport().update()

    def updateGeometries(self) -> None:
        """The fixed header has its place over the other one."""
        super().updateGeometries()
        if hasattr(self, "columns"):
            self.columns.place_fixed_header()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table has no fixed columns."""
        super().resizeEvent(event)
        self._on_columns_changed()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the system's font."""
        super().changeEvent(event)
        looks = theme.is_palette_change(event) or event.type() == QEvent.Type.FontChange
        if looks and hasattr(self, "_painter"):
            self._use_look()


def _font_of_cells(usual: QFont) -> QFont:
    """The font with figures that stand below each other; most have them, and to ask for them takes time."""
    font, metrics = QFont(usual), QFontMetricsF(usual)
    if len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) > 1:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
