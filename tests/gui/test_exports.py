"""Files leave the window: the name is asked for, the form of a .csv chosen, and what cannot be done is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.window import MainWindow

from .conftest import PATIENCE

HEADER = "Contract id;Token id;PIN;Type\n"


@pytest.fixture
def tab(window: MainWindow) -> TokensTab:
    found = window.tabs[0]
    assert isinstance(found, TokensTab)
    return found


def opened(tab: TokensTab, path: Path, qtbot: QtBot) -> None:
    tab.open_files([path])
    qtbot.waitUntil(lambda: tab.area.checker is not None and tab.title_of_sheet == path.name, timeout=PATIENCE)


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Contract id", "Token id", "PIN", "Type"])
    page.append(["NL-TNM-C00122045-K", "bad!", "0427", "1"])
    page.append(["NL-TNM-C00122046-M", "04AB12CD", "0428", "1"])
    book.save(path)
    return path


def text_file(path: Path) -> Path:
    path.write_text(HEADER + "NL-TNM-C00122045-K;bad!;0427;1\nNL-TNM-C00122046-M;04AB12CD;0428;1\n", encoding="utf-8")
    return path


def answering(answer: Callable[[QFileDialog], None]) -> None:
    """Fill in the file dialog as soon as it is there."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            answer(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def typed(name: str, kind: int = 0) -> Callable[[QFileDialog], None]:
    def answer(dialog: QFileDialog) -> None:
        dialog.selectNameFilter(dialog.nameFilters()[kind])
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        field.setText(name)
        dialog.accept()

    return answer


def done(tab: TokensTab, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: not tab.session.runner.jobs, timeout=PATIENCE)
    return tab.notice.text_label.text()


def test_a_csv_is_written_in_the_form_that_was_chosen(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    opened(tab, text_file(tmp_path / "cards.csv"), qtbot)
    answering(typed(str(tmp_path / "excel"), 0))
    tab.csv_action.trigger()
    assert "2 rows written" in done(tab, qtbot)
    assert (tmp_path / "excel.csv").read_bytes().startswith(b"\xef\xbb\xbfContract id;Hub;")
    answering(typed(str(tmp_path / "plain"), 1))
    tab.csv_action.trigger()
    done(tab, qtbot)
    assert (tmp_path / "plain.csv").read_bytes().startswith(b"Contract id,")


def test_a_name_without_ending_asks_before_it_takes_another_files_place(
    tab: TokensTab, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(tab, text_file(tmp_path / "cards.csv"), qtbot)
    (tmp_path / "out.xlsx").write_bytes(b"the old one")
    asked: list[str] = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.No).click()
        QTimer.singleShot(0, give_up)

    def give_up() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.reject()

    def answer(dialog: QFileDialog) -> None:
        QTimer.singleShot(50, refuse)
        typed(str(tmp_path / "out"))(dialog)

    answering(answer)
    tab.excel_action.trigger()
    done(tab, qtbot)
    assert asked
    assert (tmp_path / "out.xlsx").read_bytes() == b"the old one"


def test_a_marked_copy_from_the_window(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    opened(tab, workbook(tmp_path / "cards.xlsx"), qtbot)
    answering(typed(str(tmp_path / "marked")))
    tab.mark_action.trigger()
    assert "marked in" in done(tab, qtbot)
    page = openpyxl.load_workbook(tmp_path / "marked.xlsx").active
    assert page is not None
    told = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert "B2" in told, told


def test_without_a_workbook_another_way_is_offered(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    opened(tab, text_file(tmp_path / "cards.csv"), qtbot)
    tab.mark_action.trigger()
    assert "copy of an .xlsx workbook only" in tab.notice.text_label.text()
    button = next(one for one in tab.notice.findChildren(QPushButton) if "problems marked" in one.text())
    answering(typed(str(tmp_path / "report")))
    button.click()
    assert "problems marked" in done(tab, qtbot)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["Roaming tokens", "Problems"]
    assert book["Problems"]["A1"].value == "Checked: cards.csv"


def test_bad_rows_come_back_from_the_window(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    opened(tab, text_file(tmp_path / "cards.csv"), qtbot)
    answering(typed(str(tmp_path / "bad")))
    tab.bad_rows_action.trigger()
    assert "Mend" in done(tab, qtbot)
    page = openpyxl.load_workbook(tmp_path / "bad.xlsx").active
    assert page is not None
    assert page["E2"].value == "bad!"
    assert page["E2"].comment is not None, [c.coordinate for r in page.iter_rows() for c in r if c.comment]


def test_a_template_from_the_window(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    answering(typed(str(tmp_path / "template")))
    tab.template_action.trigger()
    assert "Template saved" in done(tab, qtbot)
    assert openpyxl.load_workbook(tmp_path / "template.xlsx").sheetnames == ["Roaming tokens", "Explanation"]


def test_a_name_that_no_file_can_have_is_told_in_place(tab: TokensTab, qtbot: QtBot, tmp_path: Path) -> None:
    opened(tab, workbook(tmp_path / "cards.xlsx"), qtbot)
    tab.marked_to(tmp_path / "cards.xlsx")
    assert "stays as it is" in done(tab, qtbot)
    tab.report_to(tmp_path / "report.csv")
    assert "ends in .xlsx" in done(tab, qtbot)
    tab.export_to(tmp_path / "gone" / "out.xlsx")
    assert "does not exist any more" in done(tab, qtbot)
