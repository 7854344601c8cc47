"""SOAP faults: read of either version, and whether they are about the auth token."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from ochp_desktop.protocol.wire import local_name

# How houses speak of an auth token that they do not accept; there is no code for it in OCHP 0.1. Roaming tokens are
# called tokens too: a complaint about one of their fields is another matter.
_AUTH_TOKEN = ("authtoken", "auth token", "auth-token", "useridentity", "authentication token")
_TOKEN_FIELDS = ("tokenid", "token id", "tokentype", "tokenactivated", "roamingauthorisation")
_SIGN_IN = ("token", "session", "sign-in", "signed in", "logged in", "authenticat", "sitzung", "angemeldet")
_FAULTY = (
    *("expire", "invalid", "not valid", "unknown", "missing", "no ", "not ", "required", "ended", "failed"),
    *("abgelaufen", "ungültig", "unbekannt", "fehlt", "nicht ", "verlopen", "ongeldig", "onbekend", "expiré"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault.

    Attributes:
        sender: whether it blames the request (Sender, Client) and not the house.
        code: its codes as written, the outer first.
        reason: its words.
    """

    sender: bool
    code: str
    reason: str

    @property
    def about_token(self) -> bool:
        """Whether it says that the auth token is missing, unknown or expired."""
        words = f"{self.code} {self.reason}".casefold()
        if any(name in words for name in _AUTH_TOKEN):
            return True
        if any(name in words for name in _TOKEN_FIELDS):
            return False
        return any(name in words for name in _SIGN_IN) and any(word in words for word in _FAULTY)


def read_fault(element: etree._Element) -> Fault:
    """The fault of either SOAP version; of a damaged one what can be read."""
    codes: list[str] = []
    reason = ""
    for leaf in element.iter(etree.Element):
        name = local_name(str(leaf.tag))
        text = (leaf.text or "").strip()
        if not text:
            continue
        if name in {"faultcode", "Value"}:
            codes.append(text)
        elif name in {"faultstring", "Text"} and not reason:
            reason = text
    first = codes[0].rpartition(":")[2] if codes else ""
    detail = next((part for part in element if local_name(str(part.tag)) in {"detail", "Detail"}), None)
    if detail is not None:
        codes += [word for word in (" ".join(detail.itertext()).split()) if len(word) < 80][:20]  # noqa: PLR2004 - words, no data
    return Fault(first.partition(".")[0] in {"Client", "Sender"}, " ".join(codes)[:500], reason)
