"""The web server that carries the practice house: cheroot with threads, limits, optional TLS, and a way to hang up."""

from __future__ import annotations

import logging
import os
import queue
import socket
from pathlib import Path
from typing import Any

from cheroot import wsgi
from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter

from ochp_desktop.practice.server import Application, HangUp

log = logging.getLogger(__name__)

THREADS = 8
IDLE_TIMEOUT = 30  # seconds that a silent connection is kept
MAX_HEADERS = 1 << 16
STOP_TIMEOUT = 1  # seconds that running requests get when the house stops
_CLOSE = (b"Connection", b"close")


class _Connection(HTTPConnection):
    """Forgets what could not be written to a caller that has hung up; else its writer tries again when it dies."""

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.wfile.raw.close()


class _Gateway(wsgi.Gateway_10):
    """Lets the application close the connection instead of answering."""

    def respond(self) -> None:
        response = self.req.server.wsgi_app(self.env, self.start_response)
        if isinstance(response, HangUp):
            self.req.close_connection = True
            self.req.sent_headers = True  # keeps cheroot from sending any
            return
        if _CLOSE in self.req.outheaders:
            self.req.close_connection = True  # else cheroot reads what is left of the request into memory
        try:
            for piece in response:
                if piece:
                    self.write(piece)
        finally:
            self.req.ensure_headers_sent()
            close = getattr(response, "close", None)
            if close is not None:
                close()


class _Server(wsgi.Server):
    """Closes its socket when the port is taken; cheroot's own forgets it."""

    ConnectionClass = _Connection

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: Any) -> socket.socket:
        _let_port_be_taken_again(socket_)
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_


def make_server(address: tuple[str, int], application: Application, tls: tuple[Path, Path] | None) -> Any:
    """A cheroot server for the application; not yet listening.

    Args:
        address: host and port; port 0 for any that is free.
        application: the house.
        tls: files of certificate and key, or None for plain HTTP.
    """
    server = _Server(
        address,
        application,
        numthreads=THREADS,
        timeout=IDLE_TIMEOUT,
        shutdown_timeout=STOP_TIMEOUT,
        request_queue_size=64,
    )
    server.gateway = _Gateway
    server.error_log = _log  # type: ignore[method-assign, assignment]  # cheroot's documented way; its stub is strict
    server.max_request_header_size = MAX_HEADERS
    # Also how long a stop may go unnoticed, and on Windows a request on a connection that was kept.
    server.expiration_interval = 0.1 if os.name == "posix" else 0.01
    if tls is not None:
        server.ssl_adapter = BuiltinSSLAdapter(str(tls[0]), str(tls[1]))
    return server


def _let_port_be_taken_again(sock: socket.socket) -> None:
    """Cheroot leaves this out for a free port, but a house that dies wants the same port again."""
    if os.name == "posix":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def hang_up(stopped: Any) -> None:
    """Close the connections that a stopped server took and nobody served: their callers would wait for ever."""
    waiting = stopped.requests._queue  # noqa: SLF001 - cheroot forgets them and has no public way to them
    while True:
        try:
            connection = waiting.get_nowait()
        except queue.Empty:
            return
        if hasattr(connection, "close"):
            connection.close()


def _log(message: str = "", level: int = logging.INFO, *, traceback: bool = False) -> None:
    """Cheroot's own log: callers that hang up are everyday life here, only our own bugs are worth a line."""
    if level >= logging.ERROR:
        log.log(level, message, exc_info=traceback)
