"""Commands speak the system's language, on every terminal; what they write for programs is the same in all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from ochp_desktop import texts
from ochp_desktop.cli import main
from ochp_desktop.records.cdrs import CDRS
from tests.cli.conftest import TOP

SAMPLE = TOP / "resources" / "samples" / "cdrs-november.xlsx"


def run(tmp_path: Path, language: str, encoding: str, *arguments: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "ochp_desktop", "--data-dir", str(tmp_path), *arguments],
        capture_output=True,
        encoding=encoding,
        env={**os.environ, "LANGUAGE": language, "PYTHONIOENCODING": encoding},
        timeout=100,
        check=False,
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
def test_marks_that_a_narrow_encoding_lacks_get_plainer(tmp_path: Path, encoding: str) -> None:
    """Windows gives files and pipes its old encodings, which know neither thin blanks nor curly apostrophes."""
    _out, err = run(tmp_path, "fr", encoding, "check", "absent.xlsx")
    blank, apostrophe = {"utf-8": ("\u202f", "’"), "cp1252": (" ", "’"), "cp850": (" ", "'")}[encoding]
    assert (
        err.strip()
        == f"Fichier introuvable{blank}: Le fichier absent.xlsx n{apostrophe}existe plus. Choisissez-en un autre."
    )


@pytest.mark.parametrize("code", texts.LANGUAGES)
def test_what_programs_read_is_the_same_in_every_language(tmp_path: Path, code: str) -> None:
    written = []
    for language in ("en", code):
        out = tmp_path / f"{language}.csv"
        found, err = run(tmp_path, language, "utf-8", "check", str(SAMPLE), "--json", "--today", "2026-11-26")
        assert not err
        document = json.loads(found)
        document.pop("notices", None)  # sentences, as the messages are
        for problem in document["problems"]:
            problem.pop("message")
        converted, err = run(tmp_path, language, "utf-8", "convert", str(SAMPLE), str(out), "--json")
        assert not err
        written.append((document, json.loads(converted).keys(), out.read_bytes()))
    assert written[0] == written[1]
    assert written[0][0]["errors"]


def test_the_report_of_a_command_has_the_protocols_names_as_headers(tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    run(tmp_path, "de", "utf-8", "check", str(SAMPLE), "--report", str(report))
    rows = openpyxl.load_workbook(report).worksheets[0].iter_rows(values_only=True)
    assert next(iter(rows)) == tuple(CDRS.names)


@pytest.mark.parametrize("code", [code for code in texts.LANGUAGES if code != "en"])
def test_help_and_wrong_use_are_told_in_the_systems_language(tmp_path: Path, code: str) -> None:
    """Also the words that argparse brings along."""
    shown, _err = run(tmp_path, code, "utf-8", "tokens", "upload", "--help")
    _out, wrong = run(tmp_path, code, "utf-8", "tokens", "upload", "x.csv", "--hub", "first", "--nonsense")
    unknown = run(tmp_path, code, "utf-8", "check", "x.csv", "--kind", "cards")[1]
    for english in ("usage:", "positional arguments", "options:", "show this help", "show the version"):
        assert english not in shown
    assert "argument " not in wrong.replace("arguments", "")
    assert "invalid choice" not in unknown


def test_the_language_of_a_command_stays_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets for argparse is not left behind for the programs that it starts."""
    monkeypatch.setenv("LANGUAGE", "de:fr")
    with pytest.raises(SystemExit):
        main(["--data-dir", str(tmp_path), "--help"])
    assert os.environ["LANGUAGE"] == "de:fr"
