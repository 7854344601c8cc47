"""Sample data of the practice clearing house: its users, their tokens and CDRs, the same in every installation.

Only dates depend on the day: pending CDRs lie in the two months before it. The accounts and their
passwords protect nothing; anybody may read them here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ochp_desktop.practice.ledger import Ledger
from ochp_desktop.practice.schema import User
from ochp_desktop.records.contract_id import completed, read
from ochp_desktop.records.kinds import KINDS

OWN = User("polder-01", "provider", "Polder Charging", 2, ("NL-PLD",))
LADENETZ = User("ladenetz-01", "partner", "Ladenetz", 3, ("DE-LND",))
BLUE_CORNER = User("bluecorner-01", "partner", "Blue Corner", 1, ("BE-BLC",))
ADMIN = User("admin-01", "admin", "", None, (), admin=True)
USERS = (OWN, LADENETZ, BLUE_CORNER, ADMIN)
PARTNERS = (LADENETZ, BLUE_CORNER)

PARTNER_TOKENS = {LADENETZ.name: 420, BLUE_CORNER.name: 280}
PENDING_CDRS = {LADENETZ.name: 140, BLUE_CORNER.name: 100}
CDR_DAYS = 60
SOCKETS = 8  # at each place, for the customers of each service provider
SEVEN_BYTE_SHARE, PIN_SHARE, BLOCKED_SHARE = 0.4, 0.15, 0.03


@dataclass(frozen=True, slots=True)
class Place:
    """A charge point of the sample data, with all that a CDR says about it."""

    id: str
    address: str
    postcode: str
    city: str
    country: str
    zone: str
    evse: str
    power: int


def _places(*lines: str) -> tuple[Place, ...]:
    places = []
    for line in lines:
        id_, address, postcode, city, country, zone, evse, power = (part.strip() for part in line.split("|"))
        places.append(Place(id_, address, postcode, city, country, zone, evse, int(power)))
    return tuple(places)


PLACES: Mapping[str, tuple[Place, ...]] = {
    OWN.name: _places(
        "PLD-0011-1 | Stationsplein 12 | 8232 DP | Lelystad | NLD | Europe/Amsterdam | NL*PLD*E0011*1 | 11",
        "PLD-0011-2 | Stationsplein 12 | 8232 DP | Lelystad | NLD | Europe/Amsterdam | NL*PLD*E0011*2 | 11",
        "PLD-0024-1 | Gordiaandreef 5 | 8233 AG | Lelystad | NLD | Europe/Amsterdam | NL*PLD*E0024*1 | 22",
        "PLD-0037-1 | Kerkstraat 40 | 8301 EX | Emmeloord | NLD | Europe/Amsterdam | NL*PLD*E0037*1 | 11",
        "PLD-0052-1 | Markerkant 13 | 1316 AN | Almere | NLD | Europe/Amsterdam | NL*PLD*E0052*1 | 22",
    ),
    LADENETZ.name: _places(
        "LND-AC-101 | Lombardenstraße 12 | 52070 | Aachen | DEU | Europe/Berlin | DE*LND*E101 | 22",
        "LND-AC-118 | Peterstraße 25 | 52062 | Aachen | DEU | Europe/Berlin | DE*LND*E118 | 11",
        "LND-B-007 | Invalidenstraße 90 | 10115 | Berlin | DEU | Europe/Berlin | DE*LND*E007 | 22",
        "LND-OS-031 | Öwer de Hase 3 | 49074 | Osnabrück | DEU | Europe/Berlin | DE*LND*E031 | 11",
    ),
    BLUE_CORNER.name: _places(
        "BLC-2018-04 | Borsbeeksebrug 34 | 2600 | Antwerpen | BEL | Europe/Brussels | BE*BLC*E201804 | 11",
        "BLC-1000-11 | Rue de la Loi 16 | 1000 | Bruxelles | BEL | Europe/Brussels | BE*BLC*E100011 | 22",
        "BLC-4811-02 | Stationslaan 8 | 4815 GW | Breda | NLD | Europe/Amsterdam | BE*BLC*E481102 | 11",
    ),
}


def sample_password(user: User) -> str:
    """The password of a practice account: known to all, on purpose."""
    return f"practice-{user.name}"


def contract_id(prefix: str, number: int) -> str:
    """A valid contract id in eMI3 form: NL-PLD-C00000042 and its check digit."""
    return str(completed(read(f"{prefix}-C{number:08d}")))


def tokens(user: User, count: int, first_expiry: date) -> list[tuple[str, ...]]:
    """Valid tokens of a provider; the first ones are the same however many are asked for.

    Args:
        user: whose; its first prefix and its hub are used.
        count: how many.
        first_expiry: no token expires before this day, and none later than about three years after.
    """
    random = _random(user, "tokens")
    rows = []
    uids: set[str] = set()
    for number in range(1, count + 1):
        seven_bytes = random.random() < SEVEN_BYTE_SHARE
        uid = _uid(random, seven_bytes=seven_bytes)
        while uid in uids:
            uid = _uid(random, seven_bytes=seven_bytes)
        uids.add(uid)
        expiry = first_expiry + timedelta(days=random.randrange(36) * 30)
        with_pin = random.random() < PIN_SHARE
        row = {
            "evcoId": contract_id(user.prefixes[0], 1000 + number * 7),
            "roamingHubId": str(user.hub),
            "tokenType": "2" if seven_bytes else "1",
            "tokenId": uid,
            "printedNumber": f"{user.hub}{4_000_000 + number * 13:09d}",
            "expiryDate": expiry.strftime("%d/%m/%Y"),
            "pin": f"{random.randrange(10_000):04d}" if with_pin else "",
            "pinMandatory": "1" if with_pin else "0",
            "tokenActivated": "0" if random.random() < BLOCKED_SHARE else "1",
            "hash": "",
        }
        rows.append(tuple(row[name] for name in KINDS["tokens"].names))
    return rows


def _uid(random: Random, *, seven_bytes: bool) -> str:
    """A card's UID. A letter at the end and no 8 in front: neither a number to Excel nor cut off to the checks."""
    if seven_bytes:
        return f"04{random.getrandbits(40):010X}80"
    return f"{random.getrandbits(26):07X}{random.choice('ABCDF')}"


def cdrs(
    infra: User, service: User, cards: Sequence[Sequence[str]], starts: Sequence[datetime], prefix: str
) -> list[tuple[str, ...]]:
    """Valid CDRs of sessions at one provider's charge points with another provider's cards.

    No two sessions share a socket or a card at the same time, as long as there are enough of them. Each service
    provider's customers have sockets of their own, so that lists for several of them can be put together.

    Args:
        infra: at whose charge points.
        service: whose customers.
        cards: that provider's tokens to choose from.
        starts: when each session began; aware.
        prefix: what the CDR ids begin with.
    """
    random = _random(infra, f"cdrs for {service.name}")
    kind = KINDS["tokens"]
    rows = []
    first = 10 * (service.hub or 0) + 1
    spots = [(place, socket) for place in PLACES[infra.name] for socket in range(first, first + SOCKETS)]
    free_from: dict[str, datetime] = {}

    def free(name: str) -> bool:
        return name not in free_from or free_from[name] <= start

    for number, start in enumerate(starts, 1):
        place, socket = random.choice([spot for spot in spots if free(_socket_id(*spot))] or spots)
        card = random.choice([card for card in cards if free(card[kind.index("tokenId")])] or cards)
        minutes = random.randrange(18, 420)
        length = timedelta(minutes=minutes, seconds=random.randrange(60))
        drawn = min(length.total_seconds() / 3600, 5.5) * place.power * random.uniform(0.72, 0.85)
        local = start.astimezone(ZoneInfo(place.zone))
        seconds = int(length.total_seconds())
        free_from[_socket_id(place, socket)] = free_from[card[kind.index("tokenId")]] = start + length
        row = {
            "cdrId": f"{prefix}{number:06d}",
            "startDatetime": local.isoformat(timespec="seconds"),
            "endDatetime": (start + length).astimezone(ZoneInfo(place.zone)).isoformat(timespec="seconds"),
            "duration": f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
            "volume": f"{drawn:.4f}".replace(".", ","),
            "chargePointAddress": place.address,
            "chargePointZip": place.postcode,
            "chargePointCity": place.city,
            "chargePointCountry": place.country,
            "chargePointType": "AC",
            "productType": f"AC {place.power} kW",
            "tariffType": "Standard",
            "authenticationId": card[kind.index("tokenId")],
            "evcoId": card[kind.index("evcoId")],
            "meterId": f"M-{place.id}-{socket}",
            "obisCode": "1-1:1.8.0",
            "chargePointId": _socket_id(place, socket),
            "serviceProviderId": service.provider_id,
            "infraProviderId": infra.provider_id,
            "evseId": f"{place.evse}*{socket}",
        }
        rows.append(tuple(row[name] for name in KINDS["cdrs"].names))
    return rows


def _socket_id(place: Place, socket: int) -> str:
    return f"{place.id}-{socket}"


def starts(seed: str, first: date, days: int, count: int) -> list[datetime]:
    """So many moments, in order, spread over the days from `first` on, by day rather than by night."""
    random = Random(f"starts {seed}")  # noqa: S311 - sample data, the same every time
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    moments = (
        midnight + timedelta(days=random.randrange(days), seconds=int(random.triangular(5 * 3600, 21 * 3600)))
        for _number in range(count)
    )
    return sorted(moments)


def _random(user: User, what: str) -> Random:
    return Random(f"{what} {user.name}")  # noqa: S311 - sample data, the same every time


def seed(ledger: Ledger, today: date) -> None:
    """Fill a new ledger: the partners' lists, pending CDRs of both that concern our own provider, and the users.

    A ledger with users is left alone. They are added last: a seeding that was cut off begins anew.
    """
    if ledger.users():
        return
    ledger.erase()
    first_expiry = date(today.year + 2, 1, 31)
    own_cards = tokens(OWN, 200, first_expiry)
    first_day = today - timedelta(days=CDR_DAYS + 1)
    for partner in PARTNERS:
        ledger.replace_list(partner.provider_id, tokens(partner, PARTNER_TOKENS[partner.name], first_expiry))
        moments = starts(partner.name, first_day, CDR_DAYS, PENDING_CDRS[partner.name])
        ledger.add_cdrs([cdrs(partner, OWN, own_cards, moments, f"{partner.prefixes[0][3:]}-")])
    ledger.add_users([(user, sample_password(user)) for user in USERS])
