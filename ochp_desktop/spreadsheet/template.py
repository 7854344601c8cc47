"""Writes the empty table people start from: an example row, choice lists, and a sheet that explains every column."""

from __future__ import annotations

from pathlib import Path

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.spreadsheet.newbook import NewBook
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.recordsheet import RecordSheet
from ochp_desktop.texts import _

_WIDTHS = (24, 20, 12, 70, 28, 26)
_INTRO_POINTS = 34


def write_template(path: Path | str, kind: RecordKind) -> int:
    """Write the template as .xlsx; returns the number of example rows.

    Raises:
        FileError: the file cannot be written.
    """
    with replacing(path) as beside, NewBook() as book:
        count = RecordSheet(book, kind, headers="labels", explain=True).write(
            [[item.example for item in kind]], {}, Path(path).name
        )
        _explain(book, kind)
        book.save(beside)
    return count


def _explain(book: NewBook, kind: RecordKind) -> None:
    sheet = book.sheet(_("Explanation"))
    text, strong, head = book.style(text_wrap=True), book.style(bold=True), book.head_style()
    for column, width in enumerate(_WIDTHS):
        sheet.set_width(column, width, text if column else strong)
    intro = _(
        "One row for each record, below the header. The row that is there is an example: overwrite it. "
        "Columns may be moved or left out; their headers are what counts."
    )
    sheet.frame.merge_range(0, 0, 0, len(_WIDTHS) - 1, "", text.format)
    sheet.add([(0, intro, text)], height=_INTRO_POINTS)
    sheet.skip()
    titles = (_("Column"), _("Protocol name"), _("Required"), _("What it is"), _("Allowed values"), _("Example"))
    sheet.add([(column, title, head) for column, title in enumerate(titles)])
    for item in kind:
        needed = _("yes") if item.mandatory else _("no")
        choices = "\n".join(shown for _value, shown in item.type.choices())
        cells = (item.title(), item.name, needed, _(item.help), choices, item.example)
        sheet.add([(column, shown, text if column else strong) for column, shown in enumerate(cells)])
    sheet.frame.freeze_panes(3, 1)
    sheet.frame.set_landscape()
    sheet.frame.fit_to_pages(1, 0)
