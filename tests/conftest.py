"""What all tests share: English texts, and a data folder that is never the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop import texts


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCHP_DESKTOP_DATA", str(tmp_path / "data"))
    texts.use_language("en")
