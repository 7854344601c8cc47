"""The command line: `ochp-desktop` and its commands, for people at a terminal, schedulers and scripts."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ochp_desktop import texts
from ochp_desktop.cli.arguments import parse
from ochp_desktop.cli.output import Output
from ochp_desktop.errors import OchpError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or the window when none is named.

    Returns:
        0 done; 1 problems found or refused by the house; 2 wrong use or unreadable input;
        3 no connection or not signed in; 4 unconfirmed, settle needed.
    """
    texts.use_language()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    chosen = parse(arguments)
    output = Output(as_json=chosen.json)
    try:
        code: int = chosen.act(chosen, output)
    except OchpError as error:
        output.failure(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): nothing more can be said, and nothing is wrong.
        sys.stderr.close()
        return 0
    return code
