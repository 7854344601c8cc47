"""The practice house's counter: takes a SOAP request of either version, does what it asks, and writes the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from ochp_desktop.errors import OchpError
from ochp_desktop.practice.answers import Refused, ResultCode, TokenRefused
from ochp_desktop.practice.inspection import inspected_cdrs, inspected_tokens
from ochp_desktop.practice.ledger import Ledger
from ochp_desktop.practice.scenarios import Play
from ochp_desktop.practice.schema import User
from ochp_desktop.practice.statements import write_statement
from ochp_desktop.protocol.codec import (
    Limits,
    MessageError,
    MessageReader,
    SoapVersion,
    write_fault,
    write_message,
)
from ochp_desktop.protocol.contract import Contract
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.texts import _, language, ngettext, number

log = logging.getLogger(__name__)

PIECE = 1 << 20
ACCEPTED, DENIED = "0", "1"
OK = 200
_CDR_ID = KINDS["cdrs"].index("cdrId")

Row = Sequence[str]


class SoapFault(Exception):
    """A request that is answered with a SOAP fault.

    Attributes:
        reason: what is wrong.
        sender: whether the request is to blame, and not the house.
        code: a short name for programs, or empty.
    """

    def __init__(self, reason: str, *, sender: bool = True, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.sender = sender
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers: single values by the protocol's names, and records."""

    values: Mapping[str, str]
    rows: Iterable[Row] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A request while it is worked on.

    Attributes:
        user: who asks.
        blocks: the records that it carries, some hundred at a time, read as they are taken.
        at: when it arrived, in seconds since 1970.
        address: where the house is reached, as the caller wrote it, without a path: "http://127.0.0.1:8080".
    """

    user: User
    blocks: Iterator[Sequence[Row]]
    at: float
    address: str

    def finish(self) -> None:
        """Read a request without records to its end."""
        for _block in self.blocks:
            pass


@dataclass(slots=True)
class Counter:
    """Answers requests; may be used from many threads.

    Attributes:
        ledger: the books.
        contract: what the house speaks.
        play: the scenario that plays; may be changed at any time.
        limits: how much of a request is read.
    """

    ledger: Ledger
    contract: Contract
    play: Play = field(default_factory=Play)
    limits: Limits = field(default_factory=Limits)

    def answer(self, request: BinaryIO, out: BinaryIO, address: str, at: float, usual: SoapVersion) -> tuple[int, str]:
        """Read a request, do what it asks, write the answer or a fault; returns HTTP status and content type.

        Args:
            request: the envelope.
            out: gets the answer; seekable.
            address: where the house is reached.
            at: when the request arrived, in seconds since 1970.
            usual: SOAP version of a fault about a request whose own version cannot be seen.

        Raises:
            BrokenAnswer: the scenario wants none of this.
        """
        reader = MessageReader(self.contract, self.limits)
        try:
            operation, answer = self._work(reader, request, address, at)
            write_message(
                out,
                self.contract,
                operation,
                reply=True,
                version=reader.message.version,
                values=answer.values,
                rows=answer.rows,
            )
        except TokenRefused as refused:
            fault = SoapFault(refused.reason, code="AuthToken")
        except MessageError as error:
            fault = SoapFault(f"{error.text} {error.detail}".strip())
        except OchpError as error:
            fault = SoapFault(error.text, sender=False)
        except SoapFault as raised:
            fault = raised
        else:
            return OK, reader.message.version.content_type
        version = reader.message.version if reader.message.body else usual
        out.seek(0)
        out.truncate()
        write_fault(out, version, fault.reason, sender=fault.sender, subcode=fault.code, language=language())
        status = 400 if fault.sender and version is SoapVersion.V12 else 500
        return status, version.content_type

    def _work(self, reader: MessageReader, request: BinaryIO, address: str, at: float) -> tuple[str, Answer]:
        message = reader.message
        first: list[tuple[str, ...]] = []
        while not message.body:
            data = request.read(PIECE)
            if not data:
                break
            first += reader.feed(data)
        blocks = chain([first], _rest(reader, request))
        if not message.body:
            for _block in blocks:  # finds out what is wrong with it
                pass
            raise SoapFault(_("The body of the message is empty; it must hold one request."))
        operation = message.operation
        if operation is None or message.reply:
            raise SoapFault(
                _("There is no operation {name} here. There are: {names}.").format(
                    name=message.body, names=", ".join(part.request.name for part in self.contract.operations.values())
                )
            )
        expire = self.play.on_arrival(operation)
        if operation == "Authenticate":
            for _block in blocks:
                pass
            return operation, self._sign_in(message.values, at)
        if expire:
            self.ledger.expire_tokens()
        call = Call(self.ledger.user_of_token(message.token or "", at), blocks, at, address)
        work: Mapping[str, Callable[[Call], Answer]] = {
            "AddCDRs": self._add_cdrs,
            "GetCDRs": self._get_cdrs,
            "ClearCDRs": self._clear_cdrs,
            "GetRoamingAuthorisationList": self._get_list,
            "SetRoamingAuthorisationList": self._set_list,
        }
        try:
            answer = work[operation](call)
        except Refused as raised:
            refused = self.play.worded(raised)
            return operation, _result(refused.code, refused.reason)
        self.play.after_storing(operation)
        return operation, answer

    def _sign_in(self, values: Mapping[str, str | None], at: float) -> Answer:
        token = self.ledger.sign_in(values.get("userId") or "", values.get("password") or "", at)
        if token is None:
            reason = _("User id or password is wrong.")
            return Answer({"resultCode": DENIED, "resultDescription": reason, "authToken": ""})
        welcome = _("Signed in at the practice clearing house.")
        return Answer({"resultCode": ACCEPTED, "resultDescription": welcome, "authToken": token})

    def _add_cdrs(self, call: Call) -> Answer:
        own = _provider(call.user)
        self.play.before_storing("AddCDRs")
        blocks = inspected_cdrs(call.blocks, own, self.ledger.providers())
        count = self.ledger.add_cdrs(self._played(blocks))
        text = ngettext("{count} CDR received.", "{count} CDRs received.", count)
        return _result(ResultCode.OK, text.format(count=number(count)))

    def _played(self, blocks: Iterable[Sequence[Row]]) -> Iterator[Sequence[Row]]:
        for block in blocks:
            self.play.before_cdrs(row[_CDR_ID] for row in block)
            yield block

    def _set_list(self, call: Call) -> Answer:
        own = _provider(call.user)
        self.play.before_storing("SetRoamingAuthorisationList")
        count = self.ledger.replace_list(own, inspected_tokens(chain.from_iterable(call.blocks)))
        text = ngettext("Your list now has {count} token.", "Your list now has {count} tokens.", count)
        return _result(ResultCode.OK, text.format(count=number(count)))

    def _get_list(self, call: Call) -> Answer:
        call.finish()
        return _result(ResultCode.OK, _("The global list."), rows=self.ledger.tokens())

    def _get_cdrs(self, call: Call) -> Answer:
        call.finish()
        own = _provider(call.user)
        clearing = self.ledger.last_clearing(own)
        if clearing is None:
            return _result(ResultCode.OK, _("Nothing has been cleared yet."), docLink="")
        link = f"{call.address}/statements/{clearing.link}.pdf" if clearing.link else ""
        text = _("Clearing {number}.").format(number=clearing.number)
        return _result(ResultCode.OK, text, rows=self.ledger.cleared(clearing), docLink=link)

    def _clear_cdrs(self, call: Call) -> Answer:
        call.finish()
        if not call.user.admin:
            reason = _("Only an administrator may start a clearing; {user} is none.").format(user=call.user.name)
            raise Refused(ResultCode.NOT_ALLOWED, reason)
        count = self.ledger.clear(call.user.name, call.at, write_statement)
        text = ngettext("{count} CDR cleared.", "{count} CDRs cleared.", count)
        return _result(ResultCode.OK, text.format(count=number(count)))


def _rest(reader: MessageReader, request: BinaryIO) -> Iterator[Sequence[Row]]:
    """The records still to come; at the end it is known that the message was whole."""
    while data := request.read(PIECE):
        yield reader.feed(data)
    yield reader.close()


def _provider(user: User) -> str:
    if not user.provider_id:
        reason = _("{user} acts for no provider, so it has no list and no CDRs here.").format(user=user.name)
        raise Refused(ResultCode.NOT_ALLOWED, reason)
    return user.provider_id


def _result(code: int, reason: str, rows: Iterable[Row] = (), **more: str) -> Answer:
    return Answer({"resultCode": str(int(code)), "resultDescription": reason, **more}, rows)
