"""The parts of an Office Open XML package (.xlsx): found by their relations, copied byte for byte, or rewritten.

Only small parts (relations, content types, styles, notes) become trees; everything else is streamed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO

from lxml import etree

# What turns an old part, read as a stream, into the new one.
Rewrite = Callable[[IO[bytes]], Iterator[bytes]]
# Told the bytes copied so far and all there are; may raise to stop the copying.
Progress = Callable[[int, int], None]

MAX_SMALL_PART_BYTES = 64 << 20

_BLOCK_BYTES = 1 << 20
_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


class UnusualPackage(ValueError):
    """The package is laid out in a way that no spreadsheet program writes."""


def tree(content: bytes) -> etree._Element:
    """The root element of a small part.

    Raises:
        UnusualPackage: no well-formed XML, or it declares a document type.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as failure:
        raise UnusualPackage(str(failure)) from failure
    if root.getroottree().docinfo.doctype:
        raise UnusualPackage("document type declaration")
    return root


def serialised(root: etree._Element) -> bytes:
    """The part's bytes again."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def relations_part(part: str) -> str:
    """Where the relations of a part stand: "xl/worksheets/_rels/sheet1.xml.rels"."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """A package that is read, and what will be different in its copy."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist()}  # of doubles, the last counts
        self._names = {name.lower(): name for name in self._infos}
        self._changes: dict[str, bytes | Rewrite] = {}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    def name(self, part: str) -> str:
        """The part's name as the archive spells it.

        Raises:
            UnusualPackage: there is no such part.
        """
        try:
            return self._names[part.lower()]
        except KeyError:
            raise UnusualPackage(f"no part {part}") from None

    def open(self, part: str) -> IO[bytes]:
        """The old part as a stream."""
        return self._archive.open(self._infos[self.name(part)])

    def read(self, part: str) -> bytes:
        """A small part as it will stand in the copy.

        Raises:
            UnusualPackage: it is not there, or not small.
        """
        changed = self._changes.get(part)
        if isinstance(changed, bytes):
            return changed
        info = self._infos[self.name(part)]
        if info.file_size > MAX_SMALL_PART_BYTES:
            raise UnusualPackage(f"{part} is too large")
        return self._archive.read(info)

    def put(self, part: str, content: bytes | Rewrite) -> None:
        """Let the copy have this part."""
        self._changes[self._names.get(part.lower(), part)] = content

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Relation id -> name of the part, for the part's relations of a kind ("worksheet", "comments")."""
        return {
            relation.get("Id", ""): _target(part, relation.get("Target", ""))
            for relation in self._relations(part)
            if relation.get("Type", "").rpartition("/")[2] == kind and relation.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, target: str, base: str) -> str:
        """Add a relation from one part to another; returns its id.

        Args:
            part: whose relation it is.
            kind: "comments", "vmlDrawing", "styles".
            target: name of the other part.
            base: what the type's name begins with, up to the last slash.
        """
        relations = self._relations(part)
        taken = {relation.get("Id") for relation in relations}
        number = 1
        while f"rIdOchp{number}" in taken:
            number += 1
        relation = etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", f"rIdOchp{number}")
        relation.set("Type", f"{base}/{kind}")
        relation.set("Target", f"/{target}")
        self.put(relations_part(part), serialised(relations))
        return f"rIdOchp{number}"

    def content_type(self, part: str) -> str:
        """The part's content type, "" when the package does not say."""
        found = ""
        for entry in tree(self.read(_CONTENT_TYPES)):
            if entry.get("PartName", "").lower() == f"/{part}".lower():
                return entry.get("ContentType", "")
            if entry.get("Extension", "").lower() == part.rpartition(".")[2].lower():
                found = entry.get("ContentType", "")
        return found

    def declare(self, part: str, content_type: str) -> None:
        """Say of a new part what it is."""
        types = tree(self.read(_CONTENT_TYPES))
        entry = etree.SubElement(types, f"{{{_TYPES}}}Override")
        entry.set("PartName", f"/{part}")
        entry.set("ContentType", content_type)
        if not any(one.get("Extension", "").lower() == "rels" for one in types):
            entry = etree.Element(f"{{{_TYPES}}}Default", Extension="rels", ContentType=_RELATION_TYPE)
            types.insert(0, entry)
        self.put(_CONTENT_TYPES, serialised(types))

    def free_name(self, pattern: str) -> str:
        """A part name of the pattern ("xl/comments{}.xml") that is not taken."""
        number = 1
        while pattern.format(number).lower() in self._names or pattern.format(number) in self._changes:
            number += 1
        return pattern.format(number)

    def parts_like(self, ending: str) -> list[str]:
        """Names of the parts that end so."""
        return [name for name in self._infos if name.lower().endswith(ending)]

    def write(self, target: Path, progress: Progress, last: Collection[str] = ()) -> None:
        """Write the copy: each part byte for byte, or as it was put.

        Args:
            target: an archive that is overwritten.
            progress: called for each block.
            last: parts to write after all others, because what they hold is known only then.
        """
        names = [*self._infos, *(name for name in self._changes if name not in self._infos)]
        names.sort(key=lambda name: name in last)  # stable
        total = sum(info.file_size for info in self._infos.values())
        done = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in names:
                change = self._changes.get(name, _blocks)
                with copy.open(self._fresh_info(name), "w") as to:
                    if isinstance(change, bytes):
                        to.write(change)
                        continue
                    with self._archive.open(self._infos[name]) if name in self._infos else io.BytesIO() as stream:
                        for block in change(stream):
                            to.write(block)
                            progress(done + stream.tell(), total)
                        done += stream.tell()

    def _relations(self, part: str) -> etree._Element:
        name = relations_part(part)
        if name not in self and name not in self._changes:
            return etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        return tree(self.read(self._names.get(name.lower(), name)))

    def _fresh_info(self, name: str) -> zipfile.ZipInfo:
        old = self._infos.get(name)
        info = zipfile.ZipInfo(name, old.date_time if old else (1980, 1, 1, 0, 0, 0))
        # No other way of packing is allowed in a package, nor can all programs read one.
        info.compress_type = zipfile.ZIP_STORED if old and old.compress_type == 0 else zipfile.ZIP_DEFLATED
        if old is not None:
            info.external_attr = old.external_attr
            info.file_size = old.file_size
        return info


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_BLOCK_BYTES):
        yield block


def _target(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
