"""Writing files for a tab: asks where, runs the job, says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from ochp_desktop.gui.notice import Notice, Step
from ochp_desktop.gui.worker import JobRunner, MakeJob, Running
from ochp_desktop.jobs.export_file import (
    Rows,
    export_bad_rows,
    export_report,
    export_rows,
    export_sheet,
    mark_copy,
    write_template,
)
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number


class Exports:
    """The exports of one tab.

    Attributes:
        csv_for_excel: whether a .csv is written as a German, Dutch or French Excel opens it; chosen with its name.
    """

    def __init__(self, parent: QWidget, runner: JobRunner, notice: Notice, kind: RecordKind) -> None:
        self._parent = parent
        self._runner = runner
        self._notice = notice
        self._kind = kind
        # An Excel whose decimal sign is a comma wants semicolons between cells.
        self.csv_for_excel = QLocale.system().decimalPoint() == ","

    def ask_path(self, name: str, suffix: str, do: Callable[[Path], object]) -> None:
        """Ask for a file name, with the suffix when none is typed, and go on with it."""
        kinds = {
            "xlsx": [_("Excel files (*.xlsx)")],
            "xlsm": [_("Excel files with macros (*.xlsm)")],
            "csv": [_("CSV for Excel, with semicolons (*.csv)"), _("CSV in UTF-8, with commas (*.csv)")],
            "pdf": [_("PDF files (*.pdf)")],
        }
        filters = kinds[suffix]
        dialog = QFileDialog(self._parent, _("Save as"), f"{Path(name or self._kind.name).stem}.{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)  # before the dialog looks whether there is such a file already
        dialog.setNameFilters(filters)
        dialog.selectNameFilter(filters[0 if self.csv_for_excel else -1])
        accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
        path, chosen = dialog.selectedFiles()[:1], dialog.selectedNameFilter()
        dialog.deleteLater()
        if accepted and path:
            if suffix == "csv":
                self.csv_for_excel = chosen == filters[0]
            do(Path(path[0]))

    def rows(self, path: Path, rows: Rows) -> Running:
        """Write rows as .xlsx or .csv."""
        for_excel = self.csv_for_excel
        return self._write_rows(path, lambda cancel: export_rows(path, self._kind, rows, cancel, excel_csv=for_excel))

    def sheet(self, path: Path, sheet: Sheet, rows: Sequence[int]) -> Running:
        """Write rows of a sheet, by their ids, as .xlsx or .csv."""
        for_excel = self.csv_for_excel
        return self._write_rows(path, lambda cancel: export_sheet(path, sheet, rows, cancel, excel_csv=for_excel))

    def _write_rows(self, path: Path, make: MakeJob) -> Running:
        return self._write(
            path,
            make,
            lambda count: ngettext("{count} row written to {path}", "{count} rows written to {path}", count),
        )

    def report(self, path: Path, sheet: Sheet, checker: Checker) -> Running:
        """Write a sheet with its problems marked."""
        return self._write(
            path,
            lambda cancel: export_report(path, sheet, checker, cancel),
            lambda count: ngettext(
                "All rows written to {path}, with {count} problem marked",
                "All rows written to {path}, with {count} problems marked",
                count,
            ),
        )

    def bad_rows(self, path: Path, sheet: Sheet, checker: Checker) -> Running:
        """Write the rows with problems alone, with reasons and a hidden key."""
        return self._write(
            path,
            lambda cancel: export_bad_rows(path, sheet, checker, cancel),
            lambda count: ngettext(
                "{count} bad row written to {path}. Mend it there, then open that file here: the row is updated",
                "{count} bad rows written to {path}. Mend them there, then open that file here: the rows are updated",
                count,
            ),
        )

    def template(self, path: Path) -> Running:
        """Write an empty table."""
        return self._write(
            path, lambda cancel: write_template(path, self._kind, cancel), lambda _count: _("Template saved as {path}")
        )

    def not_marked(self, instead: Step) -> None:
        """Say that there is no workbook to put marks into, and what can be had instead."""
        self._notice.warn(
            _("Marks can be put into a copy of an .xlsx workbook only. All rows can be exported with them instead."),
            instead,
        )

    def marked(self, path: Path, sheet: Sheet, checker: Checker, instead: Step) -> Running:
        """Write a copy of the user's own workbook with its bad cells marked; offer another way where that fails."""

        def on_result(marked: tuple[int, int]) -> None:
            count, without_note = marked
            text = ngettext("{count} cell marked in {path}", "{count} cells marked in {path}", count)
            text = text.format(count=number(count), path=path)
            if without_note:
                more = ngettext(
                    "{count} of them is only coloured, without a note.",
                    "{count} of them are only coloured, without a note.",
                    without_note,
                )
                text = f"{text}. {more.format(count=number(without_note))}"
            self._notice.done(text, _open_step(path))

        return self._runner.start(
            _("Writing {file}").format(file=path.name),
            lambda cancel: mark_copy(path, sheet, checker, cancel),
            on_result=on_result,
            on_error=lambda error: self._notice.error(error, instead),
        )

    def nothing(self, *steps: Step) -> None:
        """Say that there is nothing to write."""
        self._notice.warn(_("There are no rows to export yet."), *steps)

    def _write(self, path: Path, make: MakeJob, told: Callable[[int], str]) -> Running:
        def on_result(count: int) -> None:
            self._notice.done(told(count).format(count=number(count), path=path), _open_step(path))

        title = _("Writing {file}").format(file=path.name)
        return self._runner.start(title, make, on_result=on_result, on_error=self._notice.error)


def _open_step(path: Path) -> Step:
    return Step(_("Open the file"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
