"""Reads SOAP messages piece by piece, liberally and within limits: any order, any case, unknown elements ignored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from ochp_desktop.protocol.alike import AlikeRecords
from ochp_desktop.protocol.contract import Contract, Operation, Part
from ochp_desktop.protocol.faults import Fault, read_fault
from ochp_desktop.protocol.record_rows import RecordRows, number_of
from ochp_desktop.protocol.wire import (
    AUTH_RESULT,
    AUTHENTICATE,
    HEADER,
    REQUEST_RECORDS,
    RESPONSE_RECORDS,
    VALUES,
    XSI,
    MessageError,
    SoapVersion,
    field_names,
    local_name,
    namespace_of,
    plain,
    plain_word,
)
from ochp_desktop.texts import _

_NIL = f"{{{XSI}}}nil"
_VALUES = {plain(name): name for name in VALUES}
# The start tag of what is in the body: from there on it is known which records to expect.
_PAYLOAD = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Body(?:\s[^<>]*)?>\s*<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a message is refused.

    Attributes:
        size: most bytes of the whole message.
        records: most records in it.
        piece: most bytes of anything that is no complete record, for example of a single one.
    """

    size: int = 1 << 30
    records: int = 5_000_000
    piece: int = 16 << 20


@dataclass(slots=True)
class Message:
    """What a message said, but for its records.

    Attributes:
        version: SOAP version of its envelope.
        operation: the protocol's name of the operation, or None when the contract knows no such body.
        reply: whether the body is that operation's response.
        body: name of the element in the body.
        token: text of the token header, or None when there is none.
        values: texts of the single fields by the protocol's names; None for nil. An absent field is absent here.
            The resultCode of Authenticate is "0" when accepted.
        fault: the fault, when it is one.
        records: how many records it carried.
        rows: the records, where they were collected (`read_message`).
    """

    version: SoapVersion = SoapVersion.V12
    operation: str | None = None
    reply: bool = False
    body: str = ""
    token: str | None = None
    values: dict[str, str | None] = field(default_factory=dict)
    fault: Fault | None = None
    records: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)


def read_message(stream: BinaryIO, contract: Contract, limits: Limits | None = None) -> Message:
    """Read a whole message, with its records in `rows`.

    Raises:
        MessageError: it cannot be read, or is too large.
    """
    reader = MessageReader(contract, limits)
    rows: list[tuple[str, ...]] = []
    while data := stream.read(65536):
        rows += reader.feed(data)
    rows += reader.close()
    reader.message.rows = rows
    return reader.message


class MessageReader:
    """Reads one envelope as its bytes arrive; completed records are handed out and forgotten.

    No DTD, no entity, no outside reference is accepted, and memory stays small whatever arrives.

    Attributes:
        message: what is known so far; complete after `close`.
    """

    def __init__(self, contract: Contract, limits: Limits | None = None) -> None:
        self._contract = contract
        self._limits = limits or Limits()
        # Only the envelope is announced: an event for each of a million elements would take most of the time.
        # The records are taken from the growing tree between two pieces, or do not come here at all.
        self._parser = etree.XMLPullParser(
            events=("start",),
            tag="{*}Envelope",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.message = Message()
        self._size = 0
        self._idle = 0
        self._root: etree._Element | None = None
        self._payload: etree._Element | None = None
        self._path: tuple[Part, ...] = ()
        self._records: RecordRows | None = None
        self._alike = AlikeRecords()
        self._apart = False  # whether the records arrive past the parser now
        self._given: etree._Element | None = None  # a record in the tree that was handed out

    def feed(self, data: bytes) -> list[tuple[str, ...]]:
        """Take the next bytes; returns the records that are complete now.

        Raises:
            MessageError: this is no SOAP message, or it is hostile or too large.
        """
        self._size += len(data)
        if self._size > self._limits.size:
            raise _too_large(_("It is larger than {size} MB.").format(size=self._limits.size >> 20))
        # What is too large must not slip through in one go.
        step = max(self._limits.piece // 2, 1)
        if len(data) <= step:
            return self._feed(data)
        return [row for start in range(0, len(data), step) for row in self._feed(data[start : start + step])]

    def _feed(self, data: bytes) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        skip = 0
        while data:
            if self._apart:
                taken, data = self._alike.take(data)
                self._hand_out(taken, rows)
                if not data:
                    break
                self._apart, skip = False, 1
            data = self._parse(data, skip, rows)
        return rows

    def _parse(self, data: bytes, skip: int, rows: list[tuple[str, ...]]) -> bytes:
        """Give bytes to the parser; those that are left may hold records that it need not see.

        Args:
            data: what comes next.
            skip: where a record may begin that it need not see.
            rows: gets the records that are complete now.
        """
        if self._payload is None:
            begun = _PAYLOAD.search(data) if self._alike.possible else None
            if begun is None:
                self._parse_all(data, rows)
                return b""
            self._parse_all(data[: begun.end()], rows)
            data = data[begun.end() :]
        entrance = self._alike.enter(data, skip)
        if entrance is None:
            self._parse_all(data, rows)
            return b""
        end, row = entrance
        self._parse_all(data[:end], rows)
        last = self._last_record() if self._alike.possible else None
        if last is not None and self._records is not None and self._records.plain_row(last) == row:
            self._given = last
            self._hand_out([row], rows)
            self._apart = True
        else:
            # The tags were no tags, or not in their place.
            self._alike.possible = False
        return data[end:]

    def _parse_all(self, data: bytes, rows: list[tuple[str, ...]]) -> None:
        self._idle += len(data)
        self._alike.watch(data)
        try:
            self._parser.feed(data)
        except etree.XMLSyntaxError as error:
            raise _unreadable(error) from error
        self._harvest(rows, final=False)
        if self._idle > self._limits.piece:
            raise _too_large(
                _("One record or field in it is larger than {size} MB.").format(size=self._limits.piece >> 20)
            )

    def _last_record(self) -> etree._Element | None:
        """The record that the parser has seen last, when nothing has followed it."""
        group = self._payload
        for part in self._path:
            if group is None or not len(group) or plain(str(group[-1].tag)) != plain(part.tag):
                return None
            group = group[-1]
        return group

    def _hand_out(self, taken: list[tuple[str, ...]], rows: list[tuple[str, ...]]) -> None:
        """Add records to those that are complete now."""
        assert self._records is not None
        rows += self._records.numbered(taken)
        self._count(len(taken))
        self._idle = 0

    def _count(self, more: int) -> None:
        self.message.records += more
        if self.message.records > self._limits.records:
            raise _too_large(_("It holds more than {count} records.").format(count=self._limits.records))

    def close(self) -> list[tuple[str, ...]]:
        """Say that nothing more comes; returns the last records.

        Raises:
            MessageError: the message is cut off, or is no SOAP message.
        """
        if not self._size:
            raise MessageError(_("Empty message"), _("Nothing arrived where a message was expected."))
        rows: list[tuple[str, ...]] = []
        if self._apart:
            self._parse_all(self._alike.held(), rows)
        try:
            root = self._parser.close()
        except etree.XMLSyntaxError as error:
            raise MessageError(
                _("Half a message"), _("The message breaks off in the middle, or is not XML."), str(error)
            ) from error
        self._begin()
        if self._root is None or self._root is not root:
            raise _not_soap(local_name(str(root.tag)))
        self._find_payload(final=True)
        if self._payload is None:
            raise _not_soap("Envelope")
        self._harvest(rows, final=True)
        if local_name(str(self._payload.tag)) == "Fault":
            self.message.fault = read_fault(self._payload)
        self._finish_values()
        return rows

    def _begin(self) -> None:
        if self._root is not None:
            return
        for _event, element in self._parser.read_events():
            if element.getparent() is not None:
                continue
            version = SoapVersion.of(namespace_of(str(element.tag)))
            if version is None:
                raise _not_soap(str(element.tag))
            if element.getroottree().docinfo.doctype:
                raise MessageError(_("Message refused"), _("The message contains a DTD, which SOAP forbids."))
            self.message.version = version
            self._root = element
            return

    def _find_payload(self, *, final: bool) -> None:
        """Find the element in the body; its own children may still be on their way."""
        if self._payload is not None or self._root is None:
            return
        body = next((part for part in self._root if local_name(str(part.tag)) == "Body"), None)
        if body is None or not len(body):
            if final and body is None:
                raise _not_soap("Envelope")
            return
        payload = body[0]
        self._payload = payload
        self.message.body = local_name(str(payload.tag))
        found = self._contract.find(str(payload.tag))
        operation = None
        if found is not None:
            operation, self.message.reply = found
            self.message.operation = operation.name
            self._path = operation.records(reply=self.message.reply)
            kind = (RESPONSE_RECORDS if self.message.reply else REQUEST_RECORDS).get(operation.name)
            if kind is not None and self._path:
                self._records = RecordRows(self._contract, kind)
                self._alike.expect(self._path[-1], field_names(kind))
        self._read_header(operation)

    def _read_header(self, operation: Operation | None) -> None:
        assert self._root is not None
        header = next((part for part in self._root if local_name(str(part.tag)) == "Header"), None)
        blocks = {} if header is None else {plain(str(block.tag)): block.text or "" for block in header}
        for name in (operation.header if operation else HEADER, HEADER):
            if plain(name) in blocks:
                self.message.token = blocks[plain(name)].strip()
                return

    def _harvest(self, rows: list[tuple[str, ...]], *, final: bool) -> None:
        """Add the records that are complete in the tree."""
        self._begin()
        self._find_payload(final=final)
        before = len(rows)
        if self._payload is not None and local_name(str(self._payload.tag)) != "Fault":
            self._take(self._payload, 0, rows, final=final)
        self._count(len(rows) - before)

    def _take(self, group: etree._Element, depth: int, rows: list[tuple[str, ...]], *, final: bool) -> None:
        """Take the complete children out of a group; the last one counts as complete only at the end."""
        wanted = plain(self._path[depth].tag) if depth < len(self._path) else ""
        deepest = depth == len(self._path) - 1
        records = self._records
        complete = group[:] if final else group[:-1]
        for child in complete:
            if plain(str(child.tag)) != wanted:
                self._read_values(child)
            elif deepest:
                assert records is not None
                if child is not self._given:
                    rows.append(records.row(child))
            else:
                self._take(child, depth + 1, rows, final=True)
        if complete:
            self._idle = 0
            del group[: len(complete)]
        if not final and not deepest and len(group) and plain(str(group[-1].tag)) == wanted:
            self._take(group[-1], depth + 1, rows, final=False)

    def _read_values(self, element: etree._Element) -> None:
        for leaf in element.iter(etree.Element):
            name = _VALUES.get(plain(str(leaf.tag)))
            if name is not None and name not in self.message.values:
                nil = leaf.get(_NIL, "").strip() in {"true", "1"}
                self.message.values[name] = None if nil else leaf.text or ""

    def _finish_values(self) -> None:
        code = self.message.values.get("resultCode")
        if code is None:
            return
        words = {}
        if self.message.operation == AUTHENTICATE:
            words = {plain_word(word): number for number, word in AUTH_RESULT.items()}
        self.message.values["resultCode"] = number_of(code, words)


def _unreadable(error: etree.XMLSyntaxError) -> MessageError:
    return MessageError(_("Not readable"), _("What arrived is not readable XML."), str(error))


def _too_large(reason: str) -> MessageError:
    return MessageError(_("Message too large"), reason)


def _not_soap(found: str) -> MessageError:
    return MessageError(
        _("No SOAP message"), _("What arrived is not a SOAP message but begins with “{name}”.").format(name=found[:80])
    )
