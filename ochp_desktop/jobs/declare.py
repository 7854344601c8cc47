"""Noting what a clearing house told people about unconfirmed records that no request could settle."""

from __future__ import annotations

from collections.abc import Collection

from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.texts import _

TOLD = -2
"""The result code of a verdict that did not come from the house's computer but from its people."""


def declare(workplace: Workplace, batches: Collection[int] | None, *, there: bool, words: str) -> int:
    """Note that the house has the records of these unconfirmed batches, or that it has not; how many records.

    Args:
        workplace: with a connection.
        batches: their numbers; None for all that are unconfirmed here.
        there: True: they are confirmed from now on. False: they are refused and may be sent again.
        words: who at the house said so, when and how; kept in the history.

    Raises:
        UsageError: no words are given, or nothing is unconfirmed.
        StoreError: the journal cannot be written.
    """
    connection, journal = workplace.connected(), workplace.journal
    if not words.strip():
        raise UsageError(_("Who said so?"), _("Write down who at the clearing house said so, and when."))
    told = _("Told by the clearing house: {words}").format(words=words.strip())
    open_ones = [
        batch
        for batch in journal.unsettled(connection.house, connection.user)
        if batches is None or batch.id in batches
    ]
    if not open_ones:
        raise UsageError(_("Nothing to settle"), _("There is nothing to settle: every answer is known."))
    for batch in open_ones:
        if there:
            journal.confirm(batch.id, told, code=TOLD)
        else:
            journal.refuse(batch.id, TOLD, told)
    return sum(len(batch.rows) for batch in open_ones)
