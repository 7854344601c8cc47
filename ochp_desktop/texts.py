"""The words people read, in their language: marking, translating and counting them.

Texts are written in English in the source. `_()` translates at once, `N_()` only marks a text in a
declaration that is translated when it is shown, `ngettext()` picks singular or plural.
Placeholders are named and filled after translating: `_("{count} rows").format(count=3)`.
"""

from __future__ import annotations

import gettext
import locale
import os
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ochp_desktop.paths import resource

if TYPE_CHECKING:
    from decimal import Decimal

DOMAIN = "ochp_desktop"
LANGUAGES: dict[str, str] = {"en": "English", "nl": "Nederlands", "de": "Deutsch", "fr": "Français"}

_GROUP_MARKS = {"nl": ".", "de": ".", "fr": "\u202f"}
_COLONS = {"fr": "\u202f:"}
_DECIMAL_MARKS = {"nl": ",", "de": ",", "fr": ","}

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def use_language(wanted: str | None = None) -> str:
    """Speak the wanted language from now on, or the system's when None; returns the code in use ("en" at worst)."""
    global _catalogue, _language  # noqa: PLW0603 - one language per process, chosen once at start
    for code in [wanted] if wanted else _system_languages():
        short = code.split("_")[0].split("-")[0].lower()
        if short == "en":
            break
        if short in LANGUAGES:
            _catalogue = gettext.translation(DOMAIN, resource("locale"), [short])
            _language = short
            return short
    _catalogue = gettext.NullTranslations()
    _language = "en"
    return _language


def language() -> str:
    """Code of the language in use, for example "de"."""
    return _language


def _system_languages() -> Sequence[str]:
    named = [os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    codes = [code for value in named for code in value.split(":") if code and code not in {"C", "C.UTF-8", "POSIX"}]
    return codes or [locale.getlocale()[0] or "en"]


def _(text: str) -> str:
    """The text in the language in use."""
    return _catalogue.gettext(text) if text else ""


def N_(text: str) -> str:
    """Mark a text for translation; it stays English until shown through `_()`."""
    return text


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a counted text that fits the count."""
    return _catalogue.ngettext(one, many, count)


def number(value: int) -> str:
    """A whole number with its digits grouped as the language does: 12,400 or 12.400."""
    return f"{value:,}".replace(",", _GROUP_MARKS.get(_language, ","))


def folded(text: str) -> str:
    """Our words as people may type them who look for them: without capitals, accents and curly apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def labelled(label: str, text: str) -> str:
    """What something is and what it says, "City: Arnhem"; French wants a thin blank before the colon."""
    return f"{label}{_COLONS.get(_language, ':')} {text}"


def decimal(value: Decimal | float, places: int, *, grouped: bool = True) -> str:
    """A number with so many decimals, marked as the language does: 12,400.50 or 12.400,50."""
    whole, point, rest = f"{value:,.{places}f}".partition(".")
    whole = whole.replace(",", _GROUP_MARKS.get(_language, ",") if grouped else "")
    return f"{whole}{_DECIMAL_MARKS.get(_language, '.') if point else ''}{rest}"
