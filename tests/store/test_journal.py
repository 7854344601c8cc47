"""The journal: each record leaves once, and every verdict, or its absence, is known for each record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.store.actions import ActionKind, Actions, Outcome
from ochp_desktop.store.batches import BatchState, Verdict, key_of
from ochp_desktop.store.database import Database
from ochp_desktop.store.journal import Journal
from ochp_desktop.store.rows import line, lines, record_fingerprint
from ochp_desktop.store.states import StateKind

Row = tuple[str, ...]
Make = Callable[..., Row]
HOUSE = "house.example/service"


@pytest.fixture
def journal(db: Database) -> Journal:
    return Journal(db)


def kinds(journal: Journal, rows: list[Row], house: str = HOUSE) -> list[StateKind]:
    states = journal.states(house, [key_of(row) for row in rows])
    return [states[key_of(row)].kind if key_of(row) in states else StateKind.NOT_SENT for row in rows]


def test_a_batch_goes_from_sending_to_confirmed(journal: Journal, cdr: Make) -> None:
    rows = [cdr(number) for number in range(3)]
    assert kinds(journal, rows) == [StateKind.NOT_SENT] * 3
    batch = journal.begin_batch(HOUSE, "me", rows, upload="u1", details={"accepted": {"cdr.old": "agreed"}})
    assert kinds(journal, rows) == [StateKind.SENDING] * 3
    journal.confirm(batch, "stored", datetime(2026, 10, 2, 12, tzinfo=UTC))
    assert kinds(journal, rows) == [StateKind.CONFIRMED] * 3
    assert journal.sent_keys(HOUSE) == {("elaad", str(number)): "2026-10-02" for number in range(3)}
    assert journal.sent_keys("another.example") == {}
    (stored,) = journal.batches_of("u1")
    assert (stored.rows, stored.state, stored.answer, stored.count) == (rows, BatchState.CONFIRMED, "stored", 3)
    state = journal.states(HOUSE, [("elaad", "1")])["elaad", "1"]
    assert state.fingerprint == record_fingerprint(rows[1])
    assert journal.record(HOUSE, ("elaad", "1")) == rows[1]
    assert journal.record(HOUSE, ("elaad", "unheard of")) is None
    (action,) = Actions(journal._db).history()
    assert (action.kind, action.outcome, action.count, action.subject) == (
        ActionKind.UPLOAD_CDRS,
        Outcome.DONE,
        3,
        batch,
    )
    assert action.details == {"accepted": {"cdr.old": "agreed"}}


@pytest.mark.parametrize("ending", ["sending", "confirmed", "unconfirmed"])
def test_a_record_that_may_have_arrived_cannot_be_begun_again(journal: Journal, cdr: Make, ending: str) -> None:
    batch = journal.begin_batch(HOUSE, "me", [cdr(1), cdr(2)])
    if ending == "confirmed":
        journal.confirm(batch)
    elif ending == "unconfirmed":
        journal.unconfirmed(batch, "no answer")
    for again in (cdr(1), cdr(" 1 ", infra="E LAAD"), cdr(1, volume="9,0000")):
        with pytest.raises(UsageError):
            journal.begin_batch(HOUSE, "me", [cdr(7), again])
    assert kinds(journal, [cdr(7)]) == [StateKind.NOT_SENT]
    journal.begin_batch("another.example", "me", [cdr(1)])


def test_a_batch_with_a_record_twice_is_not_begun(journal: Journal, cdr: Make) -> None:
    with pytest.raises(UsageError, match="twice"):
        journal.begin_batch(HOUSE, "me", [cdr(1), cdr(1, infra="E-LAAD")])
    assert kinds(journal, [cdr(1)]) == [StateKind.NOT_SENT]


def test_a_refused_record_may_be_mended_and_sent(journal: Journal, cdr: Make) -> None:
    batch = journal.begin_batch(HOUSE, "me", [cdr(1)])
    journal.refuse(batch, 7, "volume is not plausible")
    state = journal.states(HOUSE, [("elaad", "1")])["elaad", "1"]
    assert (state.kind, state.reason) == (StateKind.REFUSED, "volume is not plausible")
    mended = cdr(1, volume="1,0000")
    journal.confirm(journal.begin_batch(HOUSE, "me", [mended]))
    assert kinds(journal, [mended]) == [StateKind.CONFIRMED]
    assert journal.record(HOUSE, ("elaad", "1")) == mended
    assert journal.batch(batch).rows == [cdr(1)]


def test_what_never_left_is_as_before(journal: Journal, cdr: Make) -> None:
    refused = journal.begin_batch(HOUSE, "me", [cdr(1)])
    journal.refuse(refused, 7, "why")
    batch = journal.begin_batch(HOUSE, "me", [cdr(1, volume="2,0000"), cdr(2)])
    journal.abandon(batch, "no connection")
    assert kinds(journal, [cdr(1), cdr(2)]) == [StateKind.REFUSED, StateKind.NOT_SENT]
    state = journal.states(HOUSE, [("elaad", "1")])["elaad", "1"]
    assert (state.reason, state.fingerprint, state.batch) == ("why", record_fingerprint(cdr(1)), refused)
    assert journal.record(HOUSE, ("elaad", "1")) == cdr(1)
    assert [action.outcome for action in Actions(journal._db).history()] == [Outcome.NEVER_SENT, Outcome.REFUSED]
    with pytest.raises(StoreError):
        journal.confirm(batch)


def test_an_unconfirmed_batch_is_sent_again_as_it_is(journal: Journal, cdr: Make) -> None:
    rows = [cdr(1), cdr(2)]
    batch = journal.begin_batch(HOUSE, "me", rows)
    journal.unconfirmed(batch, "timed out")
    (unsettled,) = journal.unsettled(HOUSE, "me")
    assert (unsettled.id, unsettled.rows, unsettled.answer) == (batch, rows, "timed out")
    assert journal.unsettled(HOUSE, "somebody else") == []
    assert [one.id for one in journal.unsettled()] == [batch]
    again = journal.begin_again(batch)
    assert (again.rows, again.attempts) == (rows, 2)
    with pytest.raises(UsageError):
        journal.begin_again(batch)
    journal.abandon(batch)
    assert kinds(journal, rows) == [StateKind.UNCONFIRMED] * 2
    journal.begin_again(batch)
    journal.confirm(batch, "already received")
    assert kinds(journal, rows) == [StateKind.CONFIRMED] * 2
    assert journal.unsettled() == []


def test_an_unconfirmed_batch_is_settled_by_halves(journal: Journal, cdr: Make) -> None:
    rows = [cdr(number) for number in range(4)]
    whole = journal.begin_batch(HOUSE, "me", rows)
    journal.unconfirmed(whole, "timed out")
    first = journal.begin_batch(HOUSE, "me", rows[:2], settles=whole)
    journal.confirm(first, "already received")
    (left,) = journal.unsettled(HOUSE)
    assert (left.id, left.rows) == (whole, rows[2:])
    second = journal.begin_batch(HOUSE, "me", rows[2:], settles=whole)
    assert journal.unsettled(HOUSE) == []
    assert journal.batch(whole).state is BatchState.DIVIDED
    journal.abandon(second)
    (left,) = journal.unsettled(HOUSE)
    assert (left.id, left.rows) == (whole, rows[2:])
    second = journal.begin_batch(HOUSE, "me", rows[2:], settles=whole)
    journal.unconfirmed(second, "timed out again")
    (left,) = journal.unsettled(HOUSE)
    assert (left.id, left.parent, left.rows) == (second, whole, rows[2:])
    third = journal.begin_batch(HOUSE, "me", rows[2:3], settles=second)
    journal.refuse(third, 5, "not one of ours")
    fourth = journal.begin_batch(HOUSE, "me", rows[3:], settles=second)
    journal.confirm(fourth)
    assert journal.unsettled() == []
    assert kinds(journal, rows) == [
        StateKind.CONFIRMED,
        StateKind.CONFIRMED,
        StateKind.REFUSED,
        StateKind.CONFIRMED,
    ]


def test_a_part_with_other_content_settles_nothing(journal: Journal, cdr: Make) -> None:
    whole = journal.begin_batch(HOUSE, "me", [cdr(1)])
    journal.unconfirmed(whole, "timed out")
    with pytest.raises(UsageError):
        journal.begin_batch(HOUSE, "me", [cdr(1, volume="9,0000")], settles=whole)


def test_what_an_ended_program_left_is_unconfirmed(tmp_path: Path, cdr: Make) -> None:
    first = Database(tmp_path / "store.sqlite")
    batch = Journal(first).begin_batch(HOUSE, "me", [cdr(1)])
    second = Database(tmp_path / "store.sqlite")
    journal = Journal(second)
    assert journal.unsettled() == []
    first.close()
    (left,) = journal.unsettled()
    assert (left.id, left.state) == (batch, BatchState.UNCONFIRMED)
    assert "before the clearing house answered" in left.answer
    assert Actions(journal._db).history()[0].outcome is Outcome.UNCONFIRMED
    second.close()


def test_held_back_records_stay_marked_and_may_go_later(journal: Journal, cdr: Make) -> None:
    journal.confirm(journal.begin_batch(HOUSE, "me", [cdr(1)]))
    assert journal.hold_back(HOUSE, [cdr(1), cdr(2), cdr(3)], "no end") == 2
    assert kinds(journal, [cdr(1), cdr(2), cdr(3)]) == [
        StateKind.CONFIRMED,
        StateKind.HELD_BACK,
        StateKind.HELD_BACK,
    ]
    assert journal.record(HOUSE, ("elaad", "2")) is None
    refused = journal.begin_batch(HOUSE, "me", [cdr(4)])
    journal.refuse(refused, 3, "no")
    journal.hold_back_refused(refused, "the house refuses it")
    assert journal.forget_held(HOUSE, [("elaad", "1"), ("elaad", "2"), ("elaad", "4")]) != []
    assert kinds(journal, [cdr(1), cdr(2)]) == [StateKind.CONFIRMED, StateKind.NOT_SENT]
    assert kinds(journal, [cdr(4)]) == [StateKind.HELD_BACK], "what the house refused stays known"
    journal.confirm(journal.begin_batch(HOUSE, "me", [cdr(2), cdr(3)]))
    assert kinds(journal, [cdr(2), cdr(3)]) == [StateKind.CONFIRMED] * 2


def test_verdicts_for_unknown_batches_are_refused(journal: Journal, cdr: Make) -> None:
    with pytest.raises(StoreError):
        journal.confirm(99)
    with pytest.raises(StoreError):
        journal.begin_again(99)
    batch = journal.begin_batch(HOUSE, "me", [cdr(1)])
    journal.confirm(batch)
    journal.confirm(batch)
    with pytest.raises(StoreError):
        journal.unconfirmed(batch, "too late")


def test_a_verdict_that_cannot_be_written_leaves_the_batch_to_be_settled(db: Database, cdr: Make) -> None:
    journal = Journal(db)
    batch = journal.begin_batch(HOUSE, "me", [cdr(1)])
    with db.read() as c:
        c.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        journal.confirm(batch)
    with pytest.raises(StoreError):
        journal.begin_batch(HOUSE, "me", [cdr(2)])
    with db.read() as c:
        c.execute("PRAGMA query_only = OFF")
    assert kinds(journal, [cdr(1), cdr(2)]) == [StateKind.UNCONFIRMED, StateKind.NOT_SENT]
    assert [one.id for one in journal.unsettled(HOUSE)] == [batch]


def test_odd_texts_are_kept_as_they_are(journal: Journal, cdr: Make) -> None:
    rows = [cdr("a'; DROP TABLE cdrs;--"), cdr("\x00\x1f\n"), cdr("ünï—🔌", infra="Blue\u00a0Corner"), cdr("\udc80")]
    batch = journal.begin_batch(HOUSE, "me", rows)
    assert journal.batch(batch).rows == rows
    journal.unconfirmed(batch, "odd answer \udc80")
    assert kinds(journal, rows) == [StateKind.UNCONFIRMED] * 4
    assert [journal.record(HOUSE, key_of(row)) for row in rows] == rows


def test_states_of_many_records_at_once(journal: Journal, cdr: Make) -> None:
    rows = [cdr(number, infra=f"partner {number % 3}") for number in range(3000)]
    journal.confirm(journal.begin_batch(HOUSE, "me", rows[:2000]))
    assert kinds(journal, rows) == [StateKind.CONFIRMED] * 2000 + [StateKind.NOT_SENT] * 1000


def test_the_history_is_searched_in_every_language(db: Database) -> None:
    actions = Actions(db)
    actions.record(ActionKind.CLEAR, HOUSE, "ADMIN", Outcome.REFUSED, code=3, answer="Überschritten")
    actions.record(ActionKind.DOWNLOAD_LIST, HOUSE, "me", Outcome.DONE, count=12, details={"file": "Höhe.xlsx"})
    assert [action.code for action in actions.history(text="überSCHRITTEN")] == [3]
    assert [action.count for action in actions.history(text="höhe")] == [12]
    assert [action.user for action in actions.history(kind=ActionKind.CLEAR)] == ["ADMIN"]
    assert len(actions.history(house=HOUSE, limit=1)) == 1
    assert actions.history(house="elsewhere") == []


def test_every_kind_and_outcome_has_a_word() -> None:
    assert all(one.title() for group in (ActionKind, Outcome, StateKind) for one in group)


def test_what_was_given_up_without_a_verdict_is_unconfirmed(journal: Journal, cdr: Make) -> None:
    batch = journal.begin_batch(HOUSE, "me", [cdr(1)], upload="u1")
    assert journal.unsettled(HOUSE) == []
    journal.let_go(batch)
    assert kinds(journal, [cdr(1)]) == [StateKind.UNCONFIRMED]
    part = journal.begin_batch(HOUSE, "me", [cdr(1)], settles=batch)
    assert journal.batch(part).upload == "u1"


def test_a_part_taken_now_proves_that_the_unanswered_request_was_not_stored(journal: Journal, cdr: Make) -> None:
    rows = [cdr(number) for number in range(4)]
    whole = journal.begin_batch(HOUSE, "me", rows)
    journal.unconfirmed(whole, "no answer")
    assert not journal.never_stored(whole)
    first = journal.begin_batch(HOUSE, "me", rows[:2], settles=whole)
    journal.unconfirmed(first, "Error 1", code=1)
    assert not journal.never_stored(first)
    second = journal.begin_batch(HOUSE, "me", rows[2:], settles=whole)
    journal.confirm(second, "already received", code=2)
    assert not journal.never_stored(first), "what was there before proves nothing"
    left = journal.begin_batch(HOUSE, "me", rows[:1], settles=first)
    right = journal.begin_batch(HOUSE, "me", rows[1:2], settles=first)
    journal.unconfirmed(left, "Error 1", code=1)
    assert not journal.never_stored(left)
    journal.confirm(right, "taken")
    assert journal.never_stored(left)
    journal.refuse(left, 1, "Error 1")
    assert kinds(journal, rows) == [StateKind.REFUSED, *[StateKind.CONFIRMED] * 3]


def test_an_unanswered_sending_after_the_proof_needs_a_new_one(journal: Journal, cdr: Make) -> None:
    whole = journal.begin_batch(HOUSE, "me", [cdr(1), cdr(2)])
    journal.unconfirmed(whole, "no answer")
    journal.confirm(journal.begin_batch(HOUSE, "me", [cdr(1)], settles=whole))
    journal.begin_again(whole)
    journal.unconfirmed(whole, "no answer again")
    journal.begin_again(whole)
    journal.unconfirmed(whole, "Error 1", code=1)
    assert not journal.never_stored(whole)


def test_a_refused_record_is_held_back_until_its_content_changes(journal: Journal, cdr: Make) -> None:
    batch = journal.begin_batch(HOUSE, "me", [cdr(1)])
    journal.refuse(batch, 1, "Error 1")
    assert journal.hold_back_refused(batch, "the house refuses it: Error 1") == 1
    state = journal.states(HOUSE, [("elaad", "1")])["elaad", "1"]
    assert (state.kind, state.batch) == (StateKind.HELD_BACK, batch)
    journal.confirm(journal.begin_batch(HOUSE, "me", [cdr(1, volume="1,0000")]))


def test_a_part_that_never_left_is_still_to_be_settled_when_the_rest_is(journal: Journal, cdr: Make) -> None:
    """Another program was answered for the rest of the batch while a part of it was begun here."""
    rows = [cdr(number) for number in range(4)]
    whole = journal.begin_batch(HOUSE, "me", rows)
    journal.unconfirmed(whole, "no answer")
    part = journal.begin_batch(HOUSE, "me", rows[:2], settles=whole)
    assert journal.begin_again(whole).rows == rows[2:]
    journal.confirm(whole, "stored")
    journal.abandon(part, "no connection")
    assert kinds(journal, rows) == [StateKind.UNCONFIRMED] * 2 + [StateKind.CONFIRMED] * 2
    assert [(batch.id, batch.rows) for batch in journal.unsettled()] == [(part, rows[:2])]
    assert journal.begin_again(part).rows == rows[:2]
    journal.confirm(part, "stored")
    assert kinds(journal, rows) == [StateKind.CONFIRMED] * 4


def test_what_an_older_program_wrote_for_each_record_goes_on_with_its_batch(journal: Journal, cdr: Make) -> None:
    """It was running when the store was brought to version 2, and ended before its answer came."""
    rows = [cdr(number) for number in range(3)]
    batch = journal.begin_batch(HOUSE, "me", rows)
    with journal._db.write() as c:
        c.execute("UPDATE cdrs SET state = 'sending', reason = '', at = '2026-10-01' WHERE batch = ?", (batch,))
    journal.unconfirmed(batch, "no answer")
    assert kinds(journal, rows) == [StateKind.UNCONFIRMED] * 3
    journal.begin_again(batch)
    journal.confirm(batch, "stored")
    assert kinds(journal, rows) == [StateKind.CONFIRMED] * 3


def test_a_verdict_and_the_next_batch_are_one_step(journal: Journal, cdr: Make) -> None:
    rows = [cdr(1), cdr(2)]
    first = journal.begin_batch(HOUSE, "me", rows[:1])
    told = Verdict(first, BatchState.CONFIRMED, 0, "fine")
    with pytest.raises(UsageError):
        journal.begin_batch(HOUSE, "me", [rows[1], rows[1]], verdict=told)
    with pytest.raises(UsageError):
        journal.begin_batch(HOUSE, "me", [rows[0]], verdict=told)
    assert kinds(journal, rows) == [StateKind.SENDING, StateKind.NOT_SENT], "nothing of a step that failed is kept"
    second = journal.begin_batch(HOUSE, "me", rows[1:], verdict=told)
    assert kinds(journal, rows) == [StateKind.CONFIRMED, StateKind.SENDING]
    assert journal.unsettled() == []
    journal.let_go(second)
    assert [batch.id for batch in journal.unsettled()] == [second]


def test_a_batch_that_is_withdrawn_has_never_been(journal: Journal, cdr: Make) -> None:
    row = cdr(1)
    refused = journal.begin_batch(HOUSE, "me", [row])
    journal.refuse(refused, 3, "no")
    before = Actions(journal._db).history()
    journal.withdraw(journal.begin_batch(HOUSE, "me", [row, cdr(2)]))
    assert kinds(journal, [row, cdr(2)]) == [StateKind.REFUSED, StateKind.NOT_SENT]
    assert Actions(journal._db).history() == before
    with pytest.raises(StoreError):
        journal.withdraw(refused)


@pytest.mark.parametrize(
    "texts",
    [
        ["plain", "", "ümläut € 😀"],
        ['"],["', '"', "],["],
        ['ends with "],[', '"],["', "x"],
        ["\\", '\\"', "\n\r\t\x1f\u2028"],
        ["\ud800", "\udcff", "\\ud800"],
    ],
)
def test_lines_that_are_made_together_are_those_made_one_by_one(texts: list[str]) -> None:
    rows = [tuple(texts), tuple(reversed(texts)), ("", "", ""), tuple(texts)]
    assert lines(rows) == [line(row) for row in rows]
    assert lines([]) == []
    assert lines(rows[:1]) == [line(rows[0])]


def test_records_that_are_known_already_are_found_when_others_are_new(journal: Journal, cdr: Make) -> None:
    old, new = [cdr(number) for number in range(3)], [cdr(number) for number in range(10, 13)]
    journal.hold_back(HOUSE, old[:1], "wrong")
    journal.refuse(journal.begin_batch(HOUSE, "me", old[1:2]), 1, "no")
    batch = journal.begin_batch(HOUSE, "me", [*new, *old])
    assert kinds(journal, [*new, *old]) == [StateKind.SENDING] * 6
    journal.abandon(batch, "never left")
    kept = [StateKind.NOT_SENT] * 3 + [StateKind.HELD_BACK, StateKind.REFUSED, StateKind.NOT_SENT]
    assert kinds(journal, [*new, *old]) == kept
    journal.confirm(journal.begin_batch(HOUSE, "me", old[2:]))
    before = len(journal.unsettled())
    with pytest.raises(UsageError):
        journal.begin_batch(HOUSE, "me", [*new, *old])
    assert kinds(journal, [*new, *old]) == [*kept[:5], StateKind.CONFIRMED]
    assert len(journal.unsettled()) == before
