"""How a file will be taken, on one screen: what was found, what is doubtful, what comes out; all can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QSplitter, QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui import layout
from ochp_desktop.gui.importing.columns_table import ColumnsTable
from ochp_desktop.gui.importing.options import Options, zone_here
from ochp_desktop.gui.importing.preview import ChangeLine, Preview, change_lines
from ochp_desktop.gui.importing.ways import Ways
from ochp_desktop.gui.notice import Notice
from ochp_desktop.gui.worker import JobRunner, Running
from ochp_desktop.jobs.import_file import Imported, build
from ochp_desktop.jobs.import_merge import Merge, Way, compare
from ochp_desktop.jobs.import_proposal import (
    OPEN,
    Matching,
    Proposal,
    Remembered,
    Rows,
    find_file,
    look_again,
    matching_of,
    propose,
)
from ochp_desktop.records.kinds import KINDS
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number

_SIZE = (940, 700)
_FIRST_LOOK = 50  # milliseconds


class ImportDialog(QDialog):
    """One file before it is taken.

    Everything that takes time runs beside the window; the main button waits for it.

    Attributes:
        proposal: how the file will be taken, as chosen so far.
        imported: the sheet that it makes.
        merge: what the open list gets, None where the file becomes a list of its own.

    Signals:
        taken: people said yes; `proposal`, `imported`, `merge` and `ways` say to what.
        forgotten: what was remembered for this header is to be forgotten.
    """

    taken = Signal()
    forgotten = Signal()

    def __init__(
        self,
        proposal: Proposal,
        runner: JobRunner,
        *,
        open_sheet: Sheet | None = None,
        memory: Mapping[str, Remembered] | None = None,
        timezone: str = "",
        way: Way | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.proposal = proposal
        self.imported: Imported | None = None
        self.merge: Merge | None = None
        self._runner = runner
        self._open_sheet = open_sheet
        self._memory = memory or {}
        self._timezone = timezone
        self.ways = Ways(open_sheet, way or (Way.MENDED if proposal.row_keys and open_sheet is not None else Way.NEW))
        self._changed = False
        self._waiting = False
        self._working: list[Running] = []
        self._turn = 0
        self.setWindowTitle(_("Open a file"))
        layout.open_at_size(self, *_SIZE)
        self._make_parts()
        self._put_together()
        self.proposal = self._with_zone(proposal)
        self._show()
        # What makes a list of a million rows would hold up the first look at the dialog.
        QTimer.singleShot(_FIRST_LOOK, self, self._work_out)

    def _make_parts(self) -> None:
        self.title_label = layout.label("", "title")
        self.summary_label = layout.label("", "muted", wrap=True)
        self.options = Options()
        self.options.zone_known = bool(self.proposal.answers.timezone)
        self.columns = ColumnsTable()
        self.preview = Preview()
        self.notice = Notice()
        self.remember_box = QCheckBox(_("Remem&ber this for files with the same header"))
        self.remember_box.setChecked(True)
        self.forget_button = layout.button(_("For&get these choices"), self._on_forget_clicked)
        self.repair_box = QCheckBox()
        self.cancel_button = layout.button(_("Cancel"), self.reject)
        self.main_button = layout.button("", self._on_main_clicked, look="main")
        self.main_button.setDefault(True)
        self.options.source_changed.connect(self._on_source_changed)
        self.options.kind_changed.connect(self._on_kind_changed)
        self.options.table_changed.connect(self._on_table_changed)
        self.options.answers_changed.connect(self._on_answers_changed)
        self.columns.chosen.connect(self._on_columns_chosen)
        self.ways.chosen.connect(self._on_way_chosen)

    def _put_together(self) -> None:
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.addWidget(self.columns)
        halves.addWidget(self.preview)
        halves.setChildrenCollapsible(False)
        halves.setSizes([310, 200])
        layout.dialog_layout(
            self,
            layout.column(self.title_label, self.summary_label, spacing=4),
            self.options,
            halves,
            self.notice,
            self.ways,
            self.repair_box,
            layout.row(self.remember_box, self.forget_button, None, self.cancel_button, self.main_button),
        )
        whole = self.layout()
        assert whole is not None
        whole.setStretch(2, 1)  # type: ignore[attr-defined] # a box layout

    # showing

    def _with_zone(self, proposal: Proposal) -> Proposal:
        """Times without offset are proposed to be of here."""
        if not proposal.signs.without_offset or proposal.answers.timezone:
            return proposal
        return replace(proposal, answers=replace(proposal.answers, timezone=zone_here()))

    def _show(self) -> None:
        """Show the proposal as it is now."""
        proposal = self.proposal
        table = proposal.table
        where = (
            _("{file}, sheet {sheet}").format(file=table.path.name, sheet=table.sheet)
            if table.sheet
            else table.path.name
        )
        self.title_label.setText(where)
        self.summary_label.setText(self._summary())
        layout.set_look(self.summary_label, "warning" if proposal.asks else "muted")
        self.options.show_proposal(proposal)
        self.ways.show_proposal(proposal)
        self.columns.show_proposal(proposal, updating=self.ways.updating)
        self.preview.show_noticed(proposal)
        repairs = sum(damage.repair is not None for damage in proposal.damages)
        self.repair_box.setText(
            ngettext(
                "&Repair the cell that was probably damaged by Excel (can be undone)",
                "&Repair {count} cells that were probably damaged by Excel (can be undone)",
                repairs,
            ).format(count=number(repairs))
        )
        # What goes into the open list is repaired there, where it can be seen beside the rest.
        self.repair_box.setVisible(bool(repairs) and self.ways.way is Way.NEW)
        self.forget_button.setVisible(proposal.remembered)
        self.remember_box.setVisible(proposal.matching.header_row >= 0)

    def _summary(self) -> str:
        proposal = self.proposal
        matching, signs = proposal.matching, proposal.signs
        parts: list[str] = []
        if proposal.remembered:
            parts.append(_("Matched as last time."))
        if not matching.columns:
            parts.append(_("None of the columns is known: choose below what each of them becomes."))
        if matching.unsure:
            names = ", ".join(proposal.kind.field(name).title() for name in matching.unsure)
            parts.append(_("Please check: {names}.").format(names=names.removesuffix(".")))
        if signs.date_order == OPEN:
            parts.append(_("Is {example} written day or month first?").format(example=signs.date_example.split(" ")[0]))
        if signs.decimal == OPEN:
            parts.append(_("Is {example} a decimal number or thousands?").format(example=signs.decimal_example))
        if signs.without_offset and not self.options.zone_known:
            parts.append(_("The times do not say their time zone."))
        if proposal.others:
            parts.append(
                ngettext(
                    "There is {count} more table on the sheet.",
                    "There are {count} more tables on the sheet.",
                    len(proposal.others),
                ).format(count=number(len(proposal.others)))
            )
        lacking = [
            item.title()
            for item in proposal.kind
            if item.mandatory and item.name in matching.missing and item.name not in matching.constants
        ]
        if lacking and matching.columns:
            parts.append(_("No column for: {names}.").format(names=", ".join(lacking).removesuffix(".")))
        return " ".join(parts) or _("All columns were recognised.")

    # changes

    def _on_way_chosen(self) -> None:
        self.columns.show_proposal(self.proposal, updating=self.ways.updating)
        repairs = any(damage.repair is not None for damage in self.proposal.damages)
        self.repair_box.setVisible(repairs and self.ways.way is Way.NEW)
        self._work_out()

    def _on_columns_chosen(self) -> None:
        old = self.proposal.matching
        columns, times = self.columns.chosen_columns(), self.columns.chosen_times()
        how = {
            name: old.how.get(name, "manual")
            if (old.columns.get(name), old.times.get(name)) == (at, times.get(name))
            else "manual"
            for name, at in columns.items()
        }
        bounds = (old.first_column, old.end_column, old.end_row)
        self._look_again(
            matching_of(
                self.proposal.table.rows,
                old.kind,
                old.header_row,
                columns,
                how,
                self.columns.chosen_constants(),
                bounds,
                times,
            )
        )

    def _on_table_changed(self) -> None:
        chosen, table, kind = self.options.header_bounds(), self.proposal.table, self.proposal.kind
        for other in (self.proposal.matching, *self.proposal.others):
            if (other.header_row, other.first_column) == (chosen.header_row, chosen.first_column):
                self._look_again(other)
                return
        start = max(chosen.header_row, 0)

        def find() -> Proposal:
            found = propose(replace(table, rows=Rows(table.rows[start : start + 200])), kind, {}).matching
            fits = found.header_row == 0 and chosen.header_row >= 0
            columns, times = (found.columns, found.times) if fits else ({}, {})
            matching = matching_of(table.rows, kind, chosen.header_row, columns, found.how, times=times)
            return look_again(table, matching, None, others=self.proposal.others, timezone=self._timezone)

        self._beside(find)

    def _on_answers_changed(self) -> None:
        self._look_again(self.proposal.matching)

    def _look_again(self, matching: Matching) -> None:
        table, others, known = self.proposal.table, self.proposal.others, self.proposal.remembered
        answers, zone = self.options.answers(), self._timezone
        self._beside(lambda: look_again(table, matching, answers, others=others, remembered=known, timezone=zone))

    def _on_kind_changed(self) -> None:
        table, kind, zone = self.proposal.table, KINDS[self.options.kind_name()], self._timezone
        self._beside(lambda: propose(table, kind, {}, zone))

    def _on_source_changed(self) -> None:
        table, kind = self.proposal.table, self.proposal.kind
        sheet, form, zone = self.options.sheet_name(), self.options.form(), self._timezone
        self._turn += 1
        turn = self._turn
        running = self._runner.start(
            _("Reading {file}").format(file=table.path.name),
            lambda cancel: find_file(table.path, kind, cancel, sheet, form, self._memory, zone),
            quiet=True,
            on_result=lambda proposal: self._on_proposed(turn, proposal),
            on_error=lambda error: self._on_failed(turn, error),
        )
        self._keep(running)

    def _beside(self, work: object) -> None:
        """Work something out beside the window and show it, unless something else was asked for meanwhile."""
        self._turn += 1
        turn = self._turn
        assert callable(work)
        self._keep(self._runner.call(work, on_result=lambda proposal: self._on_proposed(turn, proposal)))

    def _keep(self, running: Running) -> None:
        self._working.append(running)
        running.ended.connect(lambda: self._working.remove(running))

    def _on_proposed(self, turn: int, proposal: Proposal) -> None:
        if turn != self._turn:
            return
        self._changed = True
        self.proposal = self._with_zone(proposal)
        self.notice.clear()
        self._show()
        self._work_out()

    def _on_failed(self, turn: int, error: OchpError) -> None:
        if turn == self._turn:
            self._waiting = False
            self.notice.error(error)

    # what comes out

    def _work_out(self) -> None:
        """Build the sheet and, where it goes into the open list, what changes there."""
        self._turn += 1
        turn, proposal, way, sheet = self._turn, self.proposal, self.ways.way, self._open_sheet
        self.imported = None

        def work() -> tuple[Imported, Merge | None, list[ChangeLine]]:
            imported = build(proposal)
            if sheet is None or way is Way.NEW:
                return imported, None, []
            merge = compare(sheet, imported, way)
            return imported, merge, list(change_lines(merge, sheet, imported.sheet))

        self._keep(self._runner.call(work, on_result=lambda outcome: self._on_worked_out(turn, outcome)))

    def _on_worked_out(self, turn: int, outcome: tuple[Imported, Merge | None, list[ChangeLine]]) -> None:
        if turn != self._turn:
            return
        self.imported, self.merge, lines = outcome
        self.preview.show_rows(self.imported)
        self.preview.show_changes(self.merge, lines)
        self.ways.show_merge(self.merge)
        self.main_button.setText(self.ways.words(self.imported, self.merge))
        if self._waiting:
            self._on_main_clicked()

    @property
    def to_be_remembered(self) -> bool:
        """Whether the choices are worth remembering and people want it."""
        chosen = self._changed or bool(self.proposal.matching.unsure)
        return chosen and self.remember_box.isChecked() and self.proposal.matching.header_row >= 0

    def _on_forget_clicked(self) -> None:
        self.forgotten.emit()
        table, kind, zone = self.proposal.table, self.proposal.kind, self._timezone
        self._memory = {}
        self._beside(lambda: propose(table, kind, {}, zone))

    def _on_main_clicked(self) -> None:
        if self.imported is None:
            self._waiting = True  # taken as soon as it is worked out
            return
        self._waiting = False
        if not self.proposal.matching.columns:
            self.notice.warn(_("Choose for at least one column what it becomes."))
            return
        self.taken.emit()
        self.accept()

    def reject(self) -> None:
        """Leave everything as it is."""
        for running in list(self._working):
            running.stop()
        super().reject()
