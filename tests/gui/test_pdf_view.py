"""The PDF viewer: however long the document is, only the pages in view take memory."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from ochp_desktop.gui.pdf_view import PdfView
from ochp_desktop.gui.worker import JobRunner


def document(pages: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number in range(1, pages + 1):
        canvas.drawString(72, 700, f"Page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    running = JobRunner()
    yield running
    running.close()


def painted(view: PdfView) -> list[int]:
    return [number for number, page in enumerate(view.pages) if not page.pixmap().isNull()]


def test_nothing_is_painted_before_the_pages_have_their_places(
    light: QApplication, runner: JobRunner, qtbot: QtBot
) -> None:
    view = PdfView(runner, document(300), "Statement", "statement.pdf")
    qtbot.waitUntil(lambda: len(view.pages) == 300 and not runner.jobs)
    view._paint()
    assert not runner.jobs
    # Qt lays them out twice: at first within the height of the window, close together.
    view._column.setGeometry(QRect(0, 0, 800, 700))
    assert len(view.visible_pages()) > 10
    view._paint()
    assert not runner.jobs
    view.reject()


def test_only_pages_in_view_are_painted_and_scrolling_paints_others(
    light: QApplication, runner: JobRunner, qtbot: QtBot
) -> None:
    view = PdfView(runner, document(300), "Statement", "statement.pdf")
    view.show()
    qtbot.waitUntil(lambda: 0 in painted(view) and not runner.jobs)
    assert len(view.pages) == 300
    assert view.count_label.text() == "300 pages"
    assert len(painted(view)) < 6
    bar = view.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.zoom(2)  # a small screen begins with small pages
    size = view.pages[0].size()
    qtbot.waitUntil(lambda: 299 in painted(view) and not runner.jobs)
    assert 0 not in painted(view)
    assert len(painted(view)) < 6
    view.zoom(-2)
    qtbot.waitUntil(lambda: view.pages[299].pixmap().width() < size.width() * view.devicePixelRatioF() * 0.6)
    assert view.pages[0].width() < size.width()
    view.reject()


def test_closing_while_it_paints_does_no_harm(light: QApplication, runner: JobRunner, qtbot: QtBot) -> None:
    for _time in range(5):
        view = PdfView(runner, document(30), "Statement", "statement.pdf")
        view.show()
        qtbot.waitUntil(lambda view=view: bool(view.pages))
        view.zoom(1)
        view.reject()
    qtbot.waitUntil(lambda: not runner.jobs)
