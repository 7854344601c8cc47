"""Secure connections with throw-away authorities: whom we trust, who we say we are, and what we say when it fails."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ochp_desktop.errors import ConnectionFailed, FileError
from ochp_desktop.paths import resource
from ochp_desktop.protocol.client import Client
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.diagnose import diagnose
from ochp_desktop.protocol.transport import Transport

PASSWORD = "geheim & <sicher>"
Connect = Callable[..., Client]
Serving = Callable[..., contextlib.AbstractContextManager[Any]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def _server_side(authority: trustme.CA, name: str = "localhost", **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **options).configure_cert(context)
    return context


def _plain_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A CA file and the house's side of one made by hand: no key identifiers, as OpenSSL's old examples make them."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _one in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("House CA", "localhost")]

    def issued(of: int, *extensions: x509.ExtensionType) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[of])
            .issuer_name(names[0])
            .public_key(keys[of].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    ca_file, both = folder / "plain-ca.pem", folder / "plain-house.pem"
    ca_file.write_bytes(issued(0, x509.BasicConstraints(ca=True, path_length=None)))
    form = serialization.PrivateFormat.TraditionalOpenSSL
    key = keys[1].private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    both.write_bytes(issued(1, x509.SubjectAlternativeName([x509.DNSName("localhost")])) + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return ca_file, context


def test_an_authority_made_by_hand_is_trusted_with_every_python(
    serving: Serving, connect: Connect, contract: Contract, tmp_path: Path
) -> None:
    ca_file, context = _plain_authority(tmp_path)
    with serving(contract, context) as house:
        client = connect(house, ca_file=ca_file)
        client.sign_in()
        assert client.signed_in
        with pytest.raises(ConnectionFailed, match="authority that this computer does not know"):
            connect(house).sign_in()


def test_a_house_with_its_own_authority_is_trusted_by_its_ca_file_alone(
    serving: Serving,
    connect: Connect,
    contract: Contract,
    authority: trustme.CA,
    ca_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # These sway other HTTP clients; what we trust is the profile's business alone.
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    with serving(contract, _server_side(authority)) as house:
        client = connect(house, ca_file=ca_file)
        client.sign_in()
        assert client.signed_in
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
        with pytest.raises(ConnectionFailed, match="authority that this computer does not know") as caught:
            connect(house).sign_in()
        assert not caught.value.sent
        with pytest.raises(ConnectionFailed, match="authority that this computer does not know"):
            connect(house, ca_file=other).sign_in()


def test_an_expired_certificate_and_one_of_another_name_are_told_apart(
    serving: Serving, connect: Connect, contract: Contract, authority: trustme.CA, ca_file: Path
) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for context, words in (
        (_server_side(authority, not_after=past), "has expired"),
        (_server_side(authority, "elsewhere.example"), "belongs to another name"),
    ):
        with serving(contract, context) as house, pytest.raises(ConnectionFailed, match=words):
            connect(house, ca_file=ca_file).sign_in()


def test_plain_http_and_tls_at_the_wrong_port_are_explained(
    serving: Serving, connect: Connect, contract: Contract, authority: trustme.CA, ca_file: Path, house: Any
) -> None:
    with pytest.raises(ConnectionFailed, match="does not speak TLS"):
        connect(house.url.replace("http://", "https://")).sign_in()
    with serving(contract, _server_side(authority)) as secured, pytest.raises(ConnectionFailed):
        connect(secured.url.replace("https://", "http://")).sign_in()


def test_an_old_tls_version_is_refused(raw: Any, connect: Connect, authority: trustme.CA, ca_file: Path) -> None:
    """A server that answers any greeting with a TLS alert "protocol version"."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(bytes([21, 3, 1, 0, 2, 2, 70]))

    with raw(talk) as url, pytest.raises(ConnectionFailed, match=r"TLS 1\.2 or newer"):
        connect(url.replace("http://127.0.0.1", "https://localhost"), ca_file=ca_file).sign_in()


def test_a_redirect_shows_our_certificate_to_nobody_else_and_stays_encrypted(
    serving: Serving,
    connect: Connect,
    contract: Contract,
    authority: trustme.CA,
    ca_file: Path,
    house: Any,
    tmp_path: Path,
) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(authority.issue_cert("desk@provider.example").private_key_and_cert_chain_pem.bytes())
    wants = _server_side(authority)
    wants.verify_mode = ssl.CERT_REQUIRED
    wants.load_verify_locations(cafile=ca_file)
    with serving(contract, wants) as secured, serving(contract, wants) as stranger:
        client = connect(secured, ca_file=ca_file, cert_file=both)
        address = secured.url.rpartition("/")[0]
        secured.then("/stranger.pdf", (302, "text/plain", stranger.url.encode()))
        with pytest.raises(ConnectionFailed, match="wants a client certificate"):
            client.fetch_document(f"{address}/stranger.pdf")
        secured.then("/plain.pdf", (302, "text/plain", house.url.encode()))
        with pytest.raises(ConnectionFailed, match="has moved to"):
            client.fetch_document(f"{address}/plain.pdf")
    assert [request.path for request in secured.requests] == ["/stranger.pdf", "/plain.pdf"]
    assert house.requests == [], "nothing was asked for without encryption"


def test_a_client_certificate_is_shown_to_the_house_and_nowhere_else(
    serving: Serving, connect: Connect, contract: Contract, authority: trustme.CA, ca_file: Path, tmp_path: Path
) -> None:
    ours = authority.issue_cert("desk@provider.example")
    cert, key, locked = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "locked.pem"
    cert.write_bytes(b"".join(blob.bytes() for blob in ours.cert_chain_pems))
    key.write_bytes(ours.private_key_pem.bytes())
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    locked.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open sesame"),
        )
    )
    wants = _server_side(authority)
    wants.verify_mode = ssl.CERT_REQUIRED
    wants.load_verify_locations(cafile=ca_file)
    with serving(contract, wants) as house:
        with pytest.raises(ConnectionFailed, match="wants a client certificate") as caught:
            connect(house, ca_file=ca_file).sign_in()
        assert not caught.value.sent
        connect(house, ca_file=ca_file, cert_file=cert, key_file=key).sign_in()
        connect(house, ca_file=ca_file, cert_file=cert, key_file=locked, key_password="open sesame").sign_in()
        for wrong in ("", "wrong"):
            with pytest.raises(FileError, match="password is wrong"):
                connect(house, ca_file=ca_file, cert_file=cert, key_file=locked, key_password=wrong).sign_in()
        # A document on another server is fetched without it.
        elsewhere = connect("https://localhost:9/service", ca_file=ca_file, cert_file=cert, key_file=key)
        with pytest.raises(ConnectionFailed, match="wants a client certificate"):
            elsewhere.fetch_document(house.url)


def test_unusable_certificate_files_are_named(connect: Connect, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("not a certificate")
    for options, words in (
        ({"ca_file": rubbish}, "CA file"),
        ({"ca_file": tmp_path / "none.pem"}, "CA file"),
        ({"cert_file": rubbish}, "client certificate"),
        ({"cert_file": tmp_path / "none.pem"}, "client certificate"),
    ):
        with pytest.raises(FileError, match=words):
            connect("https://localhost:9/", **options).sign_in()


# ---- the test of a connection ------------------------------------------------------------------------------------


def _login(password: str) -> Callable[[], tuple[str, str]]:
    return lambda: ("desk", password)


def test_a_working_connection_passes_every_step(
    serving: Serving, contract: Contract, authority: trustme.CA, ca_file: Path
) -> None:
    with serving(contract, _server_side(authority)) as house:
        told: list[Any] = []
        steps = diagnose(house.url, None, _login(PASSWORD), Transport(ca_file=ca_file), told.append)
    assert [step.title for step in steps] == ["Address", "Name", "Connection", "Security", "WSDL", "Sign-in"]
    assert all(step.ok for step in steps)
    assert steps[-1].text == "Signed in as desk."
    assert told == steps


def test_the_first_failing_step_says_what_to_do_and_ends_the_test(
    serving: Serving, contract: Contract, authority: trustme.CA, house: Any, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
    wrong = tmp_path / "wrong.wsdl"
    wrong.write_text("<a/>")
    with serving(contract, _server_side(authority)) as secured:
        for address, wsdl, password, title, words in (
            ("", None, "x", "Address", "No address is given"),
            ("house.example", None, "x", "Address", "https://house.example/service"),
            ("http://nowhere.invalid/", None, "x", "Name", "no computer named"),
            (closed, None, "x", "Connection", "Nothing listens"),
            (secured.url, None, "x", "Security", "authority that this computer does not know"),
            (house.url, wrong, "x", "WSDL", "no SOAP service"),
            (house.url, None, "x", "Sign-in", "does not accept this user id and password"),
        ):
            *before, last = diagnose(address, wsdl, _login(password), Transport())
            assert all(step.ok for step in before)
            assert (last.title, last.ok) == (title, False)
            assert words in last.text


def test_the_test_names_the_columns_that_a_contract_has_no_place_for(house: Any, tmp_path: Path) -> None:
    ours = resource("wsdl", "ochp-0.1.wsdl").read_text("utf-8")
    without, count = re.subn(r'<xsd:element name="evseId".*?</xsd:element>', "", ours, flags=re.DOTALL)
    assert count
    poorer = tmp_path / "poorer.wsdl"
    poorer.write_text(without, "utf-8")
    said = {step.title: step for step in diagnose(house.url, poorer, _login(PASSWORD), Transport())}
    assert said["WSDL"].ok
    assert said["WSDL"].text.endswith("never sent there: Charge data records: EVSE id.")
    assert said["Sign-in"].ok


# ---- proxies -----------------------------------------------------------------------------------------------------


def test_a_proxy_is_used_with_its_login_but_never_for_this_computer(
    house: Any, connect: Connect, raw: Any, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with raw(talk) as url:
        proxy = url.replace("http://", "http://me:secret@").removesuffix("/service")
        proxies = {"http": proxy, "https": proxy}
        for target in ("http://house.example/service", "https://house.example/service"):
            with pytest.raises(ConnectionFailed, match="proxy wants a login") as caught:
                connect(target, proxies=proxies).sign_in()
            assert "secret" not in f"{caught.value} {caught.value.detail}"
        connect(house, proxies=proxies).sign_in()
        monkeypatch.setenv("http_proxy", proxy)
        connect(house).sign_in()
    assert seen[0].startswith(b"POST http://house.example/service HTTP/1.1\r\nHost: house.example\r\n")
    assert seen[1].startswith(b"CONNECT house.example:443 HTTP/1.1\r\n")
    assert all(b"Proxy-Authorization: Basic bWU6c2VjcmV0" in request for request in seen)
    assert len(seen) == 2
    with pytest.raises(ConnectionFailed, match="proxy of a kind"):
        connect("http://house.example/", proxies={"http": "socks5://127.0.0.1:1"}).sign_in()
