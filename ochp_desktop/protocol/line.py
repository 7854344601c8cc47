"""One connection under way: made, watched and shut down from any thread."""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import queue
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, unquote

from ochp_desktop.protocol.failures import Circumstances, Stage, Stop, explain, status_failed

_SLICE = 0.1  # seconds between two looks at a connection that is being made


class Line:
    """One exchange under way: its socket, how far it is, and who stopped it."""

    def __init__(self, host: str, seconds: float, deadline: float) -> None:
        """Set up.

        Args:
            host: whom people are told that nothing came from.
            seconds: how long the present stage waits for a sign of life.
            deadline: seconds for the whole exchange.
        """
        self.host = host
        self.stage = Stage.NAME
        self.sent = False
        self.stopped: Stop | None = None
        self.seconds = seconds
        self.mail: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._until = time.monotonic() + deadline
        self._watchdog: threading.Timer | None = None

    def watch(self) -> None:
        """Stop the exchange at its deadline, whatever it waits for then.

        Called once it may wait for long: while a request goes out, `check` looks at the clock between two pieces, and
        a thread that is started just then would keep it.
        """
        if self._watchdog is None:
            self._watchdog = threading.Timer(self._until - time.monotonic(), self.stop, [Stop.DEADLINE])
            self._watchdog.daemon = True
            self._watchdog.start()

    def end(self) -> None:
        """Nothing is waited for any more."""
        if self._watchdog is not None:
            self._watchdog.cancel()

    def hold(self, sock: socket.socket) -> None:
        """Remember the socket, so that a stop can shut it."""
        with self._lock:
            self._socket = sock
            if self.stopped is not None:
                self._shut()

    def stop(self, why: Stop) -> None:
        """End the exchange at once, from any thread; whatever waits for the socket wakes up."""
        with self._lock:
            if self.stopped is None:
                self.stopped = why
            self.mail.put(None)
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            # Past the TLS layer: that one is in use by the thread that waits, and not made for two.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def check(self) -> None:
        """Go no further when stopped, or past the deadline."""
        if self.stopped is None and time.monotonic() > self._until:
            self.stop(Stop.DEADLINE)
        if self.stopped is not None:
            raise ConnectionAbortedError

    def failure(self, error: BaseException) -> Exception:
        """What happened, for people."""
        about = Circumstances(self.host, self.stage, self.sent, self.stopped, self.seconds)
        return explain(error, about)


def resolve(line: Line, host: str, port: int, timeout: float) -> list[Any]:
    """Look the name up in a thread: the system's resolver can neither be stopped nor given a time limit."""

    def look_up() -> None:
        try:
            line.mail.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            line.mail.put(error)
        except UnicodeError:
            line.mail.put(socket.gaierror(f"no such name: {host}"))

    threading.Thread(target=look_up, daemon=True, name="look-up").start()
    try:
        found = line.mail.get(timeout=timeout)
    except queue.Empty:
        raise TimeoutError from None
    line.check()
    if isinstance(found, BaseException):
        raise found
    return list(found)


def connect(line: Line, host: str, port: int, timeout: float) -> socket.socket:
    """A connection to the first address of the host that takes one."""
    addresses = resolve(line, host, port, timeout)
    line.stage = Stage.CONNECT
    until = time.monotonic() + timeout
    failure: OSError = ConnectionRefusedError()
    for family, kind, protocol, _name, address in addresses:
        sock = socket.socket(family, kind, protocol)
        try:
            _attempt(line, sock, address, until)
        except OSError as error:
            sock.close()
            line.check()
            failure = error
        else:
            return sock
    raise failure


def _attempt(line: Line, sock: socket.socket, address: Any, until: float) -> None:
    """Connect in small steps, because a stop cannot wake a connection that is being made on every system."""
    sock.setblocking(False)
    sock.connect_ex(address)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_SLICE):
            line.check()
            if time.monotonic() > until:
                raise TimeoutError
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))  # Python makes it the fitting subclass
    line.hold(sock)
    line.check()
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def proxy_login(proxy: SplitResult) -> dict[str, str]:
    """The header that signs in at a proxy whose address carries a login; nothing else."""
    if not proxy.username:
        return {}
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(login.encode()).decode()}


def tunnel(sock: socket.socket, host: str, port: int, headers: Mapping[str, str]) -> None:
    """Ask the proxy at the other end of the socket for a way through to the host."""
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {name} HTTP/1.1", f"Host: {name}", *(f"{key}: {value}" for key, value in headers.items())]
    sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    with contextlib.closing(http.client.HTTPResponse(sock, method="CONNECT")) as response:
        response.begin()
        if response.status != http.HTTPStatus.OK:
            raise status_failed(response.status, host)
