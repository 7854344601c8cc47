"""From chosen files to an open list: read, look, ask where something is doubtful, take, check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ochp_desktop.errors import OchpError
from ochp_desktop.gui.importing.dialog import ImportDialog
from ochp_desktop.gui.session import STORE, Session
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.import_file import Imported
from ochp_desktop.jobs.import_memory import forget, remember
from ochp_desktop.jobs.import_merge import Merge, Way, compare
from ochp_desktop.jobs.import_proposal import Damage, Proposal, Remembered, header_key, propose
from ochp_desktop.jobs.open_files import Found, Opening, Taken, look_at_files, open_proposals, taken_into
from ochp_desktop.jobs.workplace import TIMEZONE
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _, ngettext, number


class ImportFlow(QObject):
    """Opens files for one tab; asks at most once for each file, in one dialog.

    Attributes:
        dialog: the dialog that is open, or None.

    Signals:
        opened: (Opening) a list of its own.
        merged: (Taken) rows for the open list.
        failed: (OchpError) a file could not be read.
        repairs_wanted: (list of Damage) cells to be repaired once the list is shown.
    """

    opened = Signal(object)
    merged = Signal(object)
    failed = Signal(object)
    repairs_wanted = Signal(object)

    def __init__(self, kind: RecordKind, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.dialog: ImportDialog | None = None
        self._kind = kind
        self._session = session
        self._widget = parent
        self._running: Running | None = None
        self._open_sheet: Sheet | None = None
        self._way: Way | None = None
        self._always = False
        self._answered: list[Proposal] = []
        self._repairs: list[Damage] = []

    def open(
        self,
        paths: Sequence[Path],
        sheet_name: str | None = None,
        *,
        open_sheet: Sheet | None = None,
        way: Way | None = None,
        always_ask: bool = False,
    ) -> None:
        """Read the files; ask where something is doubtful, or always.

        Args:
            paths: the files; several become one list.
            sheet_name: the sheet to read, None for the one that fits.
            open_sheet: the list that is open, which a single file may go into.
            way: what is proposed to become of the rows.
            always_ask: show the dialog even when nothing is doubtful.
        """
        self.stop()
        self._open_sheet = open_sheet if len(paths) == 1 else None
        self._way, self._always = way, always_ask
        self._answered, self._repairs = [], []
        title = ngettext("Reading {file}", "Reading {count} files", len(paths)).format(
            file=paths[0].name, count=number(len(paths))
        )
        workplace = self._session.workplace
        self._running = self._session.runner.start(
            title,
            lambda cancel: look_at_files(paths, workplace, cancel, sheet_name),
            on_result=lambda found: self._ask_next(found, list(found.proposals)),
            on_error=self.failed.emit,
        )

    @property
    def busy(self) -> bool:
        """Whether files are being read, asked about or checked."""
        return self.dialog is not None or (self._running is not None and not self._running.over)

    def stop(self) -> None:
        """Stop what is being read."""
        if self._running is not None and not self._running.over:
            self._running.stop()
        if self.dialog is not None:
            self.dialog.reject()

    def _ask_next(self, found: Found, left: list[Proposal]) -> None:
        """Ask about the first file that has something doubtful; when none has, open them."""
        while left and not (left[0].asks or self._always):
            self._answered.append(left.pop(0))
        if not left:
            self._open_answered()
            return
        dialog = ImportDialog(
            left[0],
            self._session.runner,
            open_sheet=self._open_sheet,
            memory=found.memory,
            timezone=found.timezone,
            way=self._way,
            parent=self._widget,
        )
        self.dialog = dialog
        dialog.taken.connect(lambda: self._on_taken(dialog, found, left[1:]))
        dialog.forgotten.connect(lambda: self._keep(lambda workplace: forget(workplace, left[0])))
        dialog.finished.connect(lambda _result: self._on_closed(dialog))
        dialog.open()

    def _on_closed(self, dialog: ImportDialog) -> None:
        dialog.deleteLater()
        if self.dialog is dialog:
            self.dialog = None

    def _on_taken(self, dialog: ImportDialog, found: Found, left: list[Proposal]) -> None:
        proposal, imported, merge = dialog.proposal, dialog.imported, dialog.merge
        assert imported is not None
        zone = proposal.answers.timezone
        memory = dict(found.memory)
        if dialog.to_be_remembered:
            self._keep(lambda workplace: remember(workplace, proposal))
        if zone and zone != found.timezone:
            self._keep(lambda workplace: workplace.set_setting(TIMEZONE, zone))
        if dialog.repair_box.isVisibleTo(dialog) and dialog.repair_box.isChecked():
            self._repairs += [damage for damage in proposal.damages if damage.repair is not None]
        if merge is not None and self._open_sheet is not None:
            self._take_in(self._open_sheet, imported, merge)
            return
        self._answered.append(proposal)
        header = _header(proposal)
        others = [_like(proposal, one) if _header(one) == header else one for one in left]
        self._ask_next(Found(others, memory, zone or found.timezone), others)

    def _take_in(self, sheet: Sheet, imported: Imported, merge: Merge, *, again: bool = False) -> None:
        """Make the edit beside the window; anew, from a new comparison, when the list is edited meanwhile."""

        def on_result(taken: Taken) -> None:
            if taken.revision == sheet.revision:
                self.merged.emit(taken)
            else:
                self._take_in(sheet, imported, merge, again=True)

        self._running = self._session.runner.call(
            lambda: taken_into(sheet, imported, compare(sheet, imported, merge.way) if again else merge),
            on_result=on_result,
            on_error=self.failed.emit,
        )

    def _open_answered(self) -> None:
        proposals, workplace, wanted = self._answered, self._session.workplace, self._kind
        # The cells as the file has them are not needed once they are in a sheet.
        self._answered = []
        repairs = list(self._repairs)

        def on_result(opening: Opening) -> None:
            self.opened.emit(opening)
            if repairs and len(opening.files) == 1:
                self.repairs_wanted.emit(repairs)

        self._running = self._session.runner.start(
            _("Checking {count} files").format(count=number(len(proposals)))
            if len(proposals) > 1
            else _("Checking {file}").format(file=proposals[0].table.path.name),
            lambda cancel: open_proposals(proposals, wanted, workplace, cancel),
            on_result=on_result,
            on_error=self.failed.emit,
        )

    def _keep(self, work: object) -> None:
        workplace = self._session.workplace
        if workplace is not None and callable(work):
            self._session.runner.call(lambda: work(workplace), lane=STORE, on_error=self._on_not_kept)

    def _on_not_kept(self, error: OchpError) -> None:
        self._session.failed.emit(error)


def _header(proposal: Proposal) -> list[str]:
    row = proposal.matching.header_row
    return proposal.table.rows[row] if 0 <= row < len(proposal.table.rows) else []


def _like(answered: Proposal, other: Proposal) -> Proposal:
    """Another file of the same header, taken as the first was."""
    matching, answers = answered.matching, answered.answers
    known = Remembered(matching.kind.name, "", matching.columns, matching.constants, answers, matching.times)
    return propose(other.table, matching.kind, {header_key(_header(other)): known}, answers.timezone)
