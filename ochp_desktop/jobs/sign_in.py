"""Signing in at the current connection's clearing house."""

from __future__ import annotations

from ochp_desktop.jobs.background import background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.texts import _


def sign_in(workplace: Workplace, cancel: Cancel) -> Job[None]:
    """Sign in.

    Raises:
        SignInFailed: user id and password are not accepted.
        ConnectionFailed: no clearing house answered.
        Cancelled: stopped before the answer.
    """
    connection = workplace.connected()

    def call(_report: object) -> None:
        with connection.stoppable(cancel) as client:
            client.sign_in()

    yield from background(call, _("Signing in as {user}").format(user=connection.user))
