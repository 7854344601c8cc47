"""All three jobs as commands against the practice house: the list, the records, the cleared CDRs."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import TOP, Desk, House

SAMPLES = TOP / "resources" / "samples"


def test_roaming_list_goes_up_and_comes_down_equal(desk: Desk, tmp_path: Path) -> None:
    up = desk.ask("tokens", "upload", SAMPLES / "tokens-small.csv")
    assert (up.code, up.json["uploaded"], up.json["change"]["removed"]) == (0, 50, 0)

    down = desk.ask("tokens", "download", tmp_path / "down.csv")
    assert down.code == 0
    assert down.json["tokens"] == 50, "only our own: no partner is known yet"
    assert sum(down.json["left_out"].values()) > 0

    assert desk.run("convert", SAMPLES / "tokens-small.csv", tmp_path / "sent.csv").code == 0
    assert (tmp_path / "down.csv").read_text("utf-8-sig") == (tmp_path / "sent.csv").read_text("utf-8-sig")


def test_partners_tokens_come_once_the_partner_is_known(desk: Desk, house: House, tmp_path: Path) -> None:
    partner = house.account("partner")
    assert desk.run("partners", "add", partner["provider_id"]).code == 0
    down = desk.ask("tokens", "download", tmp_path / "down.xlsx")
    assert down.code == 0
    assert down.json["tokens"] > 0
    assert not set(partner["prefixes"]) & set(down.json["left_out"])


def test_a_list_that_takes_many_cards_away_is_refused_until_the_number_is_agreed(desk: Desk, tmp_path: Path) -> None:
    lines = (SAMPLES / "tokens-small.csv").read_text("utf-8-sig").splitlines(keepends=True)
    short = tmp_path / "short.csv"
    short.write_text("".join(lines[:26]), encoding="utf-8")
    assert desk.ask("tokens", "upload", SAMPLES / "tokens-small.csv").code == 0

    refused = desk.ask("tokens", "upload", short)
    assert refused.code == 1
    assert "25" in refused.json["error"]["text"]
    still = desk.ask("tokens", "download", tmp_path / "still.csv")
    assert still.json["tokens"] == 50

    assert desk.ask("tokens", "upload", short, "--allow-removals", "24").code == 1
    agreed = desk.ask("tokens", "upload", short, "--allow-removals", "25")
    assert (agreed.code, agreed.json["change"]["removed"]) == (0, 25)
    assert desk.ask("tokens", "download", tmp_path / "now.csv").json["tokens"] == 25


def test_a_list_on_a_new_computer_is_held_against_the_house(house: House, tmp_path: Path) -> None:
    """The first computer's journal is not there: what the house holds of our prefix counts."""
    account = house.account("provider")
    first = Desk(tmp_path / "first", house.url, account)
    assert first.ask("tokens", "upload", SAMPLES / "tokens-small.csv").code == 0
    lines = (SAMPLES / "tokens-small.csv").read_text("utf-8-sig").splitlines(keepends=True)
    (tmp_path / "short.csv").write_text("".join(lines[:11]), encoding="utf-8")
    second = Desk(tmp_path / "second", house.url, account)
    refused = second.ask("tokens", "upload", tmp_path / "short.csv")
    assert (refused.code, refused.json["change"]["removed"]) == (1, 40)


def test_records_go_up_are_cleared_and_come_back_with_their_pdf(
    desk: Desk, admin: Desk, house: House, tmp_path: Path
) -> None:
    up = desk.ask("cdrs", "upload", SAMPLES / "cdrs-small.csv")
    assert (up.code, up.json["confirmed"]) == (0, 20)
    again = desk.ask("cdrs", "upload", SAMPLES / "cdrs-small.csv")
    assert again.code == 1
    assert {problem["code"] for problem in again.json["problems"] if problem["level"] == "error"} == {
        "cdr-id.already-sent"
    }

    assert desk.ask("clear").code == 1, "only administrators start a clearing"
    assert admin.ask("clear").code == 0

    out, pdf = tmp_path / "cleared.xlsx", tmp_path / "statement.pdf"
    stranger = desk.ask("cleared", "fetch", "--out", out, "--pdf", pdf)
    assert (stranger.code, stranger.json["records"]) == (0, 0)
    left_out = stranger.json["left_out"]
    assert sum(left_out.values()) > 0
    for name in left_out:
        assert desk.run("partners", "add", name).code == 0
    fetched = desk.ask("cleared", "fetch", "--out", out, "--pdf", pdf)
    assert fetched.json["records"] == sum(left_out.values())
    assert not fetched.json["left_out"]
    assert pdf.read_bytes().startswith(b"%PDF")
    checked = desk.run("check", out, "--kind", "cdrs", "--json")
    assert checked.json["rows"] == fetched.json["records"]
    assert checked.json["errors"] == 0


def test_bad_records_are_held_back_and_good_ones_go(desk: Desk) -> None:
    sample = SAMPLES / "cdrs-november.xlsx"
    nothing = desk.ask("cdrs", "upload", sample)
    assert nothing.code == 1
    assert nothing.json["errors"] > 0
    some = desk.ask("cdrs", "upload", sample, "--hold-back")
    assert some.code == 1
    assert some.json["confirmed"] > 300
    assert some.json["held_back"] > 0
    assert some.json["refused"] == some.json["unconfirmed"] == 0


def test_sample_list_shows_its_damage_with_cells_and_repairs(desk: Desk, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    checked = desk.run("check", SAMPLES / "tokens-5000.xlsx", "--json", "--report", report)
    assert checked.code == 1
    found = checked.json
    assert (found["kind"], found["rows"]) == ("tokens", 5000)
    assert found["errors"] > 10
    assert all(
        set(problem) >= {"row", "cell", "field", "level", "code", "message", "value", "repair"}
        for problem in found["problems"]
    )
    assert any(problem["repair"] for problem in found["problems"])
    assert report.stat().st_size > 1000
    assert desk.ask("tokens", "upload", SAMPLES / "tokens-5000.xlsx").code == 1
