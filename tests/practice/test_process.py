"""The house as a process of its own: ready line, clean end, and nothing acknowledged lost when it is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zeep

from ochp_desktop.practice import samples

from .conftest import PORTS, named, own_cdrs, own_tokens

RUN = (
    "import sys; from pathlib import Path; from ochp_desktop.practice.house import serve;"
    "raise SystemExit(serve(Path(sys.argv[1]), until_stdin_closes=len(sys.argv) > 2))"
)


class Process:
    def __init__(self, data: Path, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(data), *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.ready: dict[str, Any] = json.loads(self.line)
        self.service = zeep.Client(self.ready["wsdl"]).bind("OCHPService", PORTS["1.2"])

    def header(self, role: str) -> dict[str, str]:
        user = next(user for user in self.ready["users"] if user["role"] == role)
        token = self.service.Authenticate(userId=user["user"], password=user["password"]).authToken
        return {"UserIdentityHeader": token}

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def started() -> Iterator[list[Process]]:
    processes: list[Process] = []
    yield processes
    for process in processes:
        process.process.kill()
        process.process.communicate()


def test_ready_line_and_clean_end(tmp_path: Path, started: list[Process]) -> None:
    process = Process(tmp_path)
    started.append(process)
    assert set(process.ready) == {"url", "wsdl", "users"}
    roles = [user["role"] for user in process.ready["users"]]
    assert roles == ["provider", "partner", "partner", "admin"]
    for user in process.ready["users"]:
        assert list(user) == ["role", "user", "password", "provider_id", "hub", "prefixes"]
    process.header("admin")
    process.process.send_signal(signal.SIGTERM)
    assert process.end() == (0, "", "")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches whole consoles there")
def test_ctrl_c_is_a_clean_end(tmp_path: Path, started: list[Process]) -> None:
    process = Process(tmp_path)
    started.append(process)
    process.process.send_signal(signal.SIGINT)
    assert process.end() == (0, "", "")


def test_it_ends_with_its_parent(tmp_path: Path, started: list[Process]) -> None:
    process = Process(tmp_path, "until-stdin-closes")
    started.append(process)
    assert process.process.stdin is not None
    process.process.stdin.close()
    process.process.stdin = None
    assert process.end() == (0, "", "")


def test_killed_right_after_each_answer_it_has_everything(tmp_path: Path, started: list[Process]) -> None:
    def killed_after(*steps: Any) -> Process:
        process = Process(tmp_path)
        started.append(process)
        for step in steps:
            step(process)
        process.process.kill()
        process.process.wait()
        return process

    def upload_list(process: Process) -> None:
        rows = [named("tokens", row) for row in own_tokens(500)]
        answer = process.service.SetRoamingAuthorisationList(rows, _soapheaders=process.header("provider"))
        assert answer.resultCode == 0

    def upload_cdrs(process: Process) -> None:
        rows = [named("cdrs", row) for row in own_cdrs(60)]
        assert process.service.AddCDRs(rows, _soapheaders=process.header("provider")).resultCode == 0

    def clear(process: Process) -> None:
        assert process.service.ClearCDRs(_soapheaders=process.header("admin")).resultCode == 0

    killed_after(upload_list)
    killed_after(upload_cdrs)
    killed_after(clear)
    process = Process(tmp_path)
    started.append(process)
    header = process.header("partner")
    everything = process.service.GetRoamingAuthorisationList(_soapheaders=header).roamingAuthorisationInfoArray
    own = [record.tokenId for record in everything if record.evcoId.startswith("NL-PLD")]
    assert own == [row[3] for row in own_tokens(500)]
    fetched = process.service.GetCDRs(_soapheaders=header)
    assert [record.cdrId for record in fetched.cdrInfoArray] == [row[0] for row in own_cdrs(60)]
    assert fetched.docLink
    assert samples.LADENETZ.provider_id == fetched.cdrInfoArray[0].serviceProviderId


@pytest.mark.skipif(os.name != "posix", reason="signals end a process otherwise elsewhere")
def test_a_signal_ends_it_cleanly_while_it_waits_for_wishes(tmp_path: Path, started: list[Process]) -> None:
    process = Process(tmp_path, "until-stdin-closes")
    started.append(process)
    assert process.process.stdin is not None
    assert process.process.stdout is not None
    process.process.stdin.write('{"scenario": "slow"}\n')
    process.process.stdin.flush()
    assert json.loads(process.process.stdout.readline()) == {"scenario": "slow"}
    process.process.send_signal(signal.SIGTERM)
    assert process.process.wait(20) == 0
    assert process.process.stderr is not None
    assert process.process.stderr.read() == ""
