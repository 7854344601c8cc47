"""Profiles, settings and partners."""

from __future__ import annotations

from pathlib import Path

import pytest

from ochp_desktop.errors import UsageError
from ochp_desktop.store.database import Database
from ochp_desktop.store.profiles import Profile, Profiles, check_profile, notices_about
from ochp_desktop.store.settings import Settings

GOOD = Profile("House", "https://clearing.example.org/service", "me")


def test_a_profile_comes_back_as_it_was(db: Database) -> None:
    profiles = Profiles(db)
    full = Profile(
        "Zürich",
        "https://h.example/s",
        "me",
        "w",
        "ca",
        "c",
        "k",
        "e-laad",
        "E-laad",
        2,
        ("NL-ESS",),
        100,
        practice=True,
    )
    profiles.save(full)
    profiles.save(GOOD)
    assert profiles.all() == [GOOD, full]
    assert profiles.get("Zürich") == full
    assert profiles.get("nobody") is None
    profiles.remove("House")
    assert profiles.all() == [full]


def test_renaming_takes_the_last_used_along_and_no_other_name_away(db: Database) -> None:
    profiles = Profiles(db)
    profiles.save(GOOD)
    profiles.save(Profile("Other", GOOD.endpoint, "me"))
    profiles.set_last_used("House")
    profiles.save(Profile("New", GOOD.endpoint, "me"), old_name="House")
    assert [profile.name for profile in profiles.all()] == ["New", "Other"]
    assert profiles.last_used() == "New"
    with pytest.raises(UsageError):
        profiles.save(Profile("Other", GOOD.endpoint, "me"), old_name="New")
    assert [profile.name for profile in profiles.all()] == ["New", "Other"]
    profiles.remove("New")
    assert profiles.last_used() is None


@pytest.mark.parametrize("data", ["", "[]", "{", '{"hub": "two", "prefixes": 3, "endpoint": 7, "later": 1}'])
def test_a_damaged_profile_keeps_its_name(db: Database, data: str) -> None:
    with db.write() as c:
        c.execute("INSERT INTO profiles VALUES ('House', ?)", (data,))
    assert Profiles(db).all() == [Profile("House", "", "")]


def test_a_good_profile_has_nothing_wrong(tmp_path: Path) -> None:
    assert check_profile(GOOD) == []
    pem = tmp_path / "a.pem"
    pem.touch()
    assert (
        check_profile(
            Profile(
                "a",
                "http://[::1]:80/x",
                "b",
                "https://x/?wsdl",
                ca_file=str(pem),
                cert_file=str(pem),
                key_file=str(pem),
            )
        )
        == []
    )


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "  ",
        "clearing.example.org",
        "ftp://a.example/",
        "https://",
        "http://[::1/",
        "https://a b/",
        "https://a:99999/",
    ],
)
def test_what_is_no_address_is_said(endpoint: str) -> None:
    assert [field for field, _sentence in check_profile(Profile("a", endpoint, "b"))] == ["endpoint"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bad = Profile(" ", "https://me:secret@a.example/", "", "no.wsdl", "no.pem", "", "no.key", batch_size=0)
    found = dict(check_profile(bad))
    assert list(found) == ["name", "endpoint", "user", "wsdl", "ca_file", "key_file", "cert_file", "batch_size"]
    assert not any("secret" in sentence for sentence in found.values())


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://clearing.example.org/", True),
        ("http://192.168.1.4/", True),
        ("https://clearing.example.org/", False),
        ("http://127.0.0.1:8080/", False),
        ("http://localhost/", False),
        ("http://[::1]/", False),
    ],
)
def test_an_address_without_encryption_is_allowed_and_said(endpoint: str, said: bool) -> None:
    profile = Profile("a", endpoint, "b")
    assert check_profile(profile) == []
    assert bool(notices_about(profile)) is said


@pytest.mark.parametrize(
    ("endpoint", "house"),
    [
        ("https://Clearing.Example.org/service/", "clearing.example.org/service"),
        ("http://clearing.example.org:80/service", "clearing.example.org/service"),
        ("https://clearing.example.org:8443", "clearing.example.org:8443"),
        ("not an address", "not an address"),
    ],
)
def test_the_journal_knows_a_house_by_where_it_is(endpoint: str, house: str) -> None:
    assert Profile("a", endpoint, "b").house == house
    assert Profile("a", endpoint, "b", practice=True).house == "practice"


def test_settings_hold_what_json_holds_and_forget(db: Database) -> None:
    settings = Settings(db)
    assert settings.get("widths", [1]) == [1]
    settings.set("widths", {"evcoId": 120})
    settings.set("odd", "\udc80")
    assert settings.get("widths") == {"evcoId": 120}
    assert settings.get("odd") == "\udc80"
    settings.set("widths", None)
    assert settings.get("widths", 5) == 5
    with pytest.raises(TypeError):
        settings.set("bad", object())


def test_a_damaged_setting_counts_as_never_set(db: Database) -> None:
    with db.write() as c:
        c.execute("INSERT INTO settings VALUES ('a', '{\"cut')")
        c.execute("INSERT INTO settings VALUES ('b', x'ff')")
    assert Settings(db).get("a", 1) == 1
    assert Settings(db).get("b", 2) == 2
