"""The archive of statements."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ochp_desktop.errors import StoreError
from ochp_desktop.store.archive import Archive
from ochp_desktop.store.database import Database

Row = tuple[str, ...]
HOUSE = "house.example/service"


@pytest.fixture
def archive(db: Database) -> Archive:
    return Archive(db)


def test_a_statement_is_kept_with_its_document(archive: Archive, cdr: Callable[..., Row]) -> None:
    rows = [cdr(1), cdr(2)]
    number, new = archive.save_statement(HOUSE, "me", rows, "https://house/doc", b"%PDF")
    assert new
    stored = archive.load(number)
    assert (stored.rows, stored.pdf, stored.info.doc_link) == (rows, b"%PDF", "https://house/doc")
    assert archive.statements(HOUSE, "me") == [stored.info]
    assert archive.statements("elsewhere", "me") == []


def test_the_same_records_again_are_the_same_statement(archive: Archive, cdr: Callable[..., Row]) -> None:
    rows = [cdr(1), cdr(2)]
    number, _new = archive.save_statement(HOUSE, "me", rows, "https://house/first")
    assert archive.save_statement(HOUSE, "me", rows[::-1], "https://house/second") == (number, False)
    (info,) = archive.statements(HOUSE, "me")
    assert (info.doc_link, info.has_pdf) == ("https://house/second", False)
    archive.add_pdf(number, b"%PDF 1")
    archive.add_pdf(number, b"%PDF 2")
    assert archive.save_statement(HOUSE, "me", rows, "", b"%PDF 3") == (number, False)
    assert archive.load(number).pdf == b"%PDF 1"
    assert archive.load(number).rows == rows
    assert archive.save_statement(HOUSE, "somebody", rows)[1]
    assert archive.save_statement(HOUSE, "me", [cdr(1), cdr(2, volume="9,0000")])[1]


def test_statements_without_records_are_told_apart_by_their_link(archive: Archive) -> None:
    first, _new = archive.save_statement(HOUSE, "me", [], "https://house/1")
    assert archive.save_statement(HOUSE, "me", [], "https://house/2")[1]
    assert archive.save_statement(HOUSE, "me", [], "https://house/1") == (first, False)
    assert archive.load(first).rows == []


def test_records_are_found_across_statements(archive: Archive, cdr: Callable[..., Row]) -> None:
    first, _new = archive.save_statement(HOUSE, "me", [cdr(1), cdr(2)])
    second, _new = archive.save_statement(HOUSE, "me", [cdr(2), cdr(3, chargePointCity="Delft")])
    keys = [("elaad", "1"), ("elaad", "2"), ("elaad", "9")]
    assert archive.cleared_in(HOUSE, keys) == {("elaad", "1"): first, ("elaad", "2"): second}
    assert archive.cleared_in("elsewhere", keys) == {}
    assert [(info.id, len(rows)) for info, rows in archive.search(HOUSE, "me", lambda row: "Delft" in row)] == [
        (second, 1)
    ]


def test_a_statement_that_is_not_there_says_so(archive: Archive) -> None:
    with pytest.raises(StoreError):
        archive.load(1)
    with pytest.raises(StoreError):
        archive.add_pdf(1, b"%PDF")


def test_records_of_a_wrong_shape_are_archived_all_the_same(archive: Archive) -> None:
    number, _new = archive.save_statement(HOUSE, "me", [("too", "short"), ("too", "short")])
    assert archive.load(number).rows == [("too", "short")] * 2
