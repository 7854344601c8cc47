"""Menus, window and dialogs in every language: a letter does one thing, nothing is left English, nothing is cut off.

With the environment's OCHP_PICTURES naming a folder, a picture of everything that was looked at is left there.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as NotInTime
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ochp_desktop import texts
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.paths import resource

from .walk import Walk, all_dialogs

PICTURES = os.environ.get("OCHP_PICTURES", "")
GROWING = 1_000  # milliseconds
FRAME = 20  # pixels around a field's text
LETTERS = 8  # of a text that is looked for; shorter ones may well be the same word
MOST_ROWS = 20  # of a table that are read


def letters(shown: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each letter that more than one of these texts takes, with the texts."""
    taken: dict[str, list[str]] = {}
    for text in shown:
        key = QKeySequence.mnemonic(text).toString()
        if key:
            taken.setdefault(key, []).append(text)
    yield from ((key, found) for key, found in taken.items() if len(found) > 1)


def actions_of(menu: QWidget) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def words_of(window: QWidget) -> list[str]:
    """The texts on a window that Alt and a letter reach."""
    found = actions_of(window.menuBar()) if isinstance(window, MainWindow) else []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QTabBar):
            found += [widget.tabText(index) for index in range(widget.count())]
        elif isinstance(widget, QGroupBox):
            found.append(widget.title())
        elif isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            found.append(widget.text())
    return found


def said_by(window: QWidget) -> Iterator[str]:
    """Every text on a window, and what a screen reader and a tooltip say of it."""
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible() or widget.window() is not window:
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(index) for index in range(widget.count()))
        elif isinstance(widget, QTableView) and widget.model() is not None:
            model = widget.model()
            across = Qt.Orientation.Horizontal
            yield from (str(model.headerData(column, across)) for column in range(model.columnCount()))
            rows, columns = min(model.rowCount(), MOST_ROWS), model.columnCount()
            yield from (str(model.index(row, column).data()) for row in range(rows) for column in range(columns))


def forms(text: str | Sequence[str]) -> Sequence[str]:
    """Singular and plural, where there are two."""
    return [text] if isinstance(text, str) else text


def left_english(language: str) -> re.Pattern[str]:
    """What a text in English looks like that this language says in other words."""
    with resource("locale", language, "LC_MESSAGES", f"{texts.DOMAIN}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    patterns = [
        re.sub(r"\\\{[^}]*\}", ".+", re.escape(one.replace("&", "")))
        for message in catalogue
        for one in forms(message.id)
        # Short ones, such as "Type" and "kWh", are the same in many languages, or part of a name.
        if len(re.sub(r"\{[^}]*\}|[^a-z]", "", one.casefold())) >= LETTERS and one not in forms(message.string)
    ]
    return re.compile("|".join(patterns), re.DOTALL)


def cut_off(window: QWidget) -> Iterator[str]:
    """The texts on a window that have less room than they need."""
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisible() or widget.window() is not window:
            continue
        room, needed, text = widget.size(), widget.sizeHint(), ""
        if isinstance(widget, QLabel) and widget.text():
            tall = widget.wordWrap() and widget.heightForWidth(room.width()) > room.height() + 1
            text = widget.text() if tall or (not widget.wordWrap() and needed.width() > room.width() + 1) else ""
        elif isinstance(widget, QAbstractButton) and widget.text():
            text = widget.text() if needed.width() > room.width() + 1 else ""
        elif isinstance(widget, QLineEdit):
            shown = widget.placeholderText()
            text = shown if widget.fontMetrics().horizontalAdvance(shown) > room.width() - FRAME else ""
        elif isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
            text = ", ".join(cut_off_headers(widget))
        if text:
            sizes = f"{needed.width()} x {needed.height()} in {room.width()} x {room.height()}"
            yield f"{type(widget).__name__} “{text}”: {sizes}"


def cut_off_headers(header: QHeaderView) -> Iterator[str]:
    """The titles that are longer than their column is wide."""
    for column in range(header.count()):
        title = str(header.model().headerData(column, Qt.Orientation.Horizontal) or "")
        needed = header.fontMetrics().horizontalAdvance(title)
        if not header.isSectionHidden(column) and needed > header.sectionSize(column):
            yield title


class Eyes:
    """Looks at all that is on the screen, again and again, and remembers what is wrong there."""

    def __init__(self, language: str, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.cut_off: dict[str, str] = {}
        self.clashes: dict[str, str] = {}
        self.english: dict[str, str] = {}
        self.seen: set[type] = set()
        self._language = language
        self._left_english = left_english(language) if language != "en" else None

    def look(self, step: str) -> None:
        """At every window that is open, and at every menu of it."""
        QApplication.processEvents()
        for window in QApplication.topLevelWidgets():
            if not isValid(window) or not window.isVisible():  # one that was closed goes while others grow
                continue
            self.seen.add(type(window))
            # What has just got its text grows a moment later.
            with contextlib.suppress(NotInTime):
                self._qtbot.waitUntil(lambda window=window: not any(cut_off(window)), timeout=GROWING)
            self.cut_off |= {one: step for one in cut_off(window) if one not in self.cut_off}
            for text in {*said_by(window), *(text for menu in window.findChildren(QMenu) for text in actions_of(menu))}:
                if self._left_english is not None and self._left_english.fullmatch(text.replace("&", "")):
                    self.english.setdefault(text, step)
            if isinstance(window, QMenu):
                self._note(step, f"menu “{window.title()}”", actions_of(window))
            else:
                self._note(step, type(window).__name__, words_of(window))
            for menu in window.findChildren(QMenu):
                self._note(step, f"menu “{menu.title()}”", actions_of(menu))
            if PICTURES:
                folder = Path(PICTURES) / self._language
                folder.mkdir(parents=True, exist_ok=True)
                window.grab().save(str(folder / f"{step}-{type(window).__name__}.png"))

    def _note(self, step: str, where: str, shown: list[str]) -> None:
        for key, found in letters(shown):
            self.clashes.setdefault(f"{key} in {where}: {found}", step)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_everything_there_is_to_see(
    language: str, new_window: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    texts.use_language(language)
    window = new_window(tmp_path)
    with qtbot.waitSignal(window.session.changed):
        window.session.open()
    eyes = Eyes(language, qtbot)
    Walk(window, qtbot, eyes.look).through()
    assert not eyes.clashes, "\n".join(f"{clash} ({step})" for clash, step in eyes.clashes.items())
    assert not eyes.cut_off, "\n".join(f"{text} ({step})" for text, step in eyes.cut_off.items())
    assert not eyes.english, "\n".join(f"{text} ({step})" for text, step in eyes.english.items())
    assert not all_dialogs() - eyes.seen
