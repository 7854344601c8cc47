"""The practice house on the network: a WSGI application on cheroot, with threads, limits and optional TLS."""

from __future__ import annotations

import contextlib
import logging
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any, BinaryIO, cast
from xml.sax.saxutils import quoteattr

from ochp_desktop.practice.scenarios import BrokenAnswer, HouseDies
from ochp_desktop.practice.soap import Counter
from ochp_desktop.protocol.codec import SoapVersion
from ochp_desktop.texts import _, language

log = logging.getLogger(__name__)

SERVICE_PATH = "/ochp"
IN_MEMORY = 1 << 20  # bytes of a request or answer that are kept in memory; more goes to a temporary file
PIECE = 1 << 16
DISCARDED = 64 << 20  # most bytes of a refused request that are read and thrown away

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?")
_ADDRESS = re.compile(rb'(<(?:\w+:)?address\s+location=)"[^"]*"')
_STATEMENT = re.compile(r"/statements/([A-Za-z0-9_-]{8,64})\.pdf")

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Environ = dict[str, Any]
_HTML = "text/html; charset=utf-8"
_PHRASES = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    500: "Internal Server Error",
    507: "Insufficient Storage",
}


class Refusal(Exception):
    """A request that ends before SOAP: HTTP status and a sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Application:
    """The house as a WSGI application.

    Args:
        counter: answers the SOAP requests.
        wsdl: the WSDL's bytes, whose addresses are replaced.
        clock: seconds since 1970.
        on_death: told when a scenario wants the house to die.
    """

    def __init__(
        self,
        counter: Counter,
        wsdl: bytes,
        clock: Callable[[], float] = time.time,
        on_death: Callable[[], object] = lambda: None,
    ) -> None:
        self.counter = counter
        self._wsdl = wsdl
        self._clock = clock
        self._on_death = on_death
        self.address = ""  # where the house listens, for callers that do not say how they reached it

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one HTTP request."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        try:
            if method == "POST" and path in {"/", SERVICE_PATH}:
                return self._soap(environ, start_response)
            if method in {"GET", "HEAD"}:
                content = self._get(environ, path, start_response)
                return content if method == "GET" else []
            return self._nothing(method)
        except Refusal as refusal:
            _discard(environ)
            body = _page(refusal.text)
            return _send(start_response, refusal.status, _HTML, body, ("Connection", "close"))
        except BrokenAnswer as broken:
            if isinstance(broken, HouseDies):
                self._on_death()
            if not broken.status:
                return HangUp()
            start_response(broken.status, [("Content-Type", _HTML), ("Content-Length", str(len(broken.body)))])
            return [broken.body]

    def base(self, environ: Environ) -> str:
        """The house's address as the caller wrote it, without a path."""
        host = environ.get("HTTP_HOST", "")
        return f"{environ['wsgi.url_scheme']}://{host}" if _HOST.fullmatch(host) else self.address

    @staticmethod
    def _nothing(method: str) -> Iterable[bytes]:
        if method == "POST":
            raise Refusal(404, _("There is nothing at this address."))
        raise Refusal(405, _("This address takes GET and POST only."))

    def _get(self, environ: Environ, path: str, start_response: StartResponse) -> Iterable[bytes]:
        base = self.base(environ)
        if path in {"/", SERVICE_PATH}:
            if environ["QUERY_STRING"].casefold() in {"wsdl", "singlewsdl"}:
                location = quoteattr(base + SERVICE_PATH).encode()
                wsdl = _ADDRESS.sub(lambda found: found[1] + location, self._wsdl)
                return _send(start_response, 200, "text/xml; charset=utf-8", wsdl)
            text = _("This is a practice clearing house for OCHP 0.1. Nothing here is real. Its WSDL: {wsdl}")
            return _send(start_response, 200, _HTML, _page(text.format(wsdl=f"{base}{SERVICE_PATH}?wsdl")))
        found = _STATEMENT.fullmatch(path)
        pdf = self.counter.ledger.statement(found[1]) if found else None
        if pdf is None:
            raise Refusal(404, _("There is nothing at this address."))
        return _send(start_response, 200, "application/pdf", pdf, ("Cache-Control", "no-store"))

    def _soap(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        at = self._clock()
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().casefold()
        if kind.startswith("multipart/"):
            raise Refusal(415, _("Attachments (MTOM) are not understood here; send plain SOAP."))
        if environ.get("HTTP_CONTENT_ENCODING", "identity").casefold() not in {"", "identity"}:
            raise Refusal(415, _("Compressed requests are not understood here."))
        usual = SoapVersion.V11 if kind == "text/xml" else SoapVersion.V12
        with _spool() as request:
            self._receive(environ, request)
            request.seek(0)
            out = _spool()
            try:
                status, content_type = self.counter.answer(request, out, self.base(environ), at, usual)
            except BaseException:
                out.close()
                raise
        size = out.tell()
        out.seek(0)
        headers = [("Content-Type", content_type), ("Content-Length", str(size)), *_promise(environ)]
        start_response(_status(status), headers)
        return _Sent(out)

    def _receive(self, environ: Environ, spool: BinaryIO) -> None:
        """Take the whole request off the network, so that a slow sender keeps nobody from the books."""
        limit = self.counter.limits.size
        chunked = environ.get("wsgi.input_terminated")
        length = environ.get("CONTENT_LENGTH", "")
        if not chunked and not length.isdecimal():
            raise Refusal(411, _("The request does not say how long it is."))
        too_large = Refusal(413, _("The request is larger than {size} MB.").format(size=limit >> 20))
        remaining = limit + 1 if chunked else int(length)
        if not chunked and remaining > limit:
            raise too_large
        source = environ["wsgi.input"]
        while remaining > 0:
            try:
                data = source.read(min(PIECE, remaining))
            except ValueError as error:  # cheroot's word for a damaged chunked body
                raise Refusal(400, _("The request is damaged: its chunks do not fit together.")) from error
            if not data:
                break
            try:
                spool.write(data)
            except OSError as error:
                raise Refusal(507, _("The request is too large for the disk of the clearing house.")) from error
            remaining -= len(data)
        if chunked and remaining == 0:
            raise too_large
        if not chunked and remaining:
            raise Refusal(400, _("The request breaks off in the middle."))


class _Sent:
    """The answer, piece by piece; closes its file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        while data := self._file.read(PIECE):
            yield data

    def close(self) -> None:
        """Forget the answer."""
        self._file.close()


class HangUp(list[bytes]):
    """Stands for no answer at all: the connection is closed."""


def _spool() -> BinaryIO:
    """A file for a message: in memory while it is short. It is gone when it is closed."""
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # it is one in all but name


def _promise(environ: Environ) -> list[tuple[str, str]]:
    """Say that the connection stays open, to a caller that asks for it: the silence of HTTP/1.1 leaves it open."""
    wished = environ.get("HTTP_CONNECTION", "").casefold() == "keep-alive"
    return [("Connection", "keep-alive")] if wished and environ.get("SERVER_PROTOCOL") == "HTTP/1.1" else []


def _discard(environ: Environ) -> None:
    """Read what is left of a refused request, within reason: a caller that is still sending would miss the answer."""
    source, left = environ["wsgi.input"], DISCARDED
    with contextlib.suppress(ValueError):  # cheroot's word for a damaged chunked body
        while left > 0 and (data := source.read(PIECE)):
            left -= len(data)


def _status(code: int) -> str:
    return f"{code} {_PHRASES[code]}"


def _send(start_response: StartResponse, status: int, kind: str, body: bytes, *more: tuple[str, str]) -> list[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("X-Content-Type-Options", "nosniff"), *more]
    start_response(_status(status), headers)
    return [body]


def _page(text: str) -> bytes:
    title = _("Practice clearing house")
    return (
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></html>\n"
    ).encode()
