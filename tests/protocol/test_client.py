"""The client against real servers on loopback: calls, sign-in, faults, broken answers, stops."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from ochp_desktop.errors import (
    Cancelled,
    ConnectionFailed,
    ContractError,
    HouseRefused,
    OchpError,
    SignInFailed,
    UsageError,
)
from ochp_desktop.protocol.client import Client
from ochp_desktop.protocol.codec import Limits, RecordCodec, UnwritableText, write_message
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.transport import Transport

PASSWORD = "geheim & <sicher>"
FOREIGN = "{http://clearing.example/ochp/2012/}"
Row = tuple[str, ...]
Connect = Callable[..., Client]
Raw = Callable[[Callable[[socket.socket], None]], contextlib.AbstractContextManager[str]]


def _http(
    body: bytes, status: str = "200 OK", content_type: str = "application/soap+xml", length: int | None = None
) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def _signed_in(contract: Contract) -> bytes:
    out = io.BytesIO()
    write_message(out, contract, "Authenticate", reply=True, values={"resultCode": "0", "authToken": "raw-token-1"})
    return _http(out.getvalue())


# ---- the six operations ---------------------------------------------------------------------------------------------


def test_all_operations_with_one_sign_in(
    house: Any, connect: Connect, token_rows: list[Row], cdr_rows: list[Row]
) -> None:
    client = connect(house)
    assert not client.signed_in
    seen: list[tuple[int, int | None]] = []
    assert client.set_list(token_rows, lambda done, total: seen.append((done, total))).ok
    assert client.signed_in
    assert seen[-1][0] == seen[-1][1] == len(house.requests[-1].body)
    assert client.add_cdrs(cdr_rows).description == "fine"
    assert client.clear_cdrs().code == 0
    house.then("GetRoamingAuthorisationList", house.reply("GetRoamingAuthorisationList", rows=token_rows))
    assert client.get_list(lambda done, total: seen.append((done, total))) == token_rows
    assert seen[-1] == (25, 25)
    house.then("GetCDRs", house.reply("GetCDRs", rows=cdr_rows, docLink="http://127.0.0.1/a.pdf"))
    statement = client.get_cdrs()
    assert (statement.rows, statement.doc_link) == (cdr_rows, "http://127.0.0.1/a.pdf")
    assert client.get_cdrs().rows == []
    assert house.sent() == [
        "Authenticate",
        "SetRoamingAuthorisationList",
        "AddCDRs",
        "ClearCDRs",
        "GetRoamingAuthorisationList",
        "GetCDRs",
        "GetCDRs",
    ]
    login, upload, *_rest = house.requests
    assert login.message.token is None
    assert login.message.values == {"userId": "desk", "password": PASSWORD}
    assert upload.message.token == "token-number-1"
    assert upload.message.rows == token_rows
    assert upload.headers["Content-Type"] == (
        'application/soap+xml; charset=utf-8; action="SetRoamingAuthorisationList"'
    )
    client.close()
    assert not client.signed_in


def test_the_same_client_speaks_a_foreign_wsdl(
    foreign_house: Any, connect: Connect, token_rows: list[Row], cdr_rows: list[Row]
) -> None:
    client = connect(foreign_house)
    client.set_list(token_rows)
    client.add_cdrs(cdr_rows)
    foreign_house.then("GetCDRs", foreign_house.reply("GetCDRs", rows=cdr_rows, docLink="http://127.0.0.1/b.pdf"))
    statement = client.get_cdrs()
    assert (statement.rows, statement.doc_link) == (cdr_rows, "http://127.0.0.1/b.pdf")
    foreign_house.then(
        "GetRoamingAuthorisationList", foreign_house.reply("GetRoamingAuthorisationList", rows=token_rows)
    )
    assert client.get_list() == token_rows
    login, tokens, cdrs, *_rest = foreign_house.requests
    assert login.headers["SOAPAction"] == '"/Authenticate"'
    assert tokens.headers["SOAPAction"] == '"/SetRoamingAuthorisationList"'
    assert tokens.headers["Content-Type"] == "text/xml; charset=utf-8"
    # What was on the wire, looked at with lxml alone.
    sent = etree.fromstring(login.body)
    assert sent.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"
    assert [child.tag for child in sent[0][0]] == [f"{FOREIGN}password", f"{FOREIGN}userId"]
    sent = etree.fromstring(tokens.body)
    assert [(block.tag, block.text) for block in sent[0]] == [(f"{FOREIGN}sessionKey", "token-number-1")]
    first = sent[1][0][0]
    assert [etree.QName(child).localname for child in first][:4] == ["tokenId", "tokenType", "evcoId", "roamingHubId"]
    assert first.findtext(f"{FOREIGN}roamingHubId") == "2"
    assert [child.text for child in first.iterfind(f"{FOREIGN}remark")] == [None]
    record = etree.fromstring(cdrs.body)[1][0][0]
    assert len(record) == 20
    assert [child.text for child in record.iterfind(f"{FOREIGN}evseId")] == [None]


# ---- signing in -----------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_plainly(house: Any, connect: Connect) -> None:
    client = connect(house, password="falsch")
    with pytest.raises(SignInFailed, match=r"does not accept this user id and password.*No such user"):
        client.sign_in()
    assert not client.signed_in


def test_a_token_fault_leads_to_one_quiet_sign_in_and_a_repetition(
    house: Any, connect: Connect, cdr_rows: list[Row]
) -> None:
    client = connect(house)
    client.sign_in()
    house.then("AddCDRs", house.fault("The auth token has expired."))
    assert client.add_cdrs(cdr_rows).ok
    assert house.sent() == ["Authenticate", "AddCDRs", "Authenticate", "AddCDRs"]
    assert [request.message.token for request in house.requests] == [None, "token-number-1", None, "token-number-2"]
    assert house.requests[-1].message.rows == cdr_rows


def test_a_house_that_never_takes_its_own_token_is_not_asked_for_ever(house: Any, connect: Connect) -> None:
    client = connect(house)
    client.sign_in()
    expired = house.fault("The auth token has expired.")
    house.then("GetCDRs", expired, expired)
    with pytest.raises(SignInFailed, match="not its auth token"):
        client.get_cdrs()
    assert house.sent() == ["Authenticate", "GetCDRs", "Authenticate", "GetCDRs"]
    house.then("GetCDRs", expired)
    with pytest.raises(SignInFailed):
        client.get_cdrs()
    assert house.sent()[4:] == ["Authenticate", "GetCDRs"]


def test_cdrs_are_repeated_after_no_other_fault(house: Any, connect: Connect, cdr_rows: list[Row]) -> None:
    client = connect(house)
    client.sign_in()
    house.then("AddCDRs", house.fault("The token store is missing a disk.", sender=False))
    with pytest.raises(ConnectionFailed, match="fault of its own") as caught:
        client.add_cdrs(cdr_rows)
    assert caught.value.sent
    house.then("AddCDRs", house.fault("Record 3 has no meterId."))
    with pytest.raises(HouseRefused, match="Record 3 has no meterId") as refused:
        client.add_cdrs(cdr_rows)
    assert refused.value.code is None
    assert house.sent() == ["Authenticate", "AddCDRs", "AddCDRs"]


def test_a_refusal_carries_the_houses_code_and_reason(house: Any, connect: Connect) -> None:
    client = connect(house)
    house.then("ClearCDRs", house.reply("ClearCDRs", resultCode="5", resultDescription="You are no administrator."))
    with pytest.raises(HouseRefused, match="no administrator") as caught:
        client.clear_cdrs()
    assert (caught.value.code, caught.value.reason) == (5, "You are no administrator.")
    assert client.clear_cdrs().ok


def test_a_sign_in_without_token_or_with_a_fault_is_a_failure(house: Any, connect: Connect) -> None:
    client = connect(house)
    house.then("Authenticate", house.reply("Authenticate", resultCode="0", authToken=""))
    with pytest.raises(ConnectionFailed, match="no auth token"):
        client.sign_in()
    house.then("Authenticate", house.fault("Unknown user"))
    with pytest.raises(SignInFailed, match="Unknown user"):
        client.sign_in()
    house.then("Authenticate", house.fault("Database down", sender=False))
    with pytest.raises(ConnectionFailed, match="Database down") as caught:
        client.sign_in()
    assert not caught.value.sent


def test_secrets_never_appear_in_errors_or_logs(house: Any, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(house)
    house.then("Authenticate", house.reply("Authenticate", resultCode="1", resultDescription=f"bad: {PASSWORD}"))
    failures: list[OchpError] = []

    def fails(call: Callable[[], object]) -> None:
        with pytest.raises(OchpError) as caught:
            call()
        failures.append(caught.value)

    fails(client.sign_in)
    client.sign_in()
    house.then(
        "GetCDRs",
        house.fault("record token-number-1 is odd"),
        house.reply("GetCDRs", resultCode="9", resultDescription="x token-number-1"),
    )
    fails(client.get_cdrs)
    fails(client.get_cdrs)
    house.then(
        "GetCDRs", (200, "application/soap+xml", b"<token-number-1/>"), (200, "text/xml", b"<a></token-number-1>")
    )
    fails(client.get_cdrs)
    fails(client.get_cdrs)
    short = connect(house, password="ab")
    house.then("Authenticate", house.fault("about ab"))
    fails(short.sign_in)
    assert len(failures) == 6
    for failure in failures:
        shown = f"{failure} {failure.text} {failure.detail} {getattr(failure, 'reason', '')}"
        assert PASSWORD not in shown
        assert "token-number-1" not in shown
        assert "about ab" not in shown
        assert "•••" in shown
    assert PASSWORD not in caplog.text
    assert "token-number-1" not in caplog.text


# ---- what is refused before anything is sent ------------------------------------------------------------------------


def test_an_empty_upload_and_an_unsendable_text_never_leave_this_computer(
    house: Any, connect: Connect, cdr_rows: list[Row]
) -> None:
    client = connect(house)
    for call in (client.add_cdrs, client.set_list):
        with pytest.raises(UsageError, match="Nothing was done"):
            call([])
    client.sign_in()
    with pytest.raises(UnwritableText, match="Record 1, field cdrId"):
        client.add_cdrs([("a\x02b", *cdr_rows[0][1:])])
    assert house.sent() == ["Authenticate"]


@pytest.mark.parametrize(
    "address",
    ["", "house.example", "ftp://house.example", "http://", "http://a:b@house.example", "http://h:x", "http://a b/"],
)
def test_an_address_that_is_none_is_refused(address: str, contract: Contract) -> None:
    if not address:
        assert Client("", contract, lambda: ("", ""), Transport()).endpoint == contract.address
        return
    with pytest.raises(UsageError):
        Client(address, contract, lambda: ("", ""), Transport())


# ---- houses that are not there, or are something else ----------------------------------------------------------------


def test_nothing_listening_an_unknown_name_and_silence(connect: Connect, raw: Raw) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionFailed, match="Nothing listens") as caught:
        connect(f"http://127.0.0.1:{port}/").sign_in()
    assert not caught.value.sent
    with pytest.raises(ConnectionFailed, match=r"no computer named nowhere\.invalid"):
        connect("http://nowhere.invalid/service").sign_in()
    over = threading.Event()
    with raw(lambda _connection: over.wait(10) and None) as url:
        with pytest.raises(ConnectionFailed, match="did not answer within"):
            connect(url, timeout_read=0.3).sign_in()
        over.set()


@pytest.mark.parametrize(
    ("status", "content_type", "body", "words", "sent"),
    [
        (200, "text/html", b"<html>Welcome</html>", "web page", True),
        (200, "text/xml", b"\n<!DOCTYPE html><html>", "web page", True),
        (200, "application/soap+xml", b"", "cannot be used", True),
        (200, "application/soap+xml", b"<a/>", "not a SOAP message", True),
        (200, "application/json", b"{}", "cannot be used", True),
        (301, "text/plain", b"https://user:pw@new.example/service?x", "https://new.example/service", False),
        (401, "text/html", b"<html>", "login or client certificate", False),
        (403, "text/html", b"<html>", "does not let us in", False),
        (404, "text/html", b"<html>", "no service at this address", False),
        (415, "text/plain", b"", "another SOAP version", False),
        (400, "text/plain", b"", "HTTP 400", False),
        (409, "text/plain", b"", "HTTP 409", True),
        (418, "text/plain", b"", "HTTP 418", True),
        (500, "text/html", b"<html>", "fault of its own", True),
        (500, "text/xml", b"<oops>", "fault of its own", True),
        (502, "text/plain", b"", "fault of its own", True),
    ],
)
def test_an_answer_that_is_no_soap_is_explained(
    house: Any,
    connect: Connect,
    cdr_rows: list[Row],
    status: int,
    content_type: str,
    body: bytes,
    words: str,
    sent: bool,
) -> None:
    client = connect(house)
    client.sign_in()
    house.then("AddCDRs", (status, content_type, body))
    with pytest.raises(ConnectionFailed) as caught:
        client.add_cdrs(cdr_rows)
    assert words in f"{caught.value.text} {caught.value.detail}"
    assert caught.value.sent is sent
    assert "pw@" not in caught.value.text
    assert client.add_cdrs(cdr_rows).ok, "the client goes on"


def test_another_operations_answer_and_a_missing_result_are_not_taken_for_success(house: Any, connect: Connect) -> None:
    client = connect(house)
    odd = house.reply("ClearCDRs")[2].replace(b"resultCode", b"resultCodex")
    word = house.reply("ClearCDRs", resultCode="fine")
    # A number that no journal can keep.
    endless = house.reply("ClearCDRs", resultCode="9" * 20)
    house.then("ClearCDRs", house.reply("AddCDRs"), (200, "application/soap+xml", odd), word, endless)
    for _call in range(4):
        with pytest.raises(ConnectionFailed, match="cannot be used") as caught:
            client.clear_cdrs()
        assert caught.value.sent


def test_half_an_answer_in_every_way(
    connect: Connect, raw: Raw, raw_request: Any, contract: Contract, cdr_rows: list[Row]
) -> None:
    out = io.BytesIO()
    write_message(out, contract, "AddCDRs", reply=True, values={"resultCode": "0"})
    whole = out.getvalue()
    halves = [
        b"",  # hangs up without a word
        b"HTTP/1.1 200 OK\r\nContent-Ty",  # in the headers
        _http(whole[:-20], length=len(whole)),  # less than promised
        _http(whole[:-20]),  # as promised, but cut off
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + whole[:100],
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH\r\n",
    ]
    for half in halves:

        def talk(connection: socket.socket, half: bytes = half) -> None:
            body = raw_request(connection)
            connection.sendall(_signed_in(contract) if b"AuthenticateRequest" in body else half)

        with raw(talk) as url:
            client = connect(url)
            client.sign_in()
            with pytest.raises(ConnectionFailed) as caught:
                client.add_cdrs(cdr_rows)
            assert caught.value.sent, half
            assert caught.value.text


def test_a_house_that_hangs_up_during_the_upload_has_certainly_not_taken_it(
    connect: Connect, raw: Raw, raw_request: Any, contract: Contract, cdr_rows: list[Row]
) -> None:
    rows = [(f"C{n}" + "x" * 2000, *cdr_rows[0][1:]) for n in range(20_000)]

    def talk(connection: socket.socket) -> None:
        start = connection.recv(400, socket.MSG_PEEK)
        if b'"Authenticate"' in start:
            raw_request(connection)
            connection.sendall(_signed_in(contract))

    with raw(talk) as url:
        client = connect(url)
        client.sign_in()
        with pytest.raises(ConnectionFailed) as caught:
            client.add_cdrs(rows)
        assert not caught.value.sent


def test_an_endless_answer_ends_by_the_cap(
    connect: Connect, raw: Raw, raw_request: Any, contract: Contract, token_rows: list[Row]
) -> None:
    out = io.BytesIO()
    RecordCodec(contract, "tokens").write(token_rows, out, reply=True)
    start, record, _end = out.getvalue().partition(b"<o:roamingAuthorisationInfoArray>")
    records = (record + _end.partition(b"</o:GetRoaming")[0]) * 40

    def talk(connection: socket.socket) -> None:
        if b"AuthenticateRequest" in raw_request(connection):
            connection.sendall(_signed_in(contract))
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n" + start)
        while True:
            connection.sendall(records)

    with raw(talk) as url:
        for limits, words in ((Limits(records=10_000), "10000 records"), (Limits(size=4 << 20), "larger than 4 MB")):
            with pytest.raises(ConnectionFailed, match=words):
                connect(url, limits=limits).get_list()


def test_an_answer_that_trickles_for_ever_ends_by_the_deadline(connect: Connect, raw: Raw, raw_request: Any) -> None:
    over = threading.Event()

    def talk(connection: socket.socket) -> None:
        raw_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.02):
            connection.sendall(b"a")

    with raw(talk) as url:
        with pytest.raises(ConnectionFailed, match="did not come to its end in time"):
            connect(url, deadline=0.4).sign_in()
        over.set()


# ---- stopping -------------------------------------------------------------------------------------------------------


def test_cancel_from_another_thread_wakes_a_call_that_waits(
    connect: Connect, raw: Raw, raw_request: Any, contract: Contract, cdr_rows: list[Row]
) -> None:
    waiting, over = threading.Event(), threading.Event()

    def talk(connection: socket.socket) -> None:
        if b"AuthenticateRequest" in raw_request(connection):
            connection.sendall(_signed_in(contract))
            return
        waiting.set()
        over.wait(10)

    with raw(talk) as url:
        client = connect(url, timeout_read=60.0)
        stopper = threading.Thread(target=lambda: waiting.wait(10) and client.cancel())
        stopper.start()
        with pytest.raises(Cancelled) as caught:
            client.add_cdrs(cdr_rows)
        over.set()
        stopper.join()
        assert caught.value.sent
        assert "not known" in caught.value.text


def test_cancel_while_signing_in_leaves_nothing_to_settle(
    connect: Connect, raw: Raw, raw_request: Any, cdr_rows: list[Row]
) -> None:
    waiting, over = threading.Event(), threading.Event()

    def talk(connection: socket.socket) -> None:
        raw_request(connection)
        waiting.set()
        over.wait(10)

    with raw(talk) as url:
        client = connect(url)
        stopper = threading.Thread(target=lambda: waiting.wait(10) and client.cancel())
        stopper.start()
        with pytest.raises(Cancelled) as caught:
            client.add_cdrs(cdr_rows)
        over.set()
        stopper.join()
        assert not caught.value.sent
    with raw(lambda connection: raw_request(connection) and None) as url:
        with pytest.raises(ConnectionFailed) as broken:
            connect(url).add_cdrs(cdr_rows)
        assert not broken.value.sent


def test_cancel_during_the_upload_tells_that_nothing_was_taken(
    connect: Connect, raw: Raw, raw_request: Any, contract: Contract, cdr_rows: list[Row]
) -> None:
    over = threading.Event()
    rows = [(f"C{n}" + "x" * 2000, *cdr_rows[0][1:]) for n in range(20_000)]

    def talk(connection: socket.socket) -> None:
        start = connection.recv(400, socket.MSG_PEEK)
        if b'"Authenticate"' in start:
            raw_request(connection)
            connection.sendall(_signed_in(contract))
            return
        over.wait(20)

    with raw(talk) as url:
        client = connect(url)
        client.sign_in()
        begun = threading.Event()
        stopper = threading.Thread(target=lambda: begun.wait(10) and client.cancel())
        stopper.start()
        with pytest.raises(Cancelled) as caught:
            client.add_cdrs(rows, lambda done, _total: begun.set() if done else None)
        over.set()
        stopper.join()
        assert not caught.value.sent


def test_a_stop_asked_for_before_the_call_is_not_lost(house: Any, connect: Connect) -> None:
    client = connect(house)
    client.stop_asked = lambda: True
    with pytest.raises(Cancelled):
        client.get_list()
    assert house.requests == []
    client.stop_asked = lambda: False
    assert client.get_list() == []


def test_cancel_without_a_call_harms_no_later_one(house: Any, connect: Connect) -> None:
    client = connect(house)
    client.cancel()
    assert client.get_list() == []


# ---- documents ------------------------------------------------------------------------------------------------------


def test_the_pdf_of_a_statement_is_fetched_without_any_login(house: Any, connect: Connect) -> None:
    client = connect(house)
    client.sign_in()
    pdf = b"%PDF-1.4 " + bytes(range(256)) * 1000
    address = house.url.rpartition("/")[0]
    house.then("/a.pdf", (200, "application/pdf", pdf))
    house.then("/moved.pdf", (302, "text/plain", b"/a.pdf"))
    house.then("/round.pdf", (302, "text/plain", b"/round.pdf"))
    house.then("/page.pdf", (200, "text/html", b"<html>"))
    house.then("/file.pdf", (302, "text/plain", b"file:///etc/passwd"))
    seen: list[tuple[int, int | None]] = []
    assert client.fetch_document(f"{address}/a.pdf", progress=lambda *step: seen.append(step)) == pdf
    assert seen[-1][0] == len(pdf)
    assert client.fetch_document(f"{address}/moved.pdf") == pdf
    for request in house.requests[1:]:
        assert not any("token-number" in value or "authoriz" in name.lower() for name, value in request.headers.items())
    for path, words in (
        ("none.pdf", "no service"),
        ("page.pdf", "does not lead to a PDF"),
        ("round.pdf", "without end"),
    ):
        with pytest.raises(ConnectionFailed, match=words):
            client.fetch_document(f"{address}/{path}")
    with pytest.raises(ConnectionFailed, match="larger than 1 MB"):
        client.fetch_document(f"{address}/a.pdf", limit=1000)
    for link in ("", "file:///etc/passwd", "javascript:alert(1)", f"{address}/file.pdf"):
        with pytest.raises(UsageError):
            client.fetch_document(link)


def test_an_operation_that_the_house_does_not_offer(contract: Contract) -> None:
    without = {name: operation for name, operation in contract.operations.items() if name != "ClearCDRs"}
    poorer = Contract(contract.source, contract.soap, contract.addresses, without, contract.namespace)
    with pytest.raises(ContractError):
        Client("http://127.0.0.1:9/", poorer, lambda: ("", ""), Transport()).clear_cdrs()


@pytest.mark.parametrize("count", [1, 100_000])
def test_one_and_very_many_records(house: Any, connect: Connect, token_rows: list[Row], count: int) -> None:
    rows = [(*token_rows[0][:3], f"{number:014X}", *token_rows[0][4:]) for number in range(count)]
    client = connect(house)
    assert client.set_list(rows).ok
    house.then("GetRoamingAuthorisationList", house.reply("GetRoamingAuthorisationList", rows=rows))
    assert client.get_list() == rows
    assert house.requests[-2].message.records == count
