"""Wrong use, unreadable files and absent houses: each ends with its exit code and a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import TOP, Desk, House

SAMPLES = TOP / "resources" / "samples"


@pytest.fixture
def alone(tmp_path: Path) -> Desk:
    """Someone with no clearing house: nothing listens on this port."""
    return Desk(tmp_path / "desk", "http://127.0.0.1:9", {"user": "someone", "password": "s3cret-word"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["check"],
        ["check", "x.csv", "--kind", "cards"],
        ["practice", "--port", "99999"],
        ["practice", "--port", "-1"],
        ["tokens", "upload", "x.csv", "--allow-removals", "-5"],
        ["tokens"],
        ["check", "x.csv", "--today", "tomorrow"],
        ["check", "x.csv", "--timezone", "Mars/Olympus"],
        ["check", "no-such-file.xlsx"],
        ["tokens", "upload", str(SAMPLES / "tokens-small.csv")],
        ["tokens", "upload", str(SAMPLES / "tokens-small.csv"), "--profile", "nobody"],
        ["clear", "--endpoint", "ftp://example", "--user", "x", "--password-stdin"],
        ["partners", "remove", "nobody"],
    ],
)
def test_wrong_use_is_2(alone: Desk, arguments: list[str]) -> None:
    ran = alone.run(*arguments, stdin="x\n")
    assert ran.code == 2
    assert ran.err.strip()


def test_programs_are_told_what_was_used_wrongly(alone: Desk) -> None:
    ran = alone.run("cdrs", "upload", "--json")
    assert ran.code == 2
    assert "FILE" in ran.json["error"]["text"]


def test_a_file_that_is_no_table_is_2(alone: Desk, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 this is no workbook")
    ran = alone.run("check", bad, "--json")
    assert ran.code == 2
    assert ran.json["error"]["text"]


@pytest.mark.parametrize("command", [["tokens", "download", "x.csv"], ["clear"], ["cleared", "fetch"]])
def test_nobody_there_is_3(alone: Desk, command: list[str]) -> None:
    assert alone.ask(*command).code == 3


def test_nothing_sent_when_nobody_is_there(alone: Desk) -> None:
    assert alone.ask("cdrs", "upload", SAMPLES / "cdrs-small.csv").code == 3
    assert alone.ask("cdrs", "settle").code == 0, "nothing left this computer, so nothing is unconfirmed"


def test_wrong_password_is_3(desk: Desk) -> None:
    assert desk.ask("tokens", "download", "x.csv", password="wrong").code == 3


@pytest.mark.parametrize(
    ("command", "file"), [("tokens", "cdrs-small.csv"), ("tokens", "cdrs-november.xlsx"), ("cdrs", "tokens-small.csv")]
)
def test_a_file_of_the_other_kind_is_told_as_that_and_not_as_a_hundred_errors(
    alone: Desk, command: str, file: str
) -> None:
    ran = alone.ask(command, "upload", SAMPLES / file)
    assert ran.code == 2
    assert ran.json["error"]["title"] == "Another kind of record"


def test_how_long_a_sign_in_lasts_can_be_set(tmp_path: Path) -> None:
    house = House(tmp_path / "house", "--token-minutes", "0")
    try:
        ran = Desk(tmp_path / "desk", house.url, house.account("provider")).ask("tokens", "download", "x.csv")
        assert ran.code == 3, "each auth token has ended before it is used, also the one of the second sign-in"
    finally:
        house.stop()


def test_a_pin_is_never_printed(alone: Desk, tmp_path: Path) -> None:
    head = "evcoId,roamingHubId,tokenType,tokenId,printedNumber,expiryDate,pin,pinMandatory,tokenActivated,hash"
    (tmp_path / "t.csv").write_text(f"{head}\nNL-PLD-C00122045-K,2,1,04AB12CD,1,31/12/2031,98765x,1,1,\n", "utf-8")
    for options in ([], ["--json"]):
        ran = alone.run("check", tmp_path / "t.csv", *options)
        assert ran.code == 1
        assert "98765" not in ran.out + ran.err


@pytest.mark.parametrize("scenario", ["store-then-drop", "drop-before-storing", "store-then-garbage"])
def test_an_answer_that_never_came_is_settled_with_each_record_once(tmp_path: Path, scenario: str) -> None:
    house = House(tmp_path / "house", "--scenario", scenario)
    try:
        desk = Desk(tmp_path / "desk", house.url, house.account("provider"))
        up = desk.ask("cdrs", "upload", SAMPLES / "cdrs-small.csv")
        assert (up.code, up.json["unconfirmed"]) == (4, 20)
        blocked = desk.ask("cdrs", "upload", SAMPLES / "cdrs-november.xlsx", "--hold-back")
        assert blocked.code == 4
        settled = desk.ask("cdrs", "settle")
        assert (settled.code, settled.json["confirmed"], settled.json["unconfirmed"]) == (0, 20, 0)
        assert desk.ask("cdrs", "settle").json["confirmed"] == 0
    finally:
        house.stop()
