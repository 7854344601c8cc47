"""The command line: `ochp-desktop` and its commands, for people at a terminal, schedulers and scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ochp_desktop import texts
from ochp_desktop.cli.arguments import parse
from ochp_desktop.cli.output import Output, print_anywhere
from ochp_desktop.crash_log import write_crash_log
from ochp_desktop.errors import Cancelled, OchpError, UsageError
from ochp_desktop.texts import _

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or the window when none is named.

    Returns:
        0 done; 1 problems found or refused by the house; 2 wrong use or unreadable input;
        3 no connection or not signed in; 4 unconfirmed, settle needed.
    """
    texts.use_language()
    print_anywhere()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        chosen = parse(given)
    except UsageError as error:
        Output(as_json="--json" in given).failure(error)
        return error.exit_code
    output = Output(as_json=chosen.json)
    try:
        code: int = chosen.act(chosen, output)
    except OchpError as error:
        output.failure(error)
        return error.exit_code
    except KeyboardInterrupt:
        # Jobs are stopped in order and say so themselves; here it was something else, such as a key store that waits.
        stopped = Cancelled(_("Stopped"), _("You stopped this; nothing more was done."))
        output.failure(stopped)
        return stopped.exit_code
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): nothing more can be said, and nothing is wrong.
        sys.stderr.close()
        return 0
    except Exception as bug:  # noqa: BLE001 - our own bug: people get a sentence, developers the log
        output.failure(_own_bug(write_crash_log(chosen.data_dir, bug)))
        return OchpError.exit_code
    return code


def _own_bug(log: Path | None) -> OchpError:
    text = _(
        "Something in the program went wrong that should not. What was journalled before stays right. "
        "Please send the log to whoever looks after the program; it holds no passwords and none of your data: {log}"
    )
    return OchpError(_("The program made a mistake"), text.format(log=log or _("it could not be written")))
