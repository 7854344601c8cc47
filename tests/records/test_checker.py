"""The checker: what it renews after an edit is what a check from scratch finds; repairs mend and do no harm."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ochp_desktop.records import checker as checker_module
from ochp_desktop.records.checker import SLICE, Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import CDRS, KINDS, TOKENS
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.records.repair import repairs_for
from ochp_desktop.records.rules import Facts

FACTS = Facts(now=datetime(2026, 10, 15, tzinfo=UTC), timezone=ZoneInfo("Europe/Amsterdam"))

TOKEN_TEXTS = {
    "evcoId": ["NL-TNM-C00122045-K", "NL-TNM-C00122045-X", "customer 17", "", " x "],
    "roamingHubId": ["2", "e-laad", "7", "who"],
    "tokenType": ["1", "2", "3", "0", "9"],
    "tokenId": ["9F3A07C4", "9f:3a:07:c4", "C4073A9F", "DD17380AF8", "1.2E+46", "+31 612345678", "4AB12CD", ""],
    "printedNumber": ["01200345", "1.2E+17", "12\n34", "\x01"],
    "expiryDate": [
        "31/12/2027",
        "2027-12-30",
        "1/2/2027",
        "3/14/27",
        "31/12/2020",
        "20/10/2026",
        "46386",
        "#N/A",
        "12/25/2027",
    ],
    "pin": ["", "0427", "1234567", "427.0"],
    "pinMandatory": ["0", "1", "ja"],
    "tokenActivated": ["0", "1", "?"],
    "hash": ["", " a "],
}
CDR_TEXTS = {
    "cdrId": ["1", "2", " 1", ""],
    "startDatetime": [
        "2026-10-01T11:45:30+02:00",
        "2026-10-01T12:45:30+02:00",
        "2026-09-29T12:45:30+02:00",
        "2026-10-01 11:45:30",
        "01.10.2026 11:45",
        "2026-10-25 02:30",
        "x",
    ],
    "endDatetime": [
        "2026-10-01T13:02:10+02:00",
        "2026-10-01T11:45:31+02:00",
        "2026-03-01 11:00:00",
        "2027-01-01T00:00:00Z",
    ],
    "duration": ["", "1:16:40", "4600", "2h", "0.0532"],
    "authenticationId": ["9F3A07C4", "9f:3a:07:c4", ""],
    "chargePointId": ["POLDER-1", "polder-1", "POLDER-2"],
    "evseId": ["", "NL*PLD*E0012*1", "DE*PLD*E0012*1", "+49*810*000*438", "12"],
    "volume": ["12,4500", "12.45", "1.234", "1,234", "1.234,5", "1200,0000", "15000", "0", "-1", "1,23456", "3 kWh"],
    "chargePointCountry": ["NLD", "nl", "Duitsland", "?"],
    "obisCode": ["", "1-1:1.8.0", "2-1:2.8.0", "1"],
    "infraProviderId": ["e-laad", "E-LAAD", "Blue Corner", ""],
    "serviceProviderId": ["elaad", "Ladenetz"],
}


def texts_of(kind: RecordKind) -> list[list[str]]:
    """Interesting texts for each field."""
    known = TOKEN_TEXTS if kind is TOKENS else CDR_TEXTS
    return [known.get(field.name, [field.example, "", "\u00a0b"]) for field in kind]


def rows_of(kind: RecordKind, least: int, most: int) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*map(st.sampled_from, texts_of(kind))), min_size=least, max_size=most)


def fresh(kind: RecordKind, columns: list[list[str]], rows: list[int], older: Checker | None = None) -> Checker:
    checker = Checker(kind, columns, FACTS, older=older)
    for _done in checker.check_all(rows):
        pass
    return checker


def state(checker: Checker, rows: list[int]) -> tuple[object, ...]:
    return (
        {row: sorted(map(repr, checker.problems(row))) for row in rows if checker.problems(row)},
        dict(checker.counts),
        {code: checker.rows_with(code) for code in checker.counts},
        checker.rows_with(),
        sorted(map(repr, checker.all())),
        [checker.level(row) for row in rows],
    )


class Walk:
    """Edits, removals, returns and new rows, one after the other.

    The rows stand in any order, as after rows were put between others, and some are removed already.
    """

    def __init__(self, kind: RecordKind, data: st.DataObject) -> None:
        self.kind, self.data = kind, data
        start = data.draw(rows_of(kind, 0, 6))
        self.columns = [[row[position] for row in start] for position in range(len(kind))]
        live = list(data.draw(st.permutations(range(len(start)))))
        cut = data.draw(st.integers(0, len(live)))
        self.live, self.gone = live[:cut], live[cut:]

    def step(self) -> tuple[list[int], list[int]]:
        """Do something; (rows that changed, rows that were removed)."""
        data, columns, live = self.data, self.columns, self.live
        action = data.draw(st.sampled_from(["edit", "remove", "return", "insert"]))
        changed: list[int] = []
        removed: list[int] = []
        if action == "edit" and live:
            changed = data.draw(st.lists(st.sampled_from(live), min_size=1, max_size=3, unique=True))
            for row in changed:
                position = data.draw(st.integers(0, len(self.kind) - 1))
                columns[position][row] = data.draw(st.sampled_from(texts_of(self.kind)[position]))
        elif action == "remove" and live:
            removed = data.draw(st.lists(st.sampled_from(live), min_size=1, max_size=3, unique=True))
            self.live = [row for row in live if row not in removed]
            self.gone += removed
        elif action == "return" and self.gone:
            changed, self.gone = self.gone, []
            self.live = sorted([*live, *changed])
        elif action == "insert":
            new = data.draw(rows_of(self.kind, 1, 2))
            changed = list(range(len(columns[0]), len(columns[0]) + len(new)))
            for position, column in enumerate(columns):
                column.extend(row[position] for row in new)
            self.live = live + changed
        return changed, removed

    def everything(self) -> list[int]:
        """All row ids that there ever were."""
        return list(range(len(self.columns[0])))


@settings(max_examples=120)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_rechecking_finds_what_a_check_from_scratch_finds(kind: RecordKind, data: st.DataObject) -> None:
    """The returned ids are exactly the rows that changed."""
    walk = Walk(kind, data)
    checker = fresh(kind, walk.columns, walk.live)
    for _step in range(data.draw(st.integers(1, 5))):
        before = {row: checker.problems(row) for row in range(len(walk.columns[0]) + 1)}
        changed, removed = walk.step()
        told = checker.recheck(dict.fromkeys(changed, range(len(kind))), removed)
        rows = walk.everything()
        assert state(checker, rows) == state(fresh(kind, walk.columns, walk.live, checker), rows)
        assert told == {row for row in rows if before.get(row, ()) != checker.problems(row)}


@settings(max_examples=120)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_what_is_put_off_and_checked_in_pieces_ends_as_a_check_from_scratch(
    kind: RecordKind, data: st.DataObject
) -> None:
    """More is put off in the middle, checks are begun and dropped; until the end the answers do not move."""
    walk = Walk(kind, data)
    checker = fresh(kind, walk.columns, walk.live)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checker_module, "SLICE", 1)
        for _catching_up in range(data.draw(st.integers(1, 3))):
            before = {row: checker.problems(row) for row in walk.everything()}
            for _step in range(data.draw(st.integers(1, 3))):
                checker.put_off(*walk.step())
                for told in islice(checker.catch_up(), data.draw(st.integers(0, 2))):
                    if checker._unsettled:
                        assert not told
                        assert {row: checker.problems(row) for row in before} == before
                    else:
                        before = {row: checker.problems(row) for row in walk.everything()}
            rows = walk.everything()
            told = set().union(*checker.catch_up())
            assert not checker._unsettled
            assert state(checker, rows) == state(fresh(kind, walk.columns, walk.live, checker), rows)
            assert told == {row for row in rows if before.get(row, ()) != checker.problems(row)}


def serious(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(problem.code, problem.field) for problem in problems if problem.level is Level.ERROR}


@settings(max_examples=150)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@given(data=st.data())
def test_a_repair_passes_its_own_rule_and_makes_no_new_error(kind: RecordKind, data: st.DataObject) -> None:
    (texts,) = data.draw(rows_of(kind, 1, 1))
    columns = [[text] for text in texts]
    checker = fresh(kind, columns, [0])
    before = list(checker.problems(0))
    for problem in before:
        if problem.repair is None:
            continue
        mended = [list(column) for column in columns]
        mended[kind.index(problem.field)][0] = problem.repair
        after = list(fresh(kind, mended, [0]).problems(0))
        assert (problem.code, problem.field) not in {(one.code, one.field) for one in after}
        # What could not be seen before the text had a meaning (an end before the start) is no new error of the repair.
        unseen = {"date-time.end-before-start", "date-time.future", "volume.watt-hours"}
        assert {one for one in serious(after) - serious(before) if one[0] not in unseen} == set()


def test_slices_tell_how_far_and_duplicates_come_last() -> None:
    count = SLICE * 2 + 10
    columns = [[text] * count for text in (TOKENS.fields[0].example, "2", "1", "", "1", "31/12/2027", "", "0", "1", "")]
    columns[3][:] = [f"{row:08X}" for row in range(count)]
    columns[3][count - 1] = columns[3][0]
    checker = Checker(TOKENS, columns, FACTS)
    assert list(checker.check_all(range(count))) == [SLICE, 2 * SLICE, count]
    assert checker.rows_with("token-id.duplicate") == [0, count - 1]
    columns[3][0] = "FFFFFFFF"
    assert checker.recheck([0]) == {0, count - 1}
    assert not checker.counts


def test_a_row_that_keeps_its_key_but_not_its_text_is_asked_about_again() -> None:
    """An id and its reverse have the same key; two times the same id are no longer each other's reverse."""
    columns = [[text] * 2 for text in ("NL-TNM-C00122045-K", "2", "1", "", "1", "31/12/2027", "", "0", "1", "")]
    columns[3][:] = ["1C78F2BF", "BFF2781C"]
    checker = fresh(TOKENS, columns, [0, 1])
    assert checker.counts == {"token-id.reversed": 2}
    columns[3][1] = "1C78F2BF"
    assert checker.recheck([1]) == {0, 1}
    assert checker.counts == {"token-id.duplicate": 2}


def test_rows_put_between_others_are_found_again_as_doubles() -> None:
    texts = [["NL-TNM-C00122045-K", "2", "1", token, "", "31/12/2027", "", "0", "1", ""] for token in "ABCDEF"]
    columns = [list(column) for column in zip(*texts, strict=True)]
    checker = fresh(TOKENS, columns, [0, 1, 5, 2, 3, 4])
    token_ids = columns[TOKENS.index("tokenId")]
    token_ids[2] = token_ids[5]
    checker.recheck([2])
    assert checker.rows_with("token-id.duplicate") == [2, 5]
    token_ids[2] = "C"
    checker.recheck([2])
    assert checker.rows_with("token-id.duplicate") == []


def test_answers_by_cell_and_row() -> None:
    columns = [[text] for text in ("", "2", "1", "9F3A07C4", "1", " 2027-12-30", "", "1", "1", "")]
    checker = fresh(TOKENS, columns, [0])
    assert [problem.level for problem in checker.problems(0)] == [Level.ERROR, Level.ERROR, Level.ERROR, Level.WARNING]
    assert [problem.code for problem in checker.at(0, "expiryDate")] == ["expiry-date.year-first", "text.blanks"]
    assert checker.at(0, "hash") == ()
    assert checker.level(0) is Level.ERROR
    assert checker.level(99) is None


def test_an_empty_table() -> None:
    checker = Checker(CDRS, [[] for _ in CDRS], FACTS)
    assert list(checker.check_all([])) == []
    assert checker.recheck([], []) == set()
    assert list(checker.all()) == []


def test_repairs_for_all_alike_take_the_worst_problem_of_a_cell() -> None:
    columns = [[text] * 2 for text in ("NL-TNM-C00122045-K", "2", "1", "", "1", " 2027-12-30", "", "0", "1", "")]
    columns[3][:] = ["4AB12CD", "9f3a07c4"]
    checker = fresh(TOKENS, columns, [0, 1])
    assert sorted(repairs_for(checker.all())) == [
        (0, "expiryDate", "30/12/2027"),
        (0, "tokenId", "04AB12CD"),
        (1, "expiryDate", "30/12/2027"),
        (1, "tokenId", "9F3A07C4"),
    ]
    assert (0, "tokenId", "04AB12CD") not in repairs_for(checker.all(), certain_only=True)
