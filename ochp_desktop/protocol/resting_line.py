"""The connection of an exchange that has ended, kept for the next one."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time

from ochp_desktop.protocol.line import Line

RESTS = 5.0  # seconds; servers hang up after some more

Address = tuple[str, str, bool]
"""Where a connection leads: scheme, server, and whether it is the house itself."""


class RestingLine:
    """At most one connection at rest; may be used from many threads.

    Attributes:
        wanted: whether connections are kept at all. A house that hangs up on one it had promised to keep leaves the
            fate of a request in doubt, so that happens once at most.
    """

    def __init__(self) -> None:
        self.wanted = True
        self._lock = threading.Lock()
        self._kept: tuple[socket.socket, Address, float] | None = None

    def __del__(self) -> None:
        """Leave no connection open."""
        self.close()

    def keep(self, sock: socket.socket, address: Address) -> None:
        """Let this one rest, in place of any other."""
        self.close()
        with self._lock:
            self._kept = sock, address, time.monotonic() + RESTS

    def take(self, line: Line, address: Address) -> socket.socket | None:
        """The one that rests, held by the line from now on; None when it leads elsewhere or is not good any more."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is None:
            return None
        sock, leads_to, until = kept
        if leads_to != address or time.monotonic() > until or not self.wanted or _says_something(sock):
            sock.close()
            return None
        line.hold(sock)
        return sock

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None:
            kept[0].close()

    def give_up(self) -> None:
        """Keep none any more."""
        self.wanted = False
        self.close()


def _says_something(sock: socket.socket) -> bool:
    """Whether there is anything to read: before anything was asked that is the end, or does not belong there."""
    with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))
    return True
