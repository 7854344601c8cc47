"""What is printed shows texts; a terminal finds no orders in them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ochp_desktop import cli
from ochp_desktop.cli.output import Output
from ochp_desktop.errors import FileError

EVIL = "no\x1b]0;title\x07 \x9b31m red \u202ebackwards"


def test_words_of_others_give_no_orders_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(as_json=False)
    output.say(EVIL)
    output.remark(EVIL)
    output.failure(FileError("Title", EVIL))
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert "backwards" in text
        assert not set(text) & set("\x1b\x07\x9b\u202e")


def test_what_people_read_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Zürich:\t1\u202f234 kWh\n“42,0000” …"
    Output(as_json=False).say(text)
    assert capsys.readouterr().out == text + "\n"


def test_stopping_a_command_that_waits_prints_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "parse", lambda _given: SimpleNamespace(json=False, act=wait))
    assert cli.main([]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("Stopped")
    assert "Traceback" not in told.err
