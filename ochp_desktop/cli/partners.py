"""The commands around the list of roaming partners."""

from __future__ import annotations

import argparse
from contextlib import closing

from ochp_desktop.cli.output import Output
from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.workplace import Workplace
from ochp_desktop.records.partners import Partner
from ochp_desktop.texts import _


def show(chosen: argparse.Namespace, output: Output) -> int:
    """List the partners we know."""
    with closing(Workplace.open(chosen.data_dir)) as workplace:
        known = workplace.partners()
    output.data({"partners": [_described(partner) for partner in known]})
    for partner in known:
        extra = ", ".join(partner.prefixes)
        hub = "" if partner.hub is None else _("hub {hub}").format(hub=partner.hub)
        output.say("  ".join(part for part in (partner.provider_id, partner.name, hub, extra) if part))
    if not known:
        output.say(_("No partners yet. Add one with: ochp-desktop partners add ID [NAME]"))
    return 0


def add(chosen: argparse.Namespace, output: Output) -> int:
    """Know one more partner."""
    provider_id = chosen.id.strip()
    if not provider_id:
        raise UsageError(_("No provider id"), _("Give the partner's provider id as it is written in CDRs."))
    partner = Partner(provider_id, chosen.name or provider_id, chosen.hub, tuple(chosen.prefix))
    with closing(Workplace.open(chosen.data_dir)) as workplace:
        workplace.add_partner(partner)
    output.data({"added": _described(partner)})
    output.say(_("{name} is a known partner now.").format(name=partner.name))
    return 0


def remove(chosen: argparse.Namespace, output: Output) -> int:
    """Forget a partner."""
    with closing(Workplace.open(chosen.data_dir)) as workplace:
        removed = workplace.remove_partner(chosen.id)
    if not removed:
        text = _("No partner has the id “{id}”. “ochp-desktop partners list” shows them.").format(id=chosen.id)
        raise UsageError(_("Unknown partner"), text)
    output.data({"removed": chosen.id})
    output.say(_("{id} is no longer a known partner.").format(id=chosen.id))
    return 0


def _described(partner: Partner) -> dict[str, object]:
    return {"id": partner.provider_id, "name": partner.name, "hub": partner.hub, "prefixes": list(partner.prefixes)}
