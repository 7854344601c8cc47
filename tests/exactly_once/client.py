"""The client side of the proof: a small server that forks, for each order, a process which settles and uploads.

Orders come as JSON lines on standard input. For each it says `pid N` and, when that process has ended, `end STATUS`
(negative for a signal). Forking from a process that has loaded everything makes a client start in milliseconds, so
that hundreds can be killed in a minute.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP))

from ochp_desktop import texts  # noqa: E402 - the path must be set first
from ochp_desktop.errors import OchpError  # noqa: E402
from ochp_desktop.jobs import workplace as workplace_module  # noqa: E402
from ochp_desktop.jobs.find_culprit import find_culprit  # noqa: E402
from ochp_desktop.jobs.job import Cancel, run  # noqa: E402
from ochp_desktop.jobs.settle import settle  # noqa: E402
from ochp_desktop.jobs.upload_cdrs import StateKind, known_states, upload_cdrs  # noqa: E402
from ochp_desktop.jobs.workplace import Profile, Workplace  # noqa: E402
from ochp_desktop.protocol.client import Client  # noqa: E402, F401 - loaded before the first fork
from ochp_desktop.protocol.contract import Contract  # noqa: E402
from ochp_desktop.protocol.transport import Transport  # noqa: E402

DONE, GO_ON, FAILED = 0, 1, 3
READ_SECONDS, DEADLINE = 1.0, 2.0


def act(order: dict[str, Any]) -> int:
    """What a user does: settle what is open, upload, look for the culprit of what is refused."""
    place = Workplace.open(Path(order["folder"]))
    try:
        profile = Profile(
            name="",
            endpoint=order["url"],
            user=order["user"],
            provider_id=order["provider"],
            batch_size=order["batch_size"],
            practice=True,
        )
        place.connect(profile, order["password"])
        records = list(enumerate(tuple(row) for row in order["rows"]))
        cancel = Cancel()
        run(settle(place, cancel, by_halves=order["by_halves"]))
        run(upload_cdrs(place, records, cancel))
        run(find_culprit(place, records, cancel))
        states = known_states(place, records)
        ended = {StateKind.CONFIRMED, StateKind.HELD_BACK}
        return DONE if len(states) == len(records) and all(one.kind in ended for one in states.values()) else GO_ON
    except OchpError:
        return FAILED
    finally:
        place.close()


def main() -> None:
    """Fork for each order."""
    texts.use_language("en")
    load = functools.cache(Contract.load.__func__)  # type: ignore[attr-defined]  # it never changes: read it once
    contract = load(Contract, None)
    Contract.load = classmethod(lambda _cls, *_args, **_more: contract)  # type: ignore[assignment, method-assign]
    workplace_module.profile_transport = lambda _profile: Transport(timeout_read=READ_SECONDS, deadline=DEADLINE)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = act(json.loads(line))
            except BaseException:  # noqa: BLE001 - told, and seen by its number
                import traceback

                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(f"pid {child}", flush=True)  # noqa: T201 - this is how it talks
        _pid, status = os.waitpid(child, 0)
        print(f"end {os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
