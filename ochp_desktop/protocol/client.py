"""The client of a clearing house: sign-in, the five operations on records, and the documents it links to."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from ochp_desktop.errors import (
    Cancelled,
    ConnectionFailed,
    HouseRefused,
    SignInFailed,
    StoreError,
    UsageError,
)
from ochp_desktop.protocol.addresses import same_server, split_address
from ochp_desktop.protocol.codec import Fault, Limits, Message, MessageError, MessageReader, write_message
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.protocol.failures import status_failed, stopped_by_user
from ochp_desktop.protocol.house_words import HouseWords
from ochp_desktop.protocol.transport import Answer, Progress, Transport
from ochp_desktop.protocol.wire import (
    ACCEPTED,
    ADD_CDRS,
    AUTHENTICATE,
    CLEAR_CDRS,
    GET_CDRS,
    GET_LIST,
    SET_LIST,
)
from ochp_desktop.texts import _

MAX_DOCUMENT = 50_000_000
_IN_MEMORY = 8 << 20  # larger requests are prepared in a temporary file
_CHANGING = {ADD_CDRS, SET_LIST, CLEAR_CDRS}
_CODE = re.compile(r"[+-]?[0-9]{1,9}")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The house's verdict on a request; always a good one, the others are raised.

    Attributes:
        code: 0.
        description: the house's words, may be empty.
    """

    code: int
    description: str

    @property
    def ok(self) -> bool:
        """Whether the house took the request."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The answer to GetCDRs.

    Attributes:
        result: the verdict.
        doc_link: address of the PDF, empty when there is none.
        rows: the cleared CDRs as texts in our field order.
    """

    result: Result
    doc_link: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Ready:
    """An AddCDRs request made ready beforehand.

    Attributes:
        token: the auth token that it carries: with another one it must be written anew.
        body: its bytes, at their start.
        length: how many.
    """

    token: str | None
    body: BinaryIO
    length: int


class _FaultAnswer(Exception):
    """The house answered with a SOAP fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class Client:
    """Speaks to one clearing house as one user.

    Signs in by itself when needed, and once anew when the house no longer accepts the auth token. No call but
    `cancel` may run in two threads at once. Neither password nor auth token ever appears in an error's texts.

    Every call raises, beside what it names:
        ConnectionFailed: no connection, or no understandable answer; `sent` tells whether a request that changes
            something (AddCDRs, SetRoamingAuthorisationList, ClearCDRs) may have reached the house: its fate is unknown.
        Cancelled: stopped by `cancel`; the same `sent`.
        SignInFailed: user id or password is wrong, or the house no longer accepts the sign-in.
        HouseRefused: the house said no; nothing was stored.
        ContractError, FileError, UsageError: the connection's settings cannot be used; nothing was sent.

    Attributes:
        stop_asked: asked before each exchange; when it is true, the call raises Cancelled. Set it to a job's
            `cancel.is_set`, and let the flag call `cancel()`: then no moment is left in which a stop is lost.
    """

    def __init__(
        self,
        endpoint: str,
        contract: Contract,
        credentials: Callable[[], tuple[str, str]],
        transport: Transport,
        limits: Limits | None = None,
    ) -> None:
        """Set up; nothing is sent yet.

        Args:
            endpoint: address of the service; empty means the one in the contract.
            contract: what the house's WSDL says.
            credentials: gives (user id, password) when they are needed.
            transport: the way there.
            limits: how much of an answer is read.

        Raises:
            UsageError: the address is no http or https address.
        """
        self.endpoint = (endpoint or contract.address).strip()
        split_address(self.endpoint)
        self.contract = contract
        self.stop_asked: Callable[[], bool] = lambda: False
        self._credentials = credentials
        self._transport = transport
        self._limits = limits
        self._token: str | None = None
        self._words = HouseWords(self.host)
        self._lock = threading.RLock()

    @property
    def signed_in(self) -> bool:
        """Whether we hold an auth token that the house has not refused."""
        return self._token is not None

    @property
    def host(self) -> str:
        """The house's host name, for messages."""
        return str(urlsplit(self.endpoint).hostname)

    def sign_in(self) -> None:
        """Get a new auth token.

        Raises:
            SignInFailed: user id or password is wrong.
        """
        with self._lock:
            self._token = None
            user, password = self._credentials()
            self._words.secrets.add(password)
            try:
                message = self._send(AUTHENTICATE, None, {"userId": user, "password": password})
            except _FaultAnswer as answer:
                if answer.fault.sender:
                    raise self._words.sign_in_failed(answer.fault.reason) from None
                raise self._words.fault_of_house(answer.fault, sent=False) from None
            if _text(message, "resultCode") != ACCEPTED:
                raise self._words.sign_in_failed(_text(message, "resultDescription"))
            token = _text(message, "authToken").strip()
            if not token:
                raise ConnectionFailed(
                    _("No sign-in"), _("{host} accepted the password but gave no auth token.").format(host=self.host)
                )
            self._words.secrets.add(token)
            self._token = token

    def prepare_cdrs(self, rows: Sequence[Sequence[str]]) -> Ready:
        """Make a request ready for `add_cdrs`; nothing is sent. May be called beside another call.

        Raises:
            UnwritableText: a text has characters that XML cannot carry.
            StoreError: there is no room for it.
        """
        return self._written(ADD_CDRS, self._token, {}, rows)

    def add_cdrs(
        self, rows: Sequence[Sequence[str]], progress: Progress | None = None, ready: Ready | None = None
    ) -> Result:
        """Upload charge data records; the house takes all or none.

        Args:
            rows: texts in our field order; at least one.
            progress: told (bytes sent, total).
            ready: what `prepare_cdrs` made of these rows; it is used up by this.

        Raises:
            UsageError: there are no rows.
            UnwritableText: a text has characters that XML cannot carry; nothing was sent.
        """
        return self._result(self._upload(ADD_CDRS, rows, progress, ready))

    def set_list(self, rows: Sequence[Sequence[str]], progress: Progress | None = None) -> Result:
        """Replace our whole roaming list by these rows; arguments and errors as for `add_cdrs`."""
        return self._result(self._upload(SET_LIST, rows, progress))

    def get_cdrs(self, progress: Progress | None = None) -> Statement:
        """Fetch the CDRs of the last clearing; `progress` is told (records so far, None)."""
        message = self._call(GET_CDRS, received=progress)
        return Statement(self._result(message), _text(message, "docLink").strip(), message.rows)

    def clear_cdrs(self) -> Result:
        """Start a clearing; administrators only."""
        return self._result(self._call(CLEAR_CDRS))

    def get_list(self, progress: Progress | None = None) -> list[Row]:
        """Fetch the global roaming list; `progress` is told (records so far, None)."""
        message = self._call(GET_LIST, received=progress)
        self._result(message)
        return message.rows

    def fetch_document(self, url: str, limit: int = MAX_DOCUMENT, progress: Progress | None = None) -> bytes:
        """Fetch the PDF that a statement links to; no login goes with it, and a client certificate to the house only.

        Args:
            url: the docLink; http and https only.
            limit: most bytes.
            progress: told (bytes read, total or None).

        Raises:
            UsageError: the link is no web address.
            ConnectionFailed: it cannot be loaded, is too large, or is no PDF.
        """
        self._transport.stop_asked = self.stop_asked
        content = self._transport.fetch(url, limit, own=same_server(url, self.endpoint), progress=progress)
        if not content.startswith(b"%PDF"):
            raise ConnectionFailed(
                _("No PDF"), _("The link of the statement does not lead to a PDF. Tell the clearing house.")
            )
        return content

    def cancel(self) -> None:
        """Stop what is running, from any thread: the call raises Cancelled. Later calls are not affected."""
        self._transport.cancel()

    def close(self) -> None:
        """Forget the auth token and stop what is running."""
        self._token = None
        self.cancel()
        self._transport.hang_up()

    # ---- one call -----------------------------------------------------------------------------------------------

    def _upload(
        self, operation: str, rows: Sequence[Sequence[str]], progress: Progress | None, ready: Ready | None = None
    ) -> Message:
        if not rows:
            raise UsageError(_("Nothing to send"), _("There is no record to send. Nothing was done."))
        return self._call(operation, rows, sent=progress, ready=ready)

    def _call(
        self,
        operation: str,
        rows: Sequence[Sequence[str]] = (),
        sent: Progress | None = None,
        received: Progress | None = None,
        ready: Ready | None = None,
    ) -> Message:
        self.contract.operation(operation)
        fresh = self._token is None
        if fresh:
            self.sign_in()
        try:
            return self._send(operation, self._token, {}, rows, sent, received, ready)
        except _FaultAnswer as answer:
            # After a fault of the sender's nothing was stored: the call may be repeated.
            repeat = answer.fault.about_token and (answer.fault.sender or operation != ADD_CDRS)
            if not repeat:
                raise self._words.refused(answer.fault, sent=operation in _CHANGING) from None
            if fresh:
                raise self._no_longer_accepted() from None
        self.sign_in()
        try:
            return self._send(operation, self._token, {}, rows, sent, received)
        except _FaultAnswer as answer:
            if answer.fault.about_token:
                raise self._no_longer_accepted() from None
            raise self._words.refused(answer.fault, sent=operation in _CHANGING) from None

    def _send(
        self,
        operation_name: str,
        token: str | None,
        values: Mapping[str, str],
        rows: Sequence[Sequence[str]] = (),
        sent: Progress | None = None,
        received: Progress | None = None,
        ready: Ready | None = None,
    ) -> Message:
        try:
            if ready is None or ready.token != token:
                if ready is not None:
                    ready.body.close()
                ready = self._written(operation_name, token, values, rows)
            with ready.body:
                return self._exchange(operation_name, ready, sent, received)
        except ConnectionFailed as error:
            # Only a request that changes something at the house has a fate to be settled.
            error.sent = error.sent and operation_name in _CHANGING
            raise
        except Cancelled as stop:
            if stop.sent and operation_name not in _CHANGING:
                raise stopped_by_user(sent=False) from None
            raise

    def _written(
        self, operation_name: str, token: str | None, values: Mapping[str, str], rows: Sequence[Sequence[str]]
    ) -> Ready:
        body = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed when it has left
        try:
            write_message(body, self.contract, operation_name, token=token, values=values, rows=rows)
            length = body.tell()
            body.seek(0)
        except OSError as error:
            body.close()
            raise StoreError(
                _("Disk full"),
                _("The request could not be prepared in this computer's temporary folder."),
                str(error),
            ) from error
        except BaseException:
            body.close()
            raise
        return Ready(token, body, length)

    def _exchange(self, operation_name: str, ready: Ready, sent: Progress | None, received: Progress | None) -> Message:
        operation = self.contract.operation(operation_name)
        self._transport.stop_asked = self.stop_asked
        headers = {**self.contract.soap.headers(operation.action), "Accept": "application/soap+xml, text/xml"}
        way = self._transport.exchange(
            "POST", self.endpoint, headers, body=ready.body, length=ready.length, progress=sent, keep=True
        )
        with way as answer:
            message = self._read(answer, received)
        if message.fault is not None:
            raise _FaultAnswer(message.fault)
        if message.operation != operation_name or not message.reply:
            raise self._words.not_understood(_("It answered with “{name}”.").format(name=message.body[:80]))
        return message

    def _read(self, answer: Answer, received: Progress | None) -> Message:
        status = answer.status
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            target = urlsplit(answer.location)
            moved = f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}"[:200] if target.netloc else ""
            raise status_failed(status, self.host, moved)
        good = status < HTTPStatus.MULTIPLE_CHOICES
        if "html" in answer.content_type or (not good and "xml" not in answer.content_type):
            raise self._words.web_page(status) if good else status_failed(status, self.host)
        reader = MessageReader(self.contract, self._limits)
        rows: list[Row] = []
        begun = False
        try:
            for data in answer.chunks():
                if not begun and data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
                    raise self._words.web_page(status)
                begun = True
                rows += reader.feed(data)
                if received is not None and rows:
                    received(len(rows), None)
            rows += reader.close()
        except MessageError as error:
            if not good:
                raise status_failed(status, self.host) from None
            raise self._words.not_understood(error.text, error.detail) from None
        if received is not None:
            received(len(rows), len(rows))
        reader.message.rows = rows
        if not good and reader.message.fault is None:
            raise status_failed(status, self.host)
        return reader.message

    def _no_longer_accepted(self) -> SignInFailed:
        self._token = None
        return self._words.token_not_accepted()

    def _result(self, message: Message) -> Result:
        text = _text(message, "resultCode").strip()
        description = self._words.shown(_text(message, "resultDescription").strip())
        if not _CODE.fullmatch(text):
            raise self._words.not_understood(_("It gave no result."))
        code = int(text)
        if code != 0:
            sentence = _("{host} refused the request: {reason} (code {code}). Nothing was stored.").format(
                host=self.host, reason=description.rstrip(".") or _("no reason given"), code=code
            )
            raise HouseRefused(_("Refused by the clearing house"), sentence, code=code, reason=description)
        return Result(code, description)


def _text(message: Message, name: str) -> str:
    return message.values.get(name) or ""
