"""The notes of a sheet with ours among them: their texts in one part, their boxes in an old drawing (VML) in another.

Notes that are there stay; a cell that has one gets our sentences below its own. Threaded comments belong to people who
talk to each other: a cell that has one gets no note of ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from lxml import etree

from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.package import UnusualPackage, serialised, tree

AUTHOR = "OCHP Desktop"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THREADED_AUTHOR = "tc="
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_EMPTY_COMMENTS = '<comments xmlns="{space}"><authors/><commentList/></comments>'

_SHAPES_IN_A_BLOCK = 1024
_BLOCKS = re.compile(rb"""<(?:\w+:)?idmap\b[^>]*?\bdata\s*=\s*["']([\d,\s]*)["']""")
_SPACES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_EMPTY_DRAWING = (
    b"<xml" + _SPACES + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:230pt;height:{points}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_HEAD_BYTES = 4096
_BOX_COLUMNS, _BOX_GAP = 4, 15
_CHARACTERS_IN_A_LINE = 42
_MOST_LINES = 18


class MarkedNotes:
    """The note texts of one sheet."""

    def __init__(self, content: bytes | None, space: str) -> None:
        """Take the notes as they are.

        Args:
            content: the comments part, or None when the sheet has none.
            space: the namespace of the workbook's parts.

        Raises:
            UnusualPackage: the notes cannot be understood.
        """
        self._root = tree(content if content is not None else _EMPTY_COMMENTS.format(space=space).encode())
        self._space = etree.QName(self._root).namespace or ""
        authors, notes = (self._root.find(self._tag(name)) for name in ("authors", "commentList"))
        if authors is None or notes is None:
            raise UnusualPackage("no list of notes")
        self._authors, self._notes = authors, notes
        self._by_cell = {note.get("ref", ""): note for note in notes.iterfind(self._tag("comment"))}

    @property
    def cells(self) -> list[str]:
        """Names of the cells that have a note."""
        return list(self._by_cell)

    def add(self, cell: str, text: str) -> bool:
        """Put our text on a cell; whether that could be done."""
        text = _NOT_IN_XML.sub("\ufffd", text)
        note = self._by_cell.get(cell)
        if note is None:
            note = etree.SubElement(self._notes, self._tag("comment"), ref=cell, authorId=self._author(), shapeId="0")
            self._append(etree.SubElement(note, self._tag("text")), text)
            self._by_cell[cell] = note
            return True
        author = self._author_of(note)
        body = note.find(self._tag("text"))
        if author.startswith(_THREADED_AUTHOR) or body is None:
            return False
        if author == AUTHOR:  # of an earlier copy: what it said may be mended by now
            for part in list(body):
                body.remove(part)
            self._append(body, text)
        else:
            self._append(body, f"\n{text}")
        return True

    def content(self) -> bytes:
        """The comments part."""
        return serialised(self._root)

    def _tag(self, name: str) -> str:
        return f"{{{self._space}}}{name}"

    def _author(self) -> str:
        for number, author in enumerate(self._authors):
            if author.text == AUTHOR:
                return str(number)
        etree.SubElement(self._authors, self._tag("author")).text = AUTHOR
        return str(len(self._authors) - 1)

    def _author_of(self, note: etree._Element) -> str:
        number = note.get("authorId", "")
        if number.isdecimal() and int(number) < len(self._authors):
            return self._authors[int(number)].text or ""
        return ""

    def _append(self, body: etree._Element, text: str) -> None:
        run = etree.SubElement(body, self._tag("r"))
        style = etree.SubElement(run, self._tag("rPr"))
        etree.SubElement(style, self._tag("sz"), val="9")
        etree.SubElement(style, self._tag("color"), indexed="81")
        etree.SubElement(style, self._tag("rFont"), val="Tahoma")
        etree.SubElement(style, self._tag("family"), val="2")
        part = etree.SubElement(run, self._tag("t"))
        part.text = text
        part.set(_SPACE, "preserve")


def used_blocks(drawing: bytes) -> set[int]:
    """Numbers of the blocks of shape ids that a drawing has taken."""
    return {int(number) for found in _BLOCKS.finditer(drawing) for number in found[1].split(b",") if number.strip()}


def drawing_with(drawing: bytes | None, texts: Mapping[tuple[int, int], str], taken: Collection[int]) -> bytes:
    """The drawing with a box for each note, hidden until the mouse is on its cell.

    Args:
        drawing: the sheet's old drawing, or None when it has none.
        texts: (row, column) from 0 -> the note's text, which makes the box larger or smaller.
        taken: numbers of the blocks of shape ids that the workbook's drawings use.

    Raises:
        UnusualPackage: the old drawing cannot be added to.
    """
    free = _free_blocks(taken, len(texts))
    blocks = b",".join(b"%d" % block for block in free)
    if drawing is None:
        drawing = _EMPTY_DRAWING % blocks
    else:
        known = _BLOCKS.search(drawing)
        if known is not None:
            drawing = drawing[: known.end(1)] + (b"," if known[1].strip() else b"") + blocks + drawing[known.end(1) :]
    # Excel's own are not always well-formed XML: nothing but their end is looked for.
    end = drawing.rfind(b"</xml>")
    if end < 0:
        raise UnusualPackage("a drawing of another kind")
    kind = b"" if b'id="_x0000_t202"' in drawing else _SHAPE_TYPE
    numbers = (block * _SHAPES_IN_A_BLOCK + number for block in free for number in range(1, _SHAPES_IN_A_BLOCK))
    shapes = "".join(_shapes(texts, numbers)).encode("ascii")
    added = kind + shapes
    if not all(space in drawing[:_HEAD_BYTES] for space in _SPACES.split()):
        added = re.sub(rb"<v:shape(?:type)?\b", lambda found: found[0] + _SPACES, added)
    return drawing[:end] + added + drawing[end:]


def _free_blocks(taken: Collection[int], count: int) -> Sequence[int]:
    first = max(taken, default=0) + 1
    return range(first, first + max(1, -(-count // (_SHAPES_IN_A_BLOCK - 1))))


def _shapes(texts: Mapping[tuple[int, int], str], numbers: Iterator[int]) -> Iterator[str]:
    for (row, column), text in texts.items():
        lines = sum(1 + len(line) // _CHARACTERS_IN_A_LINE for line in text.split("\n"))
        lines = min(lines, _MOST_LINES) + 1
        top = max(0, row - 1)
        anchor = (column + 1, _BOX_GAP, top, 4, column + 1 + _BOX_COLUMNS, _BOX_GAP, top + lines, 4)
        yield _SHAPE.format(
            number=next(numbers), points=lines * 15, anchor=", ".join(map(str, anchor)), row=row, column=column
        )


def notes_text(sentences: Sequence[str], cell: str, place: tuple[int, int]) -> str:
    """What a note says: about the cell itself, or about one that merged cells hide, which is named."""
    here = cell_name(place[0] + 1, place[1]) == cell
    return "\n".join(sentence if here else f"{cell}: {sentence}" for sentence in sentences)
