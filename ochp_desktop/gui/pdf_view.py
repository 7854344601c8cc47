"""Shows a PDF statement inside the program: scrolled, zoomed, saved; only the pages in view are painted."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QScrollArea, QWidget

from ochp_desktop.errors import FileError, OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.pdf_pages import Size, measure_pages, paint_pages
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.export_file import save_bytes
from ochp_desktop.texts import _, ngettext

_POINTS_PER_INCH = 72.0
_ACROSS = 1180  # pixels: a page lying across, at its natural size
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_WIDEST_PAGE = 16_000  # device-independent pixels; Qt's widgets go no further
_LANE = "pdf"  # the library paints in one thread at a time
_MOST_IN_VIEW = 50  # pages painted at once, however small they are
_SCROLLED = 60  # milliseconds of rest before the pages that came into view are painted


class PdfView(QDialog):
    """A window with all pages below each other; those in view are painted, others are empty paper.

    Attributes:
        pages: a label for each page.
    """

    def __init__(self, runner: JobRunner, pdf: bytes, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setWindowTitle(title)
        layout.open_at_size(self, _ACROSS, 860)
        self._runner = runner
        self._pdf = pdf
        self._name = name
        self._zoom = max(0, sum(zoom <= min(1.0, self.width() / _ACROSS) for zoom in _ZOOMS) - 1)
        self._running: Running | None = None
        self._sizes: list[Size] = []
        self._place: float | None = None  # how far down it was before the pages got another size
        self._painted: dict[int, float] = {}  # page -> the scale at which it is painted
        self.pages: list[QLabel] = []
        self._column = layout.column(spacing=MARGIN, margin=MARGIN)
        self._inside = QWidget()
        self._inside.setLayout(self._column)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(self._inside)
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setAccessibleName(_("Pages"))
        self.zoom_label = layout.label("", "muted")
        self.count_label = layout.label("", "muted")
        self.smaller_button = layout.button("−", lambda: self.zoom(-1))
        self.smaller_button.setToolTip(_("Smaller (Ctrl+−)"))
        self.smaller_button.setAccessibleName(_("Smaller"))
        self.larger_button = layout.button("+", lambda: self.zoom(1))
        self.larger_button.setToolTip(_("Larger (Ctrl++)"))
        self.larger_button.setAccessibleName(_("Larger"))
        self.save_button = layout.button(_("&Save as…"), self._on_save_clicked, icon="export")
        self.system_button = layout.button(_("&Open with the system's viewer"), self._on_system_clicked)
        self.notice = Notice()
        bar = layout.row(
            self.smaller_button,
            self.zoom_label,
            self.larger_button,
            self.count_label,
            None,
            self.save_button,
            self.system_button,
        )
        bar.setContentsMargins(MARGIN, 2 * SPACING, MARGIN, 2 * SPACING)
        self.setLayout(layout.column(bar, self.scroll_area, self.notice, spacing=0))
        QShortcut(QKeySequence.StandardKey.ZoomIn, self, lambda: self.zoom(1))
        QShortcut(QKeySequence.StandardKey.ZoomOut, self, lambda: self.zoom(-1))
        self._scrolled = QTimer(self, singleShot=True, interval=_SCROLLED)
        self._scrolled.timeout.connect(self._paint)
        self.scroll_area.verticalScrollBar().valueChanged.connect(lambda _value: self._scrolled.start())
        self.scroll_area.verticalScrollBar().rangeChanged.connect(self._on_length_changed)
        self._running = runner.start(
            _("Preparing the pages"),
            lambda cancel: measure_pages(pdf, cancel),
            lane=_LANE,
            quiet=True,
            on_result=self._on_measured,
            on_error=self._on_failed,
        )

    def zoom(self, step: int) -> None:
        """Show the pages larger or smaller by so many steps."""
        self._zoom = max(0, min(len(_ZOOMS) - 1, self._zoom + step))
        bar = self.scroll_area.verticalScrollBar()
        self._place = bar.value() / max(1, bar.maximum())
        self._lay_out()
        self._scrolled.start()

    def _scale(self) -> float:
        """Device pixels per point."""
        return _ZOOMS[self._zoom] * self.logicalDpiX() / _POINTS_PER_INCH * self.devicePixelRatioF()

    def _on_length_changed(self, _least: int, most: int) -> None:
        if self._place is not None:
            self.scroll_area.verticalScrollBar().setValue(round(self._place * most))
            self._place = None
        self._scrolled.start()

    def _on_measured(self, found: tuple[list[Size], int]) -> None:
        self._sizes, count = found
        for number in range(len(self._sizes)):
            page = QLabel()
            page.setProperty("look", "paper")
            page.setScaledContents(True)  # what was painted for another zoom, until it is painted anew
            page.setAccessibleName(_("Page {number}").format(number=number + 1))
            self.pages.append(page)
            self._column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        shown = len(self._sizes)
        self.count_label.setText(
            _("{shown} of {count} pages").format(shown=shown, count=count)
            if count > shown
            else ngettext("{count} page", "{count} pages", count).format(count=count)
        )
        self._lay_out()
        self._scrolled.start()

    def _lay_out(self) -> None:
        """Give each page its room."""
        self.zoom_label.setText(f"{_ZOOMS[self._zoom]:.0%}".replace("%", " %"))
        scale = self._scale() / self.devicePixelRatioF()
        for page, (width, height) in zip(self.pages, self._sizes, strict=True):
            page.setFixedSize(min(round(width * scale), _WIDEST_PAGE), min(round(height * scale), _WIDEST_PAGE))

    def visible_pages(self) -> range:
        """Numbers, from 0, of the pages in view, and of one before and after them."""
        top = self.scroll_area.verticalScrollBar().value()
        bottom = top + self.scroll_area.viewport().height()
        inside = [
            number for number, page in enumerate(self.pages) if page.y() + page.height() >= top and page.y() <= bottom
        ]
        if not inside:
            return range(0)
        return range(max(0, inside[0] - 1), min(len(self.pages), inside[-1] + 2, inside[0] + _MOST_IN_VIEW))

    def _paint(self) -> None:
        """Paint the pages in view that are not painted at this zoom; forget those far away."""
        if self._inside.height() < self._column.minimumSize().height():
            # Qt has not made room for them yet: all of them lie at the top, or close together.
            self._scrolled.start()
            return
        visible, scale = self.visible_pages(), self._scale()
        for number in self._painted.keys() - set(visible):
            del self._painted[number]
            self.pages[number].clear()
        missing = [number for number in visible if self._painted.get(number) != scale]
        if not missing:
            return
        if self._running is not None:
            self._running.stop()
        self._running = self._runner.start(
            _("Preparing the pages"),
            lambda cancel: paint_pages(self._pdf, missing, scale, cancel),
            lane=_LANE,
            quiet=True,
            on_result=self._on_painted,
            on_error=self._on_failed,
        )

    def _on_painted(self, painted: tuple[dict[int, QImage], float]) -> None:
        images, scale = painted
        for number, image in images.items():
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.pages[number].setPixmap(pixmap)
            self._painted[number] = scale

    def _on_failed(self, error: OchpError) -> None:
        self.notice.error(error)

    def _on_save_clicked(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _("Save the PDF"), self._name, _("PDF files (*.pdf)"))
        if path:
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """Write the document to a file."""
        pdf = self._pdf

        self._runner.call(
            lambda: save_bytes(path, pdf),
            on_result=lambda _nothing: self.notice.done(_("Saved as {path}").format(path=path)),
            on_error=self._on_failed,
        )

    def _on_system_clicked(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="ochp-statement-"))
        # The viewer needs the file for as long as it likes; customers' records must not lie about for ever.
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        path = folder / self._name
        try:
            path.write_bytes(self._pdf)
        except OSError as error:
            text = _("The PDF cannot be written to the folder for temporary files.")
            self._on_failed(FileError(_("Not opened"), text, detail=str(error)))
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.notice.warn(_("This computer has no viewer for PDF files. Save the file instead."))

    def done(self, result: int) -> None:
        """Stop painting when the window closes."""
        if self._running is not None:
            self._running.stop()
        super().done(result)
