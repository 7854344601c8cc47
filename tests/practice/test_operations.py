"""All six operations as another SOAP stack sees them, over both SOAP versions."""

from __future__ import annotations

import http.client
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zeep.exceptions

from ochp_desktop.practice import samples
from ochp_desktop.practice.answers import ResultCode
from ochp_desktop.practice.house import PracticeHouse
from ochp_desktop.protocol.codec import read_message, write_message
from ochp_desktop.protocol.contract import Contract

from .conftest import Clock, Opener, Stack, changed, own_cdrs, own_tokens, texts

pytestmark = pytest.mark.filterwarnings("ignore:defusedxml:DeprecationWarning")


def test_wrong_password_and_unknown_user_are_denied_alike(house: PracticeHouse, version: str) -> None:
    stack = Stack(house, samples.OWN, version)
    answers = [
        stack.service.Authenticate(userId=samples.OWN.name, password="wrong"),
        stack.service.Authenticate(userId="nobody", password="wrong"),
    ]
    assert [answer.resultCode for answer in answers] == ["Denied", "Denied"]
    assert answers[0].resultDescription == answers[1].resultDescription != ""
    assert not answers[0].authToken


def test_the_whole_month(house: PracticeHouse, version: str) -> None:
    """Upload, clear as administrator, fetch as the partner: CDRs, sums and PDF agree."""
    own, partner, admin = (Stack(house, user, version) for user in (samples.OWN, samples.LADENETZ, samples.ADMIN))
    sent = own_cdrs(30)
    assert own.add_cdrs(sent).resultCode == 0
    before = partner.get_cdrs()
    assert (before.result.resultCode, before.docLink, before.cdrInfoArray) == (0, None, [])
    cleared = admin.clear()
    assert cleared.resultCode == 0
    assert "270" in cleared.resultDescription  # 240 were waiting from the partners
    fetched = partner.get_cdrs()
    assert [texts("cdrs", record) for record in fetched.cdrInfoArray] == sent
    ours = own.get_cdrs()
    assert len(ours.cdrInfoArray) == 240
    assert {record.serviceProviderId for record in ours.cdrInfoArray} == {samples.OWN.provider_id}
    assert fetched.docLink != ours.docLink
    text = pdf_text(fetch(fetched.docLink))
    total = sum(Decimal(record.volume.replace(",", ".")) for record in fetched.cdrInfoArray)
    assert f"{total:.4f} kWh".replace(".", ",") in text
    assert "30 CDRs" in text
    assert "Statement 1 for Ladenetz" in text
    assert sent[-1][0] in text


def test_the_next_clearing_replaces_the_last(house: PracticeHouse) -> None:
    own, admin = Stack(house, samples.OWN), Stack(house, samples.ADMIN)
    assert admin.clear().resultCode == 0
    first = own.get_cdrs()
    assert admin.clear().resultCode == 0
    second = own.get_cdrs()
    assert (second.cdrInfoArray, second.docLink) == ([], None)
    assert fetch(first.docLink).startswith(b"%PDF")  # an old link goes on to work


def fetch(link: str) -> bytes:
    connection = http.client.HTTPConnection(urlsplit(link).netloc)
    try:
        connection.request("GET", urlsplit(link).path)
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "application/pdf"
        return answer.read()
    finally:
        connection.close()


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
        return "\n".join(pages)
    finally:
        document.close()


def test_only_administrators_clear(house: PracticeHouse) -> None:
    answer = Stack(house, samples.OWN).clear()
    assert answer.resultCode == ResultCode.NOT_ALLOWED
    assert "administrator" in answer.resultDescription
    assert house.ledger.count_cdrs(cleared=False) == 240


def test_an_administrator_has_no_cdrs_and_no_list(house: PracticeHouse) -> None:
    admin = Stack(house, samples.ADMIN)
    assert admin.add_cdrs(own_cdrs(1)).resultCode == ResultCode.NOT_ALLOWED
    assert admin.set_list(own_tokens(1)).resultCode == ResultCode.NOT_ALLOWED
    assert admin.get_cdrs().result.resultCode == ResultCode.NOT_ALLOWED


def test_a_list_replaces_the_senders_list_and_no_other(house: PracticeHouse, version: str) -> None:
    own = Stack(house, samples.OWN, version)
    partners = own.get_list()
    assert len(partners) == sum(samples.PARTNER_TOKENS.values())
    assert own.set_list(own_tokens(12)).resultCode == 0
    assert own.set_list(own_tokens(7)[2:]).resultCode == 0
    assert own.get_list() == partners + own_tokens(7)[2:]


def test_empty_requests_are_refused(house: PracticeHouse) -> None:
    """The schema forbids them, so that a strict stack cannot even write them: our codec does."""
    contract = Contract.load()
    own = Stack(house, samples.OWN)
    assert own.set_list(own_tokens(3)).resultCode == 0
    for operation in ("AddCDRs", "SetRoamingAuthorisationList"):
        request = io.BytesIO()
        write_message(request, contract, operation, token=own.token)
        connection = http.client.HTTPConnection(urlsplit(house.url).netloc)
        connection.request("POST", "/ochp", request.getvalue(), {"Content-Type": "application/soap+xml"})
        answer = read_message(io.BytesIO(connection.getresponse().read()), contract)
        connection.close()
        assert answer.values["resultCode"] == str(ResultCode.EMPTY.value)
    assert len(own.get_list()) == 703


def test_the_same_again_is_already_received(house: PracticeHouse) -> None:
    own = Stack(house, samples.OWN)
    rows = own_cdrs(6)
    assert own.add_cdrs(rows[:4]).resultCode == 0
    again = own.add_cdrs(rows[:4])
    assert again.resultCode == ResultCode.ALREADY_RECEIVED
    assert "already received" in again.resultDescription
    partly = own.add_cdrs(rows[2:])
    assert partly.resultCode == ResultCode.PARTLY_RECEIVED
    assert rows[2][0] in partly.resultDescription
    assert own.add_cdrs(rows[4:]).resultCode == 0  # nothing of the refused request had been stored
    assert Stack(house, samples.ADMIN).clear().resultCode == 0
    assert own.add_cdrs(rows).resultCode == ResultCode.ALREADY_RECEIVED  # cleared ones are remembered


def test_the_same_id_with_other_content_is_a_conflict(house: PracticeHouse) -> None:
    own = Stack(house, samples.OWN)
    rows = own_cdrs(3)
    assert own.add_cdrs(rows[:2]).resultCode == 0
    other = changed("cdrs", rows[1], volume="1,0000", infraProviderId="POLDER-charging")
    answer = own.add_cdrs([rows[2], other])
    assert answer.resultCode == ResultCode.CONFLICT
    assert rows[1][0] in answer.resultDescription
    assert "volume" in answer.resultDescription
    assert own.add_cdrs([rows[2]]).resultCode == 0


def test_a_cdr_twice_in_one_request_is_refused(house: PracticeHouse) -> None:
    rows = own_cdrs(2)
    answer = Stack(house, samples.OWN).add_cdrs([*rows, rows[0]])
    assert answer.resultCode == ResultCode.INVALID
    assert rows[0][0] in answer.resultDescription


CDR_FAULTS = {
    "meterId": "",
    "startDatetime": "2025-10-01 10:00:00",
    "endDatetime": "2019-01-01T00:00:00+01:00",
    "duration": "28",
    "volume": "4.6400",
    "chargePointCountry": "NL",
    "obisCode": "total",
    "serviceProviderId": "Nobody GmbH",
    "infraProviderId": "Ladenetz",
}


@pytest.mark.parametrize(("field", "text"), CDR_FAULTS.items())
def test_an_invalid_cdr_refuses_the_whole_request_and_is_named(
    shared_house: PracticeHouse, field: str, text: str
) -> None:
    own = Stack(shared_house, samples.OWN)
    rows = own_cdrs(5)
    answer = own.add_cdrs([*rows[:3], changed("cdrs", rows[3], **{field: text}), rows[4]])
    assert answer.resultCode == ResultCode.INVALID
    assert all(part in answer.resultDescription for part in ("4", rows[3][0], field))
    assert shared_house.ledger.count_cdrs(cleared=False) == 240


TOKEN_FAULTS = {
    "evcoId": "",
    "tokenId": "  ",
    "printedNumber": "",
    "expiryDate": "2031-12-31",
    "tokenType": "4",
    "tokenActivated": "2",
    "pin": "1234567",
}


@pytest.mark.parametrize(("field", "text"), TOKEN_FAULTS.items())
def test_an_invalid_token_refuses_the_whole_list_and_is_named(
    shared_house: PracticeHouse, field: str, text: str
) -> None:
    own = Stack(shared_house, samples.OWN)
    rows = own_tokens(5)
    assert own.set_list(rows).resultCode == 0
    answer = own.set_list([*rows[:2], changed("tokens", rows[2], **{field: text})])
    assert answer.resultCode == ResultCode.INVALID
    assert all(part in answer.resultDescription for part in ("3", field))
    assert "1234567" not in answer.resultDescription
    assert own.get_list()[-5:] == rows


def test_a_missing_pin_is_refused_and_open_hub_numbers_are_not(house: PracticeHouse) -> None:
    own = Stack(house, samples.OWN)
    row = own_tokens(1)[0]
    answer = own.set_list([changed("tokens", row, pin="", pinMandatory="1")])
    assert answer.resultCode == ResultCode.INVALID
    assert "pin" in answer.resultDescription
    kept = changed("tokens", row, roamingHubId="7", hash="A b+/=", pin="0042")
    assert own.set_list([kept]).resultCode == 0
    assert own.get_list()[-1] == kept


def test_a_token_id_twice_in_a_list_is_refused(house: PracticeHouse) -> None:
    own = Stack(house, samples.OWN)
    rows = own_tokens(4)
    again = changed("tokens", rows[3], tokenId=rows[1][3].lower())
    answer = own.set_list([*rows[:3], again])
    assert answer.resultCode == ResultCode.INVALID
    assert all(part in answer.resultDescription for part in ("2", "4", rows[1][3].lower()))


def test_tokens_end(house: PracticeHouse, version: str) -> None:
    own = Stack(house, samples.OWN, version)
    house.expire_tokens()
    faults = []
    for token in (own.token, "made-up", ""):
        own.token = token
        with pytest.raises(zeep.exceptions.Fault) as caught:
            own.add_cdrs(own_cdrs(1))
        assert caught.value.code == {"1.1": "s:Client", "1.2": "s:Sender"}[version]
        faults.append(str(caught.value.message))
    assert ["expired" in faults[0], "unknown" in faults[1], "missing" in faults[2]] == [True] * 3
    assert house.ledger.count_cdrs(cleared=False) == 240


def test_a_token_lives_as_long_as_it_is_used(open_house: Opener, clock: Clock) -> None:
    house = open_house(token_lifetime=600, clock=clock)
    own = Stack(house, samples.OWN)
    for _round in range(4):
        clock.now += 500
        assert own.get_cdrs().result.resultCode == 0
    clock.now += 601
    with pytest.raises(zeep.exceptions.Fault, match="expired"):
        own.get_cdrs()


def test_a_hundred_thousand_tokens_in_one_request(house: PracticeHouse) -> None:
    contract = Contract.load()
    own = Stack(house, samples.OWN)
    rows = samples.tokens(samples.OWN, 100_000, date(2031, 1, 31))
    request = io.BytesIO()
    write_message(request, contract, "SetRoamingAuthorisationList", token=own.token, rows=rows)
    connection = http.client.HTTPConnection(urlsplit(house.url).netloc)
    connection.request("POST", "/ochp", request.getvalue(), {"Content-Type": "application/soap+xml"})
    answer = read_message(io.BytesIO(connection.getresponse().read()), contract)
    assert answer.values["resultCode"] == "0"
    request = io.BytesIO()
    write_message(request, contract, "GetRoamingAuthorisationList", token=own.token)
    connection.request("POST", "/ochp", request.getvalue(), {"Content-Type": "application/soap+xml"})
    answer = read_message(io.BytesIO(connection.getresponse().read()), contract)
    connection.close()
    assert answer.rows[-100_000:] == rows
    assert answer.records == 100_700


def test_many_at_once(house: PracticeHouse) -> None:
    """Uploads and downloads in parallel: every CDR is there once, every list is a whole one."""
    own = Stack(house, samples.OWN)
    rows = own_cdrs(80)
    lists = [own_tokens(60), own_tokens(90)]
    own.set_list(lists[0])

    def upload(start: int) -> int:
        return int(own.add_cdrs(rows[start : start + 10]).resultCode)

    def replace(turn: int) -> int:
        own.set_list(lists[turn % 2])
        return len(own.get_list()) - 700

    with ThreadPoolExecutor(8) as pool:
        twice = [*range(0, 80, 10)] * 2
        codes = list(pool.map(upload, twice))
        sizes = list(pool.map(replace, range(12)))
    assert sorted(codes) == [0] * 8 + [ResultCode.ALREADY_RECEIVED] * 8
    assert set(sizes) <= {60, 90}
    assert house.ledger.count_cdrs(cleared=False) == 240 + 80


def test_seeded_once_and_deterministic(open_house: Opener, tmp_path: Path, clock: Clock) -> None:
    first = open_house(clock=clock)
    lists = list(first.ledger.tokens())
    assert not list(first.ledger.tokens(samples.OWN.provider_id))
    Stack(first, samples.ADMIN).clear()
    first.stop()
    again = open_house(clock=clock)
    assert list(again.ledger.tokens()) == lists
    assert again.ledger.count_cdrs(cleared=True) == 240
    assert again.ledger.count_cdrs(cleared=False) == 0
    other = open_house(data_dir=tmp_path / "other", clock=clock)
    assert list(other.ledger.tokens()) == lists
