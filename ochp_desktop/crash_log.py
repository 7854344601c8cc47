"""The log of our own bugs: enough for a developer, nothing of the user's data, no secrets."""

from __future__ import annotations

import platform
import traceback
from datetime import datetime
from pathlib import Path

from ochp_desktop import __version__

# Exceptions whose message the interpreter makes of names in the code, never of data.
_TELLING = (AttributeError, NameError, ImportError, IndexError, NotImplementedError, AssertionError)
KEPT_LOGS = 20


def crash_text(error: BaseException) -> str:
    """What a developer needs: versions, kinds of exception and lines of code; no values, so no secrets."""
    lines = [
        f"OCHP Desktop {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
        f"{datetime.now().astimezone().isoformat(timespec='seconds')}",
        "",
    ]
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    for link in reversed(chain):
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"{frame.filename}:{frame.lineno} in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        said = f": {link}" if isinstance(link, _TELLING) else ""
        lines.extend((f"{type(link).__module__}.{type(link).__qualname__}{said}", ""))
    return "\n".join(lines)


def write_crash_log(data_dir: Path, error: BaseException) -> Path | None:
    """Write the log into `<data dir>/logs`; None when even that is impossible."""
    folder = data_dir / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("crash-*.txt"))[: -KEPT_LOGS + 1]:
            old.unlink()
        path = folder / f"crash-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}.txt"
        path.write_text(crash_text(error), encoding="utf-8")
    except OSError:
        return None
    return path
