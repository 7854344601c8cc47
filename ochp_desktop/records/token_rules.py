"""The rules for roaming tokens, one entry each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ochp_desktop.records.identity import all_reversed, normalised_token_id, normalised_token_ids, reversed_bytes
from ochp_desktop.records.problems import Hit, Level
from ochp_desktop.records.rules import Crowd, Facts, FormRule, GroupRule, RowRule, Rule
from ochp_desktop.records.shared_rules import SHARED_RULES
from ochp_desktop.records.token_id_rules import TOKEN_ID_RULES
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.records.value_enumeration import ACTIVATED, MANDATORY, Enumeration
from ochp_desktop.records.value_ids import Pin, TokenIdType
from ochp_desktop.records.value_time import ExpiryDate
from ochp_desktop.records.values import trimmed
from ochp_desktop.texts import N_

_EXPIRY = TOKENS.field("expiryDate").type
_TOKEN_ID = TOKENS.field("tokenId").type
_SOON_DAYS = 30
_DATES = N_("The clearing house knows one way to write a date, dd/mm/yyyy; any other is refused or, worse, misread.")
_NUMBERS = N_("The clearing house takes only the numbers that the protocol lists.")


def _expired(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    expiry, active = texts
    day = _EXPIRY.parse(expiry)
    if day is not None and day < facts.today and ACTIVATED.parse(active) == 1:
        yield Hit("expiryDate", {"value": trimmed(expiry)})


def _expires_soon(texts: Sequence[str], facts: Facts) -> Iterator[Hit]:
    expiry, active = texts
    day = _EXPIRY.parse(expiry)
    if day is not None and ACTIVATED.parse(active) == 1:
        left = (day - facts.today).days
        if 0 <= left <= facts.limit("expiry-date.soon", _SOON_DAYS):
            yield Hit("expiryDate", {"value": trimmed(expiry), "days": str(left)})


def _pin_missing(texts: Sequence[str], _facts: Facts) -> Iterator[Hit]:
    pin, mandatory = texts
    if not trimmed(pin) and MANDATORY.parse(mandatory) == 1:
        yield Hit("pin")


def _token_keys(columns: Sequence[Sequence[str]]) -> Sequence[str | None]:
    """For each token its id or that id turned round, whichever comes first: so that both have one key."""
    (texts,) = columns
    tokens = normalised_token_ids(texts)
    # min() takes twice as long, a million times.
    keys: list[str | None] = [
        token if token <= turned else turned  # noqa: FURB136 - see above
        for token, turned in zip(tokens, all_reversed(tokens), strict=True)
    ]
    if tokens is not texts:
        # A ruined id says nothing about which card it was: two of them need not be the same.
        for place, (text, token) in enumerate(zip(texts, tokens, strict=True)):
            if not token or not (token.isalnum() or _TOKEN_ID.check(text) is None):
                keys[place] = None
    return keys


def _token(texts: Sequence[str]) -> str:
    return normalised_token_id(texts[0])


def _stands_twice(crowd: Crowd) -> bool:
    return crowd.alike > 1


def _stands_turned(crowd: Crowd) -> bool:
    return crowd.varieties > 1


def _turned_args(texts: Sequence[str]) -> dict[str, str]:
    token = _token(texts)
    return {"value": token, "other": reversed_bytes(token)}


def _date_form(fault: str, title: str, why: str = _DATES) -> FormRule:
    return FormRule(
        code=f"expiry-date.{fault}",
        level=Level.ERROR,
        title=title,
        text=ExpiryDate.faults[fault],
        why=why,
        source="OCHP 0.1, 4.4",
        fields=("expiryDate",),
        fault=fault,
    )


def _enumeration(field: str, subject: str, fault: str, title: str, level: Level = Level.ERROR) -> FormRule:
    return FormRule(
        code=f"{subject}.{fault}",
        level=level,
        title=title,
        text=Enumeration.faults[fault],
        why=_NUMBERS,
        source=TOKENS.field(field).source,
        fields=(field,),
        fault=fault,
    )


def _pin_form(fault: str, title: str, why: str) -> FormRule:
    return FormRule(
        code=f"pin.{fault}",
        level=Level.ERROR,
        title=title,
        text=Pin.faults[fault],
        why=why,
        source="OCHP 0.1, 4.4",
        fields=("pin",),
        fault=fault,
    )


_FORM_RULES: tuple[Rule, ...] = (
    _date_form("year-first", N_("Expiry date is written year first")),
    _date_form("month-first", N_("Expiry date is written month first")),
    _date_form("other-form", N_("Expiry date is written in another form")),
    _date_form(
        "ambiguous",
        N_("Expiry date: day or month first?"),
        N_("Both readings are real days. Look at the rest of the column, or in the source, and type it as dd/mm/yyyy."),
    ),
    _date_form(
        "serial",
        N_("Expiry date is a spreadsheet's day number"),
        N_(
            "A spreadsheet keeps dates as numbers and showed this one without a date format. "
            "The repair is right unless the file was made on an old Macintosh, which counted from 1904."
        ),
    ),
    _date_form("impossible", N_("Expiry date does not exist")),
    _date_form("form", N_("Expiry date is not a date")),
    _enumeration("roamingHubId", "hub", "unknown-name", N_("Hub is not known")),
    FormRule(
        code="hub.unknown-number",
        level=Level.WARNING,
        title=N_("Hub number is not in the protocol"),
        text=Enumeration.faults["unknown-number"],
        why=N_("Clearing houses have given out hub numbers after OCHP 0.1 was written. The number is sent as it is."),
        source="OCHP 0.1, 4.5",
        fields=("roamingHubId",),
        fault="unknown-number",
    ),
    _enumeration("tokenType", "token-type", "unknown-name", N_("Token type is not known")),
    _enumeration("tokenType", "token-type", "unknown-number", N_("Token type number does not exist")),
    _enumeration("pinMandatory", "pin-mandatory", "unknown-name", N_("PIN needed: neither yes nor no")),
    _enumeration("pinMandatory", "pin-mandatory", "unknown-number", N_("PIN needed: neither 1 nor 0")),
    _enumeration("tokenActivated", "activated", "unknown-name", N_("Active: neither yes nor no")),
    _enumeration("tokenActivated", "activated", "unknown-number", N_("Active: neither 1 nor 0")),
    _pin_form("digits", N_("PIN is not made of digits"), N_("The keys of a charge point carry digits only.")),
    _pin_form(
        "length", N_("PIN is too long"), N_("A longer PIN could never be typed in: the protocol ends at six digits.")
    ),
    _pin_form(
        "number-tail",
        N_("PIN was taken for a number"),
        N_("A spreadsheet made a decimal number of it. Compare it with its source: leading zeros may be lost."),
    ),
    FormRule(
        code="token-id.excel",
        level=Level.ERROR,
        title=N_("Token id was ruined by Excel"),
        text=TokenIdType.faults["excel"],
        why=N_(
            "A hexadecimal id of digits with one E, such as 12E45678, looks like a number to a spreadsheet, which then "
            "rounds it. Take it from its source again, into a column formatted as text."
        ),
        source="Excel, LibreOffice",
        fields=("tokenId",),
        fault="excel",
    ),
    FormRule(
        code="token-id.number-tail",
        level=Level.ERROR,
        title=N_("Token id ends like a decimal number"),
        text=TokenIdType.faults["number-tail"],
        why=N_("A spreadsheet took the id for a number. Leading zeros may be lost: compare it with its source."),
        source="Excel, LibreOffice",
        fields=("tokenId",),
        fault="number-tail",
    ),
)

_RECORD_RULES: tuple[Rule, ...] = (
    RowRule(
        code="pin.missing",
        level=Level.ERROR,
        title=N_("PIN is needed but missing"),
        text=N_("The PIN is empty although “PIN needed” is 1. Type the PIN, or set “PIN needed” to 0."),
        why=N_("The charge point would ask for a PIN that nobody can type in."),
        source="OCHP 0.1, 4.4",
        reads=("pin", "pinMandatory"),
        check=_pin_missing,
    ),
    RowRule(
        code="expiry-date.expired",
        level=Level.WARNING,
        title=N_("Card expired but still active"),
        text=N_("This token expired on {value} but is still active. Extend it, or set it to inactive."),
        why=N_("Charge points may still accept it, or refuse a customer who was told that the card works."),
        source="OCHP 0.1, 4.4",
        reads=("expiryDate", "tokenActivated"),
        check=_expired,
    ),
    RowRule(
        code="expiry-date.soon",
        level=Level.HINT,
        title=N_("Card expires soon"),
        text=N_("This token expires on {value}; days left: {days}. Extend it in time."),
        why=N_("Extend it in time, or its customer will stand at a charge point that refuses the card."),
        source="OCHP Desktop",
        threshold=_SOON_DAYS,
        unit=N_("days"),
        reads=("expiryDate", "tokenActivated"),
        check=_expires_soon,
    ),
    GroupRule(
        code="token-id.duplicate",
        level=Level.ERROR,
        title=N_("Token id stands in the list twice"),
        text=N_("This token id stands in the list more than once. Keep one row and delete the others."),
        why=N_("The token id is the token's identity: with two rows it is not clear which one counts."),
        source="OCHP 0.1, 4.4",
        reads=("tokenId",),
        keys=_token_keys,
        variety=_token,
        field="tokenId",
        applies=_stands_twice,
    ),
    GroupRule(
        code="token-id.reversed",
        level=Level.WARNING,
        title=N_("Token id is another one read backwards"),
        text=N_(
            "{value} is {other}, another token of this list, with its bytes in the opposite order. Keep the right one."
        ),
        why=N_(
            "Some readers give the bytes of a card in the opposite order. It is probably one card, read twice: "
            "keep the id that your other cards resemble."
        ),
        source="ISO 14443-3",
        reads=("tokenId",),
        keys=_token_keys,
        variety=_token,
        field="tokenId",
        applies=_stands_turned,
        args=_turned_args,
    ),
)

TOKEN_RULES: tuple[Rule, ...] = (*SHARED_RULES, *_FORM_RULES, *TOKEN_ID_RULES, *_RECORD_RULES)
