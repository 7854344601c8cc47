"""Collects a WSDL and all it imports, within limits, so that the WSDL reader itself touches neither net nor disk."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import url2pathname

from lxml import etree

from ochp_desktop.errors import ContractError
from ochp_desktop.texts import _

MAX_DOCUMENT = 5_000_000
MAX_DOCUMENTS = 50

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_XSD = "http://www.w3.org/2001/XMLSchema"
_REFERENCES = {
    f"{{{_WSDL}}}import": "location",
    f"{{{_XSD}}}import": "schemaLocation",
    f"{{{_XSD}}}include": "schemaLocation",
    f"{{{_XSD}}}redefine": "schemaLocation",
}

Fetch = Callable[[str, int], bytes]


class Documents:
    """A WSDL with its imports, each under a made-up address `file:///0`, `file:///1`, ...; the first is the WSDL.

    Attributes:
        by_address: made-up address -> the document's bytes, its imports pointing to made-up addresses.
        roots: the parsed documents.
    """

    def __init__(self, source: str | Path, fetch: Fetch | None) -> None:
        """Load the WSDL and follow its imports.

        Args:
            source: a file's path, or an http, https or file URL.
            fetch: gets (URL, most bytes) and returns the content; None where URLs are out of the question.

        Raises:
            ContractError: something cannot be read, is too large, or is no XML without a DTD.
            ConnectionFailed: the fetch failed.
        """
        self._fetch = fetch
        self._addresses: dict[str, str] = {}
        self.by_address: dict[str, bytes] = {}
        self.roots: list[etree._Element] = []
        self._load(_absolute(str(source)))

    @property
    def main(self) -> str:
        """Address of the WSDL itself."""
        return "file:///0"

    def _load(self, location: str) -> str:
        known = self._addresses.get(location)
        if known is not None:
            return known
        if len(self._addresses) >= MAX_DOCUMENTS:
            raise _unusable(_("It imports more than {count} other documents.").format(count=MAX_DOCUMENTS))
        address = self._addresses[location] = f"file:///{len(self._addresses)}"
        root = _parse(self._content(location), location)
        self.roots.append(root)
        for element in root.iter(*_REFERENCES):
            attribute = _REFERENCES[str(element.tag)]
            target = element.get(attribute)
            if target:
                element.set(attribute, self._load(_resolve(target, location)))
        self.by_address[address] = etree.tostring(root)
        return address

    def _content(self, location: str) -> bytes:
        scheme = urlsplit(location).scheme.lower()
        if scheme in {"http", "https"}:
            if self._fetch is None:
                raise _unusable(_("It is at a web address, which cannot be read here."))
            return self._fetch(location, MAX_DOCUMENT)
        path = _path_of(location)
        try:
            with path.open("rb") as file:
                content = file.read(MAX_DOCUMENT + 1)
        except OSError as error:
            raise ContractError(
                _("WSDL not read"),
                _("The file {path} cannot be read. Check its name and whether you may open it.").format(path=path),
                error.strerror or "",
            ) from error
        if len(content) > MAX_DOCUMENT:
            raise _unusable(_("It is larger than {size} MB.").format(size=MAX_DOCUMENT // 1_000_000))
        return content


def _unusable(reason: str) -> ContractError:
    return ContractError(_("WSDL not usable"), reason)


def _absolute(source: str) -> str:
    if re.match(r"(?i)(https?|file):", source):
        return source
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source):
        raise _unusable(_("A WSDL is a file, or an address that begins with http:// or https://."))
    return Path(source).absolute().as_uri()


def _path_of(location: str) -> Path:
    """The file that a file URL means; on Windows its host is a computer in the network."""
    parts = urlsplit(location)
    server = f"//{parts.netloc}" if parts.netloc and parts.netloc.lower() != "localhost" else ""
    # The URL's own escapes are taken away here, and only once: a file's name may have such signs in it.
    return Path(url2pathname(server + parts.path))


def _resolve(target: str, base: str) -> str:
    location = urljoin(base, target)
    here, there = urlsplit(base), urlsplit(location)
    ours, theirs = here.scheme.lower(), there.scheme.lower()
    # A file on another computer would be fetched with the Windows user's own sign-in.
    file_elsewhere = theirs == "file" and (ours, here.netloc.lower()) != ("file", there.netloc.lower())
    if theirs not in {"http", "https", "file"} or file_elsewhere:
        raise _unusable(_("It refers to {address}, which it may not.").format(address=target[:200]))
    return location


def _parse(content: bytes, location: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ContractError(
            _("WSDL not usable"),
            _("{address} is not a WSDL: it is not readable XML.").format(address=location),
            str(error),
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _unusable(_("{address} contains a DTD, which is not allowed.").format(address=location))
    return root
