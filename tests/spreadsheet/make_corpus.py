"""Has other programs write the corpus; run by hand, its files are committed.

python -m tests.spreadsheet.make_corpus sources DIR      the .xlsx files for LibreOffice (locked libraries)
soffice --headless --convert-to ods|xls|xlsx|html|xml:"MS Excel 2003 XML"|csv ...
python -m tests.spreadsheet.make_corpus xlwt DIR         needs xlwt
python -m tests.spreadsheet.make_corpus odfpy DIR        needs odfpy
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from .cases import CASES, Case, Formula, Rich, Shown

# xlwt and odfpy know no times of day longer than a day, and xlwt does not calculate.
NOT_IN_XLWT = {"durations", "formulas", "errors", "long", "rich"}
NOT_IN_ODFPY = {"mac-dates", "formulas", "errors", "rich", "long", "rounded"}


def main() -> int:
    """Write what is asked for."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        if what == "sources":
            from .producers import with_openpyxl

            with_openpyxl(case, folder / f"{case.name}.xlsx")
        elif what == "xlwt" and case.name not in NOT_IN_XLWT and (not case.only or "xls" in case.only):
            with_xlwt(case, folder / f"{case.name}.xls")
        elif what == "odfpy" and case.name not in NOT_IN_ODFPY and (not case.only or "ods" in case.only):
            with_odfpy(case, folder / f"{case.name}.ods")
    return 0


def with_xlwt(case: Case, path: Path) -> None:
    """An .xls as old Python scripts write it."""
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = case.mac_dates
    if case.hidden_sheet:
        secret = book.add_sheet("Secret")
        secret.write(0, 0, "old")
        secret.visibility = 1
    sheet = book.add_sheet("Cards")
    if case.hidden_sheet:
        book.set_active_sheet(1)
    for line, row in enumerate(case.rows):
        for column, value in enumerate(row):
            if value in {"", None}:
                continue
            if isinstance(value, Shown):
                sheet.write(line, column, value.value, xlwt.easyxf(num_format_str=value.format))
            else:
                sheet.write(line, column, value)
    if case.hidden_row:
        sheet.row(case.hidden_row - 1).hidden = True
    if case.hidden_column:
        sheet.col(ord(case.hidden_column) - ord("A")).hidden = True
    book.save(str(path))


def with_odfpy(case: Case, path: Path) -> None:
    """An .ods as Python scripts write it: values, and beside them what a program would show."""
    from odf.number import Number, NumberStyle
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style, TableProperties
    from odf.table import Table, TableCell, TableColumn, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    zeros = NumberStyle(name="zeros")
    zeros.addElement(Number(minintegerdigits=4, decimalplaces=0))
    document.automaticstyles.addElement(zeros)
    document.automaticstyles.addElement(Style(name="zero-cell", family="table-cell", datastylename="zeros"))
    if case.hidden_sheet:
        style = Style(name="hidden", family="table")
        style.addElement(TableProperties(display="false"))
        document.automaticstyles.addElement(style)
        secret = Table(name="Secret", stylename="hidden")
        row = TableRow()
        cell = TableCell(valuetype="string")
        cell.addElement(P(text="old"))
        row.addElement(cell)
        secret.addElement(row)
        document.spreadsheet.addElement(secret)
    table = Table(name="Cards")
    if case.hidden_column:
        for letter in "ABC":
            hidden = {"visibility": "collapse"} if letter == case.hidden_column else {}
            table.addElement(TableColumn(**hidden))
    for line, values in enumerate(case.rows, 1):
        row = TableRow(**({"visibility": "collapse"} if line == case.hidden_row else {}))
        for value in values or [""]:
            row.addElement(_odf_cell(TableCell, P, value))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(path))


def _odf_cell(make: Any, paragraph: Any, value: Any) -> Any:
    shown, form = (value.value, value.format) if isinstance(value, Shown) else (value, "")
    assert not isinstance(shown, (Formula, Rich))
    texts = [str(shown)]
    if shown in {"", None}:
        return make()
    if isinstance(shown, bool):
        cell = make(valuetype="boolean", booleanvalue="true" if shown else "false")
        texts = ["TRUE" if shown else "FALSE"]
    elif isinstance(shown, dt.date):
        cell = make(valuetype="date", datevalue=shown.isoformat())
    elif isinstance(shown, dt.timedelta | dt.time):
        seconds = (
            int(shown.total_seconds())
            if isinstance(shown, dt.timedelta)
            else shown.hour * 3600 + shown.minute * 60 + shown.second
        )
        cell = make(valuetype="time", timevalue=f"PT{seconds // 3600:02}H{seconds // 60 % 60:02}M{seconds % 60:02}S")
    elif isinstance(shown, (int, float)):
        cell = make(valuetype="float", value=shown, **({"stylename": "zero-cell"} if form else {}))
        texts = [str(shown).zfill(len(form)) if form else f"{shown:g}"]
    else:
        cell = make(valuetype="string", stringvalue=shown)
        texts = shown.split("\n")
    for text in texts:
        cell.addElement(paragraph(text=text))
    return cell


if __name__ == "__main__":
    raise SystemExit(main())
