"""The words by which headers name fields: protocol names, our labels in every language, and declared synonyms."""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from ochp_desktop.paths import resource
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.texts import DOMAIN, LANGUAGES

ZONE = re.compile(r"(?<![^\W_])(?:UTC|GMT)(?:\s?([+-])\s?(\d{1,2})(?::?(\d{2}))?)?(?![^\W_])", re.IGNORECASE)
"""What a header says about the zone of its times: the sign, hours and minutes after UTC."""


def plain(header: str) -> str:
    """A header reduced to what is compared: lower-case letters and digits without accents."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in letters if letter.isalnum() and not unicodedata.combining(letter))


@cache
def vocabulary(kind: RecordKind) -> Mapping[str, tuple[str, str]]:
    """Plain header -> (protocol name, "name", "label" or "synonym"); a name beats a label, a label a synonym."""
    words: dict[str, tuple[str, str]] = {}
    for item in kind:
        words.setdefault(plain(item.name), (item.name, "name"))
    for catalogue in catalogues():
        for item in kind:
            words.setdefault(plain(catalogue.gettext(item.label)), (item.name, "label"))
    for item in kind:
        for synonym in item.synonyms:
            words.setdefault(plain(synonym), (item.name, "synonym"))
    words.pop("", None)
    return words


def catalogues() -> list[gettext.NullTranslations]:
    """English and every translation that ships with the program."""
    catalogues = [gettext.NullTranslations()]
    for code in LANGUAGES:
        try:
            catalogues.append(gettext.translation(DOMAIN, resource("locale"), [code]))
        except OSError:  # English has none, and a source tree may not have compiled the others yet
            continue
    return catalogues


def named(header: str, words: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The field a header names; a remark in brackets after it, such as "(kWh)", or a zone may be left out."""
    if not header:
        return None
    found = words.get(plain(header))
    if found is None and ("(" in header or "[" in header):
        found = words.get(plain(header.replace("[", "(").split("(", 1)[0]))
    if found is None and (zone := ZONE.search(header)):
        found = words.get(plain(header[: zone.start()]))
    return found
