"""Passwords: in the operating system's key store, or for this session only; never in a file of ours."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ochp_desktop.texts import _

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# Windows' Credential Manager holds 2,560 bytes of UTF-16.
WINDOWS_LIMIT = 1280
_NO_STORE = ("keyring.backends.fail", "keyring.backends.null")


class Credentials:
    """The passwords of the profiles.

    Guarantees: a password is written to the system's key store or nowhere; where there is no key store, or it
    refuses, it is kept in memory until the program ends, and `available` says so. No method raises.

    A locked key store waits for its owner: call these methods from a worker thread.
    """

    def __init__(self, service: str, backend: KeyringBackend | None = None) -> None:
        """Prepare; the key store is looked for at the first use.

        Args:
            service: the name under which the key store lists our passwords.
            backend: the key store to use, None for the system's.
        """
        self._service = service
        self._backend: Any = backend
        self._looked = backend is not None
        self._session: dict[tuple[str, str], str] = {}
        self._trouble = ""
        self._lock = threading.RLock()

    def available(self) -> tuple[bool, str]:
        """Whether passwords outlive the session, and a sentence that says where they are kept or why they are not."""
        with self._lock:
            if self._store() is None:
                return False, _(
                    "This computer has no key store that the program can use, so the password is kept for this "
                    "session only."
                )
            if self._trouble:
                return False, self._trouble
            return True, _("The password is kept in this computer's key store.")

    def get(self, profile_name: str, user: str) -> str | None:
        """The password, or None when there is none."""
        with self._lock:
            if (profile_name, user) in self._session:
                return self._session[profile_name, user]
            store = self._store()
            if store is None:
                return None
            with self._calm():
                password: str | None = store.get_password(self._name(profile_name), user)
                return password
            return None

    def set(self, profile_name: str, user: str, password: str) -> bool:
        """Keep the password: True when it is in the key store, False when for this session only."""
        with self._lock:
            store = self._store()
            if store is not None and self._fits(store, password):
                self._trouble = ""
                with self._calm():
                    store.set_password(self._name(profile_name), user, password)
                    self._session.pop((profile_name, user), None)
                    return True
            self._session[profile_name, user] = password
            if store is not None:
                # An older password that stayed in the key store would be tried at the next start.
                trouble = self._trouble
                self._delete(store, profile_name, user)
                self._trouble = trouble
            return False

    def forget(self, profile_name: str, user: str) -> None:
        """Remove the password from everywhere."""
        with self._lock:
            self._session.pop((profile_name, user), None)
            store = self._store()
            if store is not None:
                self._delete(store, profile_name, user)

    def _name(self, profile_name: str) -> str:
        return f"{self._service}: {profile_name}"

    def _delete(self, store: Any, profile_name: str, user: str) -> None:
        with self._calm():
            if store.get_password(self._name(profile_name), user) is not None:
                store.delete_password(self._name(profile_name), user)

    def _fits(self, store: Any, password: str) -> bool:
        if not type(store).__module__.startswith("keyring.backends.Windows"):
            return True
        if len(password.encode("utf-16-le", "surrogatepass")) <= 2 * WINDOWS_LIMIT:
            return True
        self._trouble = _(
            "The password is longer than Windows can keep ({most} characters), so it is kept for this session only."
        ).format(most=WINDOWS_LIMIT)
        return False

    @contextlib.contextmanager
    def _calm(self) -> Iterator[None]:
        """Turn every failure of the key store into a sentence: its libraries raise anything."""
        try:
            yield
        except Exception:  # noqa: BLE001 - back ends pass on errors of D-Bus, COM and the keychain alike
            self._trouble = _(
                "This computer's key store did not answer or is locked, so the password is kept for this session only."
            )

    def _store(self) -> Any:
        """The key store to use, or None."""
        if not self._looked:
            self._looked = True
            # Finding one loads D-Bus or system libraries, which fail in their own ways.
            with contextlib.suppress(Exception):
                import keyring

                self._backend = keyring.get_keyring()
        usable = _usable(self._backend)
        return usable[0] if usable else None


def _usable(backend: Any) -> list[Any]:
    """The key stores behind a back end that keep passwords safely; those that keep none, or in plain files, are out."""
    if backend is None:
        return []
    module = type(backend).__module__
    if module.startswith("keyring.backends.chainer"):
        return [store for inner in getattr(backend, "backends", ()) for store in _usable(inner)]
    if module in _NO_STORE or module.startswith("keyrings."):
        return []
    return [backend]
