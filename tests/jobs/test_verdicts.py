"""Refusals of many houses are read as what they say, and as nothing more."""

from __future__ import annotations

import pytest

from ochp_desktop.jobs.verdicts import Reading, read_refusal, says_all_received


@pytest.mark.parametrize(
    "reason",
    [
        "already received: all 3. Every record of this request is here with the same content.",
        "already received: all 3. Jeder Datensatz dieser Anfrage liegt hier vor.",
    ],
)
def test_the_protocols_own_words_count_for_the_whole_request(reason: str) -> None:
    assert read_refusal(reason, 3) is Reading.ALL_THERE
    assert says_all_received(reason, 3)
    assert read_refusal(reason, 4) is Reading.SOME_THERE
    assert not says_all_received(reason, 2)


@pytest.mark.parametrize(
    "reason",
    [
        "ORA-00001: unique constraint (ECHS.CDR_UK) violated",
        "Duplicate entry 'X-1' for key 'cdr_id'",
        'duplicate key value violates unique constraint "cdr_pk"',
        "CDR X-1 already exists",
        "CDR has already been processed",
        "409 Conflict: record exists already",
        "Der Datensatz ist bereits vorhanden",
        "CDR reeds ontvangen",
        "CDR déjà reçu",
        "already received: 1 of 3. One of the records is here.",
    ],
)
def test_a_duplicate_means_one_record_alone_and_any_of_several(reason: str) -> None:
    assert read_refusal(reason, 1) is Reading.ALL_THERE
    assert read_refusal(reason, 3) is Reading.SOME_THERE
    assert not says_all_received(reason, 1)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "Error 1",
        "The period is closed",
        "Contract has expired",
        "no duplicate check possible, try later",
        "CDR X-1 (record 1) is already here with other content: volume differ. Nothing was stored.",
        "Duplicate CDR id with different content",
        "CDR ist bereits vorhanden, aber mit anderem Inhalt",
        "Too many requests",
        "all records received, but record 2 is invalid",
    ],
)
def test_everything_else_tells_neither(reason: str) -> None:
    assert read_refusal(reason, 1) is Reading.OTHER
    assert read_refusal(reason, 3) is Reading.OTHER
