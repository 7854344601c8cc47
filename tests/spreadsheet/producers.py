"""Writes a case of the corpus with the locked libraries; other programs' files are committed beside the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .cases import Case, Formula, Rich, Shown

Producer = Callable[[Case, Path], None]


def with_openpyxl(case: Case, path: Path) -> None:
    """An .xlsx as Python scripts write it: formulas without values."""
    book = openpyxl.Workbook()
    if case.mac_dates:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    if case.hidden_sheet:
        sheet.title = "Secret"
        sheet["A1"] = "old"
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Cards")
        book.active = sheet
    for line, row in enumerate(case.rows, 1):
        for column, value in enumerate(row, 1):
            if value not in {"", None}:
                _put_openpyxl(sheet.cell(line, column), value)
    for area in case.merged:
        sheet.merge_cells(area)
    if case.hidden_row:
        sheet.row_dimensions[case.hidden_row].hidden = True
    if case.hidden_column:
        sheet.column_dimensions[case.hidden_column].hidden = True
    book.save(path)


def _put_openpyxl(cell: Any, value: Any) -> None:
    if isinstance(value, Shown):
        cell.value = value.value
        cell.number_format = value.format
    elif isinstance(value, Formula):
        cell.value = value.text
        cell.number_format = value.format
    elif isinstance(value, Rich):
        cell.value = CellRichText(value.plain, TextBlock(InlineFont(b=True), value.bold))
    else:
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # "=1+1" typed as text


def with_xlsxwriter(case: Case, path: Path) -> None:
    """An .xlsx as report programs write it: formulas with their values."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "date_1904": case.mac_dates})
    if case.hidden_sheet:
        secret = book.add_worksheet("Secret")
        secret.write_string(0, 0, "old")
        secret.hide()
    sheet = book.add_worksheet("Cards")
    if case.hidden_sheet:
        sheet.activate()
        sheet.set_first_sheet()
    for area in case.merged:
        sheet.merge_range(area, "")
    for line, row in enumerate(case.rows):
        for column, value in enumerate(row):
            if value not in {"", None}:
                _put_xlsxwriter(book, sheet, line, column, value)
    if case.hidden_row:
        sheet.set_row(case.hidden_row - 1, None, None, {"hidden": True})
    if case.hidden_column:
        sheet.set_column(f"{case.hidden_column}:{case.hidden_column}", None, None, {"hidden": True})
    book.close()


def _put_xlsxwriter(book: Any, sheet: Any, line: int, column: int, value: Any) -> None:
    if isinstance(value, Shown):
        sheet.write(line, column, value.value, book.add_format({"num_format": value.format}))
    elif isinstance(value, Formula):
        sheet.write_formula(line, column, value.text, book.add_format({"num_format": value.format}), value.value)
    elif isinstance(value, Rich):
        sheet.write_rich_string(line, column, value.plain, book.add_format({"bold": True}), value.bold)
    elif isinstance(value, str):
        sheet.write_string(line, column, value)
    else:
        sheet.write(line, column, value)


PRODUCERS: dict[str, Producer] = {"openpyxl": with_openpyxl, "xlsxwriter": with_xlsxwriter}
