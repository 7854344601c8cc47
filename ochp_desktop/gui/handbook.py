"""The handbook inside the program: its chapters, its pages with pictures, and a search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QListWidget, QSplitter, QTextBrowser, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout, theme
from ochp_desktop.gui.theme import MARGIN, SPACING
from ochp_desktop.gui.worker import JobRunner
from ochp_desktop.paths import document
from ochp_desktop.texts import _, language

HANDBOOK = "handbook.md"
FIRST_CHAPTER = "First start"
_PICTURE = re.compile(r"!\[[^\]]*\]\((images/[^)]+\.png)\)")
_CHAPTER = re.compile(r"^## (.+)$", re.MULTILINE)
_WIDEST = 760  # pixels of a picture
_NARROWEST = 420  # pixels of a page
_CHAPTERS = 220  # pixels


@dataclass(frozen=True)
class Page:
    """A page of the handbook, ready to be shown.

    Attributes:
        text: in Markdown.
        pictures: by the name that the text has for them.
    """

    text: str
    pictures: Mapping[str, QImage] = field(default_factory=dict)


def page_name(name: str) -> str:
    """The file of a page in the language in use, or in English where it is not translated."""
    own = f"{PurePosixPath(name).stem}.{language()}.md"
    try:
        document(own)
    except FileNotFoundError:
        return name
    return own


def load_page(name: str, *, dark: bool, ratio: float) -> Page:
    """Read a page and its pictures, at the size and in the look in which they are shown; takes a while.

    Args:
        name: file name of the page in English, for example "handbook.md".
        dark: take the dark pictures where there are some.
        ratio: device pixels per pixel of the screen.

    Raises:
        FileNotFoundError: there is no such page.
    """
    text = document(page_name(name)).read_text(encoding="utf-8")
    pictures: dict[str, QImage] = {}
    for named in set(_PICTURE.findall(text)):
        wanted = [named.replace("-light.", "-dark."), named] if dark else [named]
        for one in wanted:
            try:
                image = QImage(str(document(*PurePosixPath(one).parts)))
            except FileNotFoundError:
                continue
            width = int(min(image.width(), _WIDEST) * ratio)
            image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
            pictures[named] = image
            break
    return Page(text, pictures)


class _PageBrowser(QTextBrowser):
    """Shows pages whose pictures are ready made."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: Mapping[str, QImage] = {}

    def show_page(self, page: Page) -> None:
        """Show another page."""
        self._pictures = page.pictures
        self.setMarkdown(page.text)

    def loadResource(self, _kind: int, name: QUrl | str) -> object:
        """A picture of the page; nothing else is ever loaded, from nowhere."""
        return self._pictures.get(QUrl(name).toString())


class HandbookWindow(QWidget):
    """A window beside the program's own; stays open while people work."""

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(_("Handbook"))
        self._runner = runner
        self._name = ""
        self._wanted = ""
        self._english: list[str] = []
        self.chapters = QListWidget()
        self.chapters.setAccessibleName(_("Chapters"))
        self.chapters.setMinimumWidth(180)
        self.chapters.setSpacing(SPACING // 2)
        self.chapters.currentRowChanged.connect(self._on_chapter_chosen)
        self.browser = _PageBrowser()
        self.browser.setAccessibleName(_("Page"))
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._on_link_clicked)
        self.browser.document().setDocumentMargin(2 * MARGIN)
        self.browser.setMinimumWidth(_NARROWEST)
        self.find_edit = QLineEdit()
        self.find_edit.setPlaceholderText(_("Find in the handbook…"))
        self.find_edit.setAccessibleName(_("Find in the handbook"))
        self.find_edit.setClearButtonEnabled(True)
        self.find_edit.setMinimumWidth(260)
        self.find_edit.returnPressed.connect(self.find_next)
        self.back_button = layout.button(_("&Back to the handbook"), self.open_at)
        self.nothing_label = layout.label("", "muted")
        bar = layout.row(self.find_edit, self.nothing_label, None, self.back_button)
        bar.setContentsMargins(MARGIN, 2 * SPACING, MARGIN, 2 * SPACING)
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.addWidget(self.chapters)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_CHAPTERS, _WIDEST + 6 * MARGIN])
        whole = layout.column(bar, splitter, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        layout.open_at_size(self, 1060, 760)
        QShortcut(QKeySequence.StandardKey.Find, self, self.find_edit.setFocus)
        QShortcut(QKeySequence.StandardKey.FindNext, self, self.find_next)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def open_at(self, chapter: str = "", name: str = HANDBOOK) -> None:
        """Show a page, at a chapter of the English handbook when one is named."""
        self._wanted = chapter
        self.show()
        self.raise_()
        self.activateWindow()
        if self._name == name:
            self._go_to_wanted()
            return
        self._name = name
        dark, ratio = theme.current().dark, self.devicePixelRatioF()
        self._runner.call(
            lambda: (load_page(name, dark=dark, ratio=ratio), _chapters_of(document(name).read_text("utf-8"))),
            on_result=self._on_loaded,
            on_error=self._on_failed,
        )

    def _on_loaded(self, found: tuple[Page, list[str]]) -> None:
        page, self._english = found
        self.browser.show_page(page)
        self.chapters.blockSignals(True)
        self.chapters.clear()
        self.chapters.addItems(_chapters_of(page.text))
        self.chapters.blockSignals(False)
        self.back_button.setVisible(self._name != HANDBOOK)
        self._go_to_wanted()

    def _on_failed(self, error: OchpError) -> None:
        self.browser.setPlainText(error.text)

    def _go_to_wanted(self) -> None:
        if self._wanted in self._english:
            self.chapters.setCurrentRow(self._english.index(self._wanted))
            self._on_chapter_chosen(self.chapters.currentRow())
        self._wanted = ""

    def _on_chapter_chosen(self, row: int) -> None:
        headings = [block for block in _blocks(self.browser.document()) if block.blockFormat().headingLevel() == 2]  # noqa: PLR2004 - chapters
        if 0 <= row < len(headings):
            self.browser.setTextCursor(QTextCursor(headings[row]))
            bar = self.browser.verticalScrollBar()
            place = self.browser.document().documentLayout().blockBoundingRect(headings[row])
            bar.setValue(int(place.top()) - SPACING)

    def _on_link_clicked(self, url: QUrl) -> None:
        name = url.path()
        if url.scheme() == "" and name.endswith(".md"):
            self.open_at(name=name)

    def find_next(self) -> None:
        """Go to the next place with the text that is searched, beginning anew after the last."""
        text = self.find_edit.text().strip()
        self.nothing_label.setText("")
        if not text or self.browser.find(text):
            return
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        if not self.browser.find(text):
            self.nothing_label.setText(_("Nothing found"))


def _chapters_of(text: str) -> list[str]:
    return [title.strip() for title in _CHAPTER.findall(text)]


def _blocks(text: QTextDocument) -> list[QTextBlock]:
    found = []
    block = text.begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found
