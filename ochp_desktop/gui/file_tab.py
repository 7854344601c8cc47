"""What a tab does with files: open them or take them into the open list, and write them in every form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.exports import Exports
from ochp_desktop.gui.importing.flow import ImportFlow
from ochp_desktop.gui.importing.ways import merge_text
from ochp_desktop.gui.notice import Step
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.tab import Tab
from ochp_desktop.gui.table.sheet_area import SheetArea
from ochp_desktop.jobs.export_file import can_be_marked
from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.jobs.import_merge import Way, take_damage
from ochp_desktop.jobs.import_proposal import Damage
from ochp_desktop.jobs.open_files import Opening, Taken, repair_edit
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

FILES = ("*.xlsx", "*.xlsm", "*.xls", "*.xlsb", "*.ods", "*.csv", "*.tsv", "*.txt", "*.htm", "*.html", "*.xml")


class FileTab(Tab):
    """A tab whose sheet comes from files and goes into files.

    Attributes:
        kind: what its rows are.
        area: table and problems.
        exports: writes files.
        importing: reads them, and asks where something is doubtful.

    Signals:
        other_kind: (Opening) files held records of another kind.
    """

    other_kind = Signal(object)

    def __init__(self, kind: RecordKind, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.kind = kind
        self.title_of_sheet = ""
        self.exports = Exports(self, session.runner, self.notice, kind)
        self.area = SheetArea(kind)
        self.importing = ImportFlow(kind, session, self)
        self.importing.opened.connect(self.take_over)
        self.importing.merged.connect(self.on_merged)
        self.importing.failed.connect(self._on_open_failed)
        self.importing.repairs_wanted.connect(self.repair)

    def show_sheet(self, sheet: Sheet, checker: Checker | None, title: str, *, keep: bool = True) -> None:
        """Show a sheet and keep it on disk from now on; without a checker it is checked now."""
        raise NotImplementedError

    def bring(self, sheet: Sheet) -> bool:
        """Show a sheet that is open already; False when it is not."""
        return self.area.sheet is sheet

    def check_again(self) -> None:
        """Check the whole sheet again, with what is known now."""
        raise NotImplementedError

    # opening

    def choose_files(self) -> None:
        """Ask for files and open them."""
        kinds = _("Spreadsheets ({patterns})").format(patterns=" ".join(FILES))
        paths, _kind = QFileDialog.getOpenFileNames(self, _("Open"), "", layout.file_filter(kinds))
        if paths:
            self.open_files([Path(path) for path in paths])

    def open_files(self, paths: Sequence[Path], sheet_name: str | None = None) -> bool:
        """Read, check and show files; what was open before stays among the kept drafts."""
        self.importing.open(paths, sheet_name, open_sheet=self.area.sheet)
        return True

    def choose_import(self) -> None:
        """Ask for a file whose rows go into the open list."""
        kinds = _("Spreadsheets ({patterns})").format(patterns=" ".join(FILES))
        path, _kind = QFileDialog.getOpenFileName(self, _("Import"), "", layout.file_filter(kinds))
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Show how a file's rows would come into the open list; without one, the file is opened."""
        sheet = self.area.sheet
        into = sheet is not None and len(sheet) > 0
        self.importing.open([path], open_sheet=sheet, way=Way.UPDATE if into else None, always_ask=into)

    def take_over(self, opening: Opening) -> None:
        """Show what was opened."""
        if opening.sheet.kind is not self.kind:
            self.other_kind.emit(opening)
            return
        self.show_sheet(opening.sheet, opening.checker, opening.title)
        self._tell_about(opening)

    def on_merged(self, taken: Taken) -> None:
        """A file's rows come into the open list, as one step to be undone."""
        sheet = taken.sheet
        if not self.bring(sheet):
            self.notice.warn(_("The list that the file was to come into was closed meanwhile; nothing was changed."))
            return
        if not taken.edit:
            self.notice.tell(_("The file changes nothing in the open list."))
            return
        take_damage(sheet, taken.imported, taken.merge)
        sheet.apply(taken.edit)
        if self.session.keeper is not None:
            self.session.keeper.renew_origin(sheet)
        text = _("{file}: {what}.").format(file=taken.imported.path.name, what=merge_text(taken.merge))
        self.notice.done(text, Step(_("Undo"), self.area.actions_.undo.trigger))

    def repair(self, damages: Sequence[Damage]) -> None:
        """Repair cells that a spreadsheet program damaged, as one step to be undone."""
        sheet = self.area.sheet
        if sheet is not None:
            sheet.apply(repair_edit(sheet, damages))

    def _on_open_failed(self, error: OchpError) -> None:
        self.notice.error(error, Step(_("Open another file…"), self.choose_files))

    def _tell_about(self, opening: Opening) -> None:
        texts = opening.noticed()
        steps: list[Step] = []
        if len(opening.files) == 1:
            imported = opening.files[0]
            repairs = [damage for damage in imported.damages if damage.repair is not None]
            if repairs:
                words = ngettext("Repair {count} cell", "Repair {count} cells", len(repairs))
                steps.append(Step(words.format(count=number(len(repairs))), lambda: self._on_repair_clicked(repairs)))
            if len(imported.sheet_names) > 1:
                steps.append(Step(_("Another sheet…"), lambda: self._choose_sheet(imported)))
            if texts:
                steps.append(Step(_("Columns…"), lambda: self._look_again(imported)))
        if texts or steps:
            self.notice.tell(" ".join(texts) or _("The workbook has several sheets."), *steps)
        else:
            self.notice.clear()

    def _on_repair_clicked(self, damages: Sequence[Damage]) -> None:
        self.repair(damages)
        self.notice.done(
            ngettext("{count} cell repaired.", "{count} cells repaired.", len(damages)).format(
                count=number(len(damages))
            ),
            Step(_("Undo"), self.area.actions_.undo.trigger),
        )

    def _look_again(self, imported: Imported) -> None:
        self.importing.open([imported.path], imported.sheet_name or None, open_sheet=self.area.sheet, always_ask=True)

    def _choose_sheet(self, imported: Imported) -> None:
        menu = QMenu(self)
        for name in imported.sheet_names:
            action = QAction(name.replace("&", "&&"), menu)
            action.setEnabled(name != imported.sheet_name)
            action.triggered.connect(lambda _checked=False, name=name: self.open_files([imported.path], name))
            menu.addAction(action)
        menu.popup(self.notice.mapToGlobal(self.notice.rect().topRight()))

    # files out

    def _choose_export(self, suffix: str) -> None:
        self.exports.ask_path(self.title_of_sheet, suffix, self.export_to)

    def _choose_report(self) -> None:
        self.exports.ask_path(f"{Path(self.title_of_sheet or self.kind.name).stem}-problems", "xlsx", self.report_to)

    def _choose_template(self) -> None:
        self.exports.ask_path(f"{self.kind.name}-template", "xlsx", self.exports.template)

    def export_to(self, path: Path) -> None:
        """Write the shown rows, in the shown order."""
        sheet = self.area.sheet
        if sheet is None:
            self.exports.nothing(Step(_("Open a file…"), self.choose_files))
        else:
            self.exports.sheet(path, sheet, self.area.view.rows[:])

    def _choose_bad_rows(self) -> None:
        name = f"{Path(self.title_of_sheet or self.kind.name).stem}-bad-rows"
        self.exports.ask_path(name, "xlsx", self.bad_rows_to)

    def bad_rows_to(self, path: Path) -> None:
        """Write the rows with problems alone, to be mended and taken back."""
        sheet, checker = self.area.sheet, self.area.checker
        if sheet is None or checker is None:
            self.exports.nothing(Step(_("Open a file…"), self.choose_files))
        else:
            self.exports.bad_rows(path, sheet, checker)

    def _choose_marked(self) -> None:
        sheet = self.area.sheet
        if sheet is None:
            self.exports.nothing(Step(_("Open a file…"), self.choose_files))
        elif not can_be_marked(sheet):
            self.exports.not_marked(self._report_instead())
        else:
            assert sheet.origin is not None
            suffix = Path(sheet.origin.path).suffix[1:].lower()
            name = f"{Path(self.title_of_sheet or self.kind.name).stem}-marked.xlsx"
            self.exports.ask_path(name, "xlsm" if suffix == "xlsm" else "xlsx", self.marked_to)

    def marked_to(self, path: Path) -> None:
        """Write a copy of the file that was opened, with its bad cells marked."""
        sheet, checker = self.area.sheet, self.area.checker
        if sheet is None or checker is None:
            self.exports.nothing(Step(_("Open a file…"), self.choose_files))
        else:
            self.exports.marked(path, sheet, checker, self._report_instead())

    def _report_instead(self) -> Step:
        return Step(_("Export with all problems marked…"), self._choose_report)

    def report_to(self, path: Path) -> None:
        """Write the rows with their problems marked."""
        sheet, checker = self.area.sheet, self.area.checker
        if sheet is None or checker is None:
            self.exports.nothing(Step(_("Open a file…"), self.choose_files))
        else:
            self.exports.report(path, sheet, checker)
