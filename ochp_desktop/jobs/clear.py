"""Starting a clearing: every pending CDR at the house becomes cleared; for the house's administrators only."""

from __future__ import annotations

from ochp_desktop.errors import Cancelled, ConnectionFailed, HouseRefused
from ochp_desktop.jobs.background import background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.store.actions import ActionKind, Outcome
from ochp_desktop.texts import _


def clear(workplace: Workplace, cancel: Cancel) -> Job[str]:
    """Start a clearing and return what the house says of it; the history tells how it ended, also without an answer.

    Raises:
        HouseRefused: the house does not let this user, or gives another reason.
        ConnectionFailed: no answer came.
        Cancelled: stopped before the answer.
    """
    connection = workplace.connected()

    def call(_report: object) -> str:
        with connection.stoppable(cancel) as client:
            return client.clear_cdrs().description

    try:
        description = yield from background(call, _("Clearing all pending CDRs"))
    except HouseRefused as refusal:
        _note(workplace, Outcome.REFUSED, refusal.reason, refusal.code)
        raise
    except (ConnectionFailed, Cancelled) as failure:
        if failure.sent:
            _note(workplace, Outcome.UNCONFIRMED, failure.text)
        raise
    _note(workplace, Outcome.DONE, description)
    return description


def _note(workplace: Workplace, outcome: Outcome, answer: str, code: int | None = None) -> None:
    connection = workplace.connected()
    workplace.actions.record(ActionKind.CLEAR, connection.house, connection.user, outcome, code=code, answer=answer)
