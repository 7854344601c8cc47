"""Real servers on loopback for the client: one that answers as scripted, and one that speaks raw bytes."""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ochp_desktop.protocol.client import Client
from ochp_desktop.protocol.codec import Message, read_message, write_fault, write_message
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.transport import Transport

DATA = Path(__file__).parent / "data"
PASSWORD = "geheim & <sicher>"
Reply = tuple[int, str, bytes]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes
    message: Message


@dataclass
class House:
    """A clearing house of few words: signs everybody in with the right password, answers what the test wants."""

    contract: Contract
    requests: list[Request] = field(default_factory=list)
    answers: dict[str, list[Callable[[Request], Reply]]] = field(default_factory=dict)
    url: str = ""
    tokens: int = 0

    def reply(self, operation: str, *, status: int = 200, rows: object = (), **values: str) -> Reply:
        out = io.BytesIO()
        texts = {"resultCode": "0", **values}
        write_message(out, self.contract, operation, reply=True, values=texts, rows=rows)  # type: ignore[arg-type]
        return status, self.contract.soap.content_type, out.getvalue()

    def fault(self, reason: str, *, sender: bool = True, subcode: str = "") -> Reply:
        out = io.BytesIO()
        write_fault(out, self.contract.soap, reason, sender=sender, subcode=subcode)
        return 500, self.contract.soap.content_type, out.getvalue()

    def then(self, operation: str, *answers: Callable[[Request], Reply] | Reply) -> None:
        """What the next calls of the operation get; afterwards the usual again."""
        made = [(lambda _request, reply=answer: reply) if isinstance(answer, tuple) else answer for answer in answers]
        self.answers.setdefault(operation, []).extend(made)

    def answer(self, request: Request) -> Reply:
        operation = request.message.operation or "?"
        waiting = self.answers.get(operation)
        if waiting:
            return waiting.pop(0)(request)
        if operation == "Authenticate":
            if request.message.values.get("password") != PASSWORD:
                return self.reply(operation, resultCode="1", resultDescription="No such user.", authToken="")
            self.tokens += 1
            return self.reply(operation, resultCode="0", authToken=f"token-number-{self.tokens}")
        return self.reply(operation, resultDescription="fine")

    def sent(self) -> list[str | None]:
        return [request.message.operation for request in self.requests]


@contextlib.contextmanager
def serve(house: House, context: ssl.SSLContext | None = None) -> Iterator[House]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = read_message(io.BytesIO(body), house.contract)
            request = Request(self.path, dict(self.headers), body, message)
            house.requests.append(request)
            self._give(house.answer(request))

        def do_GET(self) -> None:
            request = Request(self.path, dict(self.headers), b"", Message())
            house.requests.append(request)
            waiting = house.answers.get(self.path)
            self._give(waiting[0](request) if waiting else (404, "text/plain", b"nothing here"))

        def _give(self, reply: Reply) -> None:
            status, content_type, body = reply
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # clients that hang up are what the tests are about

        def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
            if context is None:
                super().finish_request(request, client_address)
                return
            # In the request's own thread: a client that breaks the handshake off must not stop the server.
            with context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    scheme, name = ("https", "localhost") if context else ("http", "127.0.0.1")
    house.url = f"{scheme}://{name}:{server.server_address[1]}/service"
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection what it is told, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()
    threads: list[threading.Thread] = []

    def work(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            talk(connection)

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _address = listener.accept()
            except TimeoutError:
                continue
            threads.append(threading.Thread(target=work, args=[connection], daemon=True))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/service"
    finally:
        over.set()
        acceptor.join()
        listener.close()
        for thread in threads:
            thread.join(12)


def read_request(connection: socket.socket) -> bytes:
    """One whole HTTP request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        got = connection.recv(65536)
        if not got:
            break
        body += got
    return body


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.load()


@pytest.fixture(scope="session")
def foreign() -> Contract:
    return Contract.load(DATA / "foreign.wsdl")


@pytest.fixture
def house(contract: Contract) -> Iterator[House]:
    with serve(House(contract)) as running:
        yield running


@pytest.fixture
def foreign_house(foreign: Contract) -> Iterator[House]:
    with serve(House(foreign)) as running:
        yield running


@pytest.fixture
def raw() -> Callable[[Callable[[socket.socket], None]], contextlib.AbstractContextManager[str]]:
    return raw_server


@pytest.fixture
def raw_request() -> Callable[[socket.socket], bytes]:
    return read_request


@pytest.fixture
def serving() -> Callable[..., contextlib.AbstractContextManager[House]]:
    def start(contract: Contract, context: ssl.SSLContext | None = None) -> contextlib.AbstractContextManager[House]:
        return serve(House(contract), context)

    return start


@pytest.fixture
def connect(contract: Contract) -> Callable[..., Client]:
    """A client for a house or an address."""

    def make(target: House | str, **options: object) -> Client:
        url = target if isinstance(target, str) else target.url
        spoken = contract if isinstance(target, str) else target.contract
        password = str(options.pop("password", PASSWORD))
        limits = options.pop("limits", None)
        quick = {"timeout_connect": 5.0, "timeout_read": 10.0, "deadline": 30.0, **options}
        return Client(url, spoken, lambda: ("desk", password), Transport(**quick), limits)  # type: ignore[arg-type]

    return make


@pytest.fixture
def token_rows() -> list[tuple[str, ...]]:
    return [
        (f"NL-TNM-{n:06d}-5", "2", "1", f"04{n:012X}", f"NL{n:08d}", "31/12/2027", f"{n:04d}", "1", "1", "")
        for n in range(25)
    ]


@pytest.fixture
def cdr_rows() -> list[tuple[str, ...]]:
    return [
        (f"C{n}", "2012-06-01T11:45:30+02:00", "2012-06-01T12:45:30+02:00", "", "7,2500", "Damrak 1", "", "Amsterdam",
         "NLD", "", "AC", "day", "", "NL-ESS-123456-7", "M1", "1-1:1.8.0", "CP1", "Ladenetz", "e-laad", "")
        for n in range(4)
    ]  # fmt: skip
