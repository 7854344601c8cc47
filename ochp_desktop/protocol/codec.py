"""Writes SOAP messages as a stream, compiled from a contract; for the client and for the practice house alike.

Rows are sequences of texts in our field order, enumerations as their number texts. What reads
messages is in `reader.py`; both are offered here, because the practice house uses this module only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from ochp_desktop.protocol.contract import Contract, Form, Operation, Part
from ochp_desktop.protocol.faults import Fault
from ochp_desktop.protocol.reader import Limits, Message, MessageReader, read_message
from ochp_desktop.protocol.wire import (
    REQUEST_RECORDS,
    RESPONSE_RECORDS,
    XSI,
    MessageError,
    SoapVersion,
    UnwritableText,
    field_names,
    local_name,
    namespace_of,
    plain,
)
from ochp_desktop.texts import _

__all__ = [
    "Fault",
    "Limits",
    "Message",
    "MessageError",
    "MessageReader",
    "RecordCodec",
    "SoapVersion",
    "UnwritableText",
    "read_message",
    "write_fault",
    "write_message",
]

_BATCH = 500  # rows that are joined and written at once

# XML 1.0 has no way at all to carry these.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The bytes of these, and the first of U+FFFE and U+FFFF.
_SUSPICIOUS = bytes({*range(0x20), *b"&<>", 0xEF} - {0x09, 0x0A})
# A reader turns a bare carriage return into a line feed, so it must travel as a reference.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def _is_plain(text: str) -> bool:
    """Whether there is certainly nothing special in it; asked of the bytes, which is several times as quick."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    return len(data.translate(None, _SUSPICIOUS)) == len(data)


def _escape(text: str, field: str, row: int = 0) -> str:
    if not _SPECIAL.search(text):
        return text
    illegal = _ILLEGAL.search(text)
    if illegal:
        code = f"U+{ord(illegal.group()):04X}"
        if row:
            where = _("Record {row}, field {field}, contains the invisible character {code}, which cannot be sent.")
        else:
            where = _("{field} contains the invisible character {code}, which cannot be sent.")
        advice = _("Type the text again, or delete that character.")
        sentence = f"{where.format(row=row, field=field, code=code)} {advice}"
        raise UnwritableText(_("Text cannot be sent"), sentence, row=row, field=field)
    return _SPECIAL.sub(lambda match: _ESCAPES[match.group()], text)


class _Names:
    """Prefixes for the namespaces of a message."""

    def __init__(self, tags: Iterable[str]) -> None:
        spaces = sorted({namespace for namespace in tags if namespace})
        self._prefixes = {namespace: f"o{number or ''}" for number, namespace in enumerate(spaces)}

    def declarations(self) -> str:
        return "".join(f" xmlns:{prefix}={quoteattr(space)}" for space, prefix in self._prefixes.items())

    def name(self, tag: str) -> str:
        namespace = namespace_of(tag)
        return f"{self._prefixes[namespace]}:{local_name(tag)}" if namespace else local_name(tag)

    def tags(self, tag: str) -> tuple[str, str]:
        name = self.name(tag)
        return f"<{name}>", f"</{name}>"

    def element(self, tag: str, content: str) -> str:
        opening, closing = self.tags(tag)
        return f"{opening}{content}{closing}"

    def empty(self, part: Part) -> str:
        """A required element that has no value: nil where a number is missing, an empty text elsewhere."""
        name = self.name(part.tag)
        if part.nillable and part.form is not Form.TEXT:
            return f'<{name} xsi:nil="true"/>'
        return f"<{name}></{name}>"


class _RecordWriter:
    """Writes records of one element, some hundred at a time and column by column: a field is looked at once for all."""

    def __init__(self, record: Part, fields: Sequence[str], names: _Names) -> None:
        self._record = record
        self._fields = fields
        self._names = names
        positions = {plain(name): index for index, name in enumerate(fields)}
        self._columns = [(part, positions.get(plain(part.tag))) for part in record.children]
        self._coded = [(index, part.codes) for part, index in self._columns if index is not None and part.codes]

    def write(self, rows: Iterable[Sequence[str]], out: BinaryIO) -> int:
        remaining: Iterator[Sequence[str]] = iter(rows)
        done = 0
        while batch := list(islice(remaining, _BATCH)):
            if not _is_plain("".join(map("".join, batch))):
                batch = [self._escaped(row, done + offset) for offset, row in enumerate(batch, 1)]
            if self._coded:
                batch = [self._named(row) for row in batch]
            out.write(self._text(batch).encode())
            done += len(batch)
        return done

    def _text(self, batch: Sequence[Sequence[str]]) -> str:
        columns = list(zip(*batch, strict=True))
        start, end = self._names.tags(self._record.tag)
        pieces: list[Iterable[str]] = []  # what stands in each record, one after the other
        same = start  # what stands between two columns, the same in all records
        for part, index in self._columns:
            column = columns[index] if index is not None else ()
            blank = self._names.empty(part) if part.required else ""
            opening, closing = self._names.tags(part.tag)
            if not any(column):
                same += blank
            elif "" in column:
                pieces += [repeat(same), [f"{opening}{text}{closing}" if text else blank for text in column]]
                same = ""
            else:
                pieces += [repeat(same + opening), column]
                same = closing
        pieces.append(repeat(same + end, len(batch)))
        return "".join(chain.from_iterable(zip(*pieces, strict=False)))

    def _escaped(self, row: Sequence[str], number: int) -> list[str]:
        return [_escape(text, field, number) for text, field in zip(row, self._fields, strict=True)]

    def _named(self, row: Sequence[str]) -> list[str]:
        named = list(row)
        for index, codes in self._coded:
            named[index] = _escape(codes.get(named[index], named[index]), self._fields[index])
        return named


class RecordCodec:
    """Writes and reads the records of one kind ("tokens" or "cdrs") as a contract wants them."""

    def __init__(self, contract: Contract, kind_name: str) -> None:
        self.contract = contract
        self.kind = kind_name
        self.fields = field_names(kind_name)

    def operation(self, *, reply: bool) -> Operation:
        """The operation whose request, or response, carries these records."""
        kinds = RESPONSE_RECORDS if reply else REQUEST_RECORDS
        return self.contract.operation(next(name for name, kind in kinds.items() if kind == self.kind))

    def unsupported(self, *, reply: bool = False) -> tuple[str, ...]:
        """Our fields that this contract has no element for: their texts cannot be sent."""
        record = self.operation(reply=reply).records(reply=reply)[-1]
        return tuple(name for name in self.fields if record.child(name) is None)

    def write(self, rows: Iterable[Sequence[str]], out: BinaryIO, *, reply: bool = False) -> int:
        """Write a whole message with these rows, in constant memory; returns the number of rows.

        Args:
            rows: texts in our field order.
            out: any binary stream.
            reply: write the download's response instead of the upload's request (then the result is "0").

        Raises:
            UnwritableText: a text has characters that XML cannot carry.
        """
        operation = self.operation(reply=reply)
        values = {"resultCode": "0"} if reply else {}
        return write_message(out, self.contract, operation.name, reply=reply, values=values, rows=rows)

    def read(self, stream: BinaryIO, limits: Limits | None = None) -> Iterator[tuple[str, ...]]:
        """The rows of a message, as they arrive.

        Raises:
            MessageError: the message cannot be read, or is too large.
        """
        reader = MessageReader(self.contract, limits)
        while data := stream.read(65536):
            yield from reader.feed(data)
        yield from reader.close()


def write_message(
    out: BinaryIO,
    contract: Contract,
    operation_name: str,
    *,
    reply: bool = False,
    version: SoapVersion | None = None,
    token: str | None = None,
    values: Mapping[str, str] | None = None,
    rows: Iterable[Sequence[str]] = (),
) -> int:
    """Write one SOAP envelope as the contract wants it; returns the number of records in it.

    Args:
        out: any binary stream; UTF-8 goes into it.
        contract: names, order and types.
        operation_name: the protocol's name, "AddCDRs".
        reply: the response instead of the request.
        version: SOAP version of the envelope; the contract's own when None.
        token: the auth token for the header, or None for no header.
        values: texts of the single fields by the protocol's names: userId, password, resultCode, resultDescription,
            authToken, docLink. The resultCode of Authenticate is "0" for accepted, "1" for denied.
        rows: records as texts in our field order.

    Raises:
        UnwritableText: a text has characters that XML cannot carry.
        ContractError: the house does not offer the operation.
    """
    operation = contract.operation(operation_name)
    message = operation.response if reply else operation.request
    names = _Names([*message.namespaces(), namespace_of(operation.header)])
    soap = version or contract.soap
    out.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="{soap.namespace}" xmlns:xsi="{XSI}"'
        f"{names.declarations()}>".encode()
    )
    if token is not None:
        header = names.element(operation.header, _escape(token, local_name(operation.header)))
        out.write(f"<s:Header>{header}</s:Header>".encode())
    out.write(b"<s:Body>")
    kind = (RESPONSE_RECORDS if reply else REQUEST_RECORDS).get(operation.name)
    path = operation.records(reply=reply)
    texts = {plain(name): text for name, text in (values or {}).items()}
    count = 0

    def write_group(group: Part, depth: int) -> None:
        nonlocal count
        name = names.name(group.tag)
        out.write(f"<{name}>".encode())
        for part in group.children:
            if kind is not None and depth < len(path) and part is path[depth]:
                if depth == len(path) - 1:
                    count += _RecordWriter(part, field_names(kind), names).write(rows, out)
                else:
                    write_group(part, depth + 1)
            elif part.form is Form.GROUP:
                if part.required or any(plain(child.tag) in texts for child in part.children):
                    write_group(part, len(path))
            else:
                text = texts.get(plain(part.tag), "")
                if text:
                    shown = _escape(part.codes.get(text, text), part.name)
                    out.write(names.element(part.tag, shown).encode())
                elif part.required:
                    out.write(names.empty(part).encode())
        out.write(f"</{name}>".encode())

    write_group(message, 0)
    out.write(b"</s:Body></s:Envelope>")
    return count


def write_fault(
    out: BinaryIO, version: SoapVersion, reason: str, *, sender: bool = True, subcode: str = "", language: str = "en"
) -> None:
    """Write a SOAP fault.

    Args:
        out: any binary stream.
        version: SOAP version of the envelope.
        reason: what is wrong, in words; characters that XML cannot carry are replaced.
        sender: whether the request is to blame (Sender, or Client in SOAP 1.1) and not the house (Receiver, Server).
        subcode: a short name of the reason for programs, in no namespace of its own ("AuthTokenExpired").
        language: the language of the reason.
    """
    text = _escape(_ILLEGAL.sub("\ufffd", reason), "reason")
    if version is SoapVersion.V11:
        code = "s:Client" if sender else "s:Server"
        detail = f"<detail><reason>{_escape(subcode, 'subcode')}</reason></detail>" if subcode else ""
        content = f"<s:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring>{detail}</s:Fault>"
    else:
        code = "s:Sender" if sender else "s:Receiver"
        below = f"<s:Subcode><s:Value>{_escape(subcode, 'subcode')}</s:Value></s:Subcode>" if subcode else ""
        content = (
            f"<s:Fault><s:Code><s:Value>{code}</s:Value>{below}</s:Code>"
            f"<s:Reason><s:Text xml:lang={quoteattr(language)}>{text}</s:Text></s:Reason></s:Fault>"
        )
    out.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="{version.namespace}">'
        f"<s:Body>{content}</s:Body></s:Envelope>".encode()
    )
