"""Value type of an energy volume in kWh: a decimal comma, at most four digits before it, exactly four after it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, ClassVar

from ochp_desktop.records.values import Complaint, ValueType, quoted, trimmed
from ochp_desktop.texts import N_

_LONGEST = 60
_STEP = Decimal("0.0001")
_UNIT = re.compile(r"(.*?\S)\s{0,5}(k?wh)", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9]{1,30})(?:([.,])([0-9]{1,30}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,' \u00a0\u202f’])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]([0-9]{1,20}))?")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_COMMA_AND_THREE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_POINT, _COMMA = "point", "comma"
_SCIENTIFIC = re.compile(r"[0-9]{1,20}(?:[.,][0-9]{1,20})?[Ee][+-]?[0-9]{1,2}")


_WRITTEN = re.compile(r"[0-9]{1,4},[0-9]{4}")


# Several rules ask for the same few thousand volumes, one after the other.
@lru_cache(maxsize=20_000)
def _amount_of(text: str) -> Decimal | None:
    trim = trimmed(text)
    return Decimal(trim.replace(",", ".")) if _WRITTEN.fullmatch(trim) else None


class Volume(ValueType):
    """An energy volume in kWh, `12,4500`; any decimal number is read, only this form is right."""

    name = "volume"
    faults: ClassVar[Mapping[str, str]] = {
        "decimals": N_("“{value}” is not written with exactly four decimals after a comma, as 12,4500. Write it so."),
        "point": N_("“{value}” is written with a decimal point. Write it with a comma and four decimals, as 12,4500."),
        "ambiguous": N_(
            "“{value}” may mean {small} or {large} kWh. Look in the source, and type it with a comma and four decimals."
        ),
        "thousands": N_(
            "“{value}” is written with a thousands mark. Write it without, with a comma and four decimals."
        ),
        "rounded": N_("“{value}” has more than four decimals; rounded it is {rounded} kWh. Write that."),
        "unit": N_("“{value}” is written with its unit. Write the number of kWh alone, as 12,4500."),
        "too-large": N_("“{value}” has more than four digits before the comma. If it is in Wh, divide it by 1,000."),
        "negative": N_("“{value}” is negative. Ask the charge point's operator for the right volume."),
        "form": N_("“{value}” is not a number of kWh. Type it as 12,4500."),
    }
    clean = _WRITTEN
    ways = (_POINT, _COMMA)

    def parse(self, text: str) -> Decimal | None:
        """The number of kWh of a text in the right form."""
        return _amount_of(text) if len(text) <= _LONGEST else None

    def format(self, value: Any) -> str:
        """The number with a comma and four decimals, rounded half up."""
        return f"{Decimal(value).quantize(_STEP, ROUND_HALF_UP):f}".replace(".", ",")

    def check(self, text: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002, PLR0911 - see the base; one return for each fault
        """Anything but digits, comma and four digits; repaired where only one number can be meant."""
        trim = trimmed(text)
        if not trim or self.clean.fullmatch(trim):
            return None
        value = quoted(trim)
        if len(trim) > _LONGEST:
            return self.complain("form", value=value)
        if trim[0] in "-\u2212" and self._amount(trim[1:].strip()) is not None:
            return self.complain("negative", value=value)
        if unit := _UNIT.fullmatch(trim):
            return self._with_unit(value, unit[1], unit[2])
        if _AMBIGUOUS.fullmatch(trim):
            return self._ambiguous(value, trim)
        amount = self._amount(trim)
        if amount is None:
            return self.complain("form", value=value)
        return self._number(value, trim, amount)

    def vote(self, text: str) -> tuple[str, bool]:  # noqa: PLR0911 - one return for each form
        """1.5 says that the point is the decimal mark, 1,5 the comma; 1.234 and 1,234 wait for them."""
        if self.clean.fullmatch(text):
            return _COMMA, False
        if len(text) > _LONGEST:
            return "", False
        unit = _UNIT.fullmatch(text)
        number = unit[1] if unit else text
        if _AMBIGUOUS.fullmatch(number) or _COMMA_AND_THREE.fullmatch(number):
            return "", True
        if plain := _PLAIN.fullmatch(number):
            return {".": _POINT, ",": _COMMA}.get(plain[2], ""), False
        if grouped := _GROUPED.fullmatch(number):
            if grouped[2]:
                return (_POINT if number[-len(grouped[2]) - 1] == "." else _COMMA), False
            return {".": _COMMA, ",": _POINT}.get(grouped[1], ""), False
        return "", False

    def settled(self, text: str, way: str, zone: tzinfo | None = None) -> Complaint | None:  # noqa: ARG002 - see the base
        """The number, with the point or the comma of 1.234 or 1,234 read as in its column."""
        unit = _UNIT.fullmatch(text) if len(text) <= _LONGEST else None
        number = unit[1] if unit else text
        points = _AMBIGUOUS.fullmatch(number) is not None
        if not points and _COMMA_AND_THREE.fullmatch(number) is None:
            return None
        value = quoted(text)
        decimal = points == (way == _POINT)
        amount = Decimal(re.sub("[.,]", "." if decimal else "", number))
        if unit and unit[2].casefold() == "wh":
            amount /= 1000
        fault = ("point" if points else "decimals") if decimal else "thousands"
        # More than 1,000 kWh in one session: the column says so, but only people know.
        return self.complain(fault, self._written(amount), certain=decimal and self._exact(amount), value=value)

    def sort_key(self, text: str) -> Any:
        """By number, also where the form is not right."""
        trim = trimmed(text)
        amount = self.parse(trim) or self._amount(trim)
        return (0, amount) if amount is not None else super().sort_key("") if not trim else (1, text.casefold())

    def _ambiguous(self, value: str, number: str) -> Complaint:
        small, large = number.replace(".", ","), number.replace(".", "")
        return self.complain("ambiguous", value=value, small=small, large=large)

    def _with_unit(self, value: str, number: str, unit: str) -> Complaint:
        amount = self._amount(number)
        if _AMBIGUOUS.fullmatch(number):
            return self._ambiguous(value, number)
        if amount is None:
            return self.complain("form", value=value)
        if unit.casefold() == "wh":
            amount /= 1000
        repair = self._written(amount)
        return self.complain("unit", repair, certain=self._exact(amount), value=value)

    def _number(self, value: str, text: str, amount: Decimal) -> Complaint:
        repair = self._written(amount)
        if repair is None:
            # More than 9,999.9999 kWh in one session is Wh as good as always, but only people know.
            return self.complain("too-large", self._written(amount / 1000), value=value)
        if not self._exact(amount):
            return self.complain("rounded", repair, value=value, rounded=repair)
        if "." in text:
            return self.complain("point", repair, certain=True, value=value)
        # 1,234 is a thousand in an English file: the comma is only sure where no group of three follows it.
        sure = _COMMA_AND_THREE.fullmatch(text) is None
        return self.complain("decimals", repair, certain=sure, value=value)

    def _written(self, amount: Decimal) -> str | None:
        text = self.format(amount)
        return text if self.clean.fullmatch(text) else None

    @staticmethod
    def _exact(amount: Decimal) -> bool:
        return amount == amount.quantize(_STEP, ROUND_HALF_UP)

    @staticmethod
    def _amount(text: str) -> Decimal | None:
        """The number, however it is written; None when it is none or so large that it cannot be rounded."""
        if len(text) > _LONGEST:
            return None
        if plain := _PLAIN.fullmatch(text):
            amount = Decimal(f"{plain[1]}.{plain[3] or 0}")
        elif grouped := _GROUPED.fullmatch(text):
            decimals = grouped[2] or ""
            whole = text[: -len(decimals) - 1] if decimals else text
            amount = Decimal(f"{re.sub('[^0-9]', '', whole)}.{decimals or 0}")
        elif _SCIENTIFIC.fullmatch(text):
            amount = Decimal(text.replace(",", "."))
        else:
            return None
        return amount if amount < Decimal(10) ** 20 else None
