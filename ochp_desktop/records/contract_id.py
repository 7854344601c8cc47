"""Contract ids (EVCO-ID): their three forms, both check digits, and the way from one form to another."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIN_BODY = 11
_ISO_BODY = 14
_SEPARATORS = re.compile(r"[\s*\u200b\u2060\ufeff\u00ad-]+")
_DELETE = {ord(char): None for char in " \t\n\r\v\f\x1c\x1d\x1e\x1f*-"}
_ISSUER = re.compile(r"[A-Z]{2}[0-9A-Z]{4}")
_SHAPE = re.compile(r"[A-Z]{2}[0-9A-Z]{3}(?:[0-9A-Z]{6,7}|[0-9A-Z]{9,10})")


class Form(Enum):
    """Who described the form that a contract id has."""

    DIN = "DIN SPEC 91286"
    ISO = "ISO 15118-1"
    EMI3 = "eMI3"
    EXTERNAL = "external"


class ContractId(NamedTuple):
    """A contract id taken apart.

    Attributes:
        form: which of the forms it has; EXTERNAL when none.
        country: two letters; empty for an external id.
        provider: three letters or digits; empty for an external id.
        instance: the customer's part; for an external id all of it.
        check: the check digit as given, or empty.
    """

    form: Form
    country: str
    provider: str
    instance: str
    check: str

    @property
    def body(self) -> str:
        """All but the check digit, without separators."""
        return self.country + self.provider + self.instance

    @property
    def expected(self) -> str:
        """The check digit that belongs to the body; empty for an external id."""
        return "" if self.form is Form.EXTERNAL else check_digit(self.body)

    def __str__(self) -> str:
        return "-".join(part for part in (self.country, self.provider, self.instance, self.check) if part)


def normalised(text: str) -> str:
    """The id as it is compared: without blanks, hyphens and stars, ASCII letters in upper case."""
    if text.isascii():
        return text.translate(_DELETE).upper()
    # Only ASCII letters are raised: upper() would turn a dotless i or a sharp s into letters that were not there.
    return "".join(char.upper() if char.isascii() else char for char in _SEPARATORS.sub("", text))


# Two rules ask about each text, one after the other.
@lru_cache(maxsize=8)
def read(text: str) -> ContractId:
    """Take any text apart; whatever has none of the forms is an external id."""
    plain = normalised(text)
    if not _SHAPE.fullmatch(plain):
        return ContractId(Form.EXTERNAL, "", "", plain, "")
    body = _DIN_BODY if len(plain) <= _DIN_BODY + 1 else _ISO_BODY
    instance = plain[5:body]
    form = Form.DIN if body == _DIN_BODY else Form.EMI3 if instance.startswith("C") else Form.ISO
    return ContractId(form, plain[:2], plain[2:5], instance, plain[body:])


def check_digit(body: str) -> str:
    """The check digit of 11 (DIN) or 14 (ISO, eMI3) normalised characters.

    Raises:
        KeyError: a character is not one of 0-9A-Z.
        ValueError: the body is neither 11 nor 14 characters long.
    """
    if len(body) == _ISO_BODY:
        return _ISO_DIGITS[sum([table[char] for table, char in zip(_ISO_TABLES, body, strict=True)])]
    if len(body) != _DIN_BODY:
        raise ValueError(body)
    power = total = 0
    for char in body:
        value = _VALUES[char]
        if value >= 10:  # noqa: PLR2004 - a letter counts as two decimal digits
            total += value // 10 << power
            power += 1
        total += value % 10 << power
        power += 1
    return "0123456789X"[total % 11]


def wrong_digit(text: str) -> str | None:
    """The check digit that the id ought to have, when it has another one; None when it fits or there is none."""
    contract = read(text)
    expected = contract.expected if contract.check else contract.check
    return expected if contract.check != expected else None


def is_usual(text: str) -> bool:
    """A quick look at ids of 14 characters and a check digit, in capitals: whether all is well with this one.

    False says nothing. Lists of a million ids are checked with it, in a third of the time.
    """
    plain = text.replace("-", "")
    if len(plain) != _ISO_BODY + 1:
        return False
    try:
        total = (
            _issuer_total(plain[:6])
            + _PAIRS[0][plain[6:8]]
            + _PAIRS[1][plain[8:10]]
            + _PAIRS[2][plain[10:12]]
            + _PAIRS[3][plain[12:14]]
        )
    except KeyError:
        return False
    return _ISO_DIGITS[total] == plain[14]


@lru_cache(maxsize=4096)
def _issuer_total(start: str) -> int:
    """What the first six characters add to the check digit.

    Raises:
        KeyError: they are not those of a contract id.
    """
    if not _ISSUER.fullmatch(start):
        raise KeyError(start)
    return sum(table[char] for table, char in zip(_ISO_TABLES, start, strict=False))


def to_iso(contract: ContractId) -> ContractId:
    """The same contract in the form of ISO 15118-1, with its check digit; an external id stays as it is."""
    return _long(contract, "00", Form.ISO)


def to_emi3(contract: ContractId) -> ContractId:
    """The same contract in the form of eMI3, with its check digit; only a DIN id can become one, others stay."""
    return _long(contract, "C0", Form.EMI3)


def completed(contract: ContractId) -> ContractId:
    """The same contract with the check digit that belongs to it."""
    return ContractId(contract.form, contract.country, contract.provider, contract.instance, contract.expected)


def _long(contract: ContractId, filling: str, form: Form) -> ContractId:
    if contract.form is not Form.DIN:
        return contract
    instance = filling + contract.instance + (contract.check or contract.expected)
    return completed(ContractId(form, contract.country, contract.provider, instance, ""))


# The ISO digit is linear: each character adds four numbers that depend on its place, two modulo 2 and two modulo 3.
# One modulo 2 and one modulo 3 make one modulo 6, and two of those fit in one integer, so that adding is all that is
# left to do for a row.
_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_SHIFT = 128
_Pair = tuple[int, int]
_Matrix = tuple[_Pair, _Pair]


def _times(vector: _Pair, matrix: _Matrix, modulus: int) -> _Pair:
    (x, y), ((a, b), (c, d)) = vector, matrix
    return (x * a + y * c) % modulus, (x * b + y * d) % modulus


def _iso_tables() -> list[dict[str, int]]:
    tables = []
    for place in range(1, _ISO_BODY + 1):
        table = {}
        for symbol, n in _VALUES.items():
            halves, thirds = (n // 18, n // 9 % 2), (n % 9 // 3, n % 3)
            for _ in range(place):
                halves = _times(halves, ((0, 1), (1, 1)), 2)
                thirds = _times(thirds, ((0, 1), (1, 2)), 3)
            thirds = _times(thirds, ((0, 2), (2, 1)), 3)
            # 3x + 4y is x modulo 2 and y modulo 3.
            first, second = ((3 * x + 4 * y) % 6 for x, y in zip(halves, thirds, strict=True))
            table[symbol] = first + _SHIFT * second
        tables.append(table)
    return tables


_ISO_TABLES = _iso_tables()
# By the sum of what all characters add, so that nothing is left to work out.
_ISO_DIGITS = [
    SYMBOLS[18 * (first % 2) + 9 * (second % 2) + 3 * (first % 3) + second % 3]
    for second in range(5 * _ISO_BODY + 1)
    for first in range(_SHIFT)
]
# The eight characters before the check digit, two at a time.
_PAIRS = [
    {one + other: _ISO_TABLES[at][one] + _ISO_TABLES[at + 1][other] for one in SYMBOLS for other in SYMBOLS}
    for at in range(6, _ISO_BODY, 2)
]
