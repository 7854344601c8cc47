"""Records that are held back for their errors: noted for the month's overview, and forgotten when they are gone."""

from __future__ import annotations

from collections.abc import Iterable

from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.identity import cdr_key


def forget_held(workplace: Workplace, ids: Iterable[tuple[str, str]]) -> int:
    """Forget what our own check holds back of these (infra provider, CDR id); how many. Touches the disk.

    What a house has refused stays known: it did leave this computer.

    Raises:
        StoreError: the journal cannot be written.
    """
    keys = {cdr_key(infra, cdr_id) for infra, cdr_id in ids}
    return workplace.journal.forget_held(workplace.connected().house, keys) if keys else 0
