"""Someone at the window gets through the faults of the practice house, with what the window says and offers alone."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ochp_desktop.gui.cdrs_tab import CdrsTab
from ochp_desktop.gui.history.answer_dialog import AnswerDialog
from ochp_desktop.gui.history.history_tab import HistoryTab
from ochp_desktop.gui.overview.overview_tab import OverviewTab
from ochp_desktop.gui.scenario_dialog import ScenarioDialog
from ochp_desktop.gui.window import MainWindow
from ochp_desktop.jobs.amount import Amount
from ochp_desktop.jobs.month_overview import month_overview
from ochp_desktop.jobs.practice import scenarios
from ochp_desktop.jobs.upload_cdrs import StateKind
from ochp_desktop.paths import resource
from ochp_desktop.practice import samples
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.sheet.edit import ColumnChange, Edit

PATIENCE = 30_000
CARDS = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))
BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
PICTURES = os.environ.get("OCHP_PICTURES", "")


def picture(window: MainWindow, name: str, widget: object = None) -> None:
    """A screenshot, for whoever asks for one."""
    if PICTURES:
        QApplication.processEvents()
        (widget or window).grab().save(str(Path(PICTURES) / f"{name}.png"))  # type: ignore[attr-defined]


def file_with(path: Path, count: int) -> Path:
    starts = [BEGAN + timedelta(minutes=9 * number) for number in range(count)]
    rows = samples.cdrs(samples.OWN, samples.LADENETZ, CARDS, starts, "W-")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([CDRS.names, *rows])
    return path


class Someone:
    """At the CDR tab of a window at the practice house."""

    def __init__(self, window: MainWindow, qtbot: QtBot, file: Path) -> None:
        self.window, self.qtbot = window, qtbot
        self.cdrs, self.month, self.past = window.tabs[1], window.tabs[3], window.tabs[4]
        assert isinstance(self.cdrs, CdrsTab)
        assert isinstance(self.month, OverviewTab)
        assert isinstance(self.past, HistoryTab)
        window.show_tab(1)
        self.cdrs.open_files([file])
        self.until(lambda: self.cdrs.area.checker is not None and len(self.cdrs.area.sheet) > 0 and self.idle())

    def until(self, done: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(done()), timeout=PATIENCE)

    def idle(self) -> bool:
        return not self.window.runner.jobs

    def play(self, scenario: str) -> None:
        """Choose a fault in the menu's dialog."""
        self.window.scenario_action.trigger()
        dialog = self.window.findChildren(ScenarioDialog)[-1]
        name, _colon, argument = scenario.partition(":")
        dialog.buttons[name].setChecked(True)
        if argument:
            dialog.argument_edits[name].setText(argument)
        picture(self.window, "scenarios", dialog)
        dialog.play_button.click()
        self.until(lambda: not dialog.isVisible() and self.idle())

    def upload(self) -> None:
        self.cdrs.upload()
        picture(self.window, "upload-question", self.cdrs.sending.asked)
        self.cdrs.sending.asked.yes_button.click()
        self.until(self.idle)

    def press(self, words: str) -> None:
        """The button of the notice with these words."""
        found = [button for button in self.cdrs.notice.buttons if words in button.text()]
        assert found, [button.text() for button in self.cdrs.notice.buttons]
        assert isinstance(found[0], QPushButton)
        found[0].click()

    def count(self, kind: StateKind) -> int:
        return len(self.cdrs.rows_in(kind))


@pytest.fixture
def someone(practising: MainWindow, qtbot: QtBot, tmp_path: Path) -> Someone:
    return Someone(practising, qtbot, file_with(tmp_path / "march.csv", 12))


def test_unconfirmed_is_settled_and_stands_in_history_and_month(someone: Someone, tmp_path: Path) -> None:
    someone.play("store-then-drop")
    assert "The connection breaks after storing" in someone.window.scenario_label.text()
    picture(someone.window, "cdrs-not-sent")
    someone.upload()
    assert someone.count(StateKind.UNCONFIRMED) == 12
    picture(someone.window, "cdrs-unconfirmed")
    past = someone.past
    someone.window.show_tab(4)
    someone.until(lambda: past.entries and past.chosen() is not None)
    assert past.panel.doubt.isVisible()
    picture(someone.window, "history-unconfirmed")
    past.panel.settle_button.click()
    someone.until(lambda: someone.idle() and someone.count(StateKind.CONFIRMED) == 12)
    assert someone.window.tab is someone.cdrs
    picture(someone.window, "cdrs-confirmed")
    someone.window.show_tab(4)
    someone.until(lambda: past.entries and not past.entries[0].unsettled)
    assert ("Files", "march.csv") in past.panel.lines()
    picture(someone.window, "history")
    past.save_receipt(past.entries[0].upload, tmp_path / "receipt.pdf")
    someone.until(lambda: (tmp_path / "receipt.pdf").exists() and someone.idle())
    past.search_edit.setText("W-000003")
    someone.until(lambda: len(past.entries) == 1)
    past.search_edit.setText("nothing like it")
    someone.until(lambda: not past.entries)
    someone.window.show_tab(3)
    someone.until(lambda: someone.month.overview is not None and someone.month.overview.lines)
    assert someone.month.table.lines.index(0, 2).data() == "12"
    picture(someone.window, "month")


def test_the_record_at_fault_is_found(someone: Someone) -> None:
    someone.play("refuse-cdr:W-000005")
    someone.upload()
    assert someone.count(StateKind.REFUSED) == 12
    picture(someone.window, "cdrs-refused")
    someone.press("Find")
    picture(someone.window, "culprit-question", someone.cdrs.sending.asked)
    someone.cdrs.sending.asked.yes_button.click()
    someone.until(lambda: someone.idle() and someone.count(StateKind.CONFIRMED) == 11)
    assert someone.count(StateKind.HELD_BACK) == 1
    picture(someone.window, "cdrs-culprit")
    someone.press("held back")
    assert someone.cdrs.area.model.rowCount() == 1
    picture(someone.window, "cdrs-only-held-back")
    someone.cdrs.state_box.choose(None)
    assert someone.cdrs.area.model.rowCount() == 12


def test_what_the_house_says_on_the_phone_is_noted(someone: Someone) -> None:
    someone.play("drop-before-storing")
    someone.upload()
    someone.play("refuse-cdr:W-000005")
    someone.press("Settle")
    someone.until(lambda: someone.idle() and "Error 1" in someone.cdrs.notice.text_label.text())
    picture(someone.window, "cdrs-unread")
    someone.press("Note")
    someone.until(lambda: someone.past.chosen() is not None and someone.past.panel.doubt.isVisible())
    someone.past.panel.answer_button.click()
    dialog = someone.past.asked
    assert isinstance(dialog, AnswerDialog)
    assert not dialog.note_button.isEnabled()
    dialog.absent_button.setChecked(True)
    dialog.words_edit.setText("Ms Visser")
    picture(someone.window, "answer", dialog)
    dialog.note_button.click()
    someone.until(lambda: someone.idle() and someone.count(StateKind.REFUSED) == 12)


def test_a_deleted_row_is_not_held_back_any_more(someone: Someone) -> None:
    """Neither is one that has another id now; both stood in the month's overview for ever."""
    sheet = someone.cdrs.area.sheet
    volume, cdr_id = CDRS.index("volume"), CDRS.index("cdrId")
    sheet.apply(sheet.set_cells("Edit", [(row, volume, "much") for row in sheet.order[:3]]))
    someone.until(lambda: len(someone.cdrs.held_back()) == 3)
    someone.upload()

    def held() -> int:
        workplace = someone.window.session.workplace
        assert workplace is not None
        return month_overview(workplace, "").total.get(StateKind.HELD_BACK, Amount()).count

    assert held() == 3
    sheet.apply(sheet.remove_rows("Delete rows", [sheet.order[0]]))
    someone.until(lambda: someone.idle() and held() == 2)
    same = [sheet.text(row, cdr_id) for row in sheet.order]
    # A large paste also sets cells that stay as they are.
    sheet.apply(Edit("Paste", (ColumnChange(cdr_id, list(sheet.order), same, same),)))
    someone.until(someone.idle)
    assert held() == 2
    sheet.undo()
    someone.until(someone.idle)
    assert held() == 2
    sheet.apply(sheet.set_cells("Edit", [(sheet.order[0], cdr_id, "W-other")]))
    someone.until(lambda: someone.idle() and held() == 1)
    for count in (2, 3):  # undone, they are held back again, without another upload
        someone.cdrs.area.table.undo()
        someone.until(lambda wanted=count: someone.idle() and held() == wanted)
    for count in (2, 1):
        someone.cdrs.area.table.redo()
        someone.until(lambda wanted=count: someone.idle() and held() == wanted)
    someone.cdrs.area.table.undo()
    someone.cdrs.area.table.undo()
    someone.cdrs.area.table.redo()
    someone.until(lambda: someone.idle() and held() == 2)


def test_a_column_that_the_house_has_no_place_for_is_named_before_an_upload(someone: Someone, tmp_path: Path) -> None:
    workplace = someone.window.session.workplace
    assert workplace is not None
    wsdl = tmp_path / "without.wsdl"
    text = resource("wsdl", "ochp-0.1.wsdl").read_text(encoding="utf-8")
    wsdl.write_text(text.replace('<xsd:element name="evseId"', '<xsd:element name="other"'), encoding="utf-8")
    someone.cdrs.upload()
    assert "no place" not in someone.cdrs.sending.asked.text_label.text()
    someone.cdrs.sending.asked.reject()
    someone.until(someone.idle)
    asked = someone.cdrs.sending.asked
    profile = replace(workplace.connected().profile, wsdl=str(wsdl))
    workplace.connect(profile, samples.sample_password(samples.OWN))
    someone.cdrs.upload()  # its WSDL has not been read yet
    someone.until(lambda: someone.idle() and someone.cdrs.sending.asked is not asked)
    assert "The house has no place for the column EVSE" in someone.cdrs.sending.asked.text_label.text()
    picture(someone.window, "upload-question-column", someone.cdrs.sending.asked)
    someone.cdrs.sending.asked.reject()


def test_an_upload_is_paused_and_goes_on(someone: Someone) -> None:
    someone.play("slow")
    someone.cdrs.upload()
    someone.cdrs.sending.asked.yes_button.click()
    someone.until(lambda: any(strip.pause_button.isVisible() for strip in someone.window.strips.strips()))
    (strip,) = someone.window.strips.strips()
    picture(someone.window, "cdrs-sending")
    strip.pause_button.click()
    assert strip.running.cancel.paused
    strip.pause_button.click()
    assert not strip.running.cancel.paused
    someone.until(lambda: someone.idle() and someone.count(StateKind.CONFIRMED) == 12)


def test_each_fault_can_be_chosen(someone: Someone) -> None:
    assert len(scenarios()) == 10
    for one in scenarios():
        someone.play(f"{one.name}:X" if one.argument else one.name)
        assert one.title in someone.window.scenario_label.text()
    someone.play("")
    assert not someone.window.scenario_label.text()
