"""What is read from a WSDL, and which WSDLs are refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import etree

from ochp_desktop.errors import ConnectionFailed, ContractError
from ochp_desktop.paths import resource
from ochp_desktop.protocol.contract import Contract, Form
from ochp_desktop.protocol.transport import Transport
from ochp_desktop.protocol.wire import OPERATIONS, SoapVersion
from ochp_desktop.records.kinds import KINDS

DATA = Path(__file__).parent / "data"
OWN = resource("wsdl", "ochp-0.1.wsdl")
XSD = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"


def test_our_own_wsdl_has_all_operations_in_both_soap_versions(contract: Contract) -> None:
    assert tuple(contract.operations) == OPERATIONS
    assert contract.soap is SoapVersion.V12
    assert set(contract.addresses) == set(SoapVersion)
    assert contract.namespace == "http://www.evclearinghouse.eu/service/"
    for operation in contract.operations.values():
        assert operation.request.name == f"{operation.name}Request"
        assert operation.response.name == f"{operation.name}Response"
        assert operation.header == "{http://www.evclearinghouse.eu/service/}UserIdentityHeader"


def test_our_own_wsdl_has_the_fields_of_the_records_in_their_order(contract: Contract) -> None:
    for kind, operation, reply in (
        ("tokens", "SetRoamingAuthorisationList", False),
        ("tokens", "GetRoamingAuthorisationList", True),
        ("cdrs", "AddCDRs", False),
        ("cdrs", "GetCDRs", True),
    ):
        (record,) = contract.operation(operation).records(reply=reply)
        assert record.repeats
        assert tuple(part.name for part in record.children) == KINDS[kind].names
        if kind == "cdrs":
            assert [part.required for part in record.children] == [field.mandatory for field in KINDS[kind].fields]
    order = [part.name for part in contract.operation("GetCDRs").response.children]
    assert order == ["result", "docLink", "cdrInfoArray"]


def test_our_own_wsdl_is_valid_xml_schema_and_documented_throughout() -> None:
    root = etree.parse(OWN).getroot()
    schema = root.find(f"{WSDL}types/{XSD}schema")
    assert schema is not None
    etree.XMLSchema(etree.fromstring(etree.tostring(schema)))
    for tag in ("element", "complexType", "simpleType", "enumeration"):
        for node in schema.iter(f"{XSD}{tag}"):
            named = node.get("name") or node.get("value")
            assert not named or node.findtext(f"{XSD}annotation/{XSD}documentation"), named
    for tag in ("message", "portType", "binding", "service"):
        for node in root.iter(f"{WSDL}{tag}"):
            assert node.findtext(f"{WSDL}documentation"), node.get("name")
    for node in root.iterfind(f"{WSDL}portType/{WSDL}operation"):
        assert node.findtext(f"{WSDL}documentation"), node.get("name")


def test_a_foreign_wsdl_is_the_truth_about_names_order_and_types(foreign: Contract) -> None:
    assert foreign.soap is SoapVersion.V11
    assert foreign.address == "http://127.0.0.1/clearing"
    assert set(foreign.operations) == set(OPERATIONS)
    add = foreign.operation("AddCDRs")
    assert add.action == "/AddCDRs"
    assert add.header == "{http://clearing.example/ochp/2012/}sessionKey"
    (record,) = add.records(reply=False)
    assert record.children[0].name == "infraProviderId"
    assert all(part.required for part in record.children)
    assert [part.name for part in foreign.operation("GetCDRs").response.children] == [
        "docLink",
        "result",
        "cdrInfoArray",
    ]
    code = foreign.operation("Authenticate").response.child("resultCode")
    assert code is not None
    assert code.form is Form.NUMBER


def test_enumerations_with_names_are_matched_to_our_numbers(tmp_path: Path) -> None:
    text = OWN.read_text(encoding="utf-8")
    start = text.index('<xsd:simpleType name="InfraStructureProviderType">')
    end = text.index("</xsd:simpleType>", start)
    named = (
        '<xsd:simpleType name="InfraStructureProviderType"><xsd:restriction base="xsd:string">'
        + "".join(
            f'<xsd:enumeration value="{name}"/>' for name in ("OTHER", "Blue Corner", "E_laad", "Ladenetz", "Later")
        )
        + "</xsd:restriction>"
    )
    path = tmp_path / "named.wsdl"
    path.write_text(text[:start] + named + text[end:], encoding="utf-8")
    hub = Contract.load(path).operation("SetRoamingAuthorisationList").records(reply=False)[-1].child("roamingHubId")
    assert hub is not None
    assert hub.form is Form.NAMES
    assert hub.codes == {"0": "OTHER", "1": "Blue Corner", "2": "E_laad", "3": "Ladenetz", "Later": "Later"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a WSDL"),
        (b"<html><body>Sign in</body></html>", "SOAP service"),
        (b"PK\x03\x04 no xml", "not a WSDL"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><definitions/>", "DTD"),
        (OWN.read_bytes()[:9000], "not a WSDL"),
        (OWN.read_bytes().replace(b'name="GetCDRs"', b'name="FetchCDRs"'), "GetCDRs"),
        (OWN.read_bytes().replace(b'name="tokenId"', b'name="tag"'), "tokenId"),
        (OWN.read_bytes().replace(b'name="authToken"', b'name="key"'), "authToken"),
        (OWN.read_bytes().replace(b'type="tns:Result"', b'type="tns:Missing"'), "damaged"),
        (OWN.read_bytes().replace(b'style="document"', b'style="rpc"'), "document/literal"),
        (OWN.read_bytes().replace(b"xmlsoap.org/wsdl/soap", b"xmlsoap.org/wsdl/soup"), "SOAP service"),
    ],
)
def test_an_unusable_wsdl_is_refused_with_the_reason(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.wsdl"
    path.write_bytes(content)
    with pytest.raises(ContractError) as caught:
        Contract.load(path)
    assert words in caught.value.text


def test_a_missing_file_a_far_import_and_an_odd_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read"):
        Contract.load(tmp_path / "none.wsdl")
    with pytest.raises(ContractError, match="web address"):
        Contract.load("http://127.0.0.1/service?wsdl")
    with pytest.raises(ContractError, match="begins with"):
        Contract.load("ftp://127.0.0.1/service.wsdl")


def test_a_wsdl_is_found_whatever_its_name_and_its_imports_stay_on_its_computer(
    tmp_path: Path, foreign: Contract
) -> None:
    folder = tmp_path / "50%20 und mehr #1"
    folder.mkdir()
    for name in ("foreign.wsdl", "foreign-types.xsd"):
        (folder / name).write_bytes((DATA / name).read_bytes())
    assert Contract.load(folder / "foreign.wsdl").operations == foreign.operations
    elsewhere = (DATA / "foreign.wsdl").read_bytes().replace(b"foreign-types.xsd", b"file://other/share/types.xsd")
    (folder / "foreign.wsdl").write_bytes(elsewhere)
    with pytest.raises(ContractError, match="may not"):
        Contract.load(folder / "foreign.wsdl")


def test_a_house_may_keep_clearing_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "own.wsdl"
    path.write_bytes(OWN.read_bytes().replace(b'<wsdl:operation name="ClearCDRs">', b'<wsdl:operation name="Hidden">'))
    contract = Contract.load(path)
    with pytest.raises(ContractError, match="does not offer ClearCDRs"):
        contract.operation("ClearCDRs")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the client hangs up on what is too large

    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_wsdl_and_its_imports_are_read_from_a_url(web: str, tmp_path: Path, foreign: Contract) -> None:
    for name in ("foreign.wsdl", "foreign-types.xsd"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    contract = Contract.load(f"{web}/foreign.wsdl", Transport().fetch)
    assert contract.operations == foreign.operations


def test_a_wsdl_from_a_url_cannot_read_our_files(web: str, tmp_path: Path) -> None:
    secret = (DATA / "foreign-types.xsd").as_uri().encode()
    content = (DATA / "foreign.wsdl").read_bytes().replace(b"foreign-types.xsd", secret)
    (tmp_path / "foreign.wsdl").write_bytes(content)
    with pytest.raises(ContractError, match="may not"):
        Contract.load(f"{web}/foreign.wsdl", Transport().fetch)


def test_a_missing_or_endless_wsdl_at_a_url_is_refused(web: str, tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed, match="no service"):
        Contract.load(f"{web}/none.wsdl", Transport().fetch)
    (tmp_path / "big.wsdl").write_bytes(b"<a>" + b" " * 6_000_000)
    with pytest.raises(ConnectionFailed, match="larger than 5 MB"):
        Contract.load(f"{web}/big.wsdl", Transport().fetch)
