"""Ways to say which clearing house: a kept profile, HTTPS with a private authority, the house's own WSDL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ochp_desktop.jobs.workplace import Profile, Workplace
from tests.cli.conftest import TOP, Desk, House

SMALL = TOP / "resources" / "samples" / "tokens-small.csv"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_house(tmp_path: Path, authority: trustme.CA) -> Iterator[House]:
    certificate = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    running = House(tmp_path / "house", "--tls", str(tmp_path / "cert.pem"), str(tmp_path / "key.pem"))
    yield running
    running.stop()


def test_a_kept_profile_is_enough(house: House, desk: Desk, tmp_path: Path) -> None:
    account = house.account("provider")
    workplace = Workplace.open(desk.data_dir)
    workplace.save_profile(
        Profile("Clearing", house.url, account["user"], provider_id="Polder Charging", prefixes=("NL-PLD",)), None
    )
    workplace.close()
    ran = desk.run(
        "tokens", "upload", SMALL, "--profile", "Clearing", "--password-stdin", stdin=account["password"] + "\n"
    )
    assert ran.code == 0, ran.err
    unknown = desk.run("tokens", "download", tmp_path / "x.csv", "--profile", "Clearng", stdin="")
    assert unknown.code == 2
    assert "Clearing" in unknown.err, "the known names are told"


def test_a_private_authority_must_be_named(secure_house: House, authority: trustme.CA, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", secure_house.url, secure_house.account("provider"))
    assert secure_house.url.startswith("https://")
    stranger = desk.ask("tokens", "upload", SMALL)
    assert stranger.code == 3
    assert "certificate" in stranger.err
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    assert desk.ask("tokens", "upload", SMALL, "--ca", tmp_path / "ca.pem").code == 0


def test_the_houses_own_wsdl_is_spoken(house: House, desk: Desk) -> None:
    assert desk.ask("tokens", "upload", SMALL, "--wsdl", house.said["wsdl"]).code == 0
    broken = desk.ask("tokens", "upload", SMALL, "--wsdl", SMALL)
    assert broken.code == 2
