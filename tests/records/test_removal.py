"""Which rows are taken out so that no error is left, and which double stays."""

from __future__ import annotations

from hypothesis import given, settings

from ochp_desktop.records.kinds import CDRS, TOKENS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.removal import removals
from tests.records.test_checker import fresh, rows_of
from tests.records.test_rules import CDR, TOKEN, check


def taken(rows: list[dict[str, str]], code: str = "") -> dict[int, int | None]:
    checker = check(TOKENS if "tokenId" in rows[0] else CDRS, *rows)
    return {one.problem.row: one.stays for one in removals(checker, code) if one is not None}


def test_of_doubles_the_newer_active_one_stays() -> None:
    old, new = TOKEN | {"expiryDate": "31/12/2027"}, TOKEN | {"expiryDate": "31/12/2029"}
    dead = TOKEN | {"expiryDate": "31/12/2031", "tokenActivated": "0"}
    assert taken([old, new, dead]) == {0: 1, 2: 1}
    assert taken([old, old]) == {1: 0}
    assert taken([CDR, CDR, CDR]) == {1: 0, 2: 0}


def test_a_double_with_another_error_goes_and_the_other_one_stays() -> None:
    bad = TOKEN | {"expiryDate": "never"}
    assert taken([bad, TOKEN]) == {0: None}
    assert taken([bad, TOKEN], "token-id.duplicate") == {0: 1}
    assert taken([bad, TOKEN, TOKEN], "expiry-date.form") == {0: None}


def test_what_differs_under_one_id_is_for_people_to_decide() -> None:
    assert taken([CDR, CDR | {"volume": "1,0000"}]) == {0: None, 1: None}


def test_warnings_take_nothing_out() -> None:
    assert taken([TOKEN | {"tokenId": "8804AB12"}]) == {}


@settings(max_examples=60)
@given(rows_of(TOKENS, 1, 8))
def test_no_error_is_left(rows: list[tuple[str, ...]]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    checker = fresh(TOKENS, columns, list(range(len(rows))))
    gone = [one.problem.row for one in removals(checker) if one is not None]
    assert len(gone) == len(set(gone))
    checker.recheck([], gone)
    assert all(problem.level is not Level.ERROR for problem in checker.all())
