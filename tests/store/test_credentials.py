"""Passwords: in a key store that keeps them, else for the session only, and never on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from ochp_desktop.store.credentials import WINDOWS_LIMIT, Credentials


class Memory(KeyringBackend):
    """A key store in memory; locked ones fail as the real ones do."""

    priority = 0.5  # type: ignore[assignment]  # a plain number, where keyring declares a property

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        try:
            del self.kept[service, username]
        except KeyError as problem:
            raise PasswordDeleteError from problem

    def _look(self) -> None:
        if self.locked:
            raise KeyringLocked


class Plain(Memory):
    """Passes for one of keyrings.alt, which write passwords into plain files."""

    priority = 0.1  # type: ignore[assignment]  # as above


Plain.__module__ = "keyrings.alt.file"


class Windows(Memory):
    """Passes for the key store of Windows."""


Windows.__module__ = "keyring.backends.Windows"


def test_a_password_is_kept_in_the_key_store() -> None:
    store = Memory()
    credentials = Credentials("OCHP Desktop", store)
    assert credentials.available()[0]
    assert credentials.get("House", "me") is None
    assert credentials.set("House", "me", "secret")
    assert store.kept == {("OCHP Desktop: House", "me"): "secret"}
    assert Credentials("OCHP Desktop", store).get("House", "me") == "secret"
    credentials.forget("House", "me")
    credentials.forget("House", "me")
    assert store.kept == {}
    assert credentials.get("House", "me") is None
    assert credentials.available()[0]


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring, Plain])
def test_a_store_that_keeps_nothing_safely_is_none(backend: type[KeyringBackend]) -> None:
    credentials = Credentials("OCHP Desktop", backend())
    there, sentence = credentials.available()
    assert not there
    assert "this session only" in sentence
    assert not credentials.set("House", "me", "secret")
    assert credentials.get("House", "me") == "secret"
    credentials.forget("House", "me")
    assert credentials.get("House", "me") is None


def test_a_chain_is_as_good_as_its_first_safe_store(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = keyring.backends.chainer.ChainerBackend()
    inner: list[KeyringBackend] = [Plain()]
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", inner)
    assert not Credentials("OCHP Desktop", chain).available()[0]
    store = Memory()
    inner.append(store)
    assert Credentials("OCHP Desktop", chain).set("House", "me", "secret")
    assert store.kept
    assert inner[0].get_password("OCHP Desktop: House", "me") is None


def test_a_locked_store_means_this_session_only_and_is_tried_again() -> None:
    store = Memory()
    credentials = Credentials("OCHP Desktop", store)
    credentials.set("House", "me", "old")
    store.locked = True
    assert Credentials("OCHP Desktop", store).get("House", "me") is None
    assert not credentials.set("House", "me", "new")
    there, sentence = credentials.available()
    assert not there
    assert "locked" in sentence
    assert "new" not in sentence
    assert credentials.get("House", "me") == "new"
    store.locked = False
    assert credentials.set("House", "me", "new")
    assert credentials.available()[0]
    assert Credentials("OCHP Desktop", store).get("House", "me") == "new"


def test_what_windows_cannot_hold_is_kept_for_the_session_and_the_old_one_goes() -> None:
    store = Windows()
    credentials = Credentials("OCHP Desktop", store)
    assert credentials.set("House", "me", "x" * WINDOWS_LIMIT)
    assert not credentials.set("House", "me", "x" * (WINDOWS_LIMIT + 1))
    assert store.kept == {}
    assert "1280" in credentials.available()[1]
    assert len(credentials.get("House", "me") or "") == WINDOWS_LIMIT + 1
    assert not credentials.set("House", "me", "🔌" * (WINDOWS_LIMIT // 2 + 1))


def test_the_library_is_loaded_only_when_a_password_is_asked_for(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from ochp_desktop.store.credentials import Credentials\n"
        "c = Credentials('OCHP Desktop')\n"
        "assert 'keyring' not in sys.modules\n"
        "assert c.set('House', 'me', 'secret') is False\n"
        "assert c.get('House', 'me') == 'secret'\n"
        "print('keyring' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "HOME": str(tmp_path),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
    )
    assert done.stdout == "True\n"
    assert not any(b"secret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
