"""A sheet of records in a new workbook: header, widths, choice lists, and marks and notes on bad cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ochp_desktop.errors import FileError
from ochp_desktop.records.fields import Field, RecordKind
from ochp_desktop.records.problems import Level, Problem
from ochp_desktop.spreadsheet.cells import cell_name, column_letter
from ochp_desktop.spreadsheet.newbook import (
    MAX_CELL_CHARACTERS,
    MAX_ROWS,
    TELL_EVERY,
    NewBook,
    Style,
    TextTooLong,
    Told,
    xml_text,
)
from ochp_desktop.texts import _, number

Headers = Literal["labels", "wire"]

# Excel gets slow with more notes than this; cells beyond keep their colour.
MAX_NOTES = 5000
NOTE_GROUNDS = {Level.ERROR: "#FDE4E1", Level.WARNING: "#FDF0CF", Level.HINT: "#E2EEFB"}

_MAX_LIST_CHARACTERS = 255
_MAX_NOTE_CHARACTERS = 2000


def header_texts(kind: RecordKind, headers: Headers) -> list[str]:
    """The header row."""
    return [field.name if headers == "wire" else field.title() for field in kind]


@dataclass(frozen=True, slots=True)
class Extra:
    """A column of ours beside the record's fields.

    Attributes:
        title: its header.
        texts: one for each row.
        width: in characters.
        hidden: whether Excel hides it.
    """

    title: str
    texts: Sequence[str]
    width: int = 40
    hidden: bool = False


class RecordSheet:
    """One sheet of records in a workbook that is being written."""

    def __init__(
        self,
        book: NewBook,
        kind: RecordKind,
        *,
        headers: Headers,
        sheet: str = "",
        before: Sequence[Extra] = (),
        behind: Sequence[Extra] = (),
        explain: bool = False,
    ) -> None:
        """Begin the sheet.

        Args:
            book: the workbook.
            kind: the fields, in order.
            headers: "labels" in the user's language, with the protocol's names as notes; or "wire" for those names.
            sheet: the sheet's name; the kind's label when empty.
            before: columns of ours before the fields; they stay in sight when the sheet is moved sideways.
            behind: columns of ours behind the fields.
            explain: whether the notes say what the fields mean.
        """
        self._kind = kind
        self._before, self._behind = before, behind
        self._first = len(before)
        self._sheet = book.sheet(sheet or _(kind.label))
        self._plain, self._wrapped, head = book.style(), book.style(text_wrap=True), book.head_style()
        self._grounds: dict[Level, Style] = {
            level: book.style(bg_color=colour) for level, colour in NOTE_GROUNDS.items()
        }
        self._notes = 0
        titles = header_texts(kind, headers)
        shown = [*(one.title for one in before), *titles, *(one.title for one in behind)]
        self._width = len(shown)
        self._sheet.add([(column, title, head) for column, title in enumerate(shown)])
        frame = self._sheet.frame
        for column, (field, title) in enumerate(zip(kind, titles, strict=True), self._first):
            self._sheet.set_width(column, max(field.width, len(title)) + 3, self._plain)
            if explain:
                frame.write_comment(0, column, _explanation(field), {"x_scale": 2.4, "y_scale": 1.2})
            elif headers == "labels":
                frame.write_comment(0, column, field.name, {"x_scale": 1.2, "y_scale": 0.4})
            self._offer_choices(column, field)
        for column, one in self._extras():
            self._sheet.set_width(column, one.width, self._wrapped, hidden=one.hidden)
        frame.freeze_panes(1, self._first)
        frame.set_landscape()
        frame.repeat_rows(0)
        # Texts of digits are meant: no green corner in every cell.
        fields = f"{column_letter(self._first)}1:{column_letter(self._first + len(kind) - 1)}{MAX_ROWS}"
        frame.ignore_errors({"number_stored_as_text": fields})

    def _extras(self) -> Iterator[tuple[int, Extra]]:
        yield from enumerate(self._before)
        yield from enumerate(self._behind, self._first + len(self._kind))

    def write(
        self,
        rows: Iterable[Sequence[str]],
        problems: Mapping[int, Sequence[Problem]],
        name: str,
        told: Told | None = None,
    ) -> int:
        """Write all rows below the header; returns how many.

        Args:
            rows: texts in field order.
            problems: position of a row (0 is the first) -> its problems.
            name: the file's, for sentences.
            told: told the number of rows done; may raise to stop.

        Raises:
            FileError: too many rows or too long a text for Excel.
        """
        sheet = self._sheet
        extra = bool(self._before or self._behind)
        try:
            for special, group in groupby(self._counted(rows, name, told), key=lambda one: extra or one[0] in problems):
                if special:
                    for position, row in group:
                        sheet.add(self._cells(position, row, problems.get(position, ())))
                else:
                    sheet.add_rows((row for _position, row in group), self._plain)
        except TextTooLong as failure:
            raise _too_long(name, sheet.count, failure.column) from None
        # With hidden columns in it: sorting must not tear a row's key from the row.
        sheet.frame.autofilter(0, 0, max(sheet.count - 1, 1), self._width - 1)
        return sheet.count - 1

    @staticmethod
    def _counted(rows: Iterable[Sequence[str]], name: str, told: Told | None) -> Iterator[tuple[int, Sequence[str]]]:
        for position, row in enumerate(rows):
            if told is not None and position % TELL_EVERY == 0:
                told(position)
            if position + 1 >= MAX_ROWS:
                raise _too_many_rows(name)
            yield position, row

    def _cells(
        self, position: int, row: Sequence[str], problems: Sequence[Problem]
    ) -> Iterator[tuple[int, str, Style]]:
        by_field: dict[str, list[Problem]] = {}
        for problem in problems:
            by_field.setdefault(problem.field, []).append(problem)
        yield from self._own(position, enumerate(self._before))
        for column, (field, text) in enumerate(zip(self._kind, row, strict=True), self._first):
            found = sorted(by_field.get(field.name, ()), key=lambda problem: -problem.level)
            if text or found:
                yield column, text, self._grounds[found[0].level] if found else self._plain
            if found and self._notes < MAX_NOTES:
                self._notes += 1
                note = "\n".join(xml_text(problem.message()) for problem in found)[:_MAX_NOTE_CHARACTERS]
                self._sheet.frame.write_comment(position + 1, column, note, {"x_scale": 2})
        yield from self._own(position, enumerate(self._behind, self._first + len(self._kind)))

    def _own(self, position: int, extras: Iterable[tuple[int, Extra]]) -> Iterator[tuple[int, str, Style]]:
        for column, one in extras:
            if position < len(one.texts) and one.texts[position]:
                yield column, one.texts[position][: MAX_CELL_CHARACTERS // 2], self._wrapped

    def _offer_choices(self, column: int, field: Field) -> None:
        choices = field.type.choices()
        texts = [text for text, _shown in choices]
        if not texts or len(",".join(texts)) > _MAX_LIST_CHARACTERS or any("," in text for text in texts):
            return
        self._sheet.frame.data_validation(
            1,
            column,
            MAX_ROWS - 1,
            column,
            {
                "validate": "list",
                "source": texts,
                # Other numbers exist in the field; they are judged by the rules, not by Excel.
                "error_type": "warning",
                "input_title": xml_text(field.title())[:32],
                "input_message": "\n".join(shown for _text, shown in choices)[:_MAX_LIST_CHARACTERS],
            },
        )


def _explanation(field: Field) -> str:
    needed = _("Required.") if field.mandatory else _("May be empty.")
    return xml_text("\n".join((field.name, needed, _(field.help))))


def _too_many_rows(name: str) -> FileError:
    return FileError(
        _("Too many rows for Excel"),
        _("An Excel sheet holds {count} rows, and {name} would need more. Save it as .csv instead.").format(
            count=number(MAX_ROWS), name=name
        ),
    )


def _too_long(name: str, line: int, column: int) -> FileError:
    return FileError(
        _("A text is too long for Excel"),
        _("Cell {cell} of {name} would hold more than {count} characters. Shorten it, or save as .csv instead.").format(
            cell=cell_name(line, column), name=name, count=number(MAX_CELL_CHARACTERS)
        ),
    )
