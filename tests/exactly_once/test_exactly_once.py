"""The proof: whatever breaks between journal and house, each record is there exactly once and the journal knows it.

A failure names its seed; `OCHP_SEED=n pytest tests/exactly_once` plays that round alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .arena import Arena, Failure, Round

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="clients are forked")

FEW, MANY = 20, 500
FIRST_SEED = int(os.environ.get("OCHP_SEED", "1"))
ALONE = "OCHP_SEED" in os.environ


def prove(folder: Path, faults: int, first: int) -> Arena:
    """Play rounds until so many faults have happened."""
    with Arena(folder) as arena:
        seed, happened = first, 0
        failures: list[str] = []
        while happened < faults:
            one = Round(arena, seed)
            try:
                one.play()
            except Failure as failure:
                failures.append(str(failure))
            happened += one.faults
            seed += 1
            if ALONE:
                break
        assert not failures, "\n".join(failures)
    return arena


def test_a_few_faults(tmp_path: Path) -> None:
    arena = prove(tmp_path, FEW, FIRST_SEED)
    assert ALONE or sum(arena.happened.values()) >= FEW


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_faults(tmp_path: Path) -> None:
    arena = prove(tmp_path, MANY, FIRST_SEED + 1000)
    assert sum(arena.happened.values()) >= MANY
    assert len(arena.happened) == 6, "every kind of fault happened"
    (tmp_path / "faults.txt").write_text("\n".join(f"{kind}: {count}" for kind, count in arena.happened.items()))
    print(dict(arena.happened))  # noqa: T201 - for whoever runs it by hand with -s
