"""The books: a full disk, a cut-off seeding, passwords, statements of any length and script."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from ochp_desktop.errors import StoreError
from ochp_desktop.practice import samples
from ochp_desktop.practice.answers import Refused, ResultCode
from ochp_desktop.practice.ledger import Ledger
from ochp_desktop.practice.schema import Clearing, Total
from ochp_desktop.practice.statements import write_statement
from ochp_desktop.records.contract_id import wrong_digit

from .conftest import changed, own_cdrs, own_tokens

DATA = Path(__file__).parent / "data"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    books = Ledger(tmp_path / "books.sqlite3")
    samples.seed(books, date(2026, 3, 2))
    yield books
    books.close()


def test_a_full_disk_stores_nothing_and_the_house_goes_on(ledger: Ledger) -> None:
    ledger.replace_list("Polder Charging", own_tokens(10))
    pages = ledger._writer.execute("PRAGMA page_count").fetchone()[0]
    ledger._writer.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        ledger.replace_list("Polder Charging", own_tokens(20_000))
    assert len(list(ledger.tokens("polder-charging"))) == 10
    ledger._writer.execute("PRAGMA max_page_count = 1000000")
    assert ledger.replace_list("Polder Charging", own_tokens(2000)) == 2000


def test_rows_that_break_off_change_nothing(ledger: Ledger) -> None:
    def broken() -> Iterator[tuple[str, ...]]:
        yield from own_tokens(3)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        ledger.replace_list("Ladenetz", broken())
    with pytest.raises(Refused) as refused:
        ledger.replace_list("Ladenetz", [])
    assert refused.value.code == ResultCode.EMPTY
    assert len(list(ledger.tokens("Ladenetz"))) == samples.PARTNER_TOKENS[samples.LADENETZ.name]


def test_a_closing_house_ends_what_is_going_on(ledger: Ledger) -> None:
    rows = own_tokens(5)

    def closing() -> Iterator[tuple[str, ...]]:
        yield from rows[:3]
        ledger.give_up()
        yield from rows[3:]

    with pytest.raises(StoreError, match="closing"):
        ledger.replace_list("Polder Charging", closing())
    with pytest.raises(StoreError, match="closing"):
        list(ledger.tokens())
    assert ledger._writer.execute("SELECT count(*) FROM tokens").fetchone() == (700,)


def test_a_seeding_that_was_cut_off_begins_anew(tmp_path: Path) -> None:
    books = Ledger(tmp_path / "books.sqlite3")
    samples.seed(books, date(2026, 3, 2))
    books._writer.execute("DELETE FROM users")
    samples.seed(books, date(2026, 3, 9))
    assert books.count_cdrs(cleared=False) == 240
    assert books.users() == list(samples.USERS)
    books.close()


def test_passwords_and_auth_tokens_are_not_in_the_books(ledger: Ledger) -> None:
    token = ledger.sign_in(samples.OWN.name, samples.sample_password(samples.OWN), 0.0)
    assert token is not None
    ledger._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = ledger.path.read_bytes()
    assert samples.OWN.name.encode() in content
    assert samples.sample_password(samples.OWN).encode() not in content
    assert token.encode() not in content


def test_sample_records_are_valid(ledger: Ledger) -> None:
    for row in ledger.tokens():
        assert wrong_digit(row[0]) is None
    offsets = set()
    ledger.clear("admin-01", 0.0, write_statement)
    clearing = ledger.last_clearing("Polder Charging")
    assert clearing is not None
    for row in ledger.cleared(clearing):
        offsets.add(row[1][-6:])
        assert date(2025, 12, 30) <= date.fromisoformat(row[1][:10]) <= date(2026, 3, 1)
    assert offsets == {"+01:00"}
    assert {total.infra_provider_id: total.count for total in clearing.totals} == {"Ladenetz": 140, "Blue Corner": 100}


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    books = Ledger(tmp_path / "books.sqlite3")
    books._writer.execute("PRAGMA user_version = 99")
    books.close()
    with pytest.raises(StoreError, match="another version"):
        Ledger(tmp_path / "books.sqlite3")


def test_a_long_statement() -> None:
    """5,000 rows on many pages, each with its number; long and foreign texts do no harm."""
    rows = [changed("cdrs", row, cdrId=row[0] + "-ünïcödé-Łódź-日本" * 9) for row in own_cdrs(5000)]
    volume = sum((Decimal(row[4].replace(",", ".")) for row in rows), Decimal(0))
    clearing = Clearing(7, 1_772_000_000.0, "Ladenetz", (Total("Polder Charging", 5000, volume),))
    document = pypdfium2.PdfDocument(write_statement(clearing, rows))
    pages = len(document)
    page = document[pages - 1]
    text_page = page.get_textpage()
    text = text_page.get_text_range()
    text_page.close()
    page.close()
    document.close()
    assert pages > 100
    assert f"page {pages} of" in text
    assert rows[-1][0][:8] in text
    assert "PRACTICE" in text


def test_no_line_of_a_statement_lies_over_another() -> None:
    """On each page the column titles stand above the records, and all records are as far apart."""
    rows = own_cdrs(120)
    clearing = Clearing(7, 1_772_000_000.0, "Ladenetz", (Total("Polder Charging", 120, Decimal(0)),))
    document = pypdfium2.PdfDocument(write_statement(clearing, rows))
    assert len(document) > 2
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        places = map(text_page.get_charbox, range(text_page.count_chars()))
        # All that begins at the margin, from top to bottom.
        bottoms = sorted((bottom for left, bottom, _right, _top in places if 35 <= left <= 37.5), reverse=True)
        assert len(bottoms) > 5
        assert all(above - below > 8 for above, below in pairwise(bottoms))
        text_page.close()
        page.close()
    document.close()


def test_books_of_version_1_are_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as old:
        old.executescript((DATA / "books-1.sql").read_text())
    rows = own_cdrs(7)
    for _opened in range(2):
        books = Ledger(path)
        assert (books.count_cdrs(cleared=True), books.count_cdrs(cleared=False)) == (5, 2)
        assert [user.name for user in books.users()] == [samples.OWN.name, samples.LADENETZ.name]
        assert len(list(books.tokens())) == 2
        clearing = books.last_clearing("Ladenetz")
        assert clearing is not None
        assert list(books.cleared(clearing)) == rows[3:5]
        assert clearing.totals == (Total("Polder Charging", 2, Decimal("77.5041")),)
        assert books.statement(clearing.link) == b"%PDF-3"
        with pytest.raises(Refused, match="all 7"):
            books.add_cdrs([rows])
        with pytest.raises(Refused, match="volume differ"):
            books.add_cdrs([[changed("cdrs", rows[0], volume="0,0001")]])
        books.close()
    books = Ledger(path)
    assert books.clear("admin", 4.0, lambda _clearing, cdrs: str(len(list(cdrs))).encode()) == 2
    clearing = books.last_clearing("Ladenetz")
    assert clearing is not None
    assert books.statement(clearing.link) == b"2"
    assert books.add_cdrs([own_cdrs(9)[7:]]) == 2
    assert (books.count_cdrs(cleared=True), books.count_cdrs(cleared=False)) == (7, 2)
    books.close()


def test_new_books_are_as_those_that_were_brought_here(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "old")) as old:
        old.executescript((DATA / "books-1.sql").read_text())
    shapes = []
    for name in ("old", "new"):
        books = Ledger(tmp_path / name)
        tables = [table for (table,) in books._writer.execute("SELECT name FROM sqlite_master ORDER BY 1")]
        shapes.append({table: books._writer.execute(f"PRAGMA table_info({table})").fetchall() for table in tables})
        books.close()
    old_one, new_one = ({table: [column[1:4] for column in one] for table, one in shape.items()} for shape in shapes)
    assert old_one == new_one
