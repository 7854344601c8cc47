"""Measures and paints pages of a PDF, one at a time, in a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtGui import QImage

from ochp_desktop.errors import FileError
from ochp_desktop.jobs.job import Cancel, Job, Progress
from ochp_desktop.texts import _

MOST_PAGES = 2_000
"""Pages shown at most; the system's viewer shows the rest."""
_WIDEST = 5_000  # pixels of one page's edge: a hostile page size must not eat the memory

Size = tuple[float, float]
"""Width and height of a page, in points."""


def measure_pages(pdf: bytes, cancel: Cancel) -> Job[tuple[list[Size], int]]:
    """The sizes of the pages that are shown, and how many pages the document has.

    Raises:
        FileError: this is no PDF that can be shown.
        Cancelled: stopped.
    """
    yield Progress(_("Preparing the pages"))
    with _opened(pdf) as document:
        pages = len(document)
        sizes = []
        for index in range(min(pages, MOST_PAGES)):
            cancel.check()
            width, height = document.get_page_size(index)
            sizes.append((max(width, 1.0), max(height, 1.0)))
        return sizes, pages


def paint_pages(
    pdf: bytes, numbers: Sequence[int], scale: float, cancel: Cancel
) -> Job[tuple[dict[int, QImage], float]]:
    """Paint pages at `scale` pixels per point: (number from 0 -> image, the scale).

    Raises:
        FileError: this is no PDF that can be shown.
        Cancelled: stopped.
    """
    images: dict[int, QImage] = {}
    with _opened(pdf) as document:
        for number in numbers:
            cancel.check()
            page = document[number]
            longest = max(page.get_width(), page.get_height(), 1.0)
            bitmap = page.render(scale=min(scale, _WIDEST / longest), rev_byteorder=True, prefer_bgrx=True)
            image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
            images[number] = image.copy()
            bitmap.close()
            page.close()
            yield Progress(_("Preparing the pages"))
    return images, scale


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise FileError(
            _("Not a PDF that can be shown"),
            _("The document cannot be shown here. Save it, or open it with the system's viewer."),
            detail=str(error),
        ) from error
