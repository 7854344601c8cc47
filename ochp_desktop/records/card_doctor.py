"""The card doctor: everything that a number from a card, a reader or a mail may mean as a token id."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ochp_desktop.records.identity import is_uid, normalised_token_id, reversed_bytes
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import N_

_HEX = re.compile(r"[0-9A-F]+")
_DIGITS = re.compile(r"[0-9]+")
_PHONE = re.compile(r"[1-9][0-9]{7,14}")
_RUINED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+|[0-9]+[.,]0*|inf", re.IGNORECASE)
_LONGEST = 100
_FOUR_BYTES, _SEVEN_BYTES = 8, 14
_CHECKED = 10

AS_IS = N_("as it stands")
BACKWARDS = N_("with its bytes in the opposite order")
DECIMAL = N_("as a decimal number, written in hexadecimal digits")
DECIMAL_BACKWARDS = N_("as a decimal number, bytes in the opposite order")
NO_CHECK_BYTE = N_("without the reader's check byte")
NO_CHECK_BYTE_BACKWARDS = N_("without the reader's check byte, bytes in the opposite order")
LEADING_ZERO = N_("with the leading zero that a spreadsheet took away")
PHONE = N_("as a telephone number")
OTHER = N_("as an id of another kind")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the number.

    Attributes:
        token_id: the id as it would stand in the list.
        how: what was done to get it, untranslated.
        bytes: length of the card's id in bytes; 0 when it is no card's id.
    """

    token_id: str
    how: str
    bytes: int

    @property
    def decimal(self) -> str:
        """The id as a decimal number, as some readers show it; "" when it is no card's id."""
        return str(int(self.token_id, 16)) if self.bytes else ""


def readings(text: str) -> list[Reading]:
    """All readings of a number, the most likely first, each id once; none for a text that holds no number."""
    if len(text) > _LONGEST:
        return []
    plain = normalised_token_id(text)
    found: dict[str, Reading] = {}

    def add(token: str, how: str) -> None:
        if token not in found:
            found[token] = Reading(token, how, len(token) // 2 if is_uid(token) else 0)

    if not plain.isascii() or not plain.isalnum():
        return []
    if _HEX.fullmatch(plain):
        _add_hex(plain, add)
    if _DIGITS.fullmatch(plain):
        _add_decimal(plain, add)
        phone = plain.removeprefix("00")
        if _PHONE.fullmatch(phone) and not is_uid(phone):
            add(phone, PHONE)
    if not found:
        add(plain, OTHER)
    return list(found.values())


def is_ruined(text: str) -> bool:
    """Whether a spreadsheet has made a number of the id, so that it cannot be known any more."""
    trim = trimmed(text)
    # Digits, an E and digits are a proper id when they have the length of one.
    return len(trim) <= _LONGEST and _RUINED.fullmatch(trim) is not None and not is_uid(trim.upper())


def is_cut_off(token_id: str) -> bool:
    """Whether an id of four bytes is the beginning of a longer one."""
    return len(token_id) == _FOUR_BYTES and token_id.startswith("88")


def _add_hex(plain: str, add: Callable[[str, str], None]) -> None:
    if is_uid(plain):
        add(plain, AS_IS)
        add(reversed_bytes(plain), BACKWARDS)
    if len(plain) == _CHECKED:
        first, second, third, fourth, check = bytes.fromhex(plain)
        if first ^ second ^ third ^ fourth == check:
            add(plain[:_FOUR_BYTES], NO_CHECK_BYTE)
            add(reversed_bytes(plain[:_FOUR_BYTES]), NO_CHECK_BYTE_BACKWARDS)
    if is_uid("0" + plain):
        add("0" + plain, LEADING_ZERO)


def _add_decimal(plain: str, add: Callable[[str, str], None]) -> None:
    number = int(plain)
    for digits in (_FOUR_BYTES, _SEVEN_BYTES):
        # A number that needs fewer bytes would be an id with many zeros, which nobody has.
        if 16 ** (digits - 4) <= number < 16**digits:
            token = f"{number:0{digits}X}"
            add(token, DECIMAL)
            add(reversed_bytes(token), DECIMAL_BACKWARDS)
