"""The few kinds of failure that people are told about; everything else is our own bug.

Foreign exceptions become one of these at the border of `protocol`, `store` and `spreadsheet`.
Each carries a short title and a sentence that says what is wrong and what to do, both already
translated, never with a traceback, a password, an auth token or a PIN.
"""

from __future__ import annotations

from typing import ClassVar


class OchpError(Exception):
    """A failure with a title and a sentence for people.

    Attributes:
        title: a few words, for a heading.
        text: what is wrong, where, and what to do.
        detail: what a technician may want to know; shown only on request. Never a secret.
        exit_code: what a command ends with.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, title: str, text: str, detail: str = "") -> None:
        super().__init__(f"{title}: {text}")
        self.title = title
        self.text = text
        self.detail = detail


class UsageError(OchpError):
    """What was asked for cannot be done as it was asked."""

    exit_code = 2


class FileError(OchpError):
    """A file cannot be read or written."""

    exit_code = 2


class StoreError(OchpError):
    """The program's own data on this computer cannot be read or written."""

    exit_code = 2


class ContractError(OchpError):
    """A WSDL cannot be used: unreadable, or it lacks what OCHP 0.1 needs."""

    exit_code = 2


class ConnectionFailed(OchpError):
    """The clearing house could not be reached, or did not answer as one, and nothing was stored there.

    Attributes:
        sent: whether the request may have reached the house: then its fate is unknown.
    """

    exit_code = 3

    def __init__(self, title: str, text: str, detail: str = "", *, sent: bool = False) -> None:
        super().__init__(title, text, detail)
        self.sent = sent


class SignInFailed(OchpError):
    """The clearing house does not accept the user id and password, or no longer accepts the sign-in."""

    exit_code = 3


class HouseRefused(OchpError):
    """The clearing house answered, and said no.

    Attributes:
        code: the house's result code, or None when it answered with a SOAP fault.
        reason: the house's own words.
    """

    def __init__(self, title: str, text: str, *, code: int | None, reason: str) -> None:
        super().__init__(title, text)
        self.code = code
        self.reason = reason


class Unconfirmed(OchpError):
    """Records left this computer and no verdict came back: they must be settled before anything is sent again."""

    exit_code = 4


class Cancelled(OchpError):
    """The user stopped the work.

    Attributes:
        sent: whether a request may have reached the house before it was stopped: then its fate is unknown.
    """

    exit_code = 1

    def __init__(self, title: str, text: str, detail: str = "", *, sent: bool = False) -> None:
        super().__init__(title, text, detail)
        self.sent = sent
