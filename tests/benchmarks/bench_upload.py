"""Uploading 10,000 CDRs in batches of 500 to the practice house: ours with a journal, a plain zeep script without."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ochp_desktop.jobs.job import Cancel, run
from ochp_desktop.jobs.upload_cdrs import StateKind, upload_cdrs
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.practice import samples
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.store.journal import Journal

RECORDS, BATCH, RUNS = 10_000, 500, 3
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


def ours(folder: Path, said: dict[str, Any], rows: list[tuple[str, ...]]) -> tuple[float, float]:
    """Seconds for our upload from connecting to the last verdict, and how many of them the journal took."""
    account = next(user for user in said["users"] if user["role"] == "provider")
    spent = [0.0]
    place = Workplace.open(folder)
    kept = {name: getattr(Journal, name) for name in ("begin_batch", "confirm", "unsettled", "states")}
    for name, method in kept.items():
        setattr(Journal, name, _timed(method, spent))
    try:
        begun = time.perf_counter()
        profile = Profile(name="", endpoint=said["url"], user=account["user"], batch_size=BATCH, practice=True)
        place.connect(profile, account["password"])
        done = run(upload_cdrs(place, list(enumerate(rows)), Cancel()))
        seconds = time.perf_counter() - begun
        assert done.counts == {StateKind.CONFIRMED: RECORDS}, done.counts
    finally:
        for name, method in kept.items():
            setattr(Journal, name, method)
        place.close()
    return seconds, spent[0]


def _timed(method: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def call(*args: Any, **more: Any) -> Any:
        begun = time.perf_counter()
        try:
            return method(*args, **more)
        finally:
            spent[0] += time.perf_counter() - begun

    return call


def plain_zeep(said: dict[str, Any], rows: list[tuple[str, ...]]) -> float:
    """Seconds for what a script does: read the WSDL, sign in, send the batches."""
    import zeep

    account = next(user for user in said["users"] if user["role"] == "provider")
    begun = time.perf_counter()
    client = zeep.Client(said["wsdl"])
    answer = client.service.Authenticate(userId=account["user"], password=account["password"])
    header = {"UserIdentityHeader": answer.authToken}
    for start in range(0, len(rows), BATCH):
        batch = [dict(zip(CDRS.names, row, strict=True)) for row in rows[start : start + BATCH]]
        result = client.service.AddCDRs(batch, _soapheaders=header)
        assert result.resultCode == 0, result
    return time.perf_counter() - begun


def measure() -> list[dict[str, Any]]:
    """The figures: seconds of ours and of plain zeep, and the journal's share; the median of several runs in turn."""
    import zeep  # noqa: F401 - loading it is nobody's time

    mine, theirs, journals = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with practice_house(folder / "house") as said:
            ours(folder / "warm", said, records("warm-"))
            for number in range(RUNS):
                seconds, journal = ours(folder / f"desk{number}", said, records(f"ours{number}-"))
                mine.append(seconds)
                journals.append(journal / seconds)
                theirs.append(plain_zeep(said, records(f"zeep{number}-")))
    own, peer, share = statistics.median(mine), statistics.median(theirs), statistics.median(journals)
    return [
        {
            "name": "10,000 CDRs uploaded in batches of 500, with journal (s)",
            "ours": round(own, 3),
            "peer": round(peer, 3),
            "ratio": round(peer / own, 1),
            "unit": "s",
            "target": f"at least {TARGET:.0f} times plain zeep without a journal",
            "ok": peer / own >= TARGET,
        },
        {
            "name": "the journal's share of that upload",
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
