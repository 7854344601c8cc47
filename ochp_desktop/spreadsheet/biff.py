"""What a fast reader of cell values does not tell about an .xls sheet: number formats, errors, formulas, hidden parts.

Walks the records of an Excel 97 to 2003 workbook (BIFF8); older ones are left to the values alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ochp_desktop.spreadsheet import compound
from ochp_desktop.spreadsheet.cells import number_text
from ochp_desktop.spreadsheet.looks import Finding
from ochp_desktop.spreadsheet.numberformat import IdFormat
from ochp_desktop.spreadsheet.walkedsheet import Walk, WalkedSheet

_BOF, _EOF, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_ROW, _COLINFO = 0x0208, 0x007D
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205
_BIFF8 = 0x0600
_HIDDEN_ROW = 0x20
_NO_RESULT = 3
_TO_BE_CALCULATED = 0x3
ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class XlsPart(WalkedSheet):
    """One sheet of an Excel 97 workbook."""

    def walk(self) -> Walk:
        """One pass over the workbook's records and then over those of the sheet."""
        return _BiffWalk(compound.stream(self.path, ("Workbook",)), self.sheet)


class _BiffWalk(Walk):
    def __init__(self, content: bytes, sheet: str) -> None:
        super().__init__()
        self._content = content
        self._formats: dict[int, IdFormat] = {}
        start = self._globals(sheet)
        if start is not None:
            self._cells(start)

    def _records(self, at: int) -> Iterator[tuple[int, int, int]]:
        """(record type, offset of its content, length), up to the end of this part."""
        depth = 0
        while at + 4 <= len(self._content):
            kind, length = struct.unpack_from("<HH", self._content, at)
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            if depth == 1:
                yield kind, at + 4, length
            at += 4 + length

    def _globals(self, sheet: str) -> int | None:
        codes: dict[int, IdFormat] = {}
        styles: list[int] = []
        start: int | None = None
        for kind, at, length in self._records(0):
            if kind == _BOF and struct.unpack_from("<H", self._content, at)[0] != _BIFF8:
                return None
            if kind == _BOUNDSHEET:
                (offset,) = struct.unpack_from("<I", self._content, at)
                if self._text(at + 6, length - 6, size_bytes=1) == sheet:
                    start = offset
            elif kind == _FORMAT:
                (number,) = struct.unpack_from("<H", self._content, at)
                parsed = IdFormat.parse(self._text(at + 2, length - 2, size_bytes=2))
                if parsed is not None:
                    codes[number] = parsed
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", self._content, at + 2)[0])
        self._formats = {style: codes[number] for style, number in enumerate(styles) if number in codes}
        return start

    def _text(self, at: int, length: int, *, size_bytes: int) -> str:
        size = self._content[at] if size_bytes == 1 else struct.unpack_from("<H", self._content, at)[0]
        flags = self._content[at + size_bytes]
        start = at + size_bytes + 1
        wide = bool(flags & 1)
        raw = self._content[start : min(start + size * (2 if wide else 1), at + length)]
        return raw.decode("utf-16-le" if wide else "latin-1", "replace")

    def _cells(self, start: int) -> None:
        readers = {
            _NUMBER: self._on_number,
            _RK: self._on_packed,
            _MULRK: self._on_packed_row,
            _BOOLERR: self._on_error,
            _FORMULA: self._on_formula,
            _ROW: self._on_row,
            _COLINFO: self._on_column,
        }
        for kind, at, length in self._records(start):
            reader = readers.get(kind)
            if reader is not None:
                reader(at, length)

    def _on_number(self, at: int, _length: int) -> None:
        row, column, style, value = struct.unpack_from("<HHHd", self._content, at)
        self._number(row, column, style, value)

    def _on_packed(self, at: int, _length: int) -> None:
        row, column, style, packed = struct.unpack_from("<HHHI", self._content, at)
        self._number(row, column, style, unpacked(packed))

    def _on_packed_row(self, at: int, length: int) -> None:
        row, first = struct.unpack_from("<HH", self._content, at)
        for index in range((length - 6) // 6):
            style, packed = struct.unpack_from("<HI", self._content, at + 4 + 6 * index)
            self._number(row, first + index, style, unpacked(packed))

    def _on_error(self, at: int, _length: int) -> None:
        row, column, _style, code, is_error = struct.unpack_from("<HHHBB", self._content, at)
        if is_error:
            self.found.append(Finding(row, column, "error", ERROR_TEXTS.get(code, "#ERROR!")))

    def _on_formula(self, at: int, _length: int) -> None:
        row, column, style, value = struct.unpack_from("<HHHd", self._content, at)
        (options,) = struct.unpack_from("<H", self._content, at + 14)
        empty = self._content[at + 12 : at + 14] == b"\xff\xff" and self._content[at + 6] == _NO_RESULT
        if empty and options & _TO_BE_CALCULATED:
            self.found.append(Finding(row, column, "formula-without-value", ""))
            return
        self.found.append(Finding(row, column, "formula", ""))
        if self._content[at + 12 : at + 14] != b"\xff\xff":
            self._number(row, column, style, value)
        elif self._content[at + 6] == 2:  # noqa: PLR2004 - no number but an error
            self.found.append(Finding(row, column, "error", ERROR_TEXTS.get(self._content[at + 8], "#ERROR!")))

    def _on_row(self, at: int, _length: int) -> None:
        (flags,) = struct.unpack_from("<H", self._content, at + 12)
        self.hidden_rows |= bool(flags & _HIDDEN_ROW)

    def _on_column(self, at: int, _length: int) -> None:
        (flags,) = struct.unpack_from("<H", self._content, at + 8)
        self.hidden_columns |= bool(flags & 1)

    def _number(self, row: int, column: int, style: int, value: float) -> None:
        if style not in self._formats:
            return
        digits = number_text(value)
        if digits.lstrip("-").isdecimal():
            shown = self._formats[style].text(digits)
            if shown != digits:
                self.found.append(Finding(row, column, "number-format", shown))


def unpacked(packed: int) -> float:
    """The number of an RK value: 30 bits of a whole number or of a float, perhaps in hundredths."""
    if packed & 2:
        value = float(struct.unpack("<i", struct.pack("<I", packed))[0] >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))
    return value / 100 if packed & 1 else value
