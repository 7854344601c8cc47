"""The styles of a workbook with those of marked cells added: each is the cell's own style on another ground."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml import etree

from ochp_desktop.records.problems import Level
from ochp_desktop.spreadsheet.package import UnusualPackage, serialised, tree

_DARK = "FF1D1F21"
# Font colours that are white or nearly so in every usual theme and palette.
_LIGHT_THEME = {"0", "2"}
_LIGHT_INDEX = {"1", "9"}
_LIGHT_SUM = 3 * 0xC0
_EMPTY = (
    '<styleSheet xmlns="{space}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class MarkedStyles:
    """The workbook's styles; a marked one is made when it is first asked for."""

    def __init__(self, content: bytes | None, space: str, grounds: Mapping[Level, str]) -> None:
        """Take the styles as they are.

        Args:
            content: the styles part, or None when the workbook has none.
            space: the namespace of the workbook's parts.
            grounds: level -> "#FDE4E1".

        Raises:
            UnusualPackage: the styles cannot be understood.
        """
        self._root = tree(content if content is not None else _EMPTY.format(space=space).encode())
        self._space = etree.QName(self._root).namespace or ""
        self._grounds = grounds
        self._formats = self._child("cellXfs")
        self._fills = self._child("fills")
        self._known: dict[tuple[int, Level], int] = {}
        self._ground_ids: dict[Level, str] = {}
        self._dark_fonts: dict[str, str] = {}
        if not len(self._formats):
            raise UnusualPackage("no cell formats")

    def marked(self, style: int, level: Level) -> int:
        """Number of the style that is like this one, on the level's ground."""
        if not 0 <= style < len(self._formats):
            style = 0
        found = self._known.get((style, level))
        if found is None:
            one = copy.deepcopy(self._formats[style])
            one.set("fillId", self._ground(level))
            one.set("applyFill", "1")
            font = self._readable(one.get("fontId", "0"))
            if font is not None:
                one.set("fontId", font)
                one.set("applyFont", "1")
            self._formats.append(one)
            found = self._known[style, level] = len(self._formats) - 1
        return found

    def content(self) -> bytes:
        """The styles part with all that was asked for."""
        for group in (self._formats, self._fills, self._child("fonts")):
            group.set("count", str(len(group)))
        return serialised(self._root)

    def _child(self, name: str) -> etree._Element:
        found = self._root.find(f"{{{self._space}}}{name}")
        if found is None:
            raise UnusualPackage(f"no {name}")
        return found

    def _ground(self, level: Level) -> str:
        if level not in self._ground_ids:
            fill = etree.SubElement(self._fills, f"{{{self._space}}}fill")
            pattern = etree.SubElement(fill, f"{{{self._space}}}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{{{self._space}}}fgColor", rgb=f"FF{self._grounds[level][1:]}")
            etree.SubElement(pattern, f"{{{self._space}}}bgColor", indexed="64")
            self._ground_ids[level] = str(len(self._fills) - 1)
        return self._ground_ids[level]

    def _readable(self, font: str) -> str | None:
        """Number of a dark copy of a light font, which would not be seen on our grounds; None when it is dark."""
        fonts = self._child("fonts")
        if not font.isdecimal() or int(font) >= len(fonts):
            return None
        if font not in self._dark_fonts:
            colour = fonts[int(font)].find(f"{{{self._space}}}color")
            if colour is None or not _is_light(colour):
                return None
            one = copy.deepcopy(fonts[int(font)])
            dark = one.find(f"{{{self._space}}}color")
            assert dark is not None
            dark.attrib.clear()
            dark.set("rgb", _DARK)
            fonts.append(one)
            self._dark_fonts[font] = str(len(fonts) - 1)
        return self._dark_fonts[font]


def _is_light(colour: etree._Element) -> bool:
    if colour.get("theme") in _LIGHT_THEME or colour.get("indexed") in _LIGHT_INDEX:
        return not (colour.get("tint") or "0").startswith("-")
    try:
        value = bytes.fromhex(colour.get("rgb", ""))[-3:]
    except ValueError:
        return False
    return len(value) == 3 and sum(value) > _LIGHT_SUM  # noqa: PLR2004 - red, green and blue
