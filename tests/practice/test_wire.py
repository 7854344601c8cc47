"""What arrives at the house from anybody: other spellings, damaged, hostile and oversized requests, plain HTTP."""

from __future__ import annotations

import gc
import http.client
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
import zeep

from ochp_desktop.errors import FileError, StoreError, UsageError
from ochp_desktop.practice import samples
from ochp_desktop.practice.house import BOOKS, PracticeHouse
from ochp_desktop.practice.web_server import make_server
from ochp_desktop.protocol.codec import Limits
from ochp_desktop.protocol.contract import Contract

from .conftest import Opener, Stack, envelope, named, own_cdrs, own_tokens, post, send

AUTHENTICATE = (
    f"<AuthenticateRequest><userId>{samples.OWN.name}</userId><password>{{}}</password></AuthenticateRequest>"
)
GOOD = AUTHENTICATE.format(samples.sample_password(samples.OWN))


def header(house: PracticeHouse) -> str:
    return f"<UserIdentityHeader>{Stack(house, samples.OWN).token}</UserIdentityHeader>"


def test_the_version_of_the_answer_is_that_of_the_request(shared_house: PracticeHouse, version: str) -> None:
    """Whatever the content type says."""
    status, answer = post(shared_house, envelope(GOOD, version), "text/plain")
    assert status == 200
    assert envelope("", version)[13:60].decode() in answer
    assert "Accepted" in answer


def test_any_order_case_nil_and_foreign_elements(shared_house: PracticeHouse) -> None:
    row = named("cdrs", own_cdrs(1)[0]) | {"evseId": "", "obisCode": ""}
    parts = [f"<{name.upper()}>{text}</{name.upper()}>" for name, text in reversed(row.items()) if text]
    nil = '<evseId xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/><obisCode/>'
    content = f"<AddCDRsRequest><CDRInfoArray>{nil}<more><x/></more>{''.join(parts)}</CDRInfoArray></AddCDRsRequest>"
    must = header(shared_house).replace("Header>", 'Header s:mustUnderstand="1">', 1)
    status, answer = post(shared_house, envelope(content, header=must))
    assert (status, "<o:resultCode>0<" in answer) == (200, True)


def test_a_chunked_request(shared_house: PracticeHouse) -> None:
    body = envelope(GOOD)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 50):
            yield body[start : start + 50]

    status, answer = send(shared_house, "POST", "/ochp", pieces(), {"Content-Type": "application/soap+xml"})
    assert (status, "Accepted" in answer) == (200, True)


BAD = {
    "nothing": b"",
    "no XML": b"hello",
    "half": envelope(GOOD)[:-30],
    "HTML": b"<html><body/></html>",
    "an unknown envelope": b'<Envelope xmlns="urn:other"><Body/></Envelope>',
    "an empty body": envelope(""),
    "no body": b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>',
    "an unknown operation": envelope("<DeleteEverythingRequest/>"),
    "an answer": envelope("<GetCDRsResponse/>"),
    "a fault": envelope("<s:Fault/>"),
    "a DTD": b'<!DOCTYPE x [<!ENTITY a "aaa">]>' + envelope(GOOD.replace("polder", "&a;")),
    "an outside DTD": b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + envelope(GOOD),
    "an unknown entity": envelope(GOOD.replace("polder", "&a;")),
    "illegal bytes": envelope(GOOD).replace(b"polder", b"\xff\xfe"),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_a_bad_request_gets_a_fault_with_a_reason(shared_house: PracticeHouse, body: bytes) -> None:
    status, answer = post(shared_house, body)
    assert status == 400
    assert "Sender" in answer
    assert "Text xml:lang" in answer
    assert "Traceback" not in answer
    status, answer = post(shared_house, body, "text/xml")
    if b"soap-envelope" not in body or b"Body" not in body or body.startswith(b"<!"):
        assert (status, "faultstring" in answer) == (500, True)


def test_half_a_list_changes_nothing(house: PracticeHouse) -> None:
    own = Stack(house, samples.OWN)
    own.set_list(own_tokens(3))
    record = "".join(f"<{name}>{text}</{name}>" for name, text in named("tokens", own_tokens(9)[8]).items())
    array, request = "roamingAuthorisationInfoArray", "SetRoamingAuthorisationListRequest"
    body = envelope(f"<{request}><{array}>{record}</{array}></{request}>", header=header(house))
    status, _answer = post(house, body[: body.index(b"</SetRoaming")])
    assert status == 400
    assert len(own.get_list()) == 703
    assert post(house, body)[0] == 200
    assert len(own.get_list()) == 701


def test_size_limits(open_house: Opener) -> None:
    house = open_house(limits=Limits(size=2_000_000, records=50, piece=100_000))
    assert post(house, envelope(AUTHENTICATE.format("x" * 200_000)))[0] == 400
    status, answer = post(house, b"<" + b"x" * 2_000_001)
    assert (status, "larger" in answer) == (413, True)

    def endless() -> Iterator[bytes]:
        for _piece in range(40):
            yield b" " * 60_000

    status, _answer = send(house, "POST", "/ochp", endless(), {"Content-Type": "text/xml"})
    assert status == 413
    own = Stack(house, samples.OWN)
    with pytest.raises(zeep.exceptions.Fault, match="50"):
        own.set_list(own_tokens(51))
    assert len(own.get_list()) == 700


def test_other_http_requests(shared_house: PracticeHouse) -> None:
    status, page = send(shared_house, "GET", "/")
    assert (status, "practice clearing house" in page) == (200, True)
    assert send(shared_house, "HEAD", "/") == (200, "")
    assert send(shared_house, "GET", "/statements/guessed-guessed-guessed.pdf")[0] == 404
    assert send(shared_house, "GET", f"/../{BOOKS}")[0] == 404
    assert send(shared_house, "POST", "/elsewhere", b"x")[0] == 404
    assert send(shared_house, "DELETE", "/ochp")[0] == 405
    gzip = {"Content-Type": "text/xml", "Content-Encoding": "gzip"}
    assert send(shared_house, "POST", "/ochp", b"x", gzip)[0] == 415
    assert post(shared_house, b"x", "multipart/related; type=text/xml")[0] == 415


def test_the_wsdl_has_the_real_addresses(shared_house: PracticeHouse, tmp_path: Path) -> None:
    """Those under which the caller reached the house, for both ports."""
    _status, wsdl = send(shared_house, "GET", "/ochp?wsdl")
    (tmp_path / "house.wsdl").write_text(wsdl, encoding="utf-8")
    contract = Contract.load(tmp_path / "house.wsdl")
    assert list(contract.addresses.values()) == [shared_house.url] * 2
    _status, wsdl = send(shared_house, "GET", "/ochp?wsdl", headers={"Host": "house.example:99"})
    assert wsdl.count('location="http://house.example:99/ochp"') == 2
    _status, wsdl = send(shared_house, "GET", "/ochp?wsdl", headers={"Host": '"><evil'})
    assert wsdl.count(f'location="{shared_house.url}"') == 2


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_tls(open_house: Opener, authority: trustme.CA, tmp_path: Path) -> None:
    issued = authority.issue_cert("127.0.0.1")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    house = open_house(tls=(cert, key))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    connection = http.client.HTTPSConnection(urlsplit(house.url).netloc, context=context)
    connection.request("GET", "/ochp?wsdl")
    assert f'location="{house.url}"'.encode() in connection.getresponse().read()
    connection.close()
    assert house.url.startswith("https://")
    with pytest.raises(FileError, match="PEM"):
        open_house(tls=(cert, tmp_path / "missing"), data_dir=tmp_path / "other")


def test_it_says_why_it_cannot_start(open_house: Opener, tmp_path: Path) -> None:
    house = open_house()
    port = int(house.base.rpartition(":")[2])
    with pytest.raises(UsageError, match=str(port)):
        open_house(port=port, data_dir=tmp_path / "second")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / BOOKS).write_bytes(b"this is no database at all" * 400)
    with pytest.raises(StoreError, match="damaged"):
        open_house(data_dir=tmp_path / "damaged")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        open_house(data_dir=tmp_path / "file" / "below")
    with pytest.raises(UsageError, match="store-then-drop"):
        PracticeHouse(tmp_path, scenario="meteorite")


def test_what_a_caller_hung_up_on_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.13 tells of writers that fail when they are thrown away."""
    server = make_server(("127.0.0.1", 0), lambda _environ, _start: [], None)
    ours, theirs = socket.socketpair()
    connection = server.ConnectionClass(server, ours)
    theirs.close()
    with pytest.raises(BrokenPipeError):
        connection.wfile.write(b"x" * 10_000_000)
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    connection.close()
    assert connection.wfile.closed
    del connection
    gc.collect()
    assert not told
