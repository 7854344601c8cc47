"""Names on the wire: SOAP versions, operations, the scan's misreadings, the names behind enumeration numbers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from ochp_desktop.errors import OchpError
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.records.value_enumeration import Enumeration

XSI = "http://www.w3.org/2001/XMLSchema-instance"
HEADER = "UserIdentityHeader"

AUTHENTICATE = "Authenticate"
ADD_CDRS = "AddCDRs"
GET_CDRS = "GetCDRs"
CLEAR_CDRS = "ClearCDRs"
GET_LIST = "GetRoamingAuthorisationList"
SET_LIST = "SetRoamingAuthorisationList"
OPERATIONS = (AUTHENTICATE, ADD_CDRS, GET_CDRS, CLEAR_CDRS, GET_LIST, SET_LIST)

# Which kind of record each operation's request and response carry.
REQUEST_RECORDS: Mapping[str, str] = {ADD_CDRS: "cdrs", SET_LIST: "tokens"}
RESPONSE_RECORDS: Mapping[str, str] = {GET_CDRS: "cdrs", GET_LIST: "tokens"}

# A record element is recognised by the child that identifies the record.
RECORD_KEYS: Mapping[str, str] = {"tokens": "tokenId", "cdrs": "cdrId"}

# Single values of the messages, as the rest of the program calls them.
VALUES = ("userId", "password", "resultCode", "resultDescription", "authToken", "docLink")

ACCEPTED, DENIED = "0", "1"

# Field -> number text -> the name that OCHP 0.1 gives it; a WSDL may put either on the wire.
ENUMERATIONS: Mapping[str, Mapping[str, str]] = {
    field.name: {str(number): name for number, name in field.type.names.items()}
    for kind in KINDS.values()
    for field in kind
    if isinstance(field.type, Enumeration)
}
AUTH_RESULT: Mapping[str, str] = {ACCEPTED: "Accepted", DENIED: "Denied"}

# Names that the scanned specification spells wrongly, and that somebody may have built from it.
_MISREAD = {
    "cdriinfoarray": "cdrinfoarray",
    "cdriinfo": "cdrinfo",
    "cdrlid": "cdrid",
    "evcold": "evcoid",
    "evseld": "evseid",
}


class SoapVersion(Enum):
    """The two SOAP versions, by what differs between them."""

    V11 = "1.1"
    V12 = "1.2"

    @property
    def namespace(self) -> str:
        """Namespace of the envelope."""
        if self is SoapVersion.V11:
            return "http://schemas.xmlsoap.org/soap/envelope/"
        return "http://www.w3.org/2003/05/soap-envelope"

    def headers(self, action: str) -> dict[str, str]:
        """The HTTP headers of a request with that SOAP action."""
        if self is SoapVersion.V11:
            return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
        quoted = f'; action="{action}"' if action else ""
        return {"Content-Type": f"application/soap+xml; charset=utf-8{quoted}"}

    @property
    def content_type(self) -> str:
        """The content type of an answer."""
        return "text/xml; charset=utf-8" if self is SoapVersion.V11 else "application/soap+xml; charset=utf-8"

    @classmethod
    def of(cls, namespace: str) -> SoapVersion | None:
        """The version whose envelope has that namespace."""
        return next((version for version in cls if version.namespace == namespace), None)


class MessageError(OchpError):
    """What arrived is not a message that can be read: no XML, no SOAP, cut off, hostile, or too large."""

    exit_code = 3


class UnwritableText(OchpError):
    """A text has characters that XML cannot carry; nothing was sent.

    Attributes:
        row: position of the record among those given, from 1; 0 for a value outside any record.
        field: the protocol's name of the field.
    """

    exit_code = 1

    def __init__(self, title: str, text: str, *, row: int, field: str) -> None:
        super().__init__(title, text)
        self.row = row
        self.field = field


def field_names(kind: str) -> tuple[str, ...]:
    """The protocol's names of a kind's fields ("tokens" or "cdrs"), in our order."""
    return KINDS[kind].names


def local_name(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The namespace of a name in Clark notation, or nothing."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


@lru_cache(maxsize=1024)
def plain(name: str) -> str:
    """The name as it is compared: without namespace and case, a misreading of the scan put right."""
    folded = local_name(name).casefold()
    return _MISREAD.get(folded, folded)


def plain_word(text: str) -> str:
    """An enumeration's name as it is compared: letters and digits only, without case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
