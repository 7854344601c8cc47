"""The commands that talk to a clearing house about lists and clearings: tokens, cleared, clear."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from ochp_desktop.cli.files import read, tell_problems, wire_rows
from ochp_desktop.cli.output import Output, plain
from ochp_desktop.errors import UsageError
from ochp_desktop.jobs.check_sheet import check_sheet
from ochp_desktop.jobs.clear import clear
from ochp_desktop.jobs.columns_left_out import left_out_text
from ochp_desktop.jobs.download_list import download_list
from ochp_desktop.jobs.export_file import export_rows, save_bytes
from ochp_desktop.jobs.fetch_statement import fetch_statement
from ochp_desktop.jobs.job import Cancel
from ochp_desktop.jobs.list_change import ListChange
from ochp_desktop.jobs.statements import totals
from ochp_desktop.jobs.upload_list import compare_list, removal_text, upload_list
from ochp_desktop.jobs.workplace import Profile, Workplace, check_profile
from ochp_desktop.records.cdrs import CDRS
from ochp_desktop.records.problems import Level
from ochp_desktop.records.tokens import TOKENS
from ochp_desktop.texts import _, decimal, ngettext, number

REFUSED = 1


def upload_tokens(chosen: argparse.Namespace, output: Output) -> int:
    """Replace our list at the house with the file's."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        sheet = read(chosen.file, TOKENS.name, output, cancel, must_hold=True).sheet
        checker = output.run(check_sheet(sheet, workplace.facts(), cancel), cancel)
        if any(checker.level(row) is Level.ERROR for row in sheet.order):
            output.say(_("Nothing was sent: the list has errors."))
            return tell_problems(sheet, checker, output)
        rows = wire_rows(sheet, sheet.order)
        change = output.run(compare_list(workplace, rows, cancel), cancel)
        output.say(_change_text(change))
        if change.left_out:
            output.say(left_out_text(change.left_out))
        allowed = chosen.allow_removals if change.needs_number else len(change.removed)
        if allowed < len(change.removed):
            text = _("{what} Nothing was sent. To agree: --allow-removals {count}").format(
                what=removal_text(len(change.removed)), count=len(change.removed)
            )
            output.data({"error": {"title": _("Cards would disappear"), "text": text}, "change": _change_data(change)})
            print(plain(text), file=sys.stderr)
            return REFUSED
        receipt = output.run(upload_list(workplace, change, cancel, allowed_removals=allowed), cancel)
    output.data(
        {
            "uploaded": receipt.count,
            "when": receipt.when.isoformat(),
            "house": receipt.house,
            "user": receipt.user,
            "description": receipt.description,
            "fingerprint": receipt.fingerprint,
            "version": receipt.version,
            "change": _change_data(change),
        }
    )
    output.say(
        ngettext(
            "{count} token uploaded. The house says: {answer}",
            "{count} tokens uploaded. The house says: {answer}",
            receipt.count,
        ).format(count=number(receipt.count), answer=receipt.description or _("accepted"))
    )
    return 0


def download_tokens(chosen: argparse.Namespace, output: Output) -> int:
    """Save the tokens of ours and of the partners we know."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        found = output.run(download_list(workplace, cancel), cancel)
    rows = found.known_rows
    output.run(export_rows(chosen.out, TOKENS, rows, cancel, headers="wire"), cancel)
    output.data({"tokens": len(rows), "left_out": dict(found.unknown), "file": str(chosen.out)})
    output.say(
        ngettext("{count} token written to {file}.", "{count} tokens written to {file}.", len(rows)).format(
            count=number(len(rows)), file=chosen.out
        )
    )
    _tell_unknown(output, found.unknown)
    return 0


def fetch_cleared(chosen: argparse.Namespace, output: Output) -> int:
    """Fetch and archive the last clearing; save records and PDF where asked."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        statement = output.run(fetch_statement(workplace, cancel), cancel)
    rows = statement.known_rows
    total = totals(statement).all
    if chosen.out:
        output.run(export_rows(chosen.out, CDRS, rows, cancel, headers="wire"), cancel)
    if chosen.pdf and statement.pdf is not None:
        save_bytes(chosen.pdf, statement.pdf)
    output.data(
        {
            "records": len(rows),
            "kwh": str(total.kwh),
            "left_out": dict(statement.unknown),
            "new": statement.new,
            "pdf": statement.pdf is not None,
        }
    )
    output.say(
        ngettext("{count} cleared record, {kwh} kWh.", "{count} cleared records, {kwh} kWh.", len(rows)).format(
            count=number(len(rows)), kwh=decimal(total.kwh, 4)
        )
    )
    _tell_unknown(output, statement.unknown)
    if statement.trouble:
        output.say(statement.trouble)
    if chosen.pdf and statement.pdf is None:
        reason = statement.trouble or _("The house offers no PDF: nothing of ours has been cleared yet.")
        print(plain(reason), file=sys.stderr)
        return REFUSED
    return 0


def start_clearing(chosen: argparse.Namespace, output: Output) -> int:
    """Start a clearing."""
    cancel = Cancel()
    with open_workplace(chosen) as workplace:
        answer = output.run(clear(workplace, cancel), cancel)
    output.data({"cleared": True, "description": answer})
    output.say(_("The clearing was started. The house says: {answer}").format(answer=answer or _("accepted")))
    return 0


@contextmanager
def open_workplace(chosen: argparse.Namespace) -> Iterator[Workplace]:
    """The workplace, connected as the options say."""
    if bool(chosen.profile) == bool(chosen.endpoint):
        text = _("Say which clearing house: --profile NAME, or --endpoint URL with --user ID and --password-stdin.")
        raise UsageError(_("Which connection?"), text)
    workplace = Workplace.open(chosen.data_dir)
    try:
        for notice in workplace.notices:
            print(plain(notice), file=sys.stderr)
        profile = workplace.profile(chosen.profile) if chosen.profile else _given_profile(chosen)
        password = sys.stdin.readline().rstrip("\r\n") if chosen.password_stdin else None
        if password is None and chosen.endpoint:
            text = _("Give the password on standard input with --password-stdin.")
            raise UsageError(_("No password"), text)
        workplace.connect(profile, password)
        yield workplace
    finally:
        workplace.close()


def _given_profile(chosen: argparse.Namespace) -> Profile:
    profile = Profile(
        name="",
        endpoint=chosen.endpoint,
        user=chosen.user or "",
        wsdl=chosen.wsdl,
        ca_file=chosen.ca,
        cert_file=chosen.cert,
        key_file=chosen.key,
        provider_id=chosen.provider,
        provider_name=chosen.provider,
        hub=chosen.hub,
        prefixes=tuple(chosen.prefix),
    )
    faults = [sentence for field, sentence in check_profile(profile) if field != "name"]
    if faults:
        raise UsageError(_("The connection is incomplete"), " ".join(faults))
    return profile


def _change_text(change: ListChange) -> str:
    return _(
        "{added} added, {changed} changed, {deactivated} deactivated, {removed} removed, {same} unchanged."
    ).format(
        added=number(len(change.house.added)),
        changed=number(len(change.house.changed)),
        deactivated=number(len(change.house.deactivated)),
        removed=number(len(change.removed)),
        same=number(change.house.same),
    )


def _change_data(change: ListChange) -> dict[str, object]:
    when: datetime | None = change.last_upload
    return {
        "added": len(change.house.added),
        "changed": len(change.house.changed),
        "deactivated": len(change.house.deactivated),
        "removed": len(change.removed),
        "unchanged": change.house.same,
        "house_total": change.house_total,
        "last_upload": when.isoformat() if when else None,
        "columns_left_out": list(change.left_out),
    }


def _tell_unknown(output: Output, unknown: Mapping[str, int]) -> None:
    count = sum(unknown.values())
    if not count:
        return
    whose = ", ".join(f"{name} ({number(many)})" for name, many in Counter(unknown).most_common(20))
    text = ngettext(
        "{count} record of an unknown provider was left out: {whose}. Known providers: partners list, add, remove.",
        "{count} records of unknown providers were left out: {whose}. Known providers: partners list, add, remove.",
        count,
    )
    output.say(text.format(count=number(count), whose=whose))
