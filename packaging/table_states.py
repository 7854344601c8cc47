"""Pictures of the table in each of its states, in both looks, for the handbook: small, cut to what matters.

python packaging/table_states.py [--out DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desk import IMAGES, tell
from pictures import keep
from PySide6.QtCore import QPoint, Qt, qInstallMessageHandler
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ochp_desktop.app import make_application
from ochp_desktop.gui import theme
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.contract_id import check_digit
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.column_filter import ColumnFilter
from ochp_desktop.sheet.sheet import Sheet

SIZE = (860, 300)
HUB, TOKEN, PRINTED, EXPIRY = map(TOKENS.index, ("roamingHubId", "tokenId", "printedNumber", "expiryDate"))


def cards() -> Sheet:
    """Ten cards, three of them with something wrong."""
    sheet = Sheet(TOKENS)
    contracts = [f"NLTNMC{122045 + n:08}" for n in range(4)]
    written = [f"NL-TNM-{one[5:]}-{check_digit(one)}" for one in contracts]
    rows = [
        [written[n % 4], str(n % 4), "1", f"A5E333{n:02X}", f"0120034{n}", "31/12/2027", "0427", "1", "1", ""]
        for n in range(10)
    ]
    rows[1][EXPIRY] = "2027-12-30"
    rows[3][TOKEN] = "A5E33"
    rows[5][PRINTED] = ""
    sheet.load(rows)
    return sheet


class Studio:
    """One table in one look, set up anew for each picture."""

    def __init__(self, application: QApplication, mode: theme.Mode, out: Path) -> None:
        self._application = application
        self._mode = mode
        self._out = out
        theme.apply(application, mode)

    def take(self, name: str, prepare: Callable[[SheetArea], object], height: int = SIZE[1]) -> None:
        """Bring a table into a state and keep its picture, with what has popped up over it."""
        area = SheetArea(TOKENS, with_problems=False)
        area.resize(SIZE[0], height)
        sheet = cards()
        checker = Checker(TOKENS, sheet.columns, Facts(now=datetime(2026, 11, 1, tzinfo=UTC)))
        for _done in checker.check_all(sheet.order):
            pass
        area.set_sheet(sheet, checker)
        area.show()
        area.activateWindow()
        area.table.setFocus()
        area.move(0, 0)
        self.settle()
        prepare(area)
        self.settle()
        picture = area.grab().toImage()
        painter = QPainter(picture)
        for popup in self._application.topLevelWidgets():
            if popup is not area and popup.isVisible():
                painter.drawPixmap(popup.mapToGlobal(QPoint()) - area.mapToGlobal(QPoint()), popup.grab())
        painter.end()
        path = self._out / f"table-{name}-{self._mode}.png"
        keep(picture, path)
        for popup in self._application.topLevelWidgets():
            if popup is not area:
                popup.close()
        area.close()
        area.deleteLater()
        self.settle()

    def settle(self) -> None:
        """Let all that waits be done."""
        for _turn in range(6):
            QTest.qWait(10)


def stand(area: SheetArea, row: int, field: int) -> None:
    """Make a cell the current one."""
    area.table.stand_on(area.model.index(row, field))


def bad_cell(area: SheetArea) -> None:
    """Marks in cells that are not selected."""
    stand(area, 7, 0)


def selected(area: SheetArea) -> None:
    """A selection over marked cells."""
    area.table.select_block(0, 6, [TOKEN, PRINTED, EXPIRY])


def keys(area: SheetArea, *pressed: Qt.Key | str) -> None:
    """Press keys where the keyboard is."""
    for key in pressed:
        target: QWidget = QApplication.focusWidget() or area.table
        QTest.keyClicks(target, key) if isinstance(key, str) else QTest.keyClick(target, key)


def editing(area: SheetArea) -> None:
    """An editor on a bad cell, with what is wrong below it."""
    stand(area, 1, EXPIRY)
    keys(area, Qt.Key.Key_F2)


def choices(area: SheetArea) -> None:
    """The list of choices."""
    stand(area, 1, HUB)
    QTest.keyClick(area.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)


def calendar(area: SheetArea) -> None:
    """The calendar of a date."""
    stand(area, 0, EXPIRY)
    QTest.keyClick(area.table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)


def filtered(area: SheetArea) -> None:
    """A filtered column, and its filter open."""
    area.model.filter_column(HUB, ColumnFilter(values=frozenset({"1", "2"})))
    area.table.column_commands.open_filter(area.model.first_field + HUB)


def by_two(area: SheetArea) -> None:
    """Sorted by two columns."""
    area.model.sort_by([(HUB, False), (TOKEN, True)])
    stand(area, 0, HUB)


def fixed(area: SheetArea) -> None:
    """Two columns stay while the others scroll."""
    area.table.columns.fix(2)
    area.table.horizontalScrollBar().setValue(area.table.horizontalScrollBar().maximum())
    stand(area, 2, len(TOKENS) - 2)


def finding(area: SheetArea) -> None:
    """Find and replace, counted."""
    area.find_bar.open(replacing=True)
    area.find_bar.text.setText("A5E333")
    area.find_bar.by.setText("A6E333")
    area.find_bar.next()


def history(area: SheetArea) -> None:
    """Everything that can be taken back."""
    sheet = area.model.sheet
    area.model.setData(area.model.index(0, PRINTED), "01200399")
    area.table.select_block(0, 3, [EXPIRY])
    area.table.fill_down()
    stand(area, 4, 0)
    area.table.duplicate_rows()
    sheet.undo()
    area.table.open_history()


def read_only(area: SheetArea) -> None:
    """Looked at, not changed."""
    area.set_read_only(True)
    area.table.select_block(1, 3, [HUB, TOKEN])


STATES: tuple[tuple[str, Callable[[SheetArea], object], int], ...] = (
    ("bad-cells", bad_cell, SIZE[1]),
    ("selected", selected, SIZE[1]),
    ("editing", editing, SIZE[1]),
    ("choices", choices, SIZE[1]),
    ("calendar", calendar, 380),
    ("filter", filtered, 520),
    ("sorted", by_two, SIZE[1]),
    ("fixed", fixed, SIZE[1]),
    ("find", finding, 340),
    ("history", history, 340),
    ("read-only", read_only, SIZE[1]),
)


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=IMAGES)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    qInstallMessageHandler(tell)
    application = make_application()
    for mode in ("light", "dark"):
        studio = Studio(application, mode, out)
        for name, prepare, height in STATES:
            studio.take(name, prepare, height)
            print(out / f"table-{name}-{mode}.png")


if __name__ == "__main__":
    main()
