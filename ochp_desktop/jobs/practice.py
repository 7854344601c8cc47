"""The practice clearing house beside the window: a process of its own that ends with the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ochp_desktop.errors import ConnectionFailed, UsageError
from ochp_desktop.jobs.background import background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Profile, Workplace
from ochp_desktop.records.partners import Partner
from ochp_desktop.texts import N_, _, language

PRACTICE_NAME = N_("Practice clearing house")
STOP_SECONDS = 5.0


@dataclass(slots=True)
class PracticeRun:
    """A running practice house.

    Attributes:
        process: its process.
        url: its endpoint.
        wsdl: where it serves its WSDL.
        users: role, user, password, provider_id, hub and prefixes of its practice accounts.
        scenario: how it misbehaves, or "".
    """

    process: subprocess.Popen[str]
    url: str
    wsdl: str
    users: Sequence[dict[str, Any]]
    scenario: str = ""

    def account(self, role: str) -> dict[str, Any]:
        """The first account with this role: "provider", "partner" or "admin"."""
        return next(user for user in self.users if user["role"] == role)

    def password_of(self, user: str) -> str | None:
        """The password of the practice account with this user id, or None where there is none."""
        return next((str(one["password"]) for one in self.users if one["user"] == user), None)

    def set_scenario(self, scenario: str) -> None:
        """Let the house misbehave in this way ("NAME" or "NAME:ARGUMENT") from now on, or no more when empty.

        The wish goes through the pipe that also ends the house with the program: no port, no secret, and the house
        keeps its address and its auth tokens, as it would not when it were started anew.

        Raises:
            UsageError: there is no such scenario.
            ConnectionFailed: the house does not run any more.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"scenario": scenario}) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        except (OSError, ValueError) as error:
            text = _("The practice clearing house does not run any more. Choose it again in the menu Connection.")
            raise ConnectionFailed(_("No practice house"), text, str(error)) from error
        if "error" in answer:
            raise UsageError(_("Scenario not understood"), str(answer["error"]))
        self.scenario = scenario

    def stop(self) -> None:
        """End the house in order; it has nothing unsaved."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def practice_data_dir(data_dir: Path) -> Path:
    """The practice workplace's own folder: what is practised never mixes with real data."""
    return data_dir / "practice"


def start_practice(data_dir: Path, cancel: Cancel, scenario: str = "") -> Job[PracticeRun]:
    """Start the practice house over the practice folder of this data folder.

    Raises:
        ConnectionFailed: it did not start.
        Cancelled: stopped.
    """
    house_dir = practice_data_dir(data_dir) / "house"

    def call(_report: object) -> PracticeRun:
        return _start(house_dir, scenario)

    run = yield from background(call, _("Starting the practice clearing house"))
    if cancel.is_set():
        run.stop()
        cancel.check()
    return run


def practice_profile(run: PracticeRun, role: str = "provider") -> tuple[Profile, str]:
    """The connection to a running practice house as its own provider or administrator, and its password."""
    account = run.account(role)
    profile = Profile(
        name=_(PRACTICE_NAME),
        endpoint=run.url,
        user=account["user"],
        provider_id=account["provider_id"],
        provider_name=account["provider_id"],
        hub=account["hub"],
        prefixes=tuple(account["prefixes"]),
        practice=True,
    )
    return profile, str(account["password"])


def know_practice_partners(workplace: Workplace, run: PracticeRun) -> None:
    """Put the practice house's partners into an empty partner list."""
    if workplace.setting("practice.partners-known", default=False):
        return
    for user in run.users:
        if user["role"] == "partner":
            name = user["provider_id"]
            workplace.add_partner(Partner(name, name, user["hub"], tuple(user["prefixes"])))
    workplace.set_setting("practice.partners-known", value=True)


def _command(house_dir: Path, scenario: str) -> list[str]:
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ochp_desktop"]
    chosen = ["--scenario", scenario] if scenario else []
    return [*program, "practice", "--data", str(house_dir), "--until-stdin-closes", *chosen]


def _start(house_dir: Path, scenario: str) -> PracticeRun:
    process = subprocess.Popen(
        _command(house_dir, scenario),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LANGUAGE": language()},  # the house answers in the window's language
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        said = json.loads(line)
        return PracticeRun(process, said["url"], said["wsdl"], said["users"], scenario)
    except (ValueError, KeyError, TypeError) as error:
        process.kill()
        process.wait()
        text = _("The practice clearing house did not start. Close other copies of the program and try again.")
        raise ConnectionFailed(_("No practice house"), text, detail=line[:500]) from error


@dataclass(frozen=True, slots=True)
class ScenarioInfo:
    """A way in which the practice house can misbehave.

    Attributes:
        name: what `--scenario` calls it.
        title: what people call it, in the user's language.
        text: what happens and what to do then, in the user's language.
        argument: what may stand after the colon, in the user's language; empty when the default will do.
    """

    name: str
    title: str
    text: str
    argument: str


def scenarios() -> list[ScenarioInfo]:
    """Each way the practice house can misbehave."""
    from ochp_desktop.practice.scenarios import SCENARIOS

    return [
        ScenarioInfo(one.name, _(one.title), _(one.text), _(one.argument) if one.argument and not one.default else "")
        for one in SCENARIOS.values()
    ]


def scenario_title(scenario: str) -> str:
    """What people call a scenario that is written as NAME or NAME:ARGUMENT, in the user's language."""
    name, _colon, argument = scenario.partition(":")
    title = next((one.title for one in scenarios() if one.name == name), name)
    return f"{title} ({argument})" if argument else title


def serve_practice(
    house_dir: Path,
    *,
    port: int,
    scenario: str | None,
    tls: tuple[Path, Path] | None,
    token_minutes: int | None,
    until_stdin_closes: bool,
) -> int:
    """Be the practice house in this process until told to end; prints one JSON line when ready.

    Args:
        house_dir: the house's own folder.
        port: 0 takes any free port.
        scenario: "NAME" or "NAME:ARGUMENT" of a way to misbehave, or None.
        tls: files of certificate and key, or None for plain HTTP.
        token_minutes: minutes without use after which an auth token ends; None for the usual half hour.
        until_stdin_closes: end when standard input does.
    """
    from ochp_desktop.practice.house import TOKEN_LIFETIME, serve

    lifetime = TOKEN_LIFETIME if token_minutes is None else 60.0 * token_minutes
    return serve(
        house_dir,
        port=port,
        scenario=scenario,
        tls=tls,
        token_lifetime=lifetime,
        until_stdin_closes=until_stdin_closes,
    )
