"""Messages written and read: round trips, plain zeep as second opinion, liberal reading, hostile input."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ochp_desktop.paths import resource
from ochp_desktop.protocol.codec import (
    Limits,
    MessageError,
    MessageReader,
    RecordCodec,
    SoapVersion,
    UnwritableText,
    read_message,
    write_fault,
    write_message,
)
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.records.kinds import KINDS

DATA = Path(__file__).parent / "data"
OWN = Contract.load()
FOREIGN = Contract.load(DATA / "foreign.wsdl")
NS = "http://www.evclearinghouse.eu/service/"
Row = tuple[str, ...]

# Everything XML 1.0 can carry.
XML_TEXT = st.text(
    st.one_of(
        st.sampled_from("\t\n\r&<>\"'%]\u00a0\u2028"),
        st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
    ),
    max_size=12,
)
NUMBER = st.integers(0, 99).map(str)


def _rows(kind: str) -> st.SearchStrategy[list[Row]]:
    numbers = {"roamingHubId", "tokenType", "pinMandatory", "tokenActivated"}
    cells = [NUMBER if name in numbers else XML_TEXT for name in KINDS[kind].names]
    return st.lists(st.tuples(*cells), max_size=5)


@pytest.mark.parametrize("contract", [OWN, FOREIGN], ids=["own", "foreign"])
@pytest.mark.parametrize("reply", [False, True])
@given(data=st.data())
def test_any_text_that_xml_can_carry_comes_back_unchanged(contract: Contract, reply: bool, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["tokens", "cdrs"]))
    rows = data.draw(_rows(kind))
    codec = RecordCodec(contract, kind)
    out = io.BytesIO()
    assert codec.write(rows, out, reply=reply) == len(rows)
    out.seek(0)
    assert list(codec.read(out)) == rows


@given(st.data())
def test_it_does_not_matter_where_the_bytes_are_cut(data: st.DataObject) -> None:
    rows = data.draw(_rows("cdrs"))
    out = io.BytesIO()
    RecordCodec(OWN, "cdrs").write(rows, out, reply=True)
    content = out.getvalue()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=20)))
    reader = MessageReader(OWN)
    got: list[Row] = []
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        got += reader.feed(content[start:end])
    got += reader.close()
    assert got == rows
    assert reader.message.values["resultCode"] == "0"
    assert reader.message.records == len(rows)


def _written(contract: Contract, operation: str, **options: Any) -> etree._Element:
    out = io.BytesIO()
    write_message(out, contract, operation, **options)
    return etree.fromstring(out.getvalue())


def test_what_we_write_is_valid_by_our_own_schema(token_rows: list[Row], cdr_rows: list[Row]) -> None:
    root = etree.parse(resource("wsdl", "ochp-0.1.wsdl")).getroot()
    found = root.find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert found is not None
    schema = etree.XMLSchema(etree.fromstring(etree.tostring(found)))
    login = {"userId": "desk", "password": "x"}
    for operation, reply, values, rows in (
        ("Authenticate", False, login, ()),
        ("Authenticate", True, {"resultCode": "1", "resultDescription": "no"}, ()),
        ("AddCDRs", False, {}, cdr_rows),
        ("GetCDRs", False, {}, ()),
        ("GetCDRs", True, {"resultCode": "0"}, cdr_rows),
        ("ClearCDRs", True, {"resultCode": "7", "resultDescription": "not you"}, ()),
        ("SetRoamingAuthorisationList", False, {}, token_rows),
        ("GetRoamingAuthorisationList", True, {"resultCode": "0"}, ()),
    ):
        envelope = _written(OWN, operation, reply=reply, values=values, rows=rows, token=None if reply else "t")
        schema.assertValid(etree.fromstring(etree.tostring(envelope[-1][0])))


def _zeep_binding(path: Path) -> Any:
    from zeep import Client

    client = Client(str(path))
    return client, client.service._binding


class _Response:
    status_code = 200
    headers = {"Content-Type": "text/xml; charset=utf-8"}  # noqa: RUF012 - read only
    encoding = "utf-8"

    def __init__(self, content: bytes) -> None:
        self.content = content


@pytest.mark.parametrize(
    ("contract", "path"),
    [(OWN, resource("wsdl", "ochp-0.1.wsdl")), (FOREIGN, DATA / "foreign.wsdl")],
    ids=["own", "foreign"],
)
def test_plain_zeep_reads_what_we_write_and_we_read_what_zeep_writes(
    contract: Contract, path: Path, token_rows: list[Row], cdr_rows: list[Row]
) -> None:
    client, binding = _zeep_binding(path)
    operations = {name.casefold(): operation for name, operation in binding._operations.items()}
    for kind, upload, download, array, rows in (
        (
            "tokens",
            "SetRoamingAuthorisationList",
            "GetRoamingAuthorisationList",
            "roamingAuthorisationInfoArray",
            token_rows,
        ),
        ("cdrs", "AddCDRs", "GetCDRs", "cdrInfoArray", cdr_rows),
    ):
        names = KINDS[kind].names
        # zeep, strict, reads our reply
        out = io.BytesIO()
        values = {"resultCode": "0", "resultDescription": "ok", "docLink": "https://x.example/a?b=1&c=2"}
        write_message(out, contract, download, reply=True, values=values, rows=rows)
        answer = binding.process_reply(client, operations[download.casefold()], _Response(out.getvalue()))
        assert answer["result"]["resultCode"] == 0
        if kind == "cdrs":
            assert answer["docLink"] == "https://x.example/a?b=1&c=2"
        read = [tuple("" if record[name] is None else str(record[name]) for name in names) for record in answer[array]]
        assert read == rows
        # we read the request that zeep writes
        records = [dict(zip(names, row, strict=True)) for row in rows]
        if kind == "tokens" and contract is FOREIGN:
            records = [{**record, "remark": "unknown to us"} for record in records]
        name = operations[upload.casefold()].name
        envelope = client.create_message(client.service, name, _soapheaders=None, **{array: records})
        message = read_message(io.BytesIO(etree.tostring(envelope)), contract)
        assert (message.operation, message.reply, message.rows) == (upload, False, rows)
        # and both write the same elements in the same order
        ours = _written(contract, upload, rows=rows)[-1][0][0]
        theirs = envelope[-1][0][0]
        kept = {child.tag: child.text or "" for child in theirs}
        assert [child.tag for child in ours] == [tag for tag in kept if tag in {child.tag for child in ours}]


def test_optional_fields_are_left_out_and_required_ones_sent_empty(cdr_rows: list[Row]) -> None:
    row = cdr_rows[0]
    ours = _written(OWN, "AddCDRs", rows=[row])[-1][0][0]
    names = KINDS["cdrs"].names
    assert [etree.QName(child).localname for child in ours] == [n for n, text in zip(names, row, strict=True) if text]
    theirs = _written(FOREIGN, "AddCDRs", rows=[row])[-1][0][0]
    assert len(theirs) == 20
    assert {etree.QName(child).localname for child in theirs if not child.text} == {
        n for n, text in zip(names, row, strict=True) if not text
    }


def test_the_token_stands_in_the_header_element_that_the_wsdl_names() -> None:
    for contract, tag in (
        (OWN, f"{{{NS}}}UserIdentityHeader"),
        (FOREIGN, "{http://clearing.example/ochp/2012/}sessionKey"),
    ):
        envelope = _written(contract, "GetCDRs", token="a<b")
        assert envelope.tag == f"{{{contract.soap.namespace}}}Envelope"
        assert [(block.tag, block.text) for block in envelope[0]] == [(tag, "a<b")]
        message = read_message(io.BytesIO(etree.tostring(envelope)), contract)
        assert (message.token, message.version) == ("a<b", contract.soap)


def test_named_enumerations_are_written_as_names_and_read_from_names_or_numbers(tmp_path: Path) -> None:
    text = resource("wsdl", "ochp-0.1.wsdl").read_text(encoding="utf-8")
    start = text.index('<xsd:simpleType name="TokenType">')
    end = text.index("</xsd:simpleType>", start)
    names = "".join(f'<xsd:enumeration value="{n}"/>' for n in ("Other", "MIFARE_CL", "Mifare-DES", "MSISDN"))
    known = names.replace("MIFARE_CL", "MifareCL")
    path = tmp_path / "named.wsdl"
    named = f'<xsd:simpleType name="TokenType"><xsd:restriction base="xsd:string">{known}</xsd:restriction>'
    path.write_text(text[:start] + named + text[end:], encoding="utf-8")
    contract = Contract.load(path)
    row = ("NL-TNM-000001-1", "4", "2", "04A1", "1", "31/12/2027", "", "0", "1", "")
    sent = _written(contract, "SetRoamingAuthorisationList", rows=[row])
    assert sent.findtext(f".//{{{NS}}}tokenType") == "Mifare-DES"
    assert sent.findtext(f".//{{{NS}}}roamingHubId") == "4"
    assert read_message(io.BytesIO(etree.tostring(sent)), contract).rows == [row]


def _envelope(body: str, head: str = "") -> io.BytesIO:
    return io.BytesIO(
        f'<?xml version="1.0"?><e:Envelope xmlns:e="{SoapVersion.V11.namespace}" xmlns:n="{NS}"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{head}<e:Body>{body}</e:Body></e:Envelope>'.encode()
    )


def test_reading_is_liberal() -> None:
    """Any order and case, no namespace, misread names, unknown elements, nil, names for numbers, comments, CDATA."""
    message = read_message(
        _envelope(
            """
            <getroamingauthorisationlistRESPONSE xmlns="urn:elsewhere"> <extra><evcoId>no</evcoId></extra>
              <roamingAuthorisationInfoArray><hash xsi:nil="true"/><TOKENID>04&#65;1</TOKENID>
                <evcold>NL<!-- x -->-1</evcold>
                <tokenType> MIFARE des </tokenType><roamingHubId>E-Laad</roamingHubId><later><a>1</a></later>
                <pinMandatory>not mandatory</pinMandatory><tokenActivated>01</tokenActivated>
                <printedNumber><![CDATA[<7>]]></printedNumber></roamingAuthorisationInfoArray>
              <roamingAuthorisationInfoArray/>
              <roamingAuthorisationInfoArray><roamingHubId>17</roamingHubId><tokenType>Hologram</tokenType>
              </roamingAuthorisationInfoArray>
              <Result><ResultDescription xsi:nil="1"/><RESULTCODE> 0 </RESULTCODE></Result>
            </getroamingauthorisationlistRESPONSE>""",
            "<e:Header><n:useridentityheader> tok </n:useridentityheader></e:Header>",
        ),
        OWN,
    )
    assert message.operation == "GetRoamingAuthorisationList"
    assert message.reply
    assert message.token == "tok"
    assert message.values == {"resultCode": "0", "resultDescription": None}
    assert message.rows == [
        ("NL-1", "2", "2", "04A1", "<7>", "", "", "0", "1", ""),
        ("", "", "", "", "", "", "", "", "", ""),
        ("", "17", "Hologram", "", "", "", "", "", "", ""),
    ]


def test_the_scans_misreadings_are_understood() -> None:
    message = read_message(
        _envelope(
            "<AddCDRsRequest><cdriInfoArray><cdrlId>1</cdrlId><evcold>2</evcold><meterid>3</meterid><evseld>4</evseld>"
            "</cdriInfoArray></AddCDRsRequest>"
        ),
        OWN,
    )
    (row,) = message.rows
    assert {name: row[KINDS["cdrs"].index(name)] for name in ("cdrId", "evcoId", "meterId", "evseId")} == {
        "cdrId": "1",
        "evcoId": "2",
        "meterId": "3",
        "evseId": "4",
    }


@pytest.mark.parametrize(
    ("text", "code"), [("Accepted", "0"), ("accepted", "0"), ("0", "0"), ("Denied", "1"), ("1", "1"), ("odd", "odd")]
)
def test_a_sign_in_is_accepted_by_name_or_by_number(text: str, code: str) -> None:
    body = f"<AuthenticateResponse><resultCode>{text}</resultCode><authToken>t</authToken></AuthenticateResponse>"
    assert read_message(_envelope(body), OWN).values == {"resultCode": code, "authToken": "t"}


def test_absent_empty_and_nil_fields_are_told_apart() -> None:
    body = '<GetCDRsResponse><docLink/><result><resultDescription xsi:nil="true"/></result></GetCDRsResponse>'
    assert read_message(_envelope(body), OWN).values == {"docLink": "", "resultDescription": None}


@pytest.mark.parametrize("version", list(SoapVersion))
def test_faults_of_both_soap_versions_are_read(version: SoapVersion) -> None:
    for reason, sender, about_token in (
        ("The auth token has expired.", True, True),
        ("UserIdentityHeader is missing", True, True),
        ("Session expired, please log in again", True, True),
        ("Ihre Sitzung ist abgelaufen", True, True),
        ("tokenId of record 3 is invalid", True, False),
        ("The list has 2 tokens twice & <more>", True, False),
        ("Out of memory", False, False),
    ):
        out = io.BytesIO()
        write_fault(out, version, reason, sender=sender)
        out.seek(0)
        message = read_message(out, OWN)
        assert message.version is version
        assert message.fault is not None
        assert (message.fault.reason, message.fault.sender, message.fault.about_token) == (reason, sender, about_token)
        # The subcode says it in any language.
        out = io.BytesIO()
        write_fault(out, version, "Anmeldung nötig", subcode="AuthToken")
        out.seek(0)
        marked = read_message(out, OWN).fault
        assert marked is not None
        assert marked.about_token


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_a_character_that_xml_cannot_carry_is_named_with_its_place(bad: str, token_rows: list[Row]) -> None:
    row = list(token_rows[7])
    row[4] = f"NL{bad}1"
    rows = [*token_rows[:7], tuple(row), *token_rows[8:]]
    with pytest.raises(UnwritableText, match="Record 8, field printedNumber") as caught:
        RecordCodec(OWN, "tokens").write(rows, io.BytesIO())
    assert (caught.value.row, caught.value.field) == (8, "printedNumber")
    with pytest.raises(UnwritableText, match="password"):
        _written(OWN, "Authenticate", values={"userId": "a", "password": f"x{bad}"})


BOMB = (
    '<!DOCTYPE e [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"not xml",
        b"<html><body>Welcome</body></html>",
        b"<Envelope><Body/></Envelope>",
        f'<e:Envelope xmlns:e="{SoapVersion.V12.namespace}"/>'.encode(),
        _envelope("").getvalue(),
        _envelope("<a>").getvalue(),
        _envelope("<a/>").getvalue()[:-9],
        (BOMB + _envelope("<AddCDRsRequest>&c;</AddCDRsRequest>").getvalue().decode()[21:]).encode(),
        _envelope("<AddCDRsRequest>&unknown;</AddCDRsRequest>").getvalue(),
        _envelope("<a>" * 400 + "</a>" * 400).getvalue(),
        _envelope("<a>\x01</a>").getvalue(),
        b"\xff\xfe\x00broken",
    ],
)
def test_what_is_no_soap_message_is_refused(content: bytes) -> None:
    with pytest.raises(MessageError):
        read_message(io.BytesIO(content), OWN)


def test_an_entity_never_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    content = f'<!DOCTYPE e [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    content += _envelope("<AuthenticateRequest><userId>&x;</userId></AuthenticateRequest>").getvalue()[21:]
    with pytest.raises(MessageError, match="DTD"):
        read_message(io.BytesIO(content), OWN)


def test_limits_end_what_is_too_large(token_rows: list[Row]) -> None:
    out = io.BytesIO()
    RecordCodec(OWN, "tokens").write(token_rows, out, reply=True)
    content = out.getvalue()
    with pytest.raises(MessageError, match="more than 24 records"):
        read_message(io.BytesIO(content), OWN, Limits(records=24))
    with pytest.raises(MessageError, match="larger than"):
        read_message(io.BytesIO(content), OWN, Limits(size=len(content) - 1))
    assert read_message(io.BytesIO(content), OWN, Limits(records=25, size=len(content))).records == 25


@pytest.mark.parametrize(
    "inside", ["<GetCDRsResponse><cdrInfoArray>", "<GetCDRsResponse><other>", "<GetCDRsResponse/>", "<x/>"]
)
def test_one_endless_piece_is_refused_before_it_fills_the_memory(inside: str) -> None:
    reader = MessageReader(OWN, Limits(piece=1 << 20))
    reader.feed(_envelope(inside).getvalue().partition(b"</e:Body>")[0])

    def endlessly() -> None:
        while True:
            reader.feed(b"<y/>" * 4096)

    with pytest.raises(MessageError, match="larger than 1 MB"):
        endlessly()


def test_records_inside_a_wrapper_element_are_found(tmp_path: Path) -> None:
    """Some stacks put the repeated record into an array element of its own."""
    text = resource("wsdl", "ochp-0.1.wsdl").read_text(encoding="utf-8")
    wrapped = text.replace('type="tns:CDRInfo" maxOccurs="unbounded"', 'type="tns:CDRInfoArray"').replace(
        '      <xsd:complexType name="CDRInfo">',
        '      <xsd:complexType name="CDRInfoArray"><xsd:sequence><xsd:element name="CDRInfo" type="tns:CDRInfo"'
        ' maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>\n      <xsd:complexType name="CDRInfo">',
    )
    path = tmp_path / "wrapped.wsdl"
    path.write_text(wrapped, encoding="utf-8")
    contract = Contract.load(path)
    rows = [tuple(f"{number}-{index}" for index in range(20)) for number in range(3000)]
    out = io.BytesIO()
    assert RecordCodec(contract, "cdrs").write(rows, out) == 3000
    out.seek(0)
    message = read_message(out, contract)
    assert message.operation == "AddCDRs"
    assert message.rows == rows
