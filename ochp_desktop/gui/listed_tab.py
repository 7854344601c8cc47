"""A tab in which several sheets of one kind may be open: shown, checked, kept on disk and opened again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from ochp_desktop.gui.checking import check_beside
from ochp_desktop.gui.file_tab import FileTab
from ochp_desktop.gui.open_lists import OpenList, OpenLists, in_front, was_in_front
from ochp_desktop.gui.save_state import SaveState
from ochp_desktop.gui.session import Session, SignIn
from ochp_desktop.gui.worker import Running
from ochp_desktop.jobs.drafts import Reopened, Unfinished
from ochp_desktop.paths import resource
from ochp_desktop.records.checker import Checker
from ochp_desktop.records.fields import RecordKind
from ochp_desktop.sheet.sheet import Sheet
from ochp_desktop.texts import _


class ListedTab(FileTab):
    """A tab with sheets of one kind: one is shown, others may be open below it.

    Attributes:
        lists: the open ones.
        saving: how far the shown one is on disk.
    """

    def __init__(self, kind: RecordKind, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(kind, session, parent)
        self._checked_for = session.profile
        self._front: OpenList | None = None
        self._checks: dict[Sheet, Running] = {}
        self.lists = OpenLists()
        self.lists.chosen.connect(self._show_again)
        self.lists.close_wanted.connect(self._close)
        self.area.add_below(self.lists)
        self.area.model.checks_beside = True
        self.area.model.check_wanted.connect(self.check_again)
        self.area.place_changed.connect(self._on_place_changed)
        self.saving = SaveState(session, self.notice, lambda: self.area.sheet, self)
        self.saving.changed.connect(self.status_changed)
        self.area.edited.connect(lambda *_: self.saving.expect())
        session.opened.connect(self._on_session_opened)
        session.drafts_opened.connect(self._on_drafts_opened)
        session.changed.connect(self._on_connection_changed)

    # what the tabs add

    def on_other_sheet(self) -> None:
        """Another sheet is about to be shown, without filters."""

    def on_filter_restored(self, text: str) -> None:
        """The sheet that is shown is filtered by this text."""

    def on_counts_changed(self) -> None:
        """The rows are other ones now."""

    # the sheet

    def new_sheet(self) -> None:
        """Begin an empty list with one empty row."""
        sheet = Sheet(self.kind)
        self.show_sheet(sheet, None, _("new"))
        self.area.table.append_row()
        self.area.table.setFocus()

    def close_sheet(self) -> None:
        """Close the shown list, which stays among the kept ones, and show its neighbour or the empty page."""
        if self._front is not None:
            self._close(self._front)

    def _close(self, one: OpenList) -> None:
        if self.session.keeper is not None:
            self.session.keeper.leave(one.sheet)
        self.lists.take_out(one)
        if one is not self._front:
            return
        self._front = None
        if self.lists.shown is not None:
            self._show_again(self.lists.shown)
            return
        self.area.set_sheet(None)
        self.title_of_sheet = ""
        self.notice.clear()
        self.on_counts_changed()

    def _put_aside(self) -> None:
        """Remember what is shown as it is, because another list is going to be shown."""
        one, self._front = self._front, None
        if one is None:
            return
        self.area.table.end_editing()
        one.checker, one.place = self.area.checker, in_front(self.area.place.text(), shown=False)
        if self.session.keeper is not None:
            self.session.keeper.set_place(one.sheet, one.place)

    def show_sheet(self, sheet: Sheet, checker: Checker | None, title: str, *, keep: bool = True) -> None:
        """Show one more sheet and keep it on disk from now on; without a checker it is checked now."""
        self._put_aside()
        if keep and self.session.keeper is not None:
            self.session.keeper.follow(sheet, title)
        one = OpenList(sheet, title, checker)
        self.lists.add(one)
        self._bring(one)

    def _show_again(self, one: OpenList) -> None:
        """Show a list that is open already, where the user was in it."""
        if one is self._front:
            return
        self._put_aside()
        self._bring(one)
        self._restore(one.place)

    def bring(self, sheet: Sheet) -> bool:
        """Show a sheet that is open already; False when it is not."""
        one = self.lists.of(sheet)
        if one is None:
            return False
        self.lists.setCurrentIndex(self.lists.lists.index(one))
        return True

    def _bring(self, one: OpenList) -> None:
        self._front = one
        self.title_of_sheet = one.title
        self.on_other_sheet()
        self.area.set_sheet(one.sheet, one.checker)
        if one.checker is None:
            self.check_again()
        self.on_sheet_shown()
        self.on_counts_changed()

    def _restore(self, place: str) -> None:
        quick = self.area.place.restore(place)
        if quick:
            self.on_filter_restored(quick)

    def on_sheet_shown(self) -> None:
        """Another sheet is shown."""

    def check_again(self) -> None:
        """Check the whole sheet again, with what is known now; a check of it that is under way is of no use then."""
        sheet, workplace = self.area.sheet, self.session.workplace
        if sheet is None:
            return
        if sheet in self._checks:
            self._checks[sheet].stop()

        def on_checked(checker: Checker) -> None:
            one = self.lists.of(sheet)
            if self.area.sheet is sheet:
                self.area.set_checker(checker)
            elif one is not None:
                one.checker = checker

        def on_ended() -> None:
            if self._checks.get(sheet) is running:
                del self._checks[sheet]

        running = check_beside(self.session.runner, sheet, workplace, on_checked, self.notice.error, self.area.checker)
        self._checks[sheet] = running
        running.ended.connect(on_ended)

    # session

    def _on_connection_changed(self) -> None:
        """Who we are, and what was sent before, depends on the connection."""
        profile = self.session.profile
        if profile != self._checked_for and self.session.state is not SignIn.SIGNING_IN:
            self._checked_for = profile
            for one in self.lists.lists:
                one.checker = None  # checked when it is shown
            if self.area.checker is not None:
                self.check_again()

    def _on_session_opened(self) -> None:
        self._checked_for = self.session.profile
        self._front = None
        self.lists.forget()
        self.area.set_sheet(None)
        self.title_of_sheet = ""
        self.notice.clear()
        self.on_counts_changed()

    def _on_drafts_opened(self) -> None:
        """Show what was open when the program ended, unless the user opened something else meanwhile."""
        mine = [one for one in self.session.reopened if one.sheet.kind is self.kind]
        # What the user opened meanwhile stays in front; else that which was.
        before = self._front
        for reopened in sorted(mine, key=lambda one: was_in_front(one.place)):
            self._reopen(reopened)
        if before is not None and self._front is not before:
            self.lists.setCurrentIndex(self.lists.lists.index(before))
        for unfinished in self.session.unfinished:
            if unfinished.kind == self.kind.name:
                self._open_again(unfinished)
        if self.area.sheet is None and not self.importing.busy:
            self.on_nothing_reopened()
        self.on_counts_changed()

    def _open_again(self, unfinished: Unfinished) -> None:
        """Open what was not on disk yet from its file, unless the user opened something else meanwhile."""
        path = Path(unfinished.path)
        there = bool(unfinished.path) and path.is_file()
        if there and self.area.sheet is None and not self.importing.busy:
            self.open_files([path], unfinished.sheet_name or None)
            text = _(
                "The program ended before {title} was saved. It is being opened from its file again; "
                "changes made after that must be made once more."
            )
        elif there:
            text = _("The program ended before {title} was saved. Open its file again.")
        else:
            text = _("The program ended before {title} was saved, and its file is not there any more.")
        self.notice.warn(text.format(title=unfinished.title))

    def _reopen(self, reopened: Reopened) -> None:
        self.show_sheet(reopened.sheet, None, reopened.title, keep=False)
        if self.session.keeper is not None:
            self.session.keeper.adopt(reopened)
        self._restore(reopened.place)
        if reopened.notice:
            self.notice.warn(reopened.notice)

    def _on_place_changed(self, place: str) -> None:
        if self.area.sheet is not None and self.session.keeper is not None:
            self.session.keeper.set_place(self.area.sheet, in_front(place, shown=True))

    def on_nothing_reopened(self) -> None:
        """The store was opened and holds no sheet of this tab: at the practice house the sample is opened."""
        sample = sample_file(self.kind.name)
        if self.session.practising and sample is not None:
            self.open_files([sample])


def sample_file(kind: str) -> Path | None:
    """The sample spreadsheet of a kind of record, or None when none ships with the program."""
    try:
        folder = resource("samples")
    except FileNotFoundError:
        return None
    return next(iter(sorted(folder.glob(f"{kind}*.xlsx"))), None)
