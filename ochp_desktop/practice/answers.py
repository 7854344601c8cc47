"""What the practice clearing house says when it says no: result codes with reasons, and token faults."""

from __future__ import annotations

from enum import IntEnum


class ResultCode(IntEnum):
    """The result codes of this house; the protocol only says that 0 is good.

    A caller can rely on them: ALREADY_RECEIVED means that the house holds every record of the
    request with exactly this content, whatever the language of the reason.
    """

    OK = 0
    INVALID = 1
    ALREADY_RECEIVED = 2
    CONFLICT = 3
    NOT_ALLOWED = 4
    EMPTY = 5
    PARTLY_RECEIVED = 6


class Refused(Exception):
    """A request that is answered with a result code other than 0; nothing of it is stored.

    Attributes:
        code: the result code.
        reason: why, and which record; names no PIN.
    """

    def __init__(self, code: ResultCode | int, reason: str) -> None:
        super().__init__(reason)
        self.code = int(code)
        self.reason = reason


class TokenRefused(Exception):
    """The auth token of a request is missing, unknown or expired: answered with a SOAP fault, nothing is stored.

    Attributes:
        reason: which of these, and what to do.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
