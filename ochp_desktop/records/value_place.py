"""Value types of places and meters: country and OBIS code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import ClassVar

from ochp_desktop.records.countries import ALPHA_3, alpha_3_of
from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_

_LONGEST = 80


class Country(ValueType):
    """A country in the three letters of ISO 3166-1; names in four languages and two letters are repaired."""

    name = "country"
    faults: ClassVar[Mapping[str, str]] = {
        "other-form": N_("“{value}” is not the three-letter code of a country; write {code}."),
        "form": N_(
            "“{value}” is not the three-letter code of a country. Type NLD, DEU, BEL or FRA, for example, or "
            "leave it empty."
        ),
    }

    def parse(self, text: str) -> str | None:
        """The code of three letters."""
        trim = trimmed(text)
        return trim if trim in ALPHA_3 else None

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Anything but a code of three upper-case letters that exists."""
        trim = trimmed(text)
        if not trim or trim in ALPHA_3:
            return None
        code = alpha_3_of(trim) if len(trim) <= _LONGEST else None
        if code is not None:
            return self.complain("other-form", code, certain=True, value=quoted(trim), code=code)
        return self.complain("form", value=quoted(trim))


class ObisCode(ValueType):
    """An OBIS code, [A-B:]C.D[.E][*F] with numbers from 0 to 255: 1-1:1.8.0."""

    name = "OBIS code"
    faults: ClassVar[Mapping[str, str]] = {
        "form": N_("“{value}” is not an OBIS code. Type it as 1-1:1.8.0, or leave the cell empty."),
    }
    _form = re.compile(
        r"(?:([0-9]{1,3})-([0-9]{1,3}):)?([0-9]{1,3})\.([0-9]{1,3})(?:\.([0-9]{1,3}))?(?:[*&]([0-9]{1,3}))?"
    )

    def parse(self, text: str) -> str | None:
        """The code without outer blanks."""
        trim = trimmed(text)
        found = self._form.fullmatch(trim)
        return trim if found and all(int(group or 0) <= 255 for group in found.groups()) else None  # noqa: PLR2004

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """Anything of another form, or with a number above 255."""
        return self.complain("form", value=quoted(text)) if trimmed(text) and self.parse(text) is None else None
