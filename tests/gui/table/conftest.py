"""A table of eight cards as staff have them, two of them wrong, in the area that the tabs embed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ochp_desktop.gui import theme
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.origin import Origin
from ochp_desktop.sheet.sheet import Sheet

FACTS = Facts(now=datetime(2026, 11, 1, tzinfo=UTC))
LETTERS = {name: chr(ord("A") + at) for at, name in enumerate(TOKENS.names)}


def card(number: int, **texts: str) -> list[str]:
    """A right token with some other texts."""
    usual = {
        "evcoId": "NL-TNM-C00122045-K",
        "roamingHubId": "2",
        "tokenType": "1",
        "tokenId": f"A5E333{number:02X}",
        "printedNumber": f"0120034{number}",
        "expiryDate": "31/12/2027",
        "pin": "0427",
        "pinMandatory": "1",
        "tokenActivated": "1",
        "hash": "",
    }
    usual.update(texts)
    return [usual[name] for name in TOKENS.names]


def checked(sheet: Sheet) -> Checker:
    checker = Checker(sheet.kind, sheet.columns, FACTS)
    for _ in checker.check_all(sheet.order):
        pass
    return checker


@pytest.fixture
def sheet() -> Sheet:
    sheet = Sheet(TOKENS, Origin("cards.xlsx", "Karten", 1, LETTERS))
    rows = [card(n) for n in range(8)]
    rows[2] = card(2, expiryDate="2027-12-30")
    rows[5] = card(5, expiryDate="2028-01-31", pin="")
    sheet.load(rows, range(2, 10))
    return sheet


@pytest.fixture
def area(qtbot: QtBot, qapp: QApplication, sheet: Sheet) -> SheetArea:
    """Shown, active, its model watched by Qt's own tester."""
    theme.apply(qapp, "light")
    area = SheetArea(TOKENS)
    area.tester = QAbstractItemModelTester(  # type: ignore[attr-defined] - kept alive with the area
        area.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    qtbot.addWidget(area)
    area.resize(1200, 500)
    area.set_sheet(sheet, checked(sheet))
    area.show()
    area.activateWindow()
    area.table.setFocus()
    qtbot.waitUntil(area.table.hasFocus)
    return area


@pytest.fixture
def column() -> Callable[[str], int]:
    return TOKENS.index
