"""What a fast reader of cell values does not tell about an .xlsb sheet: formats, errors, formulas, hidden parts."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator, Mapping

from ochp_desktop.spreadsheet.biff import ERROR_TEXTS, unpacked
from ochp_desktop.spreadsheet.cells import number_text
from ochp_desktop.spreadsheet.looks import Finding
from ochp_desktop.spreadsheet.numberformat import IdFormat
from ochp_desktop.spreadsheet.ooxml import elements
from ochp_desktop.spreadsheet.walkedsheet import Walk, WalkedSheet

_ROW, _RK, _ERROR, _REAL = 0, 2, 3, 5
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = 8, 9, 10, 11
_FORMULAS = {_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR}
_CELLS = {_RK, _ERROR, _REAL} | _FORMULAS
_FORMAT, _XF, _COLUMN, _SHEET = 44, 47, 60, 156
_CELL_XFS_BEGIN, _CELL_XFS_END = 617, 618
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_MAX_BYTES = 500_000_000


class XlsbPart(WalkedSheet):
    """One sheet of a binary Excel workbook."""

    def walk(self) -> Walk:
        """One pass over the sheet's records."""
        with zipfile.ZipFile(self.path) as archive:
            return _XlsbWalk(archive, self.sheet)


class _XlsbWalk(Walk):
    def __init__(self, archive: zipfile.ZipFile, sheet: str) -> None:
        super().__init__()
        part = _part_of(archive, sheet)
        if part is None or archive.getinfo(part).file_size > _MAX_BYTES:
            return
        formats = _formats(archive)
        row = 0
        for kind, content in _records(archive.read(part)):
            if kind == _ROW:
                (row,) = struct.unpack_from("<I", content)
                self.hidden_rows |= bool(content[11] & _HIDDEN_ROW)
            elif kind == _COLUMN:
                self.hidden_columns |= bool(content[16] & _HIDDEN_COLUMN)
            elif kind in _CELLS:
                self._cell(row, kind, content, formats)

    def _cell(self, row: int, kind: int, content: bytes, formats: Mapping[int, IdFormat]) -> None:
        column, style = _place(content)
        if kind in _FORMULAS:
            self.found.append(Finding(row, column, "formula", ""))
        if kind in {_ERROR, _FORMULA_ERROR}:
            self.found.append(Finding(row, column, "error", ERROR_TEXTS.get(content[8], "#ERROR!")))
        elif style in formats and kind in {_RK, _REAL, _FORMULA_NUMBER}:
            value = unpacked(struct.unpack_from("<I", content, 8)[0]) if kind == _RK else _real(content)
            self._number(row, column, formats[style], value)

    def _number(self, row: int, column: int, style: IdFormat, value: float) -> None:
        digits = number_text(value)
        if digits.lstrip("-").isdecimal() and (shown := style.text(digits)) != digits:
            self.found.append(Finding(row, column, "number-format", shown))


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(record type, content): type in one or two bytes, length in one to four, seven bits each."""
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        length = 0
        for shift in (0, 7, 14, 21):
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, content[at : at + length]
        at += length


def _place(content: bytes) -> tuple[int, int]:
    """(column, style) of a cell."""
    column, style = struct.unpack_from("<II", content)
    return column, style & 0xFFFFFF


def _real(content: bytes) -> float:
    value: float = struct.unpack_from("<d", content, 8)[0]
    return value


def _text(content: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<I", content, at)
    end = at + 4 + 2 * size
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    names = {name.lower(): name for name in archive.namelist()}
    with archive.open(names["xl/_rels/workbook.bin.rels"]) as stream:
        targets = {attributes.get("Id", ""): attributes.get("Target", "") for _tag, attributes in elements(stream)}
    for kind, content in _records(archive.read(names["xl/workbook.bin"])):
        if kind == _SHEET:
            relation, at = _text(content, 8)
            if _text(content, at)[0] == sheet:
                target = posixpath.normpath(posixpath.join("/xl", targets.get(relation, "")))
                return names.get(target.lstrip("/").lower())
    return None


def _formats(archive: zipfile.ZipFile) -> dict[int, IdFormat]:
    names = {name.lower(): name for name in archive.namelist()}
    if "xl/styles.bin" not in names:
        return {}
    codes: dict[int, IdFormat] = {}
    styles: list[int] = []
    within = False
    for kind, content in _records(archive.read(names["xl/styles.bin"])):
        if kind == _FORMAT:
            parsed = IdFormat.parse(_text(content, 2)[0])
            if parsed is not None:
                codes[struct.unpack_from("<H", content)[0]] = parsed
        elif kind in {_CELL_XFS_BEGIN, _CELL_XFS_END}:
            within = kind == _CELL_XFS_BEGIN
        elif kind == _XF and within:
            styles.append(struct.unpack_from("<H", content, 2)[0])
    return {style: codes[number] for style, number in enumerate(styles) if number in codes}
