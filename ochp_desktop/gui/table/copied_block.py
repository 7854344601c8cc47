"""What a copy of cells puts on the clipboard: its text, and a page for spreadsheet programs when they ask for it."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from ochp_desktop.sheet.html_table import format_html

MOST_AS_PAGE = 200_000
"""Cells of a block up to which spreadsheet programs are told that they are texts: making that page takes a moment."""
_TEXT, _PAGE = "text/plain", "text/html"


class CopiedBlock(QMimeData):
    """A block as it was when it was copied, whatever becomes of the table after.

    Making the page takes ten times as long as making the text, and most blocks are pasted where nobody wants it.
    Systems ask for it at the program's end where they keep the clipboard; Windows asks for it at once.
    """

    def __init__(self, pieces: Sequence[str], cells: int) -> None:
        """Take a block.

        Args:
            pieces: its text in pieces, each of whole lines, as `sheet.clipboard` writes them.
            cells: how many cells it has.
        """
        super().__init__()
        self._pieces = pieces
        self._formats = [_TEXT, _PAGE] if cells <= MOST_AS_PAGE else [_TEXT]
        self._page = ""

    def whole(self) -> str:
        """The text."""
        return "".join(self._pieces)

    def formats(self) -> list[str]:
        """Text, and a page unless the block is huge."""
        return self._formats

    def retrieveData(self, mimetype: str, _type: Any) -> Any:
        """Text or page, when a program asks for it."""
        if mimetype == _TEXT:
            return self.whole()
        if mimetype not in self._formats:
            return None
        self._page = self._page or format_html(self._pieces)
        return self._page


def _clear_own() -> None:
    """Take a block off a clipboard that is this program's alone, as where there is no screen.

    It outlives Python, and Qt would crash when it lets go of the block. The clipboard of a system is given up while
    Python lives; a system that keeps what was on it asks for it then. On macOS Qt never says whose it is.
    """
    if sys.platform == "darwin" or QGuiApplication.instance() is None:
        return
    clipboard = QGuiApplication.clipboard()
    if isinstance(clipboard.mimeData(), CopiedBlock) and not clipboard.ownsClipboard():
        clipboard.clear()


# PySide was here before, so this comes before it takes the application apart.
atexit.register(_clear_own)
