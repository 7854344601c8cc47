"""From files to a checked list: the sheet with records is found, damaged cells are repaired where they came from."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from ochp_desktop.jobs.import_merge import Way, compare
from ochp_desktop.jobs.import_proposal import Damage
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.open_files import look_at_files, open_proposals, repair_edit, taken_into
from ochp_desktop.records.tokens import TOKENS

HEADER = ["UID", "Vertragsnummer", "Gültig bis"]


def test_a_cover_with_a_word_of_a_header_is_not_taken_for_the_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "Cover"
    cover["B3"], cover["B5"] = "UID", "Total: 2"
    month = book.create_sheet("jan")
    for row in (HEADER, ["04A2B3C4D5E6F7", "NL-TNM-C00122045-K", "31/12/2030"]):
        month.append(row)
    book.save(tmp_path / "cards.xlsx")
    (found,) = run(look_at_files([tmp_path / "cards.xlsx"], None, Cancel(), None)).proposals
    assert found.table.sheet == "jan"
    opening = run(open_proposals([found], TOKENS, None, Cancel()))
    assert (len(opening.sheet), opening.checker is not None) == (1, True)


def test_repairs_find_their_rows_also_behind_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("\n".join(";".join(row) for row in (HEADER, ["1234", "a", ""], ["5678", "b", ""])), "utf-8")
    sheet = run(
        open_proposals(run(look_at_files([path], None, Cancel(), None)).proposals, TOKENS, None, Cancel())
    ).sheet
    damages = [Damage(3, "tokenId", "A3", "zeros", "5678", "05678"), Damage(9, "tokenId", "A9", "zeros", "1", "01")]
    sheet.apply(sheet.insert_rows("new", 0, [("x",)]))
    sheet.apply(repair_edit(sheet, damages))
    assert sheet.rows_texts()[2][3] == "05678"
    assert sheet.rows_texts()[1][3] == "1234"


def test_an_edit_for_the_open_list_says_of_which_moment_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("\n".join(";".join(row) for row in (HEADER, ["1234", "a", ""])), "utf-8")
    imported, other = (
        run(open_proposals(run(look_at_files([path], None, Cancel(), None)).proposals, TOKENS, None, Cancel())).files[0]
        for _time in range(2)
    )
    sheet = other.sheet
    taken = taken_into(sheet, imported, compare(sheet, imported, Way.APPEND))
    assert taken.revision == sheet.revision
    sheet.apply(taken.edit)
    assert (len(sheet), taken.revision == sheet.revision) == (2, False)
