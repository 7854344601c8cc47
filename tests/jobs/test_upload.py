"""Uploads: states as they go, pause and cancel, culprits by halves, difference, receipt, overview, history."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError, UsageError
from ochp_desktop.jobs.find_culprit import explanation, find_culprit
from ochp_desktop.jobs.history import Outcome, history
from ochp_desktop.jobs.job import Cancel, Progress, run
from ochp_desktop.jobs.month_overview import month_overview
from ochp_desktop.jobs.receipt_files import save_receipt
from ochp_desktop.jobs.receipts import cdr_receipt
from ochp_desktop.jobs.settle import settle
from ochp_desktop.jobs.upload_cdrs import StateKind, known_states, upload_cdrs
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.spreadsheet.read import read_table

from .conftest import Desk, Row

Make = Callable[[int], list[tuple[int, Row]]]
CONFIRMED, HELD, REFUSED = StateKind.CONFIRMED, StateKind.HELD_BACK, StateKind.REFUSED


def test_progress_tells_records_and_bytes(cdr_desk: Desk, own_records: Make) -> None:
    told = []
    run(upload_cdrs(cdr_desk.place, own_records(9), Cancel()), told.append)
    assert any("kB" in progress.text for progress in told)
    numbers = [progress.done for progress in told if progress.total]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 9
    kinds = [{state.kind for state in progress.states.values()} for progress in told if progress.states]
    assert kinds[0] == {StateKind.SENDING}
    assert kinds[-1] == {CONFIRMED}


def test_a_verdict_is_told_when_it_stands_in_the_journal(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(18)
    told_confirmed: set[int] = set()

    def look(told: Progress) -> None:
        rows = {row for row, state in told.states.items() if state.kind is CONFIRMED}
        told_confirmed.update(rows)
        assert set(cdr_desk.kinds([record for record in records if record[0] in rows])) <= {CONFIRMED}

    assert run(upload_cdrs(cdr_desk.place, records, Cancel()), look).counts == {CONFIRMED: 18}
    assert len(told_confirmed) >= 12


def test_a_paused_upload_rests_between_batches(cdr_desk: Desk, own_records: Make) -> None:
    cancel = Cancel()
    resting, ended = threading.Event(), threading.Event()
    cancel.pause()

    def work() -> None:
        run(upload_cdrs(cdr_desk.place, own_records(8), cancel), lambda told: resting.set() if told.total else None)
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert resting.wait(20)
    assert cdr_desk.at_the_house() == []
    cancel.resume()
    assert ended.wait(20)
    thread.join()
    assert len(cdr_desk.at_the_house()) == 8


def test_nothing_stands_as_on_its_way_while_paused(cdr_desk: Desk, own_records: Make) -> None:
    """The second batch was written down while the house worked on the first; the pause takes it back."""
    records = own_records(8)
    cancel = Cancel()
    seen: list[list[StateKind]] = []
    shown: dict[int, StateKind] = {}

    def look(told: Progress) -> None:
        shown.update({row: state.kind for row, state in told.states.items()})
        if told.done == 4 and not seen:
            cancel.pause()
        if "Paused" in told.text:
            assert list(shown.values()) == [CONFIRMED] * 4
            seen.append(cdr_desk.kinds(records))
            cancel.resume()

    assert run(upload_cdrs(cdr_desk.place, records, cancel), look).counts == {CONFIRMED: 8}
    assert seen == [[CONFIRMED] * 4 + [StateKind.NOT_SENT] * 4]
    (entry,) = history(cdr_desk.place)
    assert (entry.requests, entry.outcome) == (2, Outcome.DONE), "what was taken back has never been"


def test_a_journal_that_cannot_be_written_stops_the_next_batch_and_keeps_the_verdict(
    cdr_desk: Desk, own_records: Make
) -> None:
    records = own_records(8)
    with cdr_desk.place.database.write() as c:
        c.execute(
            "CREATE TRIGGER full BEFORE INSERT ON batches WHEN (SELECT count(*) FROM batches) > 0 "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(StoreError):
        run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert cdr_desk.kinds(records) == [CONFIRMED] * 4 + [StateKind.NOT_SENT] * 4
    assert len(cdr_desk.at_the_house()) == 4
    with cdr_desk.place.database.write() as c:
        c.execute("DROP TRIGGER full")
    assert run(upload_cdrs(cdr_desk.place, records, Cancel())).counts == {CONFIRMED: 8}


def test_what_another_program_sends_meanwhile_stops_the_upload_and_what_is_done_is_told(
    cdr_desk: Desk, own_records: Make
) -> None:
    records = own_records(12)
    house = cdr_desk.place.connected().house
    other = Workplace.open(cdr_desk.place.data_dir)
    sent: list[int] = []

    def send_one(_told: Progress) -> None:
        if not sent:
            sent.append(other.journal.begin_batch(house, "other", [records[6][1]], upload="other"))

    result = run(upload_cdrs(cdr_desk.place, records, Cancel()), send_one)
    other.close()
    assert result.counts == {CONFIRMED: 4, StateKind.NOT_SENT: 8}
    assert result.stopped
    assert len(cdr_desk.at_the_house()) == 4


def test_stopping_ends_a_pause(cdr_desk: Desk, own_records: Make) -> None:
    cancel = Cancel()
    cancel.pause()
    job = upload_cdrs(cdr_desk.place, own_records(8), cancel)
    while not next(job).total:
        pass
    cancel.set()
    cancel.pause()
    done = run(job)
    assert done.stopped
    assert done.counts == {StateKind.NOT_SENT: 8}
    assert cdr_desk.at_the_house() == []


def test_cut_off_within_a_batch_it_is_unconfirmed(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(8)
    cancel = Cancel()
    cdr_desk.house.set_scenario("slow:60")
    job = upload_cdrs(cdr_desk.place, records, cancel)
    with cdr_desk.place.connected().stoppable(Cancel()) as client:
        cdr_desk.house.set_scenario(None)
        client.sign_in()
    cdr_desk.house.set_scenario("slow:60")
    for progress in job:
        if "kB" in progress.text:
            cancel.set()
    cdr_desk.house.set_scenario(None)
    assert cdr_desk.kinds(records) == [StateKind.UNCONFIRMED] * 4 + [StateKind.NOT_SENT] * 4
    run(settle(cdr_desk.place, Cancel()))
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert cdr_desk.kinds(records) == [CONFIRMED] * 8
    assert len(cdr_desk.at_the_house()) == 8


def test_cut_off_where_requests_leave_at_once_it_is_unconfirmed_as_well(cdr_desk: Desk, own_records: Make) -> None:
    """No thread of its own waits for the second answer then: a stop must wake the job's."""
    records = own_records(12)
    cancel = Cancel()

    def stop_once_it_waits() -> None:
        # While the house is at work on the second batch, the third stands in the journal already.
        while cdr_desk.kinds(records[8:]) != [StateKind.SENDING] * 4:
            pass
        cancel.set()

    stopper = threading.Thread(target=stop_once_it_waits)
    beside = []

    def look(told: Progress) -> None:
        beside.append("ochp-background" in {thread.name for thread in threading.enumerate()})
        if told.done == 4 and "kB" not in told.text and not stopper.ident:
            cdr_desk.house.set_scenario("slow:60")
            stopper.start()

    done = run(upload_cdrs(cdr_desk.place, records, cancel), look)
    stopper.join()
    cdr_desk.house.set_scenario(None)
    assert beside[0] is False
    assert beside[-1] is False
    assert done.stopped
    assert cdr_desk.kinds(records) == [CONFIRMED] * 4 + [StateKind.UNCONFIRMED] * 4 + [StateKind.NOT_SENT] * 4
    run(settle(cdr_desk.place, Cancel()))
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert cdr_desk.kinds(records) == [CONFIRMED] * 12
    assert len(cdr_desk.at_the_house()) == 12


def test_the_culprit_is_found_and_the_rest_is_sent(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(10)
    bad = records[5][1][0]
    cdr_desk.house.set_scenario(f"refuse-cdr:{bad}")
    done = run(upload_cdrs(cdr_desk.place, records, Cancel(), details={"files": ["november.xlsx"]}))
    assert done.counts == {CONFIRMED: 6, REFUSED: 4}
    assert "halves" in explanation(4)
    found = run(find_culprit(cdr_desk.place, records, Cancel()))
    assert found.culprits == [105]
    assert found.counts == {CONFIRMED: 3, HELD: 1}
    assert "Error 1" in found.states[105].reason
    assert cdr_desk.kinds(records) == [CONFIRMED] * 5 + [HELD] + [CONFIRMED] * 4
    assert len(cdr_desk.at_the_house()) == 9
    assert run(upload_cdrs(cdr_desk.place, records, Cancel())).counts == {CONFIRMED: 9, HELD: 1}
    (entry,) = history(cdr_desk.place, "november")
    assert (entry.count, entry.outcome) == (10, Outcome.REFUSED)
    assert entry.states == {CONFIRMED: 9, HELD: 1}
    mended = [(105, (*records[5][1][:4], "7,0000", *records[5][1][5:]))]
    cdr_desk.house.set_scenario(None)
    assert run(upload_cdrs(cdr_desk.place, mended, Cancel())).counts == {CONFIRMED: 1}


def test_a_crash_in_the_search_is_settled(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(4)
    cdr_desk.house.set_scenario(f"refuse-cdr:{records[0][1][0]}")
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    cdr_desk.house.set_scenario("store-then-drop")
    found = run(find_culprit(cdr_desk.place, records, Cancel()))
    assert found.stopped
    cdr_desk.house.set_scenario(f"refuse-cdr:{records[0][1][0]}")
    run(settle(cdr_desk.place, Cancel(), by_halves=True))
    assert len(cdr_desk.at_the_house()) == len(set(cdr_desk.at_the_house()))


def test_what_the_house_had_already_is_confirmed(cdr_desk: Desk, own_records: Make) -> None:
    """The journal was lost, or another program had sent the very same."""
    records = own_records(3)
    cdr_desk.house.ledger.add_cdrs([[texts for _row, texts in records]])
    done = run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert done.counts == {CONFIRMED: 3}
    assert len(cdr_desk.at_the_house()) == 3


def test_other_content_under_a_sent_id_shows_both_contents(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(1)
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    old = records[0][1][4]
    state = known_states(cdr_desk.place, [(7, (*records[0][1][:4], "9,0000", *records[0][1][5:]))])[7]
    assert state.kind is HELD
    assert old in state.reason
    assert "9,0000" in state.reason


def test_rows_held_back_for_errors_are_counted_and_may_go_later(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(3)
    held = [(records[2][1], "End before start"), (("", *records[2][1][1:]), "no id")]
    run(upload_cdrs(cdr_desk.place, records[:2], Cancel(), held=held))
    overview = month_overview(cdr_desk.place)
    assert overview.total[CONFIRMED].count == 2
    assert overview.total[HELD].count == 1
    assert cdr_desk.kinds(records) == [CONFIRMED, CONFIRMED, StateKind.NOT_SENT]
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    assert HELD not in month_overview(cdr_desk.place).total


def test_the_overview_sums_by_partner_and_provider(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(200)
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    everything = month_overview(cdr_desk.place, "")
    assert everything.months == ["2025-09"]
    (line,) = everything.lines
    assert (line.infra, line.service) == (records[0][1][18], records[0][1][17])
    assert line.amount(CONFIRMED).count == 200
    volumes = sum(round(float(texts[4].replace(",", ".")) * 10_000) for _row, texts in records)
    assert int(line.amount(CONFIRMED).kwh * 10_000) == volumes
    assert month_overview(cdr_desk.place, "2024-01").lines == []


@pytest.mark.parametrize("scenario", [None, "store-then-drop"])
def test_the_receipt_tells_it_all(cdr_desk: Desk, own_records: Make, tmp_path: Path, scenario: str | None) -> None:
    records = own_records(6)
    cdr_desk.house.set_scenario(scenario)
    details = {
        "files": ["a.xlsx", "b.xlsx"],
        "accepted": [{"rule": "cdr.long", "what": "T-000001", "reason": "lorry"}],
    }
    done = run(upload_cdrs(cdr_desk.place, records, Cancel(), details=details))
    if scenario:
        run(settle(cdr_desk.place, Cancel()))
    receipt = cdr_receipt(cdr_desk.place, done.upload)
    count = 4 if scenario else 6
    assert [row[0] for row in receipt.rows] == [texts[0] for _row, texts in records[:count]]
    assert receipt.total(CONFIRMED).count == count
    assert receipt.files == ["a.xlsx", "b.xlsx"]
    assert [(one.rule, one.what, one.reason) for one in receipt.accepted] == [("cdr.long", "T-000001", "lorry")]
    assert len(receipt.fingerprint) == 64
    save_receipt(tmp_path / "r.pdf", receipt)
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    save_receipt(tmp_path / "r.xlsx", receipt)
    table = read_table(tmp_path / "r.xlsx")
    assert table.sheets == ["Receipt", "Sums", "Requests", "Accepted warnings", "Records"]
    assert any(receipt.fingerprint in row for row in table.rows)
    with pytest.raises(UsageError):
        save_receipt(tmp_path / "r.doc", receipt)
    with pytest.raises(UsageError):
        cdr_receipt(cdr_desk.place, "nothing")


def test_the_history_finds_uploads_by_a_records_id(cdr_desk: Desk, own_records: Make) -> None:
    records = own_records(9)
    run(upload_cdrs(cdr_desk.place, records[:5], Cancel()))
    run(upload_cdrs(cdr_desk.place, records, Cancel()))
    both = history(cdr_desk.place)
    assert [(entry.count, entry.requests, entry.outcome) for entry in both] == [
        (4, 1, Outcome.DONE),
        (5, 2, Outcome.DONE),
    ]
    assert history(cdr_desk.place, records[2][1][0]) == both[1:]
    assert history(cdr_desk.place, "no such thing") == []
    assert len(history(cdr_desk.place, "DONE")) == 2
