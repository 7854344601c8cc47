"""Exports tell how far they are, and stopping them leaves the old file as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ochp_desktop.errors import Cancelled, FileError, UsageError
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.export_file import export_bad_rows, export_report, export_rows, mark_copy
from ochp_desktop.jobs.import_file import import_file
from ochp_desktop.jobs.job import Cancel, Job, run
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.sheet.snapshot import Snapshot

ROWS = 5000
Make = Callable[[Path, Sheet, Checker, Cancel], Job[object]]
EXPORTS: dict[str, Make] = {
    "rows.xlsx": lambda path, sheet, _checker, cancel: export_rows(path, TOKENS, Snapshot(sheet), cancel),
    "rows.csv": lambda path, sheet, _checker, cancel: export_rows(path, TOKENS, Snapshot(sheet), cancel),
    "report.xlsx": export_report,
    "bad.xlsx": export_bad_rows,
    "marked.xlsx": mark_copy,
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sheet, Checker]:
    """A workbook of 5,000 rows, each with a bad token id."""
    path = tmp_path_factory.mktemp("source") / "cards.xlsx"
    rows = [["NL-TNM-C00122045-K", "2", "1", f"bad {row}", "", "31/12/2037", "", "0", "1", ""] for row in range(ROWS)]
    run(export_rows(path, TOKENS, rows, Cancel()))
    sheet = run(import_file(path, TOKENS, Cancel())).sheet
    return sheet, run(check_sheet(sheet, Facts(), Cancel()))


@pytest.mark.parametrize("name", EXPORTS)
def test_progress_rises_to_its_total(tmp_path: Path, opened: tuple[Sheet, Checker], name: str) -> None:
    seen: list[tuple[int, int]] = []
    path = tmp_path / name
    run(
        EXPORTS[name](path, *opened, Cancel()),
        lambda progress: seen.append((progress.done, progress.total)) if progress.total else None,
    )
    assert path.exists()
    assert seen == sorted(seen)
    assert seen[0][0] < seen[-1][0] <= seen[-1][1]
    assert len({total for _done, total in seen}) == 1


class Late(Cancel):
    """Stops whoever looks at it so often: somewhere in the middle, in whatever thread that is."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def check(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.set()
        super().check()


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("looks", [1, 3])
def test_stopping_leaves_the_old_file(tmp_path: Path, opened: tuple[Sheet, Checker], name: str, looks: int) -> None:
    path = tmp_path / name
    path.write_bytes(b"the old one")
    with pytest.raises(Cancelled):
        run(EXPORTS[name](path, *opened, Late(looks)))
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("export", [export_report, export_bad_rows])
def test_what_needs_a_workbook_gets_no_other_name(tmp_path: Path, opened: tuple[Sheet, Checker], export: Make) -> None:
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        run(export(tmp_path / "out.csv", *opened, Cancel()))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder"):
        run(export_rows(tmp_path, TOKENS, [], Cancel()))


def test_problems_of_fields_without_a_column_stand_on_the_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["My cards"], [None, "Token id", "Type"], [None, "04AB12CD", "1"], [None, "04AB12CE", "1"]):
        page.append(row)
    book.save(tmp_path / "mine.xlsx")
    sheet = run(import_file(tmp_path / "mine.xlsx", TOKENS, Cancel())).sheet
    run(mark_copy(tmp_path / "marked.xlsx", sheet, run(check_sheet(sheet, Facts(), Cancel())), Cancel()))
    page = openpyxl.load_workbook(tmp_path / "marked.xlsx").active
    assert page is not None
    assert "Expires: there is no column for it here; 2 rows have this problem:" in page["B2"].comment.text
