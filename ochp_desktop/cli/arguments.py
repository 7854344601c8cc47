"""What the commands are called and what they take; each names the function that does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ochp_desktop import __version__
from ochp_desktop.cli.parser import Parser, argparse_translated
from ochp_desktop.paths import default_data_dir
from ochp_desktop.texts import _

_LAST_PORT = 65_535


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command with its options.

    Raises:
        UsageError: there is no such command or option, or it lacks something; how it is used was printed.
        SystemExit: help or version was asked for, and printed.
    """
    with argparse_translated():
        return _parser().parse_args(arguments)


def _parser() -> Parser:
    from ochp_desktop.cli import files, house, partners, programs
    from ochp_desktop.cli.cdrs_arguments import add_cdrs

    parser = Parser(
        prog="ochp-desktop", parents=[_common(top=True)], description=_("Desktop program for OCHP 0.1 clearing houses.")
    )
    parser.add_argument("--practice", action="store_true", help=_("open the window at the practice clearing house"))
    parser.add_argument("--profile", metavar=_("NAME"), help=_("open the window with this connection"))
    parser.set_defaults(act=programs.window)
    commands = parser.add_subparsers(metavar=_("COMMAND"))

    practice = _command(commands, "practice", programs.practice, _("run the practice clearing house alone"))
    practice.add_argument(
        "--port", type=_port, metavar=_("PORT"), default=0, help=_("TCP port; any free one when not given")
    )
    practice.add_argument("--data", type=Path, metavar=_("DIR"), help=_("folder for the house's ledger"))
    practice.add_argument("--scenario", metavar=_("NAME"), help=_("make faults on purpose; “list” names the ways"))
    practice.add_argument("--tls", nargs=2, type=Path, metavar=("CERT", "KEY"), help=_("serve HTTPS"))
    text = _("minutes without use after which a sign-in ends; 30 when not given")
    practice.add_argument("--token-minutes", type=whole_number, metavar="N", help=text)
    practice.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)

    spreadsheet = _("spreadsheet: Excel, ODS or CSV")
    check = _command(commands, "check", files.check, _("check a spreadsheet against the rules; sends nothing"))
    check.add_argument("file", type=Path, metavar=_("FILE"), help=spreadsheet)
    _kind(check)
    check.add_argument("--report", type=Path, metavar="OUT.xlsx", help=_("write the rows with their problems marked"))
    check.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help=_("check as if this were today"))
    check.add_argument("--timezone", type=_zone, metavar=_("ZONE"), help=_("time zone of times without offset"))
    text = _("check with what is known of this connection; the last used one if not given")
    check.add_argument("--profile", metavar=_("NAME"), help=text)

    convert = _command(commands, "convert", files.convert, _("rewrite a spreadsheet with the protocol's columns"))
    convert.add_argument("source", type=Path, metavar=_("IN"), help=spreadsheet)
    convert.add_argument("target", type=Path, metavar=_("OUT"), help=_("file to write: .xlsx, .csv, .tsv or .txt"))
    _kind(convert)

    tokens = _group(commands, "tokens", _("the roaming list"))
    upload = _command(tokens, "upload", house.upload_tokens, _("replace our list at the house"), connection=True)
    upload.add_argument("file", type=Path, metavar=_("FILE"), help=spreadsheet)
    upload.add_argument(
        "--allow-removals", type=whole_number, default=0, metavar="N", help=_("agree that up to N cards disappear")
    )
    download = _command(tokens, "download", house.download_tokens, _("save the global list"), connection=True)
    download.add_argument("out", type=Path, metavar=_("OUT"), help=_("file to write: .xlsx, .csv, .tsv or .txt"))

    add_cdrs(_group(commands, "cdrs", _("charge data records")), _command, _zone, whole_number)

    cleared = _group(commands, "cleared", _("cleared CDRs"))
    fetch = _command(cleared, "fetch", house.fetch_cleared, _("fetch and archive the last clearing"), connection=True)
    fetch.add_argument("--out", type=Path, metavar="OUT.xlsx", help=_("save the records"))
    fetch.add_argument("--pdf", type=Path, metavar="OUT.pdf", help=_("save the statement"))
    for group in (commands, cleared):  # people look for it at either place
        _command(group, "clear", house.start_clearing, _("start a clearing; administrators only"), connection=True)

    known = _group(commands, "partners", _("the roaming partners we know"))
    _command(known, "list", partners.show, _("list them"))
    add = _command(known, "add", partners.add, _("add one"))
    add.add_argument("id", metavar="ID", help=_("provider id as written in CDRs"))
    add.add_argument(
        "name", nargs="?", default="", metavar=_("NAME"), help=_("what people call it; its id if not given")
    )
    add.add_argument("--hub", type=whole_number, metavar="HUB", help=_("hub number of the partner's tokens"))
    add.add_argument("--prefix", action="append", default=[], help=_("prefix of its contract ids, as NL-ESS"))
    remove = _command(known, "remove", partners.remove, _("remove one"))
    remove.add_argument("id", metavar="ID", help=_("provider id as written in CDRs"))
    return parser


def _common(*, top: bool) -> Parser:
    # A subcommand must not overwrite with its default what stood before the subcommand's name.
    folder: Any = default_data_dir() if top else argparse.SUPPRESS
    plain: Any = False if top else argparse.SUPPRESS
    common = Parser(add_help=False)
    text = _("where the program keeps its store")
    common.add_argument("--data-dir", type=Path, metavar=_("DIR"), help=text, default=folder)
    common.add_argument("--json", action="store_true", help=_("answer in JSON"), default=plain)
    text = _("show the version and exit")
    common.add_argument("--version", action="version", version=f"OCHP Desktop {__version__}", help=text)
    return common


Commands = Any  # what `add_subparsers` returns; argparse has no public name for it


def _group(commands: Commands, name: str, text: str) -> Commands:
    parser = commands.add_parser(name, help=text, description=text, parents=[_common(top=False)])
    return parser.add_subparsers(metavar=_("COMMAND"), required=True)


def _command(
    commands: Commands,
    name: str,
    act: Callable[..., int],
    text: str,
    *,
    connection: bool = False,
) -> Parser:
    parser: Parser = commands.add_parser(name, help=text, description=text, parents=[_common(top=False)])
    parser.set_defaults(act=act)
    if connection:
        _connection(parser)
    return parser


def _connection(parser: Parser) -> None:
    group = parser.add_argument_group(_("connection"))
    group.add_argument("--profile", metavar=_("NAME"), help=_("a connection kept in the program"))
    group.add_argument("--endpoint", metavar="URL", help=_("the clearing house's address"))
    group.add_argument("--wsdl", metavar="FILE|URL", default="", help=_("the house's own WSDL"))
    group.add_argument("--user", metavar="ID", help=_("our user id at the house"))
    group.add_argument("--password-stdin", action="store_true", help=_("read the password from standard input"))
    group.add_argument("--ca", metavar=_("FILE"), default="", help=_("certificate authority of the house"))
    group.add_argument("--cert", metavar=_("FILE"), default="", help=_("client certificate"))
    group.add_argument("--key", metavar=_("FILE"), default="", help=_("key of the client certificate"))
    group.add_argument("--provider", metavar="ID", default="", help=_("our own provider id as written in CDRs"))
    group.add_argument("--hub", type=whole_number, metavar="HUB", help=_("our own hub number"))
    group.add_argument("--prefix", action="append", default=[], help=_("prefix of our own contract ids, as NL-ESS"))


def _kind(parser: Parser) -> None:
    parser.add_argument(
        "--kind", choices=("tokens", "cdrs"), help=_("what the rows are; told by the headers if not given")
    )


def whole_number(text: str) -> int:
    """A number from 0 on."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(_("“{text}” is not a whole number").format(text=text))
    return int(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(_("“{text}” is not a port: 0 to 65535").format(text=text))
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("“{text}” is not a date like 2026-10-31").format(text=text)) from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = _("“{text}” is not a time zone like Europe/Amsterdam").format(text=text)
        raise argparse.ArgumentTypeError(message) from None
