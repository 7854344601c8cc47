"""A connection that rests between two calls: used again when it is good, never at the price of certainty."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from ochp_desktop.errors import ConnectionFailed
from ochp_desktop.protocol import resting_line
from ochp_desktop.protocol.client import Client
from ochp_desktop.protocol.codec import write_message
from ochp_desktop.protocol.contract import Contract

Row = tuple[str, ...]
Connect = Callable[..., Client]
Raw = Callable[[Callable[[socket.socket], None]], AbstractContextManager[str]]


def _answer(contract: Contract, operation: str, promise: str = "Connection: keep-alive\r\n", **values: str) -> bytes:
    out = io.BytesIO()
    write_message(out, contract, operation, reply=True, values=values or {"resultCode": "0"})
    body = out.getvalue()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: {len(body)}\r\n{promise}\r\n"
    return head.encode() + body


class Talk:
    """Answers a sign-in, then AddCDRs, on each connection; `hangs_up` says after which request it ends one."""

    def __init__(self, contract: Contract, read: Callable[[socket.socket], bytes], *, unasked: bytes = b"") -> None:
        self._welcome = _answer(contract, "Authenticate", resultCode="0", authToken="t" * 20)
        self._taken = _answer(contract, "AddCDRs") + unasked
        self._read = read
        self.connections = 0
        self.requests = 0
        self.silent_from = 10_000
        self.hung_up = threading.Event()
        self.most = 10_000

    def __call__(self, connection: socket.socket) -> None:
        self.connections += 1
        for _request in range(self.most):
            body = self._read(connection)
            if not body:
                return
            self.requests += 1
            if self.requests >= self.silent_from:
                self.silent_from = 10_000
                return
            connection.sendall(self._welcome if b"Authenticate" in body else self._taken)
        connection.shutdown(socket.SHUT_RDWR)
        self.hung_up.set()


@pytest.fixture
def talk(contract: Contract, raw_request: Callable[[socket.socket], bytes]) -> Talk:
    def read(connection: socket.socket) -> bytes:
        try:
            return raw_request(connection) if connection.recv(1, socket.MSG_PEEK) else b""
        except OSError:
            return b""

    return Talk(contract, read)


def test_calls_follow_each_other_on_one_connection(connect: Connect, raw: Raw, talk: Talk, cdr_rows: list[Row]) -> None:
    with raw(talk) as url:
        client = connect(url)
        for _call in range(3):
            assert client.add_cdrs(cdr_rows).ok
        client.close()
    assert (talk.connections, talk.requests) == (1, 4)


def test_without_a_promise_none_is_kept(
    connect: Connect, raw: Raw, contract: Contract, talk: Talk, cdr_rows: list[Row]
) -> None:
    """Servers of old hang up after each answer and say nothing of it."""
    talk._taken = _answer(contract, "AddCDRs", promise="")
    talk._welcome = _answer(contract, "Authenticate", promise="", resultCode="0", authToken="t" * 20)
    with raw(talk) as url:
        client = connect(url)
        for _call in range(3):
            assert client.add_cdrs(cdr_rows).ok
        client.close()
    assert talk.connections == 4


def test_one_that_was_hung_up_is_not_used(connect: Connect, raw: Raw, talk: Talk, cdr_rows: list[Row]) -> None:
    talk.most = 2
    with raw(talk) as url:
        client = connect(url)
        assert client.add_cdrs(cdr_rows).ok
        assert talk.hung_up.wait(10)
        assert client.add_cdrs(cdr_rows).ok
        client.close()
    assert talk.connections == 2


def test_one_that_has_rested_too_long_is_not_used(
    connect: Connect, raw: Raw, talk: Talk, cdr_rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting_line, "RESTS", -1.0)
    with raw(talk) as url:
        client = connect(url)
        assert client.add_cdrs(cdr_rows).ok
        client.close()
    assert talk.connections == 2


def test_silence_on_it_leaves_the_request_in_doubt_and_happens_once(
    connect: Connect, raw: Raw, talk: Talk, cdr_rows: list[Row]
) -> None:
    """The whole request had left: sending it again unasked could store it twice."""
    talk.silent_from = 3
    with raw(talk) as url:
        client = connect(url)
        assert client.add_cdrs(cdr_rows).ok
        with pytest.raises(ConnectionFailed) as caught:
            client.add_cdrs(cdr_rows)
        assert caught.value.sent
        assert talk.requests == 3
        for _call in range(2):
            assert client.add_cdrs(cdr_rows).ok
        client.close()
    assert talk.connections == 3, "from then on each call has a connection of its own"


def test_what_came_unasked_is_no_answer_to_the_next_call(
    connect: Connect, raw: Raw, contract: Contract, talk: Talk, cdr_rows: list[Row]
) -> None:
    talk._taken += _answer(contract, "AddCDRs", resultCode="7", resultDescription="old")
    with raw(talk) as url:
        client = connect(url)
        for _call in range(3):
            assert client.add_cdrs(cdr_rows).ok
        client.close()


def test_a_request_made_ready_is_written_anew_for_another_token(
    house: Any, connect: Connect, cdr_rows: list[Row]
) -> None:
    client = connect(house)
    client.sign_in()
    ready = client.prepare_cdrs(cdr_rows)
    before = client._token
    client.sign_in()
    assert client.add_cdrs(cdr_rows, ready=ready).ok
    assert before != client._token
    assert house.requests[-1].message.token == client._token
    assert house.sent() == ["Authenticate", "Authenticate", "AddCDRs"]


def test_the_deadline_counts_on_it_as_well(connect: Connect, raw: Raw, talk: Talk, cdr_rows: list[Row]) -> None:
    over = threading.Event()
    read = talk._read

    def read_and_wait(connection: socket.socket) -> bytes:
        body = read(connection)
        if talk.requests == 2 and body:
            over.wait(10)  # the third gets no answer
        return body

    talk._read = read_and_wait
    with raw(talk) as url:
        client = connect(url)
        assert client.add_cdrs(cdr_rows).ok
        client._transport.deadline = 0.2
        with pytest.raises(ConnectionFailed, match="did not come to its end in time") as caught:
            client.add_cdrs(cdr_rows)
        over.set()
        client.close()
    assert caught.value.sent
    assert talk.connections == 1
