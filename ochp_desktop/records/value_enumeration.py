"""Value types of the protocol's enumerations: a number on the wire, number and name for people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, ClassVar

from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_, _

_NUMBER = re.compile(r"([0-9]{1,9})(?:[.,]0{1,6})?")
_NUMBER_AND_NAME = re.compile(r"([0-9]{1,9})[ \u00a0:=-]{1,5}(\S.{0,60})")
_BLANKS_AND_HYPHENS = re.compile(r"[\s_-]+")
_LONGEST = 80


def _plain(name: str) -> str:
    return _BLANKS_AND_HYPHENS.sub("", name).casefold()


class Enumeration(ValueType):
    """Numbers with names; a cell may hold the number, the name or both ("2", "e-laad", "2 E-laad"), in any case.

    Attributes:
        names: the protocol's name of each number.
        shown: what stands behind the number on the screen, untranslated.
    """

    name = "enumeration"
    faults: ClassVar[Mapping[str, str]] = {
        "unknown-number": N_("{value} is not one of the numbers that OCHP 0.1 knows. Choose one of: {known}."),
        "unknown-name": N_("“{value}” is none of the known values. Choose one of: {known}."),
    }

    def __init__(
        self,
        names: Mapping[int, str],
        *,
        shown: Mapping[int, str] | None = None,
        synonyms: Mapping[int, str] | None = None,
    ) -> None:
        self.names = dict(names)
        self.shown = dict(shown or names)
        self._numbers = {_plain(name): number for number, name in self.names.items()}
        for number, words in (synonyms or {}).items():
            self._numbers.update({_plain(word): number for word in words.split(" | ")})
        # The few texts that nearly all cells hold are answered without reading them.
        self._quick = {str(number): number for number in self.names}
        known = "|".join(self._quick)
        self.clean = re.compile(known)

    def parse(self, text: str) -> int | None:
        """The number, also one that the protocol does not know; None for a text that is neither number nor name."""
        number = self._quick.get(text)
        if number is not None:
            return number
        trim = trimmed(text)
        if not trim or len(trim) > _LONGEST:
            return None
        if found := _NUMBER.fullmatch(trim):
            return int(found[1])
        if (found := _NUMBER_AND_NAME.fullmatch(trim)) and self._named(found[2]) == int(found[1]):
            return int(found[1])
        return self._named(trim)

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """A number or a name that is not known."""
        trim = trimmed(text)
        if not trim:
            return None
        number = self.parse(trim)
        if number is None:
            return self.complain("unknown-name", value=quoted(trim), known=self._known())
        if number not in self.names:
            return self.complain("unknown-number", value=str(number), known=self._known())
        return None

    def format(self, value: Any) -> str:
        """The number."""
        return str(value)

    def wire(self, text: str) -> str:
        """The number of a number or name; any other text without outer blanks."""
        number = self.parse(text)
        return trimmed(text) if number is None else str(number)

    def display(self, text: str) -> str:
        """Number and name: "2 E-laad", "1 yes"; a text that is neither as it is."""
        number = self.parse(text)
        if number is None or number not in self.shown:
            return text
        name = _(self.shown[number])
        return f"{number} {name}"

    def choices(self) -> Sequence[tuple[str, str]]:
        """(number, number and name) of each known value."""
        return [(str(number), self.display(str(number))) for number in self.names]

    def sort_key(self, text: str) -> Any:
        """By number."""
        number = self.parse(text)
        return (
            super().sort_key("") if not trimmed(text) else (0, number) if number is not None else (1, text.casefold())
        )

    def _named(self, name: str) -> int | None:
        number = self._numbers.get(_plain(name))
        if number is None:
            # Files that were written in the user's language carry the shown name of that language.
            number = {_plain(_(shown)): number for number, shown in self.shown.items()}.get(_plain(name))
        return number

    def _known(self) -> str:
        return ", ".join(f"{number} {name}" for number, name in self.names.items())


_YES = "yes | y | true | on | x | ja | j | wahr | waar | oui | vrai"
_NO = "no | n | false | off | nein | nee | falsch | onwaar | non | faux"
_YES_NO = {0: N_("no"), 1: N_("yes")}

INFRASTRUCTURE_PROVIDER = Enumeration(
    {0: "Other", 1: "BlueCorner", 2: "E-laad", 3: "Ladenetz"},
    shown={0: N_("Other"), 1: "BlueCorner", 2: "E-laad", 3: "Ladenetz"},
    synonyms={
        0: "Andere | Sonstige | Overig | Anders | Autre",
        3: "Ladennetz | ladenetz.de",
        1: "bluecorner.be",
        2: "e-laad.nl",
    },
)
TOKEN_TYPE = Enumeration(
    {0: "Other", 1: "MifareCL", 2: "MifareDES", 3: "MSISDN"},
    shown={0: N_("Other"), 1: "MifareCL", 2: "MifareDES", 3: "MSISDN"},
    synonyms={
        0: "Andere | Sonstige | Overig | Anders | Autre",
        1: "Mifare Classic | Classic | Mifare",
        2: "Mifare DESFire | DESFire",
        3: "Phone | Telephone | Telefon | Telefoon | Téléphone",
    },
)
MANDATORY = Enumeration(
    {0: "Not Mandatory", 1: "Mandatory"},
    shown=_YES_NO,
    synonyms={
        0: _NO + " | optional | optioneel | niet verplicht | nicht verpflichtend | facultatif",
        1: _YES + " | required | verplicht | Pflicht | verpflichtend | obligatoire",
    },
)
ACTIVATED = Enumeration(
    {0: "Deactivated", 1: "Activated"},
    shown=_YES_NO,
    synonyms={
        0: _NO + " | inactive | blocked | inactief | gedeactiveerd | geblokkeerd | inaktiv | deaktiviert | gesperrt"
        " | inactif | désactivé | bloqué",
        1: _YES + " | active | actief | geactiveerd | aktiv | aktiviert | actif | activé",
    },
)
