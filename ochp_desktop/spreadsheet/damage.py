"""Finds what a spreadsheet program did to ids and numbers before the file arrived, cell by cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ochp_desktop.records.fields import Field
from ochp_desktop.records.pieces import copied, lengths, pieces
from ochp_desktop.records.value_ids import Identifier, Pin
from ochp_desktop.records.value_volume import Volume
from ochp_desktop.records.values import trimmed
from ochp_desktop.spreadsheet.cells import cell_name
from ochp_desktop.spreadsheet.matching import Matching
from ochp_desktop.spreadsheet.rawtable import RawTable
from ochp_desktop.texts import N_, _

MOST = 10_000
"""More damage than this in one file is one damage: of the file."""

# Excel keeps this many digits of a number.
_DIGITS = 15
_SCIENTIFIC = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,20})?E\+?\d{1,3}", re.IGNORECASE)
_SURELY_SCIENTIFIC = re.compile(
    r"[+-]?(?:\d[.,]\d{1,20}E\+?\d{1,3}|\d(?:[.,]\d{1,20})?E\+\d{1,3}|inf|nan)", re.IGNORECASE
)
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})(?:T00:00:00)?")
_SUSPICIOUS = re.compile(r"E\+|\d[.,]\d+E\d|/|^(?:inf|nan)$|^\d{4}-\d\d-\d\d|^\d{16,}$", re.IGNORECASE | re.MULTILINE)
_SIGNS = ("/", "E+", "e+", "inf", "Inf", "INF", "nan", "NaN", "NAN")
_DATE_OR_LONG = re.compile(r"^(?:\d{4}-\d\d-\d\d|\d{16,}$)", re.MULTILINE)
_SERIAL_START = date(1899, 12, 30)
# A column says what its usual length is when it has some cells, nearly all of one length.
_LEAST_CELLS = 4
_SAMPLE = 5000
_USUAL_SHARE = 0.5
_MOST_LOST = 5
_LONGEST_NUMBER = 40
_LONGEST_SHOWN = 40
# Numbers closer together than this, on average, were counted.
_DENSE = 4

MESSAGES = {
    "scientific": N_("{cell}: “{text}” is a number in scientific notation; the id behind it is lost."),
    "rounded": N_("{cell}: “{text}” has more than 15 digits; Excel has rounded the last ones."),
    "zeros": N_("{cell}: “{text}” is shorter than the others in its column; leading zeros are probably lost."),
    "date": N_("{cell}: “{text}” is a date; a spreadsheet probably made it from a number."),
    "error": N_("{cell}: “{text}” is an Excel error instead of a value."),
    "formula-without-value": N_("{cell} holds a formula that was never calculated."),
    "formula": N_("{cell}: “{text}” is what a formula shows."),
}
TITLES = {
    "scientific": N_("Ids in scientific notation"),
    "rounded": N_("Digits lost beyond 15"),
    "zeros": N_("Leading zeros probably lost"),
    "date": N_("Dates made from numbers"),
    "error": N_("Excel errors instead of values"),
    "formula-without-value": N_("Formulas never calculated"),
}


@dataclass(frozen=True, slots=True)
class Damage:
    """What happened to one cell.

    Attributes:
        row: row number in the file.
        field: protocol name of the cell's field.
        cell: its name in the file, "B17".
        kind: "scientific", "rounded", "zeros", "date", "error", "formula-without-value" or, which is no damage but
            worth a hint, "formula".
        text: what stands in it now; a secret as dots.
        repair: the text that it probably was, or None.
    """

    row: int
    field: str
    cell: str
    kind: str
    text: str
    repair: str | None = None

    def message(self) -> str:
        """What is wrong, in the user's language."""
        return _(MESSAGES[self.kind]).format(cell=self.cell, text=self.text)


def find_damage(table: RawTable, matching: Matching) -> list[Damage]:
    """The damaged cells of the matched columns, by column and row, then the formulas; at most `MOST` of each."""
    marks: dict[int, dict[int, str]] = {}
    for mark in table.marks:
        if mark.kind in MESSAGES:
            marks.setdefault(mark.column, {})[mark.row] = mark.kind
    found: list[Damage] = []
    formulas: list[Damage] = []
    start = matching.header_row + 1
    stop = min(len(table.rows), matching.end_row)
    for name, column in matching.columns.items():
        item = matching.kind.field(name)
        if column not in marks and not isinstance(item.type, (Identifier, Pin, Volume)):
            continue
        texts = copied(table.rows.columns[column], start, stop)
        marked = {at - start: kind for at, kind in marks.get(column, {}).items() if at >= start}
        for at, kind, repair in _in_column(item, texts, marked):
            row = table.first_row + start + at
            shown = item.shown(texts[at])[:_LONGEST_SHOWN]
            (formulas if kind == "formula" else found).append(
                Damage(row, name, cell_name(row, column), kind, shown, repair)
            )
    return [*found[:MOST], *formulas[:MOST]]


def _in_column(item: Field, texts: Sequence[str], marks: Mapping[int, str]) -> Iterator[tuple[int, str, str | None]]:
    """(position, kind, repair) of the damaged cells of one column."""
    is_id = isinstance(item.type, (Identifier, Pin))
    is_volume = isinstance(item.type, Volume)
    usual = _usual_length(texts) if is_id else 0
    suspects = set(marks)
    if usual and any(0 < length < usual for length in lengths(texts)):
        suspects.update(at for at, text in enumerate(texts) if 0 < len(text) < usual and text.isdecimal())
    # Many cells at once, because nearly all have nothing of the kind.
    for piece in pieces(0, len(texts)) if is_id or is_volume else ():
        part = texts[piece]
        if _may_be_damaged(part):
            suspects.update(at for at, text in enumerate(part, piece.start) if _SUSPICIOUS.search(text))
    for at in sorted(suspects):
        text = trimmed(texts[at])
        verdict = _in_cell(text, marks.get(at, ""), usual, is_id=is_id, is_volume=is_volume)
        if verdict is not None:
            yield at, *verdict


def _may_be_damaged(texts: Sequence[str]) -> bool:
    """A quick look at many cells: plain searches cost a tenth of a pattern."""
    whole = "\n".join(texts)
    if any(sign in whole for sign in _SIGNS):
        return True
    has_decimals, has_power = "." in whole or "," in whole, "E" in whole or "e" in whole
    if has_decimals and has_power:
        return True
    may_be = "-" in whole or max(map(len, texts), default=0) > _DIGITS
    return may_be and _DATE_OR_LONG.search(whole) is not None


def _in_cell(text: str, mark: str, usual: int, *, is_id: bool, is_volume: bool) -> tuple[str, str | None] | None:
    """(kind, repair) of a cell that may be damaged."""
    verdict: tuple[str, str | None] | None = None
    if is_id and (_SURELY_SCIENTIFIC.fullmatch(text) or (mark == "rounded" and _SCIENTIFIC.fullmatch(text))):
        verdict = "scientific", None
    elif mark and mark != "formula":
        verdict = mark, None
    elif is_id and text.isascii() and text.isdecimal():
        if len(text) > _DIGITS and not text[_DIGITS:].strip("0"):
            verdict = "rounded", None
        elif usual and len(text) < usual <= len(text) + _MOST_LOST and text[0] != "0":
            verdict = "zeros", text.zfill(usual)
    elif (is_id or is_volume) and (made := _DATE.fullmatch(text)):
        verdict = "date", _number_behind(made, usual, volume=not is_id)
    return verdict or ((mark, None) if mark else None)


def _usual_length(texts: Sequence[str]) -> int:
    """The length of nearly all texts of a column that holds ids of one length, else 0.

    Ids of one length whose first digit may be a zero: then a tenth of them lose one, a hundredth two.
    """
    plain = [text for text in texts if text]
    if len(plain) > _SAMPLE:
        plain = plain[:: len(plain) // _SAMPLE]
    lengths = Counter(len(text) for text in plain if text.isascii() and text.isalnum())
    if lengths.total() < _LEAST_CELLS or lengths.total() < _USUAL_SHARE * len(plain):
        return 0
    length, count = lengths.most_common(1)[0]
    longer = sum(many for size, many in lengths.items() if size > length)
    if count <= _USUAL_SHARE * lengths.total() or longer * 10 > lengths.total():
        return 0
    if any(len(text) == length and (text[0] == "0" or not text.isdecimal()) for text in plain):
        return length
    # All are numbers without a zero in front. Those that count up have none to lose; others lose one in ten.
    values = {int(text) for text in plain if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER}
    counting = max(values, default=0) - min(values, default=0) < _DENSE * len(values)
    shorter = sum(many for size, many in lengths.items() if size < length)
    return 0 if counting or shorter * 4 > lengths.total() else length


def _number_behind(made: re.Match[str], usual: int, *, volume: bool) -> str | None:
    """What was probably typed: 12.05 kWh became 12 May; an id of five digits is the day's own number."""
    day, month, year = (made[1], made[2], made[3]) if made[1] else (made[6], made[5], made[4])
    try:
        when = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if volume:
        return f"{when.day},{when.month:02}00"
    serial = str((when - _SERIAL_START).days)
    return serial if usual == len(serial) else None
