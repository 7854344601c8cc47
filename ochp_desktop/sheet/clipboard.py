"""Blocks of cells as text, as Excel, LibreOffice and the web put them on the clipboard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ochp_desktop.sheet.even_lines import EvenLines
from ochp_desktop.sheet.slices import Slices, at_once

_ENDS = "\t\n"
# Characters that are taken apart in one go, and lines where there are quotes.
_PIECE, _QUOTED_LINES = 400_000, 512
# No sheet has so many columns.
_WIDE = 1_000
# Characters that are looked through in some milliseconds.
_LONG = 4_000_000
_END = re.compile("[\t\n]")


def parse_block(text: str) -> list[list[str]]:
    """The lines of cells in a copied text, as `parsing` finds them, without pauses."""
    return list(map(list, at_once(parsing(text))))


def parsing(text: str) -> Slices[Sequence[Sequence[str]]]:
    """The lines of cells in a copied text; lines may differ in length; [] for an empty text.

    Cells are split by tabs and lines by any line end; one line end at the very end is not a line of its own.
    A cell in quotes may hold tabs, line ends and doubled quotes; a quote that does not close a cell is just a
    character, because Excel copies `"so" to say` unquoted. Line ends inside cells become newlines.
    """
    for old, new in (("\0", ""), ("\r\n", "\n"), ("\r", "\n")):
        if old in text:
            text = text.replace(old, new)
        if len(text) > _LONG:
            yield
    if not text:
        return []
    if '"' in text:
        return (yield from _parsing_quoted(text))
    return (yield from _parsing_plain(text.removesuffix("\n")))


def _parsing_plain(text: str) -> Slices[Sequence[Sequence[str]]]:
    width = text.partition("\n")[0].count("\t") + 1
    even = EvenLines([[] for _column in range(min(width, _WIDE))])
    uneven: list[list[str]] | None = [] if width > _WIDE else None
    start = 0
    while start <= len(text):
        if start:
            yield
        end = text.find("\n", start + _PIECE)
        piece = text[start:] if end < 0 else text[start:end]
        start = len(text) + 1 if end < 0 else end + 1
        columns = _even_columns(piece, width) if uneven is None else None
        if columns is not None:
            even.add(columns)
            continue
        if uneven is None:
            uneven = list(map(list, even))
        uneven += [line.split("\t") for line in piece.split("\n")]
    return even if uneven is None else uneven


def _even_columns(text: str, width: int) -> list[list[str]] | None:
    """The cells of whole lines by column; None when the lines are not all so wide.

    Taken apart in one call, with a mark after each line: that takes half the time of taking each line apart.
    """
    cells = text.replace("\n", "\t\n\t").split("\t")
    cells.append("\n")
    lines = text.count("\n") + 1
    if len(cells) != lines * (width + 1) or cells[width :: width + 1].count("\n") != lines:
        return None
    return [cells[at :: width + 1] for at in range(width)]


def _parsing_quoted(text: str) -> Slices[list[list[str]]]:
    lines: list[list[str]] = []
    cells: list[str] = []
    place, size = 0, len(text)
    # Once a quote was found without an end, the later ones have none either: never look twice at a huge text.
    unclosed = False
    while True:
        cell, after = None, place
        if not unclosed and text.startswith('"', place):
            cell, after = _quoted(text, place)
            unclosed = cell is None and after >= size
        if cell is None:
            after = _cell_end(text, place)
            cell = text[place:after]
        cells.append(cell)
        if after < size and text[after] == "\t":
            place = after + 1
            continue
        lines.append(cells)
        cells = []
        place = after + 1
        if place >= size:
            return lines
        if not len(lines) % _QUOTED_LINES:
            yield


def format_block(rows: Iterable[Sequence[str]]) -> str:
    """Lines of cells as text that Excel, LibreOffice and `parse_block` take apart again."""
    return "".join("\t".join(map(_cell_text, row)) + "\n" for row in rows)


def format_columns(columns: Sequence[Sequence[str]]) -> str:
    """A block given as columns, as text; cells are looked at one by one only where there are odd ones."""
    text = text_of(bare_lines(columns), len(columns))
    return format_block(zip(*columns, strict=True)) if text is None else text


def bare_lines(columns: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a block given as columns, nothing in quotes, for `text_of`."""
    return list(map("\t".join, zip(*columns, strict=True)))


def text_of(lines: Sequence[str], width: int) -> str | None:
    """Lines that `bare_lines` made of so many columns, as text; None when a cell in them has to be put in quotes."""
    together = "\n".join(lines)
    tabs = max(0, width - 1) * len(lines)
    plain = together.count("\t") == tabs and together.count("\n") == max(0, len(lines) - 1)
    if plain and '"' not in together and "\r" not in together:
        return f"{together}\n" if lines else ""
    return None


def _cell_text(text: str) -> str:
    if text.startswith('"') or any(mark in text for mark in "\t\n\r"):
        return '"' + text.replace('"', '""') + '"'
    return text


def _cell_end(text: str, place: int) -> int:
    end = _END.search(text, place)
    return end.start() if end else len(text)


def _quoted(text: str, place: int) -> tuple[str | None, int]:
    """(the cell that opens with a quote at `place`, where it ends), or (None, how far was looked)."""
    look = place + 1
    while True:
        end = text.find('"', look)
        if end < 0:
            return None, len(text)
        if text.startswith('"', end + 1):
            look = end + 2
            continue
        after = end + 1
        if after == len(text) or text[after] in _ENDS:
            return text[place + 1 : end].replace('""', '"'), after
        return None, after
