"""What the commands about charge data records are called and what they take."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ochp_desktop.cli import cdrs
from ochp_desktop.texts import _

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def add_cdrs(
    group: Any,
    command: Callable[..., argparse.ArgumentParser],
    zone: Callable[[str], Any],
    number: Callable[[str], int],
) -> None:
    """Add upload, settle, overview, history and receipt to the group.

    Args:
        group: the subcommands of “cdrs”.
        command: makes a command of a group, as in `cli.arguments`.
        zone: reads a time zone.
        number: reads a whole number.
    """
    upload = command(group, "upload", cdrs.upload_records, _("send the records of spreadsheets"), connection=True)
    upload.add_argument("files", nargs="+", type=Path, metavar=_("FILE"), help=_("spreadsheet: Excel, ODS or CSV"))
    upload.add_argument("--hold-back", action="store_true", help=_("send the good rows, hold back those with errors"))
    upload.add_argument(
        "--find-culprit",
        action="store_true",
        help=_("send a refused batch by halves; what is accepted stays accepted, the record at fault is held back"),
    )
    upload.add_argument("--receipt", type=Path, metavar="OUT.pdf|OUT.xlsx", help=_("write a receipt"))
    upload.add_argument("--timezone", type=zone, metavar=_("ZONE"), help=_("time zone of times without offset"))

    settle = command(group, "settle", cdrs.settle_records, _("find out about unconfirmed records"), connection=True)
    how = settle.add_mutually_exclusive_group()
    how.add_argument(
        "--by-halves",
        action="store_true",
        help=_("ask by halves after an answer that tells nothing; what is accepted stays accepted"),
    )
    how.add_argument("--told-there", metavar=_("WHO"), help=_("the house said that it has them: who said so, when"))
    how.add_argument("--told-not-there", metavar=_("WHO"), help=_("the house said that it does not have them"))

    overview = command(group, "overview", cdrs.overview, _("what became of a month's records"), connection=True)
    overview.add_argument("--month", type=_month, metavar="YYYY-MM", help=_("the newest when not given; “all” for all"))

    history = command(group, "history", cdrs.show_history, _("every action that left this computer"))
    history.add_argument("text", nargs="?", default="", metavar=_("TEXT"), help=_("what must be in it"))
    history.add_argument("--limit", type=number, default=100, metavar="N", help=_("at most this many"))

    receipt = command(group, "receipt", cdrs.write_receipt, _("write the receipt of an upload"))
    receipt.add_argument("upload", metavar="ID", help=_("as “cdrs history” shows it, or “last”"))
    receipt.add_argument("out", type=Path, metavar="OUT.pdf|OUT.xlsx", help=_("file to write"))


def _month(text: str) -> str:
    if text == "all":
        return ""
    if not _MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError(_("“{text}” is not a month like 2026-10").format(text=text))
    return text
