"""What we write is read again with no question and no change, also after people worked on it elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ochp_desktop import texts
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.export_file import export_bad_rows, export_rows, write_template
from ochp_desktop.jobs.import_file import Imported, build, import_file
from ochp_desktop.jobs.import_merge import Way, compare, edit_name, merge_edit
from ochp_desktop.jobs.import_proposal import find_file, propose
from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.practice import samples
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.rules import Facts
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.sheet.sheet import Sheet
from tests.spreadsheet.office import converted, needs_office
from tests.spreadsheet.readhere import read_here

FORMS = [("xlsx", False), ("csv", False), ("csv", True)]
NASTY = [
    "=1+1", "+31 6 1234", "-5", "@x", "0042", "1E5", "'quoted'", "'=1", " blank ", "\u00a0", "é😀", 'a"b', "a;b,c\td|e",
    "#N/A", "TRUE", "line\nbreak", "two\r\nlines", "_x0041_", "<a>&", "x;=1", "http://example.org",
    "12345678901234567890", "",
]  # fmt: skip
# Fields in which any text is taken as it is; what dates, times and volumes mean may have to be asked for.
FREE = {
    "tokens": ["evcoId", "tokenId", "printedNumber", "pin", "hash"],
    "cdrs": ["cdrId", "infraProviderId", "evcoId", "authenticationId", "chargePointAddress", "chargePointCity"],
}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.use_language("en")


def good_rows(kind: RecordKind, count: int = 40) -> list[tuple[str, ...]]:
    cards = samples.tokens(samples.LADENETZ, count, date(2031, 1, 31))
    if kind.name == "tokens":
        return [tuple(row) for row in cards]
    begun = datetime(2026, 3, 2, 8, tzinfo=UTC)
    starts = [begun + timedelta(minutes=37 * number) for number in range(count)]
    return [tuple(row) for row in samples.cdrs(samples.OWN, samples.LADENETZ, cards, starts, "B-")]


GOOD = {name: good_rows(kind) for name, kind in KINDS.items()}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_rows_in_any_language(tmp_path: Path, data: st.DataObject) -> None:
    kind = KINDS[data.draw(st.sampled_from(list(KINDS)))]
    texts.use_language(data.draw(st.sampled_from(list(texts.LANGUAGES))))
    suffix, excel = data.draw(st.sampled_from(FORMS))
    headers = data.draw(st.sampled_from(["labels", "wire"]))
    free = [kind.index(name) for name in FREE[kind.name] if name in kind.names]
    rows = []
    for row in data.draw(st.lists(st.sampled_from(GOOD[kind.name]), min_size=1, max_size=6)):
        cells = list(row)
        for column in data.draw(st.lists(st.sampled_from(free), max_size=3)):
            cells[column] = data.draw(st.sampled_from(NASTY))
        rows.append(tuple(cells))
    path = tmp_path / f"out.{suffix}"
    run(export_rows(path, kind, rows, Cancel(), headers, excel_csv=excel))
    proposal = propose(read_here(path), None, {})
    assert proposal.kind is kind
    assert not proposal.asks
    assert build(proposal).sheet.rows_texts() == rows


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize(("suffix", "excel"), FORMS)
def test_a_whole_list_comes_back(tmp_path: Path, kind: RecordKind, language: str, suffix: str, excel: bool) -> None:
    texts.use_language(language)
    path = tmp_path / f"out.{suffix}"
    run(export_rows(path, kind, GOOD[kind.name], Cancel(), excel_csv=excel))
    # Who opens it may speak another language.
    texts.use_language("en")
    proposal = run(find_file(path, None, Cancel()))
    assert proposal.kind is kind
    assert not proposal.asks
    assert proposal.damages == []
    assert build(proposal).sheet.rows_texts() == GOOD[kind.name]


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_templates_come_back_in_every_language(tmp_path: Path, kind: RecordKind, language: str) -> None:
    texts.use_language(language)
    run(write_template(tmp_path / "template.xlsx", kind, Cancel()))
    proposal = run(find_file(tmp_path / "template.xlsx", None, Cancel()))
    assert proposal.kind is kind
    assert not proposal.asks
    assert build(proposal).sheet.rows_texts() == [tuple(field.example for field in kind)]


@needs_office
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_libreoffice_saves_it_unchanged(tmp_path: Path, kind: RecordKind) -> None:
    path = tmp_path / "out.xlsx"
    run(export_rows(path, kind, GOOD[kind.name], Cancel()))
    for suffix in ("xlsx", "ods"):
        proposal = run(find_file(converted(path, suffix, tmp_path / "saved"), None, Cancel()))
        assert not proposal.asks
        assert build(proposal).sheet.rows_texts() == GOOD[kind.name]


def bad_list() -> Sheet:
    """40 cards, every other with a bad token id."""
    sheet = Sheet(TOKENS)
    at = TOKENS.index("tokenId")
    sheet.load(
        [
            (*row[:at], f"bad {number}!", *row[at + 1 :]) if number % 2 else row
            for number, row in enumerate(GOOD["tokens"])
        ]
    )
    return sheet


def mend(path: Path, then: Callable[[list[list[object]]], list[list[object]]]) -> None:
    """Mend all token ids, do something with the rows, and save."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    header, *rows = [[cell.value for cell in row] for row in page.iter_rows()]
    at = header.index("Token id")
    for row in rows:
        number = str(row[at]).split()[1].strip("!")
        row[at] = f"04AB12{int(number):02}"
    page.delete_rows(2, page.max_row)
    for line, row in enumerate(then(rows), 2):
        for column, value in enumerate(row, 1):
            page.cell(line, column).value = value
    book.save(path)


def shuffled(rows: list[list[object]]) -> list[list[object]]:
    return random.Random(5).sample(rows, len(rows))


def fewer(rows: list[list[object]]) -> list[list[object]]:
    return rows[3:-4]


def more(rows: list[list[object]]) -> list[list[object]]:
    fresh = [None, *rows[0][1:-1], None]
    fresh[4] = "04AB12FF"
    return [rows[1], fresh, *rows[2:], rows[0]]


@pytest.mark.parametrize(("then", "taken", "new"), [(list, 20, 0), (shuffled, 20, 0), (fewer, 13, 0), (more, 20, 1)])
@pytest.mark.parametrize("office", [False, pytest.param(True, marks=needs_office)])
def test_mended_rows_find_exactly_their_rows(
    tmp_path: Path, then: Callable[[list[list[object]]], list[list[object]]], taken: int, new: int, office: bool
) -> None:
    sheet = bad_list()
    before = sheet.rows_texts()
    path = tmp_path / "bad.xlsx"
    assert run(export_bad_rows(path, sheet, run(check_sheet(sheet, Facts(), Cancel())), Cancel())) == 20
    mend(path, then)
    if office:
        path = converted(path, "xlsx", tmp_path / "saved")
    imported: Imported = run(import_file(path, None, Cancel()))
    merge = compare(sheet, imported, Way.MENDED)
    assert (len(merge.changed), len(merge.new), merge.unclear) == (taken, new, [])
    sheet.apply(merge_edit(sheet, imported, merge, edit_name(Way.MENDED)))
    at = TOKENS.index("tokenId")
    changed = 0
    for number, (old, now) in enumerate(zip(before, sheet.rows_texts(), strict=False)):
        assert (*old[:at], *old[at + 1 :]) == (*now[:at], *now[at + 1 :])
        if now[at] != old[at]:
            assert number % 2
            assert now[at] == f"04AB12{number:02}"
            changed += 1
    assert changed == taken
    assert len(sheet) == 40 + new


def test_a_row_that_was_copied_in_excel_updates_once(tmp_path: Path) -> None:
    sheet = bad_list()
    path = tmp_path / "bad.xlsx"
    run(export_bad_rows(path, sheet, run(check_sheet(sheet, Facts(), Cancel())), Cancel()))
    mend(path, lambda rows: [*rows, rows[0]])
    merge = compare(sheet, run(import_file(path, None, Cancel())), Way.MENDED)
    assert (len(merge.changed), len(merge.new), len(merge.unclear)) == (20, 0, 1)
