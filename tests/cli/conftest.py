"""A practice house as a process of its own, and commands run as a user runs them: in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).resolve().parent.parent.parent


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class House:
    """A running practice house."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "ochp_desktop", "practice", "--data", str(folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=TOP)
        assert self.process.stdout is not None
        self.said = json.loads(self.process.stdout.readline())
        self.url: str = self.said["url"]

    def account(self, role: str, number: int = 0) -> dict[str, Any]:
        return [user for user in self.said["users"] if user["role"] == role][number]

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class Desk:
    """Someone at a terminal with one data folder."""

    def __init__(self, data_dir: Path, url: str, account: dict[str, Any]) -> None:
        self.data_dir = data_dir
        self.url = url
        self.account = account

    def run(self, *arguments: str | Path, stdin: str = "") -> Ran:
        command = [sys.executable, "-m", "ochp_desktop", "--data-dir", str(self.data_dir), *map(str, arguments)]
        environment = {**os.environ, "LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=TOP,
            env=environment,
            timeout=100,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert self.account["password"] not in done.stdout + done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def ask(self, *arguments: str | Path, password: str | None = None) -> Ran:
        """Run a command with this account's connection and JSON output."""
        connection = ["--endpoint", self.url, "--user", self.account["user"], "--password-stdin", "--json"]
        return self.run(*arguments, *connection, stdin=(password or self.account["password"]) + "\n")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    running = House(tmp_path / "house")
    yield running
    running.stop()


@pytest.fixture
def desk(tmp_path: Path, house: House) -> Desk:
    return Desk(tmp_path / "desk", house.url, house.account("provider"))


@pytest.fixture
def admin(tmp_path: Path, house: House) -> Desk:
    return Desk(tmp_path / "admin", house.url, house.account("admin"))
