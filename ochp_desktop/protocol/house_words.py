"""What a clearing house said when it did not do as it was asked, in words for people and without any secret."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from ochp_desktop.errors import ConnectionFailed, HouseRefused, OchpError, SignInFailed
from ochp_desktop.protocol.faults import Fault
from ochp_desktop.texts import _

_SHORT_SECRET = 4  # masking each "e" of a reason would spell the password out
_MASK = "•••"


class HouseWords:
    """Makes failures of a house's answers. What it repeats of our secrets is masked.

    Attributes:
        secrets: password and auth tokens.
    """

    def __init__(self, host: str) -> None:
        """Set up for a house of that name."""
        self.host = host
        self.secrets: set[str] = set()

    def shown(self, text: str) -> str:
        """Words of the house without any secret that they repeat."""
        for secret in sorted(self.secrets - {""}, key=len, reverse=True):
            if len(secret) < _SHORT_SECRET and secret in text:
                return _MASK
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(form, _MASK)
        return text[:2000]

    def refused(self, fault: Fault, *, sent: bool) -> OchpError:
        """The house answered with a fault instead of a result; `sent` as for `ConnectionFailed`."""
        if not fault.sender:
            return self.fault_of_house(fault, sent=sent)
        reason = self.shown(fault.reason)
        sentence = _("{host} refused the request: {reason}. Nothing was stored.").format(
            host=self.host, reason=reason.rstrip(".") or _("no reason given")
        )
        return HouseRefused(_("Refused by the clearing house"), sentence, code=None, reason=reason)

    def fault_of_house(self, fault: Fault, *, sent: bool) -> ConnectionFailed:
        """It says that the fault is its own."""
        reason = self.shown(fault.reason).rstrip(".") or _("no reason given")
        sentence = _("{host} reports a fault of its own: {reason}. Try again later, or tell the house.")
        detail = self.shown(fault.code)
        return ConnectionFailed(
            _("Fault at the clearing house"), sentence.format(host=self.host, reason=reason), detail, sent=sent
        )

    def sign_in_failed(self, reason: str) -> SignInFailed:
        """User id or password is wrong, in its words."""
        sentence = _("{host} does not accept this user id and password. Check both; upper and lower case matter.")
        shown = self.shown(reason.strip())
        if shown:
            sentence += " " + _("It says: {reason}")
        return SignInFailed(_("Sign-in failed"), sentence.format(host=self.host, reason=shown))

    def token_not_accepted(self) -> SignInFailed:
        """It takes the password and then refuses the token that it gave for it."""
        sentence = _("{host} accepts the sign-in but then not its auth token. Try again later, or tell the house.")
        return SignInFailed(_("Sign-in not accepted"), sentence.format(host=self.host))

    def web_page(self, status: int) -> ConnectionFailed:
        """Something answered that is no clearing house."""
        sentence = _(
            "{host} answered with a web page instead of data. Check the address; a network login may be in the way."
        )
        return ConnectionFailed(_("Not a clearing house"), sentence.format(host=self.host), f"HTTP {status}", sent=True)

    def not_understood(self, reason: str, detail: str = "") -> ConnectionFailed:
        """An answer that tells nothing."""
        sentence = _("What {host} answered cannot be used. {reason}").format(host=self.host, reason=self.shown(reason))
        return ConnectionFailed(_("Answer not understood"), sentence, self.shown(detail), sent=True)
