"""What went wrong on the way to a clearing house and back, in words that people can act on."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

from ochp_desktop.errors import Cancelled, ConnectionFailed, OchpError
from ochp_desktop.texts import _

# OpenSSL's numbers for why a certificate was not accepted.
_EXPIRED, _NOT_YET, _OTHER_NAME = 10, 9, {62, 64}

_WANTS_CERTIFICATE = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
    "HANDSHAKE_FAILURE",
)
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
)


class Stage(Enum):
    """How far an exchange had come."""

    NAME = "name"
    CONNECT = "connect"
    TLS = "tls"
    SEND = "send"
    ANSWER = "answer"


class Stop(Enum):
    """Who shut an exchange down from outside."""

    USER = "user"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about an exchange that failed.

    Attributes:
        host: who was talked to.
        stage: how far it had come.
        sent: whether the whole request may have reached the house.
        stopped: who shut it down, if anybody did.
        seconds: the time limit that held at that stage.
    """

    host: str
    stage: Stage
    sent: bool
    stopped: Stop | None
    seconds: float


def explain(error: BaseException, about: Circumstances) -> OchpError:
    """The failure of an exchange as one of our errors."""
    # What an HTTP error quotes came from the other side, and may repeat what we sent.
    detail = (
        type(error).__name__ if isinstance(error, http.client.HTTPException) else f"{type(error).__name__}: {error}"
    )
    if about.stopped is Stop.USER:
        return stopped_by_user(sent=about.sent)
    if about.stopped is Stop.DEADLINE:
        title, text = (
            _("Took too long"),
            _("The exchange with {host} did not come to its end in time and was broken off. Try again later."),
        )
    elif isinstance(error, OchpError):
        return error
    else:
        title, text, rejected = _words(error, about)
        if rejected:
            return ConnectionFailed(title, _filled(text, about), detail, sent=False)
    return ConnectionFailed(title, _filled(text, about), detail, sent=about.sent)


def stopped_by_user(*, sent: bool) -> Cancelled:
    """The user's stop; `sent` tells whether the request may have reached the house before."""
    if sent:
        text = _("You stopped this after the data had left this computer; whether the house took it is not known.")
    else:
        text = _("You stopped this; the clearing house was not changed by it.")
    return Cancelled(_("Stopped"), text, sent=sent)


def _filled(text: str, about: Circumstances) -> str:
    return text.format(host=about.host, seconds=f"{about.seconds:.0f}")


def _words(  # noqa: C901, PLR0911 - one case after the other, each with its sentence
    error: BaseException, about: Circumstances
) -> tuple[str, str, bool]:
    """Title, text, and whether the house certainly did not take the request."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return *_certificate(error), True
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _tls(error)
    if isinstance(error, socket.gaierror):
        text = _("There is no computer named {host}. Check the address for typing errors, and the network connection.")
        return _("Name not found"), text, True
    if isinstance(error, TimeoutError):
        if about.stage in {Stage.SEND, Stage.ANSWER}:
            return _("No answer"), _("{host} did not answer within {seconds} seconds. Try again later."), False
        text = _("{host} did not answer within {seconds} seconds. Check the address, the network and the firewall.")
        return _("Not reachable"), text, True
    if isinstance(error, ConnectionRefusedError):
        text = _("Nothing listens at this address of {host}. Check the port, or ask the house whether it is running.")
        return _("Not reachable"), text, True
    if about.stage in {Stage.NAME, Stage.CONNECT}:
        return _("Not reachable"), _("{host} cannot be reached. Check the network connection and the address."), True
    if about.stage is Stage.TLS:
        text = _("{host} ended the connection before it was secured. Check the port, and whether https is right.")
        return _("No secure connection"), text, True
    if isinstance(error, http.client.RemoteDisconnected) or not isinstance(error, http.client.HTTPException):
        return _("Connection broken"), _("The connection to {host} broke off before its answer was complete."), False
    if isinstance(error, http.client.IncompleteRead):
        return _("Half an answer"), _("{host} sent only half an answer. Try again later."), False
    text = _("What {host} answered is not HTTP. Check the port, and whether the address begins with https://.")
    return _("Not a clearing house"), text, False


def _certificate(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    title = _("Certificate not trusted")
    if error.verify_code in _OTHER_NAME:
        return title, _("The certificate of {host} belongs to another name. Check the address; do not go on otherwise.")
    if error.verify_code == _EXPIRED:
        return title, _("The certificate of {host} has expired. Check this computer's clock, or tell the house.")
    if error.verify_code == _NOT_YET:
        return title, _("The certificate of {host} is not valid yet. Check this computer's clock.")
    return title, _(
        "The certificate of {host} comes from an authority that this computer does not know. "
        "If the house uses its own, ask it for the CA file and enter that in the connection."
    )


def _tls(error: ssl.SSLError) -> tuple[str, str, bool]:
    title = _("No secure connection")
    reason = (error.reason or "").upper()
    if any(word in reason for word in _NO_TLS):
        text = _("{host} does not speak TLS at this port. Check the port, and whether the address begins with http://.")
        return title, text, True
    if any(word in reason for word in _WANTS_CERTIFICATE):
        text = _(
            "{host} refused the secure connection: it wants a client certificate, or another one. "
            "Enter the certificate and key that the house gave you in the connection."
        )
        return title, text, True
    return title, _("{host} and this program cannot agree on a secure connection (TLS 1.2 or newer)."), False


def status_failed(status: int, host: str, location: str = "") -> ConnectionFailed:
    """An HTTP answer that is no SOAP message."""
    detail = f"HTTP {status}"
    texts = {
        HTTPStatus.UNAUTHORIZED: _("The web server of {host} wants a login or client certificate of its own."),
        HTTPStatus.FORBIDDEN: _("The web server of {host} does not let us in. It may want a client certificate."),
        HTTPStatus.NOT_FOUND: _("{host} has no service at this address. Check the part after the host's name."),
        HTTPStatus.GONE: _("{host} has no service at this address any more."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("{host} takes no SOAP requests at this address. Check the address."),
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: _(
            "Your network's proxy wants a login. Ask whoever runs the network."
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("{host} does not take requests as large as this one."),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("{host} wants another SOAP version. Enter the house's own WSDL."),
        HTTPStatus.TOO_MANY_REQUESTS: _("{host} is busy. Try again later."),
    }
    # Of other answers nobody knows whether the service behind the web server has worked on the request.
    moved = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    rejected = moved or status in texts or status == HTTPStatus.BAD_REQUEST
    if moved:
        text = _("{host} says that the service has moved to {location}. If that is right, enter that address.")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = _("{host} reports a fault of its own (HTTP {status}). Try again later, or tell the house.")
    else:
        fallback = _("{host} did not answer as a clearing house (HTTP {status}). Check the address.")
        text = next((words for code, words in texts.items() if code == status), fallback)
    shown = text.format(host=host, status=status, location=location or "?")
    return ConnectionFailed(_("Not accepted by the server"), shown, detail, sent=not rejected)
