"""The panel's repairs, accepted warnings, copying, and which of the problems it shows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.table.accepted_dialog import AcceptedDialog
from ochp_desktop.gui.table.repair_preview import RepairPreview
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS

EXPIRY, CONTRACT, TOKEN = (TOKENS.index(name) for name in ("expiryDate", "evcoId", "tokenId"))


def box(kind: type[QDialog]) -> QDialog:
    (found,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    return found


def put(area: SheetArea, *cells: tuple[int, int, str]) -> None:
    area.sheet.apply(area.sheet.set_cells("test", cells))


def test_all_certain_repairs_are_shown_then_done_in_one_step(qtbot: QtBot, area: SheetArea) -> None:
    """Blanks and separators of one cell are mended together; what is not certain stays."""
    put(area, (1, TOKEN, " a5:e3:33:01 "), (3, EXPIRY, "46386"))
    before = [area.sheet.row_texts(row) for row in range(8)]
    qtbot.waitUntil(area.panel.certain_button.isVisible)
    area.panel.certain_button.click()
    preview = box(RepairPreview)
    assert preview.table.rowCount() == 3
    shown = {(preview.table.item(row, 1).text(), preview.table.item(row, 2).text()) for row in range(3)}
    assert (" a5:e3:33:01 ", "A5E33301") in shown
    preview.yes_button.click()
    assert area.sheet.text(1, TOKEN) == "A5E33301"
    assert area.sheet.text(2, EXPIRY) == "30/12/2027"
    assert area.sheet.text(3, EXPIRY) == "46386"
    assert not area.checker.certain
    area.sheet.undo()
    assert [area.sheet.row_texts(row) for row in range(8)] == before


def test_the_current_row_alone_is_repaired(qtbot: QtBot, area: SheetArea) -> None:
    area.go_to(5, "evcoId")
    area.panel.mending.repair_one("expiry-date.year-first", area.panel.current_row())
    assert (area.sheet.text(2, EXPIRY), area.sheet.text(5, EXPIRY)) == ("2027-12-30", "31/01/2028")
    with qtbot.waitSignal(area.notice):
        area.panel.mending.repair_one("expiry-date.year-first", area.panel.current_row())
    assert area.sheet.text(2, EXPIRY) == "2027-12-30"


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_warning_is_accepted_with_a_reason_until_its_cell_changes(
    qtbot: QtBot, area: SheetArea, everywhere: bool
) -> None:
    put(area, (0, CONTRACT, "NL-TNM-C00122045-X"), (1, CONTRACT, "NL-TNM-C00122045-X"))
    code = "contract-id.check-digit"
    qtbot.waitUntil(lambda: code in area.panel.cards)
    area.panel.cards[code].head.click()
    card = area.panel.cards[code]
    card.accept_button.click()
    assert not card.accept_form.all_button.isEnabled()
    card.accept_form.reason.setText("The partner writes it so")
    area.go_to(1, "tokenId")
    with qtbot.waitSignal(area.panel.accepted) as kept:
        (card.accept_form.all_button if everywhere else card.accept_form.one_button).click()
    assert len(kept.args[0]) == (2 if everywhere else 1)
    left = area.checker.counts[code]
    assert left == (0 if everywhere else 1)
    assert area.checker.level(1) is None
    assert [one.reason for one in area.checker.accepted(1)] == ["The partner writes it so"]
    put(area, (1, CONTRACT, "NL-TNM-C00122045-Z"))
    assert area.checker.counts[code] == left + 1
    assert not area.checker.accepted(1)


def test_an_accepted_warning_can_be_taken_back(qtbot: QtBot, area: SheetArea) -> None:
    put(area, (0, CONTRACT, "NL-TNM-C00122045-X"))
    area.panel.accept("contract-id.check-digit", "So it is", True)
    qtbot.waitUntil(area.panel.accepted_button.isVisible)
    assert "contract-id.check-digit" not in area.panel.cards
    area.panel.accepted_button.click()
    listed = box(AcceptedDialog)
    assert [listed.table.item(0, column).text() for column in range(3)] == [
        "A2",
        "Contract id: check digit does not fit",
        "So it is",
    ]
    with qtbot.waitSignal(area.panel.taken_back):
        listed.all_button.click()
    assert area.checker.counts["contract-id.check-digit"] == 1


def test_errors_cannot_be_accepted(area: SheetArea) -> None:
    assert all(card.accept_button.isHidden() for card in area.panel.cards.values() if card.is_open)
    area.panel.accept("expiry-date.year-first", "no", True)
    assert area.checker.counts["expiry-date.year-first"] == 2


def test_a_level_can_be_hidden(qtbot: QtBot, area: SheetArea) -> None:
    put(area, (0, CONTRACT, "NL-TNM-C00122045-X"))
    qtbot.waitUntil(lambda: "contract-id.check-digit" in area.panel.cards)
    area.panel.totals[Level.ERROR].click()
    assert area.panel.cards["pin.missing"].isHidden()
    assert not area.panel.cards["contract-id.check-digit"].isHidden()
    area.panel.totals[Level.ERROR].click()
    assert not area.panel.cards["pin.missing"].isHidden()


def test_the_list_is_copied_with_the_names_of_the_cells(area: SheetArea) -> None:
    put(area, (7, TOKEN, area.sheet.text(6, TOKEN)))
    area.panel.copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 1 + sum(area.checker.counts.values())
    assert any(line.startswith("F4\tExpires\tError\t") for line in lines)
    assert any(line.startswith("D8\t") and line.endswith("See D9.") for line in lines)


def test_the_buttons_walk_from_problem_to_problem(area: SheetArea) -> None:
    area.go_to(0, "evcoId")
    area.panel.next_button.click()
    assert area.table.currentIndex().row() == 2
    area.panel.next_button.click()
    assert area.table.currentIndex().row() == 5
    area.panel.previous_button.click()
    assert area.table.currentIndex().row() == 2


def test_a_cell_says_which_other_rows_it_is_about_and_what_was_accepted(area: SheetArea) -> None:
    put(area, (7, TOKEN, area.sheet.text(6, TOKEN)), (0, CONTRACT, "NL-TNM-C00122045-X"))
    area.panel.accept("contract-id.check-digit", "So it is", True)
    assert "See D9." in area.model.index(6, TOKEN).data(Qt.ItemDataRole.ToolTipRole)
    assert "See D9." in area.model.index(6, TOKEN).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "Accepted: So it is" in area.model.index(0, CONTRACT).data(Qt.ItemDataRole.ToolTipRole)
