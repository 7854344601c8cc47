"""What was typed stays in its cell: only what was asked changes a text on the way in, and that can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.jobs.import_file import Imported, build
from ochp_desktop.jobs.import_proposal import Answers, Proposal, find_file, look_again
from ochp_desktop.jobs.job import Cancel, run

HEAD = "cdrId;startDatetime;endDatetime;volume;infraProviderId"


def proposal(path: Path, *rows: str, timezone: str = "") -> Proposal:
    file = path / "records.csv"
    file.write_text("\n".join([HEAD, *rows]), "utf-8")
    return run(find_file(file, None, Cancel(), timezone=timezone))


def texts(imported: Imported, name: str) -> list[str]:
    return list(imported.sheet.columns[imported.sheet.kind.index(name)])


def test_what_the_column_settles_stays_as_typed(tmp_path: Path) -> None:
    found = proposal(tmp_path, "1;13/10/2026 9:05;13/10/2026 10:05;12.5;p", "2;3/10/2026 9:05;3/10/2026 9:45;1.234;p")
    assert found.answers == Answers()
    imported = build(found)
    assert texts(imported, "startDatetime") == ["13/10/2026 9:05", "3/10/2026 9:05"]
    assert texts(imported, "volume") == ["12.5", "1.234"]
    assert not imported.sheet.can_undo


def test_an_answer_is_a_step_that_can_be_undone(tmp_path: Path) -> None:
    found = proposal(tmp_path, "1;3/4/2026 9:05;3/4/2026 10:05;1.234;p")
    assert found.signs.open_questions == 2
    answered = look_again(found.table, found.matching, Answers("month-first", ".", "Europe/Amsterdam"))
    imported = build(answered)
    assert texts(imported, "startDatetime") == ["2026-03-04T09:05:00+01:00"]
    assert texts(imported, "volume") == ["1,2340"]
    assert imported.notices[-1].startswith(
        "3 cells were read with dates month first, a point before decimals, times in"
    )
    imported.sheet.undo()
    assert texts(imported, "startDatetime") == ["3/4/2026 9:05"]
    assert texts(imported, "volume") == ["1.234"]


def test_a_zone_reads_the_days_as_the_column_says(tmp_path: Path) -> None:
    rows = ("1;13/10/2026 9:05;13/10/2026 10:05;12,5000;p", "2;3/10/2026 9:05;3/10/2026 9:45;1,2340;p")
    imported = build(proposal(tmp_path, *rows, timezone="Europe/Amsterdam"))
    assert texts(imported, "startDatetime") == ["2026-10-13T09:05:00+02:00", "2026-10-03T09:05:00+02:00"]
    assert texts(imported, "volume") == ["12,5000", "1,2340"]
    assert "Undo brings back" in imported.notices[-1]


@pytest.mark.parametrize(("remembered", "order"), [(True, ""), (False, "month-first")])
def test_what_was_said_of_another_file_never_overrules_a_column_that_tells(
    tmp_path: Path, remembered: bool, order: str
) -> None:
    found = proposal(
        tmp_path, "1;13/10/2026 9:05;13/10/2026 10:05;12,5000;p", "2;3/10/2026 9:05;3/10/2026 9:45;1,0000;p"
    )
    again = look_again(found.table, found.matching, Answers("month-first"), remembered=remembered)
    assert again.answers.date_order == order
