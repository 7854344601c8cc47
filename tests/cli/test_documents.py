"""What README and handbook tell people to type is what the program takes."""

from __future__ import annotations

import shlex

import pytest

from ochp_desktop.cli.arguments import parse
from tests.cli.conftest import TOP, Desk, House

SHOWN = [
    line.strip().split("| ")[-1]
    for name in ("README.md", "docs/handbook.md")
    for line in (TOP / name).read_text("utf-8").splitlines()
    if line.startswith("    ") and "ochp-desktop " in line and not line.strip().startswith(".venv")
]


def test_commands_are_shown() -> None:
    assert len(SHOWN) > 8


@pytest.mark.parametrize("command", SHOWN)
def test_a_shown_command_is_taken(command: str) -> None:
    assert parse(shlex.split(command)[1:]).act


def test_the_first_upload_of_the_readme_works(house: House, desk: Desk) -> None:
    (line,) = [line for line in (TOP / "README.md").read_text("utf-8").splitlines() if "echo practice-" in line]
    password, command = line.strip().removeprefix("echo ").split(" | ")
    arguments = [house.url if "127.0.0.1" in one else one for one in shlex.split(command)[1:]]
    assert desk.run(*arguments, stdin=f"{password}\n").code == 0
