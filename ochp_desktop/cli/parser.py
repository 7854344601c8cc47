"""The reader of command lines: speaks our language, and tells wrong use as every other failure is told."""

from __future__ import annotations

import argparse
import gettext
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from ochp_desktop.errors import UsageError
from ochp_desktop.paths import resource
from ochp_desktop.texts import DOMAIN, N_, _, language

# What argparse says itself. It looks these up when it says them; here they are only marked.
_ARGPARSE_WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("expected at most one argument"),
    N_("not allowed with argument %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)


@contextmanager
def argparse_translated() -> Iterator[None]:
    """While inside, argparse finds its own words in our catalogue, in the language in use."""
    gettext.bindtextdomain(DOMAIN, resource("locale"))
    domain, named = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.textdomain(DOMAIN)
    # Where gettext looks for the language; Windows has none of the variables that it would find otherwise.
    os.environ["LANGUAGE"] = language()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if named is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = named


class Parser(argparse.ArgumentParser):
    """Prints how a command is used, and raises."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            UsageError: always.
        """
        self.print_usage(sys.stderr)
        raise UsageError(_("Wrong use"), message)
