"""Uploading 10,000 CDRs in batches of 500 to the practice house: ours with a journal, a plain zeep script without.

All go to the same house, one after the other, in turn. Beside both stands the floor: a bare socket that sends bytes
made beforehand and waits for each answer. No program that waits for one answer before it sends the next can be quicker
than that, so floor and zeep together say how far above zeep anything can get.

Sent batches are measured in programs that already run, as the window is one; beside that stand whole programs, as a
scheduler would start them.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.upload_cdrs import StateKind, upload_cdrs
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.practice import samples
from ochp_desktop.protocol.codec import write_message
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store.journal import Journal

RECORDS, BATCH, RUNS = 10_000, 500, 5
TARGET = 4.0
JOURNAL_SHARE = 1 / 3
CARDS = samples.tokens(samples.LADENETZ, 200, date(2031, 1, 31))
START = datetime(2025, 9, 20, 8, tzinfo=UTC)


def records(prefix: str) -> list[tuple[str, ...]]:
    """CDRs of our own charge points for a partner, as they go on the wire."""
    starts = [START + timedelta(minutes=4 * number) for number in range(RECORDS)]
    return samples.cdrs(samples.OWN, samples.LADENETZ, CARDS, starts, prefix)


@contextmanager
def practice_house(folder: Path) -> Iterator[dict[str, Any]]:
    """A practice house in a process of its own; what it said when it was ready."""
    command = [sys.executable, "-m", "ochp_desktop", "practice", "--data", str(folder), "--until-stdin-closes"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


@dataclass
class Spent:
    """Seconds on the clock, and of this process's processors: those alone say something on a busy machine."""

    clock: float = 0.0
    processor: float = 0.0


@contextmanager
def measured() -> Iterator[Spent]:
    """What is spent inside."""
    spent = Spent()
    clock, processor = time.perf_counter(), time.process_time()
    yield spent
    spent.clock, spent.processor = time.perf_counter() - clock, time.process_time() - processor


class Ours:
    """Our program's own jobs: signed in, with its journal on the disk."""

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        account = next(user for user in said["users"] if user["role"] == "provider")
        self._place = Workplace.open(folder)
        profile = Profile(name="", endpoint=said["url"], user=account["user"], batch_size=BATCH, practice=True)
        self._place.connect(profile, account["password"]).client().sign_in()

    def send(self, rows: list[tuple[str, ...]]) -> Spent:
        """From the records to the last verdict, safe on the disk."""
        with measured() as spent:
            done = run(upload_cdrs(self._place, list(enumerate(rows)), Cancel()))
        assert done.counts == {StateKind.CONFIRMED: RECORDS}, done.counts
        return spent

    def send_unwritten(self, rows: list[tuple[str, ...]]) -> Spent:
        """The same with a journal that writes nothing down: what is left out is what the journal costs."""
        numbers = count()
        nothing: dict[str, Callable[..., Any]] = {
            "begin_batch": lambda *_args, **_more: next(numbers),
            "note": lambda *_args, **_more: None,
            "unsettled": lambda *_args, **_more: [],
            "states": lambda *_args, **_more: {},
        }
        kept = {name: getattr(Journal, name) for name in nothing}
        for name, method in nothing.items():
            setattr(Journal, name, method)
        try:
            return self.send(rows)
        finally:
            for name, method in kept.items():
                setattr(Journal, name, method)

    def close(self) -> None:
        """Close the store."""
        self._place.close()


class PlainZeep:
    """What a script does: a client made from the WSDL, signed in; nothing is written down."""

    def __init__(self, said: dict[str, Any]) -> None:
        import zeep

        account = next(user for user in said["users"] if user["role"] == "provider")
        self._client = zeep.Client(said["wsdl"])
        answer = self._client.service.Authenticate(userId=account["user"], password=account["password"])
        self.token = answer.authToken

    def send(self, rows: list[tuple[str, ...]]) -> Spent:
        """The batches, one after the other."""
        with measured() as spent:
            for start in range(0, len(rows), BATCH):
                batch = [dict(zip(CDRS.names, row, strict=True)) for row in rows[start : start + BATCH]]
                result = self._client.service.AddCDRs(batch, _soapheaders={"UserIdentityHeader": self.token})
                assert result.resultCode == 0, result
        return spent


class Floor:
    """A bare socket with ready-made bytes: the house's own time."""

    def __init__(self, said: dict[str, Any], token: str) -> None:
        self._url = urlsplit(said["url"])
        self._token = token
        self._contract = Contract.load(None)

    def send(self, rows: list[tuple[str, ...]]) -> Spent:
        """The batches, which are written before."""
        bodies = []
        for start in range(0, len(rows), BATCH):
            out = io.BytesIO()
            write_message(out, self._contract, "AddCDRs", token=self._token, rows=rows[start : start + BATCH])
            bodies.append(out.getvalue())
        line = HTTPConnection(str(self._url.hostname), self._url.port)
        with measured() as spent:
            for body in bodies:
                line.request("POST", self._url.path, body, {"Content-Type": self._contract.soap.content_type})
                answer = line.getresponse().read()
                assert b">0<" in answer, answer
        line.close()
        return spent


SCRIPT = """
import csv, sys
import zeep
wsdl, user, password, path, batch = sys.argv[1:]
client = zeep.Client(wsdl)
token = client.service.Authenticate(userId=user, password=password).authToken
with open(path, newline="", encoding="utf-8") as file:
    records = list(csv.DictReader(file))
for start in range(0, len(records), int(batch)):
    result = client.service.AddCDRs(
        records[start : start + int(batch)], _soapheaders={"UserIdentityHeader": token}
    )
    assert result.resultCode == 0, result
"""


class WholePrograms:
    """What a user runs, from the start of the interpreter to its end, with a file of the same records.

    Ours reads and checks the file, writes journal and history and sends; the script reads the file and sends.
    """

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        self._folder = folder
        self._said = said
        self._account = next(user for user in said["users"] if user["role"] == "provider")
        self._desk = folder / "commands"
        partner = [sys.executable, "-m", "ochp_desktop", "partners", "add", "Ladenetz", "--data-dir", str(self._desk)]
        subprocess.run(partner, check=True, stdout=subprocess.DEVNULL)

    def run(self, which: str, prefix: str) -> float:
        """Seconds on the clock."""
        path = self._folder / f"{prefix}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([CDRS.names, *records(prefix)])
        user, password = self._account["user"], self._account["password"]
        where = ["--endpoint", self._said["url"], "--user", user, "--password-stdin", "--data-dir", str(self._desk)]
        commands = {
            "ours": ["-m", "ochp_desktop", "cdrs", "upload", str(path), "--json", *where],
            "zeep": ["-c", SCRIPT, self._said["wsdl"], user, password, str(path), str(BATCH)],
        }
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *commands[which]], input=password, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - begun
        assert done.returncode == 0, done
        return seconds


def measure() -> list[dict[str, Any]]:
    """The figures: the medians of several runs in turn at one house."""
    runs: dict[str, list[Spent]] = {}
    processes: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with practice_house(folder / "house") as said:
            zeep = PlainZeep(said)
            floor = Floor(said, zeep.token)
            desk = Ours(folder / "desk", said)
            senders = {"ours": desk.send, "zeep": zeep.send, "floor": floor.send, "no journal": desk.send_unwritten}
            for number in range(-1, RUNS):
                for which, send in senders.items():
                    spent = send(records(f"{which}{number}-"))
                    if number >= 0:  # the first round warms all of them up
                        runs.setdefault(which, []).append(spent)
            desk.close()
            programs = WholePrograms(folder, said)
            for number in range(4):
                for which in ("ours", "zeep"):
                    seconds = programs.run(which, f"p-{which}{number}-")
                    if number:
                        processes.setdefault(which, []).append(seconds)
    clock = {which: statistics.median(one.clock for one in spent) for which, spent in runs.items()}
    processor = {which: statistics.median(one.processor for one in spent) for which, spent in runs.items()}
    process = {which: statistics.median(seconds) for which, seconds in processes.items()}
    # Run by run: two medians of a busy machine may come from different moments.
    share = statistics.median(
        1 - without.clock / with_.clock for with_, without in zip(runs["ours"], runs["no journal"], strict=True)
    )
    bound = clock["zeep"] / clock["floor"]

    def figure(name: str, ours: float, peer: float | None, target: str, *, ok: bool = True) -> dict[str, Any]:
        ratio = None if peer is None else round(peer / ours, 1)
        shown = None if peer is None else round(peer, 3)
        unit = "" if peer is None else "s"
        return {
            "name": name,
            "ours": round(ours, 3),
            "peer": shown,
            "ratio": ratio,
            "unit": unit,
            "target": target,
            "ok": ok,
        }

    return [
        figure(
            "10,000 CDRs uploaded in batches of 500, with journal (s)",
            clock["ours"],
            clock["zeep"],
            f"at least {TARGET:.0f} times plain zeep without a journal (the house allows {bound:.1f})",
            ok=clock["zeep"] / clock["ours"] >= TARGET,
        ),
        figure(
            "of that the house's own time: ready-made bytes from a bare socket (s)",
            clock["floor"],
            clock["zeep"],
            "what nobody can be quicker than",
        ),
        figure("the client's processor time for the same (s)", processor["ours"], processor["zeep"], "shown beside it"),
        figure(
            "whole programs with a file: `cdrs upload` with all checks, and a script (s)",
            process["ours"],
            process["zeep"],
            "shown beside it: starts, imports, reading, WSDL and sign-in included",
        ),
        figure(
            "the journal's share of the upload: how much quicker it is without one",
            share,
            None,
            "less than a third",
            ok=share < JOURNAL_SHARE,
        ),
    ]


if __name__ == "__main__":
    for one in measure():
        sys.stdout.write(f"{one}\n")
