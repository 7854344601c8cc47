"""Uploading 10,000 CDRs in batches of 500 to the practice house: ours with a journal, a plain zeep script without.

All go to the same house, one after the other, in turn. Beside both stands the floor: a bare socket that sends bytes
made beforehand and waits for each answer. No program that waits for one answer before it sends the next can be quicker
than that, so floor and zeep together say how far above zeep anything can get.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
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
JOURNAL = ("begin_batch", "note", "unsettled", "states")


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


class Ours:
    """Our program's own jobs: signed in, with its journal on the disk."""

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        account = next(user for user in said["users"] if user["role"] == "provider")
        self._place = Workplace.open(folder)
        profile = Profile(name="", endpoint=said["url"], user=account["user"], batch_size=BATCH, practice=True)
        self._place.connect(profile, account["password"]).client().sign_in()
        self.journal = 0.0  # seconds that journal calls took in the last run, most of them while the house worked

    def send(self, rows: list[tuple[str, ...]]) -> float:
        """Seconds from the records to the last verdict, safe on the disk."""
        spent = [0.0]
        kept = {name: getattr(Journal, name) for name in JOURNAL}
        for name, method in kept.items():
            setattr(Journal, name, _timed(method, spent))
        try:
            begun = time.perf_counter()
            done = run(upload_cdrs(self._place, list(enumerate(rows)), Cancel()))
            seconds = time.perf_counter() - begun
        finally:
            for name, method in kept.items():
                setattr(Journal, name, method)
        assert done.counts == {StateKind.CONFIRMED: RECORDS}, done.counts
        self.journal = spent[0]
        return seconds

    def close(self) -> None:
        """Close the store."""
        self._place.close()


def _timed(method: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def call(*args: Any, **more: Any) -> Any:
        begun = time.perf_counter()
        try:
            return method(*args, **more)
        finally:
            spent[0] += time.perf_counter() - begun

    return call


class PlainZeep:
    """What a script does: a client made from the WSDL, signed in; nothing is written down."""

    def __init__(self, said: dict[str, Any]) -> None:
        import zeep

        account = next(user for user in said["users"] if user["role"] == "provider")
        self._client = zeep.Client(said["wsdl"])
        answer = self._client.service.Authenticate(userId=account["user"], password=account["password"])
        self.token = answer.authToken

    def send(self, rows: list[tuple[str, ...]]) -> float:
        """Seconds for the batches."""
        begun = time.perf_counter()
        for start in range(0, len(rows), BATCH):
            batch = [dict(zip(CDRS.names, row, strict=True)) for row in rows[start : start + BATCH]]
            result = self._client.service.AddCDRs(batch, _soapheaders={"UserIdentityHeader": self.token})
            assert result.resultCode == 0, result
        return time.perf_counter() - begun


class Floor:
    """A bare socket with ready-made bytes: the house's own time."""

    def __init__(self, said: dict[str, Any], token: str) -> None:
        self._url = urlsplit(said["url"])
        self._token = token
        self._contract = Contract.load(None)

    def send(self, rows: list[tuple[str, ...]]) -> float:
        """Seconds for the batches, which are written before."""
        bodies = []
        for start in range(0, len(rows), BATCH):
            out = io.BytesIO()
            write_message(out, self._contract, "AddCDRs", token=self._token, rows=rows[start : start + BATCH])
            bodies.append(out.getvalue())
        line = HTTPConnection(str(self._url.hostname), self._url.port)
        begun = time.perf_counter()
        for body in bodies:
            line.request("POST", self._url.path, body, {"Content-Type": self._contract.soap.content_type})
            answer = line.getresponse().read()
            assert b">0<" in answer, answer
        seconds = time.perf_counter() - begun
        line.close()
        return seconds


PROCESS = """
import sys
from pathlib import Path
from tests.benchmarks import bench_upload as bench
import json
said = json.loads(sys.argv[2])
rows = bench.records(sys.argv[4])
if sys.argv[1] == "ours":
    one = bench.Ours(Path(sys.argv[3]), said)
    one.send(rows)
    one.close()
else:
    bench.PlainZeep(said).send(rows)
"""


def whole_process(which: str, said: dict[str, Any], folder: Path, prefix: str) -> float:
    """Seconds for a process of its own: interpreter, imports, the records made, WSDL, sign-in, and the batches."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", PROCESS, which, json.dumps(said), str(folder), prefix], check=True)
    return time.perf_counter() - begun


def measure() -> list[dict[str, Any]]:
    """The figures: the medians of several runs in turn at one house."""
    seconds: dict[str, list[float]] = {"ours": [], "zeep": [], "floor": [], "our process": [], "zeep process": []}
    journals = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with practice_house(folder / "house") as said:
            zeep = PlainZeep(said)
            floor = Floor(said, zeep.token)
            desk = Ours(folder / "desk", said)
            for number in range(-1, RUNS):
                taken = {
                    "ours": desk.send(records(f"ours{number}-")),
                    "zeep": zeep.send(records(f"zeep{number}-")),
                    "floor": floor.send(records(f"floor{number}-")),
                }
                if number < 0:
                    continue  # the first round warms all three up
                for which, value in taken.items():
                    seconds[which].append(value)
                journals.append(desk.journal / taken["ours"])
            desk.close()
            for number in range(3):
                for which in ("ours", "zeep"):
                    key = "our process" if which == "ours" else "zeep process"
                    seconds[key].append(whole_process(which, said, folder / f"{which}{number}", f"p-{which}{number}-"))
    median = {which: statistics.median(values) for which, values in seconds.items()}
    share = statistics.median(journals)
    bound = median["zeep"] / median["floor"]
    return [
        {
            "name": "10,000 CDRs uploaded in batches of 500, with journal (s)",
            "ours": round(median["ours"], 3),
            "peer": round(median["zeep"], 3),
            "ratio": round(median["zeep"] / median["ours"], 1),
            "unit": "s",
            "target": f"at least {TARGET:.0f} times plain zeep without a journal (the house allows {bound:.1f})",
            "ok": median["zeep"] / median["ours"] >= TARGET,
        },
        {
            "name": "of that the house's own time: ready-made bytes from a bare socket (s)",
            "ours": round(median["floor"], 3),
            "peer": round(median["zeep"], 3),
            "ratio": round(bound, 1),
            "unit": "s",
            "target": "shows what nobody can be quicker than",
            "ok": True,
        },
        {
            "name": "what our program adds to the house's time, zeep's addition beside it (s)",
            "ours": round(median["ours"] - median["floor"], 3),
            "peer": round(median["zeep"] - median["floor"], 3),
            "ratio": round((median["zeep"] - median["floor"]) / max(median["ours"] - median["floor"], 0.001), 1),
            "unit": "s",
            "target": f"at least {TARGET:.0f} times less",
            "ok": median["zeep"] - median["floor"] >= TARGET * (median["ours"] - median["floor"]),
        },
        {
            "name": "the same as processes: interpreter, imports, WSDL, sign-in, upload (s)",
            "ours": round(median["our process"], 3),
            "peer": round(median["zeep process"], 3),
            "ratio": round(median["zeep process"] / median["our process"], 1),
            "unit": "s",
            "target": "shown beside it",
            "ok": True,
        },
        {
            "name": "the journal's share of the upload, waiting for the disk included",
            "ours": round(share, 3),
            "peer": None,
            "ratio": None,
            "unit": "",
            "target": "less than a third",
            "ok": share < JOURNAL_SHARE,
        },
    ]


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
