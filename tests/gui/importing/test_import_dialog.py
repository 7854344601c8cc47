"""The import dialog in the real window: a messy file is at the right table with one press of the main button."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.importing.dialog import ImportDialog
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.export_file import export_bad_rows
from ochp_desktop.jobs.import_memory import remembered
from ochp_desktop.jobs.import_merge import Way
from ochp_desktop.jobs.job import Cancel

PATIENCE = 20_000
MESSY = """Export laadpassen 2026;;;;;;
;;;;;;
Contractnumer;RFID UID;Kaartnummer;Geldig t/m;Pin;Opm.;Hub
NL-TNM-000122045-U;04A2B3C4D5E6F7;01234567;3/4/2037;0427;oud;2
NL-TNM-000122046-X;04A2B3C4D5E6F8;1234568;4/5/2037;4275;;2
NL-TNM-000122047-Y;04A2B3C4D5E6F9;01234569;5/6/2037;1234;x;2
NL-TNM-000122048-Z;1,23E+13;01234570;6/7/2037;9999;;2
"""


def tokens(window: MainWindow) -> SheetTab:
    tab = window.tabs[0]
    assert isinstance(tab, SheetTab)
    return tab


def ask_about(window: MainWindow, path: Path, qtbot: QtBot) -> ImportDialog:
    tab = tokens(window)
    tab.open_files([path])
    return waited(tab, qtbot)


def waited(tab: SheetTab, qtbot: QtBot) -> ImportDialog:
    qtbot.waitUntil(
        lambda: tab.importing.dialog is not None and tab.importing.dialog.imported is not None, timeout=PATIENCE
    )
    dialog = tab.importing.dialog
    assert dialog is not None
    return dialog


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def settled(dialog: ImportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.imported is not None and not dialog._working, timeout=PATIENCE)


def taken(window: MainWindow, dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.main_button.click()
    qtbot.waitUntil(lambda: tokens(window).area.checker is not None, timeout=PATIENCE)


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    path.write_text(MESSY, encoding="utf-8")
    return path


def test_a_messy_file_is_open_after_one_more_click(window: MainWindow, qtbot: QtBot, messy: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    assert dialog.main_button.text() == "&Open 4 rows"
    assert "Please check: Contract id" in dialog.summary_label.text()
    assert "day or month first" in dialog.summary_label.text()
    taken(window, dialog, qtbot)
    sheet = tokens(window).area.sheet
    assert sheet is not None
    assert sheet.row_texts(0)[:6] == ("NL-TNM-000122045-U", "2", "", "04A2B3C4D5E6F7", "01234567", "03/04/2037")
    assert sheet.cell_name(0, "tokenId") == "B4"


def test_everything_can_be_changed_and_is_remembered(
    window: MainWindow, qtbot: QtBot, messy: Path, tmp_path: Path
) -> None:
    dialog = ask_about(window, messy, qtbot)
    choose(dialog.options.date_box, "month-first")
    settled(dialog, qtbot)
    choose(dialog.columns.boxes[5], "hash")
    settled(dialog, qtbot)
    choose(dialog.columns.boxes[2], "")
    settled(dialog, qtbot)
    box = dialog.columns.constants["tokenType"]
    assert isinstance(box, QComboBox)
    choose(box, "2")
    settled(dialog, qtbot)
    taken(window, dialog, qtbot)
    sheet = tokens(window).area.sheet
    assert sheet is not None
    expected = ("NL-TNM-000122045-U", "2", "2", "04A2B3C4D5E6F7", "", "04/03/2037", "0427", "", "", "oud")
    assert sheet.row_texts(0) == expected
    workplace = window.session.workplace
    assert workplace is not None
    qtbot.waitUntil(lambda: len(remembered(workplace)) == 1, timeout=PATIENCE)
    again = tmp_path / "november.csv"
    again.write_text(MESSY.replace("04A2B3C4D5E6F7", "04A2B3C4D5E6AA"), encoding="utf-8")
    tokens(window).open_files([again])
    qtbot.waitUntil(lambda: tokens(window).title_of_sheet == "november.csv", timeout=PATIENCE)
    sheet = tokens(window).area.sheet
    assert sheet is not None
    assert sheet.row_texts(0) == (*expected[:3], "04A2B3C4D5E6AA", *expected[4:])
    assert "as last time" in tokens(window).notice.text_label.text()


def test_what_was_remembered_can_be_forgotten(window: MainWindow, qtbot: QtBot, messy: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    taken(window, dialog, qtbot)
    workplace = window.session.workplace
    assert workplace is not None
    qtbot.waitUntil(lambda: len(remembered(workplace)) == 1, timeout=PATIENCE)
    tab = tokens(window)
    tab.importing.open([messy], always_ask=True)
    dialog = waited(tab, qtbot)
    assert dialog.forget_button.isVisible()
    dialog.forget_button.click()
    qtbot.waitUntil(lambda: remembered(workplace) == {}, timeout=PATIENCE)
    settled(dialog, qtbot)
    assert dialog.proposal.matching.how["evcoId"] == "near"
    dialog.reject()


def test_a_text_file_is_read_again_as_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Token id,City;Remark\n04AB12CD,Köln;x\n".encode("cp850"))
    tab = tokens(window)
    tab.importing.open([path], always_ask=True)
    dialog = waited(tab, qtbot)
    choose(dialog.options.encoding_box, "cp850")
    settled(dialog, qtbot)
    choose(dialog.options.delimiter_box, ";")
    settled(dialog, qtbot)
    assert dialog.proposal.table.rows == [["Token id,City", "Remark"], ["04AB12CD,Köln", "x"]]
    choose(dialog.options.encoding_box, "utf-8")
    qtbot.waitUntil(dialog.notice.isVisible, timeout=PATIENCE)
    assert "not written in UTF-8" in dialog.notice.text_label.text()
    dialog.reject()


def test_a_file_without_a_known_column_is_mapped_by_hand(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Foo;Bar\none;x\ntwo;y\n", encoding="utf-8")
    dialog = ask_about(window, path, qtbot)
    dialog.main_button.click()
    assert dialog.notice.isVisible()
    choose(dialog.columns.boxes[0], "printedNumber")
    settled(dialog, qtbot)
    taken(window, dialog, qtbot)
    sheet = tokens(window).area.sheet
    assert sheet is not None
    assert [texts[4] for texts in sheet.rows_texts()] == ["one", "two"]


def test_damaged_cells_are_repaired_in_one_step(window: MainWindow, qtbot: QtBot, messy: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    assert "B7" in dialog.preview.noticed_edit.toPlainText()
    assert dialog.repair_box.text().startswith("&Repair")
    dialog.repair_box.setChecked(True)
    taken(window, dialog, qtbot)
    sheet = tokens(window).area.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.can_undo, timeout=PATIENCE)
    assert sheet.text(1, 4) == "01234568"
    sheet.undo()
    assert sheet.text(1, 4) == "1234568"


def test_updating_the_open_list_shows_what_changes_first(
    window: MainWindow, qtbot: QtBot, messy: Path, tmp_path: Path
) -> None:
    dialog = ask_about(window, messy, qtbot)
    taken(window, dialog, qtbot)
    tab = tokens(window)
    path = tmp_path / "pins.csv"
    path.write_text("Token id;PIN\n04A2B3C4D5E6F7;1111\n04A2B3C4D5E6FF;2222\n", encoding="utf-8")
    tab.import_file(path)
    dialog = waited(tab, qtbot)
    assert dialog.ways.way is Way.UPDATE
    assert dialog.ways.label.text() == "1 new, 1 changed, 3 not in the file stay"
    assert dialog.main_button.text() == "&Update 2 rows"
    shown = dialog.preview.changes_table.model()
    assert [shown.index(line, 0).data() for line in range(shown.rowCount())] == ["changed", "new"]
    assert "1111" not in shown.index(0, 3).data()  # a PIN
    QAbstractItemModelTester(shown)
    with qtbot.waitSignal(tab.importing.merged, timeout=PATIENCE):
        dialog.main_button.click()
    sheet = tab.area.sheet
    assert sheet is not None
    assert (len(sheet), sheet.text(0, 6)) == (5, "1111")
    assert "1 changed" in tab.notice.text_label.text()
    sheet.undo()
    assert (len(sheet), sheet.text(0, 6)) == (4, "0427")


def test_mended_rows_are_taken_back(window: MainWindow, qtbot: QtBot, messy: Path, tmp_path: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    taken(window, dialog, qtbot)
    tab = tokens(window)
    sheet, checker = tab.area.sheet, tab.area.checker
    assert sheet is not None
    assert checker is not None
    path = tmp_path / "bad.xlsx"
    for _ in export_bad_rows(path, sheet, checker, Cancel()):
        pass
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    line = next(row for row in range(2, page.max_row + 1) if page.cell(row, 5).value == "1,23E+13")
    page.cell(line, 5).value = "04A2B3C4D5E6FA"
    book.save(path)
    tab.open_files([path])
    dialog = waited(tab, qtbot)
    assert dialog.ways.way is Way.MENDED
    with qtbot.waitSignal(tab.importing.merged, timeout=PATIENCE):
        dialog.main_button.click()
    assert len(sheet) == 4
    assert sheet.text(3, 3) == "04A2B3C4D5E6FA"


def test_a_file_that_asks_nothing_opens_at_once(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Token id;Expires\n04AB12CD;31/12/2037\n", encoding="utf-8")
    tab = tokens(window)
    tab.open_files([path])
    qtbot.waitUntil(lambda: tab.area.sheet is not None, timeout=PATIENCE)
    assert tab.importing.dialog is None


def test_two_messy_files_of_one_header_ask_once(window: MainWindow, qtbot: QtBot, messy: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(MESSY, encoding="utf-8")
    tab = tokens(window)
    tab.open_files([messy, other])
    dialog = waited(tab, qtbot)
    taken(window, dialog, qtbot)
    sheet = tab.area.sheet
    assert sheet is not None
    assert len(sheet) == 8
    assert {texts[5][:3] for texts in sheet.rows_texts()} == {"03/", "04/", "05/", "06/"}


def test_cancelling_leaves_everything_as_it_was(window: MainWindow, qtbot: QtBot, messy: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    dialog.cancel_button.click()
    qtbot.waitUntil(lambda: tokens(window).importing.dialog is None, timeout=PATIENCE)
    assert tokens(window).area.sheet is None


def test_day_and_time_in_two_columns_are_shown_and_can_be_changed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "month.csv"
    lines = [f"c{day};{day:02}.05.2026;08:1{day % 10};09:45;0,5000" for day in range(10, 20)]
    path.write_text("\n".join(["CDR ID;Datum;Beginn;Ende;kWh", *lines]) + "\n", encoding="utf-8")
    tab = window.tabs[1]
    assert isinstance(tab, SheetTab)
    tab.open_files([path])
    dialog = waited(tab, qtbot)
    uses = {column: box.use() for column, box in dialog.columns.boxes.items()}
    assert uses == {
        0: "cdrId",
        1: "startDatetime&endDatetime",
        2: "startDatetime/time",
        3: "endDatetime/time",
        4: "volume",
    }
    assert dialog.imported is not None
    assert dialog.imported.sheet.text(0, 1) == "10.05.2026 08:10:00"
    choose(dialog.columns.boxes[3], "startDatetime/time")
    settled(dialog, qtbot)
    assert {column: box.use() for column, box in dialog.columns.boxes.items() if column in {1, 2, 3}} == {
        1: "startDatetime&endDatetime",
        2: "",
        3: "startDatetime/time",
    }
    assert dialog.imported is not None
    assert dialog.imported.sheet.text(0, 1) == "10.05.2026 09:45:00"
    choose(dialog.columns.boxes[1], "startDatetime")
    settled(dialog, qtbot)
    dialog.main_button.click()
    qtbot.waitUntil(lambda: tab.area.checker is not None, timeout=PATIENCE)
    workplace = window.session.workplace
    assert workplace is not None
    qtbot.waitUntil(lambda: bool(remembered(workplace)), timeout=PATIENCE)
    (known,) = remembered(workplace).values()
    assert known.times == {"startDatetime": 3}


def test_no_choice_is_cut_where_there_is_room(window: MainWindow, qtbot: QtBot, messy: Path) -> None:
    dialog = ask_about(window, messy, qtbot)
    option = QStyleOptionComboBox()
    painted = {}
    for box in (dialog.options.kind_box, dialog.options.header_box):
        box.resize(180, box.height())
        box.initStyleOption(option)
        painted[box.currentText()] = option.currentText
    assert painted["Roaming tokens"] == "Roaming tokens"
    header = dialog.options.header_box.currentText()
    assert painted[header].startswith("3: Contract")
    assert painted[header].endswith("…")
