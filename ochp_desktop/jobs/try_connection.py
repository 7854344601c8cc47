"""Trying out a connection step by step, with advice a layman can act on."""

from __future__ import annotations

from ochp_desktop.jobs.background import background
from ochp_desktop.jobs.job import Cancel, Job
from ochp_desktop.jobs.workplace import Profile, profile_transport
from ochp_desktop.protocol.diagnose import Step
from ochp_desktop.texts import _

__all__ = ["Step", "try_connection"]


def try_connection(profile: Profile, password: str, cancel: Cancel) -> Job[list[Step]]:
    """Try the profile without keeping anything; the steps end with the first that fails.

    Raises:
        Cancelled: stopped.
    """

    def call(_report: object) -> list[Step]:
        from ochp_desktop.protocol.diagnose import diagnose

        transport = profile_transport(profile)
        transport.stop_asked = cancel.is_set
        cancel.on_set(transport.cancel)
        return diagnose(profile.endpoint, profile.wsdl or None, lambda: (profile.user, password), transport)

    return (yield from background(call, _("Testing the connection")))
