"""The window's tabs, how files find the right one, and what one tab asks of another."""

from __future__ import annotations

from collections.abc import Sequence

from ochp_desktop.gui.cdrs_tab import CdrsTab
from ochp_desktop.gui.cleared_tab import ClearedTab
from ochp_desktop.gui.history.history_tab import HistoryTab
from ochp_desktop.gui.overview.overview_tab import OverviewTab
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.tab import Tab
from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.worker import JobRunner
from ochp_desktop.jobs.open_files import Opening


def make_tabs(session: Session, _runner: JobRunner) -> Sequence[Tab]:
    """Roaming tokens, CDR upload, cleared CDRs, the month, the history."""
    cdrs, past = CdrsTab(session), HistoryTab(session)
    tokens = TokensTab(session)
    sheets: tuple[SheetTab, ...] = (tokens, cdrs)

    def settle() -> None:
        cdrs.come_forward.emit()
        cdrs.settle()

    def hand_over(opening: Opening) -> None:
        for tab in sheets:
            if tab.kind is opening.sheet.kind:
                tab.come_forward.emit()
                tab.take_over(opening)

    for tab in sheets:
        tab.other_kind.connect(hand_over)
    past.settle_wanted.connect(settle)
    past.settled.connect(cdrs.ask_journal)
    past.restore_wanted.connect(tokens.restore)
    cdrs.upload_wanted.connect(past.show_upload)
    past.list_wanted.connect(tokens.come_forward)
    past.records_wanted.connect(cdrs.come_forward)
    month = OverviewTab(session)
    month.records_wanted.connect(cdrs.come_forward)
    month.records_wanted.connect(cdrs.choose_files)
    return (*sheets, ClearedTab(session), month, past)
