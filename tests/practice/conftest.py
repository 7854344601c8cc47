"""A running practice house, and other people's SOAP stack (plain zeep, strict) to talk to it."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zeep

from ochp_desktop.practice import samples
from ochp_desktop.practice.house import PracticeHouse
from ochp_desktop.records.kinds import KINDS

PORTS = {"1.1": "OCHPSoap11Port", "1.2": "OCHPSoap12Port"}


def named(kind: str, row: Sequence[str]) -> dict[str, str]:
    """A row as zeep wants it."""
    return dict(zip(KINDS[kind].names, row, strict=True))


def texts(kind: str, record: Any) -> tuple[str, ...]:
    """What zeep read, as a row."""
    return tuple("" if (value := getattr(record, name)) is None else str(value) for name in KINDS[kind].names)


def changed(kind: str, row: Sequence[str], **fields: str) -> tuple[str, ...]:
    """The row with other texts in some fields."""
    return tuple((named(kind, row) | fields).values())


class Stack:
    """Plain zeep, signed in as one user."""

    def __init__(self, house: PracticeHouse, user: samples.User, version: str = "1.2") -> None:
        client = zeep.Client(house.wsdl_url)
        self.service = client.bind("OCHPService", PORTS[version])
        self.client = client
        answer = self.service.Authenticate(userId=user.name, password=samples.sample_password(user))
        assert answer.resultCode == "Accepted"
        self.token = answer.authToken

    @property
    def header(self) -> dict[str, str]:
        return {"UserIdentityHeader": self.token}

    def add_cdrs(self, rows: Sequence[Sequence[str]]) -> Any:
        return self.service.AddCDRs([named("cdrs", row) for row in rows], _soapheaders=self.header)

    def set_list(self, rows: Sequence[Sequence[str]]) -> Any:
        return self.service.SetRoamingAuthorisationList(
            [named("tokens", row) for row in rows], _soapheaders=self.header
        )

    def get_list(self) -> list[tuple[str, ...]]:
        answer = self.service.GetRoamingAuthorisationList(_soapheaders=self.header)
        assert answer.result.resultCode == 0
        return [texts("tokens", record) for record in answer.roamingAuthorisationInfoArray]

    def get_cdrs(self) -> Any:
        return self.service.GetCDRs(_soapheaders=self.header)

    def clear(self) -> Any:
        return self.service.ClearCDRs(_soapheaders=self.header)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PracticeHouse]:
    with PracticeHouse(tmp_path / "house") as open_house:
        yield open_house


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeHouse]:
    """One house for many tests that leave nothing behind."""
    with PracticeHouse(tmp_path_factory.mktemp("shared")) as open_house:
        yield open_house


@pytest.fixture(params=["1.1", "1.2"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def own_tokens(count: int) -> list[tuple[str, ...]]:
    return samples.tokens(samples.OWN, count, date(2031, 1, 31))


def own_cdrs(count: int) -> list[tuple[str, ...]]:
    """CDRs of our own charge points for a partner."""
    cards = samples.tokens(samples.LADENETZ, 20, date(2031, 1, 31))
    moments = samples.starts("tests", date(2025, 9, 20), 60, count)
    return samples.cdrs(samples.OWN, samples.LADENETZ, cards, moments, "T-")


def post(
    house: PracticeHouse, body: bytes, content_type: str = "application/soap+xml", **headers: str
) -> tuple[int, str]:
    """Send any bytes; HTTP status and answer."""
    return send(house, "POST", urlsplit(house.url).path, body, {"Content-Type": content_type, **headers})


def send(
    house: PracticeHouse, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(house.url).netloc, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def envelope(content: str, version: str = "1.2", header: str = "") -> bytes:
    namespace = {
        "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
        "1.2": "http://www.w3.org/2003/05/soap-envelope",
    }[version]
    return (
        f'<s:Envelope xmlns:s="{namespace}" xmlns="http://www.evclearinghouse.eu/service/">'
        f"<s:Header>{header}</s:Header><s:Body>{content}</s:Body></s:Envelope>"
    ).encode()


class Clock:
    """A clock that tests put forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opener = Callable[..., PracticeHouse]


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Opener]:
    """Opens a house with other settings; it is closed at the end."""
    opened: list[PracticeHouse] = []

    def opener(**settings: Any) -> PracticeHouse:
        house = PracticeHouse(settings.pop("data_dir", tmp_path / "house"), **settings)
        house.start()
        opened.append(house)
        return house

    yield opener
    for house in opened:
        house.stop()
