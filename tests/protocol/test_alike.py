"""Records read with a pattern are those that the XML parser reads: whatever arrives, however it is cut into pieces."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pytest

from ochp_desktop.protocol.alike import AlikeRecords
from ochp_desktop.protocol.codec import Limits, MessageError, MessageReader, RecordCodec
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.records.kinds import KINDS

DATA = Path(__file__).parent / "data"
OWN = Contract.load()
FOREIGN = Contract.load(DATA / "foreign.wsdl")
CDRS = KINDS["cdrs"]
COMMENT = b"<!-- leaves the message to the parser -->"

Outcome = list[tuple[str, ...]] | None


def cdrs(count: int = 9) -> list[tuple[str, ...]]:
    """Records as they usually are: nearly all fields filled, a few of them empty."""
    rows = []
    for number in range(count):
        row = [f"{name} {number}" for name in CDRS.names]
        for index in (3, 5, 19)[: number % 4]:
            row[index] = ""
        rows.append(tuple(row))
    return rows


def message(rows: list[tuple[str, ...]] | None = None, contract: Contract = OWN, kind: str = "cdrs") -> bytes:
    out = io.BytesIO()
    RecordCodec(contract, kind).write(rows if rows is not None else cdrs(), out)
    return out.getvalue()


def outcome(data: bytes, piece: int, contract: Contract = OWN) -> Outcome:
    """The records of a message that arrives in such pieces; None when it is refused."""
    reader = MessageReader(contract)
    rows: list[tuple[str, ...]] = []
    try:
        for start in range(0, len(data), piece):
            rows += reader.feed(data[start : start + piece])
        rows += reader.close()
    except MessageError:
        return None
    assert reader.message.records == len(rows)
    return rows


def by_the_parser(data: bytes, contract: Contract = OWN) -> Outcome:
    """The same, read by the parser alone."""
    head = data.index(b"?>") + 2
    return outcome(data[:head] + COMMENT + data[head:], 1 << 16, contract)


def read_with_pattern(data: bytes, contract: Contract = OWN) -> int:
    """How many records the pattern takes when the message arrives at once."""
    taken = 0

    class Counting(AlikeRecords):
        def take(self, data: bytes) -> tuple[list[tuple[str, ...]], bytes]:
            nonlocal taken
            rows, rest = super().take(data)
            taken += len(rows)
            return rows, rest

    reader = MessageReader(contract)
    reader._alike = Counting()
    reader.feed(data)
    reader.close()
    return taken


def spelled(*changes: tuple[str, str]) -> bytes:
    text = message().decode()
    for pattern, replacement in changes:
        changed = re.sub(pattern, replacement, text)
        assert changed != text
        text = changed
    return text.encode()


SPELLINGS = {
    "ours": message(),
    "one record": message(cdrs(1)),
    "no records": message([]),
    "other prefix": spelled(("xmlns:o=", "xmlns:ns0="), ("<o:", "<ns0:"), ("</o:", "</ns0:")),
    "default namespace": spelled(("xmlns:o=", "xmlns="), ("<o:", "<"), ("</o:", "</")),
    "on many lines": spelled(("><", ">\r\n\t<")),
    "references in some": spelled(("cdrId 4", "cdrId &amp; &#8364; 4"), ("evcoId 5", "&lt;")),
    "references in all": spelled(("(cdrId .)<", r"\1&gt;<")),
    "umlauts": spelled(("(chargePointCity .)<", r"\1 Zürich € 😀<")),
    "line ends in texts": spelled(("cdrId 2", "cdr\r\nId\t2\n")),
    "line separators": spelled(("cdrId 2", "cdr\u2028Id\u0085\u007f 2")),
    "a comment": spelled(("cdrId 4", "cdr<!-- <o:cdrId>no</o:cdrId> -->Id 4")),
    "cdata": spelled(("cdrId 4", "<![CDATA[cdrId 4]]>")),
    "instruction": spelled(("cdrId 4", "cdr<?x <o:cdrId>no</o:cdrId> ?>Id 4")),
    "attribute": spelled(("<o:cdrId>cdrId 4", '<o:cdrId a="b">cdrId 4')),
    "record with attribute": spelled(("<o:cdrInfoArray><o:cdrId>cdrId 4", '<o:cdrInfoArray id="4"><o:cdrId>cdrId 4')),
    "other order": spelled(("(<o:cdrId>cdrId .</o:cdrId>)(.*?)(</o:cdrInfoArray>)", r"\2\1\3")),
    "other order in one": spelled(("(<o:cdrId>cdrId 4</o:cdrId>)(.*?)(</o:cdrInfoArray>)", r"\2\1\3")),
    "empty element": spelled(("<o:cdrId>cdrId 4</o:cdrId>", "<o:cdrId/>"), ("evcoId 5", "")),
    "nil": spelled(("<o:cdrId>cdrId 4</o:cdrId>", '<o:cdrId xsi:nil="true"/>')),
    "unknown element": spelled(("<o:evcoId>", "<o:colour>red</o:colour><o:evcoId>")),
    "unknown element in one": spelled(("<o:evcoId>evcoId 4", "<o:colour>red</o:colour><o:evcoId>evcoId 4")),
    "misread names": spelled(("o:evcoId", "o:evcold")),
    "upper case in one": spelled(("o:evcoId>evcoId 4</o:evcoId", "o:EVCOID>evcoId 4</o:EVCOID")),
    "twice the same field": spelled(("(<o:evcoId>evcoId 4</o:evcoId>)", r"\1<o:evcoId>again</o:evcoId>")),
    "something between": spelled(
        ("<o:cdrInfoArray><o:cdrId>cdrId 4", "<o:other>x</o:other><o:cdrInfoArray><o:cdrId>4")
    ),
    "text between": spelled(("<o:cdrInfoArray><o:cdrId>cdrId 4", "text <o:cdrInfoArray><o:cdrId>4")),
    "record in a record": spelled(
        ("<o:evcoId>evcoId 4</o:evcoId>", "<o:cdrInfoArray><o:cdrId>x</o:cdrId></o:cdrInfoArray>")
    ),
    "undeclared prefix": spelled(("o:evcoId>evcoId 4</o:evcoId", "p:evcoId>evcoId 4</p:evcoId")),
    "wrong end tag": spelled(("evcoId 4</o:evcoId>", "evcoId 4</o:evseId>")),
    "control character": spelled(("evcoId 4", "evcoId\x01 4")),
    "no character": spelled(("evcoId 4", "evcoId\uffff 4")),
    "bare ampersand": spelled(("evcoId 4", "evcoId & 4")),
    "unknown entity": spelled(("evcoId 4", "evcoId &nbsp; 4")),
    "end of cdata": spelled(("evcoId 4", "evcoId ]]> 4")),
    "damaged UTF-8": message().replace(b"evcoId 4", b"evcoId \xff\xfe 4"),
    "half a character": message().replace(b"evcoId 4", b"evcoId \xe2\x82 4"),
    "a surrogate": message().replace(b"evcoId 4", b"evcoId \xed\xa0\x80 4"),
    "cut off": message()[:-700],
    "cut off in a record": message()[:-1200],
    "something after": message() + b"<more/>",
    "another encoding": spelled(("UTF-8", "ISO-8859-1")).replace(b"evcoId 4", b"evcoId \xfc 4"),
    "version 1.1": spelled(('version="1.0"', 'version="1.1"')),
    "header of the same name": spelled(
        ("<s:Body>", "<s:Header><o:cdrInfoArray><o:cdrId>no</o:cdrId></o:cdrInfoArray></s:Header><s:Body>")
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("piece", [1, 7, 100, 997, 1 << 16])
def test_what_arrives_is_read_as_by_the_parser(name: str, piece: int) -> None:
    data = SPELLINGS[name]
    assert outcome(data, piece) == by_the_parser(data)


@pytest.mark.parametrize("name", ["ours", "other prefix", "default namespace", "on many lines", "umlauts"])
def test_records_that_are_written_alike_do_not_pass_through_the_parser(name: str) -> None:
    assert read_with_pattern(SPELLINGS[name]) == len(cdrs()) - 1


@pytest.mark.parametrize("name", ["unknown element in one", "nil", "attribute", "empty element"])
def test_after_a_record_that_is_written_otherwise_the_pattern_goes_on(name: str) -> None:
    assert read_with_pattern(SPELLINGS[name]) >= len(cdrs()) - 5


def test_a_foreign_contract_s_order_and_names_are_known() -> None:
    rows = [("4", "1", "0", f"{number:08X}", "NL-ESS-1", "31/12/2030", "", "0", "1", "") for number in range(50)]
    names = KINDS["tokens"].names
    wire = ("roamingHubId", "tokenType", "pinMandatory", "tokenId", "evcoId", "expiryDate", "pin", "hash")
    ordered = [
        tuple(dict(zip((*wire, "tokenActivated", "printedNumber"), row, strict=True))[n] for n in names) for row in rows
    ]
    for contract in (OWN, FOREIGN):
        data = message(ordered, contract, "tokens")
        assert outcome(data, 1 << 16, contract) == ordered == by_the_parser(data, contract)
    assert read_with_pattern(message(ordered, OWN, "tokens")) == len(rows) - 1


def test_limits_hold_for_records_that_pass_the_parser_by() -> None:
    data = message(cdrs(40))
    for limits in (Limits(records=30), Limits(size=len(data) - 1)):
        with pytest.raises(MessageError):
            MessageReader(OWN, limits).feed(data)
    endless = data.replace(b"evcoId 20", b"e" * 5_000_000)
    with pytest.raises(MessageError):
        list(RecordCodec(OWN, "cdrs").read(io.BytesIO(endless), Limits(piece=2_000_000)))


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_message_is_judged_as_by_the_parser(seed: int) -> None:
    chance = random.Random(seed)
    whole = SPELLINGS[chance.choice(["ours", "on many lines", "umlauts", "default namespace"])]
    head = whole.index(b"?>") + 2
    for _round in range(60):
        data = bytearray(whole)
        for _damage in range(chance.choice([1, 1, 1, 2, 5])):
            at = chance.randrange(head, len(data))
            bit = chance.choice(
                [b"<", b">", b"/", b"&", b"\x00", b"\xc3", b" ", b"</o:cdrInfoArray>", b"<o:cdrInfoArray>", b"-->"]
            )
            kind = chance.randrange(3)
            data[at : at + (kind > 0)] = b"" if kind == 1 else bit
        assert outcome(bytes(data), chance.choice([50, 1000, 1 << 16])) == by_the_parser(bytes(data)), bytes(data)
