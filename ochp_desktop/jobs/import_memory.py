"""Keeping what people chose for a header row, and forgetting it again."""

from __future__ import annotations

from ochp_desktop.jobs.import_proposal import Proposal, Remembered, header_key
from ochp_desktop.jobs.workplace import Workplace

_SETTING = "import.columns"
# The oldest choices go first.
_MOST = 200
_TITLE = 80


def remembered(workplace: Workplace) -> dict[str, Remembered]:
    """Everything that is remembered, by header; touches the disk."""
    kept = workplace.setting(_SETTING, {})
    found = {key: Remembered.from_data(data) for key, data in kept.items()} if isinstance(kept, dict) else {}
    return {key: known for key, known in found.items() if known is not None}


def remember(workplace: Workplace, proposal: Proposal) -> None:
    """Apply the proposal's choices whenever a file with this header row comes again; touches the disk."""
    matching = proposal.matching
    if matching.header_row < 0:
        return
    row = proposal.table.rows[matching.header_row]
    key = header_key(row)
    if not key:
        return
    title = " · ".join(text.strip() for text in row if text.strip())[:_TITLE]
    answers = proposal.answers
    known = Remembered(matching.kind.name, title, matching.columns, matching.constants, answers, matching.times)
    kept = {other: one.to_data() for other, one in remembered(workplace).items() if other != key}
    kept[key] = known.to_data()
    workplace.set_setting(_SETTING, dict(list(kept.items())[-_MOST:]))


def forget(workplace: Workplace, proposal: Proposal) -> None:
    """Match files with this header row by their words again; touches the disk."""
    matching = proposal.matching
    if 0 <= matching.header_row < len(proposal.table.rows):
        key = header_key(proposal.table.rows[matching.header_row])
        kept = {other: one.to_data() for other, one in remembered(workplace).items() if other != key}
        workplace.set_setting(_SETTING, kept)
