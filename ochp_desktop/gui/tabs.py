"""The window's three tabs, and how files find the right one."""

from __future__ import annotations

from collections.abc import Sequence

from ochp_desktop.gui.cdrs_tab import CdrsTab
from ochp_desktop.gui.cleared_tab import ClearedTab
from ochp_desktop.gui.opening import Opening
from ochp_desktop.gui.session import Session
from ochp_desktop.gui.sheet_tab import SheetTab
from ochp_desktop.gui.tab import Tab
from ochp_desktop.gui.tokens_tab import TokensTab
from ochp_desktop.gui.worker import JobRunner


def make_tabs(session: Session, _runner: JobRunner) -> Sequence[Tab]:
    """Roaming tokens, CDR upload, cleared CDRs."""
    sheets: tuple[SheetTab, ...] = (TokensTab(session), CdrsTab(session))

    def hand_over(opening: Opening) -> None:
        for tab in sheets:
            if tab.kind is opening.sheet.kind:
                tab.come_forward.emit()
                tab.take_over(opening)

    for tab in sheets:
        tab.other_kind.connect(hand_over)
    return (*sheets, ClearedTab(session))
