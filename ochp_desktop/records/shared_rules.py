"""Rules that tokens and CDRs share: empty cells, bare text, ids ruined by a spreadsheet, contract ids."""

from __future__ import annotations

import re
import unicodedata

from ochp_desktop.records import contract_id
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.damage_rules import DAMAGE_RULES
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.rules import CellRule, Facts, FormRule, Rule
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_ids import Identifier, TokenIdType
from ochp_desktop.records.values import Verbatim, quoted, trimmed
from ochp_desktop.texts import N_

_FIELDS = (*TOKENS.fields, *CDRS.fields)
_ALL = tuple(dict.fromkeys(field.name for field in _FIELDS))
_ALL_BUT_VERBATIM = tuple(dict.fromkeys(field.name for field in _FIELDS if not isinstance(field.type, Verbatim)))
_IDS = tuple(
    dict.fromkeys(
        field.name
        for field in _FIELDS
        if isinstance(field.type, Identifier) and not isinstance(field.type, TokenIdType)
    )
)
_FREE = {"chargePointAddress", "chargePointCity", "chargePointZip"}
_NO_WORDS = tuple(
    dict.fromkeys(field.name for field in _FIELDS if field.name in _ALL_BUT_VERBATIM and field.name not in _FREE)
)
_DIGITS = tuple(
    dict.fromkeys(
        field.name for field in _FIELDS if field.type.clean is not None and not isinstance(field.type, Identifier)
    )
)
# XML 1.0 has no place for these, so that no house can take them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile(r"\s*[\n\r\x85\u2028\u2029]+\s*")
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|NV|N/B|REF!|BEZUG!|VERW!|VALUE!|WERT!|WAARDE!|VALEUR!|DIV/0!|DEEL/0!|NAME\?|NAAM\?|NOM\?|NUM!|ZAHL!"
    r"|GETAL!|NOMBRE!|NULL!|LEEG!|NUL!|SPILL!|CALC!|ERROR!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA|#+)|Err:[0-9]{3}"
)


def _missing(_text: str, _facts: Facts) -> Hit:
    return Hit("")


def _spreadsheet_error(text: str, _facts: Facts) -> Hit | None:
    trim = trimmed(text)
    return Hit("", {"value": quoted(trim)}) if _SPREADSHEET_ERROR.fullmatch(trim) else None


def _not_in_xml(text: str, _facts: Facts) -> Hit | None:
    if text.isprintable() or not _NOT_IN_XML.search(text):
        return None
    return Hit("", {}, trimmed(_NOT_IN_XML.sub("", text)) or None)


def _blanks(text: str, _facts: Facts) -> Hit | None:
    trim = trimmed(text)
    return None if trim == text else Hit("", {}, trim, certain=True)


def _line_break(text: str, _facts: Facts) -> Hit | None:
    trim = trimmed(text)
    if trim.isprintable() or not _LINE_BREAKS.search(trim):
        return None
    return Hit("", {}, _LINE_BREAKS.sub(" ", trim))


def _apostrophe(text: str, _facts: Facts) -> Hit | None:
    trim = trimmed(text)
    if trim[:1] not in {"'", "\u2019"} or not (rest := trimmed(trim[1:])):
        return None
    return Hit("", {}, rest, certain=True)


def _other_digits(text: str, _facts: Facts) -> Hit | None:
    if text.isascii() or not any(char.isdecimal() and not char.isascii() for char in text):
        return None
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in trimmed(text))
    return Hit("", {}, digits)


def _check_digit(text: str, _facts: Facts) -> Hit | None:
    expected = contract_id.wrong_digit(text)
    return None if expected is None else Hit("", {"value": quoted(text), "digit": expected})


def _external(text: str, _facts: Facts) -> Hit | None:
    found = contract_id.read(text)
    return Hit("", {"value": quoted(text)}) if found.form is contract_id.Form.EXTERNAL else None


SHARED_RULES: tuple[Rule, ...] = (
    CellRule(
        code="value.missing",
        level=Level.ERROR,
        title=N_("A required cell is empty"),
        text=N_("{field} is missing. The clearing house needs a value here: type it."),
        why=N_("The protocol makes this field mandatory; a record without it is refused, and all others with it."),
        source="OCHP 0.1, 4.2, 4.4",
        fields=tuple(dict.fromkeys(field.name for field in _FIELDS if field.mandatory)),
        check=_missing,
        on_empty=True,
    ),
    CellRule(
        code="text.spreadsheet-error",
        level=Level.ERROR,
        title=N_("Cell holds a spreadsheet's error"),
        text=N_(
            "“{value}” is an error message of the spreadsheet, not a value. Correct the formula there, "
            "or type the value."
        ),
        why=N_("A formula in the file could not be worked out, so that the value itself never arrived."),
        source="Excel, LibreOffice",
        fields=_ALL,
        check=_spreadsheet_error,
        raw=True,
    ),
    CellRule(
        code="text.control",
        level=Level.ERROR,
        title=N_("Characters that cannot be sent"),
        text=N_("{field} holds invisible control characters, which cannot be sent. Remove them."),
        why=N_(
            "They come from other programs and cannot be seen. No clearing house could read a list that holds them."
        ),
        source="XML 1.0, 2.2",
        fields=_ALL,
        check=_not_in_xml,
        raw=True,
    ),
    CellRule(
        code="text.line-break",
        level=Level.WARNING,
        title=N_("Line break in a cell"),
        text=N_("{field} is spread over several lines. Put it on one."),
        why=N_("A value with a line break is hard to find and to compare; partners' programs may cut it off there."),
        source="OCHP Desktop",
        fields=_ALL_BUT_VERBATIM,
        check=_line_break,
        raw=True,
    ),
    CellRule(
        code="text.blanks",
        level=Level.WARNING,
        title=N_("Blanks before or after the value"),
        text=N_("{field} begins or ends with blanks or invisible characters. They are left out when it is sent."),
        why=N_("Such blanks come from copying. They cannot be seen, but searching and comparing stumbles over them."),
        source="OCHP Desktop",
        fields=_ALL_BUT_VERBATIM,
        check=_blanks,
        raw=True,
    ),
    CellRule(
        code="text.apostrophe",
        level=Level.ERROR,
        title=N_("Apostrophe before the value"),
        text=N_("{field} begins with an apostrophe, which would be sent as part of it. Leave it out."),
        why=N_(
            "In a spreadsheet an apostrophe before a value says that it is text. Copied by other programs it becomes "
            "part of the value, which then fits nothing."
        ),
        source="Excel, LibreOffice",
        fields=_NO_WORDS,
        check=_apostrophe,
        raw=True,
    ),
    CellRule(
        code="text.other-digits",
        level=Level.ERROR,
        title=N_("Digits of another script"),
        text=N_(
            "{field} is written with digits of another script or width, such as Arabic or full-width ones. Only 0 to 9 "
            "can be sent: type it with those."
        ),
        why=N_("They look like digits to people, but the clearing house and charge points know only 0 to 9."),
        source="OCHP 0.1, 4.2, 4.4",
        fields=(*_DIGITS, "tokenId"),
        check=_other_digits,
        raw=True,
    ),
    FormRule(
        code="id.excel",
        level=Level.ERROR,
        title=N_("Id was ruined by Excel"),
        text=Identifier.faults["excel"],
        why=N_(
            "An id of digits, or of digits with one E, looks like a number to a spreadsheet, which then rounds it. "
            "Format the column as text before the ids are put in."
        ),
        source="Excel, LibreOffice",
        fields=_IDS,
        fault="excel",
    ),
    FormRule(
        code="id.number-tail",
        level=Level.ERROR,
        title=N_("Id ends like a decimal number"),
        text=Identifier.faults["number-tail"],
        why=N_("A spreadsheet took the id for a number. Leading zeros may be lost: compare it with its source."),
        source="Excel, LibreOffice",
        fields=_IDS,
        fault="number-tail",
    ),
    CellRule(
        code="contract-id.check-digit",
        level=Level.WARNING,
        title=N_("Contract id: check digit does not fit"),
        text=N_(
            "The check digit of “{value}” does not fit: for the rest of the id it would be {digit}. Compare "
            "the id with the contract."
        ),
        why=N_(
            "One of the characters may be wrong or swapped. Compare the id with the contract; some providers give out "
            "ids whose digit does not fit, those can be accepted."
        ),
        source="DIN SPEC 91286, ISO 15118-1, eMI3",
        fields=("evcoId",),
        check=_check_digit,
        unless=contract_id.is_usual,
    ),
    CellRule(
        code="contract-id.external",
        level=Level.HINT,
        title=N_("Contract id of a provider's own form"),
        text=N_(
            "“{value}” has none of the usual forms of a contract id. It is sent as an external id; check that "
            "this is meant."
        ),
        why=N_(
            "OCHP 0.1 allows external ids. Make sure that it is not a usual id with a character too few or too many."
        ),
        source="OCHP 0.1, 4.2",
        fields=("evcoId",),
        check=_external,
        unless=contract_id.is_usual,
    ),
    *DAMAGE_RULES,
)
