"""What all tests share: English texts, and a data folder that is never the user's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ochp_desktop import texts

# A busy machine is no fault of the code; and where nobody watches, the same examples every time.
settings.register_profile(
    "calm",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
settings.load_profile("calm")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCHP_DESKTOP_DATA", str(tmp_path / "data"))
    texts.use_language("en")
