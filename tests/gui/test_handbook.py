"""The handbook in the program: every page and picture is there, F1 opens the chapter about what is in front."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.handbook import FIRST_CHAPTER, HandbookWindow, load_page, page_name
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.gui.worker import JobRunner
from ochp_desktop.paths import document
from ochp_desktop.texts import LANGUAGES, use_language

from .conftest import PATIENCE

DOCS = document("handbook.md").parent


def chapters(path: Path) -> list[str]:
    return re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)


@pytest.fixture
def runner(qtbot: QtBot) -> JobRunner:
    return JobRunner()


@pytest.fixture
def handbook(runner: JobRunner, qtbot: QtBot) -> HandbookWindow:
    made = HandbookWindow(runner)
    qtbot.addWidget(made)
    made.open_at()
    qtbot.waitUntil(lambda: made.chapters.count() > 0, timeout=PATIENCE)
    return made


def test_every_picture_and_page_that_is_named_is_there() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            assert (DOCS / target).exists(), f"{page.name} names {target}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_has_the_same_chapters_and_pictures(code: str) -> None:
    use_language(code)
    own, english = document(page_name("handbook.md")), document("handbook.md")
    assert len(chapters(own)) == len(chapters(english))
    pictures = [re.findall(r"\((images/[^)]+)\)", path.read_text("utf-8")) for path in (own, english)]
    assert pictures[0] == pictures[1]


def test_f1_opens_the_chapter_about_the_tab_in_front(window: MainWindow, qtbot: QtBot) -> None:
    known = chapters(document("handbook.md"))
    assert FIRST_CHAPTER in known
    window.show_handbook()
    book = window.dialogs.handbook
    assert book is not None
    qtbot.waitUntil(lambda: book.chapters.currentRow() == known.index(FIRST_CHAPTER), timeout=PATIENCE)
    window.first_start.files_wanted.emit()
    for index, tab in enumerate(window.tabs):
        assert tab.chapter in known
        window.show_tab(index)
        window.show_handbook()
        assert book.chapters.currentItem().text() == tab.chapter


def test_a_chapter_is_scrolled_to_and_text_is_found(handbook: HandbookWindow, qtbot: QtBot) -> None:
    handbook.chapters.setCurrentRow(3)
    assert handbook.browser.verticalScrollBar().value() > 0
    handbook.find_edit.setText("Settle")
    handbook.find_next()
    assert handbook.browser.textCursor().selectedText().lower() == "settle"
    handbook.find_edit.setText("no such words in it")
    handbook.find_next()
    assert handbook.nothing_label.text() == "Nothing found"


def test_links_between_pages_are_followed_and_no_others(handbook: HandbookWindow, qtbot: QtBot) -> None:
    handbook.browser.anchorClicked.emit(QUrl("https://elsewhere.example/"))
    assert handbook.browser.toPlainText().startswith("Handbook")
    handbook.browser.anchorClicked.emit(QUrl("rules.md"))
    qtbot.waitUntil(lambda: not handbook.browser.toPlainText().startswith("Handbook"), timeout=PATIENCE)
    assert handbook.back_button.isVisible()
    handbook.back_button.click()
    qtbot.waitUntil(lambda: handbook.browser.toPlainText().startswith("Handbook"), timeout=PATIENCE)


def test_dark_windows_show_dark_pictures(qtbot: QtBot) -> None:
    light = load_page("handbook.md", dark=False, ratio=1.0).pictures["images/tokens-light.png"]
    dark = load_page("handbook.md", dark=True, ratio=1.0).pictures["images/tokens-light.png"]
    assert light.pixelColor(5, 300).lightness() > 128 > dark.pixelColor(5, 300).lightness()
    double = load_page("handbook.md", dark=False, ratio=2.0).pictures["images/tokens-light.png"]
    assert double.devicePixelRatio() == 2.0
    assert double.width() == 2 * light.width()
