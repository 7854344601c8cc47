"""The rules for token ids that depend on the token's type: RFID cards and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ochp_desktop.records.identity import normalised_token_id, reversed_bytes
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.rules import Facts, RowRule, Rule
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import TOKEN_TYPE
from ochp_desktop.records.values import quoted, trimmed
from ochp_desktop.texts import N_

_CLASSIC, _DESFIRE, _MSISDN = 1, 2, 3
_TOKEN_ID = TOKENS.field("tokenId").type
_HEX = re.compile(r"[0-9A-F]+")
_FINE_CLASSIC = re.compile(r"(?!88)[0-9A-F]{8}")
_FINE_DESFIRE = re.compile(r"(?!0{6}|[0-9A-F]{8}0{6})[0-9A-F]{14}")
_FINE_BLOCK = re.compile(rf"(?:(?:1{_FINE_CLASSIC.pattern}|2{_FINE_DESFIRE.pattern})\n)*")
_DECIMAL = re.compile(r"[0-9]{9,10}")
_LENGTHS = (8, 14, 20)
_CHECKED = 10
_LARGEST_UID = 0xFFFFFFFF
_LONGEST = 100
_PHONE_MARKS = re.compile(r"[\s()/.\u200b\u2060\ufeff-]+")
_PHONE = re.compile(r"[1-9][0-9]{2,14}")


def _fine(texts: Sequence[str]) -> bool:
    """Nearly all rows: a plain card id of the length that its type has."""
    token, kind = texts
    if kind == "1":
        return _FINE_CLASSIC.fullmatch(token) is not None
    return kind == "2" and _FINE_DESFIRE.fullmatch(token) is not None


def _all_fine(columns: Sequence[Sequence[str]]) -> bool:
    """The same for many rows at once, in a quarter of the time."""
    tokens, kinds = columns
    # Types of one letter, so that id and type can be told apart where they are put together.
    if not set(kinds) <= {"1", "2"}:
        return False
    block = "\n".join(map(str.__add__, kinds, tokens))
    return block.count("\n") == len(tokens) - 1 and _FINE_BLOCK.fullmatch(block + "\n") is not None


def _card(texts: Sequence[str]) -> tuple[str, int] | None:
    """The normalised id and type of a row that holds a card's id, or None."""
    return _taken_apart(*texts)[0]


def _uid(texts: Sequence[str]) -> tuple[str, int] | None:
    """The same for hexadecimal ids only."""
    return _taken_apart(*texts)[1]


# All rules ask about one row, one after the other.
@lru_cache(maxsize=8)
def _taken_apart(token: str, token_type: str) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    """What `_card` and `_uid` say."""
    kind = TOKEN_TYPE.parse(token_type)
    if kind not in {_CLASSIC, _DESFIRE} or not trimmed(token) or _TOKEN_ID.check(token) is not None:
        return None, None
    card = normalised_token_id(token), kind
    return card, card if _HEX.fullmatch(card[0]) else None


def _ends_with_check_byte(uid: str) -> bool:
    if len(uid) != _CHECKED:
        return False
    first, second, third, fourth, check = bytes.fromhex(uid)
    return first ^ second ^ third ^ fourth == check


# Tuples and no generators: all these are asked about each row that is not fine, and most have nothing to say.


def _not_hex(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    card = _card(texts)
    if card is not None and not _HEX.fullmatch(card[0]):
        return (Hit("tokenId", {"value": quoted(texts[0])}),)
    return ()


def _separators(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid, trim = _uid(texts), trimmed(texts[0])
    if uid is not None and uid[0] != trim.upper():
        return (Hit("tokenId", {"value": quoted(trim)}, uid[0], certain=True),)
    return ()


def _lower_case(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid, trim = _uid(texts), trimmed(texts[0])
    if uid is not None and uid[0] != trim and uid[0] == trim.upper():
        return (Hit("tokenId", {"value": quoted(trim)}, uid[0], certain=True),)
    return ()


def _check_byte(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is not None and _ends_with_check_byte(uid[0]):
        return (Hit("tokenId", {"value": uid[0], "uid": uid[0][:8]}, uid[0][:8], certain=True),)
    return ()


def _decimal(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is None or not _DECIMAL.fullmatch(uid[0]) or _ends_with_check_byte(uid[0]) or int(uid[0]) > _LARGEST_UID:
        return ()
    plain = f"{int(uid[0]):08X}"
    return (Hit("tokenId", {"value": uid[0], "one": plain, "other": reversed_bytes(plain)}),)


def _filled(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is not None and len(uid[0]) <= _LONGEST and (rest := _unfilled(uid[0])):
        return (Hit("tokenId", {"value": uid[0], "uid": rest}, rest),)
    return ()


def _unfilled(uid: str) -> str:
    """The id of 4 or 7 bytes without the zero bytes that fill it up to a usual length; "" when nothing does."""
    for length in _LENGTHS[:2]:
        zeros = "0" * (len(uid) - length)
        # Two bytes of zeros occur in real ids; three are filling.
        if len(zeros) < len("000000") or len(zeros) % 2:
            continue
        for rest in (uid.removeprefix(zeros), uid.removesuffix(zeros)):
            if len(rest) == length and rest.strip("0"):
                return rest
    return ""


def _length(texts: Sequence[str], facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is None or len(uid[0]) in _LENGTHS or _ends_with_check_byte(uid[0]) or any(_decimal(texts, facts)):
        return ()
    if any(_filled(texts, facts)):
        return ()
    # One digit short is mostly a leading zero that a spreadsheet took away.
    repair = "0" + uid[0] if len(uid[0]) + 1 in _LENGTHS else None
    return (Hit("tokenId", {"value": quoted(uid[0]), "length": str(len(uid[0]))}, repair),)


def _cut_off(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is not None and len(uid[0]) == _LENGTHS[0] and uid[0].startswith("88"):
        return (Hit("tokenId", {"value": uid[0]}),)
    return ()


def _other_type(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    uid = _uid(texts)
    if uid is not None and (uid[1], len(uid[0])) in {(_CLASSIC, 14), (_DESFIRE, 8)}:
        return (Hit("tokenId", {"value": uid[0], "digits": str(len(uid[0])), "type": TOKEN_TYPE.names[uid[1]]}),)
    return ()


def _phone(texts: Sequence[str]) -> tuple[str, str] | None:
    """The text and the number of a row that holds a telephone number, or None."""
    if TOKEN_TYPE.parse(texts[1]) != _MSISDN or not trimmed(texts[0]) or _TOKEN_ID.check(texts[0]) is not None:
        return None
    trim = trimmed(texts[0])
    number = _PHONE_MARKS.sub("", trim) if len(trim) <= _LONGEST else trim
    return trim, number.removeprefix("+") if number.startswith("+") else number.removeprefix("00")


def _phone_marks(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    phone = _phone(texts)
    if phone is not None and phone[0] != phone[1] and _PHONE.fullmatch(phone[1]):
        return (Hit("tokenId", {"value": quoted(phone[0])}, phone[1], certain=True),)
    return ()


def _phone_form(texts: Sequence[str], _facts: Facts) -> Iterable[Hit]:
    phone = _phone(texts)
    if phone is not None and not _PHONE.fullmatch(phone[1]):
        return (Hit("tokenId", {"value": quoted(phone[0])}),)
    return ()


_READS = ("tokenId", "tokenType")

TOKEN_ID_RULES: tuple[Rule, ...] = (
    RowRule(
        code="token-id.not-hex",
        level=Level.ERROR,
        title=N_("Token id is not that of a card"),
        text=N_(
            "“{value}” is not a card's id: those have digits 0 to 9 and letters A to F only. Read the card "
            "again, or choose another type."
        ),
        why=N_("No card reader will ever report such an id. If the token is not a card, choose another type."),
        source="ISO 14443-3",
        reads=_READS,
        check=_not_hex,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.separators",
        level=Level.WARNING,
        title=N_("Token id is written with separators"),
        text=N_("“{value}” holds separators or 0x. The clearing house compares ids letter by letter: leave them out."),
        why=N_("A charge point sends the bare digits; an id with separators in the list would not be found."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_separators,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.lower-case",
        level=Level.WARNING,
        title=N_("Token id is written in lower case"),
        text=N_("“{value}” holds small letters. Write the id of a card in capitals."),
        why=N_("Some partners' programs take small letters and capitals for different ids."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_lower_case,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.check-byte",
        level=Level.WARNING,
        title=N_("Token id ends with its check byte"),
        text=N_(
            "The last two digits of {value} are a check of the reader and not part of the card's id. "
            "Leave them out: {uid}."
        ),
        why=N_("Some readers add two digits to an id of eight. Charge points do not: the card would not be found."),
        source="ISO 14443-3",
        reads=_READS,
        check=_check_byte,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.decimal",
        level=Level.WARNING,
        title=N_("Token id may be a decimal number"),
        text=N_(
            "{value} may be a card's id written as a decimal number: {one}, or read backwards {other}. Read a "
            "card and compare."
        ),
        why=N_(
            "Some readers show ids as decimal numbers, but charge points send digits and letters A to "
            "F. Hold a card to a reader that shows those, and compare."
        ),
        source="ISO 14443-3",
        reads=_READS,
        check=_decimal,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.length",
        level=Level.WARNING,
        title=N_("Token id has an unusual length"),
        text=N_("“{value}” has {length} digits; the id of a card has 8, 14 or 20. Compare it with its source."),
        why=N_("A digit or a byte is missing or too many: the card would not be found. A leading zero may be lost."),
        source="ISO 14443-3",
        reads=_READS,
        check=_length,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.filled",
        level=Level.WARNING,
        title=N_("Token id is filled up with zeros"),
        text=N_("{value} looks like the id {uid}, filled up with zeros. Leave the zeros out, or read the card again."),
        why=N_("Some programs fill every id up to one length. A charge point sends the card's own digits only."),
        source="OCHP 0.1, 4.4",
        reads=_READS,
        check=_filled,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.cut-off",
        level=Level.WARNING,
        title=N_("Token id is cut off"),
        text=N_(
            "{value} begins with 88: it is the first part of a longer id and not unique. Read the card again "
            "with another reader."
        ),
        why=N_(
            "88 at the beginning marks a long id of 14 digits, of which an old reader showed only the "
            "first eight. Read the card again."
        ),
        source="ISO 14443-3",
        reads=_READS,
        check=_cut_off,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.other-type",
        level=Level.WARNING,
        title=N_("Token id does not fit the type"),
        text=N_("{value} has {digits} digits, which is unusual for a {type} card. Check the type."),
        why=N_(
            "MifareCL cards mostly have 8 digits and MifareDES cards 14. Newer MifareCL cards with 14 "
            "digits do exist: accept those."
        ),
        source="NXP AN10833",
        reads=_READS,
        check=_other_type,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.phone-marks",
        level=Level.WARNING,
        title=N_("Telephone number is written with + or blanks"),
        text=N_("“{value}” is not written as bare digits with country code: leave out +, 00 and blanks."),
        why=N_("Telephone numbers are compared digit by digit: leave out +, 00 and separators."),
        source="ITU-T E.164",
        reads=_READS,
        check=_phone_marks,
        unless=_fine,
        unless_all=_all_fine,
    ),
    RowRule(
        code="token-id.phone",
        level=Level.ERROR,
        title=N_("Telephone number is not international"),
        text=N_(
            "“{value}” is not a telephone number with country code, such as 31612345678: at most 15 digits, "
            "the first not 0."
        ),
        why=N_("The protocol identifies a telephone by its international number, such as 31612345678."),
        source="ITU-T E.164",
        reads=_READS,
        check=_phone_form,
        unless=_fine,
        unless_all=_all_fine,
    ),
)
