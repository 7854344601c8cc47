"""LibreOffice as a second opinion on files that we write; tests that need it are skipped where it is not installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed here")


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ochp-office-")


def converted(path: Path, kind: str, folder: Path, form: str = "") -> Path:
    """The file as LibreOffice understood it, saved anew as "xlsx", "fods" or "pdf"; `form` is how to read a .csv."""
    assert PROGRAM is not None
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [
            PROGRAM,
            f"-env:UserInstallation={Path(_home().name).as_uri()}",
            "--headless",
            *([f"--infilter={form}"] if form else []),
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(path),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    result = folder / f"{path.stem}.{kind}"
    assert result.exists(), done.stderr.decode(errors="replace")
    return result
