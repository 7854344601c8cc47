"""The commands about CDRs: upload with culprit and receipt, settle, overview, history, with their exit codes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ochp_desktop.paths import resource
from ochp_desktop.practice import samples
from ochp_desktop.records.cdrs import CDRS

from .conftest import Desk, House

CARDS = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))
BEGAN = datetime(2025, 9, 20, 8, tzinfo=UTC)


def write(path: Path, count: int, prefix: str) -> Path:
    starts = [BEGAN + timedelta(minutes=9 * number) for number in range(count)]
    rows = samples.cdrs(samples.OWN, samples.LADENETZ, CARDS, starts, prefix)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([CDRS.names, *rows])
    return path


def running(tmp_path: Path, use: Callable[[Desk], None], scenario: str = "") -> None:
    house = House(tmp_path / "house", *(["--scenario", scenario] if scenario else []))
    try:
        use(Desk(tmp_path / "desk", house.url, house.account("provider")))
    finally:
        house.stop()


def test_several_files_a_culprit_a_receipt(tmp_path: Path) -> None:
    files = [write(tmp_path / "a.csv", 3, "A-"), write(tmp_path / "b.csv", 4, "B-")]

    def use(desk: Desk) -> None:
        receipt = tmp_path / "receipt.pdf"
        ran = desk.ask("cdrs", "upload", *files, "--find-culprit", "--receipt", receipt)
        assert ran.code == 1
        assert (ran.json["confirmed"], ran.json["held_back"], ran.json["refused"]) == (6, 1, 0)
        assert [one["cdrId"] for one in ran.json["culprits"]] == ["B-000002"]
        assert receipt.read_bytes().startswith(b"%PDF")
        overview = desk.ask("cdrs", "overview").json
        assert overview["month"] == "2025-09"
        assert overview["total"]["confirmed"]["records"] == 6
        assert overview["total"]["held-back"]["records"] == 1
        (entry,) = desk.run("cdrs", "history", "b.csv", "--json").json["entries"]
        assert (entry["records"], entry["details"]["files"]) == (7, ["a.csv", "b.csv"])
        ran = desk.run("cdrs", "receipt", entry["upload"][:12], tmp_path / "r.xlsx", "--json")
        assert (ran.code, ran.json["records"]) == (0, 7)
        assert desk.run("cdrs", "receipt", "nothing", tmp_path / "r.xlsx").code == 2

    running(tmp_path, use, "refuse-cdr:B-000002")


def test_unconfirmed_then_settled(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", 3, "A-")

    def use(desk: Desk) -> None:
        assert desk.ask("cdrs", "upload", file).code == 4
        assert desk.ask("cdrs", "upload", file).code == 4
        ran = desk.ask("cdrs", "settle")
        assert (ran.code, ran.json["confirmed"]) == (0, 3)
        assert desk.ask("cdrs", "settle").json == {
            "confirmed": 0,
            "refused": 0,
            "unconfirmed": 0,
            "reasons": [],
            "stopped": "",
        }
        # Confirmed earlier: our own check refuses it, with the date.
        ran = desk.ask("cdrs", "upload", file)
        assert ran.code in {0, 1}

    running(tmp_path, use, "store-then-drop")


def test_what_people_were_told_is_noted(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", 3, "A-")

    def use(desk: Desk) -> None:
        assert desk.ask("cdrs", "upload", file).code == 4
        ran = desk.ask("cdrs", "settle", "--told-not-there", "Ms Visser, by phone")
        assert (ran.code, ran.json["refused"]) == (1, 3)
        assert desk.ask("cdrs", "upload", file).code == 0

    running(tmp_path, use, "drop-before-storing")


def test_wrong_use(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", "http://127.0.0.1:1/ochp", {"user": "x", "password": "y-secret"})
    assert desk.ask("cdrs", "overview", "--month", "October").code == 2
    assert desk.ask("cdrs", "upload").code == 2
    assert desk.ask("cdrs", "settle", "--by-halves", "--told-there", "me").code == 2
    assert desk.run("cdrs", "history").code == 0


def test_what_left_the_file_is_not_held_back_any_more(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", 4, "A-")
    other = write(tmp_path / "b.csv", 2, "B-")

    def spoil(path: Path, *cdr_ids: str, without: str = "") -> None:
        with path.open(newline="", encoding="utf-8") as opened:
            rows = [row for row in csv.reader(opened) if row[0] != without]
        volume = CDRS.index("volume")
        spoiled = [[*row[:volume], "much", *row[volume + 1 :]] if row[0] in cdr_ids else row for row in rows]
        with path.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(spoiled)

    def use(desk: Desk) -> None:
        def held() -> int:
            total = desk.ask("cdrs", "overview").json["total"]
            return int(total.get("held-back", {"records": 0})["records"])

        spoil(file, "A-000001", "A-000002")
        spoil(other, "B-000001")
        ran = desk.ask("cdrs", "upload", file, other, "--hold-back")
        assert (ran.code, ran.json["confirmed"], ran.json["held_back"]) == (1, 3, 3)
        assert held() == 3
        spoil(file, without="A-000001")
        assert desk.ask("cdrs", "upload", file, "--hold-back").code == 1
        assert held() == 2, "only what left this file"
        spoil(file, without="A-000002")
        desk.ask("cdrs", "upload", file)
        assert held() == 1
        spoil(other, without="B-000001")
        desk.ask("cdrs", "upload", file, other)
        assert held() == 0

    running(tmp_path, use)


def test_columns_that_the_house_has_no_place_for_are_named(tmp_path: Path) -> None:
    text = resource("wsdl", "ochp-0.1.wsdl").read_text(encoding="utf-8")
    wsdl = tmp_path / "without.wsdl"
    wsdl.write_text(text.replace('<xsd:element name="evseId"', '<xsd:element name="other"'), encoding="utf-8")

    def use(desk: Desk) -> None:
        file = write(tmp_path / "a.csv", 2, "A-")
        assert desk.ask("cdrs", "upload", file, "--wsdl", wsdl).json["columns_left_out"] == ["EVSE id"]
        file = write(tmp_path / "b.csv", 2, "B-")
        where = ["--endpoint", desk.url, "--user", desk.account["user"], "--password-stdin", "--wsdl", wsdl]
        said = desk.run("cdrs", "upload", file, *where, stdin=desk.account["password"]).out
        assert said.index("The house has no place for the column EVSE id") < said.index("2 confirmed")
        file = write(tmp_path / "c.csv", 2, "C-")
        assert desk.ask("cdrs", "upload", file).json["columns_left_out"] == []

    running(tmp_path, use)
