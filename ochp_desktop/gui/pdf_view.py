"""Shows a PDF statement inside the program: pages are painted in a worker, scrolled, zoomed, saved."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QScrollArea, QWidget

from ochp_desktop.errors import FileError, OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.export_file import save_bytes
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.texts import _, ngettext

_POINTS_PER_INCH = 72.0
_ACROSS = 1180  # pixels: a page lying across, at its natural size
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
MOST_PAGES = 500
"""Pages shown at most; the system's viewer shows the rest."""
_WIDEST = 8_000  # pixels of one page's edge: a hostile page size must not eat the memory


def paint_pages(pdf: bytes, scale: float, cancel: Cancel) -> Job[tuple[list[QImage], int]]:
    """Paint the pages at `scale` pixels per point; the images, and how many pages the document has.

    Raises:
        FileError: this is no PDF that can be shown.
        Cancelled: stopped.
    """
    import pypdfium2

    text = _("Preparing the pages")
    yield Progress(text)
    images: list[QImage] = []
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = len(document)
            for index in range(min(pages, MOST_PAGES)):
                cancel.check()
                page = document[index]
                longest = max(page.get_width(), page.get_height(), 1.0)
                bitmap = page.render(scale=min(scale, _WIDEST / longest), rev_byteorder=True, prefer_bgrx=True)
                image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
                images.append(image.copy())
                bitmap.close()
                page.close()
                yield Progress(text, index + 1, pages)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise FileError(
            _("Not a PDF that can be shown"),
            _("The document cannot be shown here. Save it, or open it with the system's viewer."),
            detail=str(error),
        ) from error
    return images, pages


class PdfView(QDialog):
    """A window with all pages below each other."""

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
        self.pages: list[QLabel] = []
        self._column = layout.column(spacing=MARGIN, margin=MARGIN)
        inside = QWidget()
        inside.setLayout(self._column)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidget(inside)
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
        self._paint()

    def zoom(self, step: int) -> None:
        """Show the pages larger or smaller by so many steps."""
        self._zoom = max(0, min(len(_ZOOMS) - 1, self._zoom + step))
        self._paint()

    def _paint(self) -> None:
        if self._running is not None:
            self._running.stop()
        self.zoom_label.setText(f"{_ZOOMS[self._zoom]:.0%}".replace("%", " %"))
        scale = _ZOOMS[self._zoom] * self.logicalDpiX() / _POINTS_PER_INCH * self.devicePixelRatioF()
        self._running = self._runner.start(
            _("Preparing the pages"),
            lambda cancel: paint_pages(self._pdf, scale, cancel),
            lane="pdf",  # the library paints in one thread at a time
            quiet=True,
            on_result=self._on_painted,
            on_error=self._on_failed,
        )

    def _on_painted(self, found: tuple[list[QImage], int]) -> None:
        images, count = found
        while len(self.pages) < len(images):
            page = QLabel()
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            page.setAccessibleName(_("Page {number}").format(number=len(self.pages) + 1))
            self.pages.append(page)
            self._column.addWidget(page)
        for page, image in zip(self.pages, images, strict=False):
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            page.setPixmap(pixmap)
        self.count_label.setText(
            _("{shown} of {count} pages").format(shown=len(images), count=count)
            if count > len(images)
            else ngettext("{count} page", "{count} pages", count).format(count=count)
        )

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
