"""Toolbars, boxes and the window itself on small screens, as with a large scale: nothing lies outside."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import layout
from ochp_desktop.gui.profile_dialog import ProfileDialog
from ochp_desktop.gui.theme import MARGIN
from ochp_desktop.gui.toolbar import toolbar
from ochp_desktop.gui.upload_review import UploadReview
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.list_change import Difference, ListChange
from ochp_desktop.records.tokens import TOKENS

SMALLEST = 800
"""Pixels across that every screen has, also one of 1920 at 200 %."""


@pytest.fixture
def bar(light: QApplication, qtbot: QtBot) -> QWidget:
    names = ("Open", "Close", "Undo", "Redo")
    made = toolbar(*map(layout.button, names), layout.gap(), None, QComboBox(), layout.button("Upload", look="main"))
    qtbot.addWidget(made)
    return made


def shown(bar: QWidget) -> list[QWidget]:
    return [widget for widget in bar.findChildren(QWidget) if widget.parent() is bar]


def show_at(bar: QWidget, width: int) -> int:
    bar.resize(width, bar.heightForWidth(width))
    bar.show()
    QApplication.processEvents()
    return len({widget.geometry().center().y() for widget in shown(bar) if widget.height()})


def test_a_wide_toolbar_is_one_line_with_the_main_action_at_its_end(bar: QWidget) -> None:
    assert show_at(bar, 900) == 1
    assert shown(bar)[-1].geometry().right() == 900 - MARGIN - 1
    assert shown(bar)[0].x() == MARGIN


@pytest.mark.parametrize("width", [420, 300, 200, 130])
def test_a_narrow_one_breaks_and_nothing_lies_over_another(bar: QWidget, width: int) -> None:
    lines = show_at(bar, width)
    assert lines > 1
    places = [widget.geometry() for widget in shown(bar) if widget.width() > 8]
    assert all(bar.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in pairwise(places))
    assert all(
        place.width() >= widget.minimumSizeHint().width()
        for place, widget in zip(places[:4], shown(bar)[:4], strict=True)
    )


def test_the_window_fits_a_small_screen(practising: MainWindow) -> None:
    for number in range(len(practising.tabs)):
        practising.show_tab(number)
        assert practising.minimumSizeHint().width() <= SMALLEST


def test_the_connections_box_grows_with_what_it_says_while_the_screen_has_room(
    practising: MainWindow, qtbot: QtBot
) -> None:
    practising.dialogs.new_connection()
    box = practising.findChild(ProfileDialog)
    qtbot.waitUntil(box.isVisible)
    before = box.height()
    box.save_button.click()
    qtbot.waitUntil(lambda: box.height() > before)
    scroll = box.findChild(layout.Scrolled)
    assert not scroll.verticalScrollBar().isVisible()
    box.setMaximumHeight(400)  # as a small screen would
    qtbot.waitUntil(scroll.verticalScrollBar().isVisible)
    assert box.rect().contains(box.save_button.geometry())
    box.reject()


def test_boxes_are_never_larger_than_the_screen(practising: MainWindow, qtbot: QtBot) -> None:
    row = [field.example for field in TOKENS]
    change = ListChange([row], Difference([row], [], [], [], 0), 0, removed=[])
    review = UploadReview(change, "House", lambda _count: None, practising)
    qtbot.addWidget(review)
    layout.open_at_size(review, 5_000, 5_000)
    room = review.screen().availableGeometry()
    assert review.width() <= room.width()
    assert review.height() < room.height()
    assert "0" not in review.summary_label.text().split(":")[0], "a house without tokens is told in words"
