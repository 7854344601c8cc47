"""Only one program writes the drafts of a folder; a store that is opened again in the same one is no other program."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ochp_desktop.errors import StoreError
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store import claim
from ochp_desktop.store.claim import Claim

HOLDS = """
import sys
from pathlib import Path
from ochp_desktop.store.claim import Claim
held = Claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDS, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_program_keeps_us_away_until_it_ends(tmp_path: Path) -> None:
    with other_program(tmp_path):
        place = Workplace.open(tmp_path)
        with pytest.raises(StoreError, match="Close it there"):
            place.claim_drafts()
        place.close()
        assert "drafts.lock" in {path.name for path in tmp_path.iterdir()}
    place = Workplace.open(tmp_path)
    place.claim_drafts()
    place.close()


def test_the_same_program_may_open_a_store_again_before_it_has_closed_it(tmp_path: Path) -> None:
    one, other = Workplace.open(tmp_path), Workplace.open(tmp_path)
    one.claim_drafts()
    other.claim_drafts()
    one.close()
    code = subprocess.run([sys.executable, "-c", HOLDS, str(tmp_path)], input="", capture_output=True, check=False)
    assert b"Already open" in code.stderr, "the second still has it"
    other.close()
    with other_program(tmp_path):
        pass


def test_a_disk_that_knows_no_locks_is_used_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = Claim(tmp_path / "not" / "there"), Claim(tmp_path / "not" / "there")
    for one in claims:
        one.release()
        one.release()
    assert not claim._held
