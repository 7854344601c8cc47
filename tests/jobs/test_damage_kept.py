"""What Excel did to a cell before it arrived stands at the cell until it is mended, whatever happens to the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.draft_keeper import DraftKeeper
from ochp_desktop.jobs.drafts import reopen_drafts
from ochp_desktop.jobs.import_file import Imported, import_file
from ochp_desktop.jobs.import_merge import Way, compare, edit_name, merge_edit, take_damage
from ochp_desktop.jobs.import_proposal import find_file
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.open_files import open_proposals
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

FACTS = Facts(now=datetime(2026, 10, 15, tzinfo=UTC))
PRINTED, CONTRACT = TOKENS.index("printedNumber"), TOKENS.index("evcoId")
GOOD = ("NL-TNM-C00122045-K", "2", "1", "9F3A07", "012003", "31/12/2037", "0427", "0", "1", "")


def outcome(job: Job[Any]) -> Any:
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Makes a list of sixteen cards, of which some have been through Excel."""

    def make_file(name: str, *, zeros: bool = True, first: int = 0) -> Path:
        book = xlsxwriter.Workbook(tmp_path / name)
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TOKENS.names)
        for line in range(16):
            texts = [*GOOD[:3], f"{GOOD[3]}{first + line:02X}", f"{GOOD[4]}{line:02}", *GOOD[5:]]
            for column, text in enumerate(texts):
                sheet.write_string(line + 1, column, text)
        if zeros:
            sheet.write_number(3, PRINTED, 120099)
            sheet.write_number(4, PRINTED, 12345678901234567)
            sheet.write_formula(5, CONTRACT, '="NL-TNM-"&"C00122045-K"', value="NL-TNM-C00122045-K")
            sheet.write_datetime(6, PRINTED, datetime(2026, 5, 12), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001 - a day
        book.close()
        return tmp_path / name

    return make_file


def opened(path: Path) -> Imported:
    imported: Imported = outcome(import_file(path, TOKENS, Cancel()))
    return imported


def marks(checker: Checker) -> list[tuple[int, str, str]]:
    codes = {"id.zeros", "id.rounded", "text.date", "text.formula", "text.formula-empty"}
    return [(one.row, one.field, one.code) for one in checker.all() if one.code in codes]


ALL = [
    (2, "printedNumber", "id.zeros"),
    (3, "printedNumber", "id.rounded"),
    (4, "evcoId", "text.formula"),
    (5, "printedNumber", "text.date"),
]


def test_it_is_marked_with_its_repair_until_it_is_mended(make: Callable[..., Path]) -> None:
    sheet = opened(make("a.xlsx")).sheet
    checker: Checker = outcome(check_sheet(sheet, FACTS, Cancel()))
    assert marks(checker) == ALL
    (zeros,) = [one for one in checker.problems(2) if one.code == "id.zeros"]
    assert (zeros.repair, zeros.certain) == ("00120099", False)
    assert "120099" in zeros.message()
    sheet.apply(sheet.set_cells("mend", [(2, PRINTED, "00120099"), (3, PRINTED, "12345678901234567890")]))
    checker.recheck([2, 3])
    assert marks(checker) == ALL[2:]
    sheet.undo()
    checker.recheck([2, 3])
    assert marks(checker) == ALL


def test_it_survives_closing_and_opening_again(make: Callable[..., Path], tmp_path: Path) -> None:
    sheet = opened(make("a.xlsx")).sheet
    workplace = Workplace(tmp_path / "store")
    keeper = DraftKeeper(workplace, on_saved=lambda _when: None, on_trouble=lambda _error: None)
    keeper.follow(sheet, "a.xlsx")
    assert keeper.stop()
    (reopened,) = outcome(reopen_drafts(workplace, Cancel()))
    assert marks(outcome(check_sheet(reopened.sheet, FACTS, Cancel()))) == ALL
    assert reopened.sheet.origin == sheet.origin
    workplace.close()


def test_it_comes_with_the_rows_that_are_taken_into_an_open_list(make: Callable[..., Path], tmp_path: Path) -> None:
    sheet = opened(make("clean.xlsx", zeros=False)).sheet
    checker: Checker = outcome(check_sheet(sheet, FACTS, Cancel()))
    assert marks(checker) == []
    workplace = Workplace(tmp_path / "store")
    keeper = DraftKeeper(workplace, on_saved=lambda _when: None, on_trouble=lambda _error: None)
    keeper.follow(sheet, "clean.xlsx")
    for way, path, rows in (
        (Way.UPDATE, make("same.xlsx"), {2: 2, 3: 3, 5: 5}),  # the formula's text is what stood there before
        (Way.APPEND, make("more.xlsx", first=16), {2: 2, 3: 3, 5: 5, 18: 2, 19: 3, 20: 4, 21: 5}),
    ):
        imported = opened(path)
        merge = compare(sheet, imported, way)
        take_damage(sheet, imported, merge)
        edit = merge_edit(sheet, imported, merge, edit_name(way))
        sheet.apply(edit)
        keeper.renew_origin(sheet)
        checker.recheck(edit.touched())
        expected = {row: (name, code) for row, name, code in ALL}
        assert marks(checker) == [(row, *expected[like]) for row, like in rows.items()]
    assert keeper.stop()
    (reopened,) = outcome(reopen_drafts(workplace, Cancel()))
    assert marks(outcome(check_sheet(reopened.sheet, FACTS, Cancel()))) == marks(checker)
    workplace.close()


def test_several_files_become_one_list_with_the_damage_of_each(make: Callable[..., Path]) -> None:
    proposals = [outcome(find_file(make(name), TOKENS, Cancel())) for name in ("a.xlsx", "b.xlsx")]
    opening = outcome(open_proposals(proposals, TOKENS, None, Cancel()))
    assert [row for row, _name, _code in marks(opening.checker)] == [2, 3, 4, 5, 18, 19, 20, 21]
    assert isinstance(opening.sheet, Sheet)
