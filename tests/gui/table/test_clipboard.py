"""Large blocks are cut, copied and pasted in turns of the window, and are what small ones are."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table import block_commands, clipboard, copied_block, gather
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet import blocks, html_table
from ochp_desktop.sheet import clipboard as texts
from ochp_desktop.sheet.sheet import Sheet

PRINTED, TOKEN = TOKENS.index("printedNumber"), TOKENS.index("tokenId")


@pytest.fixture(autouse=True)
def _short_turns(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows in each turn, as if there were a million."""
    monkeypatch.setattr(blocks, "SLICE", 2)
    monkeypatch.setattr(block_commands, "_LINES", 2)
    monkeypatch.setattr(texts, "_PIECE", 20)
    monkeypatch.setattr(html_table, "_PIECE", 20)
    monkeypatch.setattr(gather, "_SLICE", 0.0)
    monkeypatch.setattr(copied_block, "MOST_AS_PAGE", 8)
    QGuiApplication.clipboard().setText("from before")


def on_clipboard() -> str:
    return QGuiApplication.clipboard().text()


def tokens(sheet: Sheet, rows: list[int]) -> str:
    return "".join(f"{sheet.text(row, TOKEN)}\n" for row in rows)


@pytest.mark.parametrize("keys", [(), ((TOKEN, True),)])
def test_a_copy_of_everything(area: SheetArea, sheet: Sheet, qtbot: QtBot, keys: tuple[tuple[int, bool], ...]) -> None:
    area.model.sort_by(keys)
    area.table.select_block(0, 8, [TOKEN])
    with qtbot.waitSignals([area.notice, area.notice], timeout=2_000):
        area.table.clipboard.copy()
        assert not on_clipboard(), "nobody may paste what was there before"
    assert on_clipboard() == tokens(sheet, list(area.view.rows))
    area.table.stand_on(area.model.index(0, TOKEN))
    area.table.clipboard.paste()
    qtbot.waitUntil(lambda: area.table.selected().cell_count == 8)
    assert not sheet.can_undo, "a copy put over itself changes nothing"


@pytest.mark.parametrize("odd", ["a\tb", "a\nb", '"', "a\rb"])
@pytest.mark.parametrize("keys", [(), ((TOKEN, True),)])
def test_odd_cells_are_copied_in_quotes_in_any_order(
    area: SheetArea, sheet: Sheet, qtbot: QtBot, keys: tuple[tuple[int, bool], ...], odd: str
) -> None:
    sheet.apply(sheet.set_columns("Odd", {TOKEN: {3: odd, 7: odd}}))
    area.model.sort_by(keys)
    fields = [TOKEN, TOKEN + 1]
    area.table.select_block(0, 8, fields)
    area.table.clipboard.copy()
    qtbot.waitUntil(lambda: bool(on_clipboard()))
    wanted = [[sheet.text(row, field).replace("\r", "\n") for field in fields] for row in area.view.rows]
    assert texts.parse_block(on_clipboard()) == wanted


def test_what_was_copied_stays_as_it_was_whatever_is_edited_after(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.table.select_block(0, 8, [TOKEN])
    area.table.clipboard.copy()
    qtbot.waitUntil(lambda: bool(on_clipboard()))
    copied = [[token] for token in sheet.columns[TOKEN]]
    sheet.apply(sheet.set_columns("Clear", {TOKEN: dict.fromkeys(range(8), "")}))
    area.set_sheet(None)
    there = QGuiApplication.clipboard().mimeData()
    assert there.hasText()
    assert there.hasHtml()
    assert not there.hasImage()
    assert html_table.parse_html(there.html()) == copied
    assert html_table.parse_html(bytes(there.data("text/html").data()).decode()) == copied, "as other programs ask"
    assert texts.parse_block(bytes(there.data("text/plain").data()).decode()) == copied
    assert there.data("text/rtf").isEmpty()


@pytest.mark.parametrize("cells", [2, 1_000_000])
def test_the_program_ends_in_order_with_a_copy_on_the_clipboard(cells: int) -> None:
    program = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ochp_desktop.gui.table.copied_block import CopiedBlock
app = QApplication([])
app.clipboard().setMimeData(CopiedBlock(["a\\tb\\n"], {cells}))
QTimer.singleShot(0, app.quit)
sys.exit(app.exec())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr


def test_a_huge_copy_is_text_only(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.table.select_block(0, 5, [TOKEN, PRINTED])
    area.table.clipboard.copy()
    qtbot.waitUntil(lambda: bool(on_clipboard()))
    there = QGuiApplication.clipboard().mimeData()
    assert there.hasText()
    assert not there.hasHtml()
    assert there.data("text/html").isEmpty()


def test_a_copy_of_what_is_changed_meanwhile_is_refused(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    area.table.select_block(0, 8, [TOKEN])
    area.table.clipboard.cut()
    sheet.apply(sheet.set_cells("Type", [(0, PRINTED, "1")]))
    said: list[str] = []
    area.notice.connect(said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["The table changed while it was being copied. Copy again."]
    assert not on_clipboard()
    assert sheet.text(7, TOKEN), "nothing was cut that is not on the clipboard"


def test_a_cut_empties_what_was_copied(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    before = tokens(sheet, list(range(8)))
    area.table.select_block(0, 8, [TOKEN])
    area.table.clipboard.cut()
    qtbot.waitUntil(lambda: not any(sheet.columns[TOKEN]))
    assert on_clipboard() == before
    area.table.undo()
    assert tokens(sheet, list(range(8))) == before


def test_a_paste_goes_on_after_an_edit_in_between(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("".join(f"C{number}\n" for number in range(12)))
    area.table.stand_on(area.model.index(2, TOKEN))
    area.table.clipboard.paste()
    sheet.apply(sheet.set_cells("Type", [(2, TOKEN, "typed"), (0, PRINTED, "1")]))
    qtbot.waitUntil(lambda: len(sheet) == 14)
    assert [sheet.text(row, TOKEN) for row in sheet.order[2:]] == [f"C{number}" for number in range(12)]
    area.table.undo()
    assert sheet.text(2, TOKEN) == "typed"


def test_the_next_command_waits_for_the_one_before(area: SheetArea, sheet: Sheet) -> None:
    QGuiApplication.clipboard().setText("".join(f"C{number}\n" for number in range(6)))
    area.table.stand_on(area.model.index(0, TOKEN))
    area.table.clipboard.paste()
    assert sheet.text(0, TOKEN) != "C0"
    area.table.select_block(1, 1, [TOKEN])
    area.table.clipboard.copy()
    assert on_clipboard() == "C1\n"
    assert area.table.selected().cell_count == 1, "whoever has gone on to another cell stays there"


def test_a_paste_for_a_sheet_that_was_closed_is_forgotten(area: SheetArea, sheet: Sheet, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("".join(f"C{number}\n" for number in range(6)))
    area.table.stand_on(area.model.index(0, TOKEN))
    area.table.clipboard.paste()
    other = Sheet(TOKENS)
    other.load([sheet.row_texts(row) for row in sheet.order])
    area.set_sheet(other)
    qtbot.wait(20)
    assert not sheet.can_undo
    assert not other.can_undo


def test_html_only_is_pasted_and_an_image_is_refused(
    area: SheetArea, sheet: Sheet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = QMimeData()
    rows = "".join(f"<tr><td>C{number}</td><td>12  34</td></tr>" for number in range(4))
    data.setHtml(f"<html><body><table>{rows}</table></body></html>")
    QGuiApplication.clipboard().setMimeData(data)
    area.table.stand_on(area.model.index(0, TOKEN))
    area.table.clipboard.paste()
    qtbot.waitUntil(lambda: sheet.text(3, TOKEN) == "C3")
    assert sheet.text(3, PRINTED) == "12 34"
    area.table.undo()
    monkeypatch.setattr(clipboard, "LONGEST", 20)
    with qtbot.waitSignal(area.notice) as said:
        area.table.clipboard.paste()
    assert "too much to paste from a web page" in said.args[0]
    assert not sheet.can_undo, "half a table would look like all of it"
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0)
    QGuiApplication.clipboard().setImage(picture)
    with qtbot.waitSignal(area.notice) as said:
        area.table.clipboard.paste()
    assert "picture on the clipboard" in said.args[0]
