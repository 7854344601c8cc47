"""For every rule of the page a table of cases: what it finds, where it keeps silent, what mends it, with the edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.identity import cdr_key
from ochp_desktop.records.kinds import CDRS, KINDS, TOKENS
from ochp_desktop.records.roaming import RoamingIndex
from ochp_desktop.records.rulebook import all_rules, rules_for
from ochp_desktop.records.rules import DamagedCell, Facts

FACTS = Facts(now=datetime(2026, 10, 15, 12, tzinfo=UTC), timezone=ZoneInfo("Europe/Amsterdam"))
TOKEN = {one.name: one.example for one in TOKENS} | {"expiryDate": "31/12/2027"}
CDR = {one.name: one.example for one in CDRS}
LIST = RoamingIndex(
    lambda: [
        tuple((TOKEN | changes)[name] for name in TOKENS.names)
        for changes in (
            {"evcoId": "NL-TNM-C00122045-K"},
            {"evcoId": "NL-TNM-C00122046-5", "tokenId": "00000002", "expiryDate": "30/09/2026"},
            {"evcoId": "NL-TNM-C00122047-Q", "tokenId": "00000003", "tokenActivated": "0"},
            {"evcoId": "NL-TNM-C00122048-B", "tokenId": "00000004", "expiryDate": "01/10/2026"},
        )
    ]
)

Row = dict[str, str]
Table = Sequence[Row]


@dataclass
class Case:
    """Tables of changed good records in which the rule finds something, and in which it does not.

    A single changed record stands for a table of one.
    """

    bad: Sequence[Row | Table]
    good: Sequence[Row | Table] = ()
    repaired: Sequence[tuple[Row, str]] = ()
    facts: Facts = field(default_factory=lambda: FACTS)


def damaged(kind: str, name: str, text: str, repair: str | None = None) -> Case:
    """A cell of a file that a spreadsheet damaged, as it was read and typed anew."""
    facts = Facts(now=FACTS.now, damage={name: {0: DamagedCell(kind, text, repair)}})
    return Case([{name: text}], [{name: f"{text}1"}], [({name: text}, repair)] if repair else (), facts)


def session(start: str, end: str, **more: str) -> Row:
    return {
        "startDatetime": f"2026-10-01T{start}+02:00",
        "endDatetime": f"2026-10-01T{end}+02:00",
        "duration": "",
        **more,
    }


def one(number: int, start: str, end: str, **more: str) -> Row:
    return session(start, end, cdrId=str(number), authenticationId=f"0000000{number}", **more)


def powers(*volumes: str) -> list[Row]:
    return [one(at, f"0{at}:00:00", f"0{at}:59:00", volume=volume) for at, volume in enumerate(volumes)]


CASES: dict[str, Case] = {
    # both kinds
    "value.missing": Case([{"evcoId": ""}, {"evcoId": "  "}, {"evcoId": "\u00a0"}], [{"evcoId": "x"}]),
    "text.spreadsheet-error": Case(
        [{"evcoId": "#N/A"}, {"evcoId": "#BEZUG!"}, {"evcoId": "########"}], [{"evcoId": "#1"}]
    ),
    "text.control": Case(
        [{"evcoId": "a\x00"}, {"evcoId": "\ud800"}], [{"evcoId": "a\u0301"}], [({"evcoId": "a\x07"}, "a")]
    ),
    "text.line-break": Case(
        [{"evcoId": "a\nb"}, {"evcoId": "a\u2028b"}], [{"evcoId": "a b"}], [({"evcoId": "a \r\n b"}, "a b")]
    ),
    "text.blanks": Case(
        [{"evcoId": " a"}, {"evcoId": "a\u200b"}], [{"evcoId": "a b"}], [({"evcoId": "\u00a0a\t"}, "a")]
    ),
    "text.apostrophe": Case(
        [{"tokenId": "'04AB12CD"}, {"expiryDate": "'31/12/2027"}, {"pin": "\u20190427"}, {"evcoId": "'#N/A"}],
        [{"evcoId": "'"}, {"evcoId": "a'b"}],
        [({"tokenId": " '04AB12CD"}, "04AB12CD"), ({"expiryDate": "'31/12/2027"}, "31/12/2027")],
    ),
    "text.other-digits": Case(
        [
            {"expiryDate": "\u0663\u0661/12/2027"},
            {"pin": "\u0661\u0662"},
            {"tokenId": "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18"},
            {"tokenType": "\u0967"},
        ],
        [{"evcoId": "\u0661\u0662\u0663"}, {"printedNumber": "\u2460"}],
        [
            ({"expiryDate": "\u0663\u0661/\u0661\u0662/\u0662\u0660\u0662\u0667"}, "31/12/2027"),
            ({"tokenId": "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18"}, "12345678"),
        ],
    ),
    "id.excel": Case(
        [{"evcoId": "1.2E+46"}, {"evcoId": "inf"}, {"evcoId": "1,2E5"}], [{"evcoId": "12E45678"}, {"evcoId": "12E-1"}]
    ),
    "id.number-tail": Case(
        [{"evcoId": "123.0"}], [{"evcoId": "123"}, {"evcoId": "1.5"}], [({"evcoId": "123.00"}, "123")]
    ),
    "id.rounded": damaged("rounded", "evcoId", "12345678901234560"),
    "id.zeros": damaged("zeros", "printedNumber", "42", "0042"),
    "text.date": damaged("date", "evcoId", "12/05/2026"),
    "text.formula-empty": damaged("formula-without-value", "evcoId", "=A1"),
    "text.formula": damaged("formula", "evcoId", "NL-TNM-C00122045-K"),
    "contract-id.check-digit": Case(
        [{"evcoId": "NL-ESS-123456-7"}, {"evcoId": "DE-8AA-CA2B3C4D5-N"}, {"evcoId": "NL-TNM-000122045-K"}],
        [
            {"evcoId": text}
            for text in (
                "NN123ABCDEFGHIT",
                "FRXYZ1234567892",
                "ITA1B2C3E4F5G64",
                "DE83DUIEN83QGZD",
                "DE8AA0012345670",
                "NLTNM000122045U",
                "NLTNMC00122045K",
                "INTNM0000719",
                "INTNM000110X",
                "INTNM0001240",
                "NLTNM0122045",
                "NLANW1330946",
                "nl*tnm*012204*5",
            )
        ],
    ),
    "contract-id.external": Case(
        [{"evcoId": "customer 17"}, {"evcoId": "NL-TNM-01220"}, {"evcoId": "\u0661\u0662\u0663"}],
        [{"evcoId": "NLTNM012204"}],
    ),
    # tokens
    "expiry-date.year-first": Case(
        [{"expiryDate": "2027-12-30"}, {"expiryDate": "20271230"}, {"expiryDate": "2027-12-30T00:00:00"}],
        [{"expiryDate": "29/02/2028"}],
        [({"expiryDate": "2028/2/29"}, "29/02/2028")],
    ),
    "expiry-date.month-first": Case(
        [
            {"expiryDate": "12/30/2027"},
            [{"expiryDate": "12/30/2027"}, {"expiryDate": "1/2/2027", "tokenId": "00000001"}],
        ],
        [{"expiryDate": "12/12/2027"}],
        [({"expiryDate": "12/30/2027"}, "30/12/2027")],
    ),
    "expiry-date.other-form": Case(
        [
            {"expiryDate": "30.12.2027"},
            {"expiryDate": "30 Dez 2027"},
            {"expiryDate": "30-12-2027"},
            [{"expiryDate": "25/12/2027"}, {"expiryDate": "1/2/2027", "tokenId": "00000001"}],
        ],
        [{"expiryDate": "01/02/2027"}],
        [({"expiryDate": "1.2.2027"}, "01/02/2027"), ({"expiryDate": "Dec 30, 2027"}, "30/12/2027")],
    ),
    "expiry-date.ambiguous": Case(
        [
            {"expiryDate": "1/2/2027"},
            {"expiryDate": "01-02-2027"},
            [
                {"expiryDate": "1/2/2027"},
                {"expiryDate": "25/12/2027", "tokenId": "00000001"},
                {"expiryDate": "12/25/2027", "tokenId": "00000002"},
            ],
        ],
        [{"expiryDate": "2/2/2027"}, [{"expiryDate": "1/2/2027"}, {"expiryDate": "25/12/2027", "tokenId": "00000001"}]],
    ),
    "expiry-date.serial": Case(
        [{"expiryDate": "46751"}, {"expiryDate": "46751.0"}],
        [{"expiryDate": "9999"}],
        [({"expiryDate": "46751"}, "30/12/2027")],
    ),
    "expiry-date.impossible": Case(
        [{"expiryDate": "31/02/2027"}, {"expiryDate": "29/02/2027"}, {"expiryDate": "2027-13-40"}],
        [{"expiryDate": "29/02/2028"}, {"expiryDate": "29/02/2000"}],
        [({"expiryDate": "31/11/2027"}, "30/11/2027"), ({"expiryDate": "30/02/2028"}, "29/02/2028")],
    ),
    "expiry-date.form": Case(
        [{"expiryDate": "soon"}, {"expiryDate": "x" * 32767}],
        [{"expiryDate": "31/12/9999"}, {"expiryDate": "31/12/2027"}],
    ),
    "expiry-date.expired": Case(
        [{"expiryDate": "14/10/2026"}, {"expiryDate": "01/01/0001"}],
        [{"expiryDate": "15/10/2026"}, {"expiryDate": "14/10/2026", "tokenActivated": "0"}],
    ),
    "expiry-date.soon": Case(
        [{"expiryDate": "15/10/2026"}, {"expiryDate": "14/11/2026"}],
        [{"expiryDate": "15/11/2026"}, {"expiryDate": "14/11/2026", "tokenActivated": "no"}],
    ),
    "hub.unknown-name": Case(
        [{"roamingHubId": "Essent"}], [{"roamingHubId": "ladennetz"}, {"roamingHubId": "2 E-laad"}]
    ),
    "hub.unknown-number": Case(
        [{"roamingHubId": "4"}, {"roamingHubId": "7.0"}], [{"roamingHubId": "3"}, {"roamingHubId": "0"}]
    ),
    "token-type.unknown-name": Case([{"tokenType": "NFC"}], [{"tokenType": "mifaredes"}]),
    "token-type.unknown-number": Case([{"tokenType": "4"}], [{"tokenType": "0"}]),
    "pin-mandatory.unknown-name": Case([{"pinMandatory": "maybe"}], [{"pinMandatory": "nee"}]),
    "pin-mandatory.unknown-number": Case([{"pinMandatory": "2"}], [{"pinMandatory": "0"}]),
    "activated.unknown-name": Case([{"tokenActivated": "?"}], [{"tokenActivated": "ja"}]),
    "activated.unknown-number": Case([{"tokenActivated": "2"}], [{"tokenActivated": "1"}]),
    "pin.digits": Case([{"pin": "12a4"}], [{"pin": "000000"}]),
    "pin.length": Case([{"pin": "1234567"}], [{"pin": "123456"}]),
    "pin.number-tail": Case([{"pin": "427.0"}], [{"pin": "427"}], [({"pin": "427.0"}, "427")]),
    "pin.missing": Case(
        [{"pin": "", "pinMandatory": "1"}, {"pin": " ", "pinMandatory": "yes"}],
        [{"pin": "", "pinMandatory": "0"}, {"pin": "0", "pinMandatory": "1"}],
    ),
    "token-id.excel": Case([{"tokenId": "1.2E+46"}, {"tokenId": "inf"}], [{"tokenId": "12E45678"}]),
    "token-id.number-tail": Case(
        [{"tokenId": "12345678.0"}, {"tokenId": "1C78F2BF.0"}],
        [{"tokenId": "12345678"}, {"tokenId": "1C78F2BF"}, {"tokenId": "1C.78.F2.B0"}, {"tokenId": "1C78F2.0"}],
        [
            ({"tokenId": "12345678.0"}, "12345678"),
            ({"tokenId": "1C78F2BF.0"}, "1C78F2BF"),
            ({"tokenId": "04a2b3c4d5e6f7,00"}, "04a2b3c4d5e6f7"),
        ],
    ),
    "token-id.not-hex": Case(
        [{"tokenId": "04AB12CG"}, {"tokenId": "\u2464\u2464"}],
        [{"tokenId": "04AB12CG", "tokenType": "0"}, {"tokenId": "04AB12CF"}],
    ),
    "token-id.separators": Case(
        [{"tokenId": "04:AB:12:CD"}, {"tokenId": "0x04AB12CD"}],
        [{"tokenId": "04AB12CD"}],
        [({"tokenId": "04-ab-12-cd"}, "04AB12CD")],
    ),
    "token-id.lower-case": Case(
        [{"tokenId": "04ab12cd"}], [{"tokenId": "04AB12CD"}], [({"tokenId": "04ab12cd"}, "04AB12CD")]
    ),
    "token-id.check-byte": Case(
        [{"tokenId": "DD17380AF8"}], [{"tokenId": "DD17380AF9"}], [({"tokenId": "DD17380AF8"}, "DD17380A")]
    ),
    "token-id.decimal": Case(
        [{"tokenId": "3220338716"}, {"tokenId": "477688511"}], [{"tokenId": "4294967296"}, {"tokenId": "12345678"}]
    ),
    "token-id.length": Case(
        [{"tokenId": "04AB12CD5566"}, {"tokenId": "AB"}],
        [{"tokenId": "04AB12CD556677"}, {"tokenId": "A" * 20}],
        [({"tokenId": "4AB12CD"}, "04AB12CD")],
    ),
    "token-id.filled": Case(
        [
            {"tokenId": "00000004AB12CD"},
            {"tokenId": "04AB12CD000000", "tokenType": "2"},
            {"tokenId": "00000004AB12CD556677", "tokenType": "2"},
            {"tokenId": "0000000004AB12CD"},
        ],
        [
            {"tokenId": "0000AB12CD5566", "tokenType": "2"},
            {"tokenId": "04AB12CD550000", "tokenType": "2"},
            {"tokenId": "00000000000000", "tokenType": "2"},
            {"tokenId": "04AB12CD", "tokenType": "1"},
        ],
        [
            ({"tokenId": "04AB12CD000000000000", "tokenType": "2"}, "04AB12CD"),
            ({"tokenId": "04AB12CD556677000000", "tokenType": "2"}, "04AB12CD556677"),
        ],
    ),
    "token-id.cut-off": Case([{"tokenId": "8804AB12"}], [{"tokenId": "8704AB12"}, {"tokenId": "8804AB12CD5566"}]),
    "token-id.other-type": Case(
        [{"tokenId": "04AB12CD556677"}, {"tokenId": "04AB12CD", "tokenType": "2"}],
        [{"tokenId": "04AB12CD"}, {"tokenId": "04AB12CD556677", "tokenType": "2"}],
    ),
    "token-id.phone-marks": Case(
        [{"tokenId": "+31612345678", "tokenType": "3"}, {"tokenId": "0031612345678", "tokenType": "3"}],
        [{"tokenId": "31612345678", "tokenType": "3"}],
        [({"tokenId": "+31 (6) 1234-5678", "tokenType": "3"}, "31612345678")],
    ),
    "token-id.phone": Case(
        [
            {"tokenId": "0612345678", "tokenType": "3"},
            {"tokenId": "1" * 16, "tokenType": "3"},
            {"tokenId": "call me", "tokenType": "3"},
        ],
        [{"tokenId": "1" * 15, "tokenType": "3"}],
    ),
    "token-id.duplicate": Case(
        [[{}, {}], [{}, {"tokenId": "9f:3a:07:c4"}], [{}, {"tokenId": "x"}, {"tokenId": "0x9F3A07C4"}]],
        [
            [{}, {"tokenId": "9F3A07C5"}],
            [{"tokenId": "1.2E+46"}, {"tokenId": "1.2E+46"}],
            [{"tokenId": ""}, {"tokenId": ""}],
        ],
    ),
    "token-id.reversed": Case(
        [
            [{"tokenId": "1C78F2BF"}, {"tokenId": "BFF2781C"}],
            [{"tokenId": "1c78f2bf"}, {"tokenId": "BFF2781C"}, {"tokenId": "BFF2781C"}],
        ],
        [
            [{"tokenId": "1C78F2BF"}, {"tokenId": "1C78F2BF"}],
            [{"tokenId": "ABBA"}, {"tokenId": "BAAB"}],
            [{"tokenId": "11111111"}],
        ],
    ),
    # charge data records
    "date-time.no-offset": Case(
        [{"startDatetime": "2026-10-01 11:45:30"}, {"startDatetime": "2026-10-01T11:45:30"}],
        [{"startDatetime": "2026-10-01T11:45:30Z"}],
        [
            ({"startDatetime": "2026-10-01 11:45:30"}, "2026-10-01T11:45:30+02:00"),
            ({"startDatetime": "2026-03-29 03:00"}, "2026-03-29T03:00:00+02:00"),
        ],
    ),
    "date-time.doubled-hour": Case(
        [{"startDatetime": "2012-10-28 02:30"}, {"startDatetime": "2025-10-26 02:00"}],
        [{"startDatetime": "2012-10-28 03:00"}],
    ),
    "date-time.missing-hour": Case(
        [{"startDatetime": "2012-03-25 02:30"}, {"startDatetime": "2012-03-25 02:00"}],
        [{"startDatetime": "2012-03-25 03:00"}, {"startDatetime": "2012-03-25 01:59"}],
    ),
    "date-time.other-form": Case(
        [{"startDatetime": "01.10.2026 11:45"}, {"startDatetime": "2026-10-01 11:45+0200"}],
        [],
        [({"startDatetime": "01.10.2026 11:45"}, "2026-10-01T11:45:00+02:00")],
    ),
    "date-time.ambiguous": Case(
        [{"startDatetime": "1/2/2026 10:00"}],
        [[{"startDatetime": "1/2/2026 10:00"}, {"startDatetime": "13/2/2026 10:00", "cdrId": "2"}]],
    ),
    "date-time.impossible": Case(
        [{"startDatetime": "2026-02-30T10:00:00+01:00"}, {"startDatetime": "2026-01-01 25:00"}],
        [{"startDatetime": "2024-02-29T10:00:00+01:00"}],
    ),
    "date-time.form": Case(
        [{"startDatetime": "noon"}],
        [{"startDatetime": "2026-10-01T11:45:30-12:00"}, {"startDatetime": "2026-10-01T11:45:30+14:00"}],
    ),
    "date-time.future": Case(
        [{"endDatetime": "2026-10-15T14:05:01+02:00"}], [{"endDatetime": "2026-10-15T14:05:00+02:00"}]
    ),
    "date-time.old": Case(
        [{"endDatetime": "2026-07-16T23:59:59Z"}, {"endDatetime": "0001-01-01T00:00:00Z"}],
        [{"endDatetime": "2026-07-17T00:00:00Z"}],
    ),
    "date-time.ageing": Case(
        [{"endDatetime": "2026-09-14T23:59:59Z"}],
        [{"endDatetime": "2026-09-15T00:00:00Z"}, {"endDatetime": "2026-01-01T12:00:00Z"}],
    ),
    "date-time.end-before-start": Case(
        [
            session("11:00:00", "10:59:59"),
            {"startDatetime": "2012-10-28T02:50:00+01:00", "endDatetime": "2012-10-28T02:10:00+01:00"},
        ],
        [
            session("11:00:00", "11:00:00"),
            {"startDatetime": "2012-10-28T02:50:00+02:00", "endDatetime": "2012-10-28T02:10:00+01:00"},
        ],
    ),
    "session.short": Case(
        [session("11:00:00", "11:00:59"), session("11:00:00", "11:00:00")], [session("11:00:00", "11:01:00")]
    ),
    "duration.differs": Case(
        [{"duration": "1:17:41"}, {"duration": "0:20:00"}],
        [
            {"duration": "1:17:40"},
            {"duration": ""},
            {
                "startDatetime": "2012-03-25T01:50:00+01:00",
                "endDatetime": "2012-03-25T03:10:00+02:00",
                "duration": "0:20:00",
            },
        ],
        [({"duration": "2:00:00"}, "1:16:40")],
    ),
    "volume.point": Case(
        [{"volume": "1.5"}, {"volume": "12.4500"}, [{"volume": "1.5"}, {"volume": "1.234", "cdrId": "2"}]],
        [{"volume": "1,5000"}],
        [({"volume": "12.45"}, "12,4500")],
    ),
    "volume.decimals": Case(
        [{"volume": "1,5"}, {"volume": "12"}, {"volume": "1,50"}],
        [{"volume": "0,0001"}],
        [({"volume": "1,5"}, "1,5000")],
    ),
    "volume.ambiguous": Case(
        [{"volume": "1.234"}, [{"volume": "1.5"}, {"volume": "1,50", "cdrId": "2"}, {"volume": "1.234", "cdrId": "3"}]],
        [{"volume": "0.234"}, [{"volume": "1.5"}, {"volume": "1.234", "cdrId": "2"}]],
    ),
    "volume.thousands": Case(
        [
            [{"volume": "1,50"}, {"volume": "1.234", "cdrId": "2"}],
            [{"volume": "1.5"}, {"volume": "1,234", "cdrId": "2"}],
        ],
        [{"volume": "1.234"}],
    ),
    "volume.rounded": Case([{"volume": "1,23456"}], [{"volume": "1,2345"}], [({"volume": "1,23456"}, "1,2346")]),
    "volume.unit": Case(
        [{"volume": "3 kWh"}, {"volume": "3000 Wh"}], [{"volume": "3,0000"}], [({"volume": "3000 Wh"}, "3,0000")]
    ),
    "volume.too-large": Case(
        [{"volume": "10000"}, {"volume": "12345,6"}], [{"volume": "9999,9999"}], [({"volume": "15000"}, "15,0000")]
    ),
    "volume.negative": Case([{"volume": "-1,0000"}, {"volume": "\u22121,0"}], [{"volume": "0,0000"}]),
    "volume.form": Case(
        [{"volume": "much"}, {"volume": "\u2460,0000"}, {"volume": "1" * 32767}], [{"volume": "1,0000"}]
    ),
    "volume.watt-hours": Case(
        [{"volume": "1000,0001"}], [{"volume": "1000,0000"}], [({"volume": "1200,0000"}, "1,2000")]
    ),
    "volume.much": Case(
        [{"volume": "150,0001"}, {"volume": "1000,0000"}], [{"volume": "150,0000"}, {"volume": "1000,0001"}]
    ),
    "volume.zero": Case([{"volume": "0,0000"}], [{"volume": "0,0001"}]),
    "volume.power": Case(
        [session("11:00:00", "11:06:00", volume="40,0001")],
        [session("11:00:00", "11:06:00", volume="40,0000"), session("11:00:00", "11:00:00")],
    ),
    "volume.unusual-power": Case(
        [powers("10,0000", "11,0000", "9,0000", "20,0000")],
        [
            powers("10,0000", "11,0000", "9,0000", "12,0000"),
            powers("10,0000", "20,0000"),
            [row | {"chargePointId": str(at)} for at, row in enumerate(powers("1,0000", "1,0000", "1,0000", "9,0000"))],
        ],
    ),
    "duration.seconds": Case([{"duration": "4600"}], [{"duration": "1:16:40"}], [({"duration": "4600"}, "1:16:40")]),
    "duration.excel": Case([{"duration": "0.0532407407"}], [], [({"duration": "0,0532407407"}, "1:16:40")]),
    "duration.other-form": Case(
        [{"duration": "1h 16m 40s"}], [{"duration": "25:00:00"}], [({"duration": "1h 16m 40s"}, "1:16:40")]
    ),
    "duration.form": Case([{"duration": "long"}], [{"duration": ""}, {"duration": "100:00:00"}]),
    "country.other-form": Case(
        [{"chargePointCountry": text} for text in ("nl", "Duitsland", "Allemagne", "nld")],
        [{"chargePointCountry": "NLD"}],
        [({"chargePointCountry": "Pays-Bas"}, "NLD")],
    ),
    "country.form": Case(
        [{"chargePointCountry": "Atlantis"}, {"chargePointCountry": "XXX"}], [{"chargePointCountry": ""}]
    ),
    "obis.form": Case(
        [{"obisCode": "1.8.0.0.0"}, {"obisCode": "1-1:1.256.0"}], [{"obisCode": "1.8"}, {"obisCode": "1-1:1.8.0*255"}]
    ),
    "obis.not-electricity": Case([{"obisCode": "7-1:3.0.0"}], [{"obisCode": "1-1:1.8.0"}, {"obisCode": "1.8.0"}]),
    "obis.feeding-back": Case([{"obisCode": "1-1:2.8.0"}, {"obisCode": "2.8.1"}], [{"obisCode": "1-1:1.8.0"}]),
    "cdr-id.already-sent": Case(
        [{}, {"infraProviderId": "E-LAAD"}],
        [{"cdrId": "other"}, {"infraProviderId": "Blue Corner"}],
        facts=Facts(now=FACTS.now, sent={cdr_key("e-laad", CDR["cdrId"]): "2026-10-02"}),
    ),
    "cdr-id.double": Case(
        [[{}, {}], [{}, {"infraProviderId": "E-Laad"}], [{}, {}, {"volume": "1,0000"}]],
        [[{}, {"cdrId": "2"}], [{}, {"volume": "1,0000"}]],
    ),
    "cdr-id.conflict": Case(
        [[{}, {"volume": "1,0000"}], [{}, {}, {"volume": "1,0000"}]],
        [[{}, {}], [{}, {"infraProviderId": "Blue Corner", "volume": "1,0000"}]],
    ),
    "provider.same": Case([{"serviceProviderId": "E-Laad"}], [{}]),
    "provider.not-ours": Case(
        [{"infraProviderId": "BlueCorner"}],
        [{"infraProviderId": "E LAAD"}],
        facts=Facts(now=FACTS.now, own_ids=("e-laad",)),
    ),
    "provider.unknown": Case(
        [{"serviceProviderId": "Polder"}],
        [{}, {"serviceProviderId": "LADENNETZ"}, {"serviceProviderId": "e-laad"}],
        facts=Facts(now=FACTS.now, own_ids=("e-laad",), partner_ids=("Ladenetz",)),
    ),
    "session.overlap": Case(
        [
            [one(1, "10:00:00", "11:00:00"), one(2, "10:59:59", "12:00:00")],
            [one(1, "10:00:00", "14:00:00"), one(2, "11:00:00", "12:00:00"), one(3, "15:00:00", "16:00:00")],
            [one(1, "10:00:00", "11:00:00"), one(2, "10:30:00", "10:40:00", chargePointId=" polder-0012-1")],
        ],
        [
            [one(1, "10:00:00", "11:00:00"), one(2, "11:00:00", "12:00:00")],
            [one(1, "10:00:00", "11:00:00"), one(2, "10:00:00", "11:00:00", chargePointId="B")],
            [{}, {}],
        ],
    ),
    "session.card-twice": Case(
        [
            [
                one(1, "10:00:00", "11:00:00"),
                one(2, "10:30:00", "12:00:00", chargePointId="B") | {"authenticationId": "00:00:00:01"},
            ]
        ],
        [
            [one(1, "10:00:00", "11:00:00"), one(2, "10:30:00", "12:00:00", chargePointId="B")],
            [
                one(1, "10:00:00", "11:00:00"),
                one(2, "11:00:00", "12:00:00", chargePointId="B") | {"authenticationId": "00000001"},
            ],
            [one(1, "10:00:00", "11:00:00"), one(2, "10:30:00", "12:00:00", chargePointId="B")],
        ],
    ),
    "session.repeated": Case(
        [
            [{}, {"cdrId": "2"}],
            [
                {},
                {
                    "cdrId": "2",
                    "startDatetime": "2026-10-01T09:45:30Z",
                    "endDatetime": "2026-10-01T14:00:00+02:00",
                    "duration": "",
                },
            ],
        ],
        [[{}, {}], [{}, {"cdrId": "2", "chargePointId": "B"}], [{}, {"cdrId": "2", "authenticationId": "00000002"}]],
    ),
    "evse-id.form": Case(
        [{"evseId": "12"}, {"evseId": "NL-PLD-0012"}],
        [{"evseId": text} for text in ("", "NL*PLD*E0012*1", "DE8AAEA2B3C4D5", "+49*810*000*438")],
    ),
    "evse-id.country": Case(
        [{"evseId": "DE*PLD*E0012*1"}, {"evseId": "+49*810*000*438"}],
        [{"evseId": "+31*810*000*438"}, {"evseId": "DE*PLD*E1", "chargePointCountry": ""}, {"evseId": ""}],
    ),
    "roaming.unknown": Case(
        [{"evcoId": "NL-TNM-012299"}], [{"evcoId": "nltnmc00122045k"}], facts=Facts(now=FACTS.now, roaming=LIST)
    ),
    "roaming.expired": Case(
        [{"evcoId": "NL-TNM-C00122046-5"}],
        [{}, {"evcoId": "NL-TNM-C00122048-B"}, {"evcoId": "NL-TNM-012299"}],
        facts=Facts(now=FACTS.now, roaming=LIST),
    ),
    "roaming.inactive": Case(
        [{"evcoId": "NL-TNM-C00122047-Q"}],
        [{}, {"evcoId": "NL-TNM-C00122046-5"}],
        facts=Facts(now=FACTS.now, roaming=LIST),
    ),
}


def kind_of(code: str) -> RecordKind:
    return next(kind for kind in KINDS.values() if any(rule.code == code for rule in rules_for(kind)))


def checked(code: str, case: Case, table: Row | Table) -> tuple[Checker, list[list[str]]]:
    kind = kind_of(code)
    good = TOKEN if kind is TOKENS else CDR
    rows = [good | row for row in ([table] if isinstance(table, dict) else table)]
    columns = [[row[name] for row in rows] for name in kind.names]
    checker = Checker(kind, columns, case.facts)
    assert list(checker.check_all(range(len(rows)))) == [len(rows)]
    return checker, columns


def shortened(part: object) -> str:
    return str(part)[:60]


def test_there_are_cases_for_every_rule() -> None:
    assert set(CASES) == {rule.code for rule in all_rules()}


@pytest.mark.parametrize(
    ("code", "table"), [(code, table) for code, case in CASES.items() for table in case.bad], ids=shortened
)
def test_it_finds(code: str, table: Row | Table) -> None:
    checker, _columns = checked(code, CASES[code], table)
    assert code in checker.counts
    for problem in checker.all():
        assert "{" not in problem.message()


@pytest.mark.parametrize(
    ("code", "table"), [(code, table) for code, case in CASES.items() for table in case.good], ids=shortened
)
def test_it_keeps_silent(code: str, table: Row | Table) -> None:
    checker, _columns = checked(code, CASES[code], table)
    assert code not in checker.counts


@pytest.mark.parametrize(
    ("code", "row", "text"),
    [(code, row, text) for code, case in CASES.items() for row, text in case.repaired],
    ids=shortened,
)
def test_its_repair_mends(code: str, row: Row, text: str) -> None:
    checker, columns = checked(code, CASES[code], row)
    (problem,) = [problem for problem in checker.problems(0) if problem.code == code]
    assert problem.repair == text
    columns[checker.kind.index(problem.field)][0] = text
    checker.recheck([0])
    assert code not in checker.counts
