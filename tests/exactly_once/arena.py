"""Where the proof happens: a house and clients in processes of their own, a proxy between them, and one round."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from ochp_desktop.jobs.declare import declare
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.practice import samples
from ochp_desktop.practice.house import BOOKS
from ochp_desktop.practice.schema import unpacked

from .proxy import Harm, Proxy

HERE = Path(__file__).parent
TOP = HERE.parent.parent
KINDS = ("client", "house", "cut up", "cut down", "late answer", "token")
MOST_TRIES = 60
CARDS = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))
START = datetime(2025, 9, 20, 8, tzinfo=UTC)


class Failure(AssertionError):
    """Something is lost, doubled, or told wrongly."""


class Arena:
    """House, proxy and launcher of clients; used for many rounds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "house" / BOOKS
        self.happened: Counter[str] = Counter()
        self._scenario = ""
        self._port = _free_port()
        self._open_house()
        self.proxy = Proxy(self._port)
        self._launcher = subprocess.Popen(
            [sys.executable, str(HERE / "client.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TOP,
            env={**os.environ, "LANGUAGE": "en"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.proxy.close()
        for process in (self._launcher, self._house):
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                with contextlib.suppress(OSError):
                    pipe.close()
            process.kill()
            process.wait()

    # the house

    def _open_house(self) -> None:
        command = [sys.executable, "-m", "ochp_desktop", "practice", "--data", str(self.folder / "house")]
        self._house = subprocess.Popen(
            [*command, "--port", str(self._port), "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TOP,
        )
        assert self._house.stdout is not None
        said = json.loads(self._house.stdout.readline())
        self.account = next(user for user in said["users"] if user["role"] == "provider")
        self.set_scenario(self._scenario)

    def set_scenario(self, scenario: str) -> None:
        """Let the house behave so, also after it was killed."""
        self._scenario = scenario
        assert self._house.stdin is not None
        assert self._house.stdout is not None
        self._house.stdin.write(json.dumps({"scenario": scenario}) + "\n")
        self._house.stdin.flush()
        assert json.loads(self._house.stdout.readline()) == {"scenario": scenario}

    def kill_house(self) -> None:
        """Signal 9, at once."""
        self._house.kill()
        self._house.wait()

    def house_lives(self) -> None:
        """Start it again when it was killed."""
        if self._house.poll() is not None:
            for pipe in (self._house.stdin, self._house.stdout):
                assert pipe is not None
                with contextlib.suppress(OSError):
                    pipe.close()
            self._open_house()

    def expire_tokens(self) -> None:
        """Every auth token ends."""
        with contextlib.closing(sqlite3.connect(self.ledger, timeout=10)) as books, books:
            books.execute("UPDATE sessions SET last_used = 0")

    def at_the_house(self, prefix: str) -> list[tuple[str, ...]]:
        """The records of a round that the house holds."""
        with contextlib.closing(sqlite3.connect(self.ledger, timeout=10)) as books:
            found = books.execute("SELECT record FROM cdrs WHERE cdr_key LIKE ? ORDER BY id", (f"{prefix}%",))
            return [unpacked(record) for (record,) in found]

    # clients

    def begin_client(self, order: dict[str, Any]) -> int:
        """Start a client; its process id."""
        assert self._launcher.stdin is not None
        assert self._launcher.stdout is not None
        self._launcher.stdin.write(json.dumps(order) + "\n")
        self._launcher.stdin.flush()
        return int(self._launcher.stdout.readline().split()[1])

    def end_of_client(self) -> int:
        """Wait for it; its exit code, negative for a signal."""
        assert self._launcher.stdout is not None
        return int(self._launcher.stdout.readline().split()[1])


class Round:
    """One upload with some faults, all chosen by the seed, until every record's fate is known."""

    def __init__(self, arena: Arena, seed: int) -> None:
        self.arena = arena
        self.seed = seed
        self.chance = random.Random(seed)
        self.prefix = f"S{seed}-{time.monotonic_ns():x}-"
        self.folder = arena.folder / f"client-{self.prefix}"
        self.faults = 0
        count = self.chance.choice((1, 2, 7, self.chance.randrange(1, 60), self.chance.randrange(1, 250)))
        starts = [START + timedelta(minutes=7 * number) for number in range(count)]
        self.rows = samples.cdrs(samples.OWN, samples.LADENETZ, CARDS, starts, self.prefix)
        self.batch_size = self.chance.choice((1, 3, 10, 50, 500)) if count < 60 else self.chance.choice((25, 100, 500))
        self.culprits: set[str] = set()
        self.free_text = self.chance.random() < 0.1 and count < 60
        if not self.free_text and self.chance.random() < 0.2:
            self.culprits = {self.chance.choice(self.rows)[0]}
        self._pid = 0
        self._ready = threading.Event()
        self._killing = threading.Lock()

    def play(self) -> None:
        """Run it.

        Raises:
            Failure: with the seed, and what is wrong.
        """
        scenario = "free-text-duplicate" if self.free_text else ""
        self.arena.set_scenario(f"refuse-cdr:{min(self.culprits)}" if self.culprits else scenario)
        planned = self.chance.randrange(1, 5)
        for tries in range(MOST_TRIES):
            harm, kind = self._plan() if tries < planned else (None, "")
            code = self._run_client(harm)
            if harm is not None and harm.done:
                self.faults += 1
                self.arena.happened[kind] += 1
            self.arena.house_lives()
            self._look()
            if code == 0:
                break
            if code not in {1, 3, -signal.SIGKILL}:
                raise self._failure(f"the client ended with {code}")
            if code == 3 and tries > planned:
                self._ask_the_house()
        else:
            raise self._failure(f"not settled after {MOST_TRIES} tries: {self._states()}")
        self._judge()
        shutil.rmtree(self.folder)

    def _plan(self) -> tuple[Harm, str]:
        """Choose a fault: where, when and what."""
        kind = self.chance.choice(KINDS)
        batches = -(-len(self.rows) // self.batch_size)
        # All requests of a client go over one connection, sign-in first; after a harm the next goes over another.
        connection = self.chance.choice((0, 0, 0, 1))
        size = 900 + 1150 * min(self.batch_size, len(self.rows))
        before = 1100 + size * self.chance.randrange(batches)
        upwards = self.chance.random() < 0.6
        at = before + self.chance.choice((0, self.chance.randrange(size), size))
        if not upwards:
            at = self.chance.randrange(1200 * (batches + 1))
        harm = Harm(connection, upwards, at, reset=self.chance.random() < 0.5)
        if kind == "cut up":
            harm.upwards, harm.at = (
                True,
                self.chance.choice((self.chance.randrange(1200), before + self.chance.randrange(size))),
            )
        elif kind == "cut down":
            harm.upwards, harm.at = False, self.chance.randrange(1200 * (batches + 1))
        elif kind == "client":
            harm.do = self._kill_client(self.chance.choice((0.0, 0.0, self.chance.random() * 0.02)))
        elif kind == "house":
            harm.do = self.arena.kill_house
        elif kind == "late answer":
            harm.upwards, harm.hold, harm.do = False, True, lambda: None
            harm.at = 1200 * self.chance.randrange(batches + 1) + self.chance.choice((0, 40))
        else:
            harm.upwards, harm.at, harm.do = True, before, self.arena.expire_tokens
        return harm, kind

    def _kill_client(self, after: float) -> Callable[[], None]:
        def kill() -> None:
            self._ready.wait(5)
            if after:
                time.sleep(after)  # no waiting for something: a random moment after the byte
            # Never 0, which is ourselves and all around us, and never one that has ended: others may have its number.
            with self._killing, contextlib.suppress(ProcessLookupError):
                if self._pid:
                    os.kill(self._pid, signal.SIGKILL)

        return kill

    def _run_client(self, harm: Harm | None) -> int:
        self.arena.proxy.arm(harm)
        self._ready.clear()
        account = self.arena.account
        self._pid = self.arena.begin_client(
            {
                "folder": str(self.folder),
                "url": f"http://127.0.0.1:{self.arena.proxy.port}/ochp",
                "user": account["user"],
                "password": account["password"],
                "provider": account["provider_id"],
                "batch_size": self.batch_size,
                "rows": self.rows,
                "by_halves": bool(self.culprits),
            }
        )
        self._ready.set()
        code = self.arena.end_of_client()
        with self._killing:
            self._pid = 0
        if harm is not None:
            harm.end()
        return code

    # looking

    def _states(self) -> dict[str, str]:
        """What the journal says, read as a stranger reads it: looking must change nothing."""
        path = self.folder / "store.sqlite"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(path, timeout=10)) as store:
            tables = store.execute("SELECT count(*) FROM sqlite_master WHERE name = 'cdrs'").fetchone()[0]
            return dict(store.execute("SELECT cdr_id, state FROM cdr_states")) if tables else {}

    def _look(self) -> None:
        """At no moment may the journal promise what is not so."""
        held = Counter(row[0] for row in self.arena.at_the_house(self.prefix))
        for cdr_id, state in self._states().items():
            if held[cdr_id] > 1:
                raise self._failure(f"{cdr_id} is {held[cdr_id]} times at the house")
            if state == "confirmed" and not held[cdr_id]:
                raise self._failure(f"{cdr_id} is confirmed and not at the house")
            if state in {"refused", "held-back"} and held[cdr_id]:
                raise self._failure(f"{cdr_id} is {state} and at the house")
        lost = set(held) - set(self._states())
        if lost:
            raise self._failure(f"the house has records that the journal does not know: {sorted(lost)[:5]}")

    def _ask_the_house(self) -> None:
        """What people do about records that no request can settle: ask, and note the answer."""
        held = {row[0] for row in self.arena.at_the_house(self.prefix)}
        place = Workplace.open(self.folder)
        try:
            account = self.arena.account
            place.connect(Profile(name="", endpoint="http://house", user=account["user"], practice=True), "")
            for batch in place.journal.unsettled():
                known = {row[0] in held for row in batch.rows}
                if len(known) == 1:
                    declare(place, [batch.id], there=known.pop(), words="asked on the phone")
        finally:
            place.close()

    def _judge(self) -> None:
        """Each record exactly once at the house, and the journal says so of exactly these."""
        held = self.arena.at_the_house(self.prefix)
        wanted = [tuple(row) for row in self.rows if row[0] not in self.culprits]
        if Counter(held) != Counter(wanted):
            raise self._failure(f"the house has {len(held)} records, {len(wanted)} should be there")
        states = self._states()
        confirmed = {cdr_id for cdr_id, state in states.items() if state == "confirmed"}
        if confirmed != {row[0] for row in wanted}:
            raise self._failure(f"the journal confirms {len(confirmed)}, {len(wanted)} are there")
        if {states.get(cdr_id) for cdr_id in self.culprits} - {"held-back", "refused"}:
            raise self._failure("the culprit is not told")
        with contextlib.closing(sqlite3.connect(self.folder / "store.sqlite")) as store:
            left = store.execute("SELECT id, state FROM batches WHERE state IN ('sending', 'unconfirmed')").fetchall()
        if left:
            raise self._failure(f"batches are still open: {left}")

    def _failure(self, what: str) -> Failure:
        return Failure(f"seed {self.seed}: {what}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port
