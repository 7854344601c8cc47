"""Writes the sample files in resources/samples, the same bytes at every run.

python packaging/samples.py [FOLDER]

Two are small and clean; two look like what people really have: German headers, and a row in sixty with the
damage that Excel, card readers and hurried hands do. Every damage can be mended in the window.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from ochp_desktop.practice.samples import BLUE_CORNER, LADENETZ, OWN, cdrs, starts, tokens
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.records.kinds import KINDS

TARGET = Path(__file__).resolve().parent.parent / "resources" / "samples"
TOKENS, CDRS = KINDS["tokens"], KINDS["cdrs"]
MADE = datetime(2026, 1, 5, 9, tzinfo=UTC).replace(tzinfo=None)  # stands in the properties; Excel knows no zones
FIRST_EXPIRY = date(2031, 1, 31)
SMALL_TOKENS, MANY_TOKENS, SMALL_CDRS = 50, 5_000, 20
# Recent when they were made: later the rules remark that the sessions are old, but find no more errors.
NOVEMBER, NOVEMBER_DAYS = date(2026, 11, 1), 20
NOVEMBER_CDRS = {LADENETZ: 260, BLUE_CORNER: 140}

Cell = str | int | float | date
Cells = dict[str, Cell]
Damage = tuple[int, Callable[[Cells, Random], Cells]]

GERMAN: dict[str, dict[str, str]] = {
    "tokens": {
        "evcoId": "Vertragsnummer",
        "roamingHubId": "Roaming-Hub",
        "tokenType": "Kartentyp",
        "tokenId": "RFID-Nummer",
        "printedNumber": "Kartennummer",
        "expiryDate": "Gültig bis",
        "pin": "PIN-Code",
        "pinMandatory": "PIN-Pflicht",
        "tokenActivated": "Freigeschaltet",
        "hash": "Hashwert",
    },
    "cdrs": {
        "cdrId": "CDR-Nummer",
        "startDatetime": "Ladebeginn",
        "endDatetime": "Ladeende",
        "duration": "Ladedauer",
        "volume": "Menge (kWh)",
        "chargePointAddress": "Straße",
        "chargePointZip": "PLZ",
        "chargePointCity": "Ort",
        "chargePointCountry": "Land",
        "chargePointType": "Ladepunkttyp",
        "productType": "Produkt",
        "tariffType": "Tarif",
        "authenticationId": "Ladekarte",
        "evcoId": "Vertragsnummer",
        "meterId": "Zählernummer",
        "obisCode": "OBIS-Kennzahl",
        "chargePointId": "Ladepunkt-ID",
        "serviceProviderId": "Fahrstromanbieter",
        "infraProviderId": "Betreiber",
        "evseId": "EVSE-ID",
    },
}


def day(cells: Cells) -> date:
    """The row's expiry date."""
    return datetime.strptime(str(cells["expiryDate"]), "%d/%m/%Y").replace(tzinfo=UTC).date()


def as_people_write(cells: Cells) -> Cells:
    """A valid token with names instead of the protocol's numbers."""
    yes_no = {"0": "nein", "1": "ja"}
    return cells | {
        "roamingHubId": "E-laad",
        "tokenType": {"1": "MifareCL", "2": "MifareDES"}[str(cells["tokenType"])],
        "pinMandatory": yes_no[str(cells["pinMandatory"])],
        "tokenActivated": yes_no[str(cells["tokenActivated"])],
    }


def year_first(cells: Cells, _random: Random) -> Cells:
    """A date as databases write it."""
    return {"expiryDate": day(cells).isoformat()}


def with_points(cells: Cells, _random: Random) -> Cells:
    """A date as Germans write it."""
    return {"expiryDate": day(cells).strftime("%d.%m.%Y")}


def real_date(cells: Cells, _random: Random) -> Cells:
    """A date that Excel knows to be one."""
    return {"expiryDate": day(cells)}


def impossible_date(_cells: Cells, _random: Random) -> Cells:
    """The thirty-first of a month that has thirty days."""
    return {"expiryDate": "31/11/2032"}


def expired(_cells: Cells, random: Random) -> Cells:
    """A card that ended years ago and is still active."""
    return {"expiryDate": f"31/{random.choice(('03', '05', '12'))}/2019", "tokenActivated": "ja"}


def swapped_digits(cells: Cells, _random: Random) -> Cells:
    """Two digits of the contract id changed places, so that the check digit no longer fits."""
    text = str(cells["evcoId"])
    at = next(at for at in range(14, 8, -1) if text[at] != text[at - 1])
    return {"evcoId": text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]}


def scientific_number(_cells: Cells, random: Random) -> Cells:
    """An id such as 12E45678, which Excel took for a number."""
    return {"tokenId": float(f"{random.randrange(11, 99)}E{random.randrange(20, 60)}"), "tokenType": "MifareCL"}


def scientific_text(_cells: Cells, _random: Random) -> Cells:
    """The same, after a detour through CSV."""
    return {"tokenId": "1.2E+46", "tokenType": "MifareCL"}


def lost_zeros(_cells: Cells, random: Random) -> Cells:
    """An id of digits only that Excel took for a number, without its leading zero."""
    return {"tokenId": random.randrange(1_000_000, 8_000_000), "tokenType": "MifareCL"}


def pin_missing(_cells: Cells, _random: Random) -> Cells:
    """No PIN, although one is needed."""
    return {"pin": "", "pinMandatory": "ja"}


def pin_as_number(_cells: Cells, random: Random) -> Cells:
    """A PIN that lost its leading zero, which nobody can see any more."""
    return {"pin": random.randrange(100, 999), "pinMandatory": "ja"}


def lower_case(cells: Cells, _random: Random) -> Cells:
    """An id from a reader that writes small letters."""
    return {"tokenId": str(cells["tokenId"]).lower()}


def with_colons(cells: Cells, _random: Random) -> Cells:
    """An id from a reader that separates the bytes."""
    text = str(cells["tokenId"])
    return {"tokenId": ":".join(text[at : at + 2] for at in range(0, len(text), 2))}


def check_byte(_cells: Cells, random: Random) -> Cells:
    """An id of four bytes with the check byte that some readers add."""
    uid = bytes((random.randrange(16, 120), random.randrange(256), random.randrange(256), random.randrange(256)))
    check = uid[0] ^ uid[1] ^ uid[2] ^ uid[3]
    return {"tokenId": f"{uid.hex().upper()}{check:02X}", "tokenType": "MifareCL"}


def trailing_blank(cells: Cells, _random: Random) -> Cells:
    """Copied with a blank behind."""
    return {"tokenId": f"{cells['tokenId']} ", "evcoId": f"{cells['evcoId']}\u00a0"}


def unknown_type(_cells: Cells, _random: Random) -> Cells:
    """A kind of token that the protocol does not have."""
    return {"tokenType": "Schlüsselanhänger"}


TOKEN_DAMAGE: tuple[Damage, ...] = (
    (12, year_first),
    (8, with_points),
    (10, real_date),
    (2, impossible_date),
    (6, expired),
    (8, swapped_digits),
    (2, scientific_number),
    (1, scientific_text),
    (4, lost_zeros),
    (7, pin_missing),
    (3, pin_as_number),
    (6, lower_case),
    (6, with_colons),
    (3, check_byte),
    (6, trailing_blank),
    (1, unknown_type),
)
TOKENS_TWICE = 4


def volume_point(cells: Cells, _random: Random) -> Cells:
    """A decimal point."""
    return {"volume": str(cells["volume"]).replace(",", ".")}


def volume_short(cells: Cells, _random: Random) -> Cells:
    """Two decimals."""
    return {"volume": str(cells["volume"])[:-2]}


def no_offset(cells: Cells, _random: Random) -> Cells:
    """Local time, and no word of where."""
    return {name: str(cells[name])[:19].replace("T", " ") for name in ("startDatetime", "endDatetime")}


def backwards(cells: Cells, _random: Random) -> Cells:
    """Start and end changed places."""
    return {"startDatetime": cells["endDatetime"], "endDatetime": cells["startDatetime"]}


def no_meter(_cells: Cells, _random: Random) -> Cells:
    """Nobody wrote down the meter."""
    return {"meterId": ""}


def country_name(_cells: Cells, _random: Random) -> Cells:
    """The country's name instead of its code."""
    return {"chargePointCountry": "Niederlande"}


CDR_DAMAGE: tuple[Damage, ...] = (
    (3, volume_point),
    (1, volume_short),
    (3, no_offset),
    (2, backwards),
    (2, no_meter),
    (1, country_name),
)


def damaged(rows: Sequence[Cells], damages: Iterable[Damage], random: Random) -> list[Cells]:
    """The rows, each damage done to as many of them as it says, and no row damaged twice."""
    result = list(rows)
    wanted = [damage for count, damage in damages for _time in range(count)]
    places = random.sample(range(10, len(rows)), len(wanted))
    for at, damage in zip(places, wanted, strict=True):
        result[at] = result[at] | damage(result[at], random)
    return result


def records(kind: RecordKind, rows: Iterable[Sequence[str]]) -> list[Cells]:
    """Rows as cells by field name."""
    return [dict(zip(kind.names, row, strict=True)) for row in rows]


def write_xlsx(path: Path, kind: RecordKind, rows: Iterable[Cells]) -> None:
    """One sheet, German headers in the first row."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": path.stem, "created": MADE})
        sheet = book.add_worksheet("Tabelle1")
        bold, dated = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(kind):
            sheet.set_column(column, column, field.width + 2)
            sheet.write_string(0, column, GERMAN[kind.name][field.name], bold)
        for line, cells in enumerate(rows, 1):
            for column, name in enumerate(kind.names):
                value = cells[name]
                if isinstance(value, date):
                    sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), dated)  # noqa: DTZ001 - Excel knows no zones
                elif isinstance(value, str):
                    if value:
                        sheet.write_string(line, column, value)
                else:
                    sheet.write_number(line, column, value)


def write_csv(path: Path, kind: RecordKind, rows: Iterable[Sequence[str]]) -> None:
    """The protocol's names as headers; semicolons, as Excel writes it where the comma is the decimal sign."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(kind.names)
        writer.writerows(rows)


def many_tokens() -> list[Cells]:
    """5,000 tokens of our own provider, a row in sixty damaged, four cards twice."""
    random = Random("damaged tokens")  # noqa: S311 - the same every time is the point
    rows = [as_people_write(cells) for cells in records(TOKENS, tokens(OWN, MANY_TOKENS - TOKENS_TWICE, FIRST_EXPIRY))]
    whole = list(rows)
    result = damaged(rows, TOKEN_DAMAGE, random)
    untouched = [cells for cells, before in zip(result, whole, strict=True) if cells is before]
    for cells in random.sample(untouched, TOKENS_TWICE):
        result.insert(random.randrange(100, len(result)), dict(cells))
    return result


def november() -> list[Cells]:
    """A month's CDRs of our charge points for both partners, in the order of their starts, a dozen damaged."""
    rows: list[Cells] = []
    for partner, count in NOVEMBER_CDRS.items():
        cards = tokens(partner, 120, FIRST_EXPIRY)
        moments = starts(f"november {partner.name}", NOVEMBER, NOVEMBER_DAYS, count)
        rows += records(CDRS, cdrs(OWN, partner, cards, moments, f"PLD-2611-{partner.hub}"))
    rows.sort(key=lambda cells: str(cells["startDatetime"]))
    return damaged(rows, CDR_DAMAGE, Random("damaged cdrs"))  # noqa: S311 - the same every time is the point


def main(target: Path) -> None:
    """Write all sample files into the folder."""
    target.mkdir(parents=True, exist_ok=True)
    write_csv(target / "tokens-small.csv", TOKENS, tokens(OWN, SMALL_TOKENS, FIRST_EXPIRY))
    cards = tokens(LADENETZ, 30, FIRST_EXPIRY)
    moments = starts("small", NOVEMBER - timedelta(days=6), 5, SMALL_CDRS)
    write_csv(target / "cdrs-small.csv", CDRS, cdrs(OWN, LADENETZ, cards, moments, "PLD-2610-"))
    write_xlsx(target / "tokens-5000.xlsx", TOKENS, many_tokens())
    write_xlsx(target / "cdrs-november.xlsx", CDRS, november())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
