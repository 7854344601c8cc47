"""Files come into the open list by key, appended or in its place; exported bad rows find their way back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest

from ochp_desktop.errors import FileError, UsageError
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.export_file import export_bad_rows, export_rows, mark_copy, write_template
from ochp_desktop.jobs.import_file import Imported, build, import_file
from ochp_desktop.jobs.import_memory import forget, remember, remembered
from ochp_desktop.jobs.import_merge import Merge, Way, compare, edit_name, merge_edit
from ochp_desktop.jobs.import_proposal import find_file
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet

Result = TypeVar("Result")
GOOD = ("NL-TNM-C00122045-K", "2", "1", "9F3A07C4", "01200345", "31/12/2037", "0427", "0", "1", "")


def done(job: Job[Result]) -> Result:
    while True:
        try:
            next(job)
        except StopIteration as end:
            result: Result = end.value
            return result


def token(uid: str, *, pin: str = "0427", expires: str = "31/12/2037") -> tuple[str, ...]:
    return (*GOOD[:3], uid, *GOOD[4:5], expires, pin, *GOOD[7:])


def sheet_of(*rows: Sequence[str]) -> Sheet:
    sheet = Sheet(TOKENS)
    sheet.load(rows)
    return sheet


def csv_of(path: Path, header: str, *lines: str) -> Imported:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return done(import_file(path, TOKENS, Cancel()))


def take(sheet: Sheet, imported: Imported, way: Way) -> Merge:
    merge = compare(sheet, imported, way)
    sheet.apply(merge_edit(sheet, imported, merge, edit_name(way)))
    return merge


def test_update_by_key_tells_new_changed_and_untouched_rows(tmp_path: Path) -> None:
    sheet = sheet_of(token("04AB12CD"), token("04AB12CE"), token("04AB12CF"))
    before = sheet.rows_texts()
    imported = csv_of(
        tmp_path / "a.csv", "Token id;PIN", "04:ab:12:cd;9999", "04AB12CE;0427", "04AB12D0;1111", ";5", "1A;1", "1A;2"
    )
    merge = take(sheet, imported, Way.UPDATE)
    assert [(change.row, change.cells) for change in merge.changed] == [
        (0, ((3, "04AB12CD", "04:ab:12:cd"), (6, "0427", "9999")))
    ]
    assert (merge.untouched, merge.unnamed, len(merge.new)) == (1, 1, 1)
    assert [source for source, _why in merge.unclear] == [5, 6, 7]
    assert len(sheet) == 4
    assert sheet.text(0, 6) == "9999"
    assert sheet.row_texts(sheet.order[3])[3] == "04AB12D0"
    assert sheet.text(0, 5) == "31/12/2037"  # the file says nothing about it
    assert sheet.undo_name == "Update from a file"
    sheet.undo()
    assert sheet.rows_texts() == before


def test_append_and_replace_are_one_step_each(tmp_path: Path) -> None:
    sheet = sheet_of(token("04AB12CD"), token("04AB12CE"))
    before = sheet.rows_texts()
    imported = csv_of(tmp_path / "a.csv", "Token id", "04AB12CD", "04AB12CF")
    take(sheet, imported, Way.APPEND)
    assert [texts[3] for texts in sheet.rows_texts()] == ["04AB12CD", "04AB12CE", "04AB12CD", "04AB12CF"]
    sheet.undo()
    merge = take(sheet, imported, Way.REPLACE)
    assert (merge.removed, len(merge.new)) == (2, 2)
    assert [texts[3] for texts in sheet.rows_texts()] == ["04AB12CD", "04AB12CF"]
    sheet.undo()
    assert sheet.rows_texts() == before
    sheet.redo()
    assert len(sheet) == 2


def test_cdrs_are_known_by_sender_and_number(tmp_path: Path) -> None:
    kind = KINDS["cdrs"]
    sheet = Sheet(kind)
    for infra in ("e-laad", "Other"):
        texts = [""] * len(kind)
        texts[kind.index("cdrId")], texts[kind.index("infraProviderId")] = "1", infra
        sheet.load([texts])
    path = tmp_path / "a.csv"
    path.write_text("CDR id;Infra provider;Volume\n1;E-LAAD;5\n2;Other;6\n", encoding="utf-8")
    merge = compare(sheet, done(import_file(path, kind, Cancel())), Way.UPDATE)
    assert [change.row for change in merge.changed] == [0]
    assert (len(merge.new), merge.unnamed) == (1, 1)


def checked(sheet: Sheet) -> Checker:
    return done(check_sheet(sheet, Facts(), Cancel()))


def test_bad_rows_come_back_to_exactly_their_rows(tmp_path: Path) -> None:
    sheet = sheet_of(token("04AB12CD"), token("bad!"), token("04AB12CE"), token("04AB12CE"), token(""))
    path = tmp_path / "bad.xlsx"
    assert done(export_bad_rows(path, sheet, checked(sheet), Cancel())) == 4
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    assert page["A1"].value == "What is wrong"
    assert "is not a card" in page["A2"].value
    assert page.column_dimensions["L"].hidden
    assert page.auto_filter.ref == "A1:L5"  # sorting takes the hidden key along
    page["E2"].value, page["E4"].value, page["E5"].value = "04AB12D1", "04AB12D2", "04AB12D3"
    book.save(path)
    imported = done(import_file(path, None, Cancel()))
    assert imported.unmatched == []  # our own columns are no surprise to us
    merge = take(sheet, imported, Way.MENDED)
    assert (len(merge.changed), merge.untouched, merge.new, merge.unclear) == (3, 1, [], [])
    assert [texts[3] for texts in sheet.rows_texts()] == ["04AB12CD", "04AB12D1", "04AB12CE", "04AB12D2", "04AB12D3"]


def test_bad_rows_that_changed_here_since_are_left_alone(tmp_path: Path) -> None:
    sheet = sheet_of(token("bad!"), token("bad?"), token("bad."))
    path = tmp_path / "bad.xlsx"
    done(export_bad_rows(path, sheet, checked(sheet), Cancel()))
    sheet.apply(sheet.set_cells("Typing", [(0, 3, "04AB12CD")]))
    sheet.apply(sheet.remove_rows("Remove", [1]))
    merge = compare(sheet, done(import_file(path, None, Cancel())), Way.MENDED)
    assert (merge.untouched, len(merge.unclear), merge.new) == (1, 2, [])


def test_bad_rows_find_their_sheet_again_after_it_was_saved_and_opened(tmp_path: Path) -> None:
    """The rows have other ids then: what stood in them tells which they are."""
    sheet = sheet_of(token("04AB12CD"), token("bad!"))
    path = tmp_path / "bad.xlsx"
    done(export_bad_rows(path, sheet, checked(sheet), Cancel()))
    again = sheet_of(token("bad!"), token("04AB12CD"))
    merge = compare(again, done(import_file(path, None, Cancel())), Way.MENDED)
    assert (merge.untouched, merge.new, merge.unclear) == (1, [], [])


def test_without_bad_rows_there_is_nothing_to_write(tmp_path: Path) -> None:
    sheet = sheet_of(token("9F3A07C4"))
    with pytest.raises(UsageError, match="nothing to write"):
        done(export_bad_rows(tmp_path / "x.xlsx", sheet, checked(sheet), Cancel()))


def test_a_marked_copy_of_the_users_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Cards"
    page.append(["Token id", "Type", "Remark", "Sum"])
    page.append(["bad!", "1", "keep me", "=1+1"])
    page["C2"].font = openpyxl.styles.Font(bold=True)
    page["A2"].comment = openpyxl.comments.Comment("mine", "me")
    book.create_sheet("Other")["B2"] = 5
    source, target = tmp_path / "mine.xlsx", tmp_path / "marked.xlsx"
    book.save(source)
    original = source.read_bytes()
    sheet = done(import_file(source, TOKENS, Cancel())).sheet
    count, without_note = done(mark_copy(target, sheet, checked(sheet), Cancel()))
    assert not without_note
    assert count >= 1
    assert source.read_bytes() == original
    copy = openpyxl.load_workbook(target)
    page = copy["Cards"]
    assert page["A2"].comment is not None
    assert page["A2"].comment.text.startswith("mine\n")
    assert "is not a card" in page["A2"].comment.text
    assert page["A2"].fill.fgColor.rgb == "FFFDE4E1"
    assert page["C2"].font.bold
    assert page["D2"].value == "=1+1"
    assert copy["Other"]["B2"].value == 5
    with pytest.raises(FileError, match="stays as it is"):
        done(mark_copy(source, sheet, checked(sheet), Cancel()))


def test_only_workbooks_can_be_marked(tmp_path: Path) -> None:
    imported = csv_of(tmp_path / "a.csv", "Token id", "bad!")
    with pytest.raises(UsageError, match="did not come from a workbook"):
        done(mark_copy(tmp_path / "x.xlsx", imported.sheet, checked(imported.sheet), Cancel()))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_template_explains_every_column_and_comes_back(kind: RecordKind, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    assert done(write_template(path, kind, Cancel())) == 1
    page = openpyxl.load_workbook(path)["Explanation"]
    assert [page.cell(row, 2).value for row in range(4, 4 + len(kind))] == list(kind.names)
    proposal = done(find_file(path, None, Cancel()))
    assert not proposal.asks
    assert build(proposal).sheet.rows_texts() == [tuple(field.example for field in kind)]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("headers", ["labels", "wire"])
def test_what_we_write_comes_back_with_no_question_and_no_change(tmp_path: Path, suffix: str, headers: str) -> None:
    rows = [token(f"04AB{n:04X}", pin=f"{n:04}") for n in range(50)]
    path = tmp_path / f"out.{suffix}"
    done(export_rows(path, TOKENS, rows, Cancel(), headers))  # type: ignore[arg-type] # a parameter
    proposal = done(find_file(path, None, Cancel()))
    assert not proposal.asks
    assert proposal.damages == []
    assert build(proposal).sheet.rows_texts() == rows


def test_a_cover_sheet_is_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "Roaming export 2026"
    page = book.create_sheet("Cards")
    page.append(["Token id", "PIN"])
    page.append(["04AB12CD", "1"])
    book.save(tmp_path / "a.xlsx")
    imported = done(import_file(tmp_path / "a.xlsx", None, Cancel()))
    assert imported.sheet_name == "Cards"
    assert imported.sheet.cell_name(0, "tokenId") == "A2"


def test_choices_are_remembered_for_the_header_and_can_be_forgotten(tmp_path: Path) -> None:
    workplace = Workplace.open(tmp_path / "data")
    path = tmp_path / "a.csv"
    path.write_text("Nummer X;Was\n04AB12CD;1\n", encoding="utf-8")
    proposal = done(find_file(path, TOKENS, Cancel()))
    from dataclasses import replace

    from ochp_desktop.jobs.import_proposal import matching_of

    chosen = replace(
        proposal, matching=matching_of(proposal.table.rows, TOKENS, 0, {"tokenId": 0}, {}, {"tokenType": "1"})
    )
    remember(workplace, chosen)
    again = done(find_file(path, None, Cancel(), memory=remembered(workplace)))
    assert again.remembered
    assert not again.asks
    imported = build(again)
    assert imported.sheet.row_texts(0)[2:4] == ("1", "04AB12CD")
    assert "The columns were matched as last time." in imported.notices
    forget(workplace, again)
    assert remembered(workplace) == {}
    workplace.close()
