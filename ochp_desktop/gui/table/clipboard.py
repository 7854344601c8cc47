"""Cut, copy and paste: blocks of any size, in turns of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from ochp_desktop.gui.table import block_commands
from ochp_desktop.gui.table.block_commands import Prepared
from ochp_desktop.gui.table.cell_grid import CellGrid
from ochp_desktop.gui.table.copied_block import CopiedBlock
from ochp_desktop.gui.table.gather import Turns
from ochp_desktop.gui.table.selection import Selected
from ochp_desktop.sheet.clipboard import parsing
from ochp_desktop.sheet.html_table import LONGEST, parsing_html
from ochp_desktop.sheet.slices import Slices
from ochp_desktop.texts import _, ngettext, number


class TableClipboard(QObject):
    """Takes the selected block of one table to the clipboard, and puts the clipboard's cells into it.

    What takes longer than a moment goes on while the window does; the next command waits until it is done.

    Signals:
        notice: a sentence about what just happened that is not plain to see.
    """

    notice = Signal(str)

    def __init__(self, table: CellGrid) -> None:
        super().__init__(table)
        self._table = table
        self._model = table.sheet_model
        self._running: Turns[Any] | None = None

    def copy(self) -> None:
        """Put the selected block on the clipboard; a notice tells when it is no block."""
        self._copy(lambda: None)

    def cut(self) -> None:
        """Copy the selected block, then empty it."""
        if self._model.read_only:
            return
        self.finish()
        selected = self._table.selected()

        def empty() -> None:
            self._work(lambda: block_commands.emptying(self._model, selected, _("Cut")), self._model.sheet.apply)

        self._copy(empty)

    @property
    def is_busy(self) -> bool:
        """Whether a command is not done yet."""
        return self._running is not None and not self._running.is_done

    def finish(self) -> None:
        """Do now what is not done yet of the command before."""
        if self._running is not None:
            self._running.finish()

    def _copy(self, then: Callable[[], object]) -> None:
        self.finish()
        selected = self._table.selected()
        if not selected:
            return
        if not selected.is_block():
            self.notice.emit(_("These separate blocks cannot be copied together: select one block."))
            return
        model, sheet = self._model, self._model.sheet
        revision = sheet.revision

        def take(pieces: list[str]) -> None:
            if model.sheet is not sheet or sheet.revision != revision:
                self.notice.emit(_("The table changed while it was being copied. Copy again."))
                return
            QGuiApplication.clipboard().setMimeData(CopiedBlock(pieces, selected.cell_count))
            if not at_once:
                self.notice.emit(_("{count} cells copied.").format(count=number(selected.cell_count)))
            then()

        # What is copied is the table as it is now, so nothing is begun anew.
        at_once = True
        if not self._work(lambda: block_commands.copying(model, selected), take, lambda: None):
            at_once = False
            # Whoever pastes before it is done must not get what was there before.
            QGuiApplication.clipboard().clear()
            self.notice.emit(_("Copying {count} cells…").format(count=number(selected.cell_count)))

    def clear_cells(self) -> None:
        """Empty the selected cells."""
        if self._model.read_only:
            return
        self.finish()
        selected = self._table.selected()
        count = selected.cell_count
        name = ngettext("Clear {count} cell", "Clear {count} cells", count).format(count=number(count))
        self._work(lambda: block_commands.emptying(self._model, selected, name), self._model.sheet.apply)

    def fill_all(self, text: str) -> None:
        """Put a text into all selected cells."""
        self.finish()
        selected = self._table.selected()
        if not self._model.read_only and selected:
            self._work(lambda: block_commands.filling_all(self._model, selected, text), self._model.sheet.apply)

    def paste(self) -> None:
        """Put the clipboard's cells in, where the selection begins, and select them."""
        if self._model.read_only:
            return
        self._table.end_editing()
        self.finish()
        there: QMimeData | None = QGuiApplication.clipboard().mimeData()
        data = QMimeData() if there is None else there  # some systems have nothing on it at first
        text = data.whole() if isinstance(data, CopiedBlock) else data.text() if data.hasText() else ""
        html, picture = data.html() if not text.strip("\0") and data.hasHtml() else "", data.hasImage()
        selected = self._table.selected()

        def prepare() -> Slices[Prepared | None]:
            block = yield from parsing(text)
            if not block and len(html) > LONGEST:
                return None
            if not block and html:
                block = yield from parsing_html(html)
            return (yield from block_commands.preparing(self._model, selected, block))

        nothing = _("There is no text on the clipboard to paste.")
        if picture:
            nothing = _("There is a picture on the clipboard, no text: copy the cells themselves.")
        if len(html) > LONGEST:
            nothing = _(
                "This is too much to paste from a web page at once. Copy fewer rows, or save it and open the file."
            )
        if not self._work(prepare, lambda prepared: self._put(prepared, selected, nothing)):
            self.notice.emit(_("Pasting…"))

    def _put(self, prepared: Prepared | None, before: Selected, nothing: str) -> None:
        if prepared is None:
            self.notice.emit(nothing)
            return
        self._model.sheet.apply(prepared.edit)
        pasted = prepared.pasted
        if pasted is None:
            return
        # Whoever has gone on to other cells meanwhile stays there.
        if self._table.selected() == before:
            self._table.select_block(pasted.top, pasted.height, pasted.fields)
        if pasted.cut:
            self.notice.emit(
                ngettext(
                    "{count} column of the block did not fit beside the last column and was left out.",
                    "{count} columns of the block did not fit beside the last column and were left out.",
                    pasted.cut,
                ).format(count=number(pasted.cut))
            )
        elif pasted.new_rows:
            self.notice.emit(
                ngettext("{count} row was added.", "{count} rows were added.", pasted.new_rows).format(
                    count=number(pasted.new_rows)
                )
            )

    def _work(
        self,
        start: Callable[[], Slices[Any]],
        done: Callable[[Any], object],
        state: Callable[[], object] | None = None,
    ) -> bool:
        """Work in turns; whether it was done at once."""
        model, sheet = self._model, self._model.sheet

        def work() -> Slices[Any]:
            # Another sheet is shown now: this one's cells are not touched any more.
            return start() if model.sheet is sheet else _nothing()

        def finish(result: Any) -> None:
            if model.sheet is sheet:
                done(result)

        self._running = Turns(self, work, state or (lambda: (model.sheet, sheet.revision, id(model.view.rows))), finish)
        return self._running.is_done


def _nothing() -> Slices[Any]:
    return None
    yield
