"""HTTP to the clearing house: verified TLS, streamed upload, time limits, and a stop from any thread.

Built on `http.client`, because every socket must be ours from its first packet on: that is what
makes a stop immediate, and tells for certain whether a request may have reached the house.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

from ochp_desktop import __version__
from ochp_desktop.errors import ConnectionFailed, ContractError
from ochp_desktop.protocol.addresses import is_loopback, path_of, same_server, shown, split_address
from ochp_desktop.protocol.failures import Stage, Stop, status_failed
from ochp_desktop.protocol.line import Line, connect, proxy_login, resolve, tunnel
from ochp_desktop.protocol.resting_line import RestingLine
from ochp_desktop.protocol.tls import Trust
from ochp_desktop.texts import _

BLOCK = 65536
MAX_REDIRECTS = 5

Progress = Callable[[int, int | None], None]


class Answer:
    """An HTTP answer whose body is still to be read.

    Attributes:
        status: the HTTP status.
        content_type: its media type, lower case, without parameters.
        location: where a redirect points to.
    """

    def __init__(self, response: http.client.HTTPResponse, line: Line) -> None:
        self._response = response
        self._line = line
        self.status = response.status
        self.content_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        self.location = response.getheader("Location") or ""

    @property
    def length(self) -> int | None:
        """Bytes that are still to come, if the server said so."""
        return self._response.length

    def chunks(self) -> Iterator[bytes]:
        """The body, as it arrives; a connection that ends too early raises."""
        while data := self._response.read1(BLOCK):
            yield data
        if self._response.length:
            raise http.client.IncompleteRead(b"", self._response.length)
        if self._response.length is None and not self._response.chunked:
            # Only the end of the connection ends such a body: a stop must not pass for it.
            self._line.check()


class Transport:
    """Exchanges with one clearing house, each on a connection of its own, or where wanted on the one before.

    Certificates are always verified; only TLS 1.2 and newer is spoken. Proxies are the system's, but never for this
    very computer. Redirects are followed for documents only.
    """

    def __init__(
        self,
        *,
        ca_file: str | Path | None = None,
        cert_file: str | Path | None = None,
        key_file: str | Path | None = None,
        key_password: str | None = None,
        timeout_connect: float = 15.0,
        timeout_read: float = 300.0,
        deadline: float = 3600.0,
        proxies: Mapping[str, str] | None = None,
    ) -> None:
        """Set up; no file is read before the first secure connection.

        Args:
            ca_file: PEM file of the authorities to trust at the house, instead of the system's.
            cert_file: PEM file of our client certificate.
            key_file: PEM file of its key, when it is not in the same file.
            key_password: what the key is encrypted with.
            timeout_connect: seconds for name, connection and TLS, each.
            timeout_read: seconds without a sign of life before an exchange is given up.
            deadline: seconds for a whole exchange.
            proxies: scheme -> proxy URL; None means the system's.
        """
        self._trust = Trust(ca_file or None, cert_file or None, key_file or None, key_password)
        self.timeout_connect = timeout_connect
        self.timeout_read = timeout_read
        self.deadline = deadline
        self._proxies = proxies
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._lines: set[Line] = set()
        self._lock = threading.Lock()
        self._resting = RestingLine()
        self.stop_asked: Callable[[], bool] = lambda: False

    def cancel(self) -> None:
        """Stop every exchange under way, from any thread; each raises Cancelled. Later ones are not affected."""
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            line.stop(Stop.USER)

    def hang_up(self) -> None:
        """Close the connection that is kept for the next exchange."""
        self._resting.close()

    @contextlib.contextmanager
    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        body: BinaryIO | None = None,
        length: int = 0,
        progress: Progress | None = None,
        own: bool = True,
        deadline: float | None = None,
        keep: bool = False,
    ) -> Iterator[Answer]:
        """Send a request and yield the answer, whose body is read inside the `with`.

        Args:
            method: GET or POST.
            url: an http or https address.
            headers: further headers.
            body: what to send, from where it stands; read as it goes.
            length: its bytes.
            progress: told (bytes sent, length) as the body goes out.
            own: whether this is the house itself: only there the client certificate is shown.
            deadline: seconds for the whole exchange; the transport's own when None.
            keep: whether the connection of the exchange before may be used again, and this one kept for the next,
                where the house says in so many words that it keeps it.

        Raises:
            ConnectionFailed: no connection or no whole answer; its `sent` tells whether the request may have arrived.
            Cancelled: stopped by `cancel`; the same `sent`.
            UsageError: the address is none.
            FileError: a certificate file cannot be used.
        """
        target = split_address(url)
        host = str(target.hostname)
        context = self._context(own=own) if target.scheme.lower() == "https" else None
        line = Line(host, self.timeout_connect, deadline or self.deadline)
        address = (target.scheme.lower(), target.netloc.lower(), own)
        start = body.tell() if body is not None else 0
        with self._watched(line), contextlib.ExitStack() as stack:

            def attempt(sock: socket.socket, path: str, extra: Mapping[str, str]) -> http.client.HTTPResponse:
                stack.callback(sock.close)
                line.stage, line.seconds = Stage.SEND, self.timeout_read
                sock.settimeout(self.timeout_read)
                connection = http.client.HTTPConnection(host, target.port)
                connection.sock = sock
                connection.auto_open = 0
                said = {"Connection": "keep-alive" if keep and self._resting.wanted else "close", **headers, **extra}
                return _send(line, connection, method, path, said, body, length, progress)

            response = None
            sock = self._resting.take(line, address) if keep else None
            if sock is not None:
                try:
                    response = attempt(sock, path_of(target), {})
                except (OSError, http.client.HTTPException):
                    # It hung up between the two exchanges. What it cannot have read whole is sent on a new one.
                    self._resting.give_up()
                    if line.sent or line.stopped is not None:
                        raise
                    if body is not None:
                        body.seek(start)
            if response is None:
                sock, path, extra = self._open(line, target, context)
                response = attempt(sock, path, extra)
            assert sock is not None
            with contextlib.closing(response):
                yield Answer(response, line)
                # One that says nothing of it may hang up, and what is sent on a dead connection is in doubt.
                promised = "keep-alive" in (response.getheader("Connection") or "").lower()
                whole = response.isclosed() or response.length == 0
                kept = promised and whole and not response.will_close and line.stopped is None
            if keep and kept and self._resting.wanted and self._proxy(target) is None:
                stack.pop_all()
                self._resting.keep(sock, address)

    def fetch(self, url: str, limit: int, *, own: bool = True, progress: Progress | None = None) -> bytes:
        """The content of a web address, redirects followed; no login is sent anywhere.

        Args:
            url: an http or https address.
            limit: most bytes.
            own: whether this is the house itself: only there the client certificate is shown.
            progress: told (bytes read, total or None).

        Raises:
            ConnectionFailed, Cancelled, UsageError, FileError: as for `exchange`.
        """
        for _redirect in range(MAX_REDIRECTS + 1):
            with self.exchange("GET", url, {"Accept": "*/*"}, own=own) as answer:
                if answer.status in {301, 302, 303, 307, 308} and answer.location:
                    following = urljoin(url, answer.location)
                    if urlsplit(url).scheme.lower() == "https" and urlsplit(following).scheme.lower() != "https":
                        raise status_failed(answer.status, str(urlsplit(url).hostname), shown(following))
                    own = own and same_server(url, following)
                    url = following
                    continue
                if answer.status != http.HTTPStatus.OK:
                    raise status_failed(answer.status, str(urlsplit(url).hostname))
                return _collect(answer, limit, progress)
        raise ConnectionFailed(_("Not found"), _("The address leads from one place to the next without end."))

    def look_up(self, url: str) -> None:
        """Only look the address's name up (the proxy's, where one is on the way), for a diagnosis.

        Raises:
            ConnectionFailed, Cancelled, UsageError: as for `exchange`.
        """
        target = split_address(url)
        server = self._proxy(target) or target
        line = Line(str(server.hostname), self.timeout_connect, self.deadline)
        with self._watched(line):
            line.watch()
            resolve(line, line.host, server.port or 0, self.timeout_connect)

    def connect(self, url: str, *, secure: bool = True) -> None:
        """Only connect to an address, with TLS where it is https and `secure`, and hang up, for a diagnosis.

        Raises:
            ConnectionFailed, Cancelled, UsageError, FileError: as for `exchange`.
        """
        target = split_address(url)
        context = self._context(own=True) if secure and target.scheme.lower() == "https" else None
        line = Line(str(target.hostname), self.timeout_connect, self.deadline)
        with self._watched(line):
            sock, _path, _extra = self._open(line, target, context)
            sock.close()

    @contextlib.contextmanager
    def _watched(self, line: Line) -> Iterator[None]:
        """Let `cancel` and the deadline reach the exchange inside, and translate what goes wrong in it."""
        with self._lock:
            self._lines.add(line)
        try:
            # A stop that was asked for before the line was known to `cancel` is seen here.
            if self.stop_asked():
                line.stop(Stop.USER)
                line.check()
            yield
        except (OSError, http.client.HTTPException) as error:
            raise line.failure(error) from error
        except Exception as error:
            # A stop makes readers of the answer see a cut-off message: what happened is the stop.
            if line.stopped is not None:
                raise line.failure(error) from error
            raise
        finally:
            line.end()
            with self._lock:
                self._lines.discard(line)

    def _open(
        self, line: Line, target: SplitResult, context: ssl.SSLContext | None
    ) -> tuple[socket.socket, str, dict[str, str]]:
        """A connected socket, what to ask for, and headers for a proxy on the way."""
        line.watch()
        host = str(target.hostname)
        port = target.port or (443 if target.scheme.lower() == "https" else 80)
        path = path_of(target)
        proxy = self._proxy(target)
        extra = {} if proxy is None else proxy_login(proxy)
        if proxy is None:
            sock = connect(line, host, port, self.timeout_connect)
        else:
            line.host = str(proxy.hostname)
            sock = connect(line, line.host, proxy.port or 8080, self.timeout_connect)
            line.host = host
        try:
            sock.settimeout(self.timeout_connect)
            if proxy is not None and context is None:
                return sock, f"http://{target.netloc}{path}", extra
            if proxy is not None:
                tunnel(sock, host, port, extra)
            if context is not None:
                line.stage = Stage.TLS
                sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
                line.hold(sock)
                sock.do_handshake()
            line.check()
        except BaseException:
            sock.close()
            raise
        return sock, path, {}

    def _proxy(self, target: SplitResult) -> SplitResult | None:
        host = str(target.hostname)
        if is_loopback(host):
            return None
        if self._proxies is None:
            proxies: Mapping[str, str] = urllib.request.getproxies()
            if urllib.request.proxy_bypass(target.netloc):
                return None
        else:
            proxies = self._proxies
        url = proxies.get(target.scheme.lower()) or proxies.get("all")
        if not url:
            return None
        proxy = urlsplit(url if "://" in url else f"http://{url}")
        if proxy.scheme.lower() != "http" or not proxy.hostname:
            raise ConnectionFailed(
                _("Proxy not usable"),
                _("Your system names a proxy of a kind that this program cannot use. An HTTP proxy works."),
            )
        return proxy

    def _context(self, *, own: bool) -> ssl.SSLContext:
        context = self._contexts.get(own)
        if context is None:
            context = self._contexts[own] = self._trust.context(own=own)
        return context


def _collect(answer: Answer, limit: int, progress: Progress | None) -> bytes:
    total = answer.length
    content = bytearray()
    for data in answer.chunks():
        content += data
        if len(content) > limit:
            raise ConnectionFailed(
                _("Too large"),
                _("The document is larger than {size} MB and was not loaded.").format(size=max(limit // 1_000_000, 1)),
            )
        if progress is not None:
            progress(len(content), total)
    return bytes(content)


def _send(
    line: Line,
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: BinaryIO | None,
    length: int,
    progress: Progress | None,
) -> http.client.HTTPResponse:
    sent = {
        "User-Agent": f"OCHP-Desktop/{__version__}",
        "Accept-Encoding": "identity",
        **headers,
    }
    if body is not None:
        sent["Content-Length"] = str(length)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
    except ValueError as error:
        raise ContractError(
            _("WSDL not usable"), _("Its SOAP action has characters that HTTP cannot carry."), str(error)
        ) from error
    try:
        connection.endheaders()
        done = 0
        while body is not None and (block := body.read(BLOCK)):
            line.check()
            done += len(block)
            # Without its last block no request can be understood; from here on it may be.
            line.sent = line.sent or done >= length
            connection.send(block)
            if progress is not None:
                progress(done, length)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
        # A server that does not want the request may say why and hang up in the middle of it.
        line.check()
        try:
            return _answer(line, connection)
        except ssl.SSLError as error:
            if error.reason and "EOF" not in error.reason:
                raise
        except (OSError, http.client.HTTPException):
            pass
        raise
    line.stage = Stage.ANSWER
    return _answer(line, connection)


def _answer(line: Line, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
    line.watch()
    return connection.getresponse()
