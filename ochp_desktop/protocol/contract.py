"""The contract of a clearing house, read from its WSDL: what each message is called and which fields it has."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ochp_desktop.errors import ContractError
from ochp_desktop.paths import resource
from ochp_desktop.protocol.documents import Documents, Fetch
from ochp_desktop.protocol.wire import (
    AUTH_RESULT,
    AUTHENTICATE,
    CLEAR_CDRS,
    ENUMERATIONS,
    HEADER,
    OPERATIONS,
    RECORD_KEYS,
    REQUEST_RECORDS,
    RESPONSE_RECORDS,
    SoapVersion,
    local_name,
    namespace_of,
    plain,
    plain_word,
)
from ochp_desktop.texts import _

_XSD = "http://www.w3.org/2001/XMLSchema"
_MAX_DEPTH = 8  # messages of this protocol have three levels; a type that contains itself must end somewhere


class Form(Enum):
    """What stands inside an element."""

    TEXT = "text"
    NUMBER = "number"
    NAMES = "names"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a message.

    Attributes:
        tag: its name in Clark notation, "{namespace}name" or "name".
        form: text, number, one of some names, or a group of further elements.
        required: whether it must be there even when it is empty.
        nillable: whether it may be marked as nil.
        repeats: whether it may occur more than once.
        codes: for names: our number text -> the text on the wire.
        children: for a group: its elements in wire order.
    """

    tag: str
    form: Form = Form.TEXT
    required: bool = True
    nillable: bool = False
    repeats: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """Its name without the namespace."""
        return local_name(self.tag)

    def child(self, name: str) -> Part | None:
        """The element of that name among the children, compared liberally."""
        return next((part for part in self.children if plain(part.tag) == plain(name)), None)

    def path_to(self, key: str) -> tuple[Part, ...] | None:
        """The elements from below this one down to the record that has a child named `key`, or None."""
        for part in self.children:
            if part.form is Form.GROUP:
                if part.child(key) is not None:
                    return (part,)
                below = part.path_to(key)
                if below is not None:
                    return (part, *below)
        return None

    def namespaces(self) -> Iterator[str]:
        """The namespaces of this element and all below."""
        yield namespace_of(self.tag)
        for part in self.children:
            yield from part.namespaces()


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as this clearing house names it.

    Attributes:
        name: the protocol's name of it.
        action: the SOAP action, as the WSDL writes it; may be empty.
        request: the element in the request's body.
        response: the element in the response's body.
        header: name of the token's header element in Clark notation.
    """

    name: str
    action: str
    request: Part
    response: Part
    header: str

    def records(self, *, reply: bool) -> tuple[Part, ...]:
        """The elements from the body's element down to the repeated record; nothing where no records travel."""
        kind = (RESPONSE_RECORDS if reply else REQUEST_RECORDS).get(self.name)
        if kind is None:
            return ()
        return (self.response if reply else self.request).path_to(RECORD_KEYS[kind]) or ()


@dataclass(frozen=True, slots=True)
class Contract:
    """What a WSDL says about a clearing house; plain data, nothing of the WSDL reader remains.

    Attributes:
        source: where the WSDL was read.
        soap: the SOAP version to speak; 1.2 where both are offered.
        addresses: SOAP version -> address, for every SOAP port.
        operations: by the protocol's name; all six, but for ClearCDRs, which a house may keep to itself.
        namespace: the service's namespace.
    """

    source: str
    soap: SoapVersion
    addresses: Mapping[SoapVersion, str]
    operations: Mapping[str, Operation]
    namespace: str

    @classmethod
    def load(cls, source: str | Path | None = None, fetch: Fetch | None = None) -> Contract:
        """Read a WSDL.

        Args:
            source: path or URL of the WSDL; None or empty means our own, which ships with the program.
            fetch: gets (URL, most bytes) and returns the content (`Transport.fetch`); needed for URLs only.

        Raises:
            ContractError: the WSDL is unreadable or lacks what OCHP 0.1 needs.
            ConnectionFailed: its address could not be read.
        """
        location = source or resource("wsdl", "ochp-0.1.wsdl")
        documents = Documents(location, fetch)
        return _read(str(location), documents)

    @property
    def address(self) -> str:
        """Where the WSDL says that the house listens."""
        return self.addresses[self.soap]

    def operation(self, name: str) -> Operation:
        """The operation of that protocol name.

        Raises:
            ContractError: the house does not offer it.
        """
        try:
            return self.operations[name]
        except KeyError:
            raise ContractError(
                _("Not offered"),
                _("This clearing house does not offer {operation}, so its WSDL says.").format(operation=name),
            ) from None

    def find(self, tag: str) -> tuple[Operation, bool] | None:
        """The operation whose request (False) or response (True) is that body element, compared liberally."""
        wanted = plain(tag)
        for operation in self.operations.values():
            if plain(operation.request.tag) == wanted:
                return operation, False
            if plain(operation.response.tag) == wanted:
                return operation, True
        return None

    def codes(self, field_name: str) -> Mapping[str, str]:
        """Every text that may stand on the wire for an enumeration's number, compared with `plain_word` -> number."""
        known = ENUMERATIONS.get(field_name, {})
        words = {plain_word(word): number for number, word in known.items()}
        for operation in self.operations.values():
            for reply in (False, True):
                record = operation.records(reply=reply)
                part = record[-1].child(field_name) if record else None
                if part is not None:
                    words |= {plain_word(word): number for number, word in part.codes.items()}
        return words


class _Loader:
    """Stands in for zeep's transport: gives out only what was collected before."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def load(self, url: str) -> bytes:
        return self._documents.by_address[url]


def _unusable(reason: str, detail: str = "") -> ContractError:
    return ContractError(_("WSDL not usable"), reason, detail)


def _read(source: str, documents: Documents) -> Contract:
    logging.getLogger("zeep").setLevel(logging.WARNING)  # at DEBUG it would write whole messages into logs
    from zeep.settings import Settings  # slow to import, and the window's start needs none of it
    from zeep.wsdl.bindings import Soap11Binding, Soap12Binding
    from zeep.wsdl.wsdl import Document

    settings = Settings(forbid_dtd=True, forbid_external=True, force_https=False)
    try:
        document = Document(documents.main, _Loader(documents), settings=settings)
        ports = [port for service in document.services.values() for port in service.ports.values()]
    except Exception as error:  # zeep raises anything from KeyError to its own classes on a damaged WSDL
        raise _unusable(_("It is not a WSDL, or is damaged."), f"{type(error).__name__}: {error}") from error
    versions = {Soap12Binding: SoapVersion.V12, Soap11Binding: SoapVersion.V11}
    usable: dict[SoapVersion, Any] = {}
    for port in ports:
        version = versions.get(type(port.binding))
        if version is not None:
            usable.setdefault(version, port)
    if not usable:
        raise _unusable(_("It describes no SOAP service."))
    reader = _Reader(documents.roots)
    soap = SoapVersion.V12 if SoapVersion.V12 in usable else SoapVersion.V11
    try:
        operations = reader.operations(usable[soap].binding.all().values())
    except (AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
        raise _unusable(_("It is not a WSDL, or is damaged."), f"{type(error).__name__}: {error}") from error
    addresses = {version: str(port.binding_options.get("address") or "") for version, port in usable.items()}
    namespace = namespace_of(operations[AUTHENTICATE].request.tag)
    return Contract(source, soap, addresses, operations, namespace)


class _Reader:
    """Turns zeep's bindings and types into operations and parts."""

    def __init__(self, roots: Iterable[Any]) -> None:
        # zeep keeps a simple type's base only; its allowed values are read from the documents.
        self._values: dict[str, list[str]] = {}
        for root in roots:
            for simple in root.iter(f"{{{_XSD}}}simpleType"):
                values = [str(node.get("value", "")) for node in simple.iter(f"{{{_XSD}}}enumeration")]
                if values:
                    owner = simple if simple.get("name") else simple.getparent()
                    self._values[str(owner.get("name", ""))] = values

    def operations(self, found: Iterable[Any]) -> dict[str, Operation]:
        """The protocol's operations among those of a binding."""
        by_name = {str(operation.name).casefold(): operation for operation in found}
        missing = [name for name in OPERATIONS if name.casefold() not in by_name and name != CLEAR_CDRS]
        if missing:
            raise _unusable(_("It lacks these operations: {names}.").format(names=", ".join(missing)))
        return {
            name: self._operation(name, by_name[name.casefold()]) for name in OPERATIONS if name.casefold() in by_name
        }

    def _operation(self, name: str, found: Any) -> Operation:
        if found.style != "document":
            raise _unusable(_("{operation} is not in document/literal style, which OCHP needs.").format(operation=name))
        if found.input.body is None or found.output is None or found.output.body is None:
            raise _unusable(_("{operation} has no request or no response.").format(operation=name))
        request = self._part(found.input.body, name)
        response = self._part(found.output.body, name)
        operation = Operation(name, str(found.soapaction or ""), request, response, self._header(found, request))
        _check(operation)
        return operation

    def _header(self, found: Any, request: Part) -> str:
        """The token's header element: of the part with the right name, else the only one, else the protocol's own."""
        headers = {str(part): str(element.qname.text) for part, element in found.input.header.type.elements}
        for part, tag in headers.items():
            if HEADER.casefold() in {part.casefold(), plain(tag)}:
                return tag
        if len(headers) == 1:
            return next(iter(headers.values()))
        namespace = namespace_of(request.tag)
        return f"{{{namespace}}}{HEADER}" if namespace else HEADER

    def _part(self, element: Any, name: str, depth: int = 0) -> Part:
        from zeep.xsd import ComplexType, Integer

        if depth > _MAX_DEPTH:
            raise _unusable(_("The types of {operation} contain one another without end.").format(operation=name))
        tag = str(element.qname.text)
        form = Form.TEXT
        codes: dict[str, str] = {}
        children: tuple[Part, ...] = ()
        if isinstance(element.type, ComplexType):
            named = [child for _key, child in element.type.elements if getattr(child, "qname", None) is not None]
            # A text with attributes is a complex type too; zeep calls its text "_value_1".
            if [child.name for child in named] != ["_value_1"]:
                form = Form.GROUP
                children = tuple(self._part(child, name, depth + 1) for child in named)
        elif isinstance(element.type, Integer):
            form = Form.NUMBER
        else:
            codes = self._codes(local_name(tag), element.type)
            form = Form.NAMES if codes else Form.TEXT
        repeats = element.max_occurs == "unbounded" or int(element.max_occurs) > 1
        return Part(tag, form, int(element.min_occurs) > 0, bool(element.nillable), repeats, codes, children)

    def _codes(self, name: str, type_: Any) -> dict[str, str]:
        values = self._values.get(local_name(str(type_.qname)) if type_.qname else "") or self._values.get(name, [])
        known = AUTH_RESULT if plain(name) == "resultcode" else None
        for field_name, names in ENUMERATIONS.items():
            if plain(field_name) == plain(name):
                known = names
        if known is None:
            return {}
        numbers = {plain_word(word): number for number, word in known.items()}
        return {value if value.isdigit() else numbers.get(plain_word(value), value): value for value in values}


def _check(operation: Operation) -> None:
    """Refuse an operation whose messages lack what OCHP 0.1 cannot do without."""
    wanted: list[tuple[Part, str]] = []
    if operation.name == AUTHENTICATE:
        wanted += [(operation.request, "userId"), (operation.request, "password")]
        wanted += [(operation.response, "resultCode"), (operation.response, "authToken")]
    else:
        result = operation.response.child("result") or operation.response
        wanted.append((result, "resultCode"))
    for reply, kinds in ((False, REQUEST_RECORDS), (True, RESPONSE_RECORDS)):
        if operation.name in kinds and not operation.records(reply=reply):
            message = operation.response if reply else operation.request
            wanted.append((message, RECORD_KEYS[kinds[operation.name]]))
    missing = [name for part, name in wanted if part.child(name) is None]
    if missing:
        raise _unusable(
            _("{operation} lacks these fields: {names}.").format(operation=operation.name, names=", ".join(missing))
        )
