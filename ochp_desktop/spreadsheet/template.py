"""Writes the empty table people start from: an example row, choice lists, and a sheet that explains every column."""

from __future__ import annotations

from pathlib import Path

from ochp_desktop.records.fields import RecordKind
from ochp_desktop.spreadsheet.output import replacing
from ochp_desktop.spreadsheet.write import Table, close_workbook, open_workbook, sheet_name, xml_text
from ochp_desktop.texts import _

_WIDTHS = (24, 20, 12, 70, 28, 26)


def write_template(path: Path | str, kind: RecordKind) -> int:
    """Write the template as .xlsx; returns the number of example rows.

    Raises:
        FileError: the file cannot be written.
    """
    target = Path(path)
    with replacing(path) as beside:
        book = open_workbook(beside)
        try:
            count = Table(book, kind, headers="labels").write([[item.example for item in kind]], {}, target.name)
            sheet = book.add_worksheet(sheet_name(_("Explanation")))
            text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
            strong = book.add_format({"num_format": "@", "valign": "top", "bold": True})
            head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#E9E9E6", "bottom": 1})
            sheet.set_column(0, 0, _WIDTHS[0], strong)
            for column, width in enumerate(_WIDTHS[1:], 1):
                sheet.set_column(column, column, width, text)
            intro = _(
                "One row for each record, below the header. The row that is there is an example: overwrite it. "
                "Columns may be moved or left out; their headers are what counts."
            )
            sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, "", text)
            sheet.write_string(0, 0, intro, text)
            sheet.set_row(0, 34)
            titles = (
                _("Column"),
                _("Protocol name"),
                _("Required"),
                _("What it is"),
                _("Allowed values"),
                _("Example"),
            )
            for column, title in enumerate(titles):
                sheet.write_string(2, column, title, head)
            for line, item in enumerate(kind, 3):
                needed = _("yes") if item.mandatory else _("no")
                choices = "\n".join(shown for _value, shown in item.type.choices())
                cells = (item.title(), item.name, needed, _(item.help), choices, item.example)
                for column, shown in enumerate(cells):
                    if shown:
                        sheet.write_string(line, column, xml_text(shown), strong if column == 0 else text)
            sheet.freeze_panes(3, 1)
        finally:
            close_workbook(book, target)
    return count
